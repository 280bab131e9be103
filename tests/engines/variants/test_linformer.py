"""Linformer against its definition, head = softmax(Q (E K)ᵀ/√d) (F V), with every matrix written out in float64."""

from __future__ import annotations

from dataclasses import replace

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor

from engines import low_rank
from engines.measure import measure_memory_on_cpu
from engines.problems import Problem
from engines.run import generator_for, prepare
from engines.trace import Matrix, Products, Trace
from engines.variant import Inputs, Mask, Shape
from engines.variants.full import VARIANT as FULL
from engines.variants.linformer import HEADWISE, KEY_VALUE, LAYERWISE, POOLING, RANDOM, VARIANT
from tests.engines.conftest import spec
from tests.engines.products import products_of

TOLERANCE = {torch.float64: 1e-9, torch.float32: 2e-5}
K = int(VARIANT.parameters().k)
BOTH_WAYS = Mask(causal=False)


def pooling_matrix(rows: int, positions: int) -> Tensor:
    """One bin after the other, the longer ones first, as an array is split into nearly equal parts."""
    bins = torch.arange(positions).tensor_split(min(rows, positions))
    return torch.stack([torch.isin(torch.arange(positions), part).double() / len(part) for part in bins])


def definition(inputs: Inputs, e: Tensor, f: Tensor) -> Tensor:
    """e and f [head or 1, k, position], in float64."""
    q, k, v = (x.double() for x in (inputs.q, inputs.k, inputs.v))
    scores = q @ (e.double() @ k).transpose(-1, -2) / q.shape[-1] ** 0.5
    return scores.softmax(-1) @ (f.double() @ v)


def drawn(
    queries: int, keys: int | None = None, batch: int = 1, heads: int = 2, width: int = 16, seed: int = 0,
    dtype: torch.dtype = torch.float64, rows: int = 0, matrices: int = 1,
) -> Inputs:  # fmt: skip
    """Random inputs; with ``rows``, E and F of so many rows too, for each head or for all."""
    generator = torch.Generator().manual_seed(seed)
    keys = queries if keys is None else keys

    def draw(*size: int) -> Tensor:
        return torch.randn(size, generator=generator, dtype=torch.float64).to(dtype)

    q, k, v = (draw(batch, heads, length, width) for length in (queries, keys, keys))
    names = ("key_projection", "value_projection") if rows else ()
    return Inputs(q, k, v, extras={name: draw(matrices, rows, keys) / rows**0.5 for name in names})


def attend(inputs: Inputs, mask: Mask = BOTH_WAYS, seed: int = 3, **settings: object) -> Tensor:
    generator = torch.Generator().manual_seed(seed)
    return VARIANT.attend(inputs, VARIANT.parameters(**settings), mask, generator=generator)[0]


def matrices(inputs: Inputs) -> tuple[Tensor, Tensor]:
    return inputs.extras["key_projection"], inputs.extras["value_projection"]


def is_close(found: Tensor, expected: Tensor) -> bool:
    """Within the tolerance of the largest value: random mixtures of many keys are not of size 1."""
    within = TOLERANCE[found.dtype] * max(1.0, float(expected.abs().max()))
    return bool((found.double() - expected).abs().max() <= within)


@pytest.mark.parametrize("dtype", TOLERANCE)
@pytest.mark.parametrize(
    ("queries", "keys", "batch", "heads", "rows", "matrices_given"),
    [(1, 1, 1, 1, 1, 1), (7, 7, 1, 2, 3, 1), (65, 65, 2, 3, 16, 3), (257, 31, 1, 2, 40, 1), (5, 1001, 2, 1, 8, 1)],
)
def test_given_projections(dtype, queries, keys, batch, heads, rows, matrices_given):
    inputs = drawn(queries, keys, batch, heads, dtype=dtype, rows=rows, matrices=matrices_given)
    assert is_close(attend(inputs, k=rows), definition(inputs, *matrices(inputs)))


@given(st.integers(1, 90), st.integers(1, 90), st.integers(1, 40), st.integers(1, 3), st.integers(0, 99))
def test_mean_pooling(queries, keys, rows, heads, seed):
    inputs, pooling = drawn(queries, keys, heads=heads, width=4, seed=seed), pooling_matrix(rows, keys)[None]
    assert is_close(attend(inputs, k=rows, projection=POOLING), definition(inputs, pooling, pooling))


