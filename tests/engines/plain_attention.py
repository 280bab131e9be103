"""Attention as its formula says, slowly, in float64: what every variant is compared with."""

from __future__ import annotations

import torch
from torch import Tensor

from engines.variant import Mask


def plain_attention(
    q: Tensor, k: Tensor, v: Tensor, kept: Tensor, scores: Tensor | None = None
) -> tuple[Tensor, Tensor]:
    """softmax over the kept pairs of q kᵀ / √d, times v; and the log of the softmax's denominator.

    q [batch, head, query, feature], k and v [batch, head, key, feature]; ``kept`` is boolean and broadcasts to
    [batch, head, query, key]; ``scores`` [batch, head, query, key] replaces q kᵀ / √d. A query that keeps no key gives
    zeros and −inf. Returns [batch, head, query, feature] and [batch, head, query], both float64.
    """
    q, k, v = q.double(), k.double(), v.double()
    if scores is None:
        scores = torch.einsum("bhqd,bhkd->bhqk", q, k) / q.shape[-1] ** 0.5
    weights = torch.where(kept, scores.double().exp(), 0.0)
    total = weights.sum(-1)
    output = torch.einsum("bhqk,bhkd->bhqd", weights, v) / torch.where(total == 0, 1.0, total)[..., None]
    return output, total.log()


def allowed(mask: Mask, queries: int, keys: int) -> Tensor:
    """Which pairs the mask lets any variant look at: boolean [batch or 1, 1, query, key]."""
    query = torch.arange(queries)[:, None] + mask.query_offset
    key = torch.arange(keys)[None, :]
    pairs = key <= query if mask.causal else torch.ones(queries, keys, dtype=torch.bool)
    if mask.key_lengths is None:
        return pairs[None, None]
    return pairs & (key < torch.tensor(mask.key_lengths)[:, None, None, None])
