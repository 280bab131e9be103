"""The pictures of a film: those of the window at the same moments, over the steps or lengths that were asked for."""

import os
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage, QPainter

from app import presenters
from app.centre import Centre
from app.export.film import FilmOptions, Frames, paint_frame, planned, write_film
from app.export.film_of_length import LengthFilm, rungs
from app.scene import Scene
from engines.problems import Problem
from tests.app.export.films import (
    DARK,
    SMALL,
    decoded,
    length_film,
    on_screen,
    paint_onto,
    painted,
    pane_of,
    pixels,
    steps_film,
)
from tests.app.runs import model
from widgets.bucket_view import BucketView
from widgets.pattern_view import PatternView

# The same pictures as the screen's ----------------------------------------------------------------------------------


class Window:
    """The widgets that a centre drives, without a shell around them."""

    def __init__(self):
        self.pattern_view, self.bucket_view = PatternView(), BucketView(DARK)
        self.pattern_view.set_theme(DARK)

    def view_widgets(self):
        return self.pattern_view, self.bucket_view


@dataclass
class NoEngine:
    asked: list = field(default_factory=list)

    def ask(self, request):
        self.asked.append(request)


@pytest.mark.parametrize(
    ("view", "variant"), [("pattern", "longformer"), ("pattern", "sparse-transformer"), ("pattern", "reformer")]
)
def test_patterns_in_a_film_are_those_of_the_window_at_the_same_moments(view, variant):
    film = steps_film(view, variant)
    scene: Scene = film._scene
    window = Window()
    centre = Centre(window, NoEngine())
    centre.view = view
    centre.pattern = scene.known.traced.pattern or presenters.pattern_of(scene.pane, scene.known, scene.model)
    centre.caption = presenters.pattern_caption(scene.pane, centre.pattern)
    window.pattern_view.set_locked(20)
    for seconds in np.linspace(0, film.timeline.duration, 9):
        moment = film.timeline.at(seconds)
        centre.show_moment(replace(scene, moment=moment, story=seconds / film.timeline.duration))
        canvas = QImage(500, 400, QImage.Format.Format_RGB32)
        paint_onto(film.at(seconds)[1].view, canvas)
        assert np.array_equal(on_screen(window.pattern_view, (500, 400)), pixels(canvas))


def test_buckets_in_a_film_are_those_of_the_window_at_the_same_moments():
    film = steps_film("buckets")
    scene = film._scene
    widget = BucketView(DARK)
    widget.set_data(presenters.buckets_data(scene.pane, scene.known, scene.known_tokens))
    widget.set_locked(20)
    for seconds in np.linspace(0, film.timeline.duration, 9):
        moment = film.timeline.at(seconds)
        widget.set_time(*presenters.bucket_stage(scene.known.steps, moment.step, moment.eased))
        film_view = film.at(seconds)[1].view
        assert film_view.playhead == widget.playhead
        both = [QImage(600, 460, QImage.Format.Format_RGB32) for _ in range(2)]
        for view, image in zip((film_view, widget), both, strict=True):
            paint_onto(view, image)
        assert np.array_equal(*map(pixels, both))


@pytest.mark.parametrize(
    ("view", "variant"),
    [("state", "linear-transformer"), ("segments", "transformer-xl"), ("fold", "sparse-transformer")],
)
def test_every_view_that_moves_can_be_filmed(tmp_path, view, variant):
    film, path = steps_film(view, variant), tmp_path / "film.apng"
    write_film(film, path, SMALL)
    shown = decoded(path)[0]
    assert (shown[0] != shown[-1]).any()
    for one, other in zip(shown, painted(film, path, SMALL), strict=True):
        assert np.array_equal(one, other)


def test_a_frame_that_looks_like_the_last_is_not_painted_again():
    """And the film is the same as if each were painted anew."""
    film, options = steps_film("pattern", "longformer"), replace(SMALL, seconds=4)
    plan = planned(film, Path("film.mp4"), options)
    one = Frames(film, plan, options)
    painted_keys = []
    for index in range(plan.frames):
        kept = pixels(one.frame(index))
        painted_keys.append(one._painted)
        assert np.array_equal(kept, pixels(Frames(film, plan, options).frame(index)))
    assert len(set(map(id, painted_keys))) < plan.frames


