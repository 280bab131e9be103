"""Performer against its definition over all pairs, with the features as the paper writes them."""

from __future__ import annotations

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from engines import feature_attention
from engines.problems import Problem
from engines.random_features import KINDS, features_of
from engines.variant import Inputs, Mask, Parameters, Shape
from engines.variants.full import VARIANT as FULL
from engines.variants.performer import VARIANT, drawn_features
from tests.engines.plain_attention import allowed
from tests.engines.plain_features import drawn, largest_saved, masked_quadratic, one_by_one, recorded, recurrence

TOLERANCE = {torch.float64: 1e-9, torch.float32: 2e-5}

every_kind = pytest.mark.parametrize("kind", KINDS)
both_masks = pytest.mark.parametrize("causal", [False, True])


def with_features(inputs: Inputs, parameters: Parameters, seed: int = 1) -> Inputs:
    """The same inputs with their ω given."""
    omega = drawn_features(inputs.q.detach(), parameters, torch.Generator().manual_seed(seed))
    return Inputs(inputs.q, inputs.k, inputs.v, inputs.layer, {"features": omega})


def written_features(inputs: Inputs, parameters: Parameters) -> tuple[Tensor, Tensor]:
    scale, omega = inputs.q.shape[-1] ** -0.25, inputs.extras["features"].double()
    return tuple(features_of(x.double() * scale, omega, parameters.features) for x in (inputs.q, inputs.k))


def definition(inputs: Inputs, parameters: Parameters, mask: Mask) -> Tensor:
    return masked_quadratic(*written_features(inputs, parameters), inputs.v, mask)


def check(inputs: Inputs, mask: Mask, tolerance: float = 0.0, **values: object) -> None:
    parameters = VARIANT.parameters(**values)
    inputs = with_features(inputs, parameters)
    output, _ = VARIANT.attend(inputs, parameters, mask)
    expected = definition(inputs, parameters, mask)
    tolerance = tolerance or TOLERANCE[inputs.q.dtype]
    torch.testing.assert_close(output.double(), expected, rtol=0, atol=tolerance)


@both_masks
@pytest.mark.parametrize("kind", ["positive", "hyperbolic"])
@pytest.mark.parametrize("dtype", [torch.float64, torch.float32])
@pytest.mark.parametrize("length", [1, 2, 7, 127, 128, 129, 801])
def test_the_definition_at_several_lengths(length, dtype, kind, causal):
    check(drawn(length, dtype=dtype, seed=length), Mask(causal), m=40, features=kind)


@both_masks
@pytest.mark.parametrize("length", [1, 129, 801])
def test_the_definition_with_sines_and_cosines(length, causal):
    """Short queries and keys, and many vectors: elsewhere their denominators come near 0, and no result is stable."""
    inputs = drawn(length, seed=length, width=8)
    inputs = Inputs(inputs.q / 4, inputs.k / 4, inputs.v)
    check(inputs, Mask(causal), m=200, features="trigonometric")
    single = Inputs(*(x.float() for x in (inputs.q, inputs.k, inputs.v)))
    check(single, Mask(causal), m=200, features="trigonometric")


@every_kind
@pytest.mark.parametrize("orthogonal", [True, False])
def test_chunked_is_recurrent_is_masked_quadratic(monkeypatch, kind, orthogonal):
    parameters = VARIANT.parameters(features=kind, orthogonal=orthogonal, m=100)
    inputs = drawn(300, width=8)
    inputs = with_features(Inputs(inputs.q / 4, inputs.k / 4, inputs.v), parameters)
    chunked, _ = VARIANT.attend(inputs, parameters, Mask(True))
    token_by_token = recurrence(*written_features(inputs, parameters), inputs.v)
    torch.testing.assert_close(chunked, token_by_token, rtol=0, atol=1e-10)
    torch.testing.assert_close(chunked, definition(inputs, parameters, Mask(True)), rtol=0, atol=1e-10)
    torch.testing.assert_close(one_by_one(VARIANT, inputs, parameters), token_by_token, rtol=0, atol=1e-10)


@settings(max_examples=40, deadline=None)
@given(
    queries=st.integers(1, 90), keys=st.integers(0, 90), offset=st.integers(0, 60), m=st.integers(1, 40),
    causal=st.booleans(), heads=st.integers(1, 3), data=st.data(),
)  # fmt: skip
def test_any_shape_offset_and_padding(queries, keys, offset, m, causal, heads, data):
    lengths = tuple(data.draw(st.lists(st.integers(0, keys), min_size=2, max_size=2)))
    check(drawn(queries, keys, batch=2, heads=heads, width=8), Mask(causal, lengths, offset), m=m)


