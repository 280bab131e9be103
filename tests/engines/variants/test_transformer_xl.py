"""Transformer-XL against its definition written out over all pairs."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from engines import segmented
from engines.host_model import HostLayer
from engines.problems import Problem
from engines.relative_positions import sinusoids
from engines.trace import Pairs, Segments, Trace
from engines.variant import Inputs, Mask, Shape, State
from engines.variants.full import VARIANT as FULL
from engines.variants.transformer_xl import RELATIVE, VARIANT
from tests.engines.plain_attention import allowed, plain_attention

TOLERANCE = {torch.float64: 1e-9, torch.float32: 2e-5}
CAUSAL = Mask(causal=True)


def drawn(
    length: int, batch: int = 1, heads: int = 2, width: int = 8, seed: int = 0, relative: bool = True,
    dtype: torch.dtype = torch.float64, keys: int | None = None,
) -> Inputs:  # fmt: skip
    generator = torch.Generator().manual_seed(seed + 1000 * length)
    keys = keys or length

    def draw(*size: int) -> Tensor:
        return torch.randn(size, generator=generator, dtype=torch.float64).to(dtype)

    extras = {}
    if relative:
        extras = dict(
            zip(RELATIVE, (draw(heads, keys + 1, width), draw(heads, width), draw(heads, width)), strict=True)
        )
    size = (batch, heads)
    return Inputs(draw(*size, length, width), draw(*size, keys, width), draw(*size, keys, width), extras=extras)


def definition(inputs: Inputs, segment: int, memory: int, mask: Mask = CAUSAL) -> tuple[Tensor, Tensor]:
    """All scores by their formula; keys and values from before a query's segment without gradient."""
    q, k, v = inputs.q.double(), inputs.k.double(), inputs.v.double()
    queries, keys = q.shape[2], k.shape[2]
    query, key = torch.arange(queries)[:, None] + mask.query_offset, torch.arange(keys)[None]
    start = query - query % segment
    kept = allowed(mask, queries, keys) & (key >= start - memory)
    cached = (key < start)[None, None, :, :, None]
    each_k = torch.where(cached, k.detach()[:, :, None], k[:, :, None])  # batch, head, query, key, feature
    each_v = torch.where(cached, v.detach()[:, :, None], v[:, :, None])
    if inputs.extras:
        r, u, w = (inputs.extras[name].double() for name in RELATIVE)
        distance = (query - key).clamp(0, r.shape[1] - 1)
        content = torch.einsum("bhid,bhijd->bhij", q + u[None, :, None], each_k)
        position = torch.einsum("bhid,hijd->bhij", q + w[None, :, None], r[:, distance])
        scores = (content + position) / q.shape[-1] ** 0.5
    else:
        scores = torch.einsum("bhid,bhijd->bhij", q, each_k) / q.shape[-1] ** 0.5
    weights = torch.where(kept, scores.exp(), 0.0)
    total = weights.sum(-1)
    output = torch.einsum("bhij,bhijd->bhid", weights, each_v) / torch.where(total == 0, 1.0, total)[..., None]
    return output, total.log()


def check(inputs: Inputs, segment: int, memory: int, mask: Mask = CAUSAL) -> None:
    trace, parameters = Trace(), VARIANT.parameters(segment=segment, memory=memory)
    output, _ = VARIANT.attend(inputs, parameters, mask, record=trace)
    expected, normaliser = definition(inputs, segment, memory, mask)
    tolerance = TOLERANCE[inputs.q.dtype]
    torch.testing.assert_close(output.double(), expected, rtol=0, atol=tolerance)
    torch.testing.assert_close(trace["softmax"].normaliser.double(), normaliser[0], rtol=0, atol=tolerance)


either = pytest.mark.parametrize("relative", [True, False], ids=["relative", "rotary"])
SIZES = [(1, 0), (1, 3), (4, 4), (5, 12), (16, 16), (16, 7), (40, 0), (64, 200), (300, 20)]


@either
@pytest.mark.parametrize("dtype", [torch.float64, torch.float32])
@pytest.mark.parametrize(("segment", "memory"), SIZES)
@pytest.mark.parametrize("length", [1, 2, 17, 64, 151])
def test_the_definition(length, segment, memory, dtype, relative):
    check(drawn(length, dtype=dtype, relative=relative), segment, memory)


