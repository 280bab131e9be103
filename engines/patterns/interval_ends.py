"""The ends of row intervals, one for every query, that never move back: listed, or stairs in closed form."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from engines.patterns.crossings import prefix_sums
from engines.patterns.pattern import Ints


class IntervalEnds(ABC):
    """``size`` ends."""

    size: int

    @abstractmethod
    def at(self, rows: Ints) -> Ints:
        """The ends of these queries."""

    @abstractmethod
    def below(self, keys: Ints) -> Ints:
        """How many ends lie below each of these keys: those of the first queries."""

    @abstractmethod
    def sums(self, rows: Ints) -> Ints:
        """For each of these queries the sum of the ends of all queries before it."""

    def total(self) -> int:
        return int(self.sums(np.array([self.size]))[0])

    def all(self) -> Ints:
        return self.at(np.arange(self.size))


@dataclass(frozen=True, eq=False)
class ListedEnds(IntervalEnds):
    """Ends that are told one by one; ValueError where one moves back."""

    ends: Ints

    def __post_init__(self) -> None:
        if not (self.ends[1:] >= self.ends[:-1]).all():
            raise ValueError("expected ends of intervals that never move back")

    @property
    def size(self) -> int:  # type: ignore[override]
        return len(self.ends)

    def at(self, rows: Ints) -> Ints:
        return self.ends[rows]

    def below(self, keys: Ints) -> Ints:
        return np.searchsorted(self.ends, keys)

    def sums(self, rows: Ints) -> Ints:
        return self._sums[rows]

    @cached_property
    def _sums(self) -> Ints:
        return prefix_sums(self.ends)


@dataclass(frozen=True, eq=False)
class StairEnds(IntervalEnds):
    """The end of query i is ⌊(i + ``offset``) / ``step``⌋ · ``step`` + ``shift``, but within ``low`` … ``high``.

    Segments and blocks begin and end so. Nothing is listed: a text of 65,536 tokens takes no longer than a short one.
    """

    size: int
    step: int
    shift: int
    low: int
    high: int
    offset: int = 0

    def at(self, rows: Ints) -> Ints:
        ends = (rows + self.offset) // self.step * self.step + self.shift
        return np.minimum(np.maximum(ends, self.low), self.high)

    def below(self, keys: Ints) -> Ints:
        steps = -((self.shift - keys) // self.step)  # the first whose ends are not below the key
        rows = np.minimum(np.maximum(steps * self.step - self.offset, 0), self.size)
        return np.where(keys > self.high, self.size, np.where(keys > self.low, rows, 0))

    def sums(self, rows: Ints) -> Ints:
        first, last = self._free
        free = np.minimum(np.maximum(rows, first), last)
        climbed = self._climbed(free) - self._climbed(np.array(first))
        return self.low * np.minimum(rows, first) + climbed + self.high * np.maximum(rows - last, 0)

    @cached_property
    def _free(self) -> tuple[int, int]:
        """The queries between which the stairs are neither at ``low`` nor at ``high``."""
        first, last = (-((self.shift - end) // self.step) * self.step - self.offset for end in (self.low, self.high))
        first = min(max(first, 0), self.size)
        return first, min(max(last, first), self.size)

    def _climbed(self, rows: Ints) -> Ints:
        """Σ over the queries before each row of its end, as if there were neither ``low`` nor ``high``."""
        steps, rest = np.divmod(rows + self.offset, self.step)
        stairs = self.step * (self.step * steps * (steps - 1) // 2 + rest * steps)
        return stairs + self.shift * rows  # less a number that is the same for all rows
