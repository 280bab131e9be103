"""Attention to and from a few global tokens, beside a window (Beltagy et al. 2020, section 3.1).

Two parts: every query also sees the global keys that are outside its window, merged through the log-sum-exp; and a
global query sees every key, with projections of its own. Both are computed in blocks of rows, so that memory stays
linear whatever the number of global tokens.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from engines.fused import fused_attention, fused_attention_gradients
from engines.windowed import ROWS_AT_ONCE, Window, bias_from, runs

if TYPE_CHECKING:
    import torch
    from torch import Tensor
else:
    from engines.lazy_torch import torch

PAIRS_AT_ONCE = 1 << 21  # values of the bias, which is all that grows with rows x keys


def row_blocks(rows: int, keys: int) -> Iterator[slice]:
    """Rows in blocks whose bias stays small."""
    size = max(1, min(ROWS_AT_ONCE, PAIRS_AT_ONCE // max(1, keys)))
    return (slice(start, min(start + size, rows)) for start in range(0, rows, size))


def seen_outside_window(rows: slice, offset: int, positions: Tensor, window: Window, causal: bool) -> Tensor:
    """Which global keys a row sees that its window does not hold already: boolean [row, global key]."""
    ahead = positions - (torch.arange(rows.start, rows.stop, device=positions.device) + offset)[:, None]
    inside = (ahead >= -window.left * window.dilation) & (ahead <= window.right * window.dilation)
    outside = ~(inside & (ahead % window.dilation == 0))
    return outside & (ahead <= 0) if causal else outside


def merge_global_keys(
    q: Tensor, k: Tensor, v: Tensor, windows: Sequence[Window], offset: int, positions: Tensor, causal: bool,
    output: Tensor, normaliser: Tensor, between: Callable[[], None],
) -> None:  # fmt: skip
    """Merge the global keys at ``positions`` into ``output`` [head, query, feature] and ``normaliser`` in place.

    q, k, v [head, position, feature]. A global key inside a query's window is not counted a second time.
    """
    k, v = k.index_select(1, positions).transpose(1, 2), v.index_select(1, positions)
    for heads, window in runs(windows):
        for rows in row_blocks(q.shape[1], k.shape[2] * k.shape[0]):
            between()
            seen = seen_outside_window(rows, offset, positions, window, causal)
            scores = (q[heads, rows] @ k[heads]).to(normaliser.dtype).div_(q.shape[-1] ** 0.5)
            scores.masked_fill_(~seen, float("-inf"))
            out, z = output[heads, rows], normaliser[heads, rows]
            total = torch.logaddexp(z, torch.logsumexp(scores, -1))
            safe = total.masked_fill(total == float("-inf"), 0.0)[..., None]
            out.mul_(torch.exp(z[..., None] - safe))
            out.baddbmm_(scores.sub_(safe).exp_().to(v.dtype), v[heads])
            z.copy_(total)


def global_key_gradients(
    q: Tensor, k: Tensor, v: Tensor, windows: Sequence[Window], offset: int, positions: Tensor, causal: bool,
    output: Tensor, normaliser: Tensor, grad: Tensor, grads: tuple[Tensor, Tensor, Tensor],
) -> None:  # fmt: skip
    """Add the gradients through the pairs of ``merge_global_keys`` to ``grads`` (of q, k, v)."""
    k, v = k.index_select(1, positions), v.index_select(1, positions)
    for heads, window in runs(windows):
        for rows in row_blocks(q.shape[1], k.shape[1]):
            bias = bias_from(seen_outside_window(rows, offset, positions, window, causal), q)
            g, q_, o, z = (x[None, heads, rows] for x in (grad, q, output, normaliser))
            part = fused_attention_gradients(g, q_, k[None, heads], v[None, heads], o, z, bias)
            grads[0][heads, rows].add_(part[0][0])
            for into, share in zip(grads[1:], part[1:], strict=True):
                into[heads].index_add_(1, positions, share[0])


def global_row_blocks(rows: Sequence[int], offset: int, keys: int, causal: bool) -> Iterator[tuple[list[int], int]]:
    """The global queries in blocks, each with how many of the first keys its last query sees."""
    for block in row_blocks(len(rows), keys):
        chosen = list(rows[block])
        yield chosen, min(keys, chosen[-1] + offset + 1) if causal else keys


def _row_bias(index: Tensor, offset: int, stop: int, causal: bool, like: Tensor) -> Tensor | None:
    if not causal:
        return None
    return bias_from(torch.arange(stop, device=index.device) <= (index + offset)[:, None], like)


def fill_global_queries(
    q: Tensor, k: Tensor, v: Tensor, rows: Sequence[int], offset: int, causal: bool,
    output: Tensor, normaliser: Tensor, between: Callable[[], None],
) -> None:  # fmt: skip
    """Put full attention into the given rows of ``output`` and ``normaliser``; q, k, v are the global projections."""
    for block, stop in global_row_blocks(rows, offset, k.shape[1], causal):
        between()
        index = torch.tensor(block, device=q.device)
        bias = _row_bias(index, offset, stop, causal, q)
        part, z = fused_attention(q.index_select(1, index)[None], k[None, :, :stop], v[None, :, :stop], bias)
        output.index_copy_(1, index, part[0])
        normaliser.index_copy_(1, index, z[0].to(normaliser.dtype))


def global_query_gradients(
    q: Tensor, k: Tensor, v: Tensor, rows: Sequence[int], offset: int, causal: bool,
    output: Tensor, normaliser: Tensor, grad: Tensor, grads: tuple[Tensor, Tensor, Tensor],
) -> None:  # fmt: skip
    """Add the gradients through ``fill_global_queries`` to ``grads`` (of the global q, k, v)."""
    for block, stop in global_row_blocks(rows, offset, k.shape[1], causal):
        index = torch.tensor(block, device=q.device)
        bias = _row_bias(index, offset, stop, causal, q)
        g, q_, o, z = (x.index_select(1, index)[None] for x in (grad, q, output, normaliser))
        part = fused_attention_gradients(g, q_, k[None, :, :stop], v[None, :, :stop], o, z, bias)
        grads[0].index_add_(1, index, part[0][0])
        for into, share in zip(grads[1:], part[1:], strict=True):
            into[:, :stop].add_(share[0])
