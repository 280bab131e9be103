"""Buckets of a hash, sorted and cut into chunks: the pairs that Reformer keeps (Kitaev et al. 2020, section 2).

In the order sorted by (bucket, position), the keys of a query are an index interval, so that every question about the
pattern is asked there and carried back to original positions. The union over rounds counts each pair in the first
round that has it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from engines.patterns.crossings import prefix_sums, ragged
from engines.patterns.intervals import Intervals
from engines.patterns.pattern import Bools, Floats, Grid, Ints, Pattern, Pieces

Places = NDArray[np.int32]
PAIRS_AT_ONCE = 1 << 20


@dataclass(frozen=True, eq=False)
class Round:
    """One round of hashing in sorted order. A place is an index into that order; padding lies behind the tokens.

    ``spans`` are (start, stop) [token places]: the query at place p keeps the tokens at start_p … stop_p − 1 of each
    span. Spans are disjoint, never hold p itself, and no end ever moves back.
    """

    places: int  # padding included
    order: Places  # original position at each place, padding left out
    place: Places  # place of each original position
    spans: tuple[tuple[Places, Places], ...]

    @classmethod
    def of(cls, labels: Ints, order: Ints, chunk_length: int, causal: bool, look_back: int, ring: bool) -> Round:
        n = len(labels)
        tokens = order[(order >= 0) & (order < n)]
        if len(tokens) != n or (order[:n] != tokens).any() or (np.bincount(tokens, minlength=n) != 1).any():
            raise ValueError(f"expected an order of {n} tokens, each once, then padding; got {order}")
        sorted_labels = labels[tokens]
        steps = np.diff(sorted_labels)
        if (steps < 0).any() or (np.diff(tokens)[steps == 0] < 0).any():
            raise ValueError("expected an order by bucket, then by position")
        here = np.arange(n)
        chunk = here // chunk_length
        chunks = -(-len(order) // chunk_length)
        look_back = min(look_back, chunks - 1)
        bucket_start = np.searchsorted(sorted_labels, sorted_labels)
        start = np.maximum(bucket_start, (chunk - look_back) * chunk_length)
        spans = [(start, here)]
        if not causal:
            bucket_stop = np.searchsorted(sorted_labels, sorted_labels, "right")
            spans.append((here + 1, np.maximum(np.minimum(bucket_stop, (chunk + 1) * chunk_length), here + 1)))
            if ring:  # the last chunks, behind, where a bucket reaches from here to there
                wrapped = np.minimum((chunk + chunks - look_back) * chunk_length, bucket_stop)
                first = chunk < look_back
                spans.append((np.where(first, wrapped, n), np.where(first, bucket_stop, n)))
        place = np.empty(n, np.int32)
        place[tokens] = here
        narrow = tuple((first.astype(np.int32), stop.astype(np.int32)) for first, stop in spans)
        return cls(len(order), tokens.astype(np.int32), place, narrow)

    @cached_property
    def alone(self) -> Bools:
        """Which original positions have no target but themselves."""
        targets = np.zeros(len(self.order), np.bool_)
        for start, stop in self.spans:
            targets |= start < stop
        return ~targets[self.place]

    @cached_property
    def by_position(self) -> tuple[tuple[Places, Places], ...]:
        """The spans by the query's original position."""
        return tuple((start[self.place], stop[self.place]) for start, stop in self.spans)


