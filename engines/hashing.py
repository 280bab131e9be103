"""Angular locality-sensitive hashing: vectors that point the same way tend to share a bucket.

Andoni et al. 2015, as used by Kitaev et al. 2020, section 2: with R a Gaussian matrix of b/2 columns, the hash of x is
argmax([xR; −xR]), one of b buckets. Whether two vectors collide depends only on their angle and on b: always at 0°,
once in b at 90°, never at 180°.

Hashing into b buckets at once costs d·b/2 multiplications for each token. Two factors, b = b₁·b₂, hash twice with
d·(b₁+b₂)/2 and pair the two answers, so that the work for each token grows with √b.
"""

from __future__ import annotations

from collections.abc import Callable
from math import ceil, isqrt, prod
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import torch
    from torch import Tensor
else:
    from engines.lazy_torch import torch

ROWS_AT_ONCE = 4096


def bucket_factors(buckets: int, two: bool) -> tuple[int, ...]:
    """The sizes of the hashes whose answers together name a bucket, each of them even.

    One bucket needs no hash: (). An odd number is rounded up to the next even one. Two factors are taken as equal as
    they come; where none divide the number exactly it is rounded up to the next product of two even numbers.
    """
    if buckets <= 1:
        return ()
    even = buckets + buckets % 2
    if not two or even < 4:
        return (even,)
    root = max(2, isqrt(even) // 2 * 2)
    for first in range(root, max(root // 2, 2) - 1, -2):
        if even % (2 * first) == 0:
            return first, even // first
    return root, 2 * ceil(even / (2 * root))


def bucket_count(factors: tuple[int, ...]) -> int:
    """How many buckets hashes of these sizes name."""
    return prod(factors)


def draw_rotations(
    heads: int, rounds: int, width: int, factors: tuple[int, ...], generator: torch.Generator | None, like: Tensor
) -> Tensor:
    """Gaussian rotations [head, round, feature, column], with Σ bᵢ/2 columns: those of one factor after the other.

    Drawn as float32 on the generator's device, then moved to the type and device of ``like``: one seed gives one set
    of rotations, whatever the type.
    """
    device = generator.device if generator is not None else like.device
    size = (heads, rounds, width, sum(factors) // 2)
    return torch.randn(size, generator=generator, device=device, dtype=torch.float32).to(like.device, like.dtype)


def angular_hash(x: Tensor, rotations: Tensor, factors: tuple[int, ...], between: Callable[[], None]) -> Tensor:
    """The bucket of each vector in each round: x [head, position, feature] -> int32 [head, round, position].

    ``rotations`` is [head or 1, round, feature, column] as ``draw_rotations`` gives it; ValueError where it does not
    fit. ``between`` is called between blocks of rows.
    """
    x, rotations = x.detach(), rotations.detach()  # nothing flows back through an argmax
    heads, length, width = x.shape
    columns = sum(factors) // 2
    if rotations.shape[0] not in (1, heads) or rotations.shape[2:] != (width, columns):
        expected = f"[{heads} or 1, rounds, {width}, {columns}]"
        raise ValueError(f"expected rotations {expected} for hashes of sizes {factors}; got {list(rotations.shape)}")
    rounds = rotations.shape[1]
    labels = torch.zeros((heads, rounds, length), dtype=torch.int32, device=x.device)
    if not factors:
        return labels
    sides = rotations.permute(0, 1, 3, 2).reshape(rotations.shape[0], -1, width)
    # Fresh memory for every block would take as long as the products.
    rotated, marks = x.new_empty((2, sides.shape[1] * min(length, ROWS_AT_ONCE)))
    for head in range(heads):
        side = sides[head if sides.shape[0] > 1 else 0]
        for start in range(0, length, ROWS_AT_ONCE):
            between()
            rows = x[head, start : start + ROWS_AT_ONCE]
            size = (len(side), len(rows))
            projected, of_it = (one[: size[0] * size[1]].view(size) for one in (rotated, marks))
            torch.mm(side, rows.T, out=projected)
            target = labels[head, :, start : start + ROWS_AT_ONCE]
            halves = [factor // 2 for factor in factors]
            parts = (one.unflatten(0, (rounds, -1)).split(halves, 1) for one in (projected, of_it))
            for part, its, factor in zip(*parts, factors, strict=True):
                target.mul_(factor).add_(_nearest_axis(part, its))
    return labels


def _nearest_axis(projected: Tensor, marks: Tensor) -> Tensor:
    """argmax([y; −y]) over the columns of [round, column, position], the first of equals; ``marks`` is overwritten.

    In plain passes over whole rows, which take half the time of a maximum with its index.
    """
    columns = projected.shape[1]
    largest, smallest = projected.amax(1, keepdim=True), projected.amin(1, keepdim=True)
    extreme = torch.where(largest >= -smallest, largest, smallest)
    torch.eq(projected, extreme, out=marks)
    marks.mul_(torch.arange(columns, 0, -1, dtype=marks.dtype, device=marks.device)[:, None])
    axis = columns - marks.amax(1)
    return axis.add_(extreme[:, 0] < 0, alpha=columns).to(torch.int32)
