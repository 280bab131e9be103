"""Longformer beside PyTorch's fused full attention and compiled flex_attention with the same mask, in one run.

    python -m benchmarks.longformer [--lengths 4096 16384] [--causal] [--global-tokens first] [--repeats 7]

8 heads of 64, float32, batch 1, 2 threads. Every repeat times all of them in turn, so that a busy machine slows all
alike; ratios are medians over the repeats of the ratio within one repeat. Peak memory is the allocator's, in a pass of
its own. Growth is the least-squares slope of log time over log n from 8,192 on.
"""

from __future__ import annotations

import argparse
import os
import statistics
from collections.abc import Iterator

os.environ.setdefault("KINETO_LOG_LEVEL", "6")

import torch
from torch import Tensor

from benchmarks.interleaved import Run, growth, interleaved, median_ratio
from benchmarks.table import Measure, Table, at_least, at_most
from engines.measure import measure_memory
from engines.variant import Inputs, Mask
from engines.variants import variant_named

HEADS, WIDTH = 8, 64
FLEX_RATIO, PEAK_OUTPUTS, GROWTH = 1.5, 3.0, 1.10


def compiled_flex(q: Tensor, k: Tensor, v: Tensor, half: int, causal: bool, first_is_global: bool) -> Run:
    """flex_attention with the Longformer's mask, compiled and warmed up; raises where there is no compiler."""
    from torch.nn.attention.flex_attention import create_block_mask, flex_attention

    def kept(batch: Tensor, head: Tensor, query: Tensor, key: Tensor) -> Tensor:
        near = (key - query).abs() <= half
        if first_is_global:
            near = near | (query == 0) | (key == 0)
        return near & (key <= query) if causal else near

    torch._dynamo.reset()
    create_block_mask_compiled = torch.compile(create_block_mask)
    blocks = create_block_mask_compiled(kept, None, None, q.shape[2], k.shape[2], device="cpu")
    flex = torch.compile(flex_attention, dynamic=False)
    flex(q, k, v, block_mask=blocks)
    return lambda: flex(q, k, v, block_mask=blocks)


def runs_at(length: int, options: argparse.Namespace) -> dict[str, Run]:
    q, k, v = torch.randn(3, 1, HEADS, length, WIDTH, generator=torch.Generator().manual_seed(0))
    inputs, mask = Inputs(q, k, v), Mask(options.causal)
    longformer, full = variant_named("longformer"), variant_named("full")
    parameters = longformer.parameters(window=options.window, global_tokens=options.global_tokens)
    runs: dict[str, Run] = {
        "longformer": lambda: longformer.attend(inputs, parameters, mask)[0],
    }
    if length <= options.full_up_to:
        runs["full"] = lambda: full.attend(inputs, full.parameters(), mask)[0]
    if not options.no_flex:
        try:
            first = options.global_tokens == "first"
            runs["flex"] = compiled_flex(q, k, v, options.window // 2, options.causal, first)
            difference = (runs["flex"]() - runs["longformer"]()).abs().max()  # type: ignore[operator]
            if difference > 2e-5:
                print(f"  {length:,}: flex and longformer differ by {difference:.1e}")
        except Exception as error:
            print(f"  {length:,}: flex_attention does not compile here ({type(error).__name__}); left out")
    return runs


def arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--lengths", type=int, nargs="+", default=[4096, 8192, 16384, 32768, 65536])
    parser.add_argument("--window", type=int, default=512)
    parser.add_argument("--global-tokens", choices=("none", "first"), default="none")
    parser.add_argument("--causal", action="store_true")
    parser.add_argument("--no-flex", action="store_true")
    parser.add_argument("--full-up-to", type=int, default=16384, help="longest text for full attention")
    parser.add_argument("--repeats", type=int, default=7)
    return parser


def peak_in_outputs(run: Run, length: int) -> float:
    """Peak memory of one run, in sizes of its output."""
    return measure_memory(lambda record: run(), "cpu")[0] / (4 * HEADS * WIDTH * length)


def table(quick: bool = False) -> Table:
    """Time beside flex_attention, peak memory and growth, against their targets; causal ones, too, unless quick."""
    options = arguments().parse_args(["--full-up-to", "0"])
    options.lengths, options.repeats = (options.lengths[:3], 3) if quick else (options.lengths, options.repeats)
    rows: list[Measure] = []
    with torch.no_grad():
        for options.causal in (False,) if quick else (False, True):
            rows += rows_of_one_direction(options)
    about = (
        f"Window {options.window} in all, {HEADS} heads × {WIDTH}, float32, bidirectional unless said; "
        f"median of {options.repeats} interleaved repeats."
    )
    return Table("Longformer", about, tuple(rows))


def rows_of_one_direction(options: argparse.Namespace) -> Iterator[Measure]:
    medians, direction = {}, "causal, " if options.causal else ""
    for length in options.lengths:
        runs = runs_at(length, options)
        seconds = interleaved(runs, options.repeats)
        ours = seconds["longformer"]
        medians[length] = statistics.median(ours)
        at = f"{direction}n = {length:,}"
        against = f"{at}: flex_attention's time, times ours"
        if "flex" in seconds:
            row = at_least(against, median_ratio(seconds["flex"], ours), FLEX_RATIO, " ×")
            yield Measure(row.what, row.target, f"{row.measured} ({1e3 * medians[length]:,.0f} ms)", row.met)
        else:
            yield Measure(against, f"≥ {FLEX_RATIO:g} ×", "not compiled here")
        yield at_most(f"{at}: peak memory", peak_in_outputs(runs["longformer"], length), PEAK_OUTPUTS, " outputs")
    long = {length: median for length, median in medians.items() if length >= 8192}
    yield at_most(f"{direction}growth from 8,192 on", growth(long), GROWTH)


def main() -> None:
    options = arguments().parse_args()
    torch.set_num_threads(2)
    direction = "causal" if options.causal else "bidirectional"
    print(f"window {options.window}, global tokens: {options.global_tokens}, {direction}, {HEADS} heads × {WIDTH}, ")
    print(f"float32, 2 threads, torch {torch.__version__}, median of {options.repeats} interleaved repeats\n")
    print(
        f"{'n':>7} {'longformer':>11} {'flex':>9} {'full':>9} {'flex/ours':>10} {'full/ours':>10} {'peak/output':>12}"
    )
    medians = {}
    for length in options.lengths:
        runs = runs_at(length, options)
        seconds = interleaved(runs, options.repeats)
        ours = seconds["longformer"]
        medians[length] = statistics.median(ours)

        def cell(name: str, times: dict[str, list[float]] = seconds) -> str:
            return f"{1e3 * statistics.median(times[name]):,.0f} ms" if name in times else "–"

        def ratio(name: str, times: dict[str, list[float]] = seconds, own: list[float] = ours) -> str:
            if name not in times:
                return "–"
            return f"{median_ratio(times[name], own):.2f}"

        peak = peak_in_outputs(runs["longformer"], length)
        print(
            f"{length:>7,} {cell('longformer'):>11} {cell('flex'):>9} {cell('full'):>9} "
            f"{ratio('flex'):>10} {ratio('full'):>10} {peak:>12.2f}",
            flush=True,
        )
    long = {length: median for length, median in medians.items() if length >= 8192}
    if len(long) > 1:
        print(f"\ngrowth from {min(long):,} to {max(long):,}: {growth(long):.2f}")


if __name__ == "__main__":
    main()
