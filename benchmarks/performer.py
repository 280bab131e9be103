"""Performer beside performer-pytorch, its time, its memory and its growth, in one run.

    python -m benchmarks.performer [--lengths 8192 16384 32768 65536] [--m 256] [--repeats 11]

8 heads of 64, float32, batch 1, 2 threads; the random vectors are given, as they are between two redraws. The peer is
FastAttention of performer-pytorch, optional; causally, without a compiled product for the graphics card, it writes out
the state of every position of a chunk, which is timed at 8,192 once in a while only. Every repeat times all of them in
turn; ratios are medians over the repeats of the ratio within one. Peak memory is the allocator's, in a pass of its own.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import os
import statistics
import warnings

os.environ.setdefault("KINETO_LOG_LEVEL", "6")

import torch
from torch import Tensor

from benchmarks.interleaved import Run, growth, interleaved
from benchmarks.linear_transformer import HEADS, WIDTH, compared, peak_in_queries
from benchmarks.table import Measure, Table, as_text, at_most, machine_line
from engines.random_features import draw_features
from engines.variant import Inputs, Mask
from engines.variants import variant_named

COMPARED_AT, CAUSAL_AT = 16_384, 8192
RATIO, CAUSAL_RATIO, PEAK, GROWTH = 2.0, 20.0, 4.0, 1.10
OURS, OURS_CAUSAL, PEER, PEER_CAUSAL = "bidirectional", "causal", "peer", "causal peer"
CAUSAL_REPEATS = 2  # of the peer's causal form, which takes seconds


def peer(q: Tensor, k: Tensor, v: Tensor, m: int, causal: bool) -> Run:
    """performer-pytorch's attention on the same tensors; raises ImportError where it is not installed."""
    with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):
        warnings.simplefilter("ignore")
        from performer_pytorch import FastAttention

        attention = FastAttention(dim_heads=WIDTH, nb_features=m, causal=causal)
    return lambda: attention(q, k, v)


def runs_at(length: int, m: int) -> dict[str, Run]:
    """What can run here, by name."""
    generator = torch.Generator().manual_seed(0)
    q, k, v = torch.randn(3, 1, HEADS, length, WIDTH, generator=generator)
    variant = variant_named("performer")
    omega = draw_features(HEADS, m, WIDTH, True, "Gaussian", generator, q)
    inputs, parameters = Inputs(q, k, v, extras={"features": omega}), variant.parameters(m=m)
    runs: dict[str, Run] = {
        OURS: lambda: variant.attend(inputs, parameters, Mask())[0],
        OURS_CAUSAL: lambda: variant.attend(inputs, parameters, Mask(causal=True))[0],
    }
    try:
        if length == COMPARED_AT:
            runs[PEER] = peer(q, k, v, m, causal=False)
        if length == CAUSAL_AT:
            runs[PEER_CAUSAL] = peer(q, k, v, m, causal=True)
    except ImportError as error:
        print(f"performer-pytorch is not installed ({error}); left out")
    return runs


def rows_at(length: int, runs: dict[str, Run], seconds: dict[str, list[float]]) -> list[Measure]:
    """Against the peer, and memory, at the lengths where they are told."""
    at, rows = f"n = {length:,}", []
    if length == COMPARED_AT:
        what = f"{at}, bidirectional: performer-pytorch's time, times ours"
        rows.append(compared(what, PEER, OURS, RATIO, runs, seconds))
        for name in (OURS, OURS_CAUSAL):
            peak = peak_in_queries(runs[name], length)
            rows.append(at_most(f"{at}, {name}: peak memory without the output", peak, PEAK, " q"))
    if length == CAUSAL_AT:
        what = f"{at}, causal: performer-pytorch's time, times ours"
        pairs = {OURS_CAUSAL: runs[OURS_CAUSAL]} | {name: runs[name] for name in (PEER_CAUSAL,) if name in runs}
        rows.append(compared(what, PEER_CAUSAL, OURS_CAUSAL, CAUSAL_RATIO, runs, interleaved(pairs, CAUSAL_REPEATS)))
    return rows


def measured(options: argparse.Namespace) -> Table:
    rows: list[Measure] = []
    medians: dict[str, dict[int, float]] = {OURS: {}, OURS_CAUSAL: {}}
    with torch.no_grad():
        for length in options.lengths:
            runs = runs_at(length, options.m)
            often = {name: run for name, run in runs.items() if name != PEER_CAUSAL}
            seconds = interleaved(often, options.repeats)
            rows += rows_at(length, runs, seconds)
            for name, found in medians.items():
                found[length] = statistics.median(seconds[name])
    for name, found in medians.items():
        if len(found) > 1:
            first, last = min(found), max(found)
            rows.append(at_most(f"{name}: growth from {first:,} to {last:,}", growth(found), GROWTH))
    about = (
        f"m = {options.m}, positive, orthogonal, {HEADS} heads × {WIDTH}, float32; "
        f"median of {options.repeats} interleaved repeats ({CAUSAL_REPEATS} of the causal peer)."
    )
    return Table("Performer", about, tuple(rows))


def table(quick: bool = False) -> Table:
    return measured(arguments().parse_args(["--repeats", "3"] if quick else []))


def arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--lengths", type=int, nargs="+", default=[8192, 16_384, 32_768, 65_536])
    parser.add_argument("--m", type=int, default=256)
    parser.add_argument("--repeats", type=int, default=11)
    return parser


def main() -> None:
    options = arguments().parse_args()
    torch.set_num_threads(2)
    print(machine_line(2) + "\n")
    print(as_text(measured(options)))


if __name__ == "__main__":
    main()
