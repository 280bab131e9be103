"""The film of a window, against that window with its playhead at the same moments."""

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtGui import QImage

from app import presenters
from app.export.film import FilmOptions, Frames, planned, write_film
from app.export.film_of_window import film_of_view
from app.session import Pane, Text
from engines.problems import Problem
from engines.tokens import Pieces
from tests.app.export.films import on_screen, paint_onto, pixels
from tests.app.runs import WORDS, known_of, model, run_of

SMALL = FilmOptions(size=(320, 240), fps=5, seconds=2)


@pytest.fixture
def shown(window, controller):
    """The window with a finished run in it."""

    def show(variant, view, locked=20, **settings):
        run = run_of(variant, **settings)
        pane = Pane(
            variant,
            {variant: settings},
            text=Text("typed", WORDS),
            length=40,
            layer=1,
            head=2,
            seed=3,
            view=view,
            locked=locked,
        )
        controller.change(pane)
        active = controller.active
        active.timer.stop()
        active.model, active.run = model(), known_of(run)
        active.tokens = presenters.token_texts(active.run, active.model)
        active.take_trace()
        controller.playing.show_timeline()
        return window

    return show


@pytest.mark.parametrize(
    ("variant", "view", "settings"),
    [
        ("longformer", "pattern", {}),
        ("reformer", "pattern", {"chunk_length": 8}),
        ("linear-transformer", "state", {}),
        ("transformer-xl", "segments", {"segment": 8, "memory": 8}),
    ],
)
def test_frames_are_the_windows_pictures_at_the_same_moments(shown, controller, variant, view, settings):
    window = shown(variant, view, **settings)
    widget = controller.centre.widget()
    film = film_of_view(controller)
    for share in np.linspace(0, 1, 7):
        controller.playback.seek_share(share)
        assert controller.playback.state.seconds == pytest.approx(share * film.stop)
        size = widget.width(), widget.height()
        canvas = QImage(*size, QImage.Format.Format_RGB32)
        canvas.fill(0)
        paint_onto(film.at(controller.playback.state.seconds)[1].view, canvas)
        window.setFocus()
        assert np.array_equal(on_screen(widget, size), pixels(canvas))


def test_the_windows_film_is_written(shown, controller, tmp_path):
    shown("longformer", "pattern")
    path = write_film(film_of_view(controller, first="window", last="global"), tmp_path / "film.mp4", SMALL)
    assert path.stat().st_size > 1000


def test_growing_length_is_that_of_the_windows_own_timeline(shown, controller):
    shown("longformer", "pattern")
    film = film_of_view(controller, "length")
    assert film.lengths == controller.playing.lengths
    assert film.lengths == replace(film.lengths, n_min=8, n_max=65_536)


def test_before_the_run_is_there_nothing_can_be_filmed(controller):
    with pytest.raises(Problem) as refused:
        film_of_view(controller)
    assert refused.value.code == "film_needs_a_run"


def test_what_has_to_be_run_at_each_length_is_left_to_the_command(shown, controller):
    shown("reformer", "pattern", chunk_length=8)
    with pytest.raises(Problem) as refused:
        film_of_view(controller, "length")
    assert refused.value.code == "film_needs_runs"
    with pytest.raises(Problem):
        film_of_view(controller, "length", "many")


def test_a_coarse_picture_on_the_screen_is_filmed_pair_by_pair(shown, controller, tmp_path):
    shown("reformer", "pattern", chunk_length=8)
    exact = controller.centre.pattern
    frames = []
    for pattern in (exact, replace(exact, pyramid=exact.build_pyramid(8))):
        controller.centre.pattern = pattern
        film = film_of_view(controller)
        painter = Frames(film, planned(film, tmp_path / "film.mp4", SMALL), SMALL)
        frames.append([pixels(painter.frame(index)) for index in range(10)])
    assert np.array_equal(*frames)
    assert isinstance(controller.tokens, Pieces)