@either
@pytest.mark.parametrize(("segment", "memory"), [(100, 50), (33, 70), (7, 150)])
def test_the_definition_in_small_blocks(monkeypatch, segment, memory, relative):
    monkeypatch.setattr(segmented, "BLOCK", 24)
    monkeypatch.setattr(segmented, "ROWS_AT_ONCE", 60)
    monkeypatch.setattr(segmented, "VALUES_AT_ONCE", 5000)
    check(drawn(211, heads=3, relative=relative), segment, memory)


@settings(max_examples=60, deadline=None)
@given(
    st.integers(1, 90), st.integers(1, 100), st.integers(0, 120), st.sampled_from([1, 3, 8]), st.integers(0, 99),
    st.booleans(),
)  # fmt: skip
def test_the_definition_anywhere(length, segment, memory, heads, seed, relative):
    check(drawn(length, heads=heads, seed=seed, relative=relative, width=4), segment, memory)


@either
@pytest.mark.parametrize(("segment", "memory"), [(16, 16), (64, 10), (9, 100)])
def test_padding(segment, memory, relative):
    mask = Mask(True, key_lengths=(80, 33, 1, 0))
    check(drawn(80, batch=4, relative=relative), segment, memory, mask)


@either
@pytest.mark.parametrize(("segment", "memory"), [(16, 16), (64, 10), (9, 100)])
@pytest.mark.parametrize(("queries", "keys", "offset"), [(40, 100, 60), (1, 90, 89), (70, 90, 11), (80, 40, 0)])
def test_other_queries_than_keys(queries, keys, offset, segment, memory, relative):
    inputs = drawn(queries, keys=keys, relative=relative)
    if relative:  # queries past the last key are further from it than there are keys
        key = torch.randn(2, 130, 8, dtype=torch.float64, generator=torch.Generator().manual_seed(1))
        inputs = replace(inputs, extras={**inputs.extras, "relative_key": key})
    check(inputs, segment, memory, Mask(True, query_offset=offset))


def test_strided_inputs():
    whole = torch.randn(1, 64, 2, 16, dtype=torch.float64).transpose(1, 2)
    spread = torch.randn(1, 2, 16, 64, dtype=torch.float64).transpose(2, 3)
    check(Inputs(whole, spread, whole), 16, 16)


@either
@pytest.mark.parametrize(("segment", "memory"), [(8, 200), (64, 64), (200, 0)])
def test_a_memory_of_all_that_came_before_is_the_whole_attention(segment, memory, relative):
    """Relative: every pair at its distance. Rotary: full causal attention."""
    inputs = drawn(97, relative=relative)
    output, _ = VARIANT.attend(inputs, VARIANT.parameters(segment=segment, memory=memory), CAUSAL)
    scores = None
    if relative:
        r, u, w = (inputs.extras[name] for name in RELATIVE)
        far = torch.arange(97)[:, None] - torch.arange(97)
        position = torch.einsum("bhid,hijd->bhij", inputs.q + w[:, None], r[:, far.clamp(min=0)])
        scores = ((inputs.q + u[:, None]) @ inputs.k.transpose(-1, -2) + position) / 8**0.5
    whole, _ = plain_attention(inputs.q, inputs.k, inputs.v, torch.ones(97, 97).tril().bool(), scores)
    if memory >= 97 or segment >= 97:
        torch.testing.assert_close(output, whole, rtol=0, atol=1e-9)
        if not relative:
            full, _ = FULL.attend(inputs, FULL.parameters(), CAUSAL)
            torch.testing.assert_close(output, full, rtol=0, atol=1e-9)
    else:
        torch.testing.assert_close(output[:, :, :64], whole[:, :, :64], rtol=0, atol=1e-9)


def part(inputs: Inputs, start: int, stop: int) -> Inputs:
    q, k, v = (x[:, :, start:stop] for x in (inputs.q, inputs.k, inputs.v))
    return replace(inputs, q=q, k=k, v=v)


