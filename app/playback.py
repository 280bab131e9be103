"""The one animation timer. What plays is one frozen value, replaced whole; the clock is passed in, so no test waits."""

from __future__ import annotations

import time
from bisect import bisect_left, bisect_right
from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import pairwise

from PySide6.QtCore import QObject, Qt, QTimer, Signal

SLOWEST, FASTEST = 0.25, 4.0
FRAME_MILLISECONDS = 16


@dataclass(frozen=True)
class PlaybackState:
    """Where the playhead is. ``boundaries`` are the places a step stops at: ascending seconds, from 0 to the end."""

    seconds: float = 0.0
    boundaries: tuple[float, ...] = (0.0, 1.0)
    playing: bool = False
    speed: float = 1.0
    loop: bool = False

    @property
    def duration(self) -> float:
        """Seconds from beginning to end at speed 1."""
        return self.boundaries[-1]


def advanced(state: PlaybackState, elapsed: float) -> PlaybackState:
    """The state ``elapsed`` seconds of the clock later: looped round, or paused at the end."""
    if not state.playing or elapsed <= 0.0:
        return state
    seconds = state.seconds + elapsed * state.speed
    if seconds < state.duration:
        return replace(state, seconds=seconds)
    if state.loop:
        return replace(state, seconds=seconds % state.duration)
    return replace(state, seconds=state.duration, playing=False)


def stepped(state: PlaybackState, steps: int) -> PlaybackState:
    """Paused at the boundary so many before (−) or after (+) the playhead; the ends hold."""
    if steps == 0:
        return replace(state, playing=False)
    # From inside a step, one step back is its own beginning.
    first = bisect_right(state.boundaries, state.seconds) if steps > 0 else bisect_left(state.boundaries, state.seconds)
    index = first + (steps - 1 if steps > 0 else steps)
    index = min(max(index, 0), len(state.boundaries) - 1)
    return replace(state, seconds=state.boundaries[index], playing=False)


def standing(before: PlaybackState, later: PlaybackState) -> PlaybackState:
    """``later`` with the playhead on the last boundary passed since ``before``; where none was, still there."""
    boundary = later.boundaries[bisect_right(later.boundaries, later.seconds) - 1]
    looped = later.seconds < before.seconds
    return replace(later, seconds=boundary if looped else max(boundary, before.seconds))


class Playback(QObject):
    """Plays, pauses, steps, seeks. ``changed`` carries the new state, once per real change."""

    changed = Signal(object)

    def __init__(self, clock: Callable[[], float] = time.monotonic, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._clock = clock
        self._last_tick = 0.0
        self._state = PlaybackState()
        self._stepwise = False
        self._ahead = 0.0  # seconds that have been played beyond where the playhead stands
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(FRAME_MILLISECONDS)
        self._timer.timeout.connect(self.tick)

    @property
    def state(self) -> PlaybackState:
        """What is playing now."""
        return self._state

    def set_boundaries(self, boundaries: tuple[float, ...], keep_share: bool = False) -> None:
        """Another timeline: ascending seconds from 0 to the end. Starts at 0, or at the same share of the whole.

        Raises ValueError where they do not ascend from 0.
        """
        if len(boundaries) < 2 or boundaries[0] != 0.0 or any(b <= a for a, b in pairwise(boundaries)):
            raise ValueError(f"expected boundaries that ascend from 0, got {boundaries}")
        share = self._state.seconds / self._state.duration if keep_share else 0.0
        self._replace(replace(self._state, boundaries=boundaries, seconds=share * boundaries[-1]))

    def play(self) -> None:
        """From the playhead on; from the beginning where it is at the end."""
        if not self._state.playing:
            seconds = 0.0 if self._state.seconds >= self._state.duration else self._state.seconds
            self._last_tick = self._clock()
            self._replace(replace(self._state, playing=True, seconds=seconds))

    def pause(self) -> None:
        """Stops at the playhead, at this very moment of the clock."""
        self.tick()
        self._replace(replace(self._state, playing=False))

    def toggle(self) -> None:
        """Plays where it was paused, pauses where it played."""
        if self._state.playing:
            self.pause()
        else:
            self.play()

    def step(self, steps: int) -> None:
        """So many boundaries on (+) or back (−), and pauses there."""
        self._replace(stepped(self._state, steps))

    def seek(self, seconds: float) -> None:
        """Puts the playhead there (the nearer end where that is outside); playing goes on from there."""
        self._last_tick = self._clock()
        self._replace(replace(self._state, seconds=min(max(seconds, 0.0), self._state.duration)))

    def seek_share(self, share: float) -> None:
        """Puts the playhead at a share 0…1 of the whole."""
        self.seek(share * self._state.duration)

    def home(self) -> None:
        """To the beginning; playing goes on."""
        self.seek(0.0)

    def end(self) -> None:
        """To the end, and pauses there."""
        self._replace(replace(self._state, seconds=self._state.duration, playing=False))

    def set_speed(self, speed: float) -> None:
        """Clock seconds are multiplied by this, held within 0.25…4. What has passed already keeps the old speed."""
        self.tick()
        self._replace(replace(self._state, speed=min(max(speed, SLOWEST), FASTEST)), self._ahead)

    def set_loop(self, loop: bool) -> None:
        """Whether the end leads back to the beginning."""
        self._replace(replace(self._state, loop=loop), self._ahead)

    def set_stepwise(self, stepwise: bool) -> None:
        """Whether the playhead, while it plays, jumps from boundary to boundary when each one's time has come."""
        self.tick()
        self._stepwise, self._ahead = stepwise, 0.0

    def tick(self) -> None:
        """Moves the playhead on by what the clock has moved since the last tick."""
        now = self._clock()
        elapsed, self._last_tick = now - self._last_tick, now
        played = advanced(replace(self._state, seconds=self._state.seconds + self._ahead), elapsed)
        shown = standing(self._state, played) if self._stepwise else played
        self._replace(shown, played.seconds - shown.seconds)

    def _replace(self, state: PlaybackState, ahead: float = 0.0) -> None:
        self._ahead = ahead
        if state == self._state:
            return
        self._state = state
        if state.playing != self._timer.isActive():
            if state.playing:
                self._timer.start()
            else:
                self._timer.stop()
        self.changed.emit(state)
