"""Attention among tokens sorted by bucket: chunk by chunk, several rounds of hashing combined exactly.

A *group* is one round of one head. In each group the tokens stand at places, sorted by (bucket, position), and places
are cut into chunks. A token's targets in a group are the others of its bucket in its own chunk and the one before;
causal: those that stand before it, because inside a bucket places run in the order of positions.

Which rounds a pair is in is read off one number per token and group, its *key* = chunk + 2·bucket: j is among i's
targets (but for causal order) where key_i − key_j is 0 or 1, since buckets that differ move the keys two or more
apart. The numbers may wrap around, as long as all keys of a group fit the integer type.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from engines.fused import fused_attention
from engines.trace import Recorder

if TYPE_CHECKING:
    import torch
    from torch import Tensor
else:
    from engines.lazy_torch import torch

PAIRS_AT_ONCE = 1 << 20  # scores of one block: few enough to stay in cache, enough to outweigh each step's fixed cost
PAIRS_AT_ONCE_CUDA = 1 << 23  # a GPU wants larger pieces
SORTED_AT_ONCE = 1 << 20


@dataclass(frozen=True)
class Places:
    """Where the tokens stand after sorting; heads are batch · head, flattened.

    ``tokens`` [head, round, chunk + places]: the row of q and v at each place, counted through all heads; one chunk of
    zeros comes first, for the chunk before the first. ``keys`` is of the same shape. ``of_token`` and ``token_keys``
    [head, round, position]: the place and the key of each token. ``alone`` [head, round, places]: no target in this
    round. ``lengths``: tokens from there on are padding, per head.
    """

    chunk: int
    causal: bool
    lengths: tuple[int, ...] | None
    tokens: Tensor
    keys: Tensor
    of_token: Tensor
    token_keys: Tensor
    alone: Tensor

    @property
    def length(self) -> int:
        return self.of_token.shape[-1]

    @property
    def count(self) -> int:
        """Places in a group: whole chunks."""
        return self.tokens.shape[-1] - self.chunk

    def positions(self, heads: int) -> Tensor:
        """The original position at each place for the first ``heads`` heads, −1 where a place is padding."""
        rows = self.tokens[:heads, :, self.chunk :]
        positions = rows - self.length * torch.arange(heads, device=rows.device, dtype=rows.dtype)[:, None, None]
        if self.lengths is not None:
            ends = torch.tensor(self.lengths[:heads], device=rows.device)[:, None, None]
            positions = positions.masked_fill(positions >= ends, -1)
        positions[..., self.length :] = -1
        return positions


def sort_by_bucket(
    labels: Tensor, count: int, chunk: int, causal: bool, lengths: tuple[int, ...] | None, record: Recorder
) -> Places:
    """Sort by (bucket, position): labels [head, round, position] in 0 … count − 1 -> places."""
    heads, rounds, length = labels.shape
    places = -(-length // chunk) * chunk
    device = labels.device
    small = places // chunk + 2 * (count + 1) < (1 << 16)
    number = torch.int32 if heads * length < (1 << 31) else torch.int64
    tokens = torch.zeros((heads, rounds, chunk + places), dtype=number, device=device)
    keys = torch.zeros((heads, rounds, chunk + places), dtype=torch.int16 if small else torch.int32, device=device)
    of_token = torch.empty((heads, rounds, length), dtype=number, device=device)
    token_keys = torch.empty((heads, rounds, length), dtype=keys.dtype, device=device)
    alone = torch.ones((heads, rounds, places), dtype=torch.bool, device=device)

    position = torch.arange(length, device=device)
    at_once = max(1, SORTED_AT_ONCE // (rounds * max(length, 1)))
    for start in range(0, heads, at_once):
        record.check_cancelled()
        some = slice(start, min(start + at_once, heads))
        first_row = length * torch.arange(start, some.stop, device=device)[:, None, None]
        bucket = labels[some].to(torch.int64)
        if lengths is not None:
            ends = torch.tensor(lengths[some], device=device)[:, None, None]
            bucket = torch.where(position >= ends, count, bucket)
        ordered = bucket.mul(length).add_(position).sort(-1).values
        bucket, order = ordered // max(length, 1), ordered % max(length, 1)
        key = (position // chunk + 2 * bucket).to(keys.dtype)
        tokens[some, :, chunk : chunk + length] = order + first_row
        keys[some, :, chunk : chunk + length] = key
        of_token[some].scatter_(-1, order, position.to(number).expand_as(order))
        token_keys[some].scatter_(-1, order, key)
        alone[some, :, :length] = _without_target(bucket, chunk, causal)
    return Places(chunk, causal, lengths, tokens, keys, of_token, token_keys, alone)


def _without_target(bucket: Tensor, chunk: int, causal: bool) -> Tensor:
    """Which places have no target, from the sorted buckets [head, round, place]: the neighbours tell."""
    same = bucket[..., 1:] == bucket[..., :-1]
    alone = torch.ones_like(bucket, dtype=torch.bool)
    alone[..., 1:] &= ~same
    if not causal:  # the next place is a target too, unless the next chunk begins there
        here = torch.arange(same.shape[-1], device=bucket.device)
        alone[..., :-1] &= ~(same & ((here + 1) % chunk != 0))
    return alone


def attend_in_chunks(
    q: Tensor, inverse_norm: Tensor, v: Tensor, places: Places, scale: float, record: Recorder
) -> tuple[Tensor, Tensor, Tensor]:
    """Attention over the union of all rounds' targets, with keys k = q · inverse_norm.

    q [head, position, feature], inverse_norm [head, position], v [head, position, feature]. Returns the output like v,
    the log-normaliser of each round [head, round, position], log N_ij taken off, −inf where a round gives no target,
    and the total [head, position]. A token without any target is its own.
    """
    heads, length, _ = q.shape
    rounds = places.of_token.shape[1]
    output = torch.empty_like(v)
    plan = _Plan.of(places, rounds, q.device.type)
    blocks = _BlockAttention(q, inverse_norm, v, places, scale)
    normaliser = torch.empty((heads, rounds, length), dtype=blocks.exact, device=q.device)
    total = torch.empty((heads, length), dtype=blocks.exact, device=q.device)
    partial = torch.empty((min(plan.heads, heads) * rounds, places.count, v.shape[-1]), dtype=v.dtype, device=q.device)
    z = torch.empty(partial.shape[:2], dtype=blocks.exact, device=q.device)
    for start in range(0, heads, plan.heads):
        some = slice(start, min(start + plan.heads, heads))
        first = start * rounds
        with record.phase("attend"):
            for block in plan.blocks(first, some.stop * rounds):
                record.check_cancelled()
                where = slice(block.group.start - first, block.group.stop - first)
                rows = block.rows(places.chunk)
                o, block_z = blocks.run(block)
                partial[where, rows].view(*o.shape).copy_(o)
                z[where, rows].view(*block_z.shape).copy_(block_z)
        with record.phase("combine"):
            held = (some.stop - start) * rounds
            _combine(partial[:held], z[:held], places, some, output, normaliser, total)
    return output, normaliser, total


@dataclass(frozen=True)
class _Block:
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
class _Plan:
    """How the work is cut: short sequences share a block, long ones and long chunks are cut."""

    heads: int
    groups: int
    chunks: int
    rows: int
    chunk_length: int
    chunk_count: int

    @classmethod
    def of(cls, places: Places, rounds: int, device: str) -> _Plan:
        pairs = PAIRS_AT_ONCE_CUDA if device == "cuda" else PAIRS_AT_ONCE
        count = places.count // places.chunk
        rows = max(1, min(places.chunk, pairs // (2 * places.chunk)))
        chunks = max(1, min(count, pairs // (2 * places.chunk**2)))
        groups = max(1, pairs // (2 * places.chunk * max(places.count, 1)))
        return cls(max(1, groups // rounds), groups, chunks, rows, places.chunk, count)

    def blocks(self, first_group: int, end_group: int) -> Iterator[_Block]:
        for group in range(first_group, end_group, self.groups):
            groups = slice(group, min(group + self.groups, end_group))
            for chunk in range(0, self.chunk_count, self.chunks):
                chunks = slice(chunk, min(chunk + self.chunks, self.chunk_count))
                for row in range(0, self.chunk_length, self.rows):
                    yield _Block(groups, chunks, slice(row, min(row + self.rows, self.chunk_length)))


class _BlockAttention:
    """Attention of one block; its buffers are reused from block to block, because fresh memory costs most."""

    def __init__(self, q: Tensor, inverse_norm: Tensor, v: Tensor, places: Places, scale: float) -> None:
        self.q, self.v, self.inverse_norm = (tensor.reshape(-1, *tensor.shape[2:]) for tensor in (q, v, inverse_norm))
        self.places, self.scale = places, scale
        self.exact = torch.float64 if q.dtype == torch.float64 else torch.float32  # type of the log-normalisers
        self.rounds = places.of_token.shape[1]
        self.tokens = places.tokens.flatten(0, 1)
        self.keys = places.keys.flatten(0, 1)
        self.alone = places.alone.flatten(0, 1)
        self.token_keys = places.token_keys.view(-1)
        self.buffers: dict[str, Tensor] = {}
        m, device = places.chunk, q.device
        row, column = torch.arange(m, device=device)[:, None], torch.arange(2 * m, device=device)
        self.visible = ((column < row + m) if places.causal else (column != row + m)).to(self.keys.dtype)
        counts = torch.arange(self.rounds + 1, dtype=self.exact, device=device)
        self.penalty = (-torch.log(counts)).masked_fill(counts == 0, float("-inf")).to(q.dtype)
        head = torch.arange(self.tokens.shape[0], device=device) // self.rounds
        own = torch.arange(self.tokens.shape[0], device=device) % self.rounds
        turn = torch.arange(1, self.rounds, device=device)[:, None]
        # from a token's row among all heads to its key in another round: [rounds − 1, group]
        self.other_round = (head * (self.rounds - 1) + (own + turn) % self.rounds) * places.length

    def run(self, block: _Block) -> tuple[Tensor, Tensor]:
        """Output [group, chunk, row, feature] and log-normaliser [group, chunk, row], in sorted order."""
        m = self.places.chunk
        places = slice(block.chunk.start * m, (block.chunk.stop + 1) * m)  # one chunk ahead: the one before
        tokens = self.tokens[block.group, places]
        size = tokens.shape
        flat = tokens.reshape(-1)
        q = torch.index_select(self.q, 0, flat, out=self._buffer("q", (flat.shape[0], self.q.shape[1]), self.q))
        v = torch.index_select(self.v, 0, flat, out=self._buffer("v", (flat.shape[0], self.v.shape[1]), self.v))
        norm = torch.index_select(self.inverse_norm, 0, flat)
        k = torch.mul(q, norm[:, None], out=self._buffer("k", q.shape, q))
        bias = self._bias(block, tokens, self.keys[block.group, places])
        queries = q.view(*size, -1)[:, m:].unflatten(1, (-1, m))[:, :, block.row]
        window_k, window_v = (one.view(*size, -1).unfold(1, 2 * m, m).transpose(-1, -2) for one in (k, v))
        return fused_attention(queries, window_k, window_v, bias=bias, scale=self.scale)

    def _bias(self, block: _Block, tokens: Tensor, keys: Tensor) -> Tensor:
        """−log N_ij for the targets, −inf for the others: [group, chunk, row, 2 · chunk length].

        Every row keeps a place: where a token is alone, itself. Its result is used if no round has a target.
        """
        m, rows = self.places.chunk, block.row
        shape = (tokens.shape[0], block.chunk.stop - block.chunk.start, rows.stop - rows.start, 2 * m)
        like = self.keys
        code = self._targets(keys, rows, self._buffer("code", shape, like))
        code.mul_(self.visible[rows])
        if block.chunk.start == 0:
            code[:, 0, :, :m] = 0
        if block.chunk.stop * m == self.places.count:
            code[:, -1, :, m + self.places.length - (block.chunk.stop - 1) * m :] = 0
        if self.rounds > 1:
            rounds_with = self._buffer("rounds", shape, like).fill_(1)
            one = self._buffer("one", shape, like)
            offsets = self.other_round[:, block.group, None]
            others = self.token_keys.index_select(0, (tokens + offsets).reshape(-1)).view(-1, *tokens.shape)
            for other in others:
                rounds_with.add_(self._targets(other, rows, one))
            code.mul_(rounds_with)
        itself = code[..., m + rows.start : m + rows.stop].diagonal(dim1=-2, dim2=-1)
        alone = self.alone[block.group, block.chunk.start * m : block.chunk.stop * m]
        itself.copy_(alone.unflatten(1, (-1, m))[:, :, rows])
        index = self._buffer("index", shape, torch.int32).copy_(code)
        bias = self._buffer("bias", shape, self.q)
        torch.index_select(self.penalty, 0, index.view(-1), out=bias.view(-1))
        return bias

    def _targets(self, keys: Tensor, rows: slice, out: Tensor) -> Tensor:
        """1 where key_i − key_j is 0 or 1, else 0; one comparison, by moving 0 to the type's smallest number."""
        m, lowest = self.places.chunk, torch.iinfo(out.dtype).min
        own = (keys[:, m:] + lowest).unflatten(1, (-1, m))[:, :, rows, None]
        windows = keys.unfold(1, 2 * m, m)[:, :, None]
        return torch.sub(own, windows, out=out).lt_(lowest + 2)

    def _buffer(self, name: str, shape: tuple[int, ...], like: Tensor | torch.dtype) -> Tensor:
        """Reused memory of that shape, made at its first, largest use."""
        size = 1
        for extent in shape:
            size *= extent
        dtype = like if isinstance(like, torch.dtype) else like.dtype
        held = self.buffers.get(name)
        if held is None or held.shape[0] < size:
            held = self.buffers[name] = torch.empty(size, dtype=dtype, device=self.q.device)
        return held[:size].view(shape)


def _combine(
    partial: Tensor, z: Tensor, places: Places, some: slice, output: Tensor, normaliser: Tensor, total: Tensor
) -> None:
    """o = Σ_r exp(z⁽ʳ⁾ − z) o⁽ʳ⁾ for some heads, back in the order of positions; written to the last three."""
    of_token, alone = places.of_token[some], places.alone[some]
    heads, rounds, length = of_token.shape
    index = of_token.to(torch.int64)
    z_round = z.view(heads, rounds, -1).gather(-1, index)
    without = alone.gather(-1, index)
    only_itself = without.all(1)
    itself = z_round[:, 0].clone()  # of a token that is alone: the score with itself
    z_round.masked_fill_(without, float("-inf"))
    z_total = torch.where(only_itself, itself, torch.logsumexp(z_round, 1))
    share = torch.exp(z_round - z_total[:, None])
    share[:, 0].masked_fill_(only_itself, 1)
    if places.lengths is not None:
        ends = torch.tensor(places.lengths[some], device=z.device)[:, None]
        padding = torch.arange(length, device=z.device) >= ends
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