def test_nothing_but_the_story_moves():
    """Title, axes and words stay where they are through a whole film: only the plot changes, and the step's name."""
    film, options = steps_film("pattern", "full"), replace(SMALL, size=(640, 480), scale=1, seconds=2)
    asked = []

    class Asked:
        def paint_onto(self, painter, rect):
            asked.append(QRectF(rect))

    frames = painted(film, Path("film.mp4"), options)
    figure = film.at(0)[1]
    painter = QPainter(image := QImage(640, 480, QImage.Format.Format_RGB32))
    paint_frame(replace(figure, view=Asked()), painter, QRectF(image.rect()))
    painter.end()
    plot = figure.view.view._scene.laid_out(asked[0], 1.0).plot.toAlignedRect()
    still = np.ones((480, 640), bool)
    still[plot.top() : plot.bottom() + 1, plot.left() : plot.right() + 1] = False
    still[int(asked[0].bottom()) :] = False
    assert still.mean() > 0.4
    for frame in frames:
        assert np.array_equal(frame[still], frames[0][still])
    assert (frames[0] != frames[-1]).any()


def test_pictures_of_growing_length_stay_in_one_place():
    """The plot, its axes and the words below it lie where they lay, whatever the numbers on them are."""
    film = length_film("pattern", "longformer", 8, 4096)
    places = set()
    for seconds in np.linspace(0, film.stop, 12):
        view = film.at(seconds)[1].view.view
        layout = view._scene.laid_out(QRectF(0, 0, 900, 600), 1.0)
        places.add((layout.plot.getRect(), layout.below.getRect(), layout.gutter))
    assert len(places) == 1


# Ranges, sizes, times -----------------------------------------------------------------------------------------------


def test_a_range_of_steps_begins_and_ends_with_them():
    film = steps_film(first="hash", last="sort")
    steps = {step.name: step for step in film.timeline.steps}
    assert (film.start, film.stop) == (steps["hash"].start_seconds, steps["sort"].stop_seconds)
    assert "hash" in film.at(film.start)[1].caption
    assert "sort" in film.at(film.stop)[1].caption  # the very end belongs to it, done
    assert film.at(film.stop)[1].view.playhead.fraction == 1
    options = FilmOptions(fps=10, speed=2)
    assert planned(film, Path("f.mp4"), options).frames == round(10 * (film.stop - film.start) / 2)


@pytest.mark.parametrize(
    ("first", "last", "code"),
    [("sort", "hash", "film_backwards"), ("hish", "", "unknown_step"), ("", "hish", "unknown_step")],
)
def test_ranges_that_cannot_be_are_refused(first, last, code):
    with pytest.raises(Problem) as refused:
        steps_film(first=first, last=last)
    assert refused.value.code == code
    assert str(refused.value)


def test_a_view_that_does_not_move_is_refused():
    with pytest.raises(Problem) as refused:
        steps_film("weights", "longformer")
    assert refused.value.code == "view_does_not_move"
    with pytest.raises(Problem) as refused:
        steps_film("buckets", "longformer")
    assert refused.value.code == "view_not_there"


@pytest.mark.parametrize(
    "values",
    [{"size": (8, 100)}, {"size": (100, 9000)}, {"fps": 0}, {"speed": 0}, {"seconds": float("nan")}, {"seconds": -1}],
)
def test_options_that_cannot_be_are_refused(values):
    with pytest.raises(Problem) as refused:
        FilmOptions(**values)
    assert str(refused.value)


@pytest.mark.parametrize(("seconds", "code"), [(0.1, "film_too_short"), (1e6, "film_too_long")])
def test_films_of_no_length_or_without_end_are_refused(tmp_path, seconds, code):
    with pytest.raises(Problem) as refused:
        write_film(steps_film(), tmp_path / "film.mp4", replace(SMALL, seconds=seconds))
    assert refused.value.code == code
    assert os.listdir(tmp_path) == []


