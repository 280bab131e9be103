"""Attention through a feature map that can be trained: its backward pass in linear memory.

The blocks of ``engines.feature_attention`` run twice more: forwards for the queries' gradients, with [S | z] again, and
backwards for those of keys and values, with R = Σ φ(q_i) g_iᵀ over the queries that see a key (Katharopoulos et al.
2020, equations 13 to 15), g being the gradient of φ(q)ᵀ[S | z].
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from engines.feature_attention import (
    Block,
    FeatureMap,
    Layout,
    Running,
    chunked,
    first_state,
    lower,
    relative,
    run,
    states_before,
    with_ones,
)
from engines.trace import Recorder

if TYPE_CHECKING:
    import torch
    from torch import Tensor
else:
    from engines.lazy_torch import torch


def gradients(
    features: FeatureMap, layout: Layout, q: Tensor, k: Tensor, v: Tensor, state: Sequence[Tensor | None],
    output: Tensor, denominator: Tensor, grad: Tensor,
) -> tuple[Tensor, Tensor, Tensor]:  # fmt: skip
    """Gradients of q, k and v, given that of the output and what ``run`` returned; none flows into the state."""
    into = tuple(torch.zeros_like(x, memory_format=torch.contiguous_format) for x in (q, k, v))
    for item, heads, plan in layout.groups(q, v, features.width, state[0] is not None):
        parts = _Parts(features, heads, *(x[item, heads] for x in (q, k, v, output, denominator, grad, *into)))
        running, peaks = first_state(features, state, item, heads, v[item, heads], denominator.dtype), []
        for block in plan:
            running = parts.forwards(block, running)
            peaks.append(running.peak)
        seen = Running(torch.zeros_like(running.sums), running.peak)
        for block, at in zip(reversed(plan), reversed(peaks), strict=True):
            # Queries carry the peak, keys are relative to it: an earlier, lower one makes sums over queries smaller.
            seen = parts.backwards(block, Running(relative(seen.sums, at, seen.peak), at))
    return into[0], into[1], into[2]


@dataclass(frozen=True)
class _Parts:
    """Some heads of one item, [head, position, …]: what went in, what came out, and the gradients to fill."""

    features: FeatureMap
    heads: slice
    q: Tensor
    k: Tensor
    v: Tensor
    output: Tensor
    denominator: Tensor
    grad: Tensor
    into_q: Tensor
    into_k: Tensor
    into_v: Tensor

    def of_products(self, block: Block) -> Tensor:
        """The gradient of φ(q)ᵀ[S | z], [head, query, value + 1]: (g, −g·out) / denominator."""
        rows = slice(block.queries.start, block.queries.stop)
        grad = self.grad[:, rows].to(self.denominator.dtype)
        along = (grad * self.output[:, rows]).sum(-1, keepdim=True)
        return torch.cat([grad, along.neg_()], -1).div_(self.denominator[:, rows])

    def from_queries(self, block: Block, peak: Tensor | None) -> tuple[Tensor, Tensor]:
        """The block's queries and φ of them."""
        q = self.q[:, block.queries.start : block.queries.stop].to(self.denominator.dtype)
        return q, self.features.of_queries(q, self.heads, peak)

    def from_keys(self, block: Block, peak: Tensor | None) -> tuple[Tensor, Tensor, Tensor, Tensor | None]:
        """The block's keys, φ of them, its values with their 1, and the new peak."""
        columns, dtype = slice(block.keys.start, block.keys.stop), self.denominator.dtype
        k = self.k[:, columns].to(dtype)
        features, peak = self.features.of_keys(k, self.heads, peak)
        return k, features, with_ones(self.v[:, columns], features), peak

    def forwards(self, block: Block, running: Running) -> Running:
        """Fill the gradient of the block's queries; the state after its keys."""
        if not block.keys:
            q, fq = self.from_queries(block, running.peak)
            self._fill_queries(block, q, fq, torch.bmm(self.of_products(block), running.sums.mT))
            return running
        _, from_keys, values, peak = self.from_keys(block, running.peak)
        if not block.queries:
            return running.absorb(from_keys, values[..., :-1], peak)
        q, fq = self.from_queries(block, peak)
        g, fk, fv = (chunked(x, block) for x in (self.of_products(block), from_keys, values))
        start = relative(running.sums, running.peak, peak)
        before, after = states_before(start, torch.bmm(fk.mT, fv).unflatten(0, (-1, block.chunks)))
        into = torch.bmm(g, before.flatten(0, 1).mT).baddbmm_(lower(torch.bmm(g, fv.mT)), fk)
        self._fill_queries(block, q, fq, into.view_as(fq))
        return Running(after, peak)

    def _fill_queries(self, block: Block, q: Tensor, features: Tensor, grad: Tensor) -> None:
        rows = slice(block.queries.start, block.queries.stop)
        self.into_q[:, rows] = self.features.query_gradient(q, self.heads, features, grad)

    def backwards(self, block: Block, seen: Running) -> Running:
        """Fill the gradients of the block's keys and values, given R of all queries after it; R with its own."""
        if not block.keys:
            _, fq = self.from_queries(block, seen.peak)
            return Running(torch.baddbmm(seen.sums, fq.mT, self.of_products(block)), seen.peak)
        k, fk, values, _ = self.from_keys(block, seen.peak)
        if not block.queries:
            into_k, into_v, start = torch.bmm(values, seen.sums.mT), torch.bmm(fk, seen.sums), seen.sums
        else:
            _, fq = self.from_queries(block, seen.peak)
            fq_, fk_, values, g = (chunked(x, block) for x in (fq, fk, values, self.of_products(block)))
            added = torch.bmm(fq_.mT, g).unflatten(0, (-1, block.chunks))
            after, start = states_before(seen.sums, added.flip(1))
            after = after.flip(1).flatten(0, 1)
            into_k = torch.bmm(values, after.mT).baddbmm_(lower(torch.bmm(g, values.mT)).mT, fq_).view_as(fk)
            into_v = torch.bmm(fk_, after).baddbmm_(lower(torch.bmm(fq_, fk_.mT)).mT, g)
            into_v = into_v.view(*fk.shape[:2], -1)
        columns = slice(block.keys.start, block.keys.stop)
        self.into_k[:, columns] = self.features.key_gradient(k, self.heads, fk, into_k)
        self.into_v[:, columns] = into_v[..., :-1]
        return Running(start, seen.peak)


