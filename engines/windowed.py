"""Attention inside a window that slides over the sequence, in blocks, at O(n·w) time and memory.

A block of B neighbouring queries reads one stretch of B + left + right keys; a fixed bias of that shape cuts the
parallelogram out of it. Neighbouring stretches overlap, and the kernel reads them as strided views of k and v, so that
nothing is copied. Near the ends of the sequence a stretch is cut short, and so are the bias's columns: there is no
padding. A dilated window is an ordinary one on every dilation-th position (Beltagy et al. 2020, section 3.1).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from engines.fused import fused_attention, fused_attention_gradients

if TYPE_CHECKING:
    import torch
    from torch import Tensor
else:
    from engines.lazy_torch import torch

ROWS_AT_ONCE = 2048  # temporaries of this many rows stay in the cache, and the allocator hands the same ones out again
WIDE = 3072  # from this width on, scores of whole rows leave the cache, and the kernel, which cuts rows, is faster
PAIRS_BY_HEAD = 1 << 18  # from as many pairs of a head on, what its own five calls cost to start does not show


@dataclass(frozen=True)
class Window:
    """A query at p sees the keys p + s·dilation for s from −left to right."""

    left: int
    right: int
    dilation: int = 1

    def clipped(self, length: int) -> Window:
        """The same pairs among ``length`` positions, with no step that leads out of them."""
        return Window(min(self.left, length), min(self.right, length), self.dilation)

    @property
    def block(self) -> int:
        """Queries B read together: few, since B/(left + right) of the work is cut away again, but enough for fast
        products. The fused kernel's products have 32 rows below 192 queries and 64 from there on, a sixth faster."""
        width = self.left + self.right
        return 32 if width < 512 else 64 if width < WIDE else 256


@dataclass(frozen=True)
class Tile:
    """``blocks`` equal blocks of neighbouring queries, ``rows``, with their stretches, which together span ``keys``.

    Column c of a stretch is column ``first_column + c`` of the window's bias.
    """

    rows: range
    keys: range
    blocks: int
    first_column: int

    @property
    def stretch(self) -> int:
        return len(self.keys) - (self.blocks - 1) * self.block

    @property
    def block(self) -> int:
        return len(self.rows) // self.blocks

    @property
    def pairs(self) -> int:
        """Pairs computed, those that the bias removes included."""
        return len(self.rows) * self.stretch

    def queries(self, q: Tensor) -> Tensor:
        """[head, position, …] -> [head, block, row, …]; a view."""
        return q[:, self.rows.start : self.rows.stop].unflatten(1, (self.blocks, self.block))

    def stretches(self, k: Tensor) -> Tensor:
        """[head, position, feature] -> [head, block, column, feature]; an overlapping view."""
        return k[:, self.keys.start : self.keys.stop].unfold(1, self.stretch, self.block).transpose(-1, -2)

    def bias(self, whole: Tensor) -> Tensor:
        return whole[:, :, : self.block, self.first_column : self.first_column + self.stretch]

    def edges(self, x: Tensor) -> Tensor:
        """[…, row, column] -> [head or block, row, edge, column]: columns that only some rows of a block see; a view.

        All rows see what lies between the two edges, where the stretch is whole: the bias is 0 there.
        """
        width = self.stretch - self.block
        whole = self.blocks > 1 and width >= self.block
        return x.unfold(-1, self.block, width) if whole else x.unsqueeze(-2)