@pytest.mark.parametrize("length", [1, 12, 33])
def test_identity_projections_are_full_attention(length):
    inputs = drawn(length)
    inputs = replace(inputs, extras={"key_projection": torch.eye(length, dtype=torch.float64)[None]})
    full, _ = FULL.attend(inputs, FULL.parameters(), BOTH_WAYS)
    assert is_close(attend(inputs, k=length), full)
    assert is_close(attend(replace(inputs, extras={}), k=length, projection=POOLING), full)


@pytest.mark.parametrize("projection", [RANDOM, POOLING])
@pytest.mark.parametrize("lengths", [(31, 31), (31, 7), (0, 3), (90, 31)])
def test_padding_takes_no_part(projection, lengths):
    """Each batch item equals itself alone, without its padding."""
    extras = 5 if projection == RANDOM else 0
    inputs = drawn(9, 31, batch=2, rows=extras)
    inputs.k[1, :, lengths[1] :] = 1e6
    found = attend(inputs, Mask(False, key_lengths=lengths), k=5, projection=projection)
    for item, length in enumerate(min(length, 31) for length in lengths):
        if not length:
            assert not found[item].any()
            continue
        one = Inputs(inputs.q[item, None], inputs.k[item, None, :, :length], inputs.v[item, None, :, :length])
        e, f = matrices(inputs) if extras else (pooling_matrix(5, length)[None],) * 2
        assert is_close(found[item, None], definition(one, e[..., :length], f[..., :length]))


def test_what_is_drawn():
    inputs = drawn(2000, heads=1, width=4)
    hidden_in = replace(inputs, layer=2)
    for sharing, equal in ((HEADWISE, False), (KEY_VALUE, True), (LAYERWISE, True)):
        e, f = found(hidden_in, sharing, 2)
        assert torch.equal(e, f) == equal
        assert e.shape == (1, K, 2000)
        assert abs(float(e.var()) * K - 1) < 0.03
        assert is_close(attend(hidden_in, seed=2, sharing=sharing), definition(inputs, e, f))


def found(inputs: Inputs, sharing: str, seed: int) -> tuple[Tensor, Tensor]:
    """E and F as the definition of each sharing draws them."""
    generator = torch.Generator().manual_seed(seed - inputs.layer if sharing == LAYERWISE else seed)
    e = torch.randn(1, K, inputs.k.shape[2], generator=generator) * K**-0.5
    f = torch.randn(1, K, inputs.k.shape[2], generator=generator) * K**-0.5 if sharing == HEADWISE else e
    return e.double(), f.double()


@pytest.mark.parametrize("sharing", [HEADWISE, KEY_VALUE, LAYERWISE])
def test_a_run_draws_for_each_layer_or_for_all(random_model, sharing):
    """Layerwise, every layer of a run gets the same matrix; else each its own."""
    chosen = (("sharing", sharing),)
    runs = [
        prepare(spec("linformer", 50, causal=False, layer=layer, seed=7, parameters=chosen), random_model)
        for layer in (0, 2)
    ]
    first, third = (matrices(run.inputs) for run in runs)
    assert torch.equal(first[0], first[1]) == (sharing != HEADWISE)
    assert torch.equal(first[0], third[0]) == (sharing == LAYERWISE)
    assert is_close(runs[1].attend(), definition(runs[1].inputs, *third))


def test_weights_that_have_projections_give_them_to_who_asks(random_model):
    """Stored for 64 positions, used at 100: stretched along the sequence, each row's sum kept."""
    stored = torch.rand(1, K, 64, generator=torch.Generator().manual_seed(0))
    weights = {**random_model.weights, "layers.1.key_projection": stored}
    model = replace(random_model, weights=weights)
    headwise = ("sharing", HEADWISE)
    run = prepare(spec("linformer", 100, causal=False, layer=1, parameters=(headwise,)), model)
    e, f = matrices(run.inputs)
    assert torch.equal(e, f)
    assert e.shape == (1, K, 100)
    torch.testing.assert_close(e.sum(-1), stored.sum(-1), rtol=0.02, atol=0)
    below = prepare(spec("linformer", 100, causal=False, parameters=(headwise,)), model)
    assert not torch.equal(*matrices(below.inputs))
    drawn_anew = spec("linformer", 100, causal=False, layer=1, parameters=(("projection", RANDOM), headwise))
    assert not torch.equal(*matrices(prepare(drawn_anew, model).inputs))
    pooled_in = spec("linformer", 100, causal=False, layer=1, parameters=(("projection", POOLING),))
    assert not prepare(pooled_in, model).inputs.extras
    with pytest.raises(Problem, match=f"with k = {K}, not 5; set k to {K}"):
        prepare(spec("linformer", 100, causal=False, layer=1, parameters=(("k", 5),)), model)