def test_another_extension_is_refused(tmp_path):
    with pytest.raises(Problem) as refused:
        write_film(steps_film(), tmp_path / "film.avi", SMALL)
    assert refused.value.code == "unknown_extension"


@pytest.mark.parametrize(("extension", "size"), [(".mp4", (162, 122)), (".webm", (162, 122)), (".gif", (161, 121))])
def test_odd_sizes_are_made_even_where_they_must_be_and_it_is_said(tmp_path, extension, size):
    path, options = tmp_path / f"film{extension}", replace(SMALL, size=(161, 121), seconds=0.5)
    plan = planned(steps_film(), path, options)
    assert plan.size == size
    assert bool(plan.notes) == (size != (161, 121))
    write_film(steps_film(), path, options)
    assert decoded(path)[0][0].shape == (size[1], size[0], 3)


def test_a_gif_is_held_to_what_players_show(tmp_path):
    plan = planned(steps_film(), tmp_path / "film.gif", replace(SMALL, fps=60))
    assert plan.fps == 50
    assert "50" in plan.notes[0]


# Growing length -----------------------------------------------------------------------------------------------------


def test_a_pattern_that_needs_no_data_follows_every_frame(tmp_path):
    runs = []
    film = length_film("pattern", "longformer", 8, 64, runs)
    options = replace(SMALL, seconds=2)
    path = write_film(film, tmp_path / "film.apng", options)
    plan = planned(film, path, options)
    lengths = [film.lengths.length_at(plan.seconds_at(index, film)) for index in range(plan.frames)]
    assert (lengths[0], lengths[-1]) == (8, 64)
    assert len(set(lengths)) > 15
    assert runs == []
    for index, length in enumerate(lengths):
        figure = film.at(plan.seconds_at(index, film))[1]
        assert figure.title.endswith(f"{length} tokens")
        pane = replace(film._scene.pane, length=length)
        pattern = presenters.pattern_of(pane, film._scene.known, model())
        widget = PatternView()
        widget.set_theme(DARK)
        caption = presenters.pattern_caption(pane, pattern)
        widget.set_data(presenters.pattern_data(pane, pattern, caption, film._scene.tokens, DARK))
        canvas = QImage(320, 300, QImage.Format.Format_RGB32)
        paint_onto(figure.view, canvas)
        assert np.array_equal(on_screen(widget, (320, 300)), pixels(canvas))


@pytest.mark.parametrize(
    ("view", "variant"), [("buckets", "reformer"), ("weights", "longformer"), ("pattern", "reformer")]
)
def test_what_depends_on_the_data_is_run_at_a_ladder_of_lengths_and_says_so(tmp_path, view, variant):
    runs = []
    film = length_film(view, variant, 8, 32, runs)
    path = write_film(film, tmp_path / "film.apng", SMALL)
    card = decoded(path)[2]
    assert card["run at"] == list(film.rungs) == [8, 10, 11, 13, 16, 19, 23, 27, 32]
    assert runs == sorted(set(runs))
    assert set(runs) <= set(film.rungs)
    assert runs[-1] == 32
    figure = film.at(film.lengths.seconds_of(17))[1]
    assert figure.title.endswith("16 tokens")  # what is named is what was run
    assert "9 lengths were run" in figure.caption


@pytest.mark.parametrize(("first", "last"), [(64, 64), (64, 8), (4, 64), (8, 2_000_000)])
def test_lengths_that_do_not_grow_or_cannot_be_are_refused(first, last):
    with pytest.raises(Problem) as refused:
        length_film("pattern", "longformer", first, last)
    assert refused.value.code in ("film_backwards", "bad_length")


def test_a_window_cannot_film_what_must_be_run():
    scene = Scene(0, pane_of("reformer", "pattern"), DARK, model())
    with pytest.raises(Problem) as refused:
        LengthFilm(scene, {}, 8, 64)
    assert "attnscope animate" in str(refused.value)


def test_a_ladder_has_both_ends_and_about_four_rungs_a_doubling():
    assert rungs(8, 9) == (8, 9)
    assert rungs(100, 1600)[::4] == (100, 200, 400, 800, 1600)