@dataclass(frozen=True)
class Lane:
    """Every ``step``-th position from a first one, on which a dilated window is an ordinary one.

    ``offset`` is the place of the lane's first query among the lane's keys.
    """

    query_start: int
    key_start: int
    step: int
    queries: int
    keys: int
    offset: int

    def of_queries(self, x: Tensor) -> Tensor:
        return x[:, self.query_start :: self.step]

    def of_keys(self, x: Tensor, count: int) -> Tensor:
        return x[:, self.key_start : count : self.step]

    def reached(self, window: Window) -> int:
        """How many of its queries see a key at all: past the last key, the window runs dry."""
        return max(0, min(self.queries, self.keys + window.left - self.offset)) if self.keys else 0

    def tiles(self, window: Window) -> Iterator[Tile]:
        """Blocks near an end one by one, cut short; those between in groups."""
        block, queries = window.block, self.reached(window)
        start = 0
        while start < queries:
            low = start + self.offset - window.left
            inner = (min(queries, self.keys - window.right - self.offset, start + ROWS_AT_ONCE) - start) // block
            if low >= 0 and inner > 0:
                rows = range(start, start + inner * block)
                yield Tile(rows, range(low, rows.stop + self.offset + window.right), inner, 0)
            else:
                rows = range(start, min(start + block, queries))
                keys = range(max(0, low), min(self.keys, rows.stop + self.offset + window.right))
                yield Tile(rows, keys, 1, keys.start - low)
            start = rows.stop


