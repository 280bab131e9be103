"""The contract of a pattern, and the union of disjoint pieces that most patterns are."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from engines.patterns.tiles import ROWS_AT_ONCE, Tile, tiles_of_listed

Bools = NDArray[np.bool_]
Floats = NDArray[np.float32]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Grid:
    """The rectangles between row edges [rows + 1] and column edges [columns + 1]: the pixels of a view."""

    row_edges: Ints
    column_edges: Ints

    @classmethod
    def of(cls, row_edges: ArrayLike, column_edges: ArrayLike, queries: int, keys: int) -> Grid:
        """Checked edges; ValueError where they decrease or leave the pattern."""
        return cls(_edges("row", row_edges, queries), _edges("column", column_edges, keys))

    @property
    def shape(self) -> tuple[int, int]:
        return len(self.row_edges) - 1, len(self.column_edges) - 1

    @cached_property
    def heights(self) -> Ints:
        return np.diff(self.row_edges)

    @cached_property
    def widths(self) -> Ints:
        return np.diff(self.column_edges)

    def shares_of(self, counts: NDArray[Any]) -> Floats:
        """Numbers of pairs [rows, columns] as shares of each rectangle's area; 0 where the area is 0."""
        shares = counts.astype(np.float32)
        shares *= reciprocal(self.heights)[:, None]
        shares *= reciprocal(self.widths)
        return shares


def _edges(name: str, edges: ArrayLike, size: int) -> Ints:
    given = np.asarray(edges)
    checked = given.astype(np.int64)
    rising = len(checked) > 0 and bool((checked[1:] >= checked[:-1]).all())
    if not rising or checked[0] < 0 or checked[-1] > size or (given.dtype.kind == "f" and (given != checked).any()):
        raise ValueError(f"{name} edges must be whole numbers that do not decrease, from 0 to {size}; got {given}")
    return checked


def reciprocal(lengths: Ints) -> Floats:
    """1 / length, and 0 for a length of 0."""
    return (np.where(lengths > 0, 1.0, 0.0) / np.maximum(lengths, 1)).astype(np.float32)


class Pattern(ABC):
    """Which (query, key) pairs one head keeps. Positions are ints; a query is a row, a key a column."""

    queries: int
    keys: int
    causal: bool
    pieces: tuple[str, ...]

    @property
    def exact(self) -> bool:
        """Whether ``coverage`` is exact for every rectangle."""
        return True

    def exactly(self) -> Pattern:
        """The same pairs, counted anew for every rectangle: for files, which may take their time."""
        return self

    def exact_for(self, row_edges: ArrayLike, column_edges: ArrayLike) -> bool:
        """Whether ``coverage`` is exact for these rectangles."""
        return True

    @abstractmethod
    def coverage(self, row_edges: ArrayLike, column_edges: ArrayLike) -> Floats:
        """The share of pairs kept, 0 … 1, in each rectangle between the edges: float32 [rows, columns].

        Edges are ints that do not decrease, within 0 … queries and 0 … keys, uniform or not. A rectangle that holds
        a kept pair is never 0; an empty rectangle is.
        """

    @abstractmethod
    def kept(self, rows: ArrayLike, columns: ArrayLike) -> Bools:
        """Whether each of these queries keeps each of these keys: bool [len(rows), len(columns)]."""

    @abstractmethod
    def reason(self, query: int, key: int) -> str:
        """The name of the piece that keeps this pair; empty where none does."""

    @abstractmethod
    def count(self) -> int:
        """How many pairs are kept."""

    @abstractmethod
    def keys_of(self, query: int) -> Ints:
        """The keys this query reads, ascending."""

    @abstractmethod
    def queries_of(self, key: int) -> Ints:
        """The queries that read this key, ascending."""

    @abstractmethod
    def readers(self, members: Bools) -> Bools:
        """Which queries read any of a set of keys: bool [keys] -> bool [queries]."""

    @abstractmethod
    def reached(self, members: Bools) -> Bools:
        """Which keys any of a set of queries reads, the transpose of ``readers``: bool [queries] -> bool [keys]."""

    @abstractmethod
    def tiles(self, rows: Ints, columns: range) -> Iterator[Tile]:
        """The pairs that these queries, ascending, keep among these keys: each in exactly one tile."""

    @abstractmethod
    def only(self, names: Iterable[str]) -> Pattern:
        """The pattern restricted to some of its pieces."""