def test_stretching_is_linear_interpolation():
    given = torch.tensor([[[0.0, 2.0, 4.0]]], dtype=torch.float64)
    expected = torch.tensor([[[0.0, 0.5, 1.5, 2.5, 3.5, 4.0]]], dtype=torch.float64) / 2
    torch.testing.assert_close(low_rank.stretched(given, 6), expected)
    assert low_rank.stretched(given, 3) is given


def test_a_long_text_in_blocks(monkeypatch):
    monkeypatch.setattr(low_rank, "KEYS_AT_ONCE", 50)
    monkeypatch.setattr(low_rank, "WHOLE_UP_TO", 40)
    monkeypatch.setattr(low_rank, "ROWS_AT_ONCE", 30)
    inputs = drawn(101, 211, batch=2, rows=7)
    assert is_close(attend(inputs, k=7), definition(inputs, *matrices(inputs)))


@pytest.mark.parametrize("matrices_given", [1, 2])
@pytest.mark.parametrize("lengths", [None, (37, 20)])
def test_gradients(matrices_given, lengths):
    inputs = drawn(29, 37, batch=2, rows=5, matrices=matrices_given)
    tensors = [inputs.q, inputs.k, inputs.v, *matrices(inputs)]
    for tensor in tensors:
        tensor.requires_grad_()
    through = torch.randn(inputs.q.shape, dtype=torch.float64, generator=torch.Generator().manual_seed(1))
    found = torch.autograd.grad(attend(inputs, Mask(False, lengths), k=5), tensors, through)
    kept = torch.arange(37) < torch.tensor(lengths or (37, 37))[:, None, None, None]
    e, f = (matrix * kept for matrix in tensors[3:])
    expected = torch.autograd.grad(definition(inputs, e, f), tensors, through)
    for one, other in zip(found, expected, strict=True):
        assert is_close(one, other)


def test_gradients_of_mean_pooling():
    inputs, pooling = drawn(29, 37), pooling_matrix(5, 37)[None]
    tensors = [inputs.q, inputs.k, inputs.v]
    for tensor in tensors:
        tensor.requires_grad_()
    found = torch.autograd.grad(attend(inputs, k=5, projection=POOLING).square().sum(), tensors)
    expected = torch.autograd.grad(definition(inputs, pooling, pooling).square().sum(), tensors)
    for one, other in zip(found, expected, strict=True):
        assert is_close(one, other)


def backward_peak(length: int) -> int:
    inputs = drawn(length, heads=4, width=8, dtype=torch.float32, rows=K)
    tensors = [inputs.q, inputs.k, inputs.v, *matrices(inputs)]
    for tensor in tensors:
        tensor.requires_grad_()

    def work(record: object) -> None:
        torch.autograd.grad(attend(inputs).sum(), tensors)

    return measure_memory_on_cpu(work)[0]


def test_backward_in_linear_memory():
    """And far below one n × k matrix of weights per head would take beside the gradients themselves."""
    short, long = backward_peak(8192), backward_peak(16384)
    assert short < long <= 2.2 * short
    gradients = 4 * 16384 * (3 * 4 * 8 + 2 * K)
    assert long < gradients + 4 * 16384 * 4 * (4 * 8 + K)


@pytest.mark.parametrize("projection", [RANDOM, POOLING])
def test_implied_weights_times_values_are_the_output(random_model, projection):
    chosen = (("projection", projection), ("k", 7))
    run = prepare(spec("linformer", 60, causal=False, layer=1, parameters=chosen), random_model)
    trace, every = Trace(), torch.arange(60)
    output = run.attend(trace)
    for head in range(2):
        weights = VARIANT.weights(run.inputs, run.parameters, trace.steps, head, every, every)
        assert (weights @ run.inputs.v[0, head] - output[0, head]).abs().max() < 2e-5
        part = VARIANT.weights(run.inputs, run.parameters, trace.steps, head, every[5:9], every[50:])
        torch.testing.assert_close(part, weights[5:9, 50:], rtol=0, atol=1e-6)
        if projection == POOLING:
            torch.testing.assert_close(weights.sum(-1), torch.ones(60))
            assert (weights >= 0).all()


