"""Random features against what the paper proves of them: their mean, their error, the distribution of their vectors."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor

from engines.random_features import (
    KINDS,
    ExponentialFeatures,
    TrigonometricFeatures,
    draw_features,
    expected_squared_error,
    features_of,
    haar_rotations,
    random_feature_map,
)

LIKE = torch.empty(0, dtype=torch.float64)


def draws(count: int, m: int, width: int, orthogonal: bool, norms: str = "Gaussian", seed: int = 0) -> Tensor:
    """``count`` independent drawings of ω, [drawing, m, width]."""
    return draw_features(count, m, width, orthogonal, norms, torch.Generator().manual_seed(seed), LIKE)


def vectors(width: int, length: float, seed: int = 3) -> tuple[Tensor, Tensor]:
    """Two vectors of that length, at about 60° to each other."""
    x, y = torch.randn(2, width, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)
    y = x / x.norm() + y / y.norm()
    return length * x / x.norm(), length * y / y.norm()


def estimates(x: Tensor, y: Tensor, omega: Tensor, kind: str) -> Tensor:
    """One estimate of exp(x·y) for each drawing."""
    return (features_of(x[None], omega, kind) * features_of(y[None], omega, kind)).sum((-2, -1))


@pytest.mark.parametrize("orthogonal", [False, True])
@pytest.mark.parametrize("kind", KINDS)
def test_estimates_are_unbiased(kind, orthogonal):
    x, y = vectors(8, 1.0)
    found = estimates(x, y, draws(20_000, 16, 8, orthogonal), kind)
    standard_error = found.std() / len(found) ** 0.5
    assert abs(found.mean() - torch.exp(x @ y)) < 4 * standard_error
    assert standard_error < 0.02 * torch.exp(x @ y)


def test_rotations_without_the_signs_are_biased():
    """What the signs in ``haar_rotations`` are for: QR's own are not uniform, and the estimate's mean moves."""
    x = y = torch.full((8,), -0.25, dtype=torch.float64)  # the signs push the rows to this side
    generator = torch.Generator().manual_seed(0)
    plain, _ = torch.linalg.qr(torch.randn(40_000, 8, 8, generator=generator, dtype=torch.float64))
    lengths = torch.randn(40_000, 8, 8, generator=generator, dtype=torch.float64).norm(dim=-1, keepdim=True)
    found = estimates(x, y, plain * lengths, "positive")
    assert abs(found.mean() - torch.exp(x @ y)) > 8 * found.std() / len(found) ** 0.5


@pytest.mark.parametrize("kind", KINDS)
def test_squared_errors_are_the_published_ones(kind):
    x, y = vectors(8, 0.6)
    found = estimates(x, y, draws(60_000, 16, 8, orthogonal=False), kind)
    measured = (found - torch.exp(x @ y)).square().mean()
    published = expected_squared_error(x, y, 16, kind)
    assert abs(measured / published - 1) < 0.05


def test_published_errors_halve_with_twice_the_vectors():
    x, y = vectors(8, 0.6)
    for kind in KINDS:
        torch.testing.assert_close(
            expected_squared_error(x, y, 32, kind), expected_squared_error(x, y, 16, kind) / 2, rtol=1e-12, atol=0
        )


@pytest.mark.parametrize("kind", KINDS)
def test_orthogonal_vectors_err_less_than_independent_ones(kind):
    x, y = vectors(8, 0.6)
    errors = [
        (estimates(x, y, draws(40_000, 8, 8, orthogonal), kind) - torch.exp(x @ y)).square().mean()
        for orthogonal in (True, False)
    ]
    assert errors[0] < 0.95 * errors[1]


def test_rotations_are_orthogonal():
    found = haar_rotations(50, 12, torch.Generator().manual_seed(0), LIKE)
    eye = torch.eye(12, dtype=torch.float64).expand(50, -1, -1)
    torch.testing.assert_close(found @ found.mT, eye, rtol=0, atol=1e-12)
    torch.testing.assert_close(found.mT @ found, eye, rtol=0, atol=1e-12)


def test_rotations_are_uniform():
    """Under Haar the trace has mean 0 and variance 1 and determinants are as often −1 as 1; entries have mean 0."""
    count = 20_000
    found = haar_rotations(count, 6, torch.Generator().manual_seed(0), LIKE)
    trace = found.diagonal(dim1=-2, dim2=-1).sum(-1)
    assert abs(trace.mean()) < 4 / count**0.5
    assert abs(trace.var() - 1) < 0.05
    assert abs(torch.linalg.det(found).mean()) < 4 / count**0.5
    means = found.mean(0) * (6 * count) ** 0.5  # in standard errors: an entry's variance is 1/6
    assert means.abs().max() < 4.5


def test_plain_qr_is_not_uniform():
    """The test above does notice: without the signs its first check fails by far."""
    found, _ = torch.linalg.qr(torch.randn(5000, 6, 6, dtype=torch.float64))
    assert abs(found.diagonal(dim1=-2, dim2=-1).sum(-1).mean()) > 20 / 5000**0.5


@pytest.mark.parametrize("count", [1, 7, 8, 20])
def test_orthogonal_vectors_stand_in_blocks(count):
    omega = draws(3, count, 8, orthogonal=True)
    assert omega.shape == (3, count, 8)
    for start in range(0, count, 8):
        block = omega[:, start : start + 8]
        products = block @ block.mT
        off = products - torch.diag_embed(products.diagonal(dim1=-2, dim2=-1))
        assert off.abs().max() < 1e-10


@pytest.mark.parametrize("orthogonal", [False, True])
def test_norms(orthogonal):
    equal = draws(5, 20, 8, orthogonal, "√d").norm(dim=-1)
    torch.testing.assert_close(equal, torch.full_like(equal, 8**0.5))
    squares = draws(4000, 8, 8, orthogonal, "Gaussian").square().sum(-1)
    assert abs(squares.mean() - 8) < 0.15  # chi-squared with 8 degrees of freedom
    assert abs(squares.var() - 16) < 1.5


@pytest.mark.parametrize("kind", KINDS)
def test_maps_give_the_features_up_to_their_scales(kind):
    """Relative to a peak and with factors left out, the products are those of the written features."""
    generator = torch.Generator().manual_seed(0)
    q, k = torch.randn(2, 2, 9, 8, generator=generator, dtype=torch.float64)
    omega = draws(2, 12, 8, orthogonal=True)
    features, heads, scale = random_feature_map(omega, kind), slice(0, 2), 8**-0.25
    from_keys, peak = features.of_keys(k, heads, None)
    later, higher = features.of_keys(k[:, :3], heads, peak + 0.5)
    assert torch.equal(higher, peak + 0.5)
    expected = features_of(q * scale, omega, kind) @ features_of(k * scale, omega, kind).mT
    count = 24 if kind == "hyperbolic" else 12
    for columns, at in ((from_keys, peak), (later, higher)):
        products = features.of_queries(q, heads, at) @ columns.mT
        products = products * torch.exp(features.query_scale(q, heads, at))[..., None] / count
        torch.testing.assert_close(products, expected[..., : columns.shape[1]], rtol=1e-10, atol=1e-12)


def test_one_set_of_vectors_may_serve_all_heads():
    x, omega = torch.randn(3, 5, 8, dtype=torch.float64), draws(1, 6, 8, orthogonal=False)
    for kind in (ExponentialFeatures(omega, "positive"), TrigonometricFeatures(omega)):
        shared, _ = kind.of_keys(x[1:], slice(1, 3), None)
        alone, _ = kind.of_keys(x[1:2], slice(0, 1), None)
        torch.testing.assert_close(shared[:1], alone)