@both_masks
@pytest.mark.parametrize("kind", ["positive", "hyperbolic"])
def test_many_blocks_whose_peaks_rise_and_groups_of_heads(monkeypatch, kind, causal):
    monkeypatch.setattr(feature_attention, "VALUES_AT_ONCE", 1 << 13)
    monkeypatch.setattr(feature_attention, "TOGETHER", 1 << 14)
    inputs = drawn(700, batch=2, heads=5, width=8)
    rising = inputs.k * torch.linspace(0.1, 4, 700, dtype=torch.float64)[:, None]
    for k in (rising, rising.flip(2)):
        check(Inputs(inputs.q, k, inputs.v), Mask(causal, key_lengths=(700, 433)), m=32, features=kind)


def test_vectors_shared_by_all_heads():
    parameters, inputs = VARIANT.parameters(m=20), drawn(150, heads=3)
    omega = drawn_features(inputs.q[:, :1], parameters, torch.Generator().manual_seed(0))
    inputs = Inputs(inputs.q, inputs.k, inputs.v, extras={"features": omega})
    output, _ = VARIANT.attend(inputs, parameters, Mask(True))
    torch.testing.assert_close(output, definition(inputs, parameters, Mask(True)), rtol=0, atol=1e-9)


@both_masks
def test_it_comes_to_softmax_as_m_grows(causal):
    inputs = drawn(60, heads=1, width=8)
    inputs = Inputs(inputs.q / 2, inputs.k / 2, inputs.v)
    exact, _ = FULL.attend(inputs, FULL.parameters(), Mask(causal))
    errors = []
    for m in (16, 256, 4096):
        outputs = [VARIANT.attend(inputs, VARIANT.parameters(m=m, redraw=redraw), Mask(causal),
                                  generator=torch.Generator().manual_seed(0))[0] for redraw in range(4)]  # fmt: skip
        errors.append(torch.stack([(output - exact).square().mean() for output in outputs]).mean().sqrt())
    assert errors[0] > 2.5 * errors[1] > 6 * errors[2]  # 1/√m: a quarter, each time
    assert errors[2] < 0.01


@both_masks
@pytest.mark.parametrize("scale", [0.01, 8.0, 30.0])
def test_long_and_short_vectors_stay_finite(scale, causal):
    inputs = drawn(500, dtype=torch.float32, width=64)
    inputs = Inputs(scale * inputs.q, scale * inputs.k, inputs.v)
    for kind in ("positive", "hyperbolic"):
        parameters = VARIANT.parameters(features=kind)
        leaves = [x.clone().requires_grad_() for x in (inputs.q, inputs.k, inputs.v)]
        output, _ = VARIANT.attend(Inputs(*leaves), parameters, Mask(causal), generator=torch.Generator())
        assert output.isfinite().all()
        assert output.abs().max() <= inputs.v.abs().max() * 1.001  # a mean of values, or faded
        output.sum().backward()
        assert all(leaf.grad.isfinite().all() for leaf in leaves)


def test_long_vectors_lose_nothing_bidirectionally():
    inputs = drawn(300, dtype=torch.float32, width=64)
    check(Inputs(3 * inputs.q, 3 * inputs.k, inputs.v), Mask(), tolerance=2e-3)


@every_kind
@pytest.mark.parametrize("cut", [1, 100, 199])
def test_a_text_in_two_parts_is_the_whole(cut, kind):
    parameters = VARIANT.parameters(features=kind, m=48)
    inputs = drawn(200, batch=2, width=8)
    inputs = with_features(Inputs(inputs.q / 4, inputs.k / 4, inputs.v), parameters)
    whole, end = VARIANT.attend(inputs, parameters, Mask(True))
    parts = [Inputs(*(x[:, :, part] for x in (inputs.q, inputs.k, inputs.v)), extras=inputs.extras)
             for part in (slice(0, cut), slice(cut, 200))]  # fmt: skip
    first, state = VARIANT.attend(parts[0], parameters, Mask(True))
    second, after = VARIANT.attend(parts[1], parameters, Mask(True), state=state)
    torch.testing.assert_close(torch.cat([first, second], 2), whole, rtol=0, atol=1e-9)
    for name in ("S", "z", "log_scale"):
        torch.testing.assert_close(after.tensors[name], end.tensors[name], rtol=0, atol=1e-9)
    held = sum(tensor[0].numel() * tensor.element_size() for tensor in state.tensors.values())
    assert held == VARIANT.state_bytes(Shape(cut, cut, 2, 8), parameters, 8)


@both_masks
@every_kind
def test_gradients(monkeypatch, kind, causal):
    monkeypatch.setattr(feature_attention, "VALUES_AT_ONCE", 1 << 11)
    parameters = VARIANT.parameters(features=kind, m=24)
    inputs = drawn(300, 340, batch=2, width=6)
    rising = torch.linspace(0.1, 1.0, 340, dtype=torch.float64)[:, None]
    inputs = with_features(Inputs(inputs.q / 2, inputs.k * rising, inputs.v), parameters)
    mask = Mask(causal, key_lengths=(340, 190), query_offset=11)
    if kind == "trigonometric":
        inputs = Inputs(inputs.q / 8, inputs.k / 8, inputs.v, extras=inputs.extras)
    leaves = [x.requires_grad_() for x in (inputs.q, inputs.k, inputs.v)]
    seed = torch.randn(inputs.q.shape, generator=torch.Generator().manual_seed(1), dtype=torch.float64)
    output, _ = VARIANT.attend(inputs, parameters, mask)
    found = torch.autograd.grad((output * seed).sum(), leaves)
    expected = torch.autograd.grad((definition(inputs, parameters, mask) * seed).sum(), leaves)
    for ours, plain in zip(found, expected, strict=True):
        torch.testing.assert_close(ours, plain, rtol=0, atol=1e-9)


