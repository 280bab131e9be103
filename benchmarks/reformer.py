"""Reformer beside fused full attention and the two Reformers one can install, in one run.

    python -m benchmarks.reformer [--lengths 4096 16384] [--rounds 4] [--bidirectional] [--repeats 5] [--threads 2]

8 heads of 64, float32, batch 1; chunks of 64 and n/64 buckets for all. The peers are optional: reformer-pytorch 1.4.4
(its defaults: no mask between buckets, no correction) and LSHSelfAttention of transformers 4.57.6 (its time holds its
two projections); one that cannot be imported is named and left out. Every repeat times all of them in turn; ratios are
medians over the repeats. Peak memory is the allocator's, in a pass of its own. Growth is measured from 8,192 on.
"""

from __future__ import annotations

import argparse
import os
import statistics

os.environ.setdefault("KINETO_LOG_LEVEL", "6")

import torch
from torch import Tensor

from benchmarks.interleaved import Run, growth, interleaved, median_ratio
from benchmarks.table import Measure, Table, at_least, at_most
from engines.measure import measure_memory
from engines.variant import Inputs, Mask
from engines.variants import variant_named

HEADS, WIDTH, CHUNK = 8, 64, 64
PEERS_UP_TO = 16384
PEER_LENGTHS = (4096, 16384)
PEERS = ("reformer-pytorch", "transformers")
PEER_RATIO, PEAK_SHARE, GROWTH = 4.0, 0.25, 1.20


def reformer_pytorch(q: Tensor, v: Tensor, options: argparse.Namespace) -> Run:
    from reformer_pytorch import LSHAttention

    attention = LSHAttention(bucket_size=CHUNK, n_hashes=options.rounds, causal=not options.bidirectional).eval()
    queries, values = q.flatten(0, 1), v.flatten(0, 1)
    return lambda: attention(queries, values)[0]


def transformers_lsh(q: Tensor, v: Tensor, options: argparse.Namespace) -> Run:
    from transformers import ReformerConfig
    from transformers.models.reformer.modeling_reformer import LSHSelfAttention

    length = q.shape[2]
    config = ReformerConfig(
        attention_head_size=WIDTH,
        num_attention_heads=HEADS,
        hidden_size=HEADS * WIDTH,
        lsh_attn_chunk_length=CHUNK,
        num_hashes=options.rounds,
        num_buckets=length // CHUNK,
        is_decoder=not options.bidirectional,
        lsh_attention_probs_dropout_prob=0.0,
        max_position_embeddings=length,
        axial_pos_embds=False,
    )
    attention = LSHSelfAttention(config).eval()
    hidden = q.transpose(1, 2).flatten(2)
    return lambda: attention(hidden).hidden_states


