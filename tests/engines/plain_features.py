"""Attention through a feature map as its formulas say, slowly, in float64; written twice."""

from __future__ import annotations

import torch
from torch import Tensor

from engines.trace import Trace
from engines.variant import Inputs, Mask, Parameters, State, Variant
from tests.engines.plain_attention import allowed


def masked_quadratic(fq: Tensor, fk: Tensor, v: Tensor, mask: Mask, epsilon: float = 0.0) -> Tensor:
    """Every pair's product φ(q_i)ᵀφ(k_j), [batch, head, query, key], masked, over its row's sum; a row of none is 0."""
    weights = fq.double() @ fk.double().mT * allowed(mask, fq.shape[2], fk.shape[2])
    total = weights.sum(-1, keepdim=True) + epsilon
    return weights @ v.double() / torch.where(total == 0, 1.0, total)


def recurrence(fq: Tensor, fk: Tensor, v: Tensor, epsilon: float = 0.0) -> Tensor:
    """S ← S + φ(k_i) v_iᵀ, z ← z + φ(k_i), out_i = φ(q_i)ᵀS / φ(q_i)ᵀz, one token after the other."""
    fq, fk, v = fq.double(), fk.double(), v.double()
    state = torch.zeros(*fk.shape[:2], fk.shape[3], v.shape[3], dtype=torch.float64)
    normaliser = torch.zeros(*fk.shape[:2], fk.shape[3], dtype=torch.float64)
    rows = []
    for i in range(fq.shape[2]):
        state = state + fk[:, :, i, :, None] * v[:, :, i, None, :]
        normaliser = normaliser + fk[:, :, i]
        above = torch.einsum("bhm,bhmd->bhd", fq[:, :, i], state)
        rows.append(above / (torch.einsum("bhm,bhm->bh", fq[:, :, i], normaliser) + epsilon)[..., None])
    return torch.stack(rows, 2)


def drawn(
    queries: int, keys: int | None = None, batch: int = 1, heads: int = 2, width: int = 16, seed: int = 0,
    dtype: torch.dtype = torch.float64,
) -> Inputs:  # fmt: skip
    generator = torch.Generator().manual_seed(seed)
    lengths = (queries, *(2 * (queries if keys is None else keys,)))
    sizes = ((batch, heads, length, width) for length in lengths)
    return Inputs(*(torch.randn(size, generator=generator, dtype=torch.float64).to(dtype) for size in sizes))


def one_by_one(variant: Variant, inputs: Inputs, parameters: Parameters, state: State | None = None) -> Tensor:
    """Decoding: each token's query, key and value with the state of those before it."""
    rows = []
    for i in range(inputs.q.shape[2]):
        token = (x[:, :, i : i + 1] for x in (inputs.q, inputs.k, inputs.v))
        row, state = variant.attend(
            Inputs(*token, inputs.layer, inputs.extras), parameters, Mask(causal=True), state=state
        )
        rows.append(row)
    return torch.cat(rows, 2)


def largest_saved(variant: Variant, length: int, parameters: Parameters, causal: bool) -> int:
    """The highest sum of live allocations during a run and its backward, inputs not counted; bytes."""
    leaves = [x.requires_grad_() for x in torch.randn(3, 1, 1, length, 8).unbind()]
    generator = torch.Generator().manual_seed(0)
    with torch.profiler.profile(activities=[torch.profiler.ProfilerActivity.CPU], profile_memory=True) as profile:
        output, _ = variant.attend(Inputs(*leaves), parameters, Mask(causal), generator=generator)
        output.sum().backward()
    live = peak = 0
    for event in profile.profiler.kineto_results.events():
        if event.name() == "[memory]":
            live += event.nbytes()
            peak = max(peak, live)
    return peak


def recorded(variant: Variant, inputs: Inputs, parameters: Parameters, mask: Mask) -> tuple[Tensor, Trace]:
    trace = Trace()
    generator = torch.Generator().manual_seed(7)
    return variant.attend(inputs, parameters, mask, generator=generator, record=trace)[0], trace
