"""Bands: pairs whose distance key − query lies in a range, between a set of queries and a set of keys.

A causal triangle, a (dilated) window, a stride and the rows and columns of global tokens are all bands. Pairs in any
rectangle are counted in closed form from the rectangle's four corners, exactly; only rectangles that an edge of the
band crosses need that, about as many as rows + columns. A band of step d falls into d classes of positions mod d, each
of which is a plain band of step 1 between positions renumbered.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from engines.patterns.pattern import Bools, Floats, Grid, Ints, Piece, reciprocal
from engines.patterns.subset import Subset

CLASSES_AT_ONCE = 256


@dataclass(frozen=True, eq=False)
class Staircase:
    """The pairs of a query i in ``rows`` and a key j in ``columns`` with j < i + bound."""

    rows: Subset
    columns: Subset
    bound: int

    def corners(self, row_edges: Ints, column_edges: Ints, at_rows: Ints, at_columns: Ints) -> Ints:
        """How many of its pairs have i < row edge and j < column edge, for pairs of indices into the edges."""
        turn = np.clip(column_edges - self.bound, 0, self.rows.size)  # queries from here on see all keys below
        row_total, row_ramp = self.rows.below(row_edges), self._ramp(row_edges)
        turn_total, turn_ramp, column_total = self.rows.below(turn), self._ramp(turn), self.columns.below(column_edges)
        steady = (row_total[at_rows] - turn_total[at_columns]) * column_total[at_columns] + turn_ramp[at_columns]
        return np.where(row_edges[at_rows] < turn[at_columns], row_ramp[at_rows], steady)

    def _ramp(self, stops: Ints) -> Ints:
        """Σ over queries i < stop of the number of keys j < i + bound; keys are taken not to end before that.

        A set is the listed positions, or everything minus them: the sum is linear in both indicators, so that four
        closed forms are enough, whose tables are only as long as the lists.
        """
        rows, columns = self.rows, self.columns
        row_sign, column_sign = (-1 if rows.complement else 1), (-1 if columns.complement else 1)
        total = np.zeros(len(stops), np.int64)
        row_places = np.searchsorted(rows.listed, stops)
        if rows.complement and columns.complement:
            start = max(0, -self.bound)
            count = np.maximum(stops - start, 0)
            total += count * (start + self.bound) + count * (count - 1) // 2
        if rows.complement and len(columns.listed):
            starts, sums = self._column_starts
            places = np.searchsorted(starts, stops)
            total += column_sign * (places * stops - sums[places])
        if columns.complement and len(rows.listed):
            total += row_sign * self._row_reach[row_places]
        if len(rows.listed) and len(columns.listed):
            total += row_sign * column_sign * self._both_reach[row_places]
        return total

    @cached_property
    def _column_starts(self) -> tuple[Ints, Ints]:
        starts = np.maximum(self.columns.listed - self.bound + 1, 0)  # the first query that sees each listed key
        return starts, prefix_sums(starts)

    @cached_property
    def _row_reach(self) -> Ints:
        return prefix_sums(np.maximum(self.rows.listed + self.bound, 0))

    @cached_property
    def _both_reach(self) -> Ints:
        return prefix_sums(np.searchsorted(self.columns.listed, self.rows.listed + self.bound))


def prefix_sums(values: Ints) -> Ints:
    """[0, v₀, v₀ + v₁, …]"""
    return np.concatenate([np.zeros(1, np.int64), np.cumsum(values)])


@dataclass(frozen=True, eq=False)
class Band(Piece):
    """Queries i in ``rows`` keep keys j in ``columns`` with first ≤ j − i ≤ last and j − i divisible by ``step``."""

    name: str
    rows: Subset
    columns: Subset
    first: int
    last: int
    step: int = 1

    @cached_property
    def _classes(self) -> tuple[tuple[int, Staircase, Staircase], ...]:
        """(start, pairs up to ``last``, pairs before ``first``) of each class of positions mod ``step``."""
        first, last = -(-self.first // self.step), self.last // self.step
        if first > last:
            return ()
        found = []
        for start in range(min(self.step, self.rows.size, self.columns.size)):
            rows, columns = self.rows.every(self.step, start), self.columns.every(self.step, start)
            found.append((start, Staircase(rows, columns, last + 1), Staircase(rows, columns, first)))
        return tuple(found)

    @property
    def _is_plain(self) -> bool:
        return self.rows.is_everything and self.columns.is_everything

    def share(self, grid: Grid) -> Floats:
        row_starts, row_stops = grid.row_edges[:-1], grid.row_edges[1:]
        column_starts, column_stops = grid.column_edges[:-1], grid.column_edges[1:]
        touched = np.searchsorted(column_stops, self.first + row_starts + 1)
        untouched = np.maximum(np.searchsorted(column_starts, self.last + row_stops - 1, "right"), touched)
        inside = np.searchsorted(column_starts, self.first + row_stops - 1)
        outside = np.searchsorted(column_stops, self.last + row_starts + 1, "right")
        if self._is_plain and self.step > CLASSES_AT_ONCE:
            outside = inside
        none = inside >= outside
        inside, outside = np.where(none, untouched, inside), np.where(none, untouched, outside)
        shares = self._fill(grid, inside, outside)
        at_rows, at_columns = ragged(
            np.concatenate([touched, outside]), np.concatenate([np.minimum(inside, untouched), untouched])
        )
        at_rows %= max(1, len(row_starts))
        counts = self._counts(grid.row_edges, grid.column_edges, at_rows, at_columns)
        areas = grid.heights[at_rows] * grid.widths[at_columns]
        shares[at_rows, at_columns] = counts / np.maximum(areas, 1)
        return shares

    def _fill(self, grid: Grid, inside: Ints, outside: Ints) -> Floats:
        """Shares of the rectangles that no edge of the band crosses: columns inside … outside − 1 of each row."""
        if not (inside < outside).any():
            return np.zeros(grid.shape, np.float32)
        numbers = np.arange(grid.shape[1], dtype=np.int32)
        within = numbers >= inside.astype(np.int32)[:, None]
        within &= numbers < outside.astype(np.int32)[:, None]
        if self._is_plain and self.step == 1:
            return (within & (grid.heights > 0)[:, None] & (grid.widths > 0)).astype(np.float32)
        shares = self._products(grid)
        shares *= within
        return shares

    def _products(self, grid: Grid) -> Floats:
        """Σ over classes of (share of the rows) × (share of the columns)."""
        shares = np.zeros(grid.shape, np.float32)
        tall, wide = reciprocal(grid.heights), reciprocal(grid.widths)
        for start in range(0, len(self._classes), CLASSES_AT_ONCE):
            rows, columns = [], []
            for rest, upper, _ in self._classes[start : start + CLASSES_AT_ONCE]:
                rows.append(np.diff(upper.rows.below(in_class(grid.row_edges, rest, self.step))) * tall)
                columns.append(np.diff(upper.columns.below(in_class(grid.column_edges, rest, self.step))) * wide)
            shares += np.array(rows).T @ np.array(columns)
        return shares

    def _counts(self, row_edges: Ints, column_edges: Ints, at_rows: Ints, at_columns: Ints) -> Ints:
        """The number of pairs in the given rectangles."""
        if not len(at_rows):
            return np.zeros(0, np.int64)
        corners = ((at_rows + 1, at_columns + 1, 1), (at_rows + 1, at_columns, -1))
        corners += ((at_rows, at_columns + 1, -1), (at_rows, at_columns, 1))
        total = np.zeros(len(at_rows), np.int64)
        if self._is_plain and self.step > 1:
            for row, column, sign in corners:
                total -= sign * self._distances(column_edges[column] - row_edges[row])
            return total
        for rest, upper, lower in self._classes:
            rows, columns = in_class(row_edges, rest, self.step), in_class(column_edges, rest, self.step)
            for row, column, sign in corners:
                total += sign * (upper.corners(rows, columns, row, column) - lower.corners(rows, columns, row, column))
        return total

    def _distances(self, limits: Ints) -> Ints:
        """Σ over the band's distances s of max(0, limit − s)."""
        first = -(-self.first // self.step) * self.step
        number = max(0, self.last // self.step - first // self.step + 1)
        below = np.clip(-((first - limits) // self.step), 0, number)
        return below * (limits - first) - self.step * (below * (below - 1) // 2)

    def count(self) -> int:
        return int(
            self._counts(
                np.array([0, self.rows.size]), np.array([0, self.columns.size]), np.zeros(1, int), np.zeros(1, int)
            )[0]
        )

    def kept(self, rows: Ints, columns: Ints) -> Bools:
        distance = columns - rows[:, None]
        near = (distance >= self.first) & (distance <= self.last) & (distance % self.step == 0)
        return near & self.rows.has(rows)[:, None] & self.columns.has(columns)

    def keys_of(self, query: int) -> Ints:
        if not self.rows.has(np.array([query]))[0]:
            return np.empty(0, np.int64)
        start = max(query + self.first, query % self.step)
        start += (query - start) % self.step
        keys = np.arange(start, min(query + self.last + 1, self.columns.size), self.step)
        return keys[self.columns.has(keys)]

    def queries_of(self, key: int) -> Ints:
        if not self.columns.has(np.array([key]))[0]:
            return np.empty(0, np.int64)
        start = max(key - self.last, key % self.step)
        start += (key - start) % self.step
        queries = np.arange(start, min(key - self.first + 1, self.rows.size), self.step)
        return queries[self.rows.has(queries)]

    def readers(self, members: Bools) -> Bools:
        """Members in reach are counted by prefix sums within each class."""
        places = -(-self.columns.size // self.step)
        table = np.zeros((places, self.step), np.int64)
        table.reshape(-1)[: self.columns.size] = members & self.columns.mask()
        table = np.concatenate([np.zeros((1, self.step), np.int64), np.cumsum(table, 0)])
        place, rest = np.divmod(np.arange(self.rows.size), self.step)
        stop = np.clip(place + self.last // self.step + 1, 0, places)
        start = np.clip(place - (-self.first // self.step), 0, stop)
        return (table[stop, rest] > table[start, rest]) & self.rows.mask()


def in_class(edges: Ints, start: int, step: int) -> Ints:
    """Edges among the positions start, start + step, …: how many of these lie below each edge."""
    return (edges - start + step - 1) // step


def ragged(starts: Ints, stops: Ints) -> tuple[Ints, Ints]:
    """(index, value) for every value in start … stop − 1 of every index; nothing where stop ≤ start."""
    lengths = np.maximum(stops - starts, 0)
    index = np.repeat(np.arange(len(starts)), lengths)
    before = np.cumsum(lengths) - lengths
    return index, np.arange(len(index)) - np.repeat(before - starts, lengths)
