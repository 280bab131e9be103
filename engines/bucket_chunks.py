"""Attention among tokens sorted by bucket: chunk by chunk, several rounds of hashing combined.

What a token may look at, and the words group, place, window and key, are in ``engines.bucket_places``. A block is some
chunks of some groups; a block's queries are whole chunks, or some rows of one chunk. With N_ij the number of rounds in
which j is among i's targets, log N_ij is taken from each score, unless pairs are to count once in each round.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from engines.bucket_places import Places
from engines.fused import fused_attention
from engines.room import SameRoom
from engines.trace import Recorder

if TYPE_CHECKING:
    import torch
    from torch import Tensor
else:
    from engines.lazy_torch import torch

PAIRS_AT_ONCE = 1 << 19  # scores of one block: few enough to stay in cache, enough to outweigh each step's fixed cost
PAIRS_AT_ONCE_CUDA = 1 << 23  # a GPU wants larger pieces
EXCLUDED = -1e30  # added to the score of a pair that is no target: its weight is exactly 0
SMALL = 20.0  # scores up to this size need no maximum taken off before their exponentials


def attend_in_chunks(
    q: Tensor, inverse_norm: Tensor, v: Tensor, places: Places, scale: float, once: bool, record: Recorder
) -> tuple[Tensor, Tensor, Tensor]:
    """Attention over all rounds' targets, with keys k = q · inverse_norm.

    q [head, position, feature], inverse_norm [head, position], v [head, position, feature]. ``once``: each pair counts
    once, in however many rounds it is, by taking off log N_ij. Returns the output like v, the log-normaliser of each
    round [head, round, position], −inf where a round gives no target, and the total [head, position]. A token without
    any target is its own.
    """
    heads, length, _ = q.shape
    rounds = places.rounds
    output = torch.empty_like(v)
    plan = Plan.of(places, q.device.type)
    blocks = _BlockAttention(BlockPairs(places, q, once), q, inverse_norm, v, scale)
    normaliser = torch.empty((heads, rounds, length), dtype=blocks.exact, device=q.device)
    total = torch.empty((heads, length), dtype=blocks.exact, device=q.device)
    held = min(plan.heads, heads) * rounds
    partial = torch.empty((held, places.count, v.shape[-1]), dtype=v.dtype, device=q.device)
    z = torch.zeros((2, held, places.count), dtype=blocks.exact, device=q.device)
    for start in range(0, heads, plan.heads):
        some = slice(start, min(start + plan.heads, heads))
        first = start * rounds
        with record.phase("attend"):
            for block in plan.blocks(first, some.stop * rounds):
                record.check_cancelled()
                where = slice(block.group.start - first, block.group.stop - first)
                rows = block.rows(places.chunk)
                blocks.run(block, partial[where, rows], z[:, where, rows])
        with record.phase("combine"):
            held = (some.stop - start) * rounds
            _combine(partial[:held], z[:, :held], places, some, output, normaliser, total)
    return output, normaliser, total


@dataclass(frozen=True)
class Block:
    """Some groups, some chunks of each, some rows of each chunk."""

    group: slice
    chunk: slice
    row: slice

    def rows(self, length: int) -> slice:
        """The places of the queries: whole chunks, or part of one."""
        if self.chunk.stop - self.chunk.start == 1:
            return slice(self.chunk.start * length + self.row.start, self.chunk.start * length + self.row.stop)
        return slice(self.chunk.start * length, self.chunk.stop * length)


@dataclass(frozen=True)
class Plan:
    """How the work is cut: short sequences share a block, long ones and long chunks are cut."""

    heads: int
    groups: int
    chunks: int
    rows: int
    chunk_length: int
    chunk_count: int

    @classmethod
    def of(cls, places: Places, device: str) -> Plan:
        pairs = PAIRS_AT_ONCE_CUDA if device == "cuda" else PAIRS_AT_ONCE
        count = places.count // places.chunk
        rows = max(1, min(places.chunk, pairs // (2 * places.chunk)))
        chunks = max(1, min(count, pairs // (2 * places.chunk**2)))
        groups = max(1, pairs // (2 * places.chunk * max(places.count, 1)))
        return cls(max(1, groups // places.rounds), groups, chunks, rows, places.chunk, count)

    def blocks(self, first_group: int, end_group: int) -> Iterator[Block]:
        for group in range(first_group, end_group, self.groups):
            groups = slice(group, min(group + self.groups, end_group))
            for chunk in range(0, self.chunk_count, self.chunks):
                chunks = slice(chunk, min(chunk + self.chunks, self.chunk_count))
                for row in range(0, self.chunk_length, self.rows):
                    yield Block(groups, chunks, slice(row, min(row + self.rows, self.chunk_length)))


class BlockPairs:
    """Which pairs of a block are targets, and in how many rounds."""

    def __init__(self, places: Places, like: Tensor, once: bool) -> None:
        self.places = places
        self.counts = once and places.rounds > 1
        self.room = SameRoom()
        groups, device = places.tokens.shape[0] * places.rounds, like.device
        self.tokens, self.low, self.span, self.alone = (
            tensor.flatten(0, 1) for tensor in (places.tokens, places.low, places.span, places.alone)
        )
        self.column = torch.arange(2 * places.chunk, device=device).to(self.low.dtype)
        head, own = torch.arange(groups, device=device) // places.rounds, torch.arange(groups, device=device)
        turn = torch.arange(1, places.rounds, device=device)[:, None]
        # from a token's row among all heads to its key in another round: [rounds − 1, group]
        self.other_round = (head * (places.rounds - 1) + (own + turn) % places.rounds) * places.length
        self.own_round = (head * (places.rounds - 1) + own % places.rounds) * places.length

    def shape(self, block: Block) -> tuple[int, int, int, int]:
        """[group, chunk, row, column of the window]."""
        groups, chunks = block.group.stop - block.group.start, block.chunk.stop - block.chunk.start
        return groups, chunks, block.row.stop - block.row.start, 2 * self.places.chunk

    def rows_at(self, block: Block) -> Tensor:
        """The row of q and v at each place of the block's windows: [group, (chunks + 1) · chunk]."""
        m = self.places.chunk
        return self.tokens[block.group, block.chunk.start * m : (block.chunk.stop + 1) * m]

    def excluded(self, block: Block) -> Tensor:
        """1 where a pair is no target, 0 where it is one, like ``shape``.

        Every row keeps a place: where a token is alone, itself. Its result is used if no round has a target.
        """
        m, rows = self.places.chunk, block.row
        here = slice(block.chunk.start * m, block.chunk.stop * m)
        low, span = (one[block.group, here].unflatten(1, (-1, m)) for one in (self.low, self.span))
        lowest = torch.iinfo(low.dtype).min  # moving 0 to the type's smallest number makes one comparison of two
        code = self.room("code", low, *self.shape(block))
        torch.sub(self.column, (low + lowest)[:, :, rows, None], out=code)
        code.ge_((span + lowest)[:, :, rows, None])
        if self.places.front is not None and block.chunk.start == 0:
            front, back = self._around(block)
            code[:, 0, :, :m] = 1 - front[:, 0] * back[:, 0, :, :m]
        self.itself(code, block).copy_(~self.without_target(block))
        return code

    def itself(self, pairs: Tensor, block: Block) -> Tensor:
        """Each query's entry for its own token, [group, chunk, row], in a tensor like ``shape``."""
        m, rows = self.places.chunk, block.row
        return pairs[..., m + rows.start : m + rows.stop].diagonal(dim1=-2, dim2=-1)

    def without_target(self, block: Block) -> Tensor:
        """Which queries have no target in their round: [group, chunk, row]."""
        m = self.places.chunk
        here = slice(block.chunk.start * m, block.chunk.stop * m)
        return self.alone[block.group, here].unflatten(1, (-1, m))[:, :, block.row]

    def rounds_with(self, block: Block, tokens: Tensor) -> Tensor:
        """N_ij for the targets, at least 1 for the others, like ``shape``; ``tokens`` are the block's ``rows_at``."""
        m, rows, like = self.places.chunk, block.row, self.low
        shape = self.shape(block)
        total = self.room("rounds", like, *shape)
        one = self.room("one", like, *shape)
        lowest = torch.iinfo(like.dtype).min
        places = tokens + self.other_round[:, block.group, None]
        keys = self.places.token_keys.view(-1).index_select(0, places.reshape(-1)).view(places.shape)
        for turn, other in enumerate(keys):
            own = (other[:, m:] + lowest).unflatten(1, (-1, m))[:, :, rows, None]
            into = one if turn else total
            torch.sub(own, other.unfold(1, 2 * m, m)[:, :, None], out=into)
            into.lt_(lowest + 2)
            total = total.add_(one) if turn else total.add_(1)
        if self.places.front is not None:
            for turn in range(self.places.rounds - 1):
                front, back = self._around(block, turn)
                total.add_(torch.mul(front, back, out=one))
        self.itself(total, block).fill_(1)
        return total

    def _around(self, block: Block, turn: int | None = None) -> tuple[Tensor, Tensor]:
        """Flags of the ring in the block's own round or another: front [group, chunk, row, 1], back [.., 1, column]."""
        assert self.places.front is not None
        assert self.places.back is not None
        m = self.places.chunk
        tokens = self.rows_at(block)
        offsets = self.own_round if turn is None else self.other_round[turn]
        index = (tokens + offsets[block.group, None]).reshape(-1)
        front, back = (
            flags.view(-1).index_select(0, index).view(tokens.shape) for flags in (self.places.front, self.places.back)
        )
        if block.chunk.start == 0:  # places behind the tokens hold none
            back[:, m + self.places.length - self.places.count : m].zero_()
        return front[:, m:].unflatten(1, (-1, m))[:, :, block.row, None], back.unfold(1, 2 * m, m)[:, :, None]


