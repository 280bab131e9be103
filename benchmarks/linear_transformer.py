"""Linear Transformer beside what one can install or write, its time, its memory and its growth, in one run.

    python -m benchmarks.linear_transformer [--lengths 8192 16384 32768 65536] [--repeats 15]

8 heads of 64, float32, batch 1, 2 threads. Bidirectionally the peer is performer-pytorch's ``linear_attention`` on
elu + 1; causally its ``causal_linear_attention_noncuda``, chunked plain torch that writes out the state of every
position of a chunk, and, without a target, the loop over chunks with masked squares that a careful reader of the
equations would write. Each direction is timed by itself, so that the short runs do not meet what the long causal ones
leave in memory: the peer took 61 or 72 ms by that alone. Every repeat times all of a direction in turn; ratios are
medians over the repeats of the ratio within one. Peak memory is the allocator's, in a pass of its own.
"""

from __future__ import annotations

import argparse
import os
import statistics
import warnings

os.environ.setdefault("KINETO_LOG_LEVEL", "6")

import torch
from torch import Tensor

from benchmarks.interleaved import Run, growth, interleaved, median_ratio
from benchmarks.table import Measure, Table, as_text, at_least, at_most, machine_line
from engines.measure import measure_memory
from engines.variant import Inputs, Mask
from engines.variants import variant_named

HEADS, WIDTH = 8, 64
COMPARED_AT = 16_384
RATIO, CAUSAL_RATIO, PEAK, GROWTH = 1.8, 3.0, 4.0, 1.10
OURS, OURS_CAUSAL, PEER, PEER_CAUSAL, LOOP = "bidirectional", "causal", "peer", "causal peer", "loop"


def elu_plus_one(x: Tensor) -> Tensor:
    return torch.nn.functional.elu(x) + 1


def loop_over_chunks(q: Tensor, k: Tensor, v: Tensor, chunk: int = 128) -> Tensor:
    """Causal linear attention written plainly: S and z so far, and the masked square of a chunk with itself."""
    q, k = elu_plus_one(q), elu_plus_one(k)
    state, normaliser, outputs = torch.zeros(1), torch.zeros(1), []
    for q_, k_, v_ in zip(q.split(chunk, 2), k.split(chunk, 2), v.split(chunk, 2), strict=True):
        inside = (q_ @ k_.mT).tril()
        above = inside @ v_ + (q_ @ state if len(outputs) else 0)
        below = inside.sum(-1) + ((q_ * normaliser).sum(-1) if len(outputs) else 0)
        outputs.append(above / (below + 1e-6)[..., None])
        state = state + k_.mT @ v_
        normaliser = normaliser + k_.sum(2, keepdim=True)
    return torch.cat(outputs, 2)


