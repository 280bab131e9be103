"""Attention whose gradients are computed from its output and log-sum-exp alone, so that backward is linear in memory.

Nothing else is saved: backward goes over the same blocks again, which costs less than to keep every block's weights.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, Protocol

from engines.trace import Recorder

if TYPE_CHECKING:
    import torch
    from torch import Tensor

    Triple = tuple[Tensor, Tensor, Tensor]
else:
    from engines.lazy_torch import torch


class Blockwise(Protocol):
    """One kind of attention with all its settings; q, k, v are [batch, head, position, feature], features packed."""

    def run(self, q: Tensor, k: Tensor, v: Tensor, record: Recorder) -> tuple[Tensor, Tensor]:
        """The output [batch, head, query, feature] and the log-sum-exp [batch, head, query], −inf without keys."""

    def add_gradients(self, q_k_v: Triple, output: Tensor, normaliser: Tensor, grad: Tensor, grads: Triple) -> None:
        """Add to the gradients of q, k, v; output and log-sum-exp (+inf without keys) are what ``run`` returned."""


def attend_recomputed(attention: Blockwise, q: Tensor, k: Tensor, v: Tensor, record: Recorder) -> tuple[Tensor, Tensor]:
    """Output and log-sum-exp; where gradients are wanted, in a node of the graph that recomputes on its way back."""
    q, k, v = (x if x.stride(-1) == 1 else x.contiguous() for x in (q, k, v))
    if torch.is_grad_enabled() and any(x.requires_grad for x in (q, k, v)):
        output, normaliser = _differentiable().apply(attention, record, q, k, v)
        return output, normaliser
    return attention.run(q, k, v, record)


@cache
def _differentiable() -> Any:
    """The autograd function; made at first use, since this file does not import torch."""

    class RecomputedAttention(torch.autograd.Function):
        @staticmethod
        def forward(
            ctx: Any, attention: Blockwise, record: Recorder, q: Tensor, k: Tensor, v: Tensor
        ) -> tuple[Tensor, Tensor]:
            output, normaliser = attention.run(q, k, v, record)
            ctx.attention = attention
            ctx.save_for_backward(q, k, v, output, normaliser)
            ctx.mark_non_differentiable(normaliser)
            return output, normaliser

        @staticmethod
        def backward(ctx: Any, grad: Tensor, _: Tensor) -> tuple[Any, ...]:
            q, k, v, output, normaliser = ctx.saved_tensors
            normaliser = normaliser.masked_fill(normaliser == float("-inf"), float("inf"))  # weights of 0, not nan
            grads = tuple(torch.zeros_like(x, memory_format=torch.contiguous_format) for x in (q, k, v))
            ctx.attention.add_gradients((q, k, v), output, normaliser, grad.contiguous(), grads)
            return None, None, *grads

    return RecomputedAttention
