"""Row intervals among some columns only: query i keeps the chosen keys from start_i to stop_i − 1.

The summaries of earlier blocks, for example. Chosen columns are renumbered 0, 1, 2 …; among them the piece is plain
row intervals, and a rectangle's share is theirs, scaled by how many of its columns are chosen.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engines.patterns.intervals import Intervals
from engines.patterns.pattern import Bools, Floats, Grid, Ints, Piece, reciprocal
from engines.patterns.subset import Subset


@dataclass(frozen=True, eq=False)
class ChosenColumns(Piece):
    """``among`` counts only the columns in ``columns``, in their order, and has as many keys as there are of them."""

    columns: Subset
    among: Intervals

    @property
    def name(self) -> str:  # type: ignore[override]
        return self.among.name

    def add_share(self, grid: Grid, shares: Floats) -> None:
        few = Grid(grid.row_edges, self.columns.below(grid.column_edges))
        part = np.zeros(grid.shape, np.float32)
        self.among.add_share(few, part)
        part *= few.widths.astype(np.float32) * reciprocal(grid.widths)
        shares += part

    def kept(self, rows: Ints, columns: Ints) -> Bools:
        return self.among.kept(rows, self.columns.below(columns)) & self.columns.has(columns)

    def count(self) -> int:
        return self.among.count()

    def keys_of(self, query: int) -> Ints:
        return self._positions()[self.among.keys_of(query)]

    def queries_of(self, key: int) -> Ints:
        if not self.columns.has(np.array([key]))[0]:
            return np.empty(0, np.int64)
        return self.among.queries_of(int(self.columns.below(np.array([key]))[0]))

    def readers(self, members: Bools) -> Bools:
        return self.among.readers(members[self._positions()])

    def reached(self, members: Bools) -> Bools:
        found = np.zeros(self.columns.size, np.bool_)
        found[self._positions()] = self.among.reached(members)
        return found

    def _positions(self) -> Ints:
        return np.flatnonzero(self.columns.mask()) if self.columns.complement else self.columns.listed
