"""A window with attention sinks, and BigBird, beside PyTorch's fused attention, in one run.

    python -m benchmarks window_and_more [--quick]

512 keys a query, 8 heads of 64, float32, batch 1, 2 threads; both against fused causal attention. Ratios are medians
over the repeats of the ratio within one repeat.
"""

from __future__ import annotations

import statistics

import torch

from benchmarks.interleaved import growth, interleaved, median_ratio
from benchmarks.sparse_transformer import HEADS, LENGTH, LENGTHS, WIDTH, attention, inputs_at
from benchmarks.table import Measure, Table, at_least

RATIO = 5.0
SETTINGS: dict[str, dict[str, object]] = {
    "attention-sinks": {"sinks": 4, "window": 508},
    "bigbird": {"block": 64, "neighbours": 1, "global_blocks": 2, "random_blocks": 4},  # own, before, 2, 4 of 64
}


def table(quick: bool = False) -> Table:
    """Time beside fused causal attention against its target, and growth."""
    rows = []
    with torch.no_grad():
        inputs = inputs_at(LENGTH)
        runs = {name: attention(name, inputs, **settings) for name, settings in SETTINGS.items()}
        seconds = interleaved({"full": attention("full", inputs), **runs}, 5 if quick else 15)
        for name in SETTINGS:
            what = f"{name}, n = {LENGTH:,}: fused causal attention's time, times ours"
            row = at_least(what, median_ratio(seconds["full"], seconds[name]), RATIO, " ×")
            taken = f"{row.measured} ({1e3 * statistics.median(seconds[name]):,.0f} ms)"
            rows.append(Measure(row.what, row.target, taken, row.met))
        lengths = LENGTHS[:3] if quick else LENGTHS
        for name, settings in SETTINGS.items():
            runs = {str(length): attention(name, inputs_at(length), **settings) for length in lengths}
            medians = {int(at): statistics.median(taken) for at, taken in interleaved(runs, 3 if quick else 7).items()}
            rows.append(Measure(f"{name}: growth from {lengths[0]:,} to {lengths[-1]:,}", "", f"{growth(medians):.2f}"))
    about = f"512 keys a query, {HEADS} heads × {WIDTH}, float32, causal; interleaved repeats."
    return Table("Attention sinks and BigBird", about, tuple(rows))