class _BlockAttention:
    """Attention of one block."""

    def __init__(self, pairs: BlockPairs, q: Tensor, inverse_norm: Tensor, v: Tensor, scale: float) -> None:
        self.q, self.v, self.inverse_norm = (tensor.reshape(-1, *tensor.shape[2:]) for tensor in (q, v, inverse_norm))
        self.pairs, self.scale, self.room = pairs, scale, pairs.room
        self.exact = torch.float64 if q.dtype == torch.float64 else torch.float32  # type of the log-normalisers
        self.fused = _fused_is_better(q)
        self.small = not self.fused and _largest_score(inverse_norm, scale) <= SMALL
        counts = torch.arange(pairs.places.rounds + 1, dtype=self.exact, device=q.device)
        self.penalty = (-torch.log(counts)).masked_fill(counts == 0, float("-inf")).to(q.dtype)

    def run(self, block: Block, output: Tensor, z: Tensor) -> None:
        """Fill output [group, place, feature] and z [2, group, place] of the block's queries, in sorted order.

        z[0] is the log-normaliser; the weights behind the output sum to exp(z[0] − z[1]).
        """
        m, rows = self.pairs.places.chunk, block.row
        tokens = self.pairs.rows_at(block)
        size, flat = tokens.shape, tokens.reshape(-1)
        room = self.room
        q = torch.index_select(self.q, 0, flat, out=room("q", self.q, len(flat), self.q.shape[1])).view(*size, -1)
        v = torch.index_select(self.v, 0, flat, out=room("v", self.q, len(flat), self.v.shape[1])).view(*size, -1)
        norm = torch.index_select(self.inverse_norm, 0, flat).view(*size, 1)
        k = torch.mul(q, norm, out=room("k", q, *q.shape))
        queries = q[:, m:].unflatten(1, (-1, m))[:, :, rows]
        keys, values = (one.unfold(1, 2 * m, m).transpose(-1, -2) for one in (k, v))
        into, z = output.unflatten(1, (-1, rows.stop - rows.start)), z.unflatten(2, (-1, rows.stop - rows.start))
        if self.fused:
            o, normaliser = fused_attention(queries, keys, values, self._bias(block, tokens), scale=self.scale)
            into.copy_(o)
            z.copy_(normaliser)
        elif self.small:
            self._by_exponentials(block, tokens, queries, keys, values, into, z)
        else:
            self._by_products(block, tokens, queries, keys, values, into, z)

    def _bias(self, block: Block, tokens: Tensor) -> Tensor:
        """−log N_ij for the targets, −inf for the others."""
        kept = 1 - self.pairs.excluded(block)
        rounds = kept * self.pairs.rounds_with(block, tokens) if self.pairs.counts else kept
        return self.penalty.index_select(0, rounds.view(-1).to(torch.int32)).view(rounds.shape)

    def _by_products(
        self, block: Block, tokens: Tensor, q: Tensor, k: Tensor, v: Tensor, output: Tensor, z: Tensor
    ) -> None:
        """Two batched products and a softmax: faster than the fused kernel on a CPU, whose products are smaller."""
        shape = self.pairs.shape(block)
        weights = self.room("weights", self.q, *shape).copy_(self.pairs.excluded(block))
        for w, one_q, one_k in zip(*batches(weights, q, k), strict=True):
            w.baddbmm_(one_q, one_k.transpose(1, 2), beta=EXCLUDED, alpha=self.scale)
        largest = weights.amax(-1)
        torch.softmax(weights, -1, out=weights)
        torch.sub(largest, weights.amax(-1).log_(), out=z[1])
        if self.pairs.counts:
            divisor = self.room("divisor", self.q, *shape).copy_(self.pairs.rounds_with(block, tokens))
            weights.div_(divisor)
            torch.add(z[1], weights.sum(-1).log_(), out=z[0])
        else:
            z[0] = z[1]
        for w, one_v, into in zip(*batches(weights, v, output), strict=True):
            torch.bmm(w, one_v, out=into)

    def _by_exponentials(
        self, block: Block, tokens: Tensor, q: Tensor, k: Tensor, v: Tensor, output: Tensor, z: Tensor
    ) -> None:
        """As by products, for small scores: their exponentials themselves, which saves four passes of a softmax.

        z[1] stays 0, as it is to begin with.
        """
        shape = self.pairs.shape(block)
        weights, factor = self.room("weights", self.q, *shape), self.room("divisor", self.q, *shape)
        for w, one_q, one_k in zip(*batches(weights, q, k), strict=True):
            w.baddbmm_(one_q, one_k.transpose(1, 2), beta=0, alpha=self.scale)
        weights.exp_()
        weights.addcmul_(weights, factor.copy_(self.pairs.excluded(block)), value=-1)
        if self.pairs.counts:
            weights.div_(factor.copy_(self.pairs.rounds_with(block, tokens)))
        torch.log(weights.sum(-1), out=z[0])
        itself = self.pairs.itself(weights, block)  # alone, it is taken whole
        itself.masked_fill_(self.pairs.without_target(block), 1)
        for w, one_v, into in zip(*batches(weights, v, output), strict=True):
            torch.bmm(w, one_v, out=into)


