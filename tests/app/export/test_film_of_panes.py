"""Films of several panes: each is the window's picture of it at the same moment, and all colours have one scale."""

import json

import numpy as np
import pytest
from PIL import Image
from PySide6.QtGui import QImage

import main
from app.export.film import FilmOptions, Frames, planned
from app.export.film_of_window import film_of_view
from app.export.films_without_window import film_of_length, film_of_steps_of_panes
from app.session import Session
from app.session_file import to_json
from engines.problems import Problem
from engines.weights import shipped_model
from tests.app.export.films import DARK, decoded, on_screen, paint_onto, pixels
from tests.app.export.shown import give_run, pane_with
from tests.app.runs import run_of
from widgets.bucket_view import BucketView
from widgets.pane_area import places

OPTIONS = FilmOptions(size=(960, 540), fps=10, seconds=1)
PANES = {"longformer": {"window": (8,)}, "reformer": {"chunk_length": 8}}


@pytest.fixture
def two(window, controller):
    """The window with two runs beside each other, the second being worked in."""

    def show(view):
        first, second = (pane_with(name, view, locked=20, **settings) for name, settings in PANES.items())
        controller.change(first)
        controller.add_pane(second)
        controller.activate(1)
        for made, (name, settings) in zip(controller.panes, PANES.items(), strict=True):
            give_run(made, name, **settings)
        controller.playing.show_timeline()
        return window

    return show


@pytest.mark.parametrize("view", ["pattern", "buckets"])
def test_every_pane_is_the_window_s_at_the_same_moment(two, controller, view):
    """Longformer has no buckets and shows its pattern, in the window and in the film."""
    window = two(view)
    film = film_of_view(controller, all_panes=True)
    assert film.stop == controller.timeline.duration, "the pane that is worked in leads"
    for share in np.linspace(0, 1, 6):
        controller.playback.seek_share(share)
        figure = film.at(share * film.stop)[1]
        window.setFocus()
        for made, panel in zip(controller.panes, figure.view.panels, strict=True):
            widget = made.centre.widget()
            if isinstance(panel.view, BucketView):  # on the screen it has buttons besides
                assert panel.view.playhead == widget.playhead
                continue
            size = 480, 400
            canvas = QImage(*size, QImage.Format.Format_RGB32)
            canvas.fill(0)
            paint_onto(panel.view, canvas)
            assert np.array_equal(on_screen(widget, size), pixels(canvas)), (share, made.pane.variant)


def test_the_frame_says_which_pane_is_which_and_where_each_stands(two, controller):
    two("pattern")
    film = film_of_view(controller, all_panes=True, first="hash", last="sort")
    assert film.start > 0
    figure = film.at(film.stop)[1]
    assert figure.title == "40 tokens · layer 2, head 3"
    assert [panel.title for panel in figure.view.panels] == ["Longformer", "Reformer"]
    assert figure.caption.startswith("(a) step ")
    assert "(b) step " in figure.caption
    assert figure.caption.endswith(": sort")
    assert [card["variant"] for card in film.card["panes"]] == list(PANES)


def test_one_pane_alone_is_its_own_film(two, controller):
    two("buckets")
    film = film_of_view(controller)
    assert film.card["variant"] == "reformer"


def test_a_view_that_moves_in_no_pane_is_refused(two, controller):
    two("weights")
    with pytest.raises(Problem) as refused:
        film_of_view(controller, all_panes=True)
    assert refused.value.code == "view_does_not_move"


def steps_film(*names, lead=0, view="pattern"):
    runs = [run_of(name, **PANES.get(name, {})) for name in names]
    panes = [pane_with(name, view, locked=20, **PANES.get(name, {})) for name in names]
    return film_of_steps_of_panes(runs, panes, DARK, lead)


