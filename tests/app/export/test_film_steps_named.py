"""The line below a film's frames: which step each of them shows, in both languages, as it was painted."""

import numpy as np
import pytest
from PySide6.QtCore import QRectF

from app.export.film import LINE, MARGIN, Frames, paint_frame, planned
from app.export.film_of_panes import film_of_stories
from app.export.films_without_window import film_of_steps
from app.language import CHINESE, ENGLISH, use
from app.run_state import kind_of
from app.timeline import OTHER_SECONDS, SECONDS_BY_KIND
from tests.app.export.films import DARK, REFORMER, SMALL, pane_of, pixels, steps_film
from tests.app.export.text_recorder import texts_of
from tests.app.runs import SETTINGS, run_of
from widgets.given_words import said

PAGE = QRectF(0, 0, 640, 480)
FOOT = int((MARGIN + LINE) * SMALL.scale)  # rows of a frame that hold its last line


@pytest.fixture(params=[ENGLISH, CHINESE])
def spoken(request, qapp):
    use(request.param)
    yield request.param
    use(ENGLISH)


def words_at(film, seconds):
    """What is painted at a time."""
    figure = film.at(seconds)[1]
    return "".join(texts_of(lambda painter: paint_frame(figure, painter, PAGE), PAGE))


def step_at(steps, seconds):
    """Place and name of the step that is played then, by adding up how long each lasts."""
    ends = np.cumsum([SECONDS_BY_KIND.get(kind_of(step.data), OTHER_SECONDS) for step in steps])
    place = min(int((ends - 1e-9 <= seconds).sum()), len(steps) - 1)
    return place, steps[place].name


def caption(place, count, name, spoken):
    if spoken == ENGLISH:
        return f"step {place + 1} of {count}: {name}"
    return f"第 {place + 1} 步，共 {count} 步：{said(name)}"


@pytest.mark.parametrize(("variant", "view"), [("reformer", "buckets"), ("longformer", "pattern"), ("full", "pattern")])
def test_every_frame_says_the_step_that_it_shows(spoken, tmp_path, variant, view):
    film, steps = steps_film(view, variant), run_of(variant, **SETTINGS.get(variant, {})).steps
    plan = planned(film, tmp_path / "film.mp4", SMALL)
    named = []
    for index in range(plan.frames):
        seconds = plan.seconds_at(index, film)
        place, name = step_at(steps, seconds)
        assert caption(place, len(steps), name, spoken) in words_at(film, seconds), seconds
        named.append(place)
    assert set(named) == set(range(len(steps))), "every step is seen"
    assert named == sorted(named)
    if spoken == CHINESE:
        assert {step.name for step in steps if said(step.name) == step.name} <= {"softmax"}


def test_the_line_changes_with_the_step_and_at_no_other_frame(tmp_path, qapp):
    film, steps = steps_film(), run_of("reformer", **REFORMER).steps
    plan = planned(film, tmp_path / "film.mp4", SMALL)
    frames, before = Frames(film, plan, SMALL), None
    for index in range(plan.frames):
        place = step_at(steps, plan.seconds_at(index, film))[0]
        line = pixels(frames.frame(index))[-FOOT:]
        assert np.ptp(line.astype(int).max(axis=2)) > 60, "words are seen"
        if before is not None:
            assert np.array_equal(line, before[1]) == (place == before[0])
        before = (place, line)


def test_each_of_several_panes_says_its_own_step(spoken, qapp):
    """One leads, and the other is at the same share of its own story."""
    runs = [run_of("reformer", **REFORMER), run_of("full")]
    panes = [pane_of("reformer", "buckets", **REFORMER), pane_of("full", "pattern")]
    films = [film_of_steps(run, pane, DARK) for run, pane in zip(runs, panes, strict=True)]
    film = film_of_stories(lambda place, pane, leads: films[place], panes, DARK)
    for share in np.linspace(0.01, 0.99, 9):
        told = words_at(film, share * film.stop)
        for letter, run, own in zip("ab", runs, films, strict=True):
            place, name = step_at(run.steps, share * own.whole)
            assert f"({letter}) {caption(place, len(run.steps), name, spoken)}" in told


def test_a_film_of_some_steps_counts_them_among_all(spoken, qapp):
    film, steps = steps_film(first="sort", last="chunk"), run_of("reformer", **REFORMER).steps
    names = [step.name for step in steps]
    begin, end = names.index("sort"), names.index("chunk")
    assert caption(begin, len(names), "sort", spoken) in words_at(film, film.start)
    assert caption(end, len(names), "chunk", spoken) in words_at(film, film.stop), "the very end is still this step’s"
