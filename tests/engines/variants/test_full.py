"""Full attention, textbook and fused, with keys of its own or shared, against its formula."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from engines.problems import Problem
from engines.trace import Pairs, Trace
from engines.variant import Inputs, Mask, Shape
from engines.variants.full import VARIANT
from engines.variants.reformer import VARIANT as REFORMER
from tests.engines.backward_memory import backward_peak
from tests.engines.plain_attention import allowed, plain_attention

TOLERANCE = {torch.float64: 1e-9, torch.float32: 2e-5}


def drawn(queries: int, keys: int, batch: int = 1, heads: int = 2, seed: int = 0) -> list[torch.Tensor]:
    generator = torch.Generator().manual_seed(seed)
    lengths = (queries, keys, keys)
    return [torch.randn(batch, heads, n, 16, generator=generator, dtype=torch.float64) for n in lengths]


def kept_by(mask: Mask, queries: int, keys: int, shared: bool) -> torch.Tensor:
    """Allowed pairs; of shared queries and keys those with another token, and with itself where there is no other."""
    pairs = allowed(mask, queries, keys)
    if not shared:
        return pairs
    others = pairs & ~torch.eye(queries, dtype=torch.bool)
    return torch.where(others.any(-1, keepdim=True), others, pairs)


def plain(
    q: torch.Tensor, k: torch.Tensor, v: torch.Tensor, mask: Mask, shared: bool
) -> tuple[torch.Tensor, torch.Tensor]:
    if shared:
        k = torch.stack([token / token.norm() for token in q.reshape(-1, q.shape[-1])]).view_as(q)
    return plain_attention(q, k, v, kept_by(mask, q.shape[2], k.shape[2], shared))


def check(
    q: torch.Tensor, k: torch.Tensor, v: torch.Tensor, mask: Mask, how: str, dtype: torch.dtype, shared: bool = False
) -> None:
    trace = Trace()
    inputs = Inputs(q.to(dtype), k.to(dtype), v.to(dtype))
    parameters = VARIANT.parameters(implementation=how, shared_qk=shared)
    output, state = VARIANT.attend(inputs, parameters, mask, record=trace)
    expected, normaliser = plain(q, k, v, mask, shared)
    torch.testing.assert_close(output.double(), expected, rtol=0, atol=TOLERANCE[dtype])
    torch.testing.assert_close(trace["softmax"].normaliser.double(), normaliser[0], rtol=0, atol=TOLERANCE[dtype])
    assert state is None


BOTH = pytest.mark.parametrize("how", ["fused", "textbook"])
CAUSAL = pytest.mark.parametrize("causal", [False, True])
SHARED = pytest.mark.parametrize("shared", [False, True], ids=["own keys", "shared QK"])
PADDINGS = [(50, 31, 1, 0), (0, 50, 50, 2), (7, 7, 7, 7)]


@BOTH
@CAUSAL
@SHARED
@pytest.mark.parametrize("dtype", [torch.float64, torch.float32])
@pytest.mark.parametrize("length", [1, 2, 8, 63, 301])
def test_the_formula(length, dtype, shared, causal, how):
    check(*drawn(length, length, heads=1 + length % 3, seed=length), Mask(causal), how, dtype, shared)


@BOTH
@CAUSAL
@pytest.mark.parametrize(
    ("queries", "keys", "offset"), [(40, 100, 60), (1, 100, 99), (100, 40, 0), (70, 90, 11), (30, 20, 50), (30, 40, -9)]
)
def test_other_queries_than_keys(queries, keys, offset, causal, how):
    check(*drawn(queries, keys), Mask(causal, query_offset=offset), how, torch.float64)


@BOTH
@CAUSAL
@SHARED
@pytest.mark.parametrize("lengths", PADDINGS)
def test_padding(lengths, shared, causal, how):
    check(*drawn(50, 50, batch=4), Mask(causal, key_lengths=lengths), how, torch.float64, shared)


@BOTH
@CAUSAL
def test_padding_before_an_offset_and_behind_it(causal, how):
    check(*drawn(70, 90, batch=3), Mask(causal, key_lengths=(90, 44, 12), query_offset=20), how, torch.float64)


@BOTH
@CAUSAL
@SHARED
@pytest.mark.parametrize(("lengths", "offset"), [(None, 0), ((23, 9, 0), 0), ((23, 9, 1), 4), (None, -3)])
def test_gradients_are_those_of_the_formula(lengths, offset, shared, causal, how):
    if shared and offset:
        offset = 0
    mask = Mask(causal, key_lengths=lengths, query_offset=offset)
    given = [each.requires_grad_() for each in drawn(23, 23, batch=3, seed=4)]
    parameters = VARIANT.parameters(implementation=how, shared_qk=shared)
    output, _ = VARIANT.attend(Inputs(*given), parameters, mask)
    towards = torch.randn(output.shape, generator=torch.Generator().manual_seed(1), dtype=torch.float64)
    expected, _ = plain(*given, mask, shared)
    pulled = [torch.autograd.grad((each * towards).sum(), given, allow_unused=True) for each in (output, expected)]
    for ours, theirs in zip(*pulled, strict=True):
        assert (ours is None) == (theirs is None)
        if ours is not None:
            torch.testing.assert_close(ours, theirs, rtol=0, atol=1e-9)


def test_a_zero_query_has_a_zero_key():
    q, k, v = drawn(9, 9)
    q[:, :, 4] = 0
    q.requires_grad_()
    parameters = VARIANT.parameters(shared_qk=True)
    output, _ = VARIANT.attend(Inputs(q, k, v), parameters, Mask())
    torch.testing.assert_close(output[:, :, 4], (v.sum(2) - v[:, :, 4]) / 8, rtol=0, atol=1e-12)
    output.sum().backward()
    assert q.grad.isfinite().all()


@CAUSAL
@SHARED
def test_fused_memory_is_linear_backward_too(shared, causal):
    parameters = VARIANT.parameters(shared_qk=shared)
    short, long = (backward_peak(VARIANT, parameters, length, causal) for length in (4096, 8192))
    assert short < long <= 2.2 * short


@CAUSAL
@pytest.mark.parametrize("length", [1, 2, 37])
def test_reformer_with_one_bucket_and_one_chunk_is_shared_qk(length, causal):
    inputs, mask = Inputs(*drawn(length, length, batch=2, seed=7)), Mask(causal)
    reformer = REFORMER.parameters(buckets=1, chunk_length=64, rounds=1)
    expected, _ = REFORMER.attend(inputs, reformer, mask, generator=torch.Generator().manual_seed(0))
    output, _ = VARIANT.attend(inputs, VARIANT.parameters(shared_qk=True), mask)
    torch.testing.assert_close(output, expected, rtol=0, atol=1e-12)


@CAUSAL
@pytest.mark.parametrize("length", [1, 2, 3, 41])
def test_pattern_and_weights_of_shared_qk(length, causal):
    trace, parameters = Trace(), VARIANT.parameters(shared_qk=True)
    inputs, mask = Inputs(*drawn(length, length, seed=length)), Mask(causal)
    output, _ = VARIANT.attend(inputs, parameters, mask, record=trace)
    shape = Shape(length, length, heads=2, head_width=16, head=1, causal=causal)
    pattern, every = VARIANT.pattern(shape, parameters), np.arange(length)
    kept = pattern.kept(every, every)
    np.testing.assert_array_equal(kept, kept_by(mask, length, length, True)[0, 0])
    assert pattern.count() == VARIANT.computed_pairs(shape, parameters) == kept.sum()
    assert pattern.reason(0, 0) == ("self" if causal or length == 1 else "")
    np.testing.assert_allclose(pattern.coverage(np.arange(length + 1), np.arange(length + 1)), kept)
    assert isinstance(trace["scores"], Pairs)
    assert set(pattern.pieces) <= set(trace["scores"].pieces)
    positions = torch.arange(length)
    weights = VARIANT.weights(inputs, parameters, trace.steps, 1, positions, positions) * torch.from_numpy(kept)
    torch.testing.assert_close(weights @ inputs.v[0, 1], output[0, 1], rtol=0, atol=1e-9)


def test_shared_qk_wants_the_same_queries_as_keys():
    parameters = VARIANT.parameters(shared_qk=True)
    for queries, keys, offset in ((5, 9, 0), (5, 5, 2)):
        with pytest.raises(Problem, match="its queries are its keys"):
            VARIANT.attend(Inputs(*drawn(queries, keys)), parameters, Mask(True, query_offset=offset))


def counted(causal: bool, **settings: object) -> int:
    return VARIANT.computed_pairs(Shape(100, 100, causal=causal), VARIANT.parameters(**settings))


def test_the_textbook_computes_what_it_masks():
    assert counted(True) == 5050
    assert counted(True, implementation="textbook") == counted(False) == 10000
    assert counted(True, shared_qk=True) == 4951
    assert counted(False, shared_qk=True) == 9900


def test_the_work_of_causal_is_half_and_textbook_holds_the_scores():
    open_, causal = Shape(1000, 1000, causal=False), Shape(1000, 1000, causal=True)
    fused, textbook = VARIANT.parameters(), VARIANT.parameters(implementation="textbook")
    assert VARIANT.cost(open_, fused).flops == 2 * VARIANT.cost(causal, fused).flops == 4 * 1000 * 1000 * 64
    assert VARIANT.cost(open_, textbook).resident_bytes - VARIANT.cost(open_, fused).resident_bytes == 8 * 1000 * 1000


def test_an_unknown_implementation_is_refused():
    with pytest.raises(Problem, match="one of fused, textbook"):
        VARIANT.parameters(implementation="fast")
