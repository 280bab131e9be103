"""Relative positions of Transformer-XL: sinusoids of the distance, and the left shift that puts them under each pair.

Paper: Dai et al. 2019, "Transformer-XL: Attentive Language Models Beyond a Fixed-Length Context", section 3.3 and
appendix B.

A score has a term (q_i + v)·r_{i−j} for every pair. Row i of the product of (q + v) with the distances in falling order
holds these terms already, one place further left for every row: with rows of ``pitch`` values in memory, the pair's
table is the same memory read with rows of ``pitch`` − 1 values. Nothing is moved, and no distance is multiplied twice.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import torch
    from torch import Tensor
else:
    from engines.lazy_torch import torch

SINUSOID_BASE = 10_000.0
ALIGNED = 16  # values; products are written a tenth faster where rows start at multiples of a cache line


def sinusoids(positions: Tensor, width: int) -> Tensor:
    """R [position, width]: the sines, then the cosines, of position / 10,000^(2i/width); appendix B, float64 inside."""
    frequencies = SINUSOID_BASE ** (-torch.arange(0, width, 2, dtype=torch.float64, device=positions.device) / width)
    angles = positions.double()[:, None] * frequencies
    return torch.cat([angles.sin(), angles.cos()], -1)[:, :width]


def relative_keys(projection: Tensor, distances: int, heads: int) -> Tensor:
    """W_{k,R} R: ``projection`` [width, width] -> [head, distance 0 … distances − 1, feature]."""
    every = torch.arange(distances, device=projection.device)
    table = sinusoids(every, projection.shape[1]).to(projection.dtype) @ projection.T
    return table.unflatten(-1, (heads, -1)).transpose(0, 1).contiguous()


@dataclass(frozen=True)
class ShiftedTable:
    """A buffer for blocks of ``rows`` queries against ``columns`` keys, and the left shift of it.

    Query a of a block stands at column ``diagonal`` + a, so the distances 0 … ``diagonal`` + rows − 1 occur.
    """

    rows: int
    columns: int
    diagonal: int

    @property
    def distances(self) -> int:
        return self.diagonal + self.rows

    @property
    def pitch(self) -> int:
        """Values from row to row; at least one to spare, so that shifted rows, one value closer, do not meet."""
        return -(-(self.distances + 1) // ALIGNED) * ALIGNED

    def values(self, blocks: int) -> int:
        """How many values the memory of that many blocks has."""
        return blocks * self.rows * self.pitch

    def by_distance(self, memory: Tensor, heads: int, blocks: int) -> Tensor:
        """[head, block, row, distance], distances falling to 0; a view of the flat ``memory``."""
        sizes, strides = (heads, blocks, self.rows, self.distances), self._strides(blocks, self.pitch)
        return memory.as_strided(sizes, strides)

    def by_key(self, memory: Tensor, heads: int, blocks: int) -> Tensor:
        """[head, block, row, column]: the distance of each pair; a view of the same memory, rows apart from each other.

        Where a key comes after its query there is no distance: what stands there must be masked.
        """
        sizes, strides = (heads, blocks, self.rows, self.columns), self._strides(blocks, self.pitch - 1)
        return memory.as_strided(sizes, strides, self.rows - 1)

    def _strides(self, blocks: int, pitch: int) -> tuple[int, int, int, int]:
        return self.values(blocks), self.values(1), pitch, 1
