"""What a trained model's heads do: previous-token and induction scores, loss on repeated pieces, bits per byte.

The induction test is that of Olsson et al. 2022: on random pieces said twice, the second copy should look at the piece
that came after its first saying.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from engines import host_model
from engines.host_model import ModelShape, Weights

if TYPE_CHECKING:
    import torch
    from torch import Tensor
else:
    from engines.lazy_torch import torch


@dataclass(frozen=True)
class HeadScores:
    """Mean attention weights of each head, [layers][heads], and the loss in nats on each copy of random pieces."""

    previous_token: tuple[tuple[float, ...], ...]
    induction: tuple[tuple[float, ...], ...]
    first_copy_nats: float
    second_copy_nats: float

    @property
    def best_previous_token(self) -> float:
        return max(max(row) for row in self.previous_token)

    @property
    def best_induction(self) -> float:
        return max(max(row) for row in self.induction)


def causal(layer: int, q: Tensor, k: Tensor, v: Tensor) -> Tensor:
    """Fused causal attention, as the host model is trained with."""
    return torch.nn.functional.scaled_dot_product_attention(q, k, v, is_causal=True)


def head_scores(weights: Weights, shape: ModelShape, sequences: int = 100, half: int = 64, seed: int = 0) -> HeadScores:
    """Scores over ``sequences`` random sequences of 2 x ``half`` pieces."""
    generator = torch.Generator().manual_seed(seed)
    copy = torch.randint(0, shape.vocabulary, (sequences, half), generator=generator)
    ids = torch.cat([copy, copy], dim=1)
    previous, induction = [], []

    def attend(layer: int, q: Tensor, k: Tensor, v: Tensor) -> Tensor:
        n = q.shape[2]
        scores = q @ k.transpose(-1, -2) / math.sqrt(q.shape[-1])
        probabilities = scores.masked_fill(torch.ones(n, n).triu(1).bool(), -math.inf).softmax(-1)
        previous.append(probabilities.diagonal(-1, -2, -1).mean((0, 2)).tolist())
        induction.append(probabilities.diagonal(1 - half, -2, -1)[..., 1:].mean((0, 2)).tolist())
        return probabilities @ v

    with torch.no_grad():
        hidden = host_model.forward(weights, shape, ids, attend)
        nats = cross_entropy(host_model.logits(weights, hidden[:, :-1]), ids[:, 1:])
    return HeadScores(
        previous_token=tuple(map(tuple, previous)),
        induction=tuple(map(tuple, induction)),
        first_copy_nats=float(nats[:, : half - 1].mean()),
        second_copy_nats=float(nats[:, half:].mean()),
    )


def cross_entropy(scores: Tensor, targets: Tensor) -> Tensor:
    """Loss in nats of each target: scores [batch, position, vocabulary], targets and result [batch, position]."""
    return torch.nn.functional.cross_entropy(scores.flatten(0, 1), targets.flatten(), reduction="none").view_as(targets)


def bits_per_byte(
    weights: Weights, shape: ModelShape, blocks: Sequence[np.ndarray], text_bytes: int, window: int = 512
) -> float:
    """Loss over held-out blocks of pieces, read in windows; the first piece of a window is given, not scored."""
    windows = [block[i : i + window] for block in blocks for i in range(0, len(block), window)]
    pieces, nats = 0, 0.0
    with torch.no_grad():
        for batch in batches_of_equal_length(windows, 8):
            ids = torch.from_numpy(batch.astype(np.int64))
            if ids.shape[1] < 2:
                continue
            hidden = host_model.forward(weights, shape, ids, causal)
            nats += float(cross_entropy(host_model.logits(weights, hidden[:, :-1]), ids[:, 1:]).sum())
            pieces += ids[:, 1:].numel()
    scored_bytes = text_bytes * pieces / sum(len(block) for block in blocks)
    return nats / math.log(2) / scored_bytes


def batches_of_equal_length(windows: Sequence[np.ndarray], size: int) -> list[np.ndarray]:
    """Stack windows of one length together, at most ``size`` a batch."""
    by_length: dict[int, list[np.ndarray]] = {}
    for piece in windows:
        by_length.setdefault(len(piece), []).append(piece)
    return [np.stack(group[i : i + size]) for group in by_length.values() for i in range(0, len(group), size)]
