"""BigBird: in blocks, a sliding window, a few blocks that everybody shares, and a few blocks drawn at random.

Paper: Zaheer et al. 2020, "Big Bird: Transformers for Longer Sequences", section 2 and appendix D; global tokens are
existing ones (BigBird-ITC).

The text is cut into blocks of B tokens. A query of block b attends to the keys of blocks b − h … b + h, to those of the
first g blocks, and to those of r more blocks, drawn for b by each head without repeats among all others. A query of the
first g blocks attends to everything. The random blocks make the graph of who reads whom an expander: any two tokens are
joined in few steps. Cost O(n·B·(2h + 1 + g + r)). The draw depends on the seed, layer, head and length alone, so that
the pattern is known without a run.

Differs from the paper: it defines an encoder that looks both ways. Causal here means the same sets without what is
ahead: the own block up to the token, h blocks before it, and random blocks among the earlier ones. The window does not
wrap around the ends of the text. A last block that is shorter than B is read as part of windows and by global tokens,
and is never drawn. A batch item with padding is computed as its own, shorter text; its padding gets 0.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import chain, pairwise
from typing import TYPE_CHECKING

import numpy as np

from engines.factorised import Lanes
from engines.patterns import Pattern, Pieces
from engines.patterns.bands import Band
from engines.patterns.interval_ends import ListedEnds
from engines.patterns.intervals import Intervals
from engines.patterns.listed_blocks import ListedBlocks
from engines.patterns.subset import Subset
from engines.problems import Problem
from engines.recomputed import attend_recomputed
from engines.tiles import Lattice, NumberedBlocks, Stairs, Tile, attend_tiles, tile_gradients
from engines.trace import SILENT, Matrix, Pairs, PairValues, Recorder, Step
from engines.variant import Cost, Inputs, Mask, Paper, Parameter, Parameters, Shape, State, Variant
from engines.words import english

if TYPE_CHECKING:
    import torch
    from torch import Tensor

    Triple = tuple[Tensor, Tensor, Tensor]
else:
    from engines.lazy_torch import torch

NAMES = (english("window"), english("global"), english("random"))
ROWS_AT_ONCE = 8192


class BigBird(Variant):
    name = "bigbird"
    label = "BigBird"
    order = 9
    paper = Paper(
        "Zaheer et al.",
        "Big Bird: Transformers for Longer Sequences",
        2020,
        "2007.14062",
        "NeurIPS 2020",
        names=(
            "Zaheer, Manzil and Guruganesh, Guru and Dubey, Kumar Avinava and Ainslie, Joshua and Alberti, "
            "Chris and Ontanon, Santiago and Pham, Philip and Ravula, Anirudh and Wang, Qifan and Yang, Li and "
            "Ahmed, Amr"
        ),
    )
    summary = (
        "The text in blocks: each reads its neighbours, the first blocks, which see and are seen by all, and a few "
        "blocks drawn at random, through which any two tokens are only few steps apart."
    )
    complexity = "O(n·B·(w + g + r))"
    settings = (
        Parameter("block", "integer", 8, "Block B", "Tokens in a block.", minimum=1, maximum=1 << 16, unit="tokens"),
        Parameter(
            "neighbours",
            "integer",
            1,
            "Neighbours",
            "Blocks of the window on each side of the own one; 1 is the paper’s window of 3. Causal: only before it.",
            minimum=0,
            maximum=1 << 16,
            unit="blocks",
        ),
        Parameter(
            "global_blocks",
            "integer",
            1,
            "Global blocks",
            "The first blocks, which see all and are seen by all.",
            minimum=0,
            maximum=1 << 16,
            unit="blocks",
        ),
        Parameter(
            "random_blocks",
            "integer",
            2,
            "Random blocks",
            "Further blocks that each block reads, drawn anew for each block, head and layer.",
            minimum=0,
            maximum=256,
            unit="blocks",
        ),
        Parameter(
            "random_seed",
            "integer",
            0,
            "Seed of the random blocks",
            "Another number draws other blocks.",
            minimum=0,
            maximum=2**31 - 1,
        ),
    )
    step_names = (*NAMES, "softmax", "output")

    def attend(
        self,
        inputs: Inputs,
        parameters: Parameters,
        mask: Mask,
        state: State | None = None,
        generator: torch.Generator | None = None,
        record: Recorder = SILENT,
    ) -> tuple[Tensor, State | None]:
        (batch, _, queries, _), keys = inputs.q.shape, inputs.k.shape[2]
        if queries != keys or mask.query_offset:
            reason = english(
                "its blocks are those of a whole text. Give as many queries as keys, from the first token on."
            )
            raise Problem("mask_not_supported", variant=self.label, mask=english("part of a text"), reason=reason)
        lengths = tuple(min(count, keys) for count in mask.key_lengths or (keys,) * batch)
        attention = WholeTexts(parameters, inputs.layer, mask.causal, lengths)
        output, normaliser = attend_recomputed(attention, inputs.q, inputs.k, inputs.v, record)
        record.step("softmax", lambda: PairValues(normaliser[0]))
        record.step("output", lambda: Matrix(output[0]))
        return output, None

    def pattern(self, shape: Shape, parameters: Parameters, steps: Sequence[Step] = ()) -> Pattern:
        text, queries, keys = BlockedText(parameters, shape.keys, shape.causal), shape.queries, shape.keys
        shared, ahead = Subset.of(keys, range(text.shared)), 0 if shape.causal else keys
        rows = np.arange(queries, dtype=np.int64)
        starts = np.clip((rows // text.block - text.back) * text.block, text.shared, keys)
        stops = np.clip((rows // text.block + text.ahead + 1) * text.block, text.shared, keys)
        stops = np.minimum(stops, np.maximum(rows + 1, text.shared)) if shape.causal else stops
        stops[: text.shared] = starts[: text.shared]  # global queries see those keys and all others as global ones
        first = Subset.of(queries, range(text.shared))
        parts = (
            Intervals("window", keys, ListedEnds(starts), ListedEnds(stops)),
            Band("global", first, Subset.everything(keys), -queries, ahead),
            Band("global", first.others, shared, -queries, ahead),
            ListedBlocks("random", queries, keys, text.block, text.drawn(shape.layer, shape.head)),
        )
        return Pieces(queries, keys, shape.causal, parts)

    def computed_pairs(self, shape: Shape, parameters: Parameters) -> int:
        text = BlockedText(parameters, shape.keys, shape.causal)
        drawn = text.drawn(shape.layer, shape.head)[None]
        return sum(tile.scores for tile in chain(text.window_tiles(), text.global_tiles(), text.random_tiles(drawn)))

    def cost(self, shape: Shape, parameters: Parameters) -> Cost:
        pairs = self.computed_pairs(shape, parameters) * shape.heads  # as many for every head
        tensors = 2 * (shape.queries + shape.keys) * shape.head_width * shape.heads
        return Cost(flops=4 * pairs * shape.head_width, resident_bytes=4 * tensors)


class BlockedText:
    """One text of ``length`` tokens in blocks: who reads whom, and the tiles that compute it."""

    def __init__(self, parameters: Parameters, length: int, causal: bool) -> None:
        self.length, self.causal, self.block = length, causal, parameters.block
        self.blocks, self.whole = -(-length // self.block), length // self.block
        self.first = min(parameters.global_blocks, self.blocks)  # the first block that is not global
        self.shared = min(self.first * self.block, length)  # tokens in global blocks
        self.back = min(parameters.neighbours, self.blocks)
        self.ahead = 0 if causal else self.back
        self.random, self.seed = parameters.random_blocks, parameters.random_seed

    def choices(self) -> np.ndarray:
        """How many blocks each block may draw from: neither global, nor in its window, nor ahead if causal."""
        block = np.arange(self.blocks)
        total = block + 1 if self.causal else np.full(self.blocks, self.whole)
        inside = np.minimum(block + self.ahead, total - 1) - np.maximum(self.first, block - self.back) + 1
        return np.where(block < self.first, 0, np.maximum(0, total - self.first - np.maximum(0, inside)))

    def drawn(self, layer: int, head: int) -> np.ndarray:
        """The random blocks of each block, [block, place], ascending; −1 behind them where there are fewer."""
        choices, block = self.choices(), np.arange(self.blocks)
        places = min(self.random, int(choices.max(initial=0)))
        uniform = np.random.default_rng([self.seed, layer, head]).random((self.blocks, places))
        none = self.blocks
        numbers = np.full((self.blocks, places), none)
        for place in range(places):
            number = (uniform[:, place] * (choices - place)).astype(np.int64)
            for earlier in numbers[:, :place].T:  # ascending: the number counts only what is not yet drawn
                number += number >= earlier
            numbers[:, place] = np.where(place < choices, number, none)
            numbers[:, : place + 1].sort(1)
        low = np.maximum(self.first, block - self.back)
        inside = np.maximum(0, block + self.ahead + 1 - low)
        found = numbers + self.first
        found += np.where(found >= low[:, None], inside[:, None], 0)
        return np.where(numbers < none, found, -1)

    def window_tiles(self) -> Iterator[Tile]:
        """Each block with its neighbours that are not global; those with all their neighbours many at once."""
        block, start = self.block, self.first
        while start < self.blocks:
            low, high = max(self.first, start - self.back), min(self.length, (start + self.ahead + 1) * block)
            together = min(self.whole - self.ahead, start + max(1, ROWS_AT_ONCE // block)) - start
            groups = max(1, together) if low == start - self.back else 1
            rows = Lattice(start * block, min(block, self.length - start * block), 1, groups, block)
            columns = Lattice(low * block, high - low * block, 1, groups, block)
            yield Tile(rows, columns, Stairs(columns.count - rows.count + 1) if self.causal else None)
            start += groups

    def global_tiles(self) -> Iterator[Tile]:
        """Every query with the global keys; global queries with every key."""
        if not self.shared:
            return
        if self.causal:
            yield from Lanes(0, 1, 0, 1, 0, self.shared, self.shared, 0).tiles(0)
        for top in range(self.shared if self.causal else 0, self.length, ROWS_AT_ONCE):
            for start, stop, keys in ((0, self.shared, self.length), (self.shared, self.length, self.shared)):
                low, high = max(top, start), min(top + ROWS_AT_ONCE, stop)
                if low < high:
                    yield Tile(Lattice(low, high - low), Lattice(0, keys))

    def random_tiles(self, drawn: np.ndarray) -> Iterator[Tile]:
        """Blocks with as many random blocks each, together; ``drawn`` is [head, block, place]."""
        counts = np.minimum(self.choices(), drawn.shape[2])
        edges = sorted({0, *(np.flatnonzero(np.diff(counts)) + 1).tolist(), self.whole, self.blocks})
        size = max(1, ROWS_AT_ONCE // max(1, drawn.shape[2]) // self.block)
        for start, stop in pairwise(edges):
            for top in range(start, stop if counts[start] else start, size):
                groups = min(size, stop - top)
                rows = Lattice(top * self.block, min(self.block, self.length - top * self.block), 1, groups, self.block)
                yield Tile(rows, NumberedBlocks(self.block, drawn[:, top : top + groups, : counts[start]]))


@dataclass(frozen=True)
class WholeTexts:
    """A whole run over the texts of a batch, of ``lengths`` tokens each."""

    parameters: Parameters
    layer: int
    causal: bool
    lengths: tuple[int, ...]

    def parts(self, heads: int) -> Iterator[tuple[int, BlockedText, np.ndarray]]:
        """Each batch item: its number, its text, and the random blocks of every head."""
        for item, length in enumerate(self.lengths):
            if length:
                text = BlockedText(self.parameters, length, self.causal)
                yield item, text, np.stack([text.drawn(self.layer, head) for head in range(heads)])

    def run(self, q: Tensor, k: Tensor, v: Tensor, record: Recorder) -> tuple[Tensor, Tensor]:
        output = torch.zeros(q.shape, dtype=q.dtype, device=q.device)
        kind = torch.promote_types(q.dtype, torch.float32)
        normaliser = torch.full(q.shape[:3], float("-inf"), dtype=kind, device=q.device)
        parts = list(self.parts(q.shape[1]))
        for number, name in enumerate(NAMES, 1):
            with record.phase(name):
                for item, text, drawn in parts:
                    own_q, own_k, own_v, out, z = (x[item, :, : text.length] for x in (q, k, v, output, normaliser))
                    tiles = tiles_of(text, name, drawn)
                    attend_tiles(tiles, own_q, own_k, own_v, out, z, record.check_cancelled)
            record.step(name, partial(Pairs, NAMES[:number]))
        return output, normaliser

    def add_gradients(self, q_k_v: Triple, output: Tensor, normaliser: Tensor, grad: Tensor, grads: Triple) -> None:
        for item, text, drawn in self.parts(output.shape[1]):
            q, k, v, out, z, through = (x[item, :, : text.length] for x in (*q_k_v, output, normaliser, grad))
            tiles = chain.from_iterable(tiles_of(text, name, drawn) for name in NAMES)
            tile_gradients(tiles, q, k, v, out, z, through, [x[item, :, : text.length] for x in grads])


def tiles_of(text: BlockedText, name: str, drawn: np.ndarray) -> Iterator[Tile]:
    if name == "random":
        return text.random_tiles(drawn)
    return text.window_tiles() if name == "window" else text.global_tiles()


VARIANT = BigBird()
