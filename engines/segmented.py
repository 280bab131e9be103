"""Attention segment by segment over cached keys and values, in blocks, at O(n·(segment + memory)) time.

A query of the segment that starts at s reads the keys from s − memory on, up to itself (Dai et al. 2019, section 3.2).
Segments shorter than a block are read together, their stretches of keys as overlapping strided views; longer ones in
blocks of rows, each with the keys up to its last row alone. No gradient flows into the keys and values that a segment
takes from before its start.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from engines.fused import fused_attention, merge
from engines.relative_positions import ShiftedTable

if TYPE_CHECKING:
    import torch
    from torch import Tensor
else:
    from engines.lazy_torch import torch

ROWS_AT_ONCE = 2048
BLOCK = 256  # rows whose scores are written out
VALUES_AT_ONCE = 5 << 19  # of scores, 10 MB in float32: they stay in the processor's cache
KERNEL_ROWS = 256  # of the fused causal kernel, which skips what lies above its blocks of rows


@dataclass(frozen=True)
class Layout:
    """Segments of ``length`` positions counted from key ``origin`` on; the first query stands at key ``offset``."""

    length: int
    memory: int
    origin: int = 0
    offset: int = 0

    def start(self, position: int) -> int:
        """Where the segment of a position starts."""
        return position - (position - self.origin) % self.length

    def low(self, position: int) -> int:
        """The first key that a query at a position reads."""
        return max(0, self.start(position) - self.memory)

    def longest_distance(self, queries: int) -> int:
        """The most that a query and a key it may read are apart."""
        last = self.offset + queries - 1
        return min(last, self.length + self.memory - 1) if queries else 0


@dataclass(frozen=True)
class Tile:
    """``blocks`` equal blocks of neighbouring queries; the first block's ``rows`` and ``keys``, the next ones as many
    rows further on.

    Query a of a block stands at column ``diagonal`` + a of its keys and sees none after it. Columns from ``own`` on
    are of the block's own segment.
    """

    rows: range
    keys: range
    blocks: int
    diagonal: int
    own: int

    @property
    def block(self) -> int:
        return len(self.rows)

    def queries(self, q: Tensor) -> Tensor:
        """[head, position, …] -> [head, block, row, …]; a view."""
        start = self.rows.start
        return q[:, start : start + self.blocks * self.block].unflatten(1, (self.blocks, self.block))

    def stretches(self, k: Tensor) -> Tensor:
        """[head, position, feature] -> [head, block, column, feature]; an overlapping view."""
        keys = k[:, self.keys.start : self.keys.stop + (self.blocks - 1) * self.block]
        return keys.unfold(1, len(self.keys), self.block).transpose(-1, -2)

    @property
    def table(self) -> ShiftedTable:
        return ShiftedTable(self.block, len(self.keys), self.diagonal)

    @property
    def by_kernel(self) -> bool:
        """Whether the block is long enough for the fused causal kernel, which needs no bias."""
        return self.blocks == 1 and self.block > BLOCK

    @property
    def pairs(self) -> int:
        """Pairs of one head computed, those that are masked included."""
        if not self.by_kernel:
            return self.blocks * self.block * len(self.keys)
        before = min(self.diagonal, len(self.keys))
        after = len(self.keys) - before
        return sum(before + min(after, row // KERNEL_ROWS * KERNEL_ROWS + KERNEL_ROWS) for row in range(self.block))


def tiles(layout: Layout, queries: int, keys: int, block: int, whole_segments: bool) -> Iterator[Tile]:
    """All queries that read a key, in order, in blocks of at most ``block`` rows.

    Segments up to a block long go together while none of their keys is missing. Without ``whole_segments``, rows of
    several segments that all read from the first key on share a block.
    """
    row = 0
    while row < queries:
        position = row + layout.offset
        start, low = layout.start(position), layout.low(position)
        end = start + layout.length
        if low == 0 and not whole_segments:
            end = max(end, layout.start(layout.memory) + layout.length)
        stop = min(queries, end - layout.offset, row + block)
        complete = (min(queries, keys - layout.offset) - row) // layout.length
        whole = position == start and stop - row == layout.length and layout.length <= BLOCK
        if whole and start >= layout.memory and complete > 1:
            values = layout.length * (layout.memory + layout.length)
            blocks = min(complete, max(1, min(ROWS_AT_ONCE // layout.length, VALUES_AT_ONCE // values)))
        else:
            blocks = 1
        if low < keys:
            read = range(low, min(keys, stop + layout.offset))
            yield Tile(range(row, stop), read, blocks, position - low, min(start - low, len(read)))
        row = stop + (blocks - 1) * layout.length


def rows_that_fit(layout: Layout, queries: int) -> int:
    """Rows whose scores, of one head, stay in the cache."""
    return max(16, min(BLOCK, VALUES_AT_ONCE // (layout.longest_distance(queries) + BLOCK) // 16 * 16))


@dataclass(frozen=True)
class Relative:
    """What the relative terms need, per head: r with its distances falling, [head, distance, feature]; u and v
    [head, feature]."""

    falling: Tensor
    content_bias: Tensor
    position_bias: Tensor

    @classmethod
    def of(cls, relative_key: Tensor, content_bias: Tensor, position_bias: Tensor, distances: int) -> Relative:
        return cls(relative_key[:, :distances].flip(1), content_bias, position_bias)

    def heads(self, heads: slice) -> Relative:
        return Relative(self.falling[heads], self.content_bias[heads], self.position_bias[heads])

    def content(self, q: Tensor) -> Tensor:
        """q + u, [head, block, row, feature]."""
        return q + self.content_bias[:, None, None]

    def position(self, q: Tensor) -> Tensor:
        """q + v, [head, block · row, feature]."""
        return q.flatten(1, 2) + self.position_bias[:, None]

    def distances(self, count: int) -> Tensor:
        """r for the distances count − 1 … 0."""
        return self.falling[:, self.falling.shape[1] - count :]

    def scores(self, tile: Tile, q: Tensor, memory: Tensor) -> Tensor:
        """(q_i + v)·r_{i−j}/√d, −inf where a key comes after its query: [head, block, row, column], in ``memory``."""
        table, heads = tile.table, q.shape[0]
        into = table.by_distance(memory, heads, tile.blocks)
        r = self.distances(table.distances).transpose(1, 2)
        scaled = self.position(q) * q.shape[-1] ** -0.5
        if tile.blocks == 1:
            torch.bmm(scaled, r, out=into[:, 0])
        else:
            into.copy_((scaled @ r).unflatten(1, (tile.blocks, tile.block)))
        scores = table.by_key(memory, heads, tile.blocks)
        return hide_later_keys(scores, tile)


def hide_later_keys(scores: Tensor, tile: Tile) -> Tensor:
    """−inf where a key comes after its query, in place: [head, block, row, column]."""
    after = len(tile.keys) - tile.diagonal - 1
    if after > 0:
        hidden = torch.ones(tile.block, after, dtype=torch.bool, device=scores.device).triu()
        scores[..., tile.diagonal + 1 :].masked_fill_(hidden, float("-inf"))
    return scores


def heads_at_once(tile: Tile, heads: int) -> Iterator[slice]:
    """Heads in groups whose scores stay in the cache together."""
    size = max(1, VALUES_AT_ONCE // tile.table.values(tile.blocks))
    return (slice(start, min(start + size, heads)) for start in range(0, heads, size))


def table_memory(layout: Layout, queries: int, keys: int, block: int, whole_segments: bool, like: Tensor) -> Tensor:
    """One buffer for the relative scores of any tile."""
    heads = like.shape[0]
    largest = 0
    for tile in tiles(layout, queries, keys, block, whole_segments):
        group = next(iter(heads_at_once(tile, heads)))
        largest = max(largest, (group.stop - group.start) * tile.table.values(tile.blocks))
    return torch.empty(largest, dtype=like.dtype, device=like.device)


def segment_attention(
    q: Tensor, k: Tensor, v: Tensor, layout: Layout, relative: Relative | None, output: Tensor, normaliser: Tensor,
    between: Callable[[], None],
) -> None:  # fmt: skip
    """Fill ``output`` [head, query, feature] and ``normaliser`` [head, query].

    q [head, query, feature], k and v [head, key, feature]. A query that has no key gets 0 and −inf. ``between`` is
    called between blocks.
    """
    queries, keys = q.shape[1], k.shape[1]
    block = rows_that_fit(layout, queries) if relative else ROWS_AT_ONCE
    memory = table_memory(layout, queries, keys, block, False, q) if relative else q
    done = 0
    for tile in tiles(layout, queries, keys, block, whole_segments=False):
        between()
        for heads in heads_at_once(tile, q.shape[0]) if relative else (slice(None),):
            q_, out, z = (tile.queries(x[heads]) for x in (q, output, normaliser))
            k_, v_ = (tile.stretches(x[heads]) for x in (k, v))
            if relative is not None:
                one = relative.heads(heads)
                part = fused_attention(one.content(q_), k_, v_, one.scores(tile, q_, memory))
            else:
                part = _rotary_tile(tile, q_, k_, v_)
            out.copy_(part[0])
            z.copy_(part[1])
        done = tile.rows.start + tile.blocks * tile.block
    output[:, done:] = 0
    normaliser[:, done:] = float("-inf")


def _rotary_tile(tile: Tile, q: Tensor, k: Tensor, v: Tensor) -> tuple[Tensor, Tensor]:
    """Attention of a tile whose positions are in q and k already: [head, block, row, feature]."""
    if not tile.by_kernel:
        bias = torch.zeros(1, 1, tile.block, len(tile.keys), dtype=q.dtype, device=q.device)
        return fused_attention(q, k, v, hide_later_keys(bias, tile))
    before = min(tile.diagonal, len(tile.keys))
    parts = []
    if before:
        parts.append(fused_attention(q, k[:, :, :before], v[:, :, :before]))
    if before < len(tile.keys):
        parts.append(fused_attention(q, k[:, :, before:], v[:, :, before:], causal=True))
    return merge(*parts) if len(parts) == 2 else parts[0]


def segment_gradients(
    q: Tensor, k: Tensor, v: Tensor, layout: Layout, relative: Relative | None, output: Tensor, normaliser: Tensor,
    grad: Tensor, grads: tuple[Tensor, Tensor, Tensor], into: Relative | None,
) -> None:  # fmt: skip
    """Add the gradients of q, k, v to ``grads`` and those of r, u, v to ``into``: block by block, weights made again.

    ``normaliser`` is +inf for a query that has no key.
    """
    queries, keys = q.shape[1], k.shape[1]
    block = rows_that_fit(layout, queries)
    memory = table_memory(layout, queries, keys, block, True, q) if relative else q
    for tile in tiles(layout, queries, keys, block, whole_segments=True):
        for heads in heads_at_once(tile, q.shape[0]):
            g, q_, o, z, into_q = (tile.queries(x[heads]) for x in (grad, q, output, normaliser, grads[0]))
            k_, v_ = (tile.stretches(x[heads]) for x in (k, v))
            one = relative.heads(heads) if relative is not None else None
            scores = _scores(tile, q_, k_, one, memory)
            weights = scores.sub_(z[..., None]).exp_()
            through = g @ v_.transpose(-1, -2)
            through.sub_((g * o).sum(-1, keepdim=True)).mul_(weights).mul_(q.shape[-1] ** -0.5)
            content = one.content(q_) if one is not None else q_
            of_q = through @ k_
            for target, rows, values in ((grads[1], through, content), (grads[2], weights, g)):
                _into_own_keys(tile, target[heads], rows[..., tile.own :].transpose(-1, -2) @ values)
            if one is not None and into is not None:
                into.content_bias[heads] += of_q.sum((1, 2))
                of_q += _relative_gradients(tile, q_, through, one, memory, into.heads(heads))
            into_q += of_q


def _scores(tile: Tile, q: Tensor, k: Tensor, relative: Relative | None, memory: Tensor) -> Tensor:
    """All scores of a tile, [head, block, row, column], in memory of their own."""
    content = q if relative is None else relative.content(q)
    scores = (content * q.shape[-1] ** -0.5) @ k.transpose(-1, -2)
    if relative is None:
        return hide_later_keys(scores, tile)
    return scores.add_(relative.scores(tile, q, memory))


def _into_own_keys(tile: Tile, target: Tensor, part: Tensor) -> None:
    """Add the blocks' [head, block, own column, feature] to the keys of their own segments: disjoint ones."""
    first = tile.keys.start + tile.own
    target[:, first : first + tile.blocks * part.shape[2]] += part.flatten(1, 2)


def _relative_gradients(
    tile: Tile, q: Tensor, through: Tensor, relative: Relative, memory: Tensor, into: Relative
) -> Tensor:
    """Add the gradients of r and v to ``into``; returns that of q, [head, block, row, feature]."""
    table, heads = tile.table, q.shape[0]
    memory.zero_()
    table.by_key(memory, heads, tile.blocks).copy_(through)
    by_distance = table.by_distance(memory, heads, tile.blocks).flatten(1, 2)
    of_q = by_distance @ relative.distances(table.distances)
    into.position_bias.add_(of_q.sum(1))
    into.distances(table.distances).add_(by_distance.transpose(1, 2) @ relative.position(q))
    return of_q.unflatten(1, (tile.blocks, tile.block))
