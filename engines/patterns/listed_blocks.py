"""Blocks of queries that keep listed blocks of keys: random blocks, for example.

A rectangle's pairs are summed over the listed blocks it meets, each the product of a height and a width; the work is
that of the blocks in view.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engines.patterns.crossings import ragged
from engines.patterns.pattern import Bools, Floats, Grid, Ints, Piece


@dataclass(frozen=True, eq=False)
class ListedBlocks(Piece):
    """Queries of block a keep the keys of the blocks ``listed`` [block of queries, place]; −1 lists none.

    Blocks hold ``length`` positions, the last one fewer where the positions end. ValueError where a block of queries
    lists a block twice, or one that does not exist.
    """

    name: str
    queries: int
    keys: int
    length: int
    listed: Ints

    def __post_init__(self) -> None:
        blocks, key_blocks = (-(-size // self.length) for size in (self.queries, self.keys))
        ordered = np.sort(self.listed, 1)
        twice = (ordered[:, 1:] == ordered[:, :-1]) & (ordered[:, 1:] >= 0)
        if len(self.listed) != blocks or twice.any() or (self.listed.size and self.listed.max() >= key_blocks):
            raise ValueError(f"expected {blocks} lists of distinct blocks below {key_blocks}; got {self.listed.shape}")

    def add_share(self, grid: Grid, shares: Floats) -> None:
        first, last = grid.row_edges[0] // self.length, -(-grid.row_edges[-1] // self.length)
        rows, places = np.nonzero(self.listed[first:last] >= 0)
        columns = self.listed[first:last][rows, places]
        which, band, heights = _overlaps(rows + first, self.length, grid.row_edges)
        entry, column, widths = _overlaps(columns[which], self.length, grid.column_edges)
        areas = grid.heights[band[entry]] * grid.widths[column]
        places = band[entry] * grid.shape[1] + column
        np.add.at(shares.reshape(-1), places, (heights[entry] * widths / areas).astype(np.float32))

    def kept(self, rows: Ints, columns: Ints) -> Bools:
        listed, blocks = self.listed[rows // self.length], columns // self.length
        found = np.zeros((len(rows), len(columns)), np.bool_)
        for place in range(listed.shape[1]):
            found |= listed[:, place, None] == blocks
        return found

    def count(self) -> int:
        heights, widths = (
            np.minimum(size, (np.arange(-(-size // self.length)) + 1) * self.length)
            - np.arange(-(-size // self.length)) * self.length
            for size in (self.queries, self.keys)
        )
        rows, places = np.nonzero(self.listed >= 0)
        return int((heights[rows] * widths[self.listed[rows, places]]).sum()) if len(rows) else 0

    def keys_of(self, query: int) -> Ints:
        blocks = self.listed[query // self.length]
        return self._positions(np.sort(blocks[blocks >= 0]), self.keys)

    def queries_of(self, key: int) -> Ints:
        return self._positions(np.flatnonzero((self.listed == key // self.length).any(1)), self.queries)

    def readers(self, members: Bools) -> Bools:
        found = (self._blocks_with(members)[self.listed] & (self.listed >= 0)).any(1)
        return np.repeat(found, self.length)[: self.queries]

    def reached(self, members: Bools) -> Bools:
        blocks = self.listed[self._blocks_with(members)]
        found = np.zeros(-(-self.keys // self.length), np.bool_)
        found[blocks[blocks >= 0]] = True
        return np.repeat(found, self.length)[: self.keys]

    def _blocks_with(self, members: Bools) -> Bools:
        """Which blocks hold any of the positions."""
        return np.logical_or.reduceat(members, np.arange(0, len(members), self.length))

    def _positions(self, blocks: Ints, size: int) -> Ints:
        positions = (blocks[:, None] * self.length + np.arange(self.length)).reshape(-1)
        return positions[positions < size]


def _overlaps(blocks: Ints, length: int, edges: Ints) -> tuple[Ints, Ints, Ints]:
    """(which block, band, length in common) for every band between edges that each of the blocks meets."""
    starts, stops = blocks * length, (blocks + 1) * length
    first = np.maximum(np.searchsorted(edges, starts, "right") - 1, 0)
    last = np.minimum(np.searchsorted(edges, stops), len(edges) - 1)
    which, bands = ragged(first, last)
    common = np.minimum(edges[bands + 1], stops[which]) - np.maximum(edges[bands], starts[which])
    some = common > 0
    return which[some], bands[some], common[some]
