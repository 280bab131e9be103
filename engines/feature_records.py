"""What a run of ``engines.feature_attention`` shows of itself: its state over time, normalisers, implied weights.

No n × n matrix and no per-token state takes part in a run, so each of these is made from q, k and v again, by the same
blocks, and only for somebody who records.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from engines.feature_attention import FeatureMap, Layout, Running, first_state, forward
from engines.trace import Extent, Products, StateOverTime
from engines.variant import Inputs
from engines.words import english

if TYPE_CHECKING:
    import torch
    from torch import Tensor
else:
    from engines.lazy_torch import torch

BatchState = tuple["Tensor | None", "Tensor | None"]
"""[S | z] [batch, head, feature, value + 1] and the peak [batch, head, feature], before the first key."""

MOMENTS = 128
STATE_VALUES = 1 << 20  # of all moments together, for each head


def products_to_scale(queries: int, keys: int, width: int, values: int, features: int) -> Products:
    """What is multiplied, and what is done without; "normalised": each row over φ(q)ᵀz."""
    return Products(
        (
            Extent("K", keys, width, "input"),
            Extent("φ(K)", keys, features, sign="→", by="φ"),
            Extent("φ(K)ᵀ", features, keys),
            Extent("V", keys, values, "input", sign="·"),
            Extent("S", features, values, sign="="),
            Extent("Q", queries, width, "input"),
            Extent("φ(Q)", queries, features, sign="→", by="φ"),
            Extent("φ(Q)", queries, features),
            Extent("S", features, values, sign="·"),
            Extent("output", queries, values, "output", sign="→", by=english("normalised")),
            Extent("φ(Q)·φ(K)ᵀ", queries, keys, "never made"),
        )
    )


def state_over_time(
    features: FeatureMap, layout: Layout, inputs: Inputs, output: Tensor, state_bytes: int, state: BatchState
) -> StateOverTime:
    """S and z of the first item's heads after each of up to 128 positions, evenly spread; fewer where they are large.

    Features relative to a peak are shown relative to one number a head. ``output`` [batch, head, query, feature] is the
    run's: where query and key of a position are of one token, the state just after it must give the same.
    """
    q, k, v = (x[0].detach() for x in (inputs.q, inputs.k, inputs.v))
    heads, keys, values = slice(0, k.shape[0]), layout.key_counts[0], v.shape[-1]
    moments = max(1, min(MOMENTS, keys, STATE_VALUES // (features.width * (values + 1))))
    positions = torch.linspace(0, keys - 1, moments, dtype=torch.float64).round().long() if keys else torch.zeros(0)
    dtype = torch.promote_types(k.dtype, torch.float32)
    running = first_state(features, state, 0, heads, v, dtype)
    recurrent = layout.causal and layout.offset == 0 and q.shape[1] == k.shape[1]
    difference = torch.zeros(k.shape[0], dtype=dtype, device=k.device)
    sums, peaks, stop = [], [], 0
    for position in positions.tolist():
        running = _absorbed(features, heads, k[:, stop : position + 1], v[:, stop : position + 1], running)
        stop = position + 1
        if recurrent:
            read = read_state(features, layout, q[:, position:stop].to(dtype), running)
            difference = torch.maximum(difference, (read - output[0, :, position:stop]).abs().amax((1, 2)))
        sums.append(running.sums)
        if running.peak is not None:
            peaks.append(running.peak)
    at = positions.to(k.device, torch.int64)
    rows, peak = features.of_keys(k.index_select(1, at).to(dtype), heads, None)
    stacked = torch.stack(sums, 1) if sums else running.sums[:, None, :, :][:, :0]
    if running.peak is not None and peak is not None:
        largest = running.peak.amax(-1, keepdim=True)
        stacked = stacked * torch.exp(torch.stack(peaks, 1) - largest[:, None])[..., None]
        rows = rows * torch.exp(peak - largest)[:, None]
    return StateOverTime(
        state=stacked[..., :-1],
        normaliser=stacked[..., -1],
        positions=positions.to(torch.int64),
        added_row=rows,
        added_column=v.index_select(1, at),
        state_bytes=state_bytes,
        cache_bytes_per_token=k.shape[0] * (k.shape[-1] + values) * k.element_size(),
        difference=difference if recurrent else None,
    )


def read_state(features: FeatureMap, layout: Layout, q: Tensor, running: Running) -> Tensor:
    """φ(q)ᵀS / (φ(q)ᵀz + ε), [head, query, value], for q [head, query, feature]: the recurrence's own reading."""
    values, totals = running.read(features.of_queries(q, slice(0, len(q)), running.peak))
    return values / layout.denominator(totals)


def _absorbed(features: FeatureMap, heads: slice, k: Tensor, v: Tensor, running: Running) -> Running:
    """The state after more keys, a few thousand at a time."""
    dtype = running.sums.dtype
    for keys, values in zip(k.split(2048, 1), v.split(2048, 1), strict=True):
        from_keys, peak = features.of_keys(keys.to(dtype), heads, running.peak)
        running = running.absorb(from_keys, values.to(dtype), peak)
    return running


def log_normalisers(features: FeatureMap, layout: Layout, q: Tensor, k: Tensor, state: BatchState) -> Tensor:
    """log |φ(q_i)ᵀz_i + ε| and its sign, [head, query, 2], of the first batch item; ∞ and 1 where no key is seen.

    In the scale of φ without its 1/√m, so that ``implied_weights`` can use it whatever peak it meets.
    """
    q, k = q.detach(), k.detach()
    first = replace(layout, key_counts=layout.key_counts[:1])
    dtype = torch.promote_types(q.dtype, torch.float32)
    found = torch.full((*q.shape[1:3], 2), float("inf"), dtype=dtype, device=q.device)
    found[..., 1] = 1
    nothing = k[:, :, :, :0]
    for _, heads, plan in first.groups(q, nothing, features.width, state[0] is not None):
        running = first_state(features, state, 0, heads, nothing[0, heads], dtype)
        for block in plan:
            product, running = forward(features, heads, block, q[0, heads], k[0, heads], nothing[0, heads], running)
            if product is not None:
                rows = slice(block.queries.start, block.queries.stop)
                scale = features.query_scale(q[0, heads, rows].to(dtype), heads, running.peak)
                total = product[1][..., 0] + layout.epsilon
                found[heads, rows, 0], found[heads, rows, 1] = scale + total.abs().log(), total.sign()
    return found


def implied_weights(features: FeatureMap, q: Tensor, k: Tensor, head: int, normaliser: Tensor) -> Tensor:
    """φ(q_i)ᵀφ(k_j) / (φ(q_i)ᵀz_i + ε), [query, key]: what multiplies v_j in output i, were the pair allowed.

    q [query, feature] and k [key, feature] of one head, ``normaliser`` [query, 2] from ``log_normalisers``.
    """
    heads, dtype = slice(head, head + 1), normaliser.dtype
    from_keys, peak = features.of_keys(k[None].to(dtype), heads, None)
    from_queries = features.of_queries(q[None].to(dtype), heads, peak)
    scale = features.query_scale(q[None].to(dtype), heads, peak)[0] - normaliser[:, 0]
    return (from_queries[0] @ from_keys[0].T) * (torch.exp(scale) * normaliser[:, 1])[:, None]
