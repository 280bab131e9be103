"""The Sparse Transformer beside PyTorch's fused causal attention, in one run.

    python -m benchmarks sparse_transformer [--quick]

8 heads of 64, float32, batch 1, 2 threads. Every repeat times all of them in turn, so that a busy machine slows all
alike; ratios are medians over the repeats of the ratio within one repeat. No library computes these patterns alone:
full attention with their mask is no faster than without. Peak memory is the allocator's, in a pass of its own. Growth
is the least-squares slope of log time over log n from 8,192 on, with the stride √n.
"""

from __future__ import annotations

import os
import statistics

os.environ.setdefault("KINETO_LOG_LEVEL", "6")

import torch

from benchmarks.interleaved import Run, growth, interleaved, median_ratio
from benchmarks.table import Measure, Table, at_least, at_most
from engines.measure import measure_memory
from engines.variant import Inputs, Mask
from engines.variants import variant_named

HEADS, WIDTH = 8, 64
LENGTH, STRIDE, SUMMARY = 16_384, 128, 8
LENGTHS = (8192, 16_384, 32_768, 65_536)
RATIO, GROWTH, PEAK_RATIO = 6.0, 1.6, 2.2
SCHEMES = ("strided", "fixed")


def inputs_at(length: int, heads: int = HEADS) -> Inputs:
    return Inputs(*torch.randn(3, 1, heads, length, WIDTH, generator=torch.Generator().manual_seed(0)))


def attention(name: str, inputs: Inputs, **settings: object) -> Run:
    """One causal call of a variant."""
    variant = variant_named(name)
    parameters = variant.parameters(**settings)
    return lambda: variant.attend(inputs, parameters, Mask(True))[0]


def beside_full(repeats: int) -> list[Measure]:
    inputs = inputs_at(LENGTH)
    runs = {"full": attention("full", inputs)}
    for scheme in SCHEMES:
        runs[scheme] = attention("sparse-transformer", inputs, scheme=scheme, stride=STRIDE, summary=SUMMARY)
    seconds = interleaved(runs, repeats)
    rows = []
    for scheme in SCHEMES:
        what = f"{scheme}, n = {LENGTH:,}: fused causal attention's time, times ours"
        row = at_least(what, median_ratio(seconds["full"], seconds[scheme]), RATIO, " ×")
        taken = f"{row.measured} ({1e3 * statistics.median(seconds[scheme]):,.0f} ms)"
        rows.append(Measure(row.what, row.target, taken, row.met))
    return rows


def over_length(scheme: str, repeats: int, lengths: tuple[int, ...]) -> list[Measure]:
    """Growth of time and of peak memory with the stride √n."""
    runs = {
        str(length): attention("sparse-transformer", inputs_at(length), scheme=scheme, stride=0, summary=SUMMARY)
        for length in lengths
    }
    seconds = {int(name): statistics.median(taken) for name, taken in interleaved(runs, repeats).items()}
    short, long = (measure_memory(lambda record, n=n: runs[str(n)](), "cpu")[0] for n in lengths[:2])
    return [
        at_most(f"{scheme}: growth from {lengths[0]:,} to {lengths[-1]:,}, stride √n", growth(seconds), GROWTH),
        at_most(f"{scheme}: peak memory at {lengths[1]:,} over that at {lengths[0]:,}", long / short, PEAK_RATIO),
        Measure(
            f"{scheme}: peak memory at {lengths[1]:,}", "", f"{long / (4 * HEADS * WIDTH * lengths[1]):.2f} outputs"
        ),
    ]


def table(quick: bool = False) -> Table:
    """Time beside fused causal attention, growth and peak memory, against their targets."""
    with torch.no_grad():
        rows = beside_full(5 if quick else 15)
        for scheme in SCHEMES:
            rows += over_length(scheme, 3 if quick else 7, LENGTHS[:3] if quick else LENGTHS)
    about = (
        f"Stride {STRIDE}, summary {SUMMARY}, merged heads, {HEADS} heads × {WIDTH}, float32, causal; interleaved "
        "repeats."
    )
    return Table("Sparse Transformer", about, tuple(rows))