@both_masks
def test_backward_takes_linear_memory(causal):
    short, long = (largest_saved(VARIANT, length, VARIANT.parameters(), causal) for length in (8192, 16384))
    assert short < long <= 2.2 * short
    assert long < 16384 * 16384


@every_kind
@pytest.mark.parametrize("mask", [Mask(), Mask(True), Mask(True, key_lengths=(40,), query_offset=5)], ids=str)
def test_implied_weights_are_those_of_the_output(mask, kind):
    inputs, parameters = drawn(70, heads=3), VARIANT.parameters(features=kind, m=50)
    inputs = Inputs(inputs.q / 2, inputs.k / 2, inputs.v)
    output, trace = recorded(VARIANT, inputs, parameters, mask)
    rows, columns = torch.arange(2, 70), torch.arange(70)
    for head in range(3):
        weights = VARIANT.weights(inputs, parameters, trace.steps, head, rows, columns)
        weights = weights * allowed(mask, 70, 70)[0, 0, 2:]
        torch.testing.assert_close(weights @ inputs.v[0, head], output[0, head, 2:], rtol=0, atol=1e-9)
        torch.testing.assert_close(weights.sum(-1), torch.ones(68, dtype=torch.float64), rtol=0, atol=1e-9)


def test_the_recorded_states_are_sums_up_to_their_positions():
    parameters = VARIANT.parameters(m=20)
    inputs = with_features(drawn(400), parameters)
    _, trace = recorded(VARIANT, inputs, parameters, Mask(True))
    data = trace["state"]
    features = written_features(inputs, parameters)[1][0]
    states = torch.cumsum(features[..., None] * inputs.v[0][:, :, None, :], 1)[:, data.positions]
    ratio = data.state / states  # one factor a head
    torch.testing.assert_close(ratio, ratio[:, :1, :1, :1].expand_as(ratio), rtol=1e-8, atol=0)
    factor = ratio[:, 0, 0, 0][:, None, None]
    torch.testing.assert_close(data.normaliser, factor * features.cumsum(1)[:, data.positions], rtol=1e-8, atol=0)
    torch.testing.assert_close(data.added_row, factor * features[:, data.positions], rtol=1e-8, atol=0)
    assert data.state_bytes == VARIANT.state_bytes(Shape(400, 400, 2, 16), parameters, 8)
    assert (data.difference < 1e-9).all()  # the recurrence, read at those positions, against the run


def test_large_states_are_kept_for_fewer_moments():
    _, trace = recorded(VARIANT, drawn(400, width=64, heads=1, dtype=torch.float32), VARIANT.parameters(m=256), Mask())
    assert trace["state"].state.shape == (1, (1 << 20) // (256 * 65), 256, 64)


def test_another_drawing_changes_the_vectors_and_nothing_else():
    inputs = drawn(30)
    found = [drawn_features(inputs.q, VARIANT.parameters(redraw=redraw), torch.Generator().manual_seed(seed))
             for seed, redraw in ((0, 0), (0, 0), (0, 1), (0, 2), (1, 1))]  # fmt: skip
    assert torch.equal(found[0], found[1])
    for one in range(1, 5):
        for other in range(one):
            assert (one, other) == (1, 0) or not torch.isclose(found[one], found[other]).any()


def test_vectors_are_the_same_given_or_drawn():
    inputs, parameters = drawn(50), VARIANT.parameters(redraw=3)
    given_ = with_features(inputs, parameters, seed=9)
    expected, _ = VARIANT.attend(given_, parameters, Mask(True))
    output, _ = VARIANT.attend(inputs, parameters, Mask(True), generator=torch.Generator().manual_seed(9))
    assert torch.equal(output, expected)


@pytest.mark.parametrize("values", [{"m": 0}, {"m": 10**6}, {"features": "cosine"}, {"redraw": -1}, {"norms": "2"},
                                    {"orthogonal": "perhaps"}], ids=str)  # fmt: skip
def test_absurd_parameters_are_refused(values):
    with pytest.raises(Problem):
        VARIANT.parameters(**values)


def test_pairs_computed_are_those_inside_chunks():
    assert VARIANT.computed_pairs(Shape(1050, 1050, causal=True), VARIANT.parameters()) == 8 * 128**2 + 26**2
    assert VARIANT.computed_pairs(Shape(1050, 1050, causal=False), VARIANT.parameters()) == 0
