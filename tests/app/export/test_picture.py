"""What the window exports is what it shows: the picture that the command line draws from the same run."""

import pytest
from PySide6.QtCore import QRectF

from app import presenters
from app.export.headless import figure_of
from app.export.look import Look
from app.export.picture import figure_of_view
from app.export.still import page_of
from app.session import Pane, Text
from engines.headless import study_answer
from engines.problems import Problem
from tests.app.export.text_recorder import words_of
from tests.app.runs import WORDS, known_of, model, run_of
from widgets.view_data import Theme

LOOK = Look(width=84 / 25.4)
SETTINGS = {"reformer": {"chunk_length": 8, "rounds": 2}, "transformer-xl": {"segment": 8, "memory": 8}}


def shown(controller, variant, view, **more):
    """The window as it is once a run of the variant is there; no engine is needed for that."""
    settings = SETTINGS.get(variant, {})
    run = run_of(variant, 40, **settings)
    pane = Pane(
        variant, {variant: settings}, Text("typed", WORDS), 40, layer=1, head=2, seed=3, view=view, locked=33, **more
    )
    controller.change(pane)
    active = controller.active
    active.timer.stop()
    active.model, active.run = model(), known_of(run)
    active.tokens = presenters.token_texts(active.run, active.model)
    active.take_trace()
    controller.playing.show_timeline()
    return run, pane


def words(figure):
    return words_of(figure, QRectF(0, 0, *page_of(LOOK, figure).size))


@pytest.mark.parametrize(
    ("variant", "view"),
    [
        ("longformer", "pattern"),
        ("reformer", "buckets"),
        ("transformer-xl", "segments"),
        ("sparse-transformer", "fold"),
        ("linear-transformer", "state"),
    ],
)
def test_the_window_s_figure_is_the_command_line_s(controller, variant, view):
    run, pane = shown(controller, variant, view)
    assert words(figure_of_view(controller, LOOK)) == words(figure_of(run, pane, LOOK))


def test_a_study_s_answer_is_exported_whole_or_a_panel_of_it(controller):
    run, pane = shown(controller, "longformer", "key-mass")
    controller.centre.study.panels = study_answer(run, "key-mass", 2, 33)
    assert words(figure_of_view(controller, LOOK)) == words(figure_of(run, pane, LOOK))
    one = Look(width=84 / 25.4, panel=2)
    assert "needs" in words(figure_of_view(controller, one))
    assert "softmax" not in words(figure_of_view(controller, one))


def test_nothing_asks_for_a_click_in_a_file(controller):
    shown(controller, "reformer", "buckets")
    controller.set(locked=-1)
    told = words(figure_of_view(controller, LOOK))
    assert "Click" not in told
    assert "chunks of 8 make the work even" in told


def test_the_window_s_theme_stays_in_the_window(controller):
    shown(controller, "reformer", "buckets")
    figure = figure_of_view(controller, LOOK)
    assert isinstance(figure.theme, Theme)
    assert (controller.theme.name, figure.theme.name) == ("dark", "print")
    assert figure.theme.background == "#ffffff"


def test_a_picture_of_an_earlier_run_is_not_exported(controller):
    shown(controller, "reformer", "buckets")
    controller.set(seed=4)
    with pytest.raises(Problem, match="still being computed"):
        figure_of_view(controller, LOOK)
