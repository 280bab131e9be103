"""Linear Transformer against its two definitions: the masked quadratic form, and the recurrence token by token."""

from __future__ import annotations

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from engines import feature_attention
from engines.problems import Problem
from engines.trace import Products
from engines.variant import Inputs, Mask, Shape, State
from engines.variants.linear_transformer import EPSILON, VARIANT
from tests.engines.plain_attention import allowed
from tests.engines.plain_features import drawn, largest_saved, masked_quadratic, one_by_one, recorded, recurrence
from tests.engines.products import products_of

TOLERANCE = {torch.float64: 1e-9, torch.float32: 2e-5}


def phi(x: Tensor) -> Tensor:
    """elu(x) + 1 as its definition says."""
    x = x.double()
    return torch.where(x > 0, x + 1, x.exp())


def definition(inputs: Inputs, mask: Mask) -> Tensor:
    return masked_quadratic(phi(inputs.q), phi(inputs.k), inputs.v, mask, EPSILON)


def check(inputs: Inputs, mask: Mask, chunk_length: int = 128) -> None:
    output, _ = VARIANT.attend(inputs, VARIANT.parameters(chunk_length=chunk_length), mask)
    tolerance = TOLERANCE[inputs.q.dtype]
    torch.testing.assert_close(output.double(), definition(inputs, mask), rtol=0, atol=tolerance)


@pytest.mark.parametrize("causal", [False, True])
@pytest.mark.parametrize("dtype", [torch.float64, torch.float32])
@pytest.mark.parametrize("length", [1, 2, 7, 63, 64, 65, 129, 801])
def test_the_definition_at_several_lengths(length, dtype, causal):
    check(drawn(length, dtype=dtype, seed=length), Mask(causal), chunk_length=32)


@pytest.mark.parametrize("chunk_length", [1, 2, 5, 128, 300, 2048])
def test_chunked_is_recurrent_is_masked_quadratic(chunk_length):
    inputs, parameters = drawn(300), VARIANT.parameters(chunk_length=chunk_length)
    chunked, _ = VARIANT.attend(inputs, parameters, Mask(True))
    token_by_token = recurrence(phi(inputs.q), phi(inputs.k), inputs.v, EPSILON)
    torch.testing.assert_close(chunked, token_by_token, rtol=0, atol=1e-12)
    torch.testing.assert_close(chunked, definition(inputs, Mask(True)), rtol=0, atol=1e-12)
    torch.testing.assert_close(one_by_one(VARIANT, inputs, parameters), token_by_token, rtol=0, atol=1e-12)


@settings(max_examples=40, deadline=None)
@given(
    queries=st.integers(1, 90), keys=st.integers(0, 90), offset=st.integers(0, 60), chunk=st.integers(1, 40),
    causal=st.booleans(), heads=st.integers(1, 3), data=st.data(),
)  # fmt: skip
def test_any_shape_offset_and_padding(queries, keys, offset, chunk, causal, heads, data):
    lengths = tuple(data.draw(st.lists(st.integers(0, keys), min_size=2, max_size=2)))
    check(drawn(queries, keys, batch=2, heads=heads, width=8), Mask(causal, lengths, offset), chunk)


@pytest.mark.parametrize("causal", [False, True])
def test_many_blocks_and_groups_of_heads(monkeypatch, causal):
    monkeypatch.setattr(feature_attention, "VALUES_AT_ONCE", 2048)
    monkeypatch.setattr(feature_attention, "TOGETHER", 4096)
    check(drawn(700, batch=2, heads=5), Mask(causal, key_lengths=(700, 433)), chunk_length=16)


def test_strided_inputs_and_values_of_another_width():
    q, k = (torch.randn(1, 64, 2, 16, dtype=torch.float64).transpose(1, 2) for _ in range(2))
    check(Inputs(q, k, torch.randn(1, 2, 24, 64, dtype=torch.float64).mT), Mask(True), 10)


def test_bfloat16_is_summed_in_float32():
    inputs = drawn(600, dtype=torch.bfloat16)
    output, state = VARIANT.attend(inputs, VARIANT.parameters(), Mask(True))
    assert output.dtype == torch.bfloat16
    assert state.tensors["S"].dtype == torch.float32
    torch.testing.assert_close(output.double(), definition(inputs, Mask(True)), rtol=1e-2, atol=1e-2)