def lanes(window: Window, queries: int, keys: int, offset: int) -> Iterator[Lane]:
    """The interleaved subsequences that a dilated window never leaves; only one without dilation."""
    step = window.dilation
    for rest in range(step):
        start = (rest - offset) % step
        if start < queries:
            in_queries, in_keys = -(-(queries - start) // step), max(0, -(-(keys - rest) // step))
            yield Lane(start, rest, step, in_queries, in_keys, (start + offset - rest) // step)


def runs(windows: Sequence[Window]) -> Iterator[tuple[slice, Window]]:
    """Neighbouring heads that have the same window, to be computed together."""
    start = 0
    for stop in range(1, len(windows) + 1):
        if stop == len(windows) or windows[stop] != windows[start]:
            yield slice(start, stop), windows[start]
            start = stop


def window_bias(window: Window, like: Tensor) -> Tensor:
    """0 inside the window and −inf outside, [1, 1, block, block + left + right]."""
    rows = torch.arange(window.block, device=like.device)[:, None]
    ahead = torch.arange(window.block + window.left + window.right, device=like.device) - rows
    return bias_from((ahead >= 0) & (ahead <= window.left + window.right), like)


def bias_from(kept: Tensor, like: Tensor) -> Tensor:
    """0 where a pair [query, key] is kept, −inf where not, as [1, 1, query, key]."""
    return torch.zeros((), dtype=like.dtype, device=like.device).masked_fill(~kept, float("-inf"))[None, None]


def window_attention(
    q: Tensor, k: Tensor, v: Tensor, windows: Sequence[Window], offset: int, output: Tensor, normaliser: Tensor | None,
    between: Callable[[], None],
) -> None:  # fmt: skip
    """Fill ``output`` [head, query, feature] and ``normaliser`` [head, query] with attention inside each head's window.

    q [head, query, feature], k and v [head, key, feature]; the first query stands at position ``offset`` among the
    keys. A query with no key in its window gets 0 and −inf. ``between`` is called between blocks. The output is the
    same, bit for bit, where nobody wants the ``normaliser``.
    """
    keys, room = k.shape[1], torch.empty(0, dtype=q.dtype, device=q.device)
    for heads, window in runs(windows):
        bias = window_bias(window, q)
        for lane in lanes(window, q.shape[1], keys, offset):
            q_, out = lane.of_queries(q[heads]), lane.of_queries(output[heads])
            k_, v_ = lane.of_keys(k[heads], keys), lane.of_keys(v[heads], keys)
            z = None if normaliser is None else lane.of_queries(normaliser[heads])
            for tile in lane.tiles(window):
                between()
                parts = (tile.queries(q_), tile.stretches(k_), tile.stretches(v_))
                into, into_z = tile.queries(out), None if z is None else tile.queries(z)
                if not _faster_by_head(tile, q):
                    _attend_fused(*parts, tile.bias(bias), into, into_z)
                    continue
                if room.numel() < tile.pairs:
                    room = torch.empty(tile.pairs, dtype=q.dtype, device=q.device)
                scores = room[: tile.pairs].view(tile.blocks, tile.block, tile.stretch)
                _attend_by_head(*parts, tile.edges(tile.bias(bias)[0]), tile.edges(scores), scores, into, into_z)
            out[:, lane.reached(window) :] = 0
            if z is not None:
                z[:, lane.reached(window) :] = float("-inf")


def _faster_by_head(tile: Tile, like: Tensor) -> bool:
    """Whether two batched products and a softmax beat the fused kernel, whose products are small and packed anew."""
    exact = like.dtype in (torch.float32, torch.float64)  # the kernel sums shorter types in float32
    return like.device.type == "cpu" and exact and tile.pairs >= PAIRS_BY_HEAD and tile.stretch < WIDE


def _attend_fused(q: Tensor, k: Tensor, v: Tensor, bias: Tensor, output: Tensor, normaliser: Tensor | None) -> None:
    """Fill ``output`` [head, block, row, feature] and ``normaliser`` [head, block, row] through the fused kernel."""
    found, total = fused_attention(q, k, v, bias)
    output.copy_(found)
    if normaliser is not None:
        normaliser.copy_(total)


def _attend_by_head(
    q: Tensor, k: Tensor, v: Tensor, bias: Tensor, edges: Tensor, scores: Tensor,
    output: Tensor, normaliser: Tensor | None,
) -> None:  # fmt: skip
    """Fill ``output`` [head, block, row, feature] and ``normaliser`` [head, block, row] one head after the other.

    q [head, block, row, feature], k and v [head, block, column, feature]. ``scores`` [block, row, column] is room that
    stays in the cache and is written over, since fresh memory costs as much as the softmax; ``edges`` is the part of
    it [block, row, edge, column] that ``bias`` [1, row, edge, column] cuts.
    """
    for head in range(q.shape[0]):
        scores.baddbmm_(q[head], k[head].transpose(1, 2), beta=0, alpha=q.shape[-1] ** -0.5)
        edges.add_(bias)
        largest = None if normaliser is None else scores.amax(-1)
        torch.softmax(scores, -1, out=scores)
        torch.bmm(scores, v[head], out=output[head])
        if normaliser is not None and largest is not None:
            # A row's largest weight is exp(largest score - log-sum-exp), and never below 1/columns.
            torch.sub(largest, scores.amax(-1).log_(), out=normaliser[head])


def window_gradients(
    q: Tensor, k: Tensor, v: Tensor, windows: Sequence[Window], offset: int, output: Tensor, normaliser: Tensor,
    grad: Tensor, grads: tuple[Tensor, Tensor, Tensor],
) -> None:  # fmt: skip
    """Add the gradients through the pairs in the windows to ``grads`` (of q, k, v), in the same blocks.

    ``output`` and ``normaliser`` are those of the whole softmax, of which the window may be one part.
    """
    keys = k.shape[1]
    for heads, window in runs(windows):
        bias = window_bias(window, q)
        for lane in lanes(window, q.shape[1], keys, offset):
            rows = [lane.of_queries(x[heads]) for x in (grad, q, output, normaliser, grads[0])]
            columns = [lane.of_keys(x[heads], keys) for x in (k, v, *grads[1:])]
            for tile in lane.tiles(window):
                g, q_, o, z, into_q = (tile.queries(x) for x in rows)
                k_, v_ = (tile.stretches(x) for x in columns[:2])
                part = fused_attention_gradients(g, q_, k_, v_, o, z, tile.bias(bias))
                into_q.add_(part[0])
                for into, share in zip(columns[2:], part[1:], strict=True):
                    for block in range(tile.blocks):
                        start = tile.keys.start + block * tile.block
                        into[:, start : start + tile.stretch].add_(share[:, block])


def computed_pairs(window: Window, queries: int, keys: int, offset: int = 0) -> int:
    """Pairs of one head that the blocks compute, those that the bias removes included."""
    return sum(tile.pairs for lane in lanes(window, queries, keys, offset) for tile in lane.tiles(window))