def _largest_score(inverse_norm: Tensor, scale: float) -> float:
    """No score exceeds ‖q‖ · scale in size, for keys have length 1; ∞ where there are no values to look at.

    A zero vector's inverse norm is 0.
    """
    readable = inverse_norm.device.type == "cpu" and type(inverse_norm) is torch.Tensor and inverse_norm.numel() > 0
    if not readable:
        return float("inf")
    least = float(inverse_norm.detach().masked_fill(inverse_norm == 0, float("inf")).min())
    return scale / least


def _fused_is_better(q: Tensor) -> bool:
    """On a GPU, and for types too short to hold scores."""
    return q.device.type == "cuda" or q.dtype not in (torch.float32, torch.float64)


def batches(*tensors: Tensor) -> tuple[tuple[Tensor, ...], ...]:
    """Each tensor [group, chunk, …] as few tensors [group or chunk, …], for products that take one batch dimension."""
    groups, chunks = tensors[0].shape[:2]
    return tuple(tensor.unbind(0 if groups <= chunks else 1) for tensor in tensors)


def _combine(
    partial: Tensor, z: Tensor, places: Places, some: slice, output: Tensor, normaliser: Tensor, total: Tensor
) -> None:
    """o = Σ_r exp(z⁽ʳ⁾ − z) o⁽ʳ⁾ for some heads, back in the order of positions; written to the last three.

    What ``_BlockAttention.run`` gives is exp(z[0] − z[1]) o⁽ʳ⁾, so that the shares are exp(z[1] − z).
    """
    of_token, alone = places.of_token[some], places.alone[some]
    heads, rounds, _ = of_token.shape
    index = of_token.to(torch.int64)
    z_round, z_share = (one.view(heads, rounds, -1).gather(-1, index) for one in z)
    without = alone.gather(-1, index)
    only_itself = without.all(1)
    itself = z_round[:, 0].clone()  # of a token that is alone: the score with itself
    z_round.masked_fill_(without, float("-inf"))
    z_total = torch.where(only_itself, itself, torch.logsumexp(z_round, 1))
    share = z_share.sub_(z_total[:, None]).exp_().masked_fill_(without, 0)
    share[:, 0].masked_fill_(only_itself, 1)
    padding = places.padding(some)
    if padding is not None:
        share.masked_fill_(padding[:, None], 0)
        z_round.masked_fill_(padding[:, None], float("-inf"))
        z_total.masked_fill_(padding, float("-inf"))
    normaliser[some], total[some] = z_round, z_total
    group = torch.arange(heads * rounds, device=z.device, dtype=of_token.dtype).view(heads, rounds, 1)
    rows = (of_token + group * places.count).transpose(1, 2).reshape(-1, rounds)
    # a weighted sum of `rounds` rows for each token: one pass, where gathering each round would take three
    summed = torch.nn.functional.embedding_bag(
        rows,
        partial.view(-1, partial.shape[-1]),
        per_sample_weights=share.transpose(1, 2).reshape(-1, rounds).to(partial.dtype),
        mode="sum",
    )
    output[some] = summed.view(output[some].shape)
