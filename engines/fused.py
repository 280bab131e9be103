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
        bias = _aligned(bias).expand(*q.shape[:3], k.shape[2])
    output, normaliser, _, _ = torch.ops.aten._scaled_dot_product_efficient_attention(
        q, k, v, bias, True, 0.0, causal, scale=scale
    )
    return output, normaliser[..., : q.shape[2]]


def _aligned(bias: Tensor) -> Tensor:
    """The same bias over rows that start at multiples of 16 values, as the kernel reads them."""
    if bias.stride(-1) == 1 and all(stride % 16 == 0 for stride in bias.stride()[:-1]):
        return bias
    keys = bias.shape[-1]
    return torch.nn.functional.pad(bias, (0, -keys % 16))[..., :keys]


def fused_attention_gradients(
    grad: Tensor, q: Tensor, k: Tensor, v: Tensor, output: Tensor, normaliser: Tensor, bias: Tensor | None = None,
    causal: bool = False,
) -> tuple[Tensor, Tensor, Tensor]:  # fmt: skip
    """Gradients of q, k and v, given the gradient of the output of ``fused_attention`` and what that returned.

    Where ``fused_attention`` computed only a part of a softmax, ``output`` and ``normaliser`` of the whole give the
    gradients through that part exactly: weights are exp(score − normaliser) whoever else shares the normaliser.
    """
    if q.device.type == "cuda":
        if bias is not None:
            bias = _aligned(bias).expand(*q.shape[:3], k.shape[2])
        padded = torch.nn.functional.pad(normaliser, (0, -q.shape[2] % 32), value=float("inf"))
        seed = torch.zeros((), dtype=torch.int64, device=q.device)
        gradients = torch.ops.aten._scaled_dot_product_efficient_attention_backward(
            grad, q, k, v, bias, output, padded, seed, seed, 0.0, [True, True, True, False], causal
        )
        return gradients[0], gradients[1], gradients[2]
    return torch.ops.aten._scaled_dot_product_flash_attention_for_cpu_backward(
        grad, q, k, v, output, normaliser, 0.0, causal, attn_mask=bias
    )


def merge(first: tuple[Tensor, Tensor], second: tuple[Tensor, Tensor]) -> tuple[Tensor, Tensor]:
    """Merge two results (output, log-sum-exp) over disjoint keys; −inf stands for no keys at all."""
    (o1, z1), (o2, z2) = first, second
    z = torch.logaddexp(z1, z2)
    safe = torch.where(z == float("-inf"), 0.0, z)
    return o1 * torch.exp(z1 - safe)[..., None].to(o1.dtype) + o2 * torch.exp(z2 - safe)[..., None].to(o2.dtype), z
