"""Full attention in linear memory, without a bias: the pairs that a mask allows, cut into rectangles and triangles.

Each is one call of the fused kernel, which skips what a triangle leaves out; results over the same queries merge
through their log-sum-exp. Leaving the diagonal out is a triangle too: with queries 1 … n − 1 against keys 0 … n − 2,
the kernel's "key ≤ query" means "key < query" between the tokens, and all of it reversed means "key > query".
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Literal

from engines.fused import fused_attention, fused_attention_gradients, merge
from engines.trace import Recorder
from engines.variant import Mask

if TYPE_CHECKING:
    import torch
    from torch import Tensor

    from engines.recomputed import Triple
else:
    from engines.lazy_torch import torch

Shape = Literal["rectangle", "up to", "from"]


@dataclass(frozen=True)
class Region:
    """Some queries against some keys of some batch items.

    Of a triangle, which has as many queries as keys, query r sees the keys "up to" number r, or "from" there on.
    """

    items: slice
    rows: slice
    keys: slice
    shape: Shape = "rectangle"

    def of_queries(self, tensor: Tensor) -> Tensor:
        """The region's part of a tensor [batch, head, query, …], in the order in which the kernel reads it."""
        return self.ordered(tensor[self.items, :, self.rows])

    def of_keys(self, tensor: Tensor) -> Tensor:
        """The region's part of a tensor [batch, head, key, …], likewise."""
        return self.ordered(tensor[self.items, :, self.keys])

    def ordered(self, tensor: Tensor) -> Tensor:
        """From the tokens' order [batch, head, position, …] to the kernel's, or back."""
        return tensor.flip(2) if self.shape == "from" else tensor

    @property
    def causal(self) -> bool:
        return self.shape != "rectangle"


def regions(mask: Mask, batch: int, queries: int, keys: int, itself_last: bool) -> Iterator[Region]:
    """Disjoint regions that together are the allowed pairs.

    ``itself_last``: queries and keys are the same tokens, and a token's pair with itself is left out unless it is the
    only one the token has; there is no query offset then.
    """
    lengths = mask.key_lengths or (keys,) * batch
    for length, group in groupby(range(batch), lambda item: max(0, min(lengths[item], keys))):
        numbers = list(group)
        items = slice(numbers[0], numbers[-1] + 1)
        if length and itself_last:
            yield from _others(items, queries, length, mask.causal)
        elif length:
            yield from _all(items, queries, length, mask)


def _all(items: slice, queries: int, keys: int, mask: Mask) -> Iterator[Region]:
    """Every key, or those up to the query's own position."""
    if not mask.causal:
        yield Region(items, slice(0, queries), slice(0, keys))
        return
    first, before = min(queries, max(0, -mask.query_offset)), max(0, mask.query_offset)
    stop = first + max(0, min(queries - first, keys - before))  # from here on a query sees all keys
    if stop > first:
        if before:
            yield Region(items, slice(first, stop), slice(0, before))
        yield Region(items, slice(first, stop), slice(before, before + stop - first), "up to")
    if queries > stop:
        yield Region(items, slice(stop, queries), slice(0, keys))


def _others(items: slice, queries: int, keys: int, causal: bool) -> Iterator[Region]:
    """The same without the diagonal, but for a token that has no other key."""
    if causal or keys == 1:
        yield Region(items, slice(0, 1), slice(0, 1))
    if keys > 1:
        yield Region(items, slice(1, keys), slice(0, keys - 1), "up to")
    if keys > 1 and not causal:
        yield Region(items, slice(0, keys - 1), slice(1, keys), "from")
    if queries > keys:  # queries that are padding as keys
        yield Region(items, slice(keys, queries), slice(0, keys))


@dataclass(frozen=True)
class DenseAttention:
    """Attention to every allowed pair (an ``engines.recomputed.Blockwise``); ``itself_last`` as in ``regions``."""

    mask: Mask
    itself_last: bool = False

    def run(self, q: Tensor, k: Tensor, v: Tensor, record: Recorder) -> tuple[Tensor, Tensor]:
        """The output [batch, head, query, feature] and log-sum-exp [batch, head, query]; 0 and −inf without keys."""
        every = slice(0, q.shape[0]), slice(0, q.shape[2])
        cut = self._regions(q, k)
        if len(cut) == 1 and (cut[0].items, cut[0].rows) == every:
            return self._fused(cut[0], q, k, v)
        exact = torch.float64 if q.dtype == torch.float64 else torch.float32
        output = torch.zeros((*q.shape[:3], v.shape[3]), dtype=q.dtype, device=q.device)
        normaliser = torch.full(q.shape[:3], float("-inf"), dtype=exact, device=q.device)
        for region in cut:
            record.check_cancelled()
            here = region.items, slice(None), region.rows
            part, total = (region.ordered(each) for each in self._fused(region, q, k, v))
            output[here], normaliser[here] = merge((output[here], normaliser[here]), (part, total))
        return output, normaliser

    def _fused(self, region: Region, q: Tensor, k: Tensor, v: Tensor) -> tuple[Tensor, Tensor]:
        of_keys = region.of_keys
        return fused_attention(region.of_queries(q), of_keys(k), of_keys(v), causal=region.causal)

    def add_gradients(self, q_k_v: Triple, output: Tensor, normaliser: Tensor, grad: Tensor, grads: Triple) -> None:
        """Add to the gradients of q, k and v; the normaliser is +inf where a query has no key."""
        q, k, v = q_k_v
        for region in self._regions(q, k):
            of_queries, of_keys, causal = region.of_queries, region.of_keys, region.causal
            read = of_queries(grad), of_queries(q), of_keys(k), of_keys(v), of_queries(output), of_queries(normaliser)
            for gradient, one, places in zip(
                grads,
                fused_attention_gradients(*read, causal=causal),
                (region.rows, region.keys, region.keys),
                strict=True,
            ):
                gradient[region.items, :, places] += region.ordered(one)

    def _regions(self, q: Tensor, k: Tensor) -> tuple[Region, ...]:
        return tuple(regions(self.mask, q.shape[0], q.shape[2], k.shape[2], self.itself_last))