@pytest.mark.parametrize("cut", [1, 50, 128, 199])
def test_a_text_in_two_parts_is_the_whole(cut):
    inputs, parameters = drawn(200, batch=2), VARIANT.parameters(chunk_length=32)
    whole, end = VARIANT.attend(inputs, parameters, Mask(True))
    first, state = VARIANT.attend(Inputs(*(x[:, :, :cut] for x in (inputs.q, inputs.k, inputs.v))), parameters,
                                  Mask(True))  # fmt: skip
    kept = {name: tensor.clone() for name, tensor in state.tensors.items()}
    rest = Inputs(*(x[:, :, cut:] for x in (inputs.q, inputs.k, inputs.v)))
    second, after = VARIANT.attend(rest, parameters, Mask(True), state=state)
    torch.testing.assert_close(torch.cat([first, second], 2), whole, rtol=0, atol=1e-12)
    for name in ("S", "z"):
        assert torch.equal(state.tensors[name], kept[name])
        torch.testing.assert_close(after.tensors[name], end.tensors[name], rtol=0, atol=1e-10)
    # A bidirectional call with a state reads what came before it as well.
    extended, _ = VARIANT.attend(rest, parameters, Mask(), state=state)
    everything = Inputs(inputs.q[:, :, cut:], inputs.k, inputs.v)
    torch.testing.assert_close(extended, definition(everything, Mask()), rtol=0, atol=1e-12)


def test_the_state_is_the_sum_over_all_keys_and_of_the_declared_size():
    inputs, parameters = drawn(300, dtype=torch.float32), VARIANT.parameters()
    for mask in (Mask(), Mask(True), Mask(True, query_offset=100)):
        _, state = VARIANT.attend(inputs, parameters, mask)
        S = torch.einsum("bhnm,bhnd->bhmd", phi(inputs.k), inputs.v.double())  # noqa: N806
        torch.testing.assert_close(state.tensors["S"].double(), S, rtol=1e-5, atol=1e-4)
        torch.testing.assert_close(state.tensors["z"].double(), phi(inputs.k).sum(2), rtol=1e-5, atol=1e-4)
    held = sum(tensor.numel() * tensor.element_size() for tensor in state.tensors.values())
    assert VARIANT.state_bytes(Shape(300, 300, 2, 16), parameters) == held
    assert VARIANT.state_bytes(Shape(1 << 20, 1 << 20, 2, 16), parameters) == held


@pytest.mark.parametrize("causal", [False, True])
@pytest.mark.parametrize("chunk_length", [1, 16, 128])
def test_gradients(chunk_length, causal, monkeypatch):
    monkeypatch.setattr(feature_attention, "VALUES_AT_ONCE", 4096)
    inputs = drawn(150, 170, batch=2, width=8)
    mask = Mask(causal, key_lengths=(170, 90), query_offset=11)
    leaves = [x.requires_grad_() for x in (inputs.q, inputs.k, inputs.v)]
    seed = torch.randn(inputs.q.shape, generator=torch.Generator().manual_seed(1), dtype=torch.float64)
    output, state = VARIANT.attend(inputs, VARIANT.parameters(chunk_length=chunk_length), mask)
    assert not any(tensor.requires_grad for tensor in state.tensors.values())
    found = torch.autograd.grad((output * seed).sum(), leaves)
    expected = torch.autograd.grad((definition(inputs, mask) * seed).sum(), leaves)
    for ours, plain in zip(found, expected, strict=True):
        torch.testing.assert_close(ours, plain, rtol=0, atol=1e-9)


def test_gradients_of_a_call_with_a_state():
    inputs, parameters = drawn(60, width=8), VARIANT.parameters(chunk_length=16)
    _, state = VARIANT.attend(Inputs(*(x[:, :, :25] for x in (inputs.q, inputs.k, inputs.v))), parameters, Mask(True))
    leaves = [x[:, :, 25:].clone().requires_grad_() for x in (inputs.q, inputs.k, inputs.v)]
    output, _ = VARIANT.attend(Inputs(*leaves), parameters, Mask(True), state=state)
    found = torch.autograd.grad(output.square().sum(), leaves)
    k, v = (torch.cat([x[:, :, :25], leaf], 2) for x, leaf in zip((inputs.k, inputs.v), leaves[1:], strict=True))
    plain = definition(Inputs(leaves[0], k, v), Mask(True, query_offset=25))
    for ours, expected in zip(found, torch.autograd.grad(plain.square().sum(), leaves), strict=True):
        torch.testing.assert_close(ours, expected, rtol=0, atol=1e-9)


@pytest.mark.parametrize("causal", [False, True])
def test_backward_takes_linear_memory(causal):
    short, long = (largest_saved(VARIANT, length, VARIANT.parameters(), causal) for length in (8192, 16384))
    assert short < long <= 2.2 * short
    assert long < 16384 * 16384


