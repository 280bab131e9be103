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

import numpy as np

from engines.fused import fused_attention, fused_attention_gradients

if TYPE_CHECKING:
    import torch
    from torch import Tensor
else:
    from engines.lazy_torch import torch


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
        """As in ``Columns``, and for rows alike; groups that overlap, one after the other."""
        if self.groups == 1 or self.step != 1 or self.count <= self.group_step:
            self.of(into).add_(share)
            return
        for group in range(self.groups):
            start = self.start + group * self.group_step
            into[:, start : start + self.count].add_(share[:, group])


@dataclass(frozen=True, eq=False)
class NumberedBlocks:
    """Whole blocks of ``length`` positions, by number: ``numbers`` [head, group, block], each group's distinct."""

    length: int
    numbers: np.ndarray

    @property
    def count(self) -> int:
        return int(self.numbers.shape[2]) * self.length

    def of(self, x: Tensor) -> Tensor:
        """As in ``Columns``; a copy."""
        index = torch.tensor(self.numbers, device=x.device).flatten(1)
        listed = [blocks.index_select(0, one) for blocks, one in zip(self._blocks(x), index, strict=True)]
        return torch.stack(listed).reshape(x.shape[0], self.numbers.shape[1], self.count, x.shape[2])

    def add(self, into: Tensor, share: Tensor) -> None:
        index = torch.tensor(self.numbers, device=into.device).flatten(1)
        for blocks, one, part in zip(self._blocks(into), index, share, strict=True):
            blocks.index_add_(0, one, part.reshape(len(one), self.length, -1))

    def _blocks(self, x: Tensor) -> Tensor:
        """[head, position, feature] -> [head, block, place, feature]; a view, without a last block cut short."""
        whole = x.shape[1] // self.length
        return x[:, : whole * self.length].unflatten(1, (whole, self.length))


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


class Biases:
    """What a tile adds to its scores, made anew only where its stairs differ from those of the tile before."""

    def __init__(self) -> None:
        self._made: tuple[object, Tensor] | None = None

    def of(self, tile: Tile, like: Tensor) -> Tensor | None:
        """0 or −inf, [1, 1, row, column]; None where every row keeps every column."""
        rows, columns, stairs = tile.rows.count, tile.columns.count, tile.stairs
        if stairs is None or stairs.first >= columns:
            return None
        if self._made is None or self._made[0] != (rows, columns, stairs):
            self._made = (rows, columns, stairs), stairs.bias(rows, columns, like)
        return self._made[1]


def attend_tiles(
    tiles: Iterable[Tile], q: Tensor, k: Tensor, v: Tensor, output: Tensor, normaliser: Tensor,
    between: Callable[[], None],
) -> None:  # fmt: skip
    """Merge the tiles' pairs into ``output`` [head, query, feature] and ``normaliser`` [head, query], in place.

    q [head, query, feature], k and v [head, key, feature]. Rows that hold nothing yet have the normaliser −inf and a
    finite output. ``between`` is called between tiles.
    """
    biases = Biases()
    for tile in tiles:
        between()
        part = fused_attention(tile.rows.of(q), tile.columns.of(k), tile.columns.of(v), biases.of(tile, q))
        _merge_into(tile.rows.of(output), tile.rows.of(normaliser), *part)


def _merge_into(output: Tensor, normaliser: Tensor, part: Tensor, part_normaliser: Tensor) -> None:
    """The softmax over both sets of keys: the parts mix in the ratio of their sums, logistic in their logs."""
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
    biases = Biases()
    for tile in tiles:
        through, queries, whole, z = (tile.rows.of(x) for x in (grad, q, output, normaliser))
        keys, values = tile.columns.of(k), tile.columns.of(v)
        part = fused_attention_gradients(through, queries, keys, values, whole, z, biases.of(tile, q))
        tile.rows.add(grads[0], part[0])
        tile.columns.add(grads[1], part[1])
        tile.columns.add(grads[2], part[2])
