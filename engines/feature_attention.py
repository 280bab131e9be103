"""Attention through a feature map, in blocks: out_i = φ(q_i)ᵀ S / (φ(q_i)ᵀ z + ε), at a cost linear in the length.

S = Σ φ(k_j) v_jᵀ and z = Σ φ(k_j) over the keys that a query may see: all of them, or, causally, those up to its own
position (Katharopoulos et al. 2020, equations 5 to 12). S and z travel as one matrix, [S | z], since each value is
given a last feature of 1.

Causally the positions are cut into chunks. A chunk reads [S | z] as all chunks before it left it, and its own keys
through a masked square of products, which is never larger than a chunk. Chunks of one token are the recurrence; a
single chunk is the masked quadratic form. All three give the same numbers.

Nothing of the size of φ(q) or φ(k) of all positions is ever held.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from engines.room import FRESH, Room, SameRoom
from engines.trace import Recorder
from engines.variant import Inputs, Mask

if TYPE_CHECKING:
    import torch
    from torch import Tensor
else:
    from engines.lazy_torch import torch

ROWS_AT_ONCE = 2048  # of a head: two of them and their temporaries stay in the processor's cache
VALUES_AT_ONCE = 1 << 20  # of features, or of the states before each chunk; fewer, and starting the operations shows
TOGETHER = 1 << 19  # features, up to which several heads are run at once


class FeatureMap(ABC):
    """φ. Tensors are [head, position, feature] of the ``heads`` of one batch item.

    Where features are exponentials, those of the keys are held relative to ``peak`` [head, feature], the largest
    logarithm so far, and the queries' carry the peak instead: it cancels in every product. With it z is at least 1, so
    that nothing need be added to a denominator. A map whose features need no scale hands back ``peak`` as it came.
    """

    width: int  # features of one query or key
    scaled: bool  # whether they are relative to a peak

    @abstractmethod
    def of_keys(self, k: Tensor, heads: slice, peak: Tensor | None, room: Room = FRESH) -> tuple[Tensor, Tensor | None]:
        """φ(k) relative to the new peak, and that peak."""

    @abstractmethod
    def of_queries(self, q: Tensor, heads: slice, peak: Tensor | None, room: Room = FRESH) -> Tensor:
        """φ(q) times the peak; any factor that is the same for all features of a query may be left out."""

    @abstractmethod
    def query_scale(self, q: Tensor, heads: slice, peak: Tensor | None) -> Tensor:
        """The logarithm [head, position] of the factors that ``of_queries`` left out."""

    @abstractmethod
    def key_gradient(self, k: Tensor, heads: slice, features: Tensor, grad: Tensor) -> Tensor:
        """The gradient of k, given φ(k) and its gradient."""

    @abstractmethod
    def query_gradient(self, q: Tensor, heads: slice, features: Tensor, grad: Tensor) -> Tensor:
        """The gradient of q, given φ(q) and its gradient."""


@dataclass(frozen=True)
class Block:
    """Queries and keys handled at once; where there are both, they stand at the same positions, in equal chunks."""

    queries: range
    keys: range
    chunk: int = 1

    @property
    def chunks(self) -> int:
        return len(self.queries) // self.chunk


def blocks(queries: int, keys: int, offset: int, causal: bool, rows: int, chunk: int) -> list[Block]:
    """Every query and key once, in an order in which a query comes after the keys that it may see, and no other.

    ``rows`` is how many positions a block may have, ``offset`` the position of the first query among the keys.
    """
    before = min(offset, keys) if causal else keys
    both = min(queries, keys - before) if causal else 0
    whole, at_once = both // chunk * chunk, max(chunk, rows // chunk * chunk)
    found = [Block(range(0), part) for part in _cut(range(before), rows)]
    for part in _cut(range(whole), at_once):
        found.append(Block(part, range(part.start + before, part.stop + before), chunk))
    if whole < both:
        found.append(Block(range(whole, both), range(whole + before, both + before), both - whole))
    found += [Block(part, range(0)) for part in _cut(range(both, queries), rows)]
    return found + [Block(range(0), part) for part in _cut(range(before + both, keys), rows)]


def _cut(positions: range, rows: int) -> Iterator[range]:
    return (positions[start : start + rows] for start in range(0, len(positions), rows))


Product = tuple["Tensor", "Tensor"]
"""φ(q)ᵀS and φ(q)ᵀz, [head, query, value] and [head, query, 1]."""


@dataclass(frozen=True)
class Running:
    """[S | z] of some heads, [head, feature, value + 1], and the peak its features are relative to."""

    sums: Tensor
    peak: Tensor | None

    def absorb(self, features: Tensor, values: Tensor, peak: Tensor | None, room: Room = FRESH) -> Running:
        """After more keys: φ(k) [head, position, feature] relative to the new peak, and their values.

        S and z apart: products whose rows are as long as whole cache lines are faster than those of one value more, and
        faster into memory of their own than between the rows of others.
        """
        before = relative(self.sums, self.peak, peak)
        added = room("added", features, *before.shape[:2], before.shape[2] - 1)
        sums = torch.empty_like(before)
        torch.add(before[..., :-1], torch.bmm(features.mT, values, out=added), out=sums[..., :-1])
        torch.add(before[..., -1], features.sum(1), out=sums[..., -1])
        return Running(sums, peak)

    def read(self, features: Tensor, room: Room = FRESH) -> Product:
        """φ(q)ᵀS [head, query, value] and φ(q)ᵀz [head, query, 1]."""
        state, total = self.sums[..., :-1], self.sums[..., -1:]
        values = room("above", features, *features.shape[:2], state.shape[-1])
        return torch.bmm(features, state, out=values), torch.bmm(features, total)


def relative(sums: Tensor, old: Tensor | None, new: Tensor | None) -> Tensor:
    """Sums over features held relative to one peak, held relative to another."""
    return sums if old is None or new is None else sums * torch.exp(old - new)[..., None]


@dataclass(frozen=True)
class Layout:
    """How one ``attend`` is cut: keys per batch item, the first query's position, causal or not, positions of a chunk.

    A denominator is φ(q)ᵀz + ``epsilon``, and never below ``least``.
    """

    key_counts: tuple[int, ...]
    offset: int
    causal: bool
    chunk: int
    epsilon: float = 0.0
    least: float = float("-inf")

    @staticmethod
    def of(inputs: Inputs, mask: Mask, chunk: int, epsilon: float = 0.0, least: float = float("-inf")) -> Layout:
        """The layout of a call of ``attend``."""
        keys = inputs.k.shape[2]
        counts = tuple(min(count, keys) for count in mask.key_lengths or (keys,) * inputs.q.shape[0])
        return Layout(counts, mask.query_offset, mask.causal, chunk, epsilon, least)

    def denominator(self, totals: Tensor) -> Tensor:
        """What outputs are divided by, from φ(q)ᵀz; in place."""
        totals.add_(self.epsilon)
        return totals.clamp_(min=self.least) if self.least > float("-inf") else totals

    def groups(self, q: Tensor, v: Tensor, width: int, continued: bool) -> Iterator[tuple[int, slice, list[Block]]]:
        """Item by item and a few heads at a time, the blocks to run; none where no key was ever seen."""
        (_, heads, queries, _), values = q.shape, v.shape[-1] + 1
        rows = max(1, min(ROWS_AT_ONCE, VALUES_AT_ONCE // width))
        if self.causal:  # the states before each chunk of a block are held together
            rows = min(rows, self.chunk * max(1, VALUES_AT_ONCE // (width * values)))
        together = max(1, min(heads, TOGETHER // (max(1, min(rows, queries)) * width)))
        for item, keys in enumerate(self.key_counts):
            seen = keys or continued
            plan = blocks(queries, keys, self.offset, self.causal, rows, self.chunk) if seen else []
            for start in range(0, heads, together):
                yield item, slice(start, min(start + together, heads)), plan


def chunk_pairs(length: int, chunk: int) -> int:
    """Products of a query with a key that a causal run over ``length`` positions forms, masked ones included."""
    return length // chunk * chunk**2 + (length % chunk) ** 2


def with_ones(v: Tensor, like: Tensor, room: Room = FRESH) -> Tensor:
    """v [head, position, value] with a last feature of 1, in the dtype of another tensor."""
    wide = room("values", like, *v.shape[:2], v.shape[2] + 1)
    wide[..., :-1] = v
    wide[..., -1] = 1
    return wide


def chunked(x: Tensor, block: Block) -> Tensor:
    """[head, position, feature] -> [head · chunk, row, feature]."""
    return x.unflatten(1, (block.chunks, block.chunk)).flatten(0, 1)


def states_before(start: Tensor, added: Tensor) -> tuple[Tensor, Tensor]:
    """What a running sum was before each chunk, and after the last: ``added`` [head, chunk, …], ``start`` [head, …]."""
    before = torch.empty_like(added)
    before[:, 0] = start
    for index in range(1, added.shape[1]):
        torch.add(before[:, index - 1], added[:, index - 1], out=before[:, index])
    return before, before[:, -1] + added[:, -1]


def lower(products: Tensor) -> Tensor:
    """Products [chunk, query, key] of a chunk with itself, 0 where the key is later than the query; in place."""
    return products.tril_()


def run(
    features: FeatureMap, layout: Layout, q: Tensor, k: Tensor, v: Tensor, state: Sequence[Tensor | None],
    record: Recorder,
) -> tuple[Tensor, Tensor, Tensor, Tensor | None]:  # fmt: skip
    """Output, denominators [batch, head, query, 1], and the state after all keys.

    q and k [batch, head, position, feature], v [batch, head, key, value]; ``state`` is [S | z] [batch, head, feature,
    value + 1] and the peak [batch, head, feature], as an earlier run returned them. A query that sees no key gets 0.
    """
    dtype = torch.promote_types(q.dtype, torch.float32)
    output = torch.empty(*q.shape[:3], v.shape[3], dtype=q.dtype, device=q.device)
    denominator = torch.ones(*q.shape[:3], 1, dtype=dtype, device=q.device)
    size, room = (*q.shape[:2], features.width, v.shape[3] + 1), SameRoom()
    sums = torch.empty(size, dtype=dtype, device=q.device)
    peak = torch.empty(size[:3], dtype=dtype, device=q.device) if features.scaled else None
    for item, heads, plan in layout.groups(q, v, features.width, state[0] is not None):
        q_, k_, v_, out, under = (x[item, heads] for x in (q, k, v, output, denominator))
        running = first_state(features, state, item, heads, v_, dtype)
        if not plan:
            out.zero_()
        for block in plan:
            record.check_cancelled()
            product, running = forward(features, heads, block, q_, k_, v_, running, room)
            if product is not None:
                rows = slice(block.queries.start, block.queries.stop)
                below = layout.denominator(product[1])
                under[:, rows] = below
                torch.div(product[0], below, out=out[:, rows])
        sums[item, heads] = running.sums
        if peak is not None and running.peak is not None:
            peak[item, heads] = running.peak
    return output, denominator, sums, peak


def first_state(
    features: FeatureMap, state: Sequence[Tensor | None], item: int, heads: slice, v: Tensor, dtype: torch.dtype
) -> Running:
    """What some heads of an item start from: the given state, or that of no keys at all; v [head, key, value]."""
    if state[0] is not None:
        peak = state[1][item, heads].to(dtype) if state[1] is not None else None
        return Running(state[0][item, heads, :, -1 - v.shape[-1] :].to(dtype), peak)
    sums = torch.zeros(v.shape[0], features.width, v.shape[-1] + 1, dtype=dtype, device=v.device)
    peak = torch.full(sums.shape[:2], float("-inf"), dtype=dtype, device=v.device) if features.scaled else None
    return Running(sums, peak)


def forward(
    features: FeatureMap, heads: slice, block: Block, q: Tensor, k: Tensor, v: Tensor, running: Running,
    room: Room = FRESH,
) -> tuple[Product | None, Running]:  # fmt: skip
    """What the block's queries read, and the state after its keys."""
    dtype = running.sums.dtype
    if not block.keys:
        rows = q[:, block.queries.start : block.queries.stop].to(dtype)
        return running.read(features.of_queries(rows, heads, running.peak, room), room), running
    columns = slice(block.keys.start, block.keys.stop)
    from_keys, peak = features.of_keys(k[:, columns].to(dtype), heads, running.peak, room)
    if not block.queries:
        return None, running.absorb(from_keys, v[:, columns].to(dtype), peak, room)
    from_queries = features.of_queries(q[:, block.queries.start : block.queries.stop].to(dtype), heads, peak, room)
    if len(block.queries) == 1:  # one more token: the recurrence itself
        running = running.absorb(from_keys, v[:, columns].to(dtype), peak, room)
        return running.read(from_queries, room), running
    fq, fk, fv = (chunked(x, block) for x in (from_queries, from_keys, with_ones(v[:, columns], from_keys, room)))
    added = torch.bmm(fk.mT, fv, out=room("added", fk, len(fk), fk.shape[2], fv.shape[2]))
    before, after = states_before(relative(running.sums, running.peak, peak), added.unflatten(0, (-1, block.chunks)))
    product = torch.bmm(fq, before.flatten(0, 1), out=room("product", fq, *fq.shape[:2], fv.shape[2]))
    product.baddbmm_(lower(torch.bmm(fq, fk.mT, out=room("inside", fq, *fq.shape[:2], fk.shape[1]))), fv)
    product = product.unflatten(0, (-1, block.chunks)).flatten(1, 2)
    return (product[..., :-1], product[..., -1:]), Running(after, peak)
