"""Where the tokens stand once they are sorted by bucket, and which places each of them may look at.

A *group* is one round of one head. In each group the tokens stand at places, sorted by (bucket, position), and places
are cut into chunks. A token's targets in a group are the others of its bucket in its own chunk and the one before;
causal: those that stand before it, because inside a bucket places run in the order of positions. Seen from a chunk's
*window*, the chunk before it and itself, they are one interval of columns (but for the token itself).

Which other rounds a pair is in is read off one number per token and group, its *key* = chunk + 2·bucket: j is among
i's targets (but for causal order) where key_i − key_j is 0 or 1, since buckets that differ move the keys two or more
apart. The numbers may wrap around, as long as all keys of a group fit the integer type.

In a *ring* the chunk before the first is the last one. Only a bucket that reaches from the first chunk into the last
notices; its tokens in the first chunk ("front") then see those in the last ("back"), which stand later: never causal.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from engines.trace import Recorder

if TYPE_CHECKING:
    import torch
    from torch import Tensor
else:
    from engines.lazy_torch import torch

SORTED_AT_ONCE = 1 << 20


@dataclass(frozen=True)
class Places:
    """Where the tokens stand after sorting; heads are batch · head, flattened.

    ``tokens`` [head, round, chunk + places]: the row of q and v at each place, counted through all heads; one chunk
    comes first, for the chunk before the first. ``low`` and ``span`` [head, round, places]: first column and length of
    the interval of targets in the window, columns 0 … 2 · chunk − 1; looking both ways, it holds the token itself.
    ``alone`` [head, round, places]: no target in this round, nor, in a ring, around it. ``of_token`` and
    ``token_keys`` [head, round, position]: the place and the key of each token. ``front`` and ``back`` are flags of
    the same shape, of the type of the keys; None but in a ring that somebody can notice. ``lengths``: tokens from
    there on are padding, per head.
    """

    chunk: int
    causal: bool
    lengths: tuple[int, ...] | None
    tokens: Tensor
    low: Tensor
    span: Tensor
    alone: Tensor
    of_token: Tensor
    token_keys: Tensor
    front: Tensor | None
    back: Tensor | None

    @property
    def length(self) -> int:
        return self.of_token.shape[-1]

    @property
    def count(self) -> int:
        """Places in a group: whole chunks."""
        return self.tokens.shape[-1] - self.chunk

    @property
    def rounds(self) -> int:
        return self.tokens.shape[1]

    def padding(self, heads: slice) -> Tensor | None:
        """Which tokens of some heads are padding, [head, position]; None where there is no padding."""
        if self.lengths is None:
            return None
        device = self.tokens.device
        ends = torch.tensor(self.lengths[heads], device=device)[:, None]
        return torch.arange(self.length, device=device) >= ends

    def only_themselves(self, heads: slice) -> Tensor:
        """Which tokens of some heads have no target in any round: [head, position]."""
        index = self.of_token[heads].to(torch.int64)
        return self.alone[heads].gather(-1, index).all(1)

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
    labels: Tensor,
    count: int,
    chunk: int,
    causal: bool,
    lengths: tuple[int, ...] | None,
    ring: bool,
    record: Recorder,
) -> Places:
    """Sort by (bucket, position): labels [head, round, position] in 0 … count − 1 -> places."""
    heads, rounds, length = labels.shape
    places = -(-length // chunk) * chunk
    device = labels.device
    small = places // chunk + 2 * (count + 1) < (1 << 16) and 2 * chunk < (1 << 15)
    narrow = torch.int16 if small else torch.int32
    number = torch.int32 if heads * length < (1 << 31) else torch.int64
    ring = ring and not causal and places > chunk

    def of_tokens(dtype: torch.dtype) -> Tensor:
        return torch.empty((heads, rounds, length), dtype=dtype, device=device)

    sorted_ = Places(
        chunk,
        causal,
        lengths,
        tokens=torch.zeros((heads, rounds, chunk + places), dtype=number, device=device),
        low=torch.zeros((heads, rounds, places), dtype=narrow, device=device),
        span=torch.zeros((heads, rounds, places), dtype=narrow, device=device),
        alone=torch.ones((heads, rounds, places), dtype=torch.bool, device=device),
        of_token=of_tokens(number),
        token_keys=of_tokens(narrow),
        front=of_tokens(narrow) if ring else None,
        back=of_tokens(narrow) if ring else None,
    )
    at_once = max(1, SORTED_AT_ONCE // (rounds * max(length, 1)))
    for start in range(0, heads, at_once):
        record.check_cancelled()
        _sort_heads(labels, count, slice(start, min(start + at_once, heads)), sorted_)
    return sorted_


def _sort_heads(labels: Tensor, count: int, some: slice, into: Places) -> None:
    """Fill what belongs to some heads."""
    length, chunk, device = into.length, into.chunk, labels.device
    narrow = into.low.dtype
    bits = max(1, (length - 1).bit_length())
    small = (count + 1) << bits < (1 << 31)
    position = torch.arange(length, device=device, dtype=torch.int32 if small else torch.int64)
    bucket = labels[some].to(position.dtype)
    padding = into.padding(some)
    if padding is not None:
        bucket = bucket.masked_fill(padding[:, None], count)
    ordered = bucket.bitwise_left_shift(bits).add_(position).sort(-1).values
    bucket, order = ordered >> bits, (ordered & ((1 << bits) - 1)).to(torch.int64)
    here = position // chunk
    key = (here + 2 * bucket).to(narrow)
    first_row = length * torch.arange(some.start, some.stop, device=device)[:, None, None]
    into.tokens[some, :, chunk : chunk + length] = order + first_row
    into.of_token[some].scatter_(-1, order, position.to(into.of_token.dtype).expand_as(order))
    into.token_keys[some].scatter_(-1, order, key)

    starts, stops = _runs(bucket, position, into.causal)
    window = (here - 1) * chunk
    low = (starts - window).clamp_min_(0)
    high = position + 1 - window if stops is None else torch.minimum(stops - window, low.new_tensor(2 * chunk))
    span = high - low
    alone = span <= 1
    into.low[some, :, :length] = low
    into.span[some, :, :length] = span - 1 if into.causal else span
    if into.front is not None and into.back is not None and stops is not None:
        last = (into.count // chunk - 1) * chunk
        front, back = (position < chunk) & (stops > last), (position >= last) & (starts < chunk)
        into.front[some].scatter_(-1, order, front.to(narrow))
        into.back[some].scatter_(-1, order, back.to(narrow))
        into.tokens[some, :, :chunk] = into.tokens[some, :, -chunk:]
        alone &= ~front
    into.alone[some, :, :length] = alone


def _runs(bucket: Tensor, place: Tensor, causal: bool) -> tuple[Tensor, Tensor | None]:
    """Where the bucket of each place begins and, unless causal, where it ends, from the sorted buckets."""
    length = place.shape[0]
    starts, stops = torch.zeros_like(bucket), torch.full_like(bucket, length)
    if not length:
        return starts, None if causal else stops
    changes = bucket[..., 1:] != bucket[..., :-1]
    starts[..., 1:] = torch.where(changes, place[1:], 0)
    starts = starts.cummax(-1).values
    if causal:
        return starts, None
    stops[..., :-1] = torch.where(changes, place[1:], length)
    return starts, stops.flip(-1).cummin(-1).values.flip(-1)
