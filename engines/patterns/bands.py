"""Bands: pairs whose distance key − query lies in a range, between a set of queries and a set of keys.

A causal triangle, a (dilated) window, a stride and the rows and columns of global tokens are all bands. Pairs in any
rectangle are counted in closed form from the rectangle's four corners, exactly; only rectangles that an edge of the
band crosses need that, about as many as rows + columns. A band of step d falls into d classes of positions mod d, each
of which is a plain band of step 1 between positions renumbered.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engines.patterns.crossings import Crossings, add_counts, prefix_sums
from engines.patterns.pattern import Bools, Floats, Grid, Ints, Piece, reciprocal
from engines.patterns.subset import Subset
from engines.patterns.tiles import Tile, tiles_of_intervals

Doubles = NDArray[np.float64]
ROWS_AT_ONCE = 32


@dataclass(frozen=True, eq=False)
class Staircase:
    """The pairs of a query i in ``rows`` and a key j in ``columns`` with j < i + bound."""

    rows: Subset
    columns: Subset
    bound: int

    def rows_below(self, row_edges: Ints, column_edges: Ints, at_rows: Ints, at_columns: Ints) -> Ints:
        """How many of its pairs have row edge ≤ i < next row edge and j < column edge, for indices into the edges."""
        # Queries from here on see all keys below.
        turn = np.minimum(np.maximum(column_edges - self.bound, 0), self.rows.size)
        row_total, row_ramp = self.rows.below(row_edges), self._ramp(row_edges)
        column_total = self.columns.below(column_edges)
        level = self._ramp(turn) - self.rows.below(turn) * column_total
        turn, level, column_total = turn[at_columns], level[at_columns], column_total[at_columns]
        upper, lower = (
            np.where(row_edges[row] < turn, row_ramp[row], row_total[row] * column_total + level)
            for row in (at_rows + 1, at_rows)
        )
        return upper - lower

    @property
    def is_empty(self) -> bool:
        return self.bound <= 1 - self.rows.size or not (self.rows.size and self.columns.size)

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


@dataclass(frozen=True, eq=False)
class Band(Piece):
    """Queries i in ``rows`` keep keys j in ``columns`` with first ≤ j − i ≤ last and j − i divisible by ``step``."""

    name: str
    rows: Subset
    columns: Subset
    first: int
    last: int
    step: int = 1

    def add_share(self, grid: Grid, shares: Floats) -> None:
        row_starts, row_stops = grid.row_edges[:-1], grid.row_edges[1:]
        column_starts, column_stops = grid.column_edges[:-1], grid.column_edges[1:]
        crossings = Crossings.of(
            touched=np.searchsorted(column_stops, self.first + row_starts + 1),
            inside=np.searchsorted(column_starts, self.first + row_stops - 1),
            outside=np.searchsorted(column_stops, self.last + row_starts + 1, "right"),
            untouched=np.searchsorted(column_starts, self.last + row_stops - 1, "right"),
        )
        if crossings.have_inside:
            self._fill(grid, crossings, shares)
        corners = crossings.corners()
        add_counts(shares, grid, corners, self._rows_below(grid.row_edges, grid.column_edges, *corners[:2]))

    def _fill(self, grid: Grid, crossings: Crossings, shares: Floats) -> None:
        """Add the rectangles that no edge crosses, where only the classes matter."""
        if self.step == 1 and self.rows.is_everything and self.columns.is_everything:
            crossings.fill(shares, grid)
        elif self.step == 1:
            rows, columns = self.rows.below(grid.row_edges), self.columns.below(grid.column_edges)
            tall = np.diff(rows).astype(np.float32) * reciprocal(grid.heights)
            crossings.fill_product(shares, tall, np.diff(columns).astype(np.float32) * reciprocal(grid.widths))
        else:
            crossings.fill(shares, grid, *self._inside_shares(grid))

    def _inside_shares(self, grid: Grid) -> tuple[Floats, Ints]:
        """(shares of distinct rows of rectangles, which of them each row is), as if the band had no edges.

        Rows repeat where edges are evenly spaced: rectangles that begin at the same rest mod ``step``, are as high
        and hold as many listed queries of each class. Blocks of rows keep the work in the processor's cache.
        """
        starts = [start for start, _, _ in self._split]
        row_sets, column_sets = [rows for _, rows, _ in self._split], [columns for _, _, columns in self._split]
        listed = class_counts(grid.row_edges, row_sets, starts, self.step)
        first, places = distinct(np.column_stack([grid.row_edges[:-1] % self.step, grid.heights, listed]))
        factors = [(1, listed, class_counts(grid.column_edges, column_sets, starts, self.step))]
        if self._counts_every and starts:
            all_rows = [Subset.everything(rows.size) for rows in row_sets]
            all_columns = [Subset.everything(columns.size) for columns in column_sets]
            rows_of = class_counts(grid.row_edges, all_rows, starts, self.step)
            factors.append((-1, rows_of, class_counts(grid.column_edges, all_columns, starts, self.step)))
        shares = np.empty((len(first), grid.shape[1]), np.float32)
        tall, wide = reciprocal(grid.heights), reciprocal(grid.widths)
        for start in range(0, len(first), ROWS_AT_ONCE):
            rows = first[start : start + ROWS_AT_ONCE]
            counts: NDArray[Any] = np.zeros((len(rows), grid.shape[1]))
            if self._counts_every:
                counts = pairs_of_one_class(
                    grid.row_edges[rows], grid.row_edges[rows + 1], grid.column_edges, self.step
                )
            for sign, tops, sides in factors if starts else ():
                counts = counts + sign * product_of_repeats(tops[rows], sides)
            shares[start : start + ROWS_AT_ONCE] = counts * tall[rows, None] * wide
        return shares, places

    @cached_property
    def _split(self) -> tuple[tuple[int, Subset, Subset], ...]:
        """(start, rows, columns) of each class of positions mod ``step`` in which positions are listed."""
        listed = np.concatenate([self.rows.listed, self.columns.listed]) % self.step
        starts = [0] if self.step == 1 else np.unique(listed).tolist()
        return tuple(
            (start, self.rows.every(self.step, start), self.columns.every(self.step, start)) for start in starts
        )

    @property
    def _counts_every(self) -> bool:
        """Whether all classes are counted together, as if no position were listed, and those of _split corrected."""
        return self.rows.complement and self.columns.complement and len(self._split) < self.step

    @cached_property
    def _staircases(self) -> tuple[tuple[int, int, Staircase], ...]:
        """(start, sign, pairs): what to add to ``_every`` in the classes of ``_split``."""
        first, last = -(-self.first // self.step), self.last // self.step
        found = []
        for start, rows, columns in self._split if first <= last else ():
            found += [(start, 1, Staircase(rows, columns, last + 1)), (start, -1, Staircase(rows, columns, first))]
            if self._counts_every:
                rows, columns = Subset.everything(rows.size), Subset.everything(columns.size)
                found += [(start, -1, Staircase(rows, columns, last + 1)), (start, 1, Staircase(rows, columns, first))]
        return tuple(entry for entry in found if not entry[2].is_empty)

    def _rows_below(self, row_edges: Ints, column_edges: Ints, at_rows: Ints, at_columns: Ints) -> Ints:
        """Pairs of a row of rectangles left of a column edge, for indices into the edges."""
        total = np.zeros(len(at_rows), np.int64)
        if not len(at_rows):
            return total
        if self._counts_every:
            right = column_edges[at_columns]
            total += self._every(right - row_edges[at_rows]) - self._every(right - row_edges[at_rows + 1])
        for start, sign, pairs in self._staircases:
            edges = in_class(row_edges, start, self.step), in_class(column_edges, start, self.step)
            total += sign * pairs.rows_below(*edges, at_rows, at_columns)
        return total

    def _every(self, limits: Ints) -> Ints:
        """Σ over the band's distances s of max(0, limit − s): a pair of such sums counts pairs below a column edge."""
        first = -(-self.first // self.step) * self.step
        number = max(0, self.last // self.step - first // self.step + 1)
        below = np.minimum(np.maximum(-((first - limits) // self.step), 0), number)
        return below * (limits - first) - self.step * (below * (below - 1) // 2)

    def count(self) -> int:
        row_edges, column_edges = np.array([0, self.rows.size]), np.array([0, self.columns.size])
        left, right = self._rows_below(row_edges, column_edges, np.array([0, 0]), np.array([0, 1]))
        return int(right - left)

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

    def reached(self, members: Bools) -> Bools:
        return Band(self.name, self.columns, self.rows, -self.last, -self.first, self.step).readers(members)

    def tiles(self, rows: Ints, columns: range) -> Iterator[Tile]:
        """A class of positions mod ``step`` at a time, in which the band is an interval of each query."""
        rows = rows[self.rows.has(rows)]
        keys = np.arange(columns.start, columns.stop) if self.columns.complement else self.columns.listed
        keys = keys[(keys >= columns.start) & (keys < columns.stop) & self.columns.has(keys)]
        for start in np.unique(rows % self.step):
            some, candidates = rows[rows % self.step == start], keys[keys % self.step == start]
            yield from tiles_of_intervals(some, some + self.first, some + self.last + 1, candidates)


def in_class(edges: Ints, start: int, step: int) -> Ints:
    """Edges among the positions start, start + step, …: how many of these lie below each edge."""
    return (edges - start + step - 1) // step


def class_counts(edges: Ints, members: list[Subset], starts: list[int], step: int) -> Doubles:
    """How many members of each class lie between one edge and the next: [edges − 1, classes]."""
    counts = np.zeros((len(edges) - 1, len(starts)))
    for number, (start, subset) in enumerate(zip(starts, members, strict=True)):
        counts[:, number] = np.diff(subset.below(in_class(edges, start, step)))
    return counts


def pairs_of_one_class(row_starts: Ints, row_stops: Ints, column_edges: Ints, step: int) -> NDArray[Any]:
    """The number of pairs with (j − i) divisible by ``step`` in every rectangle: [rows, column edges − 1].

    Σ over multiples s < x of (x − s) is a parabola in x plus y(step − y) / (2·step), y = x mod step. Its second mixed
    difference over a rectangle is the count; the parabola's part is the area / step.
    """
    heights, widths = row_stops - row_starts, np.diff(column_edges)
    largest = max(step * step, 2 * int(heights.max()) * int(widths.max(initial=0)))
    size: type[np.signedinteger[Any]] = np.int32 if largest < 2**30 else np.int64
    rest = np.arange(2 * step) % step
    curve: NDArray[Any] = (rest * (step - rest)).astype(size)
    right = (column_edges % step + step).astype(np.int32)
    values: NDArray[Any] = curve.take(right - (row_starts % step).astype(np.int32)[:, None])
    values -= curve.take(right - (row_stops % step).astype(np.int32)[:, None])
    counts: NDArray[Any] = values[:, 1:] - values[:, :-1]
    counts += (2 * heights).astype(size)[:, None] * widths.astype(size)
    counts //= size(2 * step)
    return counts


def product_of_repeats(rows: Doubles, columns: Doubles) -> Doubles:
    """rows @ columnsᵀ, computed once for columns that repeat."""
    first, places = distinct(columns)
    return (rows @ columns[first].T).take(places, 1)


def distinct(rows: Doubles) -> tuple[Ints, Ints]:
    """(the first of each distinct row, which of them each row is)"""
    whole = np.ascontiguousarray(rows).view(np.dtype((np.void, rows.shape[1] * rows.itemsize)))[:, 0]
    _, first, places = np.unique(whole, return_index=True, return_inverse=True)
    return first, places
