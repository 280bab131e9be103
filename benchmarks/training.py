"""A training step's attention: forward and backward of each variant at 4,096 tokens, beside full attention.

    python -m benchmarks training

The sizes are those of the shipped models' training (4 heads of 32, float32, 2 threads), each variant as its weights
were trained. Fused full attention is the one of the same direction; repeats take turns.
"""

from __future__ import annotations

import statistics

import torch

from benchmarks.interleaved import Run, interleaved, median_ratio
from benchmarks.table import Measure, Table
from engines.training.continuations import CONTINUATIONS, Continuation
from engines.variant import Inputs, Mask
from engines.variants import variant_named

LENGTH, HEADS, WIDTH = 4096, 4, 32


def step(continuation: Continuation) -> Run:
    """Forward and backward of one layer's attention on random q, k, v."""
    variant, parameters = variant_named(continuation.variant), continuation.parameters()
    leaves = [
        x.requires_grad_()
        for x in torch.randn(3, 1, HEADS, LENGTH, WIDTH, generator=torch.Generator().manual_seed(0)).unbind()
    ]

    def run() -> None:
        generator = torch.Generator().manual_seed(0)
        output, _ = variant.attend(Inputs(*leaves, layer=1), parameters, Mask(continuation.causal), generator=generator)
        torch.autograd.grad(output.sum(), leaves, allow_unused=True)

    return run


def table(quick: bool = False) -> Table:
    repeats = 3 if quick else 9
    seconds = interleaved({name: step(each) for name, each in CONTINUATIONS.items()}, repeats)
    rows = []
    for name, each in CONTINUATIONS.items():
        full = seconds["full" if each.causal else "full-bidirectional"]
        own = seconds[name]
        milliseconds = f"{1e3 * statistics.median(own):,.0f} ms"
        rows.append(Measure(name, "", f"full attention takes {median_ratio(full, own):.2f} × as long ({milliseconds})"))
    about = (
        f"Forward and backward of one layer's attention, n = {LENGTH:,}, {HEADS} heads × {WIDTH}, float32; each "
        f"variant as its weights were trained; median of {repeats} interleaved repeats."
    )
    return Table("Training steps", about, tuple(rows))
