"""Row intervals: query i keeps the keys start_i … stop_i − 1, where neither end ever moves back.

Blocks, segments and buckets in sorted order. Only rectangles that an end of an interval crosses are counted, from
prefix sums of the ends; all others are full or empty.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from engines.patterns.bands import prefix_sums, ragged
from engines.patterns.pattern import Bools, Floats, Grid, Ints, Piece


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

    def share(self, grid: Grid) -> Floats:
        shares = np.zeros(grid.shape, np.float32)
        full = grid.heights > 0
        if not full.any():
            return shares
        column_starts, column_stops = grid.column_edges[:-1], grid.column_edges[1:]
        first, last = grid.row_edges[:-1][full], grid.row_edges[1:][full] - 1
        touched = np.searchsorted(column_stops, self.starts[first], "right")
        untouched = np.maximum(np.searchsorted(column_starts, self.stops[last]), touched)
        inside = np.searchsorted(column_starts, self.starts[last])
        outside = np.searchsorted(column_stops, self.stops[first], "right")
        none = inside >= outside
        inside, outside = np.where(none, untouched, inside), np.where(none, untouched, outside)
        numbers = np.arange(grid.shape[1], dtype=np.int32)
        within = numbers >= inside.astype(np.int32)[:, None]
        within &= numbers < outside.astype(np.int32)[:, None]
        shares[full] = within & (grid.widths > 0)
        at_full, at_columns = ragged(
            np.concatenate([touched, outside]), np.concatenate([np.minimum(inside, untouched), untouched])
        )
        at_rows = np.flatnonzero(full)[at_full % len(first)]
        counts = self._counts(grid.row_edges, grid.column_edges, at_rows, at_columns)
        shares[at_rows, at_columns] = counts / np.maximum(grid.heights[at_rows] * grid.widths[at_columns], 1)
        return shares

    @cached_property
    def _sums(self) -> tuple[Ints, Ints]:
        return prefix_sums(self.starts), prefix_sums(self.stops)

    def _counts(self, row_edges: Ints, column_edges: Ints, at_rows: Ints, at_columns: Ints) -> Ints:
        """The number of pairs in the given rectangles: pairs after each start, less pairs after each stop."""
        total = np.zeros(len(at_rows), np.int64)
        for ends, sums, sign in ((self.starts, self._sums[0], 1), (self.stops, self._sums[1], -1)):
            turns = np.searchsorted(ends, column_edges)
            for down in (0, 1):
                for right in (0, 1):
                    rows = np.minimum(row_edges[at_rows + down], turns[at_columns + right])
                    corner = column_edges[at_columns + right] * rows - sums[rows]
                    total += sign * (1 if down == right else -1) * corner
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
