"""Attention sinks: a sliding window, and the first few tokens, which every later one keeps reading.

Paper: Xiao, Tian, Chen, Han and Lewis 2023, "Efficient Streaming Language Models with Attention Sinks", section 3.

Query i attends to the keys j ≤ i with j < s (the sinks) or j > i − w (the window; i itself is one of its w tokens). A
softmax has to put its mass somewhere, and trained models put what they do not need on the first tokens: a window alone
loses those and collapses, four sinks repair it. The cache holds s + w tokens however long the text is, and the cost is
O(n·(s + w)).

Differs from the paper: it gives keys positions within the cache, anew for each token, so that positions never outgrow
those of training. Here q and k arrive with the positions of the text (rotary weights have turned them already); scores
inside the window are the same either way, since rotary scores know distances only, those to the sinks are not. Its
other proposal, a sink token learned in training, needs weights trained with one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from engines.patterns import Pattern, Pieces
from engines.patterns.bands import Band
from engines.patterns.subset import Subset
from engines.recomputed import attend_recomputed
from engines.tiles import Lattice, Stairs, Tile, attend_tiles, tile_gradients
from engines.trace import SILENT, Matrix, Pairs, PairValues, Recorder, Step
from engines.variant import Cost, Inputs, Mask, Paper, Parameter, Parameters, Shape, State, Variant
from engines.windowed import Window, computed_pairs, window_attention, window_gradients

if TYPE_CHECKING:
    import torch
    from torch import Tensor

    Triple = tuple[Tensor, Tensor, Tensor]
else:
    from engines.lazy_torch import torch

ROWS_AT_ONCE = 8192


class AttentionSinks(Variant):
    name = "attention-sinks"
    label = "Attention sinks"
    short_label = "Sinks"
    order = 8
    paper = Paper(
        "Xiao, Tian, Chen, Han, Lewis",
        "Efficient Streaming Language Models with Attention Sinks",
        2023,
        "2309.17453",
        names="Xiao, Guangxuan and Tian, Yuandong and Chen, Beidi and Han, Song and Lewis, Mike",
    )
    summary = (
        "Every token reads the last tokens through a sliding window, and the very first ones, where trained models "
        "put the attention they do not need. What is kept for the next token never grows."
    )
    complexity = "O(n·(s + w))"
    settings = (
        Parameter(
            "sinks",
            "integer",
            4,
            "Sink tokens",
            "The first tokens of the text, which every later token goes on reading; 0 is a window alone.",
            minimum=0,
            maximum=1 << 16,
            unit="tokens",
        ),
        Parameter(
            "window",
            "integer",
            32,
            "Window",
            "The last tokens, the reading token itself included.",
            minimum=1,
            maximum=1 << 20,
            unit="tokens",
        ),
    )
    masks = ("causal",)
    mask_reason = "it reads a text that is still growing; the first and the latest tokens are all that it has kept."
    step_names = ("window", "sinks", "softmax", "output")

    def attend(
        self,
        inputs: Inputs,
        parameters: Parameters,
        mask: Mask,
        state: State | None = None,
        generator: torch.Generator | None = None,
        record: Recorder = SILENT,
    ) -> tuple[Tensor, State | None]:
        self.check_mask(mask)
        batch, keys = inputs.q.shape[0], inputs.k.shape[2]
        counts = tuple(min(count, keys) for count in mask.key_lengths or (keys,) * batch)
        attention = SinksAndWindow(parameters.sinks, parameters.window, counts, mask.query_offset)
        output, normaliser = attend_recomputed(attention, inputs.q, inputs.k, inputs.v, record)
        record.step("softmax", lambda: PairValues(normaliser[0]))
        record.step("output", lambda: Matrix(output[0]))
        return output, None

    def pattern(self, shape: Shape, parameters: Parameters, steps: Sequence[Step] = ()) -> Pattern:
        rows, columns = Subset.everything(shape.queries), Subset.everything(shape.keys)
        first, width = Subset.of(shape.keys, range(min(parameters.sinks, shape.keys))), parameters.window
        window = Band("window", rows, columns, 1 - width, 0)
        sinks = Band("sinks", rows, first, -max(shape.queries, width), -width)  # those that the window has left behind
        return Pieces(shape.queries, shape.keys, True, (window, sinks))

    def computed_pairs(self, shape: Shape, parameters: Parameters) -> int:
        attention = SinksAndWindow(parameters.sinks, parameters.window, (shape.keys,), 0)
        length = max(shape.queries, shape.keys)
        near = computed_pairs(attention.reach(length), shape.queries, shape.keys)
        return near + sum(tile.scores for tile in attention.tiles(shape.queries, shape.keys))

    def cost(self, shape: Shape, parameters: Parameters) -> Cost:
        pairs = self.computed_pairs(shape, parameters) * shape.heads
        tensors = 2 * (shape.queries + shape.keys) * shape.head_width * shape.heads
        return Cost(flops=4 * pairs * shape.head_width, resident_bytes=4 * tensors)

    def state_bytes(self, shape: Shape, parameters: Parameters, bytes_per_value: int = 4) -> int:
        """Keys and values of the sinks and the window, and no others."""
        held = min(shape.keys, parameters.sinks + parameters.window)
        return 2 * held * shape.heads * shape.head_width * bytes_per_value


@dataclass(frozen=True)
class SinksAndWindow:
    """A whole run; ``key_counts`` are keys per batch item, ``offset`` is the first query's position."""

    sinks: int
    window: int
    key_counts: tuple[int, ...]
    offset: int

    def reach(self, length: int) -> Window:
        return Window(self.window - 1, 0).clipped(length)

    def tiles(self, queries: int, keys: int) -> Iterator[Tile]:
        """Queries with the sinks that their window has left behind: one, two … all of them."""
        sinks, stop = min(self.sinks, keys), self.offset + queries
        start, full = max(self.window, self.offset), max(self.window + sinks - 1, self.offset)
        if not sinks:
            return
        for begin, end, stairs in ((start, min(full, stop), True), (full, stop, False)):
            for top in range(begin, end, ROWS_AT_ONCE):
                rows = Lattice(top - self.offset, min(top + ROWS_AT_ONCE, end) - top)
                seen = top - self.window + 1
                columns = Lattice(0, min(sinks, seen + rows.count - 1) if stairs else sinks)
                yield Tile(rows, columns, Stairs(seen) if stairs else None)

    def run(self, q: Tensor, k: Tensor, v: Tensor, record: Recorder) -> tuple[Tensor, Tensor]:
        output = torch.empty(q.shape, dtype=q.dtype, device=q.device)
        normaliser = torch.empty(q.shape[:3], dtype=torch.promote_types(q.dtype, torch.float32), device=q.device)
        heads, queries, between = q.shape[1], q.shape[2], record.check_cancelled
        windows = [self.reach(max(self.offset + queries, k.shape[2]))] * heads
        with record.phase("window"):
            for item, keys in enumerate(self.key_counts):
                parts = (q[item], k[item, :, :keys], v[item, :, :keys])
                window_attention(*parts, windows, self.offset, output[item], normaliser[item], between)
        record.step("window", lambda: Pairs(("window",)))
        with record.phase("sinks"):
            for item, keys in enumerate(self.key_counts):
                tiles = self.tiles(queries, keys)
                attend_tiles(tiles, q[item], k[item], v[item], output[item], normaliser[item], between)
        record.step("sinks", lambda: Pairs(("window", "sinks")))
        return output, normaliser

    def add_gradients(self, q_k_v: Triple, output: Tensor, normaliser: Tensor, grad: Tensor, grads: Triple) -> None:
        heads, queries = output.shape[1], output.shape[2]
        windows = [self.reach(max(self.offset + queries, q_k_v[1].shape[2]))] * heads
        for item, keys in enumerate(self.key_counts):
            (q, k, v), (into_q, into_k, into_v) = ([x[item] for x in triple] for triple in (q_k_v, grads))
            k, v, into = k[:, :keys], v[:, :keys], (into_q, into_k[:, :keys], into_v[:, :keys])
            saved = (output[item], normaliser[item], grad[item])
            window_gradients(q, k, v, windows, self.offset, *saved, into)
            tile_gradients(self.tiles(queries, keys), q, k, v, *saved, into)


VARIANT = AttentionSinks()
