"""How much memory a variant's backward pass takes."""

from __future__ import annotations

import torch

from engines.variant import Inputs, Mask, Parameters, Variant


def backward_peak(variant: Variant, parameters: Parameters, length: int, causal: bool = True) -> int:
    """Bytes: the highest sum of live allocations of a run and its backward, inputs and their gradients included."""
    generator = torch.Generator().manual_seed(length)
    q, k, v = (torch.randn(1, 1, length, 8, generator=generator, requires_grad=True) for _ in range(3))
    with torch.profiler.profile(activities=[torch.profiler.ProfilerActivity.CPU], profile_memory=True) as profile:
        output, _ = variant.attend(
            Inputs(q, k, v), parameters, Mask(causal), generator=torch.Generator().manual_seed(0)
        )
        output.sum().backward()
    live = peak = 0
    for event in profile.profiler.kineto_results.events():
        if event.name() == "[memory]":
            live += event.nbytes()
            peak = max(peak, live)
    return peak
