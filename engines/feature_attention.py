"""Attention through a feature map, in blocks: out_i = φ(q_i)ᵀ S / (φ(q_i)ᵀ z + ε), at a cost linear in the length.

S = Σ φ(k_j) v_jᵀ and z = Σ φ(k_j) over the keys that a query may see: all of them, or, causally, those up to its own
position (Katharopoulos et al. 2020, equations 5 to 12). S and z travel as one matrix, [S | z], since each value is
given a last feature of 1.

Causally the positions are cut into chunks. A chunk reads [S | z] as all chunks before it left it, and its own keys
through a masked square of products, which is never larger than a chunk. Chunks of one token are the recurrence; a
single chunk is the masked quadratic form. All three give the same numbers.

Nothing of the size of φ(q) or φ(k) of all positions is ever held. Neither is it in the backward pass, which runs the
same blocks twice: forwards for the queries' gradients, with [S | z] again, and backwards for those of keys and values,
with R = Σ φ(q_i) g_iᵀ over the queries that see a key.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from engines.trace import Recorder
from engines.variant import Inputs, Mask

if TYPE_CHECKING:
    import torch
    from torch import Tensor
else:
    from engines.lazy_torch import torch

VALUES_AT_ONCE = 1 << 19  # of features, or of states: 2 MB in float32, which a core's cache holds


class FeatureMap(ABC):
    """φ. Tensors are [head, position, feature] of the ``heads`` of one batch item.

    Where features are exponentials, those of the keys are held relative to ``peak`` [head, feature], the largest
    logarithm so far, and the queries' carry the peak instead: it cancels in every product. With it z is at least 1, so
    that nothing need be added to a denominator. A map whose features need no scale hands back ``peak`` as it came.
    """

    width: int  # features of one query or key
    scaled: bool  # whether they are relative to a peak

    @abstractmethod
    def of_keys(self, k: Tensor, heads: slice, peak: Tensor | None) -> tuple[Tensor, Tensor | None]:
        """φ(k) relative to the new peak, and that peak."""

    @abstractmethod
    def of_queries(self, q: Tensor, heads: slice, peak: Tensor | None) -> Tensor:
        """φ(q) times the peak; any factor that is the same for all features of a query may be left out."""

    @abstractmethod
    def query_scale(self, q: Tensor, heads: slice, peak: Tensor | None) -> Tensor:
        """The logarithm [head, position] of the factors that ``of_queries`` left out."""

    @abstractmethod
    def key_gradient(self, k: Tensor, heads: slice, features: Tensor, grad: Tensor) -> Tensor:
        """The gradient of k, given φ(k) and its gradient."""

    @abstractmethod
    def query_gradient(self, q: Tensor, heads: slice, features: Tensor, grad: Tensor) -> Tensor:
        """The gradient of q, given φ(q) and its gradient."""


@dataclass(frozen=True)
class Block:
    """Queries and keys handled at once; where there are both, they stand at the same positions, in equal chunks."""

    queries: range
    keys: range
    chunk: int = 1

    @property
    def chunks(self) -> int:
        return len(self.queries) // self.chunk


def blocks(queries: int, keys: int, offset: int, causal: bool, rows: int, chunk: int) -> list[Block]:
    """Every query and key once, in an order in which a query comes after the keys that it may see, and no other.

    ``rows`` is how many positions a block may have, ``offset`` the position of the first query among the keys.
    """
    before = min(offset, keys) if causal else keys
    both = min(queries, keys - before) if causal else 0
    whole, at_once = both // chunk * chunk, max(chunk, rows // chunk * chunk)
    found = [Block(range(0), part) for part in _cut(range(before), rows)]
    for part in _cut(range(whole), at_once):
        found.append(Block(part, range(part.start + before, part.stop + before), chunk))
    if whole < both:
        found.append(Block(range(whole, both), range(whole + before, both + before), both - whole))
    found += [Block(part, range(0)) for part in _cut(range(both, queries), rows)]
    return found + [Block(range(0), part) for part in _cut(range(before + both, keys), rows)]


def _cut(positions: range, rows: int) -> Iterator[range]:
    return (positions[start : start + rows] for start in range(0, len(positions), rows))


@dataclass(frozen=True)
class Running:
    """[S | z] of some heads, [head, feature, value + 1], and the peak its features are relative to."""

    sums: Tensor
    peak: Tensor | None

    def absorb(self, features: Tensor, values: Tensor, peak: Tensor | None) -> Running:
        """After more keys: φ(k) [head, position, feature] relative to the new peak, values with their 1."""
        return Running(torch.baddbmm(relative(self.sums, self.peak, peak), features.mT, values), peak)


def empty_state(features: FeatureMap, heads: int, values: int, dtype: torch.dtype, device: torch.device) -> Running:
    """The state of no keys at all."""
    sums = torch.zeros(heads, features.width, values + 1, dtype=dtype, device=device)
    peak = torch.full(sums.shape[:2], float("-inf"), dtype=dtype, device=device) if features.scaled else None
    return Running(sums, peak)


def relative(sums: Tensor, old: Tensor | None, new: Tensor | None) -> Tensor:
    """Sums over features held relative to one peak, held relative to another."""
    return sums if old is None or new is None else sums * torch.exp(old - new)[..., None]


@dataclass(frozen=True)
class Layout:
    """How one ``attend`` is cut: keys per batch item, the first query's position, causal or not, positions of a chunk.

    A denominator is φ(q)ᵀz + ``epsilon``, and never below ``least``.
    """

    key_counts: tuple[int, ...]
    offset: int
    causal: bool
    chunk: int
    epsilon: float = 0.0
    least: float = float("-inf")

    @staticmethod
    def of(inputs: Inputs, mask: Mask, chunk: int, epsilon: float = 0.0, least: float = float("-inf")) -> Layout:
        """The layout of a call of ``attend``."""
        keys = inputs.k.shape[2]
        counts = tuple(min(count, keys) for count in mask.key_lengths or (keys,) * inputs.q.shape[0])
        return Layout(counts, mask.query_offset, mask.causal, chunk, epsilon, least)

    def groups(self, q: Tensor, v: Tensor, width: int) -> Iterator[tuple[int, slice, list[Block]]]:
        """Item by item and a few heads at a time, the blocks to run."""
        (_, heads, queries, _), values = q.shape, v.shape[-1] + 1
        rows = max(1, min(VALUES_AT_ONCE // width, self.chunk * max(1, VALUES_AT_ONCE // (width * values))))
        together = max(1, min(heads, VALUES_AT_ONCE // (max(1, min(rows, queries)) * width)))
        for item, keys in enumerate(self.key_counts):
            plan = blocks(queries, keys, self.offset, self.causal, rows, self.chunk)
            for start in range(0, heads, together):
                yield item, slice(start, min(start + together, heads)), plan


def chunk_pairs(length: int, chunk: int) -> int:
    """Products of a query with a key that a causal run over ``length`` positions forms, masked ones included."""
    return length // chunk * chunk**2 + (length % chunk) ** 2


def with_ones(v: Tensor, dtype: torch.dtype) -> Tensor:
    """v [head, position, value] with a last feature of 1."""
    wide = torch.empty(*v.shape[:2], v.shape[2] + 1, dtype=dtype, device=v.device)
    wide[..., :-1] = v
    wide[..., -1] = 1
    return wide


def chunked(x: Tensor, block: Block) -> Tensor:
    """[head, position, feature] -> [head · chunk, row, feature]."""
    return x.unflatten(1, (block.chunks, block.chunk)).flatten(0, 1)


def states_before(start: Tensor, added: Tensor) -> tuple[Tensor, Tensor]:
    """What a running sum was before each chunk, and after the last: ``added`` [head, chunk, …], ``start`` [head, …]."""
    before = torch.empty_like(added)
    for index in range(added.shape[1]):
        before[:, index] = start
        start = start + added[:, index]
    return before, start


def lower(products: Tensor) -> Tensor:
    """Products [chunk, query, key] of a chunk with itself, 0 where the key is later than the query; in place."""
    return products.tril_()


def run(
    features: FeatureMap, layout: Layout, q: Tensor, k: Tensor, v: Tensor, state: Sequence[Tensor | None],
    record: Recorder,
) -> tuple[Tensor, Tensor, Tensor, Tensor | None]:  # fmt: skip
    """Output, denominators [batch, head, query, 1], and the state after all keys.

    q and k [batch, head, position, feature], v [batch, head, key, value]; ``state`` is [S | z] [batch, head, feature,
    value + 1] and the peak [batch, head, feature], as an earlier run returned them. A query that sees no key gets 0.
    """
    dtype = torch.promote_types(q.dtype, torch.float32)
    output = torch.empty(*q.shape[:3], v.shape[3], dtype=q.dtype, device=q.device)
    denominator = torch.ones(*q.shape[:3], 1, dtype=dtype, device=q.device)
    sums, peak = _first_state(features, q, v, state, dtype)
    for item, heads, plan in layout.groups(q, v, features.width):
        q_, k_, v_, out, under = (x[item, heads] for x in (q, k, v, output, denominator))
        running = Running(sums[item, heads], peak[item, heads] if peak is not None else None)
        if state[0] is None and not layout.key_counts[item]:
            out.zero_()
            continue
        for block in plan:
            record.check_cancelled()
            product, running = forward(features, heads, block, q_, k_, v_, running)
            if product is not None:
                rows = slice(block.queries.start, block.queries.stop)
                under[:, rows] = product[..., -1:].add_(layout.epsilon).clamp_(min=layout.least)
                torch.div(product[..., :-1], under[:, rows], out=out[:, rows])
        sums[item, heads] = running.sums
        if peak is not None and running.peak is not None:
            peak[item, heads] = running.peak
    return output, denominator, sums, peak


def _first_state(
    features: FeatureMap, q: Tensor, v: Tensor, state: Sequence[Tensor | None], dtype: torch.dtype
) -> tuple[Tensor, Tensor | None]:
    """A copy of the state, or that of no keys at all."""
    size = (*q.shape[:2], features.width, v.shape[3] + 1)
    sums = torch.zeros(size, dtype=dtype, device=q.device) if state[0] is None else state[0].to(dtype, copy=True)
    if not features.scaled:
        return sums, None
    empty = torch.full(size[:3], float("-inf"), dtype=dtype, device=q.device)
    return sums, empty if state[1] is None else state[1].to(dtype, copy=True)


def forward(
    features: FeatureMap, heads: slice, block: Block, q: Tensor, k: Tensor, v: Tensor, running: Running
) -> tuple[Tensor | None, Running]:
    """φ(q)ᵀ[S | z] of the block's queries, [head, query, value + 1], and the state after its keys."""
    dtype = running.sums.dtype
    if not block.keys:
        rows = q[:, block.queries.start : block.queries.stop].to(dtype)
        return torch.bmm(features.of_queries(rows, heads, running.peak), running.sums), running
    columns = slice(block.keys.start, block.keys.stop)
    from_keys, peak = features.of_keys(k[:, columns].to(dtype), heads, running.peak)
    values = with_ones(v[:, columns], dtype)
    if not block.queries:
        return None, running.absorb(from_keys, values, peak)
    from_queries = features.of_queries(q[:, block.queries.start : block.queries.stop].to(dtype), heads, peak)
    fq, fk, fv = (chunked(x, block) for x in (from_queries, from_keys, values))
    added = torch.bmm(fk.mT, fv).unflatten(0, (-1, block.chunks))
    before, after = states_before(relative(running.sums, running.peak, peak), added)
    product = torch.bmm(fq, before.flatten(0, 1))
    product.baddbmm_(lower(torch.bmm(fq, fk.mT)), fv)
    return product.unflatten(0, (-1, block.chunks)).flatten(1, 2), Running(after, peak)