@pytest.mark.parametrize("mask", [Mask(), Mask(True), Mask(True, key_lengths=(40,), query_offset=5)], ids=str)
def test_implied_weights_are_those_of_the_output(mask):
    inputs, parameters = drawn(70, heads=3), VARIANT.parameters(chunk_length=16)
    output, trace = recorded(VARIANT, inputs, parameters, mask)
    rows, columns = torch.arange(2, 70), torch.arange(70)
    for head in range(3):
        weights = VARIANT.weights(inputs, parameters, trace.steps, head, rows, columns)
        weights = weights * allowed(mask, 70, 70)[0, 0, 2:]
        torch.testing.assert_close(weights @ inputs.v[0, head], output[0, head, 2:], rtol=0, atol=1e-12)
        torch.testing.assert_close(weights.sum(-1), torch.ones(68, dtype=torch.float64), rtol=0, atol=1e-6)


@pytest.mark.parametrize("length", [1, 9, 128, 1000])
def test_the_recorded_states_are_sums_up_to_their_positions(length):
    inputs, parameters = drawn(length, dtype=torch.float32), VARIANT.parameters()
    _, trace = recorded(VARIANT, inputs, parameters, Mask(True))
    data = trace["state"]
    assert data.positions[-1] == length - 1
    assert len(data.positions) == min(length, 128)
    assert (data.positions.diff() > 0).all()
    features, v = phi(inputs.k[0]), inputs.v[0].double()
    states = torch.cumsum(features[..., None] * v[:, :, None, :], 1)[:, data.positions]
    torch.testing.assert_close(data.state.double(), states, rtol=1e-5, atol=1e-4)
    torch.testing.assert_close(data.normaliser.double(), features.cumsum(1)[:, data.positions], rtol=1e-5, atol=1e-4)
    torch.testing.assert_close(data.added_row.double(), features[:, data.positions], rtol=1e-5, atol=1e-6)
    assert torch.equal(data.added_column, inputs.v[0][:, data.positions])
    assert data.state_bytes == VARIANT.state_bytes(Shape(length, length, 2, 16), parameters)
    assert data.cache_bytes_per_token == 2 * 2 * 16 * 4


@pytest.mark.parametrize("causal", [True, False])
def test_what_is_multiplied_is_said_as_it_is(causal):
    _, trace = recorded(VARIANT, drawn(50), VARIANT.parameters(), Mask(causal))
    products = next(step.data for step in trace.steps if isinstance(step.data, Products))
    told = ["K → φ(K)", "φ(K)ᵀ · V = S", "Q → φ(Q)", "φ(Q) · S → output", "φ(Q)·φ(K)ᵀ"]
    assert products_of(products) == told


def test_the_recorded_states_give_the_output():
    """The recurrence read at those positions against the run, which took chunks; only where a state gives an output."""
    inputs, parameters = drawn(1000), VARIANT.parameters()
    output, trace = recorded(VARIANT, inputs, parameters, Mask(True))
    data = trace["state"]
    read = (phi(inputs.q[0][:, data.positions])[..., None, :] @ data.state)[..., 0, :]
    read /= (phi(inputs.q[0][:, data.positions]) * data.normaliser).sum(-1, keepdim=True) + 1e-6
    expected = (read - output[0][:, data.positions]).abs().amax((1, 2))
    torch.testing.assert_close(data.difference, expected, rtol=0, atol=1e-15)
    assert data.difference.shape == (2,)
    assert (data.difference < 1e-12).all()
    assert recorded(VARIANT, inputs, parameters, Mask(False))[1]["state"].difference is None


def test_pairs_computed_are_those_inside_chunks():
    parameters = VARIANT.parameters(chunk_length=100)
    assert VARIANT.computed_pairs(Shape(1050, 1050, causal=True), parameters) == 10 * 100**2 + 50**2
    assert VARIANT.computed_pairs(Shape(1050, 1050, causal=False), parameters) == 0


@pytest.mark.parametrize("value", [0, -1, 4096, 2.5, "many"])
def test_absurd_chunk_lengths_are_refused(value):
    with pytest.raises(Problem):
        VARIANT.parameters(chunk_length=value)


def test_decoding_a_token_does_the_same_work_after_any_length():
    """The state after one token and after thousands has the same shapes, and is all that the next one reads."""
    token = drawn(1, dtype=torch.float32)
    for length in (1, 5000):
        _, state = VARIANT.attend(drawn(length, dtype=torch.float32), VARIANT.parameters(), Mask(True))
        assert {name: tuple(x.shape) for name, x in state.tensors.items()} == {"S": (1, 2, 16, 16), "z": (1, 2, 16)}
        output, after = VARIANT.attend(token, VARIANT.parameters(), Mask(True), state=State(state.tensors))
        assert output.isfinite().all()
        assert not torch.equal(after.tensors["S"], state.tensors["S"])