def test_all_panes_lie_in_the_places_that_the_window_gives_them(qapp, tmp_path):
    """The frame of four is the four pictures, each where the window has its pane."""
    film = steps_film("longformer", "reformer", "full", "bigbird")
    frame = pixels(Frames(film, planned(film, tmp_path / "film.mp4", OPTIONS), OPTIONS).frame(5))
    painted = (frame != frame[2, 2]).any(axis=-1)
    scale = min(960 / 1280, 540 / 720)
    for place in places(4, round(960 / scale - 32), 500):
        left, right = (round(scale * (16 + edge)) for edge in (place.left(), place.right()))
        assert painted[60:480, left + 8 : right - 8].mean() > 0.1
        assert not painted[60:480, right + 2 : right + 4].any(), "nothing lies between them"


def test_patterns_grow_together(qapp):
    names = ("longformer", "full")
    runs, panes = [run_of(name) for name in names], [pane_with(name) for name in names]
    specs, models = [run.prepared.spec for run in runs], [shipped_model()] * 2
    film = film_of_length(specs, panes, DARK, models, None, 8, 4096)
    for seconds in (0, film.stop / 2, film.stop):
        figure = film.at(seconds)[1]
        length = film._films[0].lengths.length_at(seconds)
        assert figure.title == f"layer 2, head 3 · {length:,} tokens"
        assert [panel.view.view._scene.data.coverage.queries for panel in figure.view.panels] == [length] * 2
        assert figure.caption == ""
    assert film.card["panes"][1]["to"] == 4096


def test_weights_of_all_panes_have_one_scale_at_every_length(qapp):
    """Where one pane has to be run all are; a pane that has not the view shows its pattern."""
    names, ran = ("longformer", "full"), []
    runs, panes = [run_of(name) for name in names], [pane_with(name, "weights") for name in names]

    def run(spec):
        ran.append((spec.variant, spec.length))
        return run_of(spec.variant, spec.length)

    film = film_of_length([each.prepared.spec for each in runs], panes, DARK, [shipped_model()] * 2, run, 8, 32)
    for seconds in (0, film.stop):
        figure = film.at(seconds)[1]
        weights = [panel.view.view.weights for panel in figure.view.panels]
        strongest = max(float(np.nanmax(each.values)) for each in weights)
        assert [each.largest for each in weights] == [pytest.approx(strongest)] * 2
        assert figure.caption.endswith("each is shown until the next.")
    assert ran == [("longformer", 8), ("full", 8), ("longformer", 32), ("full", 32)]


FILM = ("--size", "480x270", "--fps", "10", "--seconds", "0.5", "--threads", "2")


def test_the_command_films_variants_beside_each_other(tmp_path, qapp, capsys):
    path = tmp_path / "film.apng"
    words = ("--variant", "longformer", "--set", "window=4", "--variant", "reformer", "--length", "32")
    assert main.main(["animate", *words, *FILM, "--out", str(path)]) == 0
    frames, _, card = decoded(path)
    assert [each["variant"] for each in card["panes"]] == ["longformer", "reformer"]
    halves = [[frame[60:220, half] for frame in frames] for half in (slice(0, 240), slice(240, 480))]
    for shown in halves:
        assert (shown[0] != shown[-1]).any(), "both move"
    assert (halves[0][-1] != halves[1][-1]).any()


def test_the_panes_of_a_session_are_filmed_or_one_of_them(tmp_path, qapp, capsys):
    talk, path = tmp_path / "talk.attnscope", tmp_path / "film.apng"
    panes = tuple(pane_with(name, "buckets", locked=20, **settings) for name, settings in PANES.items())
    talk.write_text(to_json(Session(panes, active=1)), encoding="utf-8")

    def card(*words):
        assert main.main(["animate", str(talk), *words, *FILM, "--force", "--out", str(path)]) == 0
        with Image.open(path) as image:
            return json.loads(image.text["Attnscope"])

    both = card("--to", "sort")["panes"]
    assert [(each["variant"], each["view"]) for each in both] == [("longformer", "pattern"), ("reformer", "buckets")]
    assert (both[0]["to"], both[1]["to"]) == ("output", "sort"), "the steps named are those of the pane that leads"
    assert card("--pane", "2")["variant"] == "reformer"