@either
@pytest.mark.parametrize(
    ("segment", "memory", "at_once"), [(16, 16, 1), (16, 40, 2), (10, 3, 1), (10, 0, 3), (7, 500, 1)]
)
def test_segment_by_segment_with_state_equals_one_call(segment, memory, at_once, relative):
    inputs, parameters = drawn(101, batch=2, relative=relative), VARIANT.parameters(segment=segment, memory=memory)
    whole, last = VARIANT.attend(inputs, parameters, CAUSAL)
    state: State | None = None
    parts = []
    for start in range(0, 101, segment * at_once):
        output, state = VARIANT.attend(part(inputs, start, start + segment * at_once), parameters, CAUSAL, state)
        assert state.tensors["key"].shape[2] <= memory
        parts.append(output)
    torch.testing.assert_close(torch.cat(parts, 2), whole, rtol=0, atol=1e-12)
    for name in ("key", "value"):
        torch.testing.assert_close(state.tensors[name], last.tensors[name], rtol=0, atol=0)


@pytest.mark.parametrize(("segment", "memory"), [(16, 16), (10, 25), (64, 64)])
def test_gradients_segment_by_segment_are_those_of_one_call(segment, memory):
    inputs, parameters = drawn(64), VARIANT.parameters(segment=segment, memory=memory)
    leaves = leaves_of(inputs)
    seed = torch.randn(inputs.q.shape, dtype=torch.float64, generator=torch.Generator().manual_seed(2))
    whole = torch.autograd.grad((VARIANT.attend(inputs, parameters, CAUSAL)[0] * seed).sum(), leaves)
    state, parts = None, []
    for start in range(0, 64, segment):
        output, state = VARIANT.attend(part(inputs, start, start + segment), parameters, CAUSAL, state)
        assert not state.tensors["key"].requires_grad
        parts.append(output)
    for ours, one in zip(torch.autograd.grad((torch.cat(parts, 2) * seed).sum(), leaves), whole, strict=True):
        torch.testing.assert_close(ours, one, rtol=0, atol=1e-11)


def leaves_of(inputs: Inputs) -> list[Tensor]:
    leaves = [inputs.q, inputs.k, inputs.v, *inputs.extras.values()]
    for leaf in leaves:
        leaf.requires_grad_()
    return leaves


@either
@pytest.mark.parametrize(("segment", "memory"), [(1, 2), (8, 8), (8, 60), (30, 10), (70, 0)])
def test_gradients(monkeypatch, segment, memory, relative):
    monkeypatch.setattr(segmented, "BLOCK", 16)
    monkeypatch.setattr(segmented, "VALUES_AT_ONCE", 3000)
    inputs = drawn(70, batch=2, relative=relative)
    leaves, mask = leaves_of(inputs), Mask(True, key_lengths=(70, 41))
    seed = torch.randn(inputs.q.shape, dtype=torch.float64, generator=torch.Generator().manual_seed(1))
    output, _ = VARIANT.attend(inputs, VARIANT.parameters(segment=segment, memory=memory), mask)
    found = torch.autograd.grad((output * seed).sum(), leaves)
    expected = torch.autograd.grad((definition(inputs, segment, memory, mask)[0] * seed).sum(), leaves)
    for ours, plain in zip(found, expected, strict=True):
        torch.testing.assert_close(ours, plain, rtol=0, atol=1e-9)


def test_no_gradient_reaches_the_cached_states():
    inputs = drawn(32)
    leaves_of(inputs)
    output, _ = VARIANT.attend(inputs, VARIANT.parameters(segment=16, memory=16), CAUSAL)
    output[:, :, 16:].sum().backward()
    assert inputs.v.grad[:, :, :16].abs().max() == 0
    assert inputs.k.grad[:, :, :16].abs().max() == 0
    assert inputs.v.grad[:, :, 16:].abs().max() > 0
    assert inputs.extras["relative_key"].grad[:, 17:32].abs().max() > 0


def backward_peak(length: int) -> int:
    inputs = drawn(length, heads=1, dtype=torch.float32)
    leaves = leaves_of(inputs)
    output, _ = VARIANT.attend(inputs, VARIANT.parameters(segment=64, memory=64), CAUSAL)
    with torch.profiler.profile(activities=[torch.profiler.ProfilerActivity.CPU], profile_memory=True) as profile:
        torch.autograd.grad(output.sum(), leaves)
    live = peak = 0
    for event in profile.profiler.kineto_results.events():
        if event.name() == "[memory]":
            live += event.nbytes()
            peak = max(peak, live)
    return peak


def test_backward_in_linear_memory():
    short, long = backward_peak(8192), backward_peak(16384)
    assert long <= 2.2 * short
    assert long < 16384 * 16384 / 8


