"""Seconds → (step, fraction), and seconds → length."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.timeline import OTHER_SECONDS, SECONDS_BY_KIND, LengthTimeline, Timeline, ease
from widgets.view_data import TimelineStep

kinds = st.sampled_from([*SECONDS_BY_KIND, "unheard of"])
timelines = st.lists(st.tuples(st.text(min_size=1, max_size=8), kinds), min_size=1, max_size=9).map(Timeline.of)


@given(timelines, st.floats(-5, 60))
def test_a_moment_is_found_by_looking_at_every_step(timeline, seconds):
    time = min(max(seconds, 0.0), timeline.duration)
    moment = timeline.at(seconds)
    holding = [i for i, step in enumerate(timeline.steps) if step.start_seconds <= time]
    assert moment.step == holding[-1]
    step = timeline.steps[moment.step]
    assert step.start_seconds + moment.fraction * (step.stop_seconds - step.start_seconds) == pytest.approx(time)
    assert 0.0 <= moment.fraction <= 1.0
    assert moment.eased == ease(moment.fraction)


@given(timelines)
def test_boundaries_begin_steps_and_the_end_ends_the_last(timeline):
    assert timeline.boundaries[0] == 0.0
    assert all(a < b for a, b in pairwise(timeline.boundaries))
    for index, start in enumerate(timeline.boundaries[:-1]):
        assert (timeline.at(start).step, timeline.at(start).fraction) == (index, 0.0)
    end = timeline.at(timeline.duration)
    assert (end.step, end.fraction, end.eased) == (len(timeline.steps) - 1, 1.0, 1.0)


@given(st.floats(-1, 2), st.floats(-1, 2))
def test_easing_never_goes_back(a, b):
    assert ease(min(a, b)) <= ease(max(a, b))
    assert 0.0 <= ease(a) <= 1.0


def test_easing_rests_at_both_ends():
    assert ease(0.0) == 0.0
    assert ease(0.001) < 1e-6
    assert ease(0.85) == ease(1.0) == 1.0


def test_steps_last_as_long_as_their_kind():
    timeline = Timeline.of([("hash", "groups"), ("wonder", "unheard of")])
    assert timeline.steps[0] == TimelineStep("hash", 0.0, SECONDS_BY_KIND["groups"])
    assert timeline.duration == pytest.approx(SECONDS_BY_KIND["groups"] + OTHER_SECONDS)


@pytest.mark.parametrize(
    "steps",
    [
        (),
        (TimelineStep("late", 1.0, 2.0),),
        (TimelineStep("empty", 0.0, 0.0),),
        (TimelineStep("a", 0.0, 1.0), TimelineStep("gap", 1.5, 2.0)),
    ],
)
def test_gaps_and_empty_timelines_are_refused(steps):
    with pytest.raises(ValueError, match="step"):
        Timeline(steps)


lengths = st.tuples(st.integers(1, 5000), st.integers(1, 10**6)).map(lambda p: LengthTimeline(p[0], p[0] + p[1], 10.0))


@given(lengths, st.floats(-1, 11), st.floats(-1, 11))
def test_length_only_grows_and_stays_inside(timeline, a, b):
    early, late = timeline.length_at(min(a, b)), timeline.length_at(max(a, b))
    assert timeline.n_min <= early <= late <= timeline.n_max
    assert timeline.length_at(0.0) == timeline.n_min
    assert timeline.length_at(10.0) == timeline.n_max


@given(st.integers(8, 1_048_576))
def test_length_and_seconds_are_inverse(n):
    timeline = LengthTimeline(8, 1_048_576)
    assert timeline.length_at(timeline.seconds_of(n)) == n


def test_length_takes_equal_time_for_each_doubling():
    timeline = LengthTimeline(8, 1_048_576, 17.0)
    assert [step.name for step in timeline.steps][:4] == ["8", "16", "32", "64"]
    assert len(timeline.steps) == 17
    assert all(b - a == pytest.approx(1.0) for a, b in pairwise(timeline.boundaries))
    assert timeline.length_at(1.0) == 16


@pytest.mark.parametrize("bounds", [(0, 8, 1.0), (8, 8, 1.0), (8, 16, 0.0)])
def test_impossible_growth_is_refused(bounds):
    with pytest.raises(ValueError, match="expected"):
        LengthTimeline(*bounds)


@given(timelines)
def test_the_end_of_a_step_is_that_step_done(timeline):
    for index in range(len(timeline.steps)):
        assert timeline.end_of(index) == timeline.at(timeline.duration) or index < len(timeline.steps) - 1
        assert (timeline.end_of(index).step, timeline.end_of(index).eased) == (index, 1.0)
