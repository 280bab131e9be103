"""Transformer-XL beside the layer of transformers 4.57.6, in one run, and its growth with the length.

    python -m benchmarks.transformer_xl [--segment 4096] [--lengths 8192 16384] [--repeats 3] [--no-peer]

8 heads of 64, float32, batch 1, 2 threads, relative terms included. Both sides are the whole layer with the same
weights: q, k, v and r from the hidden states of a segment and of as many cached ones, attention, the output projection,
residual and norm; their outputs are compared. The peer is RelPartialLearnableMultiHeadAttn of transformers 4.57.6; one
that cannot be imported is named and left out. Every repeat times both in turn; ratios are medians over the repeats.
Peak memory is the allocator's, in a pass of its own. Growth is that of ``attend`` over a whole text of segments.
"""

from __future__ import annotations

import argparse
import os
import statistics
from dataclasses import dataclass
from typing import Any

os.environ.setdefault("KINETO_LOG_LEVEL", "6")

import torch
from torch import Tensor

from benchmarks.interleaved import Run, growth, interleaved, median_ratio
from benchmarks.table import Measure, Table, at_least, at_most
from engines.host_model import merge_heads, split_heads
from engines.measure import measure_memory
from engines.relative_positions import relative_keys, sinusoids
from engines.variant import Inputs, Mask
from engines.variants import variant_named
from engines.variants.transformer_xl import RELATIVE

HEADS, WIDTH = 8, 64
PEER_RATIO, PEAK_SHARE, GROWTH = 5.0, 1 / 8, 1.10
LARGEST_DIFFERENCE = 2e-5


@dataclass(frozen=True)
class Layer:
    """Weights of one layer, as [output, input] matrices; u and v [head, feature]."""

    query_key_value: Tensor
    relative: Tensor
    output: Tensor
    content_bias: Tensor
    position_bias: Tensor

    @classmethod
    def drawn(cls) -> Layer:
        generator, model = torch.Generator().manual_seed(0), HEADS * WIDTH

        def draw(*size: int) -> Tensor:
            return torch.randn(size, generator=generator) / model**0.5

        return cls(
            draw(3 * model, model), draw(model, model), draw(model, model), draw(HEADS, WIDTH), draw(HEADS, WIDTH)
        )

    def run(self, hidden: Tensor, cached: Tensor) -> Tensor:
        """Hidden states [1, position, width] of a segment and of those before it -> the layer's, by ours."""
        variant, memory = variant_named("transformer-xl"), cached.shape[1]
        query, key, value = self.query_key_value.chunk(3)
        every = torch.cat([cached, hidden], 1)
        q, k, v = (split_heads(x @ w.T, HEADS) for x, w in ((hidden, query), (every, key), (every, value)))
        r = relative_keys(self.relative, every.shape[1], HEADS)
        extras = dict(zip(RELATIVE, (r, self.content_bias, self.position_bias), strict=True))
        parameters = variant.parameters(segment=hidden.shape[1], memory=memory)
        attended, _ = variant.attend(Inputs(q, k, v, extras=extras), parameters, Mask(True, query_offset=memory))
        added = hidden + merge_heads(attended) @ self.output.T
        return torch.nn.functional.layer_norm(added, added.shape[-1:])

    def peer(self) -> Any:
        """The same layer in transformers; ImportError where it is not installed."""
        from transformers.models.deprecated.transfo_xl.modeling_transfo_xl import RelPartialLearnableMultiHeadAttn

        model = HEADS * WIDTH
        layer = RelPartialLearnableMultiHeadAttn(HEADS, model, WIDTH, 0.0).eval()
        for name, values in (("qkv_net", self.query_key_value), ("r_net", self.relative), ("o_net", self.output)):
            getattr(layer, name).weight.copy_(values)
        layer.r_w_bias.copy_(self.content_bias)
        layer.r_r_bias.copy_(self.position_bias)
        return layer


def peer_run(layer: Layer, hidden: Tensor, cached: Tensor) -> Run:
    peer, segment, keys = layer.peer(), hidden.shape[1], hidden.shape[1] + cached.shape[1]
    falling = torch.arange(keys - 1, -1, -1)
    table = sinusoids(falling, hidden.shape[2]).float()[:, None]
    later = torch.ones(segment, keys, dtype=torch.uint8).triu(1 + cached.shape[1])[:, :, None]
    of_segment, before = hidden.transpose(0, 1), cached.transpose(0, 1)
    return lambda: peer(of_segment, table, attn_mask=later, mems=before)[0].transpose(0, 1)


def layers_at(segment: int) -> tuple[dict[str, Run], str]:
    """Ours and the peer at segment = memory, and why the peer is missing."""
    hidden, cached = torch.randn(2, 1, segment, HEADS * WIDTH, generator=torch.Generator().manual_seed(1))
    layer = Layer.drawn()
    runs: dict[str, Run] = {"ours": lambda: layer.run(hidden, cached)}
    try:
        runs["peer"] = peer_run(layer, hidden, cached)
    except ImportError as error:
        return runs, str(error).splitlines()[0]
    return runs, ""


