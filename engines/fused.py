"""Fused attention that also gives its log-sum-exp, so that partial results can be merged exactly.

Two results over disjoint sets of keys, (o₁, z₁) and (o₂, z₂) with z the log-sum-exp of their scores, merge to
o = (e^{z₁} o₁ + e^{z₂} o₂) / (e^{z₁} + e^{z₂}): the softmax over the union.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import torch
    from torch import Tensor
else:
    from engines.lazy_torch import torch


def fused_attention(
    q: Tensor, k: Tensor, v: Tensor, bias: Tensor | None = None, causal: bool = False, scale: float | None = None
) -> tuple[Tensor, Tensor]:
    """softmax(q kᵀ·scale + bias) v and its log-sum-exp.

    q [batch, head, query, feature], k and v [batch, head, key, feature]; bias broadcasts to [batch, head, query, key].
    ``causal`` aligns the first query with the first key. Strided views are read without a copy. Returns
    [batch, head, query, feature] and [batch, head, query]; a row whose bias is −inf everywhere gives nan or 0, so the
    caller must leave each row a key.
    """
    if q.device.type == "cuda":
        return _fused_cuda(q, k, v, bias, causal, scale)
    output, normaliser = torch.ops.aten._scaled_dot_product_flash_attention_for_cpu(
        q, k, v, 0.0, causal, attn_mask=bias, scale=scale
    )
    return output, normaliser


def _fused_cuda(
    q: Tensor, k: Tensor, v: Tensor, bias: Tensor | None, causal: bool, scale: float | None
) -> tuple[Tensor, Tensor]:
    """The memory-efficient kernel: takes float32, bf16 and fp16, and a bias; its log-sum-exp is padded to 32 rows."""
    if bias is not None:
        bias = bias.expand(*q.shape[:3], k.shape[2])
    output, normaliser, _, _ = torch.ops.aten._scaled_dot_product_efficient_attention(
        q, k, v, bias, True, 0.0, causal, scale=scale
    )
    return output, normaliser[..., : q.shape[2]]


def merge(first: tuple[Tensor, Tensor], second: tuple[Tensor, Tensor]) -> tuple[Tensor, Tensor]:
    """Merge two results (output, log-sum-exp) over disjoint keys; −inf stands for no keys at all."""
    (o1, z1), (o2, z2) = first, second
    z = torch.logaddexp(z1, z2)
    safe = torch.where(z == float("-inf"), 0.0, z)
    return o1 * torch.exp(z1 - safe)[..., None].to(o1.dtype) + o2 * torch.exp(z2 - safe)[..., None].to(o2.dtype), z
