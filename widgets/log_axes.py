"""The arithmetic of log–log axes: ranges, ticks, and where a value lands. No Qt."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

LENGTHS = (512, 524_288)  # shown while nothing else asks for more


@dataclass(frozen=True)
class LogAxis:
    """A logarithmic axis from ``low`` to ``high``, both positive."""

    low: float
    high: float

    def share(self, value: float) -> float:
        """Where ``value`` lies: 0 at ``low``, 1 at ``high``; outside that where it is outside."""
        return math.log(value / self.low) / math.log(self.high / self.low)


def length_axis(lengths: Sequence[int]) -> LogAxis:
    """From the power of two below the shortest to the one above the longest, and at least ``LENGTHS``."""
    low = min((*lengths, LENGTHS[0]))
    high = max((*lengths, LENGTHS[1]))
    return LogAxis(2.0 ** math.floor(math.log2(max(low, 1))), 2.0 ** math.ceil(math.log2(high)))


def length_ticks(axis: LogAxis) -> list[int]:
    """Powers of four times 512, as far as the axis reaches."""
    first = math.ceil(math.log2(axis.low))
    first += (first - 9) % 2  # 512 = 2⁹ is always one of them
    return [2**power for power in range(first, math.floor(math.log2(axis.high)) + 1, 2)]


def value_axis(values: Sequence[float]) -> LogAxis:
    """Whole decades around ``values``, at least one; a little air above, so that nothing touches the top."""
    positive = [value for value in values if value > 0]
    if not positive:
        return LogAxis(1e-3, 1.0)
    low = 10.0 ** math.floor(math.log10(min(positive)) + 1e-9)
    return LogAxis(low, max(max(positive) * 1.6, low * 10))


def decade_ticks(axis: LogAxis, most: float) -> list[float]:
    """Powers of ten within the axis, evenly thinned out: a ``most``-th of the axis apart at the least, but two of them.

    Where only one lies within, that one.
    """
    first, last = math.ceil(math.log10(axis.low) - 1e-9), math.floor(math.log10(axis.high) + 1e-9)
    stride = max(1, math.ceil(math.log10(axis.high / axis.low) / max(most, 1e-9) - 1e-9))
    return [10.0**power for power in range(first, last + 1, max(1, min(stride, last - first)))]