@either
def test_scores_and_weights_are_those_computed(relative):
    inputs, parameters, trace = (
        drawn(150, heads=3, relative=relative),
        VARIANT.parameters(segment=20, memory=30),
        Trace(),
    )
    output, _ = VARIANT.attend(inputs, parameters, CAUSAL, record=trace)
    rows, columns = torch.arange(5, 150), torch.arange(150)
    for head in range(3):
        kept = torch.from_numpy(VARIANT.pattern(Shape(150, 150, head=head), parameters).kept(rows, columns))
        weights = VARIANT.weights(inputs, parameters, trace.steps, head, rows, columns) * kept
        torch.testing.assert_close(weights.sum(-1), torch.ones(145, dtype=torch.float64))
        torch.testing.assert_close(weights @ inputs.v[0, head], output[0, head, 5:])


def test_the_steps_say_what_ran():
    trace = Trace()
    VARIANT.attend(drawn(50), VARIANT.parameters(segment=12, memory=30), CAUSAL, record=trace)
    assert trace["segments"] == Segments(12, 30)
    assert trace["attend"] == Pairs(("segment", "memory"))


@pytest.mark.parametrize(("segment", "memory"), SIZES)
@pytest.mark.parametrize(("queries", "keys"), [(1, 1), (70, 70), (64, 128)])
def test_the_pattern_is_the_definition(queries, keys, segment, memory):
    pattern = VARIANT.pattern(Shape(queries, keys), VARIANT.parameters(segment=segment, memory=memory))
    query, key = np.arange(queries)[:, None] + keys - queries, np.arange(keys)
    start = query - query % segment
    own, cached = (key >= start) & (key <= query), (key >= start - memory) & (key < start)
    np.testing.assert_array_equal(pattern.only(["segment"]).kept(np.arange(queries), key), own)
    np.testing.assert_array_equal(pattern.only(["memory"]).kept(np.arange(queries), key), cached)
    assert pattern.pieces == ("segment", "memory")
    assert pattern.count() == (own | cached).sum()
    assert (
        VARIANT.computed_pairs(Shape(queries, keys), VARIANT.parameters(segment=segment, memory=memory))
        >= (own | cached).sum()
    )


def test_the_reach_grows_by_a_segment_per_layer():
    pattern = VARIANT.pattern(Shape(160, 160), VARIANT.parameters(segment=16, memory=16))
    reached = np.zeros(160, np.bool_)
    reached[0] = True
    for layer in range(1, 6):
        reached = pattern.readers(reached)
        assert reached[: 16 * (layer + 1)].all()
        assert not reached[16 * (layer + 1) :].any()


def test_what_the_next_token_needs():
    shape, parameters = Shape(100, 100, heads=2, head_width=8), VARIANT.parameters(segment=16, memory=32)
    assert VARIANT.state_bytes(shape, parameters) == 2 * (32 + 4) * 2 * 8 * 4
    assert VARIANT.state_bytes(Shape(20, 20, 2, 8), parameters) == 2 * 20 * 2 * 8 * 4


def test_nothing_leaks_from_later_tokens():
    inputs, parameters = drawn(120), VARIANT.parameters(segment=50, memory=20)
    before, _ = VARIANT.attend(inputs, parameters, CAUSAL)
    for tensor in (inputs.q, inputs.k, inputs.v):
        tensor[:, :, 60:] += 1.0
    after, _ = VARIANT.attend(inputs, parameters, CAUSAL)
    torch.testing.assert_close(before[:, :, :60], after[:, :, :60], rtol=0, atol=1e-12)


@pytest.mark.parametrize("values", [{"segment": 0}, {"memory": -1}, {"segment": 2**21}, {"positions": "none"}])
def test_absurd_parameters_are_refused(values):
    with pytest.raises(Problem):
        VARIANT.parameters(**values)


def test_what_it_cannot_do_is_said():
    inputs, parameters = drawn(40), VARIANT.parameters()
    with pytest.raises(Problem, match="cannot run bidirectional"):
        VARIANT.attend(inputs, parameters, Mask())
    some = replace(inputs, extras={"relative_key": inputs.extras["relative_key"]})
    with pytest.raises(Problem, match="content_bias, position_bias too"):
        VARIANT.attend(some, parameters, CAUSAL)
    short = replace(inputs, extras={**inputs.extras, "relative_key": inputs.extras["relative_key"][:, :20]})
    with pytest.raises(Problem, match="32 distances, but has 20"):
        VARIANT.attend(short, parameters, CAUSAL)


