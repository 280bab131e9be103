"""Gradients of attention in buckets, in the same blocks as ``engines.bucket_chunks``, in memory linear in the length.

With P_ij⁽ʳ⁾ = exp(s_ij − log N_ij − z_i) the weight of a pair in a round (z: all rounds together), g the gradient of
the output o and D_i = g_i·o_i, a round adds Σ_i P_ij g_i to that of v_j, and dS_ij = P_ij (g_i·v_j − D_i) to that of
the score. Nothing but z is kept from the run: a block's scores are computed again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from engines.bucket_chunks import EXCLUDED, Block, BlockPairs, Plan, batches
from engines.bucket_places import Places

if TYPE_CHECKING:
    import torch
    from torch import Tensor
else:
    from engines.lazy_torch import torch


def gradients_in_chunks(
    q: Tensor, inverse_norm: Tensor, v: Tensor, places: Places, scale: float, once: bool,
    output: Tensor, total: Tensor, grad: Tensor,
) -> tuple[Tensor, Tensor]:  # fmt: skip
    """Gradients of q and v, like them, given what ``attend_in_chunks`` read and returned and the output's gradient."""
    everything = slice(0, q.shape[0])
    itself = places.only_themselves(everything)
    padding = places.padding(everything)
    normaliser = total if padding is None else total.masked_fill(padding, float("inf"))  # weights of 0, not nan
    blocks = _BlockGradients(q, inverse_norm, v, places, scale, once, normaliser, output, grad)
    for block in Plan.of(places, q.device.type).blocks(0, q.shape[0] * places.rounds):
        blocks.add(block)
    of_query, of_key, of_value = (one.view(*q.shape[:2], -1) for one in blocks.gradients)
    alone = itself if padding is None else itself & ~padding
    of_value.addcmul_(grad.to(of_value.dtype), alone[..., None].to(of_value.dtype))
    inverse = inverse_norm[..., None].to(of_key.dtype)
    key = q.to(of_key.dtype) * inverse
    of_key.sub_(key * (key * of_key).sum(-1, keepdim=True)).mul_(inverse)  # through k = q/‖q‖
    return of_query.add_(of_key).to(q.dtype), of_value.to(v.dtype)


class _BlockGradients:
    """Adds a block's gradients of queries, keys and values to those of their rows, [head · position, feature]."""

    def __init__(
        self, q: Tensor, inverse_norm: Tensor, v: Tensor, places: Places, scale: float, once: bool,
        normaliser: Tensor, output: Tensor, grad: Tensor,
    ) -> None:  # fmt: skip
        self.pairs, self.scale = BlockPairs(places, q, once), scale
        self.kind = normaliser.dtype  # shorter types are summed in float32
        delta = (grad.to(self.kind) * output).sum(-1)
        self.q, self.v, self.g, self.inverse_norm, self.normaliser, self.delta = (
            tensor.reshape(-1, *tensor.shape[2:]) for tensor in (q, v, grad, inverse_norm, normaliser, delta)
        )
        self.gradients = tuple(
            torch.zeros(like.shape, dtype=self.kind, device=q.device) for like in (self.q, self.q, self.v)
        )

    def add(self, block: Block) -> None:
        """One block's part: weights again, then the three products of the softmax's gradient."""
        m, tokens = self.pairs.places.chunk, self.pairs.rows_at(block)
        own = tokens[:, m:].unflatten(1, (-1, m))[:, :, block.row]
        q, g = self._rows(self.q, own), self._rows(self.g, own)
        z, delta = self._rows(self.normaliser, own), self._rows(self.delta, own)
        keys = self._rows(self.q, tokens) * self._rows(self.inverse_norm, tokens)[..., None]
        k, v = (one.unfold(1, 2 * m, m).transpose(-1, -2) for one in (keys, self._rows(self.v, tokens)))
        weights = self._weights(block, tokens, q, k, z)
        into = [torch.empty(shape, dtype=self.kind, device=q.device) for shape in (q.shape, k.shape, v.shape)]
        slope = torch.empty_like(weights)
        for w, s, one_q, one_k, one_v, one_g, one_delta, into_q, into_k, into_v in zip(
            *batches(weights, slope, q, k, v, g, delta, *into), strict=True
        ):
            torch.bmm(w.transpose(1, 2), one_g, out=into_v)
            torch.bmm(one_g, one_v.transpose(1, 2), out=s)
            s.sub_(one_delta[..., None]).mul_(w).mul_(self.scale)
            torch.bmm(s, one_k, out=into_q)
            torch.bmm(s.transpose(1, 2), one_q, out=into_k)
        self.gradients[0].index_add_(0, own.reshape(-1), into[0].flatten(0, 2))
        for gradient, windows in zip(self.gradients[1:], into[1:], strict=True):
            gradient.index_add_(0, tokens.reshape(-1), _folded(windows, m).flatten(0, 1))

    def _rows(self, x: Tensor, index: Tensor) -> Tensor:
        return x.index_select(0, index.reshape(-1)).view(*index.shape, *x.shape[1:]).to(self.kind)

    def _weights(self, block: Block, tokens: Tensor, q: Tensor, k: Tensor, z: Tensor) -> Tensor:
        """P [group, chunk, row, column of the window]."""
        weights = self.pairs.excluded(block).to(self.kind)
        for w, one_q, one_k in zip(*batches(weights, q, k), strict=True):
            w.baddbmm_(one_q, one_k.transpose(1, 2), beta=EXCLUDED, alpha=self.scale)
        largest = weights.amax(-1, keepdim=True)
        torch.softmax(weights, -1, out=weights)  # of this round alone; from there to P is a factor for each row
        round_z = largest.sub_(weights.amax(-1, keepdim=True).log_())
        factor = round_z.sub_(z[..., None]).exp_().masked_fill_(self.pairs.without_target(block)[..., None], 0)
        weights.mul_(factor)
        return weights.div_(self.pairs.rounds_with(block, tokens)) if self.pairs.counts else weights


def _folded(windows: Tensor, chunk: int) -> Tensor:
    """Gradients of overlapping windows [group, chunk, 2 · chunk, feature] -> of places [group, place, feature]."""
    groups, chunks, _, width = windows.shape
    folded = windows.new_zeros(groups, chunks + 1, chunk, width)
    folded[:, :-1] += windows[:, :, :chunk]
    folded[:, 1:] += windows[:, :, chunk:]
    return folded.flatten(1, 2)
