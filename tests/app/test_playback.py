"""The animation timer, driven by a clock that the test moves."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.playback import Playback, PlaybackState, advanced, standing, stepped


class Clock:
    def __init__(self):
        self.now = 100.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def playback(qtbot, clock):
    made = Playback(clock)
    made.set_boundaries((0.0, 1.0, 3.0, 4.0))
    made.seen = []
    made.changed.connect(made.seen.append)
    return made


def after(playback, clock, seconds):
    clock.now += seconds
    playback.tick()
    return playback.state.seconds


def test_plays_pauses_and_goes_on(playback, clock):
    playback.play()
    assert after(playback, clock, 0.5) == pytest.approx(0.5)
    clock.now += 0.25
    playback.toggle()
    assert not playback.state.playing
    assert playback.state.seconds == pytest.approx(0.75)
    assert after(playback, clock, 5.0) == pytest.approx(0.75)
    playback.toggle()
    assert after(playback, clock, 0.25) == pytest.approx(1.0)


def test_stops_at_the_end_and_starts_again_from_the_beginning(playback, clock):
    playback.play()
    assert after(playback, clock, 9.0) == 4.0
    assert not playback.state.playing
    playback.play()
    assert playback.state.playing
    assert playback.state.seconds == 0.0


def test_loops(playback, clock):
    playback.set_loop(True)
    playback.play()
    assert after(playback, clock, 4.5) == pytest.approx(0.5)
    assert playback.state.playing


def test_speed_counts_from_the_moment_it_is_set(playback, clock):
    playback.play()
    clock.now += 1.0
    playback.set_speed(2.0)
    assert after(playback, clock, 1.0) == pytest.approx(3.0)


@pytest.mark.parametrize(("asked", "got"), [(0.01, 0.25), (9.0, 4.0), (0.5, 0.5)])
def test_speed_is_held(playback, asked, got):
    playback.set_speed(asked)
    assert playback.state.speed == got


def test_steps_stop_at_boundaries_and_pause(playback):
    playback.play()
    playback.seek(1.5)
    playback.step(1)
    assert playback.state == PlaybackState(3.0, (0.0, 1.0, 3.0, 4.0), False, 1.0, False)
    playback.step(-1)
    assert playback.state.seconds == 1.0
    playback.seek(1.5)
    playback.step(-1)
    assert playback.state.seconds == 1.0
    playback.step(9)
    assert playback.state.seconds == 4.0
    playback.step(-9)
    assert playback.state.seconds == 0.0


def test_seeks_home_and_end(playback):
    playback.seek_share(0.5)
    assert playback.state.seconds == 2.0
    playback.seek(99.0)
    assert playback.state.seconds == 4.0
    playback.home()
    assert playback.state.seconds == 0.0
    playback.play()
    playback.end()
    assert (playback.state.seconds, playback.state.playing) == (4.0, False)


def test_says_each_change_once(playback, clock):
    playback.seek(0.0)
    playback.pause()
    assert playback.seen == []
    playback.play()
    playback.play()
    playback.tick()
    assert [state.playing for state in playback.seen] == [True]
    after(playback, clock, 0.5)
    assert len(playback.seen) == 2


def test_stepwise_the_playhead_jumps_when_a_step_has_had_its_time(playback, clock):
    playback.set_stepwise(True)
    playback.play()
    playback.seen.clear()
    places = [after(playback, clock, 0.25) for _ in range(17)]
    assert places == [0.0] * 3 + [1.0] * 8 + [3.0] * 4 + [4.0] * 2
    assert [state.seconds for state in playback.seen] == [1.0, 3.0, 4.0]
    assert not playback.state.playing


def test_stepwise_from_inside_a_step_waits_for_its_rest_and_loops(playback, clock):
    playback.set_stepwise(True)
    playback.set_loop(True)
    playback.seek(2.5)
    playback.play()
    assert after(playback, clock, 0.25) == 2.5
    playback.set_speed(2.0)
    assert after(playback, clock, 0.25) == 3.0
    assert after(playback, clock, 0.5) == 0.0
    assert after(playback, clock, 0.5) == 1.0
    clock.now += 0.25
    playback.set_stepwise(False)
    assert after(playback, clock, 0.25) == pytest.approx(1.5)


def test_the_timer_runs_only_while_playing(qtbot, clock):
    playback = Playback(clock)
    playback.play()
    clock.now += 0.25
    with qtbot.waitSignal(playback.changed, timeout=2000) as signal:
        pass
    assert signal.args[0].seconds == pytest.approx(0.25)
    playback.pause()
    with qtbot.assertNotEmitted(playback.changed, wait=50):
        clock.now += 1.0


def test_another_timeline_starts_anew_or_keeps_its_share(playback):
    playback.seek(2.0)
    playback.set_boundaries((0.0, 10.0), keep_share=True)
    assert playback.state.seconds == 5.0
    playback.set_boundaries((0.0, 2.0))
    assert playback.state.seconds == 0.0
    with pytest.raises(ValueError, match="ascend"):
        playback.set_boundaries((0.0, 2.0, 2.0))


states = st.builds(
    PlaybackState,
    seconds=st.floats(0, 8),
    boundaries=st.just((0.0, 1.0, 2.5, 8.0)),
    playing=st.booleans(),
    speed=st.floats(0.25, 4.0),
    loop=st.booleans(),
)


@given(states, st.floats(0, 100))
def test_time_never_leaves_the_timeline(state, elapsed):
    later = advanced(state, elapsed)
    assert 0.0 <= later.seconds <= state.duration
    assert later.playing == state.playing or later.seconds == state.duration


@given(states, st.floats(0, 100))
def test_stepwise_it_stands_on_a_boundary_that_was_passed_or_where_it_was(state, elapsed):
    later = advanced(state, elapsed)
    there = standing(state, later)
    assert there.seconds in (*state.boundaries, state.seconds)
    assert there.seconds <= later.seconds
    assert not any(max(there.seconds, state.seconds) < b <= later.seconds for b in state.boundaries)
    assert replace(there, seconds=later.seconds) == later


@given(states, st.integers(-5, 5))
def test_a_step_is_so_many_boundaries_away(state, steps):
    there = stepped(state, steps)
    assert not there.playing
    if steps > 0:
        following = [b for b in state.boundaries if b > state.seconds] or [state.duration]
        assert there.seconds == following[min(steps, len(following)) - 1]
    if steps < 0:
        passed = [b for b in state.boundaries if b < state.seconds] or [0.0]
        assert there.seconds == passed[max(len(passed) + steps, 0)]
