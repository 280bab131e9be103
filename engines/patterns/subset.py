"""A set of positions among 0 … size − 1: a few members, or all but a few."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Subset:
    """The positions ``listed`` (ascending, no repeats) of 0 … size − 1, or all others if ``complement``."""

    size: int
    listed: Ints
    complement: bool

    @classmethod
    def everything(cls, size: int) -> Subset:
        return cls(size, np.empty(0, np.int64), True)

    @classmethod
    def of(cls, size: int, positions: Iterable[int]) -> Subset:
        """The given positions; those outside 0 … size − 1 are left out."""
        given = np.asarray(positions if isinstance(positions, np.ndarray | range) else list(positions), np.int64)
        if (given[1:] <= given[:-1]).any():
            given = np.unique(given)
        return cls(size, given[(given >= 0) & (given < size)], False)

    @property
    def others(self) -> Subset:
        return Subset(self.size, self.listed, not self.complement)

    @property
    def is_everything(self) -> bool:
        return self.complement and not len(self.listed)

    def below(self, positions: Ints) -> Ints:
        """How many members lie below each position."""
        inside = np.minimum(np.maximum(positions, 0), self.size)  # a third of what np.clip takes for a few hundred
        if self.is_everything:
            return inside
        listed = np.searchsorted(self.listed, inside)
        return inside - listed if self.complement else listed

    def has(self, positions: Ints) -> NDArray[np.bool_]:
        if not len(self.listed):
            return np.full(len(positions), self.complement)
        places = np.minimum(np.searchsorted(self.listed, positions), len(self.listed) - 1)
        return (self.listed[places] == positions) != self.complement

    def mask(self) -> NDArray[np.bool_]:
        mask = np.full(self.size, self.complement)
        mask[self.listed] = not self.complement
        return mask

    def every(self, step: int, start: int) -> Subset:
        """Members among start, start + step, start + 2·step …, renumbered 0, 1, 2 …"""
        size = max(0, -(-(self.size - start) // step))
        return Subset(size, self.listed[self.listed % step == start] // step, self.complement)
