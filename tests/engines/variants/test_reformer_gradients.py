"""Reformer's gradients against autograd through its definition written out; their memory."""

from __future__ import annotations

import pytest
import torch

import engines.bucket_chunks as bucket_chunks
from engines.variant import Inputs, Mask
from engines.variants.reformer import VARIANT
from tests.engines.variants.test_reformer import BOTH, cast, definition, drawn, peak_bytes, run, with_rotations


def check(inputs: Inputs, mask: Mask, dtype: torch.dtype = torch.float64, **values: object) -> None:
    """Of a weighted sum of the output, so that every number of it counts."""
    parameters = VARIANT.parameters(**values)
    inputs = cast(with_rotations(inputs, parameters), dtype)
    counts = torch.randn(inputs.v.shape, generator=torch.Generator().manual_seed(9)).to(dtype)
    found = []
    for attention in (run, definition):
        given = Inputs(inputs.q.clone().requires_grad_(), inputs.k, inputs.v.clone().requires_grad_(), 0, inputs.extras)
        output = attention(given, parameters, mask)[0]
        found.append((output.detach(), *torch.autograd.grad((output * counts).sum(), (given.q, given.v))))
    tolerance = 1e-9 if dtype == torch.float64 else 5e-5
    for mine, expected in zip(*found, strict=True):
        assert mine.dtype == dtype
        assert (mine - expected).abs().max() <= tolerance * max(1.0, float(expected.abs().max()))


@BOTH
@pytest.mark.parametrize("pairs", [200, 1 << 19], ids=["cut", "whole"])
@pytest.mark.parametrize("length", [1, 2, 7, 33, 61])
@pytest.mark.parametrize(
    "values", [{}, {"rounds": 1}, {"correction": False, "score_scale": "1"}, {"ring": True, "buckets": 2, "rounds": 3}]
)
def test_the_definition(monkeypatch, values, length, causal, pairs):
    monkeypatch.setattr(bucket_chunks, "PAIRS_AT_ONCE", pairs)
    check(drawn(length, heads=3, spread=0.2, seed=length), Mask(causal), chunk_length=8, **values)


@BOTH
def test_chunks_cut_into_rows(monkeypatch, causal):
    monkeypatch.setattr(bucket_chunks, "PAIRS_AT_ONCE", 50)
    check(drawn(50, spread=0.2), Mask(causal), chunk_length=16)


@BOTH
@pytest.mark.parametrize("dtype", [torch.float64, torch.float32])
def test_padding(causal, dtype):
    inputs = drawn(45, batch=5, spread=0.4)
    check(inputs, Mask(causal, key_lengths=(31, 45, 16, 1, 0)), dtype, chunk_length=8)


def test_tokens_alone_in_their_buckets():
    check(drawn(16), Mask(), chunk_length=2, buckets=4096, rounds=2)


def test_of_the_values_alone():
    parameters = VARIANT.parameters(chunk_length=8)
    inputs = with_rotations(drawn(30), parameters)
    inputs.v.requires_grad_()
    run(inputs, parameters, Mask(True))[0].sum().backward()
    assert inputs.q.grad is None
    torch.testing.assert_close(inputs.v.grad.sum().item(), float(inputs.v.numel()))  # a query hands out 1 in all


def test_the_zero_vector_gives_numbers():
    inputs = drawn(20)
    inputs.q[:, :, 3] = 0
    inputs.q.requires_grad_()
    run(inputs, VARIANT.parameters(chunk_length=8), Mask())[0].sum().backward()
    assert inputs.q.grad.isfinite().all()


def test_the_same_output_with_gradients_and_without():
    parameters = VARIANT.parameters(chunk_length=8)
    inputs = with_rotations(drawn(50), parameters)
    without, _ = run(inputs, parameters, Mask(True))
    inputs.q.requires_grad_()
    assert torch.equal(run(inputs, parameters, Mask(True))[0], without)


def both_passes(length: int) -> int:
    """The most bytes held at once."""
    inputs = cast(drawn(length, heads=2, width=64), torch.float32)
    inputs.q.requires_grad_()
    parameters = VARIANT.parameters(chunk_length=64, buckets=length // 64)
    return peak_bytes(lambda: VARIANT.attend(inputs, parameters, Mask(True))[0].sum().backward())


def test_memory_grows_linearly():
    small, large = both_passes(8192), both_passes(16384)
    assert small < 128 * 2**20
    assert large <= 2.05 * small