def test_untrained_relative_positions_follow_the_generator(random_model):
    layer = HostLayer(random_model.weights, random_model.shape, 1)
    hidden = torch.randn(1, 50, 32, generator=torch.Generator().manual_seed(0))
    parameters = VARIANT.parameters(positions="relative, untrained")
    one, same, other = (
        VARIANT.project(layer, hidden, parameters, torch.Generator().manual_seed(seed)) for seed in (1, 1, 2)
    )
    assert one.extras["relative_key"].shape == (2, 32, 16)
    assert torch.equal(one.extras["relative_key"], same.extras["relative_key"])
    assert not torch.equal(one.extras["relative_key"], other.extras["relative_key"])
    check(one, 16, 16)
    rotary = VARIANT.project(layer, hidden, VARIANT.parameters(), torch.Generator())
    assert not rotary.extras
    assert not torch.equal(one.q, rotary.q)
    torch.testing.assert_close(one.q[:, :, 0], rotary.q[:, :, 0])  # position 0 is not turned


def test_the_tensors_of_weights_that_have_them_are_used(random_model):
    generator = torch.Generator().manual_seed(4)
    stored = {
        "layers.0.relative_key": torch.randn(32, 32, generator=generator),
        "layers.0.content_bias": torch.randn(2, 16, generator=generator),
        "layers.0.position_bias": torch.randn(2, 16, generator=generator),
    }
    layer = HostLayer({**random_model.weights, **stored}, random_model.shape, 0)
    hidden = torch.randn(1, 50, 32, generator=generator)
    inputs = VARIANT.project(layer, hidden, VARIANT.parameters(segment=8, memory=12), torch.Generator())
    assert torch.equal(inputs.extras["content_bias"], stored["layers.0.content_bias"])
    r = sinusoids(torch.arange(20), 32).float() @ stored["layers.0.relative_key"].T
    torch.testing.assert_close(inputs.extras["relative_key"][1], r[:, 16:])
    check(inputs, 8, 12)


def test_random_inputs_with_untrained_positions_run():
    parameters = VARIANT.parameters(positions="relative, untrained")
    inputs = drawn(40, relative=False)
    outputs = [VARIANT.attend(inputs, parameters, CAUSAL, generator=torch.Generator().manual_seed(3))[0] for _ in "ab"]
    assert torch.equal(*outputs)
    assert outputs[0].isfinite().all()


@pytest.mark.parametrize(("segment", "memory"), [(16, 16), (64, 512), (600, 900), (4096, 4096), (3000, 0)])
def test_little_more_than_the_kept_pairs_is_computed(segment, memory):
    shape, parameters = Shape(16384, 16384), VARIANT.parameters(segment=segment, memory=memory)
    kept, computed = VARIANT.pattern(shape, parameters).count(), VARIANT.computed_pairs(shape, parameters)
    whole_rectangle = (memory + segment) / (memory + (segment + 1) / 2)
    assert kept <= computed <= kept * (1.01 * whole_rectangle if segment <= segmented.BLOCK else 1.1)


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16])
@either
def test_short_types(dtype, relative):
    inputs = drawn(90, dtype=dtype, relative=relative)
    output, _ = VARIANT.attend(inputs, VARIANT.parameters(), CAUSAL)
    assert output.dtype == dtype
    expected, _ = definition(inputs, 16, 16)
    assert (output.double() - expected).abs().max() < 20 * torch.finfo(dtype).eps


@pytest.mark.parametrize("length", [1, 2, 9, 64])
def test_a_call_token_by_token_with_segments_of_one(length):
    """Decoding: a segment of one token, its memory the keys and values before it."""
    inputs, parameters = drawn(length), VARIANT.parameters(segment=1, memory=20)
    whole, _ = VARIANT.attend(inputs, parameters, CAUSAL)
    state = None
    for token in range(length):
        output, state = VARIANT.attend(part(inputs, token, token + 1), parameters, CAUSAL, state)
        torch.testing.assert_close(output[:, :, 0], whole[:, :, token], rtol=0, atol=1e-12)
