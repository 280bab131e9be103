"""The two sets of keys of a factorised attention, at O(n·(l + n/l)) (Child et al. 2019, section 4.2).

Strided: a window of the last l + 1 tokens, and every l-th token before. Positions that share their rest mod l form
lanes in which the second set is plain causal attention: the transposition that the paper describes. Fixed: the stretch
of l tokens that a token stands in, and the last c tokens, the summary, of each stretch before. Where both sets are
merged, a pair in both is computed once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Literal

from engines.tiles import Lattice, Stairs, Tile, attend_tiles, tile_gradients
from engines.trace import Pairs, Recorder
from engines.windowed import Window, computed_pairs, window_attention, window_gradients
from engines.words import english

if TYPE_CHECKING:
    import torch
    from torch import Tensor

    Triple = tuple[Tensor, Tensor, Tensor]
else:
    from engines.lazy_torch import torch

Sets = Literal["both", "first", "second"]
ROWS_AT_ONCE = 4096  # of all lanes of a tile together: their temporaries stay in the cache
PLACES_AT_ONCE = 256  # rows of a lane: half of a triangle is computed in vain; what is before it is a rectangle


@dataclass(frozen=True)
class Span:
    """``queries`` positions from ``offset`` on, which look at the positions below ``keys``."""

    queries: int
    keys: int
    offset: int = 0

    @property
    def stop(self) -> int:
        return self.offset + self.queries


@dataclass(frozen=True)
class Lanes:
    """Equal lanes of positions start + lane·lane_step + place·step. Queries at places first … last − 1 of each lane
    read the places below keys that are ``skip`` or more places before them."""

    start: int
    lanes: int
    lane_step: int
    step: int
    first: int
    last: int
    keys: int
    skip: int

    def tiles(self, offset: int) -> Iterator[Tile]:
        """Blocks of rows: all that every row sees as a rectangle, the rest as a triangle; one tile where that is
        short. ``offset`` is the position of the first query."""
        first = max(self.first, self.skip)
        if self.keys <= 0 or first >= self.last:
            return
        height = min(max(PLACES_AT_ONCE, (self.last - first) // 32), ROWS_AT_ONCE)  # long lanes lose little
        if self.last - first <= height * 3 // 2:
            height = self.last - first
        width = max(1, ROWS_AT_ONCE // height)
        for lane in range(0, self.lanes, width):
            lanes = min(width, self.lanes - lane)
            for top in range(first, self.last, height):
                bottom = min(top + height, self.last)
                rows = self._lattice(lane, lanes, top, bottom, offset)
                seen, stop = top - self.skip, min(self.keys, bottom - self.skip)  # before row `top` itself; by the last
                if seen > height // 2:
                    yield Tile(rows, self._lattice(lane, lanes, 0, min(seen, stop), 0))
                    if seen < stop:
                        yield Tile(rows, self._lattice(lane, lanes, seen, stop, 0), Stairs(1))
                else:
                    yield Tile(rows, self._lattice(lane, lanes, 0, stop, 0), Stairs(seen + 1))

    def _lattice(self, lane: int, lanes: int, first: int, last: int, offset: int) -> Lattice:
        start = self.start + lane * self.lane_step + first * self.step - offset
        return Lattice(start, last - first, self.step, lanes, self.lane_step)


def stride_tiles(stride: int, skip: int, span: Span) -> Iterator[Tile]:
    """Pairs whose distance is a multiple of the stride, of ``skip`` strides or more: a lane for each rest."""
    edges = sorted({0, stride, *(position % stride for position in (span.offset, span.stop, span.keys))})
    for start, stop in pairwise(edges):  # rests whose lanes are equally long
        first, last, keys = (-(-(position - start) // stride) for position in (span.offset, span.stop, span.keys))
        yield from Lanes(start, stop - start, 1, stride, max(0, first), last, keys, skip).tiles(span.offset)


def block_tiles(length: int, span: Span, first_place: int = 0) -> Iterator[Tile]:
    """Pairs within one block of ``length`` positions, from its ``first_place`` on: a lane for each block."""
    start = span.offset
    while start < span.stop:
        block = start - start % length
        blocks = max(0, min(span.stop, span.keys) - start) // length if start == block else 0
        places = (start - block, min(span.stop - block, length), min(span.keys - block, length))
        if blocks:
            places = (0, length, length)
        first, last, keys = (max(0, place - first_place) for place in places)
        yield from Lanes(block + first_place, max(1, blocks), length, 1, first, last, keys, 0).tiles(span.offset)
        start = block + max(1, blocks) * length


def summary_tiles(length: int, summary: int, span: Span) -> Iterator[Tile]:
    """Queries with the summaries of the blocks before their own; columns count summary tokens only."""
    known = summary_count(length, summary, span.keys)
    height = min(max(512, span.queries // 16), ROWS_AT_ONCE)
    for top in range(max(span.offset, length), span.stop if known else 0, height):
        bottom = min(top + height, span.stop)
        rows = Lattice(top - span.offset, bottom - top)
        whole, stop = (top // length - 1) * summary, min(known, (bottom - 1) // length * summary)
        if whole:
            yield Tile(rows, Lattice(0, min(whole, stop)))
        if whole < stop:
            yield Tile(rows, Lattice(whole, stop - whole), Stairs(summary, summary, length, top % length))


def summary_count(length: int, summary: int, keys: int) -> int:
    """How many of the first ``keys`` positions are among the last ``summary`` of their block."""
    return keys // length * summary + max(0, keys % length - (length - summary))


def summary_positions(length: int, summary: int, keys: int, like: Tensor) -> Tensor:
    """Their positions, rising."""
    number = torch.arange(summary_count(length, summary, keys), device=like.device)
    return number.div(summary, rounding_mode="floor") * length + number % summary + (length - summary)


@dataclass(frozen=True)
class Strided:
    """``local`` steps back in the window, then every ``stride``-th key."""

    stride: int
    local: int
    names = (english("local"), english("stride"))

    def far(self, sets: Sets, span: Span) -> Iterator[Tile]:
        """The second set, without what the first has already."""
        return stride_tiles(self.stride, self.local // self.stride + 1 if sets == "both" else 0, span)

    def run_first(self, q_k_v: Triple, span: Span, out: Tensor, z: Tensor, between: Callable[[], None]) -> None:
        windows = [Window(self.local, 0).clipped(max(span.stop, span.keys))] * out.shape[0]
        window_attention(*q_k_v, windows, span.offset, out, z, between)

    def run_second(
        self, q_k_v: Triple, sets: Sets, span: Span, out: Tensor, z: Tensor, between: Callable[[], None]
    ) -> None:
        attend_tiles(self.far(sets, span), *q_k_v, out, z, between)

    def gradients(self, q_k_v: Triple, sets: Sets, span: Span, saved: Triple, grads: Triple) -> None:
        if sets != "second":
            windows = [Window(self.local, 0).clipped(max(span.stop, span.keys))] * saved[0].shape[0]
            window_gradients(*q_k_v, windows, span.offset, *saved, grads)
        if sets != "first":
            tile_gradients(self.far(sets, span), *q_k_v, *saved, grads)

    def computed(self, sets: Sets, span: Span) -> int:
        window = Window(self.local, 0).clipped(max(span.stop, span.keys))
        near = computed_pairs(window, span.queries, span.keys, span.offset) if sets != "second" else 0
        return near + sum(tile.scores for tile in self.far(sets, span) if sets != "first")


@dataclass(frozen=True)
class Fixed:
    """Blocks of ``stride`` positions, of which the last ``summary`` are read by all later ones."""

    stride: int
    summary: int
    names = (english("block"), english("summary"))

    def near(self, sets: Sets, span: Span) -> Iterator[Tile]:
        """Own block: all of it, or for the second set alone its summary."""
        return block_tiles(self.stride, span, self.stride - self.summary if sets == "second" else 0)

    def run_first(self, q_k_v: Triple, span: Span, out: Tensor, z: Tensor, between: Callable[[], None]) -> None:
        attend_tiles(self.near("first", span), *q_k_v, out.zero_(), z.fill_(float("-inf")), between)

    def run_second(
        self, q_k_v: Triple, sets: Sets, span: Span, out: Tensor, z: Tensor, between: Callable[[], None]
    ) -> None:
        q, k, v = q_k_v
        if sets == "second":
            attend_tiles(self.near(sets, span), q, k, v, out, z, between)
        index = summary_positions(self.stride, self.summary, span.keys, q)
        few = (k.index_select(1, index), v.index_select(1, index))
        attend_tiles(summary_tiles(self.stride, self.summary, span), q, *few, out, z, between)

    def gradients(self, q_k_v: Triple, sets: Sets, span: Span, saved: Triple, grads: Triple) -> None:
        q, k, v = q_k_v
        tile_gradients(self.near(sets, span), q, k, v, *saved, grads)
        if sets == "first":
            return
        index = summary_positions(self.stride, self.summary, span.keys, q)
        few = (k.index_select(1, index), v.index_select(1, index))
        into = (grads[0], torch.zeros_like(few[0]), torch.zeros_like(few[1]))
        tile_gradients(summary_tiles(self.stride, self.summary, span), q, *few, *saved, into)
        grads[1].index_add_(1, index, into[1])
        grads[2].index_add_(1, index, into[2])

    def computed(self, sets: Sets, span: Span) -> int:
        far = summary_tiles(self.stride, self.summary, span) if sets != "first" else ()
        return sum(tile.scores for tile in (*self.near(sets, span), *far))


@dataclass(frozen=True)
class Factorised:
    """A whole run: the scheme, groups of heads with their sets, keys per batch item, the first query's position."""

    scheme: Strided | Fixed
    heads: tuple[tuple[slice, Sets], ...]
    key_counts: tuple[int, ...]
    offset: int

    def run(self, q: Tensor, k: Tensor, v: Tensor, record: Recorder) -> tuple[Tensor, Tensor]:
        output = torch.empty(q.shape, dtype=q.dtype, device=q.device)
        normaliser = torch.empty(q.shape[:3], dtype=torch.promote_types(q.dtype, torch.float32), device=q.device)
        first, second = self.scheme.names
        with record.phase(first):
            for sets, span, q_k_v, (out, z) in self._parts((q, k, v), (output, normaliser)):
                if sets == "second":
                    out.zero_()
                    z.fill_(float("-inf"))
                else:
                    self.scheme.run_first(q_k_v, span, out, z, record.check_cancelled)
        record.step("first set", lambda: Pairs((first,)))
        with record.phase(second):
            for sets, span, q_k_v, (out, z) in self._parts((q, k, v), (output, normaliser)):
                if sets != "first":
                    self.scheme.run_second(q_k_v, sets, span, out, z, record.check_cancelled)
        record.step("second set", lambda: Pairs((first, second)))
        return output, normaliser

    def add_gradients(self, q_k_v: Triple, output: Tensor, normaliser: Tensor, grad: Tensor, grads: Triple) -> None:
        saved = (output, normaliser, grad, grads[0])
        for (sets, span, parts, (out, z, through, into_q)), (*_, into, _rows) in zip(
            self._parts(q_k_v, saved), self._parts(grads, saved), strict=True
        ):
            self.scheme.gradients(parts, sets, span, (out, z, through), (into_q, into[1], into[2]))

    def _parts(
        self, q_k_v: Triple, by_row: tuple[Tensor, ...]
    ) -> Iterator[tuple[Sets, Span, Triple, tuple[Tensor, ...]]]:
        """Each batch item and group of heads: its sets, its span, q, k, v without padding, and what has a row each."""
        for item, keys in enumerate(self.key_counts):
            for heads, sets in self.heads:
                q, k, v = (x[item, heads] for x in q_k_v)
                span = Span(q.shape[1], keys, self.offset)
                yield sets, span, (q, k[:, :keys], v[:, :keys]), tuple(x[item, heads] for x in by_row)