@dataclass(frozen=True, eq=False)
class HashedChunks(Pattern):
    """The union over rounds, in original order. Pieces "bucket" and "self" (a query without any other target)."""

    length: int
    causal: bool
    rounds: tuple[Round, ...]
    pyramid: NDArray[np.uint32] | None = None
    pieces: tuple[str, ...] = ("bucket", "self")

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

    def round(self, index: int) -> HashedChunks:
        """One round by itself, in original order: "self" is who has no other target in this round."""
        return HashedChunks(self.length, self.causal, (self.rounds[index],))

    def sorted_round(self, index: int) -> Pieces:
        """The pairs of ``round(index)`` between places of the sorted order, padding included."""
        one = self.rounds[index]
        padding = np.full(one.places - self.length, self.length)
        here = np.arange(self.length)
        spans = [("bucket", *span) for span in one.spans] + [("self", here, here + one.alone[one.order])]
        parts = []
        for name, start, stop in spans:
            ends = (np.concatenate([end.astype(np.int64), padding]) for end in (start, stop))
            parts.append(Intervals(name, one.places, *ends))
        return Pieces(one.places, one.places, self.causal, tuple(parts))

    def only(self, names: Iterable[str]) -> HashedChunks:
        wanted = set(names)
        return replace(self, pieces=tuple(name for name in self.pieces if name in wanted), pyramid=None)

    def _pairs(self, rows: range, columns: range) -> Iterator[tuple[Ints, Ints]]:
        """Every kept pair (query, key) of the rectangle once, in blocks."""
        yield (alone := np.flatnonzero(self.alone[rows.start : rows.stop]) + rows.start), alone
        for number, one in enumerate(self._bucket_rounds):
            visible = np.sort(one.place[columns.start : columns.stop])
            for start, stop in one.by_position:
                first = np.searchsorted(visible, start[rows.start : rows.stop])
                last = np.searchsorted(visible, stop[rows.start : rows.stop])
                sums = prefix_sums(last - first)
                cuts = np.searchsorted(sums, np.arange(0, sums[-1] + PAIRS_AT_ONCE, PAIRS_AT_ONCE))
                for low, high in pairwise(cuts):
                    index, found = ragged(first[low:high], last[low:high])
                    queries, keys = index + (rows.start + low), one.order[visible[found]].astype(np.int64)
                    new = ~self._in_earlier(number, queries, keys)
                    yield queries[new], keys[new]

    def _in_earlier(self, number: int, queries: Ints, keys: Ints) -> Bools:
        """Which of these pairs a round before ``number`` has."""
        seen = np.zeros(len(queries), np.bool_)
        for one in self.rounds[:number]:
            places = one.place[keys]
            for start, stop in one.by_position:
                seen |= (start[queries] <= places) & (places < stop[queries])
        return seen

    def coverage(self, row_edges: ArrayLike, column_edges: ArrayLike) -> Floats:
        grid = Grid.of(row_edges, column_edges, self.queries, self.keys)
        rows, columns = grid.shape
        counts = np.zeros(rows * columns, np.int64)
        row_of = np.searchsorted(grid.row_edges, np.arange(self.length), "right") - 1
        column_of = np.searchsorted(grid.column_edges, np.arange(self.length), "right") - 1
        visible = (range(grid.row_edges[0], grid.row_edges[-1]), range(grid.column_edges[0], grid.column_edges[-1]))
        for queries, keys in self._pairs(*visible):
            inside = (keys >= grid.column_edges[0]) & (keys < grid.column_edges[-1])
            pixels = row_of[queries[inside]] * columns + column_of[keys[inside]]
            counts += np.bincount(pixels, minlength=rows * columns)
        return grid.shares_of(counts.reshape(rows, columns))

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

    def build_pyramid(self, cells: int = 4096) -> NDArray[np.uint32]:
        """Counts for views too wide to list their pairs: uint32, hand it to ``hashed_chunks(..., pyramid=…)``.

        Takes about a second per 50 million pairs. Entry [a, b] is the number of pairs with query < a·cell and
        key < b·cell, where cell = ⌈n / cells⌉.
        """
        cell = max(1, -(-self.length // cells))
        edges = np.minimum(np.arange(-(-self.length // cell) + 1) * cell, self.length)
        size = len(edges) - 1
        counts = np.zeros(size * size, np.uint32)
        every = range(self.length)
        for queries, keys in self._pairs(every, every):
            np.add.at(counts, queries // cell * size + keys // cell, np.uint32(1))
        table = np.zeros((size + 1, size + 1), np.uint32)
        table[1:, 1:] = counts.reshape(size, size).cumsum(0, dtype=np.uint32).cumsum(1, dtype=np.uint32)
        return table


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
    position), with padding (−1 or ≥ n) behind the tokens. The query at a place of chunk c keeps the keys of its
    bucket in chunks c − ``look_back`` … c (in a ``ring``, chunk 0 also looks at the last); if causal, only earlier
    positions. It keeps itself only where no round gives it another target. ``pyramid`` is what ``build_pyramid``
    returned for the same pattern. ValueError where the order is not as described.
    """
    buckets, orders = np.atleast_2d(np.asarray(labels)), np.atleast_2d(np.asarray(order))
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
