"""Keys and values projected along the sequence: n of them become k mixtures (Wang et al. 2020, section 4).

A projection is [head or 1, row, position], with k rows; one that all heads share has a first axis of 1. The product
with [head, position, feature] takes O(n·k·d) operations, reads the shared matrix without a copy per head, and holds
nothing of size n but its inputs; so does its gradient.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, Any

from engines.fused import fused_attention

if TYPE_CHECKING:
    import torch
    from torch import Tensor
else:
    from engines.lazy_torch import torch

KEYS_AT_ONCE = 65_536  # one product over all heads is fastest; it is cut only so that a run can be given up
WHOLE_UP_TO = 16_384  # queries whose output is the kernel's own, without a copy
ROWS_AT_ONCE = 8_192


def draw_projection(rows: int, positions: int, generator: torch.Generator | None, like: Tensor) -> Tensor:
    """Entries from N(0, 1/rows), [1, row, position]: lengths are kept on average (Johnson and Lindenstrauss).

    Drawn as float32 on the generator's device, then moved to the type and device of ``like``: one seed gives one
    matrix, whatever the type.
    """
    device = generator.device if generator is not None else like.device
    drawn = torch.randn((1, rows, positions), generator=generator, device=device, dtype=torch.float32)
    return drawn.mul_(rows**-0.5).to(like.device, like.dtype)


def stretched(projection: Tensor, positions: int) -> Tensor:
    """A projection [head or 1, row, n'] for ``positions`` keys: interpolated linearly along the sequence.

    Entries are scaled by n'/n, so that a row keeps its sum: a mean of keys stays a mean.
    """
    stored = projection.shape[-1]
    if stored == positions:
        return projection
    longer = torch.nn.functional.interpolate(projection, size=positions, mode="linear", align_corners=False)
    return longer * (stored / positions)


def project_along(projection: Tensor, x: Tensor, between: Callable[[], None]) -> Tensor:
    """projection [head or 1, row, position] times x [head, position, feature] -> [head, row, feature].

    ``between`` is called between blocks of positions. Both are differentiated in memory linear in the positions.
    """
    if torch.is_grad_enabled() and (projection.requires_grad or x.requires_grad):
        product: Tensor = _differentiable().apply(projection, x, between)
        return product
    return _product(projection, x, between)


def _product(projection: Tensor, x: Tensor, between: Callable[[], None]) -> Tensor:
    heads, positions, features = x.shape
    shared = projection.expand(heads, -1, -1)
    total = torch.zeros((heads, projection.shape[1], features), dtype=x.dtype, device=x.device)
    for start in range(0, positions, KEYS_AT_ONCE):
        between()
        block = slice(start, start + KEYS_AT_ONCE)
        total.baddbmm_(shared[:, :, block], x[:, block])
    return total


def _product_gradients(projection: Tensor, x: Tensor, grad: Tensor, wanted: tuple[bool, bool]) -> list[Tensor | None]:
    """Gradients of the projection and of x; heads that share a projection add theirs, one after the other."""
    heads = x.shape[0]
    for_projection = torch.zeros_like(projection) if wanted[0] else None
    for_x = torch.empty_like(x, memory_format=torch.contiguous_format) if wanted[1] else None
    for head in range(heads):
        own = min(head, projection.shape[0] - 1)
        if for_projection is not None:
            for_projection[own].addmm_(grad[head], x[head].T)
        if for_x is not None:
            torch.mm(projection[own].T, grad[head], out=for_x[head])
    return [for_projection, for_x]


@cache
def _differentiable() -> Any:
    """The autograd function; made at first use, since this file does not import torch."""

    class ProductAlongSequence(torch.autograd.Function):
        @staticmethod
        def forward(ctx: Any, projection: Tensor, x: Tensor, between: Callable[[], None]) -> Tensor:
            ctx.save_for_backward(projection, x)
            return _product(projection, x, between)

        @staticmethod
        def backward(ctx: Any, grad: Tensor) -> tuple[Tensor | None, ...]:
            projection, x = ctx.saved_tensors
            return *_product_gradients(projection, x, grad, ctx.needs_input_grad[:2]), None

    return ProductAlongSequence


def bin_counts(rows: int, positions: int) -> tuple[int, int, int]:
    """Bins of mean pooling, the positions of a short one, and how many come first that hold one position more."""
    bins = min(rows, positions)
    return bins, positions // bins, positions % bins


def pooled(rows: int, x: Tensor) -> Tensor:
    """Means of x [head, position, feature] over ``rows`` neighbouring bins -> [head, bin, feature].

    Bins differ by one position at most, the longer ones come first; there are never more bins than positions.
    """
    heads, positions, features = x.shape
    if not positions:
        return torch.zeros((heads, rows, features), dtype=x.dtype, device=x.device)
    bins, size, longer = bin_counts(rows, positions)
    cut = longer * (size + 1)
    parts = [x[:, :cut].unflatten(1, (longer, size + 1)).mean(2)] if longer else []
    return torch.cat([*parts, x[:, cut:].unflatten(1, (bins - longer, size)).mean(2)], 1)


def pooling_columns(rows: int, positions: int, columns: Tensor, like: Tensor) -> Tensor:
    """The matrix [bin, column] that mean pooling stands for, at some of its columns."""
    bins, size, longer = bin_counts(rows, positions)
    cut = longer * (size + 1)
    among_longer = columns < cut
    index = torch.where(among_longer, columns // (size + 1), longer + (columns - cut) // size)
    share = torch.where(among_longer, 1 / (size + 1), 1 / size).to(like.dtype)
    return torch.where(torch.arange(bins, device=columns.device)[:, None] == index, share, share.new_zeros(()))


def attend_compressed(q: Tensor, keys: Tensor, values: Tensor, between: Callable[[], None]) -> Tensor:
    """softmax(q keysᵀ/√d) values in blocks of queries: q [batch, head, query, feature], keys and values with k rows.

    The kernel never writes the n × k weights out.
    """
    between()
    queries, tensors = q.shape[2], (q, keys, values)
    differentiated = torch.is_grad_enabled() and any(x.requires_grad for x in tensors)
    if queries <= WHOLE_UP_TO or differentiated:
        return fused_attention(q, keys, values)[0]
    output = torch.empty(q.shape, dtype=q.dtype, device=q.device)
    for start in range(0, queries, ROWS_AT_ONCE):
        between()
        rows = slice(start, start + ROWS_AT_ONCE)
        output[:, :, rows] = fused_attention(q[:, :, rows], keys, values)[0]
    return output


def compressed_weights(q: Tensor, keys: Tensor) -> Tensor:
    """The weights softmax(q keysᵀ/√d) themselves, [..., query, row]: for a few queries at a time."""
    return torch.softmax(q @ keys.transpose(-1, -2) / q.shape[-1] ** 0.5, -1)
