"""Attention in tiles: equal groups of queries, each with the keys it reads, merged exactly into one softmax.

A pattern's sets are cut into tiles whose rows and columns are plain views of q, k and v wherever their positions are
evenly spaced, so that nothing is copied and nothing n × n is made. A tile holds a staircase at most: a row keeps the
columns below its limit, and never none. Tiles may share rows but no pair; partial results meet through the
log-sum-exp. Gradients run over the same tiles again, from the saved output and log-sum-exp, in linear memory.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from engines.fused import fused_attention, fused_attention_gradients

if TYPE_CHECKING:
    import torch
    from torch import Tensor
else:
    from engines.lazy_torch import torch

ROWS_AT_ONCE = 2048  # temporaries of this many rows stay in the cache, and the allocator hands the same ones out again
SCORES_AT_ONCE = 1 << 19  # up to as many scores of one head, two products and a softmax beat the fused kernel
SCORES_BY_HEAD = 1 << 16  # from as many on, what the five calls of a head cost to start does not show


class Columns(Protocol):
    """The keys of each group of a tile."""

    @property
    def count(self) -> int:
        """Keys of one group."""

    def of(self, x: Tensor) -> Tensor:
        """[head, position, feature] -> [head, group, column, feature]."""

    def add(self, into: Tensor, share: Tensor) -> None:
        """Add [head, group, column, feature] to the positions it came from, [head, position, feature]."""


@dataclass(frozen=True)
class Lattice:
    """Positions start + group·group_step + place·step, for ``groups`` groups of ``count`` places."""

    start: int
    count: int
    step: int = 1
    groups: int = 1
    group_step: int = 0

    def of(self, x: Tensor) -> Tensor:
        """[head, position, …] -> [head, group, place, …]; a view."""
        stride = x.stride(1)
        sizes = (x.shape[0], self.groups, self.count, *x.shape[2:])
        strides = (x.stride(0), self.group_step * stride, self.step * stride, *x.stride()[2:])
        return x.as_strided(sizes, strides, x.storage_offset() + self.start * stride)

    def add(self, into: Tensor, share: Tensor) -> None:
        self.of(into).add_(share)


@dataclass(frozen=True)
class Stairs:
    """Row i keeps the columns below first + rise·⌊(i + phase) / run⌋."""

    first: int
    rise: int = 1
    run: int = 1
    phase: int = 0

    def bias(self, rows: int, columns: int, like: Tensor) -> Tensor:
        """0 where a column is kept and −inf where not: [1, 1, rows, columns]."""
        row = torch.arange(rows, device=like.device)
        limits = (row + self.phase).div_(self.run, rounding_mode="floor").mul_(self.rise).add_(self.first)
        beyond = torch.arange(columns, device=like.device) >= limits[:, None]
        return torch.zeros((), dtype=like.dtype, device=like.device).masked_fill(beyond, float("-inf"))[None, None]


@dataclass(frozen=True)
class Tile:
    """Groups of rows, as many groups of columns, and which columns a row keeps: all, or those of the stairs."""

    rows: Lattice
    columns: Columns
    stairs: Stairs | None = None

    @property
    def scores(self) -> int:
        """Pairs of one head that are computed, those that the stairs remove included."""
        return self.rows.groups * self.rows.count * self.columns.count

    def bias(self, like: Tensor) -> Tensor | None:
        if self.stairs is None or self.stairs.first >= self.columns.count:
            return None
        return self.stairs.bias(self.rows.count, self.columns.count, like)


def attend_tiles(
    tiles: Iterable[Tile], q: Tensor, k: Tensor, v: Tensor, output: Tensor, normaliser: Tensor,
    between: Callable[[], None],
) -> None:  # fmt: skip
    """Merge the tiles' pairs into ``output`` [head, query, feature] and ``normaliser`` [head, query], in place.

    q [head, query, feature], k and v [head, key, feature]. Rows that hold nothing yet have the normaliser −inf and a
    finite output. ``between`` is called between tiles.
    """
    for tile in tiles:
        between()
        bias = tile.bias(q)
        parts = (tile.rows.of(q), tile.columns.of(k), tile.columns.of(v))
        into, into_z = tile.rows.of(output), tile.rows.of(normaliser)
        if _faster_by_head(tile, q):
            for head_q, head_k, head_v, head_into, head_z in zip(*parts, into, into_z, strict=True):
                _merge_into(head_into, head_z, *_attend_by_head(head_q, head_k, head_v, bias))
        else:
            _merge_into(into, into_z, *fused_attention(*parts, bias))


def _faster_by_head(tile: Tile, like: Tensor) -> bool:
    """Whether two batched products and a softmax beat the fused kernel, whose products are small and packed anew."""
    exact = like.dtype in (torch.float32, torch.float64)  # the kernel sums shorter types in float32
    return like.device.type == "cpu" and exact and SCORES_BY_HEAD <= tile.scores <= SCORES_AT_ONCE


def _attend_by_head(q: Tensor, k: Tensor, v: Tensor, bias: Tensor | None) -> tuple[Tensor, Tensor]:
    """One head's output [group, row, feature] and log-sum-exp [group, row]; the scores fit the cache."""
    scale = q.shape[-1] ** -0.5
    if bias is None:
        scores = torch.bmm(q * scale, k.transpose(1, 2))
    else:
        scores = torch.baddbmm(bias[0].expand(q.shape[0], -1, -1), q, k.transpose(1, 2), alpha=scale)
    largest = scores.amax(-1)
    weights = torch.softmax(scores, -1, out=scores)
    # A row's largest weight is exp(largest score - log-sum-exp), and never below 1/columns.
    return torch.bmm(weights, v), largest.sub_(weights.amax(-1).log_())


def _merge_into(output: Tensor, normaliser: Tensor, part: Tensor, part_normaliser: Tensor) -> None:
    """The softmax over both sets of keys: the parts mix in the ratio of their sums, a logistic function of their logs."""
    share = torch.sigmoid(part_normaliser - normaliser)
    output.lerp_(part, share[..., None].to(part.dtype))
    normaliser.copy_(torch.logaddexp(normaliser, part_normaliser))


def tile_gradients(
    tiles: Iterable[Tile], q: Tensor, k: Tensor, v: Tensor, output: Tensor, normaliser: Tensor, grad: Tensor,
    grads: Sequence[Tensor],
) -> None:  # fmt: skip
    """Add the gradients through the tiles' pairs to ``grads`` (of q, k, v, shaped like them).

    ``output``, ``normaliser`` (+inf for a row without keys) and ``grad`` are those of the whole softmax, of which the
    tiles may be one part.
    """
    for tile in tiles:
        rows = [tile.rows.of(x) for x in (grad, q, output, normaliser)]
        columns = [tile.columns.of(x) for x in (k, v)]
        part = fused_attention_gradients(rows[0], rows[1], *columns, rows[2], rows[3], tile.bias(q))
        tile.rows.add(grads[0], part[0])
        tile.columns.add(grads[1], part[1])
        tile.columns.add(grads[2], part[2])
