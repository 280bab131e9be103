"""Shared queries and keys: k = q/‖q‖ (Kitaev, Kaiser, Levskaya 2020, "Reformer", section 2, "shared-QK")."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import torch
    from torch import Tensor
else:
    from engines.lazy_torch import torch


def inverse_norms(q: Tensor) -> Tensor:
    """1/‖q‖ over features; 0 for a zero vector, so that its key is zero, not nan."""
    norms = torch.linalg.vector_norm(q, dim=-1)
    zero = norms == 0
    return norms.masked_fill(zero, 1).reciprocal().masked_fill(zero, 0)


def unit_keys(q: Tensor) -> Tensor:
    """k = q/‖q‖, of the same shape; differentiable."""
    return q * inverse_norms(q)[..., None]