def gradients(
    features: FeatureMap, layout: Layout, q: Tensor, k: Tensor, v: Tensor, state: Sequence[Tensor | None],
    output: Tensor, denominator: Tensor, grad: Tensor,
) -> tuple[Tensor, Tensor, Tensor]:  # fmt: skip
    """Gradients of q, k and v, given that of the output and what ``run`` returned; none flows into the state."""
    into = tuple(torch.zeros_like(x, memory_format=torch.contiguous_format) for x in (q, k, v))
    sums, peak = _first_state(features, q, v, state, denominator.dtype)
    for item, heads, plan in layout.groups(q, v, features.width):
        if state[0] is None and not layout.key_counts[item]:
            continue
        parts = _Parts(features, heads, *(x[item, heads] for x in (q, k, v, output, denominator, grad, *into)))
        running, peaks = Running(sums[item, heads], peak[item, heads] if peak is not None else None), []
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
        return k, features, with_ones(self.v[:, columns], dtype), peak

    def forwards(self, block: Block, running: Running) -> Running:
        """Fill the gradient of the block's queries; the state after its keys."""
        fk = values = None
        start, peak = running.sums, running.peak
        if block.keys:
            _, fk, values, peak = self.from_keys(block, running.peak)
            start = relative(running.sums, running.peak, peak)
        if not block.queries:
            return Running(torch.baddbmm(start, fk.mT, values), peak)
        grad, (q, fq) = self.of_products(block), self.from_queries(block, peak)
        if fk is None:
            into = torch.bmm(grad, start.mT)
        else:
            g, fk, values = (chunked(x, block) for x in (grad, fk, values))
            before, start = states_before(start, torch.bmm(fk.mT, values).unflatten(0, (-1, block.chunks)))
            into = torch.bmm(g, before.flatten(0, 1).mT).baddbmm_(lower(torch.bmm(g, values.mT)), fk)
            into = into.view_as(fq)
        self.into_q[:, block.queries.start : block.queries.stop] = self.features.query_gradient(q, self.heads, fq, into)
        return Running(start, peak)

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
            ctx: Any, features: FeatureMap, layout: Layout, state: Any, record: Recorder, *tensors: Tensor
        ) -> tuple[Any, ...]:
            output, denominator, sums, peak = run(features, layout, *tensors, state, record)
            ctx.rest = features, layout, state
            ctx.save_for_backward(*tensors, output, denominator)
            ctx.mark_non_differentiable(denominator, sums, *(() if peak is None else (peak,)))
            return output, denominator, sums, peak

        @staticmethod
        def backward(ctx: Any, grad: Tensor, *_: Tensor) -> tuple[Any, ...]:
            features, layout, state = ctx.rest
            q, k, v, output, denominator = ctx.saved_tensors
            found = gradients(features, layout, q, k, v, state, output, denominator, grad)
            return None, None, None, None, *found

    return FeatureAttention