def test_implied_weights_need_the_projection():
    inputs, trace = drawn(20), Trace()
    VARIANT.attend(inputs, VARIANT.parameters(), BOTH_WAYS, generator=generator_for(0, 0, "cpu"), record=trace)
    with pytest.raises(Problem, match="E and F"):
        VARIANT.weights(inputs, VARIANT.parameters(), trace.steps, 0, torch.arange(3), torch.arange(3))


def test_steps():
    inputs, trace = drawn(50, 40, rows=6), Trace()
    VARIANT.attend(inputs, VARIANT.parameters(k=6), BOTH_WAYS, record=trace)
    e, f = matrices(inputs)
    for name, expected in (("compressed keys", e @ inputs.k[0]), ("compressed values", f @ inputs.v[0])):
        assert isinstance(trace[name], Matrix)
        assert is_close(trace[name].values, expected)
    assert isinstance(trace["project"], Products)
    sizes = {extent.name: (extent.rows, extent.columns, extent.role) for extent in trace["project"].extents}
    assert sizes["E"] == (6, 40, "input")
    assert sizes["E·K"] == (6, 16, "computed")
    assert sizes["Q·Kᵀ"] == (50, 40, "never made")
    assert sizes["P̄"] == (50, 6, "computed")
    assert sizes["output"] == (50, 16, "output")


@pytest.mark.parametrize(
    ("settings", "lines"),
    [
        ({}, ["E · K = E·K", "F · V = F·V"]),
        ({"sharing": "key-value"}, ["E · K = E·K", "F = E · V = F·V"]),
        ({"sharing": "layerwise"}, ["E · K = E·K", "F = E · V = F·V"]),
        ({"projection": POOLING}, ["K → E·K", "V → F·V"]),
    ],
)
def test_what_is_multiplied_is_said_as_it_is(settings, lines):
    trace, parameters = Trace(), VARIANT.parameters(**({"k": 6, "sharing": "headwise"} | settings))
    q, k, v = torch.randn(3, 1, 2, 50, 16, generator=torch.Generator().manual_seed(1))
    VARIANT.attend(Inputs(q, k, v), parameters, BOTH_WAYS, record=trace)
    last = ["Q · (E·K)ᵀ → P̄", "P̄ · F·V = output", "Q·Kᵀ"]
    assert products_of(trace["project"]) == [*lines, *last]


def test_what_is_computed_and_what_it_costs():
    shape = Shape(1000, 800, heads=4, head_width=32, causal=False)
    assert VARIANT.computed_pairs(shape, VARIANT.parameters(k=16)) == 16_000
    tiny = replace(shape, queries=8, keys=8)
    assert VARIANT.computed_pairs(tiny, VARIANT.parameters(k=16)) == 128
    assert VARIANT.computed_pairs(tiny, VARIANT.parameters(k=16, projection=POOLING)) == 64
    assert VARIANT.pattern(shape, VARIANT.parameters()).count() == 800_000
    double = replace(shape, queries=2000, keys=1600)
    for projection in (RANDOM, POOLING):
        parameters = VARIANT.parameters(projection=projection)
        assert VARIANT.cost(double, parameters).flops == 2 * VARIANT.cost(shape, parameters).flops
    costs = [VARIANT.cost(shape, VARIANT.parameters(sharing=one)).resident_bytes for one in (HEADWISE, KEY_VALUE)]
    assert costs[0] - costs[1] == 4 * K * 800


def test_causal_is_refused_with_the_reason(random_model):
    with pytest.raises(Problem, match="looks ahead"):
        VARIANT.attend(drawn(8), VARIANT.parameters(), Mask(causal=True))
    with pytest.raises(Problem, match="mixture"):
        prepare(spec("linformer", 50, causal=True), random_model)
    assert VARIANT.mask_study in {study.name for study in VARIANT.studies}


@pytest.mark.parametrize("shape", [(16, 20), (3, 16, 20), (1, 8, 20), (1, 16, 0)])
def test_a_projection_of_a_wrong_shape(shape):
    inputs = replace(drawn(20), extras={"key_projection": torch.zeros(shape, dtype=torch.float64)})
    with pytest.raises(Problem, match="E and F"):
        attend(inputs)


@pytest.mark.parametrize(
    ("setting", "value"), [("k", 0), ("k", -3), ("k", 2.5), ("k", "many"), ("projection", "max"), ("sharing", "")]
)
def test_bad_parameters(setting, value):
    with pytest.raises(Problem):
        VARIANT.parameters(**{setting: value})
