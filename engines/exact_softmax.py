"""Rows of the exact softmax over every key that the mask allows: what an approximation is held against.

A few rows at a time, never n × n. In float32 at least, whatever the run's own precision.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any

import numpy as np

from engines.patterns import dense
from engines.run import Prepared
from engines.variant import Inputs, Variant

if TYPE_CHECKING:
    import torch
    from torch import Tensor
else:
    from engines.lazy_torch import torch

SAMPLED = 256
PROBE = 64


@dataclass(frozen=True)
class ExactSoftmax:
    """The softmax over all pairs of one head of a run's first batch item.

    ``own`` takes the scores as the variant computes them (shared queries and keys, relative positions); otherwise they
    are q·kᵀ/√d of the run's q and k as given (Vaswani et al. 2017, equation 1).
    """

    prepared: Prepared
    head: int
    own: bool = False

    @cached_property
    def inputs(self) -> Inputs:
        given = self.prepared.inputs
        extras = {name: at_least_float32(tensor) for name, tensor in given.extras.items()}
        q, k, v = (at_least_float32(tensor) for tensor in (given.q, given.k, given.v))
        return replace(given, q=q, k=k, v=v, extras=extras)

    @property
    def keys(self) -> int:
        return int(self.inputs.k.shape[2])

    def scores(self, rows: np.ndarray, columns: np.ndarray) -> Tensor:
        """Scores [rows, columns], masked or not."""
        prepared, device = self.prepared, self.inputs.q.device
        of_pairs: Any = prepared.variant.scores if self.own else partial(Variant.scores, prepared.variant)
        at = (torch.from_numpy(np.ascontiguousarray(each, np.int64)).to(device) for each in (rows, columns))
        return of_pairs(self.inputs, prepared.parameters, self.head, *at)

    def weights(self, rows: np.ndarray) -> Tensor:
        """Weights [rows, keys]; a row sums to 1, or to 0 where the mask allows no key."""
        mask, device = self.prepared.mask, self.inputs.q.device
        with torch.no_grad():
            scores = self.scores(rows, np.arange(self.keys))
            positions = torch.arange(self.keys, device=device)
            if mask.causal:
                last = torch.from_numpy(rows + mask.query_offset).to(device)
                scores.masked_fill_(positions > last[:, None], float("-inf"))
            if mask.key_lengths is not None:
                scores.masked_fill_(positions >= mask.key_lengths[0], float("-inf"))
            highest = scores.amax(1, keepdim=True).clamp_min_(torch.finfo(scores.dtype).min)
            weights = scores.sub_(highest).exp_()
            return weights.div_(weights.sum(1, keepdim=True).clamp_min_(torch.finfo(scores.dtype).tiny))

    def output(self, weights: Tensor) -> Tensor:
        """What these weights make of the run's values: [rows, feature]."""
        return weights @ self.inputs.v[0, self.head]


def scores_of_its_own(prepared: Prepared, head: int) -> bool:
    """Whether the variant scores pairs otherwise than by q·kᵀ/√d of the given q and k."""
    if type(prepared.variant).scores is Variant.scores:
        return False
    rows = spread(prepared.shape.queries, PROBE)
    columns = spread(prepared.shape.keys, PROBE)
    plain, own = (ExactSoftmax(prepared, head, each).scores(rows, columns) for each in (False, True))
    return not torch.allclose(plain, own, rtol=1e-4, atol=1e-5)


def spread(count: int, at_most: int = SAMPLED) -> np.ndarray:
    """All of 0 … count − 1, or ``at_most`` of them, evenly spread, each in the middle of its part."""
    if count <= at_most:
        return np.arange(count)
    return ((2 * np.arange(at_most) + 1) * count) // (2 * at_most)


def allowed_pairs(prepared: Prepared) -> int:
    """How many pairs the mask allows in one head of the first batch item."""
    shape, mask = prepared.shape, prepared.mask
    keys = shape.keys if mask.key_lengths is None else min(shape.keys, mask.key_lengths[0])
    return dense(shape.queries, keys, mask.causal, mask.query_offset).count()


def at_least_float32(tensor: Tensor) -> Tensor:
    low = tensor.is_floating_point() and tensor.element_size() < 4
    return tensor.float() if low else tensor
