"""Attention sinks against their definition written out over all pairs."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import Tensor

from engines import windowed
from engines.problems import Problem
from engines.trace import Trace
from engines.variant import Inputs, Mask, Shape
from engines.variants import attention_sinks
from engines.variants.attention_sinks import VARIANT
from engines.variants.full import VARIANT as FULL
from tests.engines.backward_memory import backward_peak
from tests.engines.plain_attention import allowed, plain_attention

TOLERANCE = {torch.float64: 1e-9, torch.float32: 2e-5}


def kept_pairs(sinks: int, window: int, mask: Mask, queries: int, keys: int) -> Tensor:
    query, key = torch.arange(queries)[:, None] + mask.query_offset, torch.arange(keys)
    return ((key < sinks) | (key > query - window)) & allowed(mask, queries, keys)


def drawn(
    queries: int, keys: int | None = None, batch: int = 1, heads: int = 2, dtype: torch.dtype = torch.float64
) -> Inputs:
    generator = torch.Generator().manual_seed(queries)
    sizes = (queries, keys or queries, keys or queries)
    return Inputs(*(torch.randn(batch, heads, n, 8, generator=generator, dtype=torch.float64).to(dtype) for n in sizes))


def check(inputs: Inputs, mask: Mask, sinks: int, window: int) -> None:
    trace = Trace()
    output, _ = VARIANT.attend(inputs, VARIANT.parameters(sinks=sinks, window=window), mask, record=trace)
    kept = kept_pairs(sinks, window, mask, inputs.q.shape[2], inputs.k.shape[2])
    expected, normaliser = plain_attention(inputs.q, inputs.k, inputs.v, kept)
    tolerance = TOLERANCE[inputs.q.dtype]
    assert (output.double() - expected).abs().max() <= tolerance
    recorded = trace["softmax"].normaliser.double()
    torch.testing.assert_close(recorded, normaliser[0].expand_as(recorded), rtol=0, atol=tolerance)


SIZES = pytest.mark.parametrize(("sinks", "window"), [(4, 32), (0, 5), (1, 1), (7, 1), (40, 3), (3, 500), (600, 2)])


@SIZES
@pytest.mark.parametrize("dtype", [torch.float64, torch.float32])
@pytest.mark.parametrize("length", [1, 2, 5, 33, 130, 301])
def test_the_definition(length, dtype, sinks, window):
    check(drawn(length, dtype=dtype), Mask(True), sinks, window)


@SIZES
def test_the_definition_over_several_tiles(monkeypatch, sinks, window):
    monkeypatch.setattr(attention_sinks, "ROWS_AT_ONCE", 16)
    monkeypatch.setattr(windowed, "ROWS_AT_ONCE", 64)
    check(drawn(211, heads=3), Mask(True), sinks, window)


@SIZES
def test_padding(sinks, window):
    check(drawn(90, batch=4), Mask(True, key_lengths=(90, 61, 1, 0)), sinks, window)


@SIZES
@pytest.mark.parametrize(("queries", "keys", "offset"), [(40, 100, 60), (1, 100, 99), (100, 40, 0), (70, 90, 11)])
def test_other_queries_than_keys(queries, keys, offset, sinks, window):
    check(drawn(queries, keys), Mask(True, query_offset=offset), sinks, window)


@SIZES
@pytest.mark.parametrize("length", [1, 9, 120])
def test_the_pattern_is_the_definition(length, sinks, window):
    parameters, every = VARIANT.parameters(sinks=sinks, window=window), np.arange(length)
    pattern = VARIANT.pattern(Shape(length, length), parameters)
    kept = kept_pairs(sinks, window, Mask(True), length, length)[0, 0].numpy()
    assert (pattern.kept(every, every) == kept).all()
    assert pattern.count() == kept.sum() <= VARIANT.computed_pairs(Shape(length, length), parameters)
    assert sum(pattern.only([name]).count() for name in pattern.pieces) == pattern.count()


def test_a_window_as_long_as_the_text_equals_full():
    inputs = drawn(120)
    output, _ = VARIANT.attend(inputs, VARIANT.parameters(window=120), Mask(True))
    torch.testing.assert_close(output, FULL.attend(inputs, FULL.parameters(), Mask(True))[0], rtol=0, atol=1e-12)


def test_what_is_held_for_the_next_token_stops_growing():
    parameters = VARIANT.parameters(sinks=4, window=1020)
    held = [VARIANT.state_bytes(Shape(n, n, heads=8), parameters) for n in (100, 1024, 4096, 1 << 20)]
    assert held == [2 * n * 8 * 64 * 4 for n in (100, 1024, 1024, 1024)]


@SIZES
def test_gradients(sinks, window):
    mask = Mask(True, key_lengths=(90, 61), query_offset=3)
    inputs = drawn(87, 90, batch=2)
    tensors = [x.requires_grad_() for x in (inputs.q, inputs.k, inputs.v)]
    output, _ = VARIANT.attend(inputs, VARIANT.parameters(sinks=sinks, window=window), mask)
    through = torch.randn(output.shape, generator=torch.Generator().manual_seed(1), dtype=torch.float64)
    expected, _ = plain_attention(*tensors, kept_pairs(sinks, window, mask, 87, 90))
    wanted = torch.autograd.grad(expected, tensors, through)
    for mine, theirs in zip(torch.autograd.grad(output, tensors, through), wanted, strict=True):
        torch.testing.assert_close(mine, theirs, rtol=0, atol=1e-9)


def test_backward_allocates_in_proportion_to_the_length():
    short, long = (backward_peak(VARIANT, VARIANT.parameters(), length) for length in (8192, 16384))
    assert short < long <= 2.2 * short


def test_looking_ahead_is_refused_with_the_reason():
    with pytest.raises(Problem, match="still growing"):
        VARIANT.attend(drawn(8), VARIANT.parameters(), Mask())


@pytest.mark.parametrize("settings", [{"sinks": -1}, {"sinks": 10**9}, {"window": 0}, {"window": "wide"}])
def test_absurd_parameters_are_refused(settings):
    with pytest.raises(Problem):
        VARIANT.parameters(**settings)
