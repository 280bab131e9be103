"""Pure time: seconds → (step, fraction), or seconds → length. Screen and video both sample it.

A boundary belongs to the step that begins there; that step at fraction 0 looks like the one before at fraction 1, so a
picture never jumps. Only the very end belongs to the last step, at fraction 1.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from widgets.quantities import length_text
from widgets.view_data import TimelineStep

SECONDS_BY_KIND: Mapping[str, float] = MappingProxyType(
    {
        "matrix": 1.2,
        "groups": 1.8,
        "order": 3.0,
        "blocks": 1.6,
        "pairs": 2.4,
        "pair values": 2.4,
        "segments": 2.4,
        "state": 3.0,
        "curve": 1.6,
        "scatter": 1.6,
    }
)
"""How long a step of each kind takes to be seen; what moves more takes longer."""

OTHER_SECONDS = 1.6
MOVING_SHARE = 0.85  # the rest of a step stands still, so that its end can be seen


@dataclass(frozen=True)
class Moment:
    """A point of the story: ``fraction`` is the plain share of the step's time, ``eased`` what a picture moves by."""

    step: int
    fraction: float
    eased: float


def ease(fraction: float) -> float:
    """0…1 → 0…1 with rest at both ends (6t⁵ − 15t⁴ + 10t³), done after ``MOVING_SHARE`` of the time; monotone."""
    t = min(max(fraction / MOVING_SHARE, 0.0), 1.0)
    return min(max(t * t * t * (t * (6.0 * t - 15.0) + 10.0), 0.0), 1.0)


@dataclass(frozen=True)
class Timeline:
    """Named steps that follow each other without gaps, from 0 seconds on.

    Raises ValueError where steps are missing, overlap, leave a gap or last no time.
    """

    steps: tuple[TimelineStep, ...]

    def __post_init__(self) -> None:
        if not self.steps:
            raise ValueError("a timeline needs at least one step")
        expected = 0.0
        for step in self.steps:
            if step.start_seconds != expected or step.stop_seconds <= step.start_seconds:
                raise ValueError(f"step “{step.name}” should start at {expected} and last longer than 0: got {step}")
            expected = step.stop_seconds

    @classmethod
    def of(
        cls, names_and_kinds: Iterable[tuple[str, str]], seconds_by_kind: Mapping[str, float] = SECONDS_BY_KIND
    ) -> Timeline:
        """One step per (name, kind of data), each as long as its kind takes."""
        steps: list[TimelineStep] = []
        start = 0.0
        for name, kind in names_and_kinds:
            stop = start + seconds_by_kind.get(kind, OTHER_SECONDS)
            steps.append(TimelineStep(name, start, stop))
            start = stop
        return cls(tuple(steps))

    @property
    def duration(self) -> float:
        """Seconds from beginning to end."""
        return self.steps[-1].stop_seconds

    @property
    def boundaries(self) -> tuple[float, ...]:
        """Start of every step, then the end: ascending seconds."""
        return (*(step.start_seconds for step in self.steps), self.duration)

    def at(self, seconds: float) -> Moment:
        """The step and fraction at a time; times outside are taken to the nearer end."""
        time = min(max(seconds, 0.0), self.duration)
        index = min(bisect_right(self.boundaries, time) - 1, len(self.steps) - 1)
        step = self.steps[index]
        fraction = min((time - step.start_seconds) / (step.stop_seconds - step.start_seconds), 1.0)
        return Moment(index, fraction, ease(fraction))

    def end_of(self, step: int) -> Moment:
        """A step when it is done; ``at`` gives that time to the step that begins there."""
        return Moment(step, 1.0, 1.0)


@dataclass(frozen=True)
class LengthTimeline:
    """Growing length: every second multiplies n by the same factor, from ``n_min`` to ``n_max`` tokens."""

    n_min: int
    n_max: int
    duration: float = 17.0

    def __post_init__(self) -> None:
        if not 1 <= self.n_min < self.n_max:
            raise ValueError(f"expected 1 ≤ n_min < n_max, got {self.n_min} and {self.n_max}")
        if not self.duration > 0:
            raise ValueError(f"expected a duration above 0 seconds, got {self.duration}")

    def length_at(self, seconds: float) -> int:
        """Number of tokens at a time; times outside are taken to the nearer end."""
        share = min(max(seconds / self.duration, 0.0), 1.0)
        n = round(self.n_min * (self.n_max / self.n_min) ** share)
        return min(max(n, self.n_min), self.n_max)

    def seconds_of(self, n: int) -> float:
        """When the length is reached; lengths outside are taken to the nearer end."""
        inside = min(max(n, self.n_min), self.n_max)
        return self.duration * math.log(inside / self.n_min) / math.log(self.n_max / self.n_min)

    @property
    def steps(self) -> tuple[TimelineStep, ...]:
        """One step per doubling, named by the length at its start, for the track's ticks."""
        lengths = [self.n_min]
        while lengths[-1] * 2 < self.n_max:
            lengths.append(lengths[-1] * 2)
        starts = [self.seconds_of(n) for n in lengths] + [self.duration]
        return tuple(
            TimelineStep(length_text(n), start, stop)
            for n, start, stop in zip(lengths, starts, starts[1:], strict=False)
        )

    @property
    def boundaries(self) -> tuple[float, ...]:
        """Start of every doubling, then the end: ascending seconds."""
        return (*(step.start_seconds for step in self.steps), self.duration)
