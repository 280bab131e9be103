"""Linformer beside the one that one can install, its time, its memory and its growth, in one run.

    python -m benchmarks.linformer [--lengths 8192 16384] [--k 256] [--repeats 15]

8 heads of 64, float32, batch 1, 2 threads; E and F are given, as they are in practice, and mean pooling needs none. The
peer is LinformerSelfAttention of linformer 0.2.3, optional: once as it is, with its four linear layers, and once with
those taken out, so that the same products are compared. Every repeat times all of them in turn; ratios are medians over
the repeats of the ratio within one. Peak memory is the allocator's, in a pass of its own.
"""

from __future__ import annotations

import argparse
import os
import statistics

os.environ.setdefault("KINETO_LOG_LEVEL", "6")

import torch

from benchmarks.interleaved import Run, growth, interleaved, median_ratio
from benchmarks.table import Measure, Table, as_text, at_least, at_most, machine_line
from engines.low_rank import draw_projection
from engines.measure import measure_memory
from engines.variant import Inputs, Mask
from engines.variants import variant_named

HEADS, WIDTH = 8, 64
COMPARED_AT = 16_384
PEER_RATIO, PEAK_SHARE, GROWTH, PEAK_GROWTH = 2.5, 0.25, 1.10, 1.10
OURS, POOLING, PEER, PEER_ALONE = "linformer", "mean pooling", "peer", "peer without its linear layers"


def peers(length: int, k: int) -> dict[str, Run]:
    """The peer as it is, and without its linear layers; raises where it is not installed."""
    from linformer.linformer import LinformerSelfAttention

    hidden = torch.randn(1, length, HEADS * WIDTH, generator=torch.Generator().manual_seed(1))
    whole = LinformerSelfAttention(HEADS * WIDTH, length, k=k, heads=HEADS).eval()
    alone = LinformerSelfAttention(HEADS * WIDTH, length, k=k, heads=HEADS).eval()
    for layer in ("to_q", "to_k", "to_v", "to_out"):
        setattr(alone, layer, torch.nn.Identity())
    return {PEER: lambda: whole(hidden), PEER_ALONE: lambda: alone(hidden)}


def runs_at(length: int, k: int) -> dict[str, Run]:
    """What can run here, by name."""
    generator = torch.Generator().manual_seed(0)
    q, keys, values = torch.randn(3, 1, HEADS, length, WIDTH, generator=generator)
    drawn = [draw_projection(k, length, generator, q) for _ in range(2)]
    given = Inputs(q, keys, values, extras=dict(zip(("key_projection", "value_projection"), drawn, strict=True)))
    variant, mask = variant_named("linformer"), Mask(causal=False)
    random = variant.parameters(k=k, sharing="headwise")
    pooling = variant.parameters(k=k, projection="mean pooling")
    runs: dict[str, Run] = {
        OURS: lambda: variant.attend(given, random, mask)[0],
        POOLING: lambda: variant.attend(Inputs(q, keys, values), pooling, mask)[0],
    }
    if length == COMPARED_AT:
        try:
            runs |= peers(length, k)
        except ImportError as error:
            print(f"linformer is not installed ({error}); left out")
    return runs


def peak(run: Run) -> int:
    return measure_memory(lambda record: run(), "cpu")[0]


def against_peers(seconds: dict[str, list[float]], runs: dict[str, Run]) -> list[Measure]:
    """Rows that hold ours against the peer, at the length at which it ran."""
    at, ours = f"n = {COMPARED_AT:,}", seconds[OURS]
    if PEER not in runs:
        return [Measure(f"{at}: linformer 0.2.3's time, times ours", f"≥ {PEER_RATIO:g} ×", "not installed here")]
    row = at_least(f"{at}: linformer 0.2.3's time, times ours", median_ratio(seconds[PEER], ours), PEER_RATIO, " ×")
    milliseconds = 1e3 * statistics.median(ours)
    alone = median_ratio(seconds[PEER_ALONE], ours)
    share = peak(runs[OURS]) / peak(runs[PEER])
    return [
        Measure(row.what, row.target, f"{row.measured} ({milliseconds:,.0f} ms)", row.met),
        Measure(f"{at}: the same without its linear layers", "", f"{alone:.2f} ×"),
        at_most(f"{at}: peak memory, as a share of the peer's", share, PEAK_SHARE),
    ]


def rows_of(lengths: list[int], k: int, repeats: int) -> list[Measure]:
    rows: list[Measure] = []
    medians: dict[str, dict[int, float]] = {OURS: {}, POOLING: {}}
    peaks = {}
    with torch.no_grad():
        for length in lengths:
            runs = runs_at(length, k)
            seconds = interleaved(runs, repeats)
            for name, of_length in medians.items():
                of_length[length] = statistics.median(seconds[name])
            peaks[length] = float(peak(runs[OURS]))
            if length == COMPARED_AT:
                rows += against_peers(seconds, runs)
            pooled = f"{1e3 * medians[POOLING][length]:,.0f} ms"
            rows.append(Measure(f"n = {length:,}: mean pooling instead of E and F", "", pooled))
    if len(lengths) > 1:
        span = f"from {min(lengths):,} to {max(lengths):,}"
        rows += [at_most(f"growth {span}, {name}", growth(of_length), GROWTH) for name, of_length in medians.items()]
        rows.append(at_most(f"growth of peak memory {span}", growth(peaks), PEAK_GROWTH))
    return rows


def table(quick: bool = False) -> Table:
    """Time and peak memory beside linformer 0.2.3, and growth, against their targets."""
    lengths, repeats = ([8192, COMPARED_AT], 5) if quick else ([8192, COMPARED_AT, 32_768, 65_536], 15)
    about = f"k = 256, {HEADS} heads × {WIDTH}, float32, E and F given; median of {repeats} interleaved repeats."
    return Table("Linformer", about, tuple(rows_of(lengths, 256, repeats)))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--lengths", type=int, nargs="+", default=[8192, COMPARED_AT, 32_768, 65_536])
    parser.add_argument("--k", type=int, default=256)
    parser.add_argument("--repeats", type=int, default=15)
    options = parser.parse_args()
    torch.set_num_threads(2)
    print(machine_line(2) + "\n")
    about = f"k = {options.k}, {HEADS} heads × {WIDTH}, float32; median of {options.repeats} interleaved repeats"
    print(as_text(Table("Linformer", about, tuple(rows_of(options.lengths, options.k, options.repeats)))))


if __name__ == "__main__":
    main()