def bytes_of(run: Run) -> float:
    return float(measure_memory(lambda record: run(), "cpu")[0])


def difference(runs: dict[str, Run]) -> float:
    """The largest difference between both outputs."""
    return float((runs["ours"]() - runs["peer"]()).abs().max())  # type: ignore[operator]


def whole_texts(lengths: list[int], segment: int) -> dict[str, Run]:
    """``attend`` with relative terms over whole texts, by length."""
    variant = variant_named("transformer-xl")
    parameters = variant.parameters(segment=segment, memory=segment)
    runs: dict[str, Run] = {}
    for length in lengths:
        generator = torch.Generator().manual_seed(length)
        q, k, v = torch.randn(3, 1, HEADS, length, WIDTH, generator=generator)
        u_and_v = torch.randn(2, HEADS, WIDTH, generator=generator)
        relative = torch.randn(HEADS, 2 * segment, WIDTH, generator=generator)
        inputs = Inputs(q, k, v, extras=dict(zip(RELATIVE, (relative, *u_and_v), strict=True)))
        runs[str(length)] = lambda inputs=inputs: variant.attend(inputs, parameters, Mask(True))[0]  # type: ignore[misc]
    return runs


def grown(options: argparse.Namespace) -> dict[int, float]:
    """Seconds by length; lengths in turn within each repeat."""
    seconds = interleaved(whole_texts(options.lengths, options.growth_segment), options.repeats)
    return {int(length): statistics.median(each) for length, each in seconds.items()}


def arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--segment", type=int, default=4096, help="length of segment and memory beside the peer")
    parser.add_argument("--growth-segment", type=int, default=512, help="length of both over whole texts")
    parser.add_argument("--lengths", type=int, nargs="+", default=[8192, 16384, 32768, 65536])
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--no-peer", action="store_true")
    return parser


def measures(options: argparse.Namespace) -> tuple[list[Measure], list[str]]:
    """Rows against the targets, and notes."""
    runs, absent = layers_at(options.segment)
    if options.no_peer:
        runs, absent = {"ours": runs["ours"]}, "it was not asked for"
    seconds = interleaved(runs, options.repeats)
    own = f"{1e3 * statistics.median(seconds['ours']):,.0f} ms"
    own_peak = bytes_of(runs["ours"])
    what = f"segment = memory = {options.segment:,}: the peer's time, times ours"
    rows, notes = [], []
    if "peer" in runs:
        row = at_least(what, median_ratio(seconds["peer"], seconds["ours"]), PEER_RATIO, " ×")
        theirs, peak = statistics.median(seconds["peer"]), bytes_of(runs["peer"])
        rows.append(Measure(row.what, row.target, f"{row.measured} ({own} against {1e3 * theirs:,.0f})", row.met))
        row = at_most("peak memory, of the peer's", own_peak / peak, PEAK_SHARE, digits=3)
        rows.append(
            Measure(row.what, row.target, f"{row.measured} ({own_peak / 1e6:.0f} MB of {peak / 1e6:,.0f})", row.met)
        )
        rows.append(at_most("largest difference between both outputs", difference(runs), LARGEST_DIFFERENCE, digits=7))
    else:
        rows.append(Measure(what, f"≥ {PEER_RATIO:g} ×", f"{own}, {own_peak / 1e6:.0f} MB"))
        notes.append(f"The peer was left out: {absent}.")
    by_length = grown(options)
    lengths = f"{min(by_length):,} to {max(by_length):,}"
    row = at_most(f"growth from {lengths}, segment {options.growth_segment}", growth(by_length), GROWTH)
    times = ", ".join(f"{1e3 * taken:,.0f}" for taken in by_length.values())
    rows.append(Measure(row.what, row.target, f"{row.measured} ({times} ms)", row.met))
    return rows, notes


def table(quick: bool = False) -> Table:
    """Time and peak memory beside transformers' layer, and growth, against their targets."""
    return beside_the_peer(arguments().parse_args(["--repeats", "1"] if quick else []))


def beside_the_peer(options: argparse.Namespace) -> Table:
    with torch.no_grad():
        rows, notes = measures(options)
    about = (
        f"Whole layers with relative terms, {HEADS} heads × {WIDTH}, float32; "
        f"median of {options.repeats} interleaved repeats."
    )
    return Table("Transformer-XL", about, tuple(rows), tuple(notes))


def main() -> None:
    from benchmarks.table import as_text

    torch.set_num_threads(2)
    print(as_text(beside_the_peer(arguments().parse_args())))


if __name__ == "__main__":
    main()
