"""Angular hashing: its primer's properties, and its shapes."""

from __future__ import annotations

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from engines.hashing import angular_hash, bucket_count, bucket_factors, draw_rotations


def hashed(x, factors, rounds=1, seed=0):
    rotations = draw_rotations(x.shape[0], rounds, x.shape[-1], factors, torch.Generator().manual_seed(seed), x)
    return angular_hash(x, rotations, factors, lambda: None), rotations


@given(st.integers(0, 100_000), st.booleans())
def test_factors_are_even_and_name_as_many_buckets_as_asked_or_hardly_more(buckets, two):
    factors = bucket_factors(buckets, two)
    assert all(factor >= 2 and factor % 2 == 0 for factor in factors)
    assert bucket_count(factors) >= buckets
    if not two:
        assert bucket_count(factors) <= max(1, buckets + 1)
    elif buckets > 128:
        first, second = factors
        assert first * second < buckets * 1.2
        assert max(factors) <= 5 * min(factors)


@pytest.mark.parametrize(
    ("buckets", "factors"), [(0, ()), (1, ()), (2, (2,)), (4, (2, 2)), (256, (16, 16)), (512, (16, 32))]
)
def test_factors_divide_where_they_can(buckets, factors):
    assert bucket_factors(buckets, two=True) == factors


@pytest.mark.parametrize("factors", [(2,), (10,), (4, 6), (16, 16)])
def test_the_bucket_is_the_argmax_of_the_formula(factors):
    x = torch.randn(3, 5000, 8, generator=torch.Generator().manual_seed(1), dtype=torch.float64)
    labels, rotations = hashed(x, factors, rounds=2)
    for head in range(3):
        for turn in range(2):
            expected, column = torch.zeros(5000, dtype=torch.int64), 0
            for factor in factors:
                rotated = x[head] @ rotations[head, turn][:, column : column + factor // 2]
                expected = expected * factor + torch.cat([rotated, -rotated], -1).argmax(-1)
                column += factor // 2
            assert torch.equal(labels[head, turn].long(), expected)


@given(st.integers(0, 10_000))
def test_of_equally_near_axes_the_first_is_taken(seed):
    x = torch.randint(-2, 3, (1, 40, 5), generator=torch.Generator().manual_seed(seed)).float()
    labels = angular_hash(x, torch.eye(5)[None, None], (10,), lambda: None)
    assert torch.equal(labels[0, 0].long(), torch.cat([x, -x], -1)[0].argmax(-1))


@pytest.mark.parametrize("factors", [(2,), (8,), (4, 4), (16, 16)])
def test_equal_directions_share_a_bucket_and_opposite_ones_never_do(factors):
    x = torch.randn(1, 500, 16, generator=torch.Generator().manual_seed(2))
    labels, _ = hashed(torch.cat([x, 3 * x, -x], 1), factors, rounds=4)
    same, scaled, opposite = labels.split(500, -1)
    assert torch.equal(same, scaled)
    assert (same != opposite).all()


@pytest.mark.parametrize("factors", [(8,), (4, 4)])
def test_right_angles_collide_once_in_b(factors):
    x = torch.eye(2)[None]
    labels, _ = hashed(x, factors, rounds=20_000)
    share = (labels[0, :, 0] == labels[0, :, 1]).double().mean()
    expected = 1 / bucket_count(factors)
    assert abs(share - expected) < 5 * (expected / 20_000) ** 0.5


def test_closer_directions_collide_more_often():
    angles = torch.tensor([0.0, 0.2, 0.6, 1.2, 2.0, torch.pi])
    labels, _ = hashed(torch.stack([angles.cos(), angles.sin()], -1)[None], (8,), rounds=5000)
    shares = (labels[0] == labels[0, :, :1]).double().mean(0)
    assert shares[0] == 1
    assert shares[-1] == 0
    assert (shares.diff() < 0).all()


def test_one_rotation_may_serve_all_heads():
    x = torch.randn(1, 40, 8).expand(3, -1, -1)
    _, rotations = hashed(x[:1], (8,), rounds=2)
    labels = angular_hash(x, rotations, (8,), lambda: None)
    assert torch.equal(labels[0], labels[2])


def test_one_bucket_needs_no_hash():
    labels, rotations = hashed(torch.randn(2, 7, 4), ())
    assert rotations.shape == (2, 1, 4, 0)
    assert (labels == 0).all()


def test_rotations_that_do_not_fit_are_refused():
    x = torch.randn(2, 7, 4)
    with pytest.raises(ValueError, match=r"expected rotations \[2 or 1, rounds, 4, 4\].*got \[2, 1, 4, 3\]"):
        angular_hash(x, torch.randn(2, 1, 4, 3), (8,), lambda: None)