def feature_attention(
    features: FeatureMap, layout: Layout, q: Tensor, k: Tensor, v: Tensor, state: Sequence[Tensor | None],
    record: Recorder,
) -> tuple[Tensor, Tensor, Tensor, Tensor | None]:  # fmt: skip
    """``run``, differentiable with respect to q, k and v."""
    state = tuple(x.detach() if x is not None else None for x in state)
    if torch.is_grad_enabled() and any(x.requires_grad for x in (q, k, v)):
        return _differentiable().apply(features, layout, state, record, q, k, v)
    return run(features, layout, q, k, v, state, record)


@cache
def _differentiable() -> Any:
    """The autograd function; made at first use, since this file does not import torch."""

    class FeatureAttention(torch.autograd.Function):
        @staticmethod
        def forward(
            ctx: Any,
            features: FeatureMap,
            layout: Layout,
            state: Any,
            record: Recorder,
            q: Tensor,
            k: Tensor,
            v: Tensor,
        ) -> tuple[Any, ...]:
            output, denominator, sums, peak = run(features, layout, q, k, v, state, record)
            ctx.rest = features, layout, state
            ctx.save_for_backward(q, k, v, output, denominator)
            ctx.mark_non_differentiable(denominator, sums, *(() if peak is None else (peak,)))
            return output, denominator, sums, peak

        @staticmethod
        def backward(ctx: Any, grad: Tensor, *_: Tensor) -> tuple[Any, ...]:
            features, layout, state = ctx.rest
            q, k, v, output, denominator = ctx.saved_tensors
            found = gradients(features, layout, q, k, v, state, output, denominator, grad)
            return None, None, None, None, *found

    return FeatureAttention