class Piece(ABC):
    """A part of a pattern that shares no pair with the others."""

    name: str

    @abstractmethod
    def add_share(self, grid: Grid, shares: Floats) -> None:
        """Add this piece's share of the pairs in each rectangle to ``shares`` [rows, columns]."""

    @abstractmethod
    def kept(self, rows: Ints, columns: Ints) -> Bools: ...

    @abstractmethod
    def count(self) -> int: ...

    @abstractmethod
    def keys_of(self, query: int) -> Ints: ...

    @abstractmethod
    def queries_of(self, key: int) -> Ints: ...

    @abstractmethod
    def readers(self, members: Bools) -> Bools: ...

    @abstractmethod
    def reached(self, members: Bools) -> Bools: ...

    def tiles(self, rows: Ints, columns: range) -> Iterator[Tile]:
        """As a pattern's; by listing every query's keys, where a piece knows no better way."""
        for start in range(0, len(rows), ROWS_AT_ONCE):
            block = rows[start : start + ROWS_AT_ONCE]
            keys = [self.keys_of(row) for row in block.tolist()]
            yield from tiles_of_listed(block, [each[(each >= columns.start) & (each < columns.stop)] for each in keys])


@dataclass(frozen=True, eq=False)
class Pieces(Pattern):
    """A union of disjoint pieces; several may share a name."""

    queries: int
    keys: int
    causal: bool
    parts: tuple[Piece, ...]

    @property
    def pieces(self) -> tuple[str, ...]:  # type: ignore[override]
        return tuple(dict.fromkeys(part.name for part in self.parts))

    def coverage(self, row_edges: ArrayLike, column_edges: ArrayLike) -> Floats:
        grid = Grid.of(row_edges, column_edges, self.queries, self.keys)
        shares = np.zeros(grid.shape, np.float32)
        for part in self.parts:
            part.add_share(grid, shares)
        return np.minimum(shares, 1, out=shares)

    def kept(self, rows: ArrayLike, columns: ArrayLike) -> Bools:
        queries, keys = np.asarray(rows, np.int64), np.asarray(columns, np.int64)
        total = np.zeros((len(queries), len(keys)), np.bool_)
        for part in self.parts:
            total |= part.kept(queries, keys)
        return total

    def reason(self, query: int, key: int) -> str:
        row, column = np.array([query]), np.array([key])
        return next((part.name for part in self.parts if part.kept(row, column)[0, 0]), "")

    def count(self) -> int:
        return sum(part.count() for part in self.parts)

    def keys_of(self, query: int) -> Ints:
        return np.sort(np.concatenate([np.empty(0, np.int64), *(part.keys_of(query) for part in self.parts)]))

    def queries_of(self, key: int) -> Ints:
        return np.sort(np.concatenate([np.empty(0, np.int64), *(part.queries_of(key) for part in self.parts)]))

    def readers(self, members: Bools) -> Bools:
        total = np.zeros(self.queries, np.bool_)
        for part in self.parts:
            total |= part.readers(members)
        return total

    def reached(self, members: Bools) -> Bools:
        total = np.zeros(self.keys, np.bool_)
        for part in self.parts:
            total |= part.reached(members)
        return total

    def tiles(self, rows: Ints, columns: range) -> Iterator[Tile]:
        for part in self.parts:
            yield from part.tiles(rows, columns)

    def only(self, names: Iterable[str]) -> Pieces:
        wanted = set(names)
        return Pieces(self.queries, self.keys, self.causal, tuple(part for part in self.parts if part.name in wanted))
