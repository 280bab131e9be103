"""What a trained model does: previous-token and induction scores of its heads, loss on repeated pieces, bits per byte,
loss by position.

The induction test is that of Olsson et al. 2022: on random pieces said twice, the second copy should look at the piece
that came after its first saying.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from engines.variant_model import VariantModel

if TYPE_CHECKING:
    import torch
    from torch import Tensor

    from engines.trace import Step
    from engines.variant import Inputs
else:
    from engines.lazy_torch import torch

Scores = tuple[tuple[float, ...], ...]


@dataclass(frozen=True)
class HeadScores:
    """Mean attention weights of each head, [layers][heads], and the loss in nats on each copy of random pieces."""

    previous_token: Scores
    induction: Scores
    first_copy_nats: float
    second_copy_nats: float

    @property
    def best_previous_token(self) -> float:
        return max(max(row) for row in self.previous_token)

    @property
    def best_induction(self) -> float:
        return max(max(row) for row in self.induction)


def head_scores(model: VariantModel, sequences: int = 100, half: int = 64, seed: int = 0) -> HeadScores:
    """Scores over ``sequences`` random sequences of 2 x ``half`` pieces."""
    generator = torch.Generator().manual_seed(seed)
    copy = torch.randint(0, model.shape.vocabulary, (sequences, half), generator=generator)
    ids = torch.cat([copy, copy], dim=1)
    previous, induction = np.zeros((2, model.shape.layers, model.shape.heads))

    def watch(inputs: Inputs, steps: tuple[Step, ...]) -> None:
        for head in range(model.shape.heads):
            weights = model.attention_weights(inputs, steps, head)
            previous[inputs.layer, head] += float(weights.diagonal(-1).mean()) / sequences
            induction[inputs.layer, head] += float(weights.diagonal(1 - half)[1:].mean()) / sequences

    with torch.no_grad():
        for row in ids:
            model.hidden(row[None], seed, watch)
        nats, asked = model.losses(ids, torch.ones_like(ids, dtype=torch.bool), seed)
    position = asked.nonzero()[:, 1]
    copies = (nats[position < half].mean(), nats[position > half].mean())  # that the second begins, nobody can know
    return HeadScores(rows(previous), rows(induction), *map(float, copies))


def rows(scores: np.ndarray) -> Scores:
    return tuple(tuple(map(float, row)) for row in scores)


def bits_per_byte(model: VariantModel, blocks: Sequence[np.ndarray], text_bytes: int, window: int = 512) -> float:
    """Loss over held-out blocks of pieces, read in windows.

    Each asked-for piece stands for as many bytes as the pieces of these blocks have on average.
    """
    windows = [block[i : i + window] for block in blocks for i in range(0, len(block), window)]
    pieces, nats = 0, 0.0
    with torch.no_grad():
        for number, batch in enumerate(batches_of_equal_length(windows, 4)):
            ids = torch.from_numpy(batch.astype(np.int64))
            if ids.shape[1] < 2:
                continue
            losses, _ = model.losses(ids, torch.ones_like(ids, dtype=torch.bool), number)
            nats += float(losses.sum())
            pieces += len(losses)
    asked_bytes = text_bytes * pieces / sum(len(block) for block in blocks)
    return nats / math.log(2) / asked_bytes


def loss_by_position(model: VariantModel, blocks: Sequence[np.ndarray], length: int, edges: Sequence[int]) -> Tensor:
    """Mean nats of the pieces whose position in a text of ``length`` lies between two edges, [edge − 1]; nan for none.

    Texts of that length are cut from held-out blocks, which must be as long.
    """
    windows = [block[i : i + length] for block in blocks for i in range(0, len(block) - length + 1, length)]
    totals, counts = torch.zeros(2, length, dtype=torch.float64)
    with torch.no_grad():
        for number, batch in enumerate(batches_of_equal_length(windows, 1)):
            ids = torch.from_numpy(batch.astype(np.int64))
            nats, asked = model.losses(ids, torch.ones_like(ids, dtype=torch.bool), number)
            positions = asked.nonzero()[:, 1]
            totals.index_add_(0, positions, nats.double())
            counts.index_add_(0, positions, torch.ones_like(nats, dtype=torch.float64))
    parts = [slice(low, high) for low, high in pairwise(edges)]
    return torch.stack([totals[part].sum() / counts[part].sum() for part in parts])


def batches_of_equal_length(windows: Sequence[np.ndarray], size: int) -> list[np.ndarray]:
    """Stack windows of one length together, at most ``size`` a batch."""
    by_length: dict[int, list[np.ndarray]] = {}
    for piece in windows:
        by_length.setdefault(len(piece), []).append(piece)
    return [np.stack(group[i : i + size]) for group in by_length.values() for i in range(0, len(group), size)]
