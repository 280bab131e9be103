"""Round values that tell an axis: few, evenly spaced where that reaches both of its ends. No Qt."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache

END = 0.3  # of an axis, at each end, within which a value is told
NICE, LESS_NICE = (1, 2, 5), (4, 8)


@lru_cache(maxsize=256)  # panes show the same part
def round_values(low: float, high: float, most: int, least_step: float = 0.0) -> tuple[float, tuple[int, ...]]:
    """A step, and which multiples of it, ascending, are told of an axis low…high: about ``most``, at most one more.

    Two at the least where the axis has two multiples of ``least_step``. Where no even spacing reaches both ends, the
    outermost round values are told, and none between.
    """
    span = high - low
    coarse = _at_least(max(span / max(1, most), least_step), NICE)
    finer = _at_least(max(coarse / 2.6, least_step), NICE)
    for step in (coarse, finer, _at_least(max(span / max(1, most), least_step), LESS_NICE)):
        inside = _multiples(low, high, step)
        if len(inside) <= most + 1 and reaches(inside, low / step, high / step):
            return step, tuple(inside)
    for parts in (10, 20, 100):
        step = _at_least(max(span / parts, least_step), NICE)
        inside = _multiples(low, high, step)
        if len(inside) > 1 and (reaches(inside, low / step, high / step) or step == least_step):
            break
    return step, tuple(inside[:: max(1, len(inside) - 1)])


def reaches(values: Sequence[float], low: float, high: float) -> bool:
    """Whether there are two, and both ends of low…high have one."""
    near = END * (high - low)
    return len(values) > 1 and values[0] - low <= near and high - values[-1] <= near


def nice_step(least: float) -> float:
    """The smallest of 1, 2, 5, 10, 20, … that is not below ``least``."""
    return max(1.0, _at_least(least, NICE))


def _at_least(least: float, factors: Sequence[int]) -> float:
    """The smallest of ``factors`` times a power of ten that is not below ``least``."""
    power = 10.0 ** math.floor(math.log10(least))
    return next(
        factor * scale for scale in (power, 10 * power) for factor in factors if factor * scale >= least * (1 - 1e-9)
    )


def _multiples(low: float, high: float, step: float) -> list[int]:
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return list(range(first, last + 1)) if last - first < 1_000 else [first, last]
