"""Buckets of a hash, sorted and cut into chunks: the pairs that Reformer keeps (Kitaev et al. 2020, section 2).

In the order sorted by (bucket, position), the keys of a query are an index interval, so that every question about the
pattern is asked there and carried back to original positions. The union over rounds counts each pair in the first
round that has it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from engines.patterns.crossings import prefix_sums
from engines.patterns.hash_round import AnyInts, Round, VisibleKeys
from engines.patterns.interval_ends import ListedEnds
from engines.patterns.intervals import Intervals, in_any
from engines.patterns.pattern import Bools, Floats, Grid, Ints, Pattern, Pieces
from engines.patterns.tiles import Tile, tiles_of_intervals
from engines.words import english

PAIRS_AT_ONCE = 1 << 18
PAIRS_PER_FRAME = 400_000
PAIRS_PER_STEP = 400_000  # in all rounds together: those of one are listed in 10 ms at most


@dataclass(frozen=True, eq=False, repr=False)
class HashedChunks(Pattern):
    """The union over rounds, in original order. Pieces "bucket" and "self" (a query without any other target)."""

    length: int
    causal: bool
    rounds: tuple[Round, ...]
    pyramid: NDArray[Any] | None = None
    pieces: tuple[str, ...] = (english("bucket"), "self")
    listed_per_frame: int = PAIRS_PER_FRAME

    @property
    def queries(self) -> int:  # type: ignore[override]
        return self.length

    @property
    def keys(self) -> int:  # type: ignore[override]
        return self.length

    @cached_property
    def alone(self) -> Bools:
        """bool [queries]: whose only target, in all rounds, is themselves."""
        alone = np.ones(self.length, np.bool_)
        for one in self.rounds:
            alone &= one.alone
        return alone & ("self" in self.pieces)

    @cached_property
    def _bucket_rounds(self) -> tuple[Round, ...]:
        return self.rounds if "bucket" in self.pieces else ()

    def round(self, index: int, pyramid: NDArray[Any] | None = None) -> HashedChunks:
        """One round by itself, in original order: "self" is who has no other target in this round.

        ``pyramid`` is what ``round(index).build_pyramid()`` returned.
        """
        return HashedChunks(self.length, self.causal, (self.rounds[index],), pyramid)

    def sorted_round(self, index: int) -> Pieces:
        """The pairs of ``round(index)`` between places of the sorted order, padding included."""
        one = self.rounds[index]
        padding = np.full(one.places - self.length, self.length)
        here = np.arange(self.length)
        spans = [("bucket", *span) for span in one.spans] + [("self", here, here + one.alone[one.order])]
        parts = []
        for name, start, stop in spans:
            ends = (ListedEnds(np.concatenate([end.astype(np.int64), padding])) for end in (start, stop))
            parts.append(Intervals(name, one.places, *ends))
        return Pieces(one.places, one.places, self.causal, tuple(parts))

    def only(self, names: Iterable[str]) -> HashedChunks:
        wanted = set(names)
        pieces = tuple(name for name in self.pieces if name in wanted)
        return replace(self, pieces=pieces, pyramid=self.pyramid if "bucket" in pieces else None)

    def _pairs(self, rows: range, columns: range) -> Iterator[tuple[Ints, Ints]]:
        """Every kept pair (query, key) of the rectangle once, in blocks."""
        yield from self._pairs_among(rows, columns, [VisibleKeys.of(one, columns) for one in self._bucket_rounds])

    def _pairs_among(
        self, rows: range, columns: range, visible: Sequence[VisibleKeys], at_once: int = PAIRS_AT_ONCE
    ) -> Iterator[tuple[Ints, Ints]]:
        """As ``_pairs``, with each round's keys in the columns already found."""
        alone = np.flatnonzero(self.alone[rows.start : rows.stop]) + rows.start
        alone = alone[(alone >= columns.start) & (alone < columns.stop)]
        yield alone, alone
        for number, among in enumerate(visible):
            for first, last in among.spans(slice(rows.start, rows.stop)):
                sums = prefix_sums(last - first)
                cuts = np.searchsorted(sums, np.arange(0, sums[-1] + at_once, at_once))
                for low, high in pairwise(cuts):
                    yield self._new_pairs(number, rows.start + low, first[low:high], last[low:high], among.keys)

    def _new_pairs(self, number: int, query: int, first: AnyInts, last: AnyInts, visible: Ints) -> tuple[Ints, Ints]:
        """Pairs of the queries from ``query`` on with keys visible[first … last − 1], less those of earlier rounds."""
        lengths = last - first
        shift = first - (np.cumsum(lengths, dtype=np.int64) - lengths)
        queries = np.arange(query, query + len(first)).repeat(lengths)
        keys = shift.repeat(lengths)
        keys += np.arange(len(keys))
        keys = visible.take(keys)
        seen: Bools | None = None
        for one in self.rounds[:number]:
            places = one.place.take(keys)
            for start, length in one.reach:
                begins, reach = (ends[query : query + len(first)].repeat(lengths) for ends in (start, length))
                here = (places - begins).view(np.uint32) < reach.view(np.uint32)
                seen = here if seen is None else seen | here
        if seen is None:
            return queries, keys
        new = np.flatnonzero(~seen)
        return queries.take(new), keys.take(new)

    @property
    def exact(self) -> bool:
        return self.pyramid is None

    def exactly(self) -> HashedChunks:
        """Without the pyramid that counts wide views in cells."""
        return replace(self, pyramid=None)

    def exact_for(self, row_edges: ArrayLike, column_edges: ArrayLike) -> bool:
        grid = Grid.of(row_edges, column_edges, self.queries, self.keys)
        if self.pyramid is None or self._is_listed(grid):
            return True
        edges = np.concatenate([grid.row_edges, grid.column_edges])
        return bool(((edges % self._cell == 0) | (edges == self.length)).all())

    def coverage(self, row_edges: ArrayLike, column_edges: ArrayLike) -> Floats:
        """As every pattern's, by listing the visible pairs; by the pyramid, where there is one, if these are many.

        From the pyramid, edges are rounded to those of its cells and the shares are exact for the rectangles so
        moved; a rectangle that has no width left takes the share of the cell in its middle. Kept pairs stay visible,
        at most half a cell (or the size of the cell) away. ``exact_for`` tells whether anything was moved.
        """
        grid = Grid.of(row_edges, column_edges, self.queries, self.keys)
        if self.pyramid is not None and not self._is_listed(grid):
            return self._coarse(grid, self.pyramid)
        counts = np.zeros(grid.shape[0] * grid.shape[1], np.uint32 if self._listed(grid) < 2**32 else np.int64)
        pairs = self._pairs(_extent(grid.row_edges), _extent(grid.column_edges))
        for _ in self._counted(grid, pairs, counts):
            pass
        return grid.shares_of(counts.reshape(grid.shape))

    def exact_coverage_slices(self, row_edges: ArrayLike, column_edges: ArrayLike) -> Iterator[Floats]:
        """``coverage`` made exact by and by, in steps of about 10 ms: for a view that rests.

        The first array is what ``coverage`` gives from the pyramid (zeros, where there is none); in each one after,
        more rows are exact, from the top; the last one is exact everywhere. Where the pairs can be listed within a
        frame it is the only one. A step may yield the same array again, so that one can stop between any two; none
        is changed later.
        """
        grid = Grid.of(row_edges, column_edges, self.queries, self.keys)
        if self._is_listed(grid):
            yield self.coverage(row_edges, column_edges)
            return
        shares = np.zeros(grid.shape, np.float32)
        if self.pyramid is not None:
            shares = self._coarse(grid, self.pyramid)
        columns = _extent(grid.column_edges)
        visible, shown = [], shares.copy()
        for one in self._bucket_rounds:
            yield shown
            visible.append(VisibleKeys.of(one, columns))
        for low, high in pairwise(self._bands(grid)):
            band = Grid(grid.row_edges[low : high + 1], grid.column_edges)
            counts = np.zeros(band.shape[0] * band.shape[1], np.int64)
            for _ in self._counted(
                band, self._pairs_among(_extent(band.row_edges), columns, visible, PAIRS_PER_STEP), counts
            ):
                yield shown
            shares[low:high] = band.shares_of(counts.reshape(band.shape))
            shown = shares.copy()
        yield shown

    def _bands(self, grid: Grid) -> Ints:
        """Rows of the grid at which to cut it, so that each part lists about as many pairs as a step may."""
        before = np.zeros(len(grid.row_edges), np.int64)
        for one in self.rounds:
            for ends in one.targets_before:
                before += ends[grid.row_edges]
        before -= before[0]
        steps = np.arange(PAIRS_PER_STEP, before[-1] + PAIRS_PER_STEP, PAIRS_PER_STEP)
        cuts = np.minimum(np.searchsorted(before, steps), grid.shape[0])
        return np.unique(np.concatenate([[0], cuts, [grid.shape[0]]]))

    def _counted(self, grid: Grid, pairs: Iterator[tuple[Ints, Ints]], counts: NDArray[Any]) -> Iterator[None]:
        """Count pairs of the grid's extent into its rectangles, [rows · columns], block by block."""
        rows, columns = grid.shape
        row_pixels = np.repeat(np.arange(rows) * columns, grid.heights)
        column_pixels = np.repeat(np.arange(columns), grid.widths)
        one = counts.dtype.type(1)
        for queries, keys in pairs:
            pixels = row_pixels.take(queries - grid.row_edges[0])
            pixels += column_pixels.take(keys - grid.column_edges[0])
            np.add.at(counts, pixels, one)
            yield

    def _is_listed(self, grid: Grid) -> bool:
        """Whether the visible pairs are few enough to list them within a frame."""
        columns = int(grid.column_edges[-1] - grid.column_edges[0])
        return self._listed(grid) * columns <= self.listed_per_frame * self.length

    def _listed(self, grid: Grid) -> int:
        """The targets of the visible queries, in all rounds."""
        low, high = grid.row_edges[[0, -1]]
        return sum(int(ends[high] - ends[low]) for one in self.rounds for ends in one.targets_before)

    @property
    def _cell(self) -> int:
        """Positions in a cell of the pyramid."""
        assert self.pyramid is not None
        return -(-self.length // (len(self.pyramid) - 1))

    def _coarse(self, grid: Grid, table: NDArray[Any]) -> Floats:
        rows, (top, bottom), tall = self._cells(grid.row_edges)
        columns, (left, right), wide = self._cells(grid.column_edges)
        below = table[np.ix_(rows, columns)]
        stripes = below.take(bottom, 0)
        stripes -= below.take(top, 0)
        counts = stripes.take(right, 1)
        counts -= stripes.take(left, 1)
        alone = np.flatnonzero(self.alone)
        places = (np.searchsorted(edges, alone, "right") - 1 for edges in (grid.row_edges, grid.column_edges))
        row, column = (np.where(place < size, place, -1) for place, size in zip(places, grid.shape, strict=True))
        visible = (row >= 0) & (column >= 0)
        np.add.at(counts, (row[visible], column[visible]), counts.dtype.type(1))
        return Grid(prefix_sums(tall), prefix_sums(wide)).shares_of(counts)

    def _cells(self, edges: Ints) -> tuple[Ints, Ints, Ints]:
        """Edges of cells, ascending; which of them begin and end each stretch [2, stretches]; the stretches' lengths.

        A stretch too short to reach an edge of a cell takes the cell in its middle; an empty one has length 0.
        """
        near = np.where(edges == self.length, -(-edges // self._cell), (edges + self._cell // 2) // self._cell)
        middle = np.minimum((edges[1:] + edges[:-1]) // 2, self.length - 1) // self._cell
        some = near[1:] > near[:-1]
        ends = np.array([np.where(some, near[:-1], middle), np.where(some, near[1:], middle + 1)])
        begin, end = np.minimum(ends * self._cell, self.length)
        distinct, places = np.unique(ends, return_inverse=True)
        return distinct, places.reshape(ends.shape), (end - begin) * (edges[1:] > edges[:-1])

    def kept(self, rows: ArrayLike, columns: ArrayLike) -> Bools:
        queries, keys = np.asarray(rows, np.int64), np.asarray(columns, np.int64)
        total = (queries[:, None] == keys) & self.alone[queries][:, None]
        for one in self._bucket_rounds:
            places = one.place[keys]
            for start, stop in one.by_position:
                total |= (start[queries, None] <= places) & (places < stop[queries, None])
        return total

    def reason(self, query: int, key: int) -> str:
        if not self.kept([query], [key])[0, 0]:
            return ""
        return "self" if query == key else "bucket"

    def count(self) -> int:
        """How many pairs are kept. Without a pyramid they are listed, once: half a second for 10 million."""
        return self._count

    @cached_property
    def _count(self) -> int:
        if self.pyramid is not None:
            return int(self.pyramid[-1, -1]) + int(self.alone.sum())
        every = range(self.length)
        return sum(len(queries) for queries, _ in self._pairs(every, every))

    def keys_of(self, query: int) -> Ints:
        found = [np.array([query] if self.alone[query] else [], np.int64)]
        for one in self._bucket_rounds:
            found += [one.order[start[query] : stop[query]].astype(np.int64) for start, stop in one.by_position]
        return np.unique(np.concatenate(found))

    def queries_of(self, key: int) -> Ints:
        found = [np.array([key] if self.alone[key] else [], np.int64)]
        for one in self._bucket_rounds:
            place = one.place[key]
            for start, stop in one.spans:
                readers = slice(np.searchsorted(stop, place, "right"), np.searchsorted(start, place, "right"))
                found.append(one.order[readers].astype(np.int64))
        return np.unique(np.concatenate(found))

    def readers(self, members: Bools) -> Bools:
        total = members & self.alone
        for one in self._bucket_rounds:
            sums = prefix_sums(members[one.order].astype(np.int64))
            for start, stop in one.by_position:
                total = total | (sums[stop] > sums[start])
        return total

    def reached(self, members: Bools) -> Bools:
        total = members & self.alone
        for one in self._bucket_rounds:
            readers = members[one.order]
            for start, stop in one.spans:
                total[one.order[in_any(start[readers], stop[readers], self.length)]] = True
        return total

    def tiles(self, rows: Ints, columns: range) -> Iterator[Tile]:
        """In each round's sorted order the keys of a query are neighbours, and so are a bucket's queries."""
        alone = rows[self.alone[rows]]
        yield from tiles_of_intervals(alone, alone, alone + 1, np.arange(columns.start, columns.stop))
        for number, one in enumerate(self._bucket_rounds):
            places = np.sort(one.place[rows]).astype(np.int64)
            among = np.sort(one.place[columns.start : columns.stop]).astype(np.int64)
            for span in one.stretches:
                start, stop = (end[places].astype(np.int64) for end in span)
                for tile in tiles_of_intervals(places, start, stop, among):
                    yield self._new_in_tile(number, tile)

    def _new_in_tile(self, number: int, tile: Tile) -> Tile:
        """A tile of places as one of positions, less the queries themselves and the pairs of earlier rounds."""
        order = self.rounds[number].order
        rows, columns = order[tile.rows], order[tile.columns]
        kept = np.ones((len(rows), len(columns)), np.bool_) if tile.kept is None else tile.kept
        at_rows, at_columns = np.nonzero(kept)
        queries, keys = rows[at_rows], columns[at_columns]
        seen = queries == keys
        for one in self.rounds[:number]:
            places = one.place[keys]
            for start, length in one.reach:
                seen |= (places - start[queries]).view(np.uint32) < length[queries].view(np.uint32)
        kept[at_rows[seen], at_columns[seen]] = False
        return Tile(rows, columns, kept)

    def build_pyramid(self, cells: int = 4096) -> NDArray[Any]:
        """Counts of "bucket" for views too wide to list their pairs; hand it to ``hashed_chunks(..., pyramid=…)``.

        Entry [a, b] is the number of pairs with query < a·cell and key < b·cell, cell = ⌈n / cells⌉; uint32 (uint64
        beyond 2³² pairs), at most [cells + 1, cells + 1]. Takes a second or so for every 20 million pairs.
        """
        cell = max(1, -(-self.length // cells))
        size = -(-self.length // cell)
        number = np.arange(self.length) // cell
        counts = np.zeros(size * size, np.uint32)
        every = range(self.length)
        for queries, keys in self.only(["bucket"])._pairs(every, every):
            where = number.take(queries)
            where *= size
            where += number.take(keys)
            np.add.at(counts, where, np.uint32(1))
        kind = np.uint32 if int(counts.sum(dtype=np.int64)) < 2**32 else np.uint64
        table = np.zeros((size + 1, size + 1), kind)
        table[1:, 1:] = counts.reshape(size, size)
        np.cumsum(table, 0, out=table)
        return np.cumsum(table, 1, out=table)


def _extent(edges: Ints) -> range:
    """What lies between the first edge and the last."""
    return range(int(edges[0]), int(edges[-1]))


def hashed_chunks(
    labels: ArrayLike,
    order: ArrayLike,
    chunk_length: int,
    causal: bool,
    look_back: int = 1,
    ring: bool = False,
    pyramid: NDArray[Any] | None = None,
) -> HashedChunks:
    """Labels [round, n] and order [round, places] of a run -> the pairs it keeps, as a union over rounds.

    ``labels`` is the bucket of each token; ``order`` the original position at each place, sorted by (bucket,
    position), with padding (−1 or ≥ n) behind the tokens; tokens that are left out are padding too, and keep nothing.
    The query at a place of chunk c keeps the keys of its
    bucket in chunks c − ``look_back`` … c (in a ``ring``, chunk 0 also looks at the last); if causal, only earlier
    positions. It keeps itself only where no round gives it another target. ``pyramid`` is what ``build_pyramid``
    returned for the same pattern. ValueError where the order is not as described.
    """
    buckets, orders = (np.atleast_2d(np.asarray(given)) for given in (labels, order))
    if buckets.dtype.kind not in "iu" or orders.dtype.kind != "i":
        buckets, orders = buckets.astype(np.int64), orders.astype(np.int64)
    if len(buckets) != len(orders) or chunk_length < 1 or look_back < 0:
        raise ValueError(
            f"expected as many labels as orders, chunks of 1 or more, look_back of 0 or more; got {buckets.shape}, "
            f"{orders.shape}, {chunk_length}, {look_back}"
        )
    rounds = tuple(
        Round.of(label, places, chunk_length, causal, look_back, ring)
        for label, places in zip(buckets, orders, strict=True)
    )
    return HashedChunks(buckets.shape[1], causal, rounds, pyramid)
