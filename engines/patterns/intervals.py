"""Row intervals: query i keeps the keys start_i … stop_i − 1, where neither end ever moves back.

Blocks, segments and buckets in sorted order. Only rectangles that an end of an interval crosses are counted, from
prefix sums of the ends; all others are full or empty.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engines.patterns.crossings import Crossings, add_counts, prefix_sums
from engines.patterns.pattern import Bools, Floats, Grid, Ints, Piece
from engines.patterns.tiles import Tile, tiles_of_intervals


@dataclass(frozen=True, eq=False)
class Intervals(Piece):
    """``starts`` and ``stops`` [queries] never decrease, and start ≤ stop; ValueError otherwise."""

    name: str
    keys: int
    starts: Ints
    stops: Ints

    def __post_init__(self) -> None:
        rising = all(bool((ends[1:] >= ends[:-1]).all()) for ends in (self.starts, self.stops))
        if not rising or (self.starts > self.stops).any():
            raise ValueError("expected intervals whose ends never move back")

    def add_share(self, grid: Grid, shares: Floats) -> None:
        if not len(self.starts):
            return
        some = grid.heights > 0
        first = np.minimum(grid.row_edges[:-1], len(self.starts) - 1)
        last = np.maximum(grid.row_edges[1:] - 1, 0)
        column_starts, column_stops = grid.column_edges[:-1], grid.column_edges[1:]
        crossings = Crossings.of(
            touched=some * np.searchsorted(column_stops, self.starts[first], "right"),
            inside=some * np.searchsorted(column_starts, self.starts[last]),
            outside=some * np.searchsorted(column_stops, self.stops[first], "right"),
            untouched=some * np.searchsorted(column_starts, self.stops[last]),
        )
        crossings.fill(shares, grid)
        corners = crossings.corners()
        add_counts(shares, grid, corners, self._rows_below(grid, *corners[:2]))

    @cached_property
    def _sums(self) -> tuple[Ints, Ints]:
        return prefix_sums(self.starts), prefix_sums(self.stops)

    def _rows_below(self, grid: Grid, at_rows: Ints, at_columns: Ints) -> Ints:
        """Pairs of a row of rectangles left of a column edge: keys after each start, less keys after each stop."""
        total = np.zeros(len(at_rows), np.int64)
        edges = grid.column_edges[at_columns]
        for ends, sums, sign in ((self.starts, self._sums[0], 1), (self.stops, self._sums[1], -1)):
            turns = np.searchsorted(ends, grid.column_edges)[at_columns]
            upper, lower = (np.minimum(grid.row_edges[row], turns) for row in (at_rows + 1, at_rows))
            total += sign * (edges * (upper - lower) - sums[upper] + sums[lower])
        return total

    def kept(self, rows: Ints, columns: Ints) -> Bools:
        return (self.starts[rows, None] <= columns) & (columns < self.stops[rows, None])

    def count(self) -> int:
        return int(self.stops.sum(dtype=np.int64) - self.starts.sum(dtype=np.int64))

    def keys_of(self, query: int) -> Ints:
        return np.arange(self.starts[query], self.stops[query], dtype=np.int64)

    def queries_of(self, key: int) -> Ints:
        first = int(np.searchsorted(self.stops, key, "right"))
        return np.arange(first, max(first, int(np.searchsorted(self.starts, key, "right"))), dtype=np.int64)

    def readers(self, members: Bools) -> Bools:
        totals = prefix_sums(members.astype(np.int64))
        return totals[self.stops] > totals[self.starts]

    def reached(self, members: Bools) -> Bools:
        return in_any(self.starts[members], self.stops[members], self.keys)

    def tiles(self, rows: Ints, columns: range) -> Iterator[Tile]:
        return tiles_of_intervals(rows, self.starts[rows], self.stops[rows], np.arange(columns.start, columns.stop))


def in_any(starts: NDArray[Any], stops: NDArray[Any], size: int) -> Bools:
    """Which of 0 … size − 1 lie in any of the intervals start … stop − 1."""
    open_before = np.bincount(starts, minlength=size + 1) - np.bincount(stops, minlength=size + 1)
    return np.cumsum(open_before)[:size] > 0
