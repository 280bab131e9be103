"""Which rectangles of a view an area's edges cross, for areas that are one stretch of columns in every row."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engines.patterns.pattern import Bools, Floats, Grid, Ints


@dataclass(frozen=True)
class Crossings:
    """For each row of rectangles: columns touched … untouched − 1 meet the area, inside … outside − 1 lie within it.

    The others that meet it are crossed by its edges; only these need counting, about as many as rows + columns.
    """

    touched: Ints
    inside: Ints
    outside: Ints
    untouched: Ints

    @classmethod
    def of(cls, touched: Ints, inside: Ints, outside: Ints, untouched: Ints) -> Crossings:
        untouched = np.maximum(untouched, touched)
        none = inside >= outside
        return cls(touched, np.where(none, untouched, inside), np.where(none, untouched, outside), untouched)

    @property
    def have_inside(self) -> bool:
        return bool((self.inside < self.outside).any())

    def fill(self, shares: Floats, grid: Grid, table: Floats | None = None, places: Ints | None = None) -> None:
        """Add to the rectangles that lie inside: 1, or in row r the shares ``table[places[r]]``."""
        full: Floats = (grid.widths > 0).astype(np.float32)
        rows = np.flatnonzero((self.inside < self.outside) & (grid.heights > 0))
        if table is None or places is None:
            table, places = full[None], np.zeros(len(grid.heights), np.int64)
        kinds, starts, stops = (each[rows].tolist() for each in (places, self.inside, self.outside))
        for row, kind, start, stop in zip(rows.tolist(), kinds, starts, stops, strict=True):
            stretch = shares[row, start:stop]  # a view, added to in place: shares[…] += would also copy it back
            stretch += table[kind, start:stop]

    def fill_product(self, shares: Floats, tall: Floats, wide: Floats) -> None:
        """Add tall [rows] × wide [columns] to the rectangles that lie inside."""
        rows, some = np.flatnonzero((self.inside < self.outside) & (tall > 0)), np.flatnonzero(wide)
        if 8 * len(some) < len(rows):
            for column in some.tolist():
                within = rows[(self.inside[rows] <= column) & (column < self.outside[rows])]
                shares[within, column] += tall[within] * wide[column]
            return
        starts, stops = self.inside[rows].tolist(), self.outside[rows].tolist()
        for row, start, stop in zip(rows.tolist(), starts, stops, strict=True):
            stretch = shares[row, start:stop]
            stretch += tall[row] * wide[start:stop]

    def corners(self) -> tuple[Ints, Ints, Bools]:
        """(row, column edge) around every crossed rectangle; True where a rectangle begins at that column edge."""
        starts = np.concatenate([self.touched, self.outside])
        stops = np.concatenate([np.minimum(self.inside, self.untouched), self.untouched])
        some = np.flatnonzero(starts < stops)
        at_rows, at_columns = ragged(starts[some], stops[some] + 1)
        begins = np.ones(len(at_rows), np.bool_)
        begins[np.cumsum(stops[some] - starts[some] + 1) - 1] = False
        return (some % len(self.touched))[at_rows], at_columns, begins


def add_counts(shares: Floats, grid: Grid, corners: tuple[Ints, Ints, Bools], below: Ints) -> None:
    """Add the crossed rectangles' shares; ``below`` [corners]: pairs of the row left of each column edge."""
    at_rows, at_columns, begins = corners
    rows, columns = at_rows[begins], at_columns[begins]
    counts = np.diff(below)[begins[:-1]]
    shares[rows, columns] += counts / np.maximum(grid.heights[rows] * grid.widths[columns], 1)


def ragged(starts: Ints, stops: Ints) -> tuple[Ints, Ints]:
    """(index, value) for every value in start … stop − 1 of every index; nothing where stop ≤ start."""
    lengths = np.maximum(stops - starts, 0)
    index = np.repeat(np.arange(len(starts)), lengths)
    before = np.cumsum(lengths) - lengths
    return index, np.arange(len(index)) - np.repeat(before - starts, lengths)


def prefix_sums(values: NDArray[Any]) -> Ints:
    """[0, v₀, v₀ + v₁, …]"""
    sums = np.zeros(len(values) + 1, np.int64)
    np.cumsum(values, dtype=np.int64, out=sums[1:])
    return sums
