"""The fused kernel, its log-sum-exp and its gradients against the plain formula; merging against the union."""

from __future__ import annotations

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from engines.fused import fused_attention, fused_attention_gradients, merge
from tests.engines.plain_attention import plain_attention

DEVICES = ["cpu", *(["cuda"] if torch.cuda.is_available() else [])]
TOLERANCE = {torch.float64: 1e-12, torch.float32: 2e-5}


def drawn(queries: int, keys: int, seed: int = 0, heads: int = 3, width: int = 16) -> list[torch.Tensor]:
    generator = torch.Generator().manual_seed(seed)
    lengths = (queries, keys, keys)
    return [torch.randn(2, heads, n, width, generator=generator, dtype=torch.float64) for n in lengths]


def bias_of(kept: torch.Tensor) -> torch.Tensor:
    return torch.zeros(kept.shape, dtype=torch.float64).masked_fill(~kept, float("-inf"))


def assert_same(found: tuple[torch.Tensor, torch.Tensor], expected: tuple[torch.Tensor, torch.Tensor], atol: float):
    for ours, plain in zip(found, expected, strict=True):
        torch.testing.assert_close(ours.cpu().double(), plain, rtol=0, atol=atol)


@pytest.mark.parametrize("dtype", [torch.float64, torch.float32])
@pytest.mark.parametrize(("queries", "keys"), [(1, 1), (1, 9), (8, 8), (33, 70), (257, 600)])
@pytest.mark.parametrize("kind", ["open", "causal", "bias"])
@pytest.mark.parametrize("device", DEVICES)
def test_output_and_log_sum_exp(device, kind, queries, keys, dtype):
    if device == "cuda" and dtype == torch.float64:
        dtype = torch.float32  # the kernel there has no float64
    q, k, v = drawn(queries, keys)
    kept = torch.ones(queries, keys, dtype=torch.bool)
    if kind == "causal":
        kept = kept.tril()
    if kind == "bias":
        kept = torch.rand(2, 1, queries, keys, generator=torch.Generator().manual_seed(1)) < 0.4
        kept[..., 0] = True
    bias = bias_of(kept).to(device, dtype) if kind == "bias" else None
    found = fused_attention(*(x.to(device, dtype) for x in (q, k, v)), bias, causal=kind == "causal")
    assert_same(found, plain_attention(q, k, v, kept), TOLERANCE[dtype])


@pytest.mark.parametrize("queries", [1, 8, 33])
def test_a_scale_of_ones_own(queries):
    q, k, v = drawn(queries, 20)
    kept = torch.ones(queries, 20, dtype=torch.bool)
    assert_same(fused_attention(q, k, v, scale=1.0), plain_attention(4 * q, k, v, kept), 1e-12)


def test_overlapping_strided_views_are_read_in_place():
    q, k, v = (x[0] for x in drawn(64, 96))
    blocks = [x.unfold(1, 48, 16).transpose(-1, -2) for x in (k, v)]
    output, z = fused_attention(q.unflatten(1, (4, 16)), blocks[0], blocks[1])
    for block in range(4):
        here, there = slice(16 * block, 16 * block + 16), slice(16 * block, 16 * block + 48)
        expected = plain_attention(q[None, :, here], k[None, :, there], v[None, :, there], torch.ones(16, 48).bool())
        assert_same((output[None, :, block], z[None, :, block]), expected, 1e-12)


@settings(max_examples=25)
@given(st.integers(0, 2**31), st.integers(1, 30), st.integers(1, 30))
def test_parts_over_disjoint_keys_merge_into_the_whole(seed, first, second):
    q, k, v = drawn(7, first + second, seed)
    parts = [fused_attention(q, k[:, :, part], v[:, :, part]) for part in (slice(0, first), slice(first, None))]
    kept = torch.ones(7, first + second, dtype=torch.bool)
    assert_same(merge(*parts), plain_attention(q, k, v, kept), 1e-12)


def test_merging_with_no_keys_changes_nothing():
    q, k, v = drawn(5, 9)
    part = fused_attention(q, k, v)
    nothing = (torch.zeros_like(part[0]), torch.full_like(part[1], float("-inf")))
    assert_same(merge(part, nothing), part, 0)
    assert_same(merge(nothing, part), part, 0)
    assert_same(merge(nothing, nothing), nothing, 0)


@settings(max_examples=25)
@given(st.integers(0, 2**31), st.integers(1, 12), st.integers(1, 12))
def test_gradients_through_a_part_of_a_softmax(seed, first, second):
    q, k, v = (x.requires_grad_() for x in drawn(6, first + second, seed))
    output, z = plain_attention(q, k, v, torch.ones(6, first + second, dtype=torch.bool))
    grad = torch.randn(output.shape, generator=torch.Generator().manual_seed(2), dtype=torch.float64)
    expected = torch.autograd.grad(output, (q, k, v), grad)
    into_q = torch.zeros_like(q)
    for part in (slice(0, first), slice(first, None)):
        with torch.no_grad():
            gradients = fused_attention_gradients(grad, q, k[:, :, part], v[:, :, part], output, z)
        into_q += gradients[0]
        torch.testing.assert_close(gradients[1], expected[1][:, :, part], rtol=0, atol=1e-10)
        torch.testing.assert_close(gradients[2], expected[2][:, :, part], rtol=0, atol=1e-10)
    torch.testing.assert_close(into_q, expected[0], rtol=0, atol=1e-10)