def runs_at(length: int, options: argparse.Namespace) -> tuple[dict[str, Run], dict[str, str]]:
    """What can run here, by name, and why the others cannot."""
    q, v = torch.randn(2, 1, HEADS, length, WIDTH, generator=torch.Generator().manual_seed(0))
    mask = Mask(causal=not options.bidirectional)
    reformer, full = variant_named("reformer"), variant_named("full")
    parameters = reformer.parameters(chunk_length=CHUNK, buckets=length // CHUNK, rounds=options.rounds)
    runs: dict[str, Run] = {"reformer": lambda: reformer.attend(Inputs(q, q, v), parameters, mask)[0]}
    absent = {}
    if length <= PEERS_UP_TO:
        runs["full"] = lambda: full.attend(Inputs(q, q, v), full.parameters(), mask)[0]
        for name, peer in zip(PEERS, (reformer_pytorch, transformers_lsh), strict=True):
            try:
                runs[name] = peer(q, v, options)
            except ImportError as error:
                absent[name] = str(error).splitlines()[0]
    return runs, absent


def row(length: int, runs: dict[str, Run], seconds: dict[str, list[float]]) -> str:
    """Time and peak memory, the ratios to ours after each."""
    ours = seconds["reformer"]
    peaks = {name: peak_bytes(run) for name, run in runs.items()}
    cells = [f"{length:>7,}", f"{1e3 * statistics.median(ours):>8,.0f} ms {peaks['reformer'] / 1e6:>7,.0f} MB"]
    for name in ("full", *PEERS):
        if name in runs:
            time, memory = median_ratio(seconds[name], ours), peaks[name] / peaks["reformer"]
            cells.append(f"{1e3 * statistics.median(seconds[name]):>8,.0f} ms ×{time:<6.2f}")
            cells.append(f"{peaks[name] / 1e6:>6,.0f} MB ×{memory:<5.2f}")
    return "  ".join(cells)


def arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--lengths", type=int, nargs="+", default=[4096, 8192, 16384, 32768, 65536])
    parser.add_argument("--rounds", type=int, default=4)
    parser.add_argument("--bidirectional", action="store_true")
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--threads", type=int, default=2)
    return parser


def peer_rows(length: int, runs: dict[str, Run], seconds: dict[str, list[float]]) -> list[Measure]:
    """Time and peak memory beside each peer."""
    rows = []
    own_peak = peak_bytes(runs["reformer"])
    for name in PEERS:
        faster, smaller = f"n = {length:,}: {name}'s time, times ours", f"n = {length:,}: our peak memory, of {name}'s"
        if name not in runs:
            rows.append(Measure(faster, f"≥ {PEER_RATIO:g} ×", "not installed"))
            rows.append(Measure(smaller, f"≤ {PEAK_SHARE:g}", "not installed"))
            continue
        row = at_least(faster, median_ratio(seconds[name], seconds["reformer"]), PEER_RATIO, " ×")
        own_ms = 1e3 * statistics.median(seconds["reformer"])
        rows.append(Measure(row.what, row.target, f"{row.measured} ({own_ms:,.0f} ms)", row.met))
        rows.append(at_most(smaller, own_peak / peak_bytes(runs[name]), PEAK_SHARE))
    return rows


def peak_bytes(run: Run) -> int:
    return measure_memory(lambda record: run(), "cpu")[0]


def table(quick: bool = False) -> Table:
    """Time and memory beside the peers, and growth, against their targets."""
    options = arguments().parse_args([])
    options.lengths, options.repeats = (options.lengths[:3], 3) if quick else (options.lengths, options.repeats)
    rows, medians, missing = [], {}, {}
    with torch.no_grad():
        for length in options.lengths:
            runs, absent = runs_at(length, options)
            runs.pop("full", None)
            missing.update(absent)
            seconds = interleaved(runs, options.repeats)
            medians[length] = statistics.median(seconds["reformer"])
            if length in PEER_LENGTHS:
                rows += peer_rows(length, runs, seconds)
    rows.append(at_most("growth from 8,192 on", growth({n: s for n, s in medians.items() if n >= 8192}), GROWTH))
    about = (
        f"Chunks of {CHUNK}, n/{CHUNK} buckets, {options.rounds} rounds, {HEADS} heads × {WIDTH}, float32, causal; "
        f"median of {options.repeats} interleaved repeats."
    )
    times = ", ".join(f"{median * 1e3:,.0f} ms at {length:,}" for length, median in medians.items())
    notes = (f"Ours: {times}.", *(f"{name}: {reason}" for name, reason in missing.items()))
    return Table("Reformer", about, tuple(rows), notes)


def main() -> None:
    options = arguments().parse_args()
    torch.set_num_threads(options.threads)
    print(f"chunks of {CHUNK}, n/{CHUNK} buckets, {options.rounds} rounds, {HEADS} heads × {WIDTH}, float32,")
    print(f"{'bidirectional' if options.bidirectional else 'causal'}, {options.threads} threads, ", end="")
    print(f"torch {torch.__version__}, {options.repeats} interleaved repeats; × is how many times ours\n")
    print(f"{'n':>7}  {'reformer':>21}  {'fused full':>33}  {PEERS[0]:>33}  {PEERS[1]:>33}")
    medians, missing = {}, {}
    with torch.no_grad():
        for length in options.lengths:
            runs, absent = runs_at(length, options)
            missing.update(absent)
            seconds = interleaved(runs, options.repeats)
            medians[length] = statistics.median(seconds["reformer"])
            print(row(length, runs, seconds), flush=True)
    for name, reason in missing.items():
        print(f"\n{name} left out: {reason}")
    long = {length: median for length, median in medians.items() if length >= 8192}
    if len(long) > 1:
        print(f"\ngrowth from {min(long):,} to {max(long):,}: {growth(long):.2f}")


if __name__ == "__main__":
    main()
