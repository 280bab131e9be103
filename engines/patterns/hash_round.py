"""One round of hashing, sorted and cut into chunks: the keys of a query are index intervals in the sorted order."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engines.patterns.crossings import prefix_sums
from engines.patterns.pattern import Bools, Ints

Places = NDArray[np.int32]
AnyInts = NDArray[np.signedinteger[Any]]
Ends = list[tuple[AnyInts, AnyInts]]


@dataclass(frozen=True, eq=False, repr=False)
class Round:
    """One round of hashing in sorted order. A place is an index into that order; padding lies behind the tokens.

    ``spans`` are (start, stop) [token places]: the query at place p keeps the tokens at start_p … stop_p − 1 of each
    span. Spans are disjoint, never hold p itself, and no end ever moves back. Tokens that are padding in their batch
    come last in ``order``, with empty spans.
    """

    places: int  # padding included
    tokens: int  # tokens that are none
    order: Ints  # original position at each place, of every token
    place: Places  # place of each original position
    spans: tuple[tuple[Places, Places], ...]

    @classmethod
    def of(cls, labels: AnyInts, order: AnyInts, chunk_length: int, causal: bool, look_back: int, ring: bool) -> Round:
        n = len(labels)
        place, tokens = _inverse(order, n)
        count = len(tokens)
        bucket_start, bucket_stop = _buckets(labels[tokens], tokens)
        here = np.arange(n, dtype=np.int32)
        some = here[:count]
        chunks = -(-len(order) // chunk_length)
        look_back = min(look_back, chunks - 1)
        chunk = some // chunk_length
        start = here.copy()
        np.maximum(bucket_start, (chunk - look_back) * chunk_length, out=start[:count])
        spans = [(start, here)]
        if not causal:
            stop = here + np.int32(1)
            chunk_stop = np.minimum((chunk + 1) * chunk_length, n).astype(np.int32)
            np.maximum(np.minimum(bucket_stop, chunk_stop), stop[:count], out=stop[:count])
            spans.append((here + np.int32(1), stop))
            if ring:  # the last chunks, behind, where a bucket reaches from here to there
                around, end = np.full(n, n, np.int32), np.full(n, n, np.int32)
                first = int(np.searchsorted(chunk, look_back))
                end[:first] = bucket_stop[:first]
                around[:first] = np.minimum((chunk[:first] + chunks - look_back) * chunk_length, bucket_stop[:first])
                spans.append((around, end))
        missing = np.flatnonzero(place < 0)
        place[missing] = here[count:]
        return cls(
            len(order), count, np.concatenate([tokens, missing]).astype(np.int64, copy=False), place, tuple(spans)
        )

    @cached_property
    def alone(self) -> Bools:
        """Which original positions have no target but themselves; padding is nobody's target, its own neither."""
        alone = np.ones(len(self.order), np.bool_)
        alone[self.tokens :] = False
        for start, stop in self.spans:
            alone &= start >= stop
        return alone[self.place]

    @cached_property
    def by_position(self) -> tuple[tuple[Places, Places], ...]:
        """The spans by the query's original position."""
        return tuple((start[self.place], stop[self.place]) for start, stop in self.spans)

    @cached_property
    def targets_before(self) -> tuple[Ints, ...]:
        """Per span, how many targets the queries before each position have together: [n + 1]."""
        return tuple(prefix_sums(stop - start) for start, stop in self.by_position)

    @property
    def stretches(self) -> tuple[tuple[Places, Places], ...]:
        """The spans by place, as ``spans``; those that the query's own place alone separates as one, with itself."""
        (start, stop), *others = self.spans
        return ((start, others[0][1] if others else stop), *others[1:])

    @cached_property
    def reach(self) -> tuple[tuple[Places, Places], ...]:
        """(start, length) by the query's original position, as ``by_position``, but may hold the query itself.

        Spans that the query's own place alone separates are one: fewer to look at for pairs of two positions.
        """
        (start, _), *others = self.by_position
        stop = others[0][1] if others else self.by_position[0][1]
        return (start, stop - start), *((first, last - first) for first, last in others[1:])


def _inverse(order: AnyInts, n: int) -> tuple[Places, AnyInts]:
    """The place of each position, −1 where it has none, and the tokens in order; ValueError where that is no order."""
    tokens = order[: np.count_nonzero((order >= 0) & (order < n))]
    place = np.full(n, -1, np.int32)
    here = np.arange(len(tokens), dtype=np.int32)
    among = (tokens >= 0) & (tokens < n)
    place[tokens[among]] = here[among]
    if not among.all() or (place[tokens] != here).any():
        raise ValueError(f"expected an order of up to {n} tokens, each once, then padding; got {order}")
    return place, tokens


def _buckets(sorted_labels: AnyInts, tokens: AnyInts) -> tuple[Places, Places]:
    """Where the bucket at each place begins and ends; ValueError where the order is not by bucket, then position."""
    if not len(tokens):
        return np.zeros(0, np.int32), np.zeros(0, np.int32)
    rises = sorted_labels[1:] > sorted_labels[:-1]
    equal = sorted_labels[1:] == sorted_labels[:-1]
    if not (rises | (equal & (tokens[1:] > tokens[:-1]))).all():
        raise ValueError("expected an order by bucket, then by position")
    ends = np.concatenate([[0], np.flatnonzero(rises) + 1, [len(tokens)]]).astype(np.int32)
    sizes = np.diff(ends)
    return ends[:-1].repeat(sizes), ends[1:].repeat(sizes)


@dataclass(frozen=True, eq=False, repr=False)
class VisibleKeys:
    """A round's sorted order with only the keys of some columns in it."""

    round: Round
    keys: Ints
    below: Ints | None = None  # how many of them stand before each place
    places: Places | None = None  # where they stand, if they are few

    @classmethod
    def of(cls, one: Round, columns: range) -> VisibleKeys:
        if len(columns) == len(one.order):
            return cls(one, one.order)
        if len(columns) > len(one.order) // 64:
            within = (one.order >= columns.start) & (one.order < columns.stop)
            return cls(one, one.order[within], below=prefix_sums(within))
        places = np.sort(one.place[columns.start : columns.stop])
        return cls(one, one.order[places], places=places)

    def spans(self, rows: slice) -> Ends:
        """The spans of some queries, by position, among these keys."""
        ends = [(start[rows], stop[rows]) for start, stop in self.round.by_position]
        if self.below is not None:
            below = self.below
            return [(below[start], below[stop]) for start, stop in ends]
        if self.places is not None:
            places = self.places
            return [(np.searchsorted(places, start), np.searchsorted(places, stop)) for start, stop in ends]
        return list(ends)
