"""Row intervals: query i keeps the keys start_i … stop_i − 1, where neither end ever moves back.

Blocks, segments and buckets in sorted order. Only rectangles that an end of an interval crosses are counted, from
sums of the ends; all others are full or empty.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engines.patterns.crossings import Crossings, add_counts, prefix_sums
from engines.patterns.interval_ends import IntervalEnds, ListedEnds
from engines.patterns.pattern import Bools, Floats, Grid, Ints, Piece
from engines.patterns.tiles import Tile, tiles_of_intervals


@dataclass(frozen=True, eq=False)
class Intervals(Piece):
    """``starts`` and ``stops`` of every query; start ≤ stop, ValueError where listed ones are not.

    Arrays [queries] are taken for listed ends.
    """

    name: str
    keys: int
    starts: IntervalEnds
    stops: IntervalEnds

    def __post_init__(self) -> None:
        for name in ("starts", "stops"):
            if isinstance(ends := getattr(self, name), np.ndarray):
                object.__setattr__(self, name, ListedEnds(ends))
        starts, stops = self.starts, self.stops
        if isinstance(starts, ListedEnds) and isinstance(stops, ListedEnds) and (starts.ends > stops.ends).any():
            raise ValueError("expected intervals that stop at or after their start")

    def add_share(self, grid: Grid, shares: Floats) -> None:
        if not self.starts.size:
            return
        some = grid.heights > 0
        first = np.minimum(grid.row_edges[:-1], self.starts.size - 1)
        last = np.maximum(grid.row_edges[1:] - 1, 0)
        column_starts, column_stops = grid.column_edges[:-1], grid.column_edges[1:]
        crossings = Crossings.of(
            touched=some * np.searchsorted(column_stops, self.starts.at(first), "right"),
            inside=some * np.searchsorted(column_starts, self.starts.at(last)),
            outside=some * np.searchsorted(column_stops, self.stops.at(first), "right"),
            untouched=some * np.searchsorted(column_starts, self.stops.at(last)),
        )
        crossings.fill(shares, grid)
        corners = crossings.corners()
        add_counts(shares, grid, corners, self._rows_below(grid, *corners[:2]))

    def _rows_below(self, grid: Grid, at_rows: Ints, at_columns: Ints) -> Ints:
        """Pairs of a row of rectangles left of a column edge: keys after each start, less keys after each stop."""
        total = np.zeros(len(at_rows), np.int64)
        edges = grid.column_edges[at_columns]
        for ends, sign in ((self.starts, 1), (self.stops, -1)):
            turns = ends.below(grid.column_edges)
            row_sums, turn_sums = ends.sums(grid.row_edges), ends.sums(turns)[at_columns]
            turns = turns[at_columns]
            for row, side in ((at_rows + 1, sign), (at_rows, -sign)):
                last = np.minimum(grid.row_edges[row], turns)
                total += side * (edges * last - np.minimum(row_sums[row], turn_sums))  # sums never fall either
        return total

    def kept(self, rows: Ints, columns: Ints) -> Bools:
        return (self.starts.at(rows)[:, None] <= columns) & (columns < self.stops.at(rows)[:, None])

    def count(self) -> int:
        return self.stops.total() - self.starts.total()

    def keys_of(self, query: int) -> Ints:
        row = np.array([query])
        return np.arange(self.starts.at(row)[0], self.stops.at(row)[0], dtype=np.int64)

    def queries_of(self, key: int) -> Ints:
        after = np.array([key + 1])
        first = int(self.stops.below(after)[0])
        return np.arange(first, max(first, int(self.starts.below(after)[0])), dtype=np.int64)

    def readers(self, members: Bools) -> Bools:
        totals = prefix_sums(members.astype(np.int64))
        return totals[self.stops.all()] > totals[self.starts.all()]

    def reached(self, members: Bools) -> Bools:
        rows = np.flatnonzero(members)
        return in_any(self.starts.at(rows), self.stops.at(rows), self.keys)

    def tiles(self, rows: Ints, columns: range) -> Iterator[Tile]:
        return tiles_of_intervals(
            rows, self.starts.at(rows), self.stops.at(rows), np.arange(columns.start, columns.stop)
        )


def in_any(starts: NDArray[Any], stops: NDArray[Any], size: int) -> Bools:
    """Which of 0 … size − 1 lie in any of the intervals start … stop − 1."""
    open_before = np.bincount(starts, minlength=size + 1) - np.bincount(stops, minlength=size + 1)
    return np.cumsum(open_before)[:size] > 0