def peers(q: Tensor, k: Tensor, v: Tensor) -> dict[str, Run]:
    """performer-pytorch's two, if it is installed; raises ImportError where it is not."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from performer_pytorch import performer_pytorch as peer

    return {
        PEER: lambda: peer.linear_attention(elu_plus_one(q), elu_plus_one(k), v),
        PEER_CAUSAL: lambda: peer.causal_linear_attention_noncuda(elu_plus_one(q), elu_plus_one(k), v),
    }


def runs_at(length: int) -> dict[str, Run]:
    """What can run here, by name."""
    q, k, v = torch.randn(3, 1, HEADS, length, WIDTH, generator=torch.Generator().manual_seed(0))
    variant = variant_named("linear-transformer")
    inputs, parameters = Inputs(q, k, v), variant.parameters()
    runs: dict[str, Run] = {
        OURS: lambda: variant.attend(inputs, parameters, Mask())[0],
        OURS_CAUSAL: lambda: variant.attend(inputs, parameters, Mask(causal=True))[0],
    }
    if length != COMPARED_AT:
        return runs
    runs[LOOP] = lambda: loop_over_chunks(q, k, v)
    try:
        runs |= peers(q, k, v)
    except ImportError as error:
        print(f"performer-pytorch is not installed ({error}); left out")
    return runs


def by_direction(runs: dict[str, Run], repeats: int) -> dict[str, list[float]]:
    """Seconds of each run in each repeat, one direction after the other; the results of a direction must agree."""
    seconds: dict[str, list[float]] = {}
    for mine, others in {OURS: (PEER,), OURS_CAUSAL: (PEER_CAUSAL, LOOP)}.items():
        seconds |= interleaved({name: runs[name] for name in (mine, *others) if name in runs}, repeats)
        for other in (name for name in others if name in runs):
            difference = float((runs[other]() - runs[mine]()).abs().max())  # type: ignore[operator]
            assert difference < 1e-4, f"{other} and {mine} differ by {difference:.1e}"
    return seconds


def compared(
    what: str, other: str, mine: str, target: float | None, runs: dict[str, Run], seconds: dict[str, list[float]]
) -> Measure:
    """A row that holds ours against something else, timed in the same repeats."""
    if other not in runs:
        return Measure(what, f"≥ {target:g} ×", "not installed here")
    ratio = median_ratio(seconds[other], seconds[mine])
    row = at_least(what, ratio, target, " ×") if target else Measure(what, "", f"{ratio:.2f} ×")
    milliseconds = (1e3 * statistics.median(seconds[name]) for name in (other, mine))
    return Measure(row.what, row.target, "{} ({:,.0f} / {:,.0f} ms)".format(row.measured, *milliseconds), row.met)


def peak_in_queries(run: Run, length: int) -> float:
    """Peak memory of one run without its output, in sizes of q."""
    size = 4 * HEADS * WIDTH * length
    return measure_memory(lambda record: run(), "cpu")[0] / size - 1


def table(quick: bool = False) -> Table:
    return measured(arguments().parse_args(["--repeats", "5"] if quick else []))


def measured(options: argparse.Namespace) -> Table:
    rows: list[Measure] = []
    medians: dict[str, dict[int, float]] = {OURS: {}, OURS_CAUSAL: {}}
    with torch.no_grad():
        for length in options.lengths:
            runs = runs_at(length)
            seconds = by_direction(runs, options.repeats)
            at = f"n = {length:,}"
            if length == COMPARED_AT:
                one, two, three = (f"{at}, {what}, times ours" for what in (
                    "bidirectional: performer-pytorch's time", "causal: performer-pytorch's time",
                    "causal: a plain loop's time"))  # fmt: skip
                rows.append(compared(one, PEER, OURS, RATIO, runs, seconds))
                rows.append(compared(two, PEER_CAUSAL, OURS_CAUSAL, CAUSAL_RATIO, runs, seconds))
                rows.append(compared(three, LOOP, OURS_CAUSAL, None, runs, seconds))
            for name, found in medians.items():
                found[length] = statistics.median(seconds[name])
                if length == COMPARED_AT:
                    peak = peak_in_queries(runs[name], length)
                    rows.append(at_most(f"{at}, {name}: peak memory without the output", peak, PEAK, " q"))
    for name, found in medians.items():
        if len(found) > 1:
            first, last = min(found), max(found)
            rows.append(at_most(f"{name}: growth from {first:,} to {last:,}", growth(found), GROWTH))
    about = f"{HEADS} heads × {WIDTH}, float32, default parameters; median of {options.repeats} interleaved repeats."
    return Table("Linear Transformer", about, tuple(rows))


def arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--lengths", type=int, nargs="+", default=[8192, 16_384, 32_768, 65_536])
    parser.add_argument("--repeats", type=int, default=15)
    return parser


def main() -> None:
    options = arguments().parse_args()
    torch.set_num_threads(2)
    print(machine_line(2) + "\n")
    print(as_text(measured(options)))


if __name__ == "__main__":
    main()
