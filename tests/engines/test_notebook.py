"""Runs from a notebook: the same arrays as the engine's, from a text and from q, k and v."""

from dataclasses import fields

import numpy as np
import pytest
import torch

from engines.messages import WeightsSlice
from engines.notebook import trace, trace_of
from engines.problems import Problem
from engines.trace import Groups, PairValues, Step
from engines.variant import Inputs, Mask
from engines.variants import variant_named, variants
from tests.engines.plain_attention import allowed, plain_attention

TEXT = "床前明月光，疑是地上霜。 It was the best of times, it was the worst of times."


@pytest.mark.parametrize("name", list(variants()))
def test_a_text_gives_the_steps_and_all_their_arrays_bit_for_bit(name):
    run = trace(TEXT, name, 40)
    assert [step.name for step in run.steps] == list(variants()[name].step_names)
    recorded = {}
    for step in run.steps:
        for field in fields(step.data):
            if isinstance(value := getattr(step.data, field.name), torch.Tensor):
                recorded[f"{step.name}.{field.name}"] = value
    assert set(run.arrays) == set(recorded)
    for each, values in run.arrays.items():
        assert np.array_equal(values, recorded[each].numpy(), equal_nan=True)
        assert values.dtype == recorded[each].numpy().dtype
    assert run.output.shape == (4, 40, 32)
    assert len(run.tokens) == run.length == 40


@pytest.mark.parametrize("name", list(variants()))
def test_weights_are_the_engines_and_only_in_the_range(name):
    run = trace(TEXT, name, 40)
    rows, columns = range(5, 23), range(3, 40)
    weights = run.weights(rows, columns, head=2)
    edges = np.arange(5, 24), np.arange(3, 41)
    cells = run.run.cells(WeightsSlice(0, 0, 0, 2, *edges)).values
    assert np.array_equal(weights, cells, equal_nan=True)
    kept = run.pattern(2).kept(np.arange(5, 23), np.arange(3, 40))
    assert np.array_equal(~np.isnan(weights), kept)


def test_own_tensors_give_full_attention_by_its_formula():
    q, k, v = np.random.default_rng(0).standard_normal((3, 2, 24, 16))
    run = trace_of(q, k, v, causal=True)
    tensors = [torch.from_numpy(each)[None] for each in (q, k, v)]
    mask = Mask(causal=True)
    expected, normaliser = plain_attention(*tensors, allowed(mask, 24, 24))
    assert np.abs(run.output - expected[0].numpy()).max() < 1e-9
    assert run.output.dtype == np.float64
    scores = q[1] @ k[1].T / 4
    weights = np.where(np.tri(24, dtype=bool), np.exp(scores - normaliser[0, 1].numpy()[:, None]), np.nan)
    assert np.nanmax(np.abs(run.weights(head=1) - weights)) < 1e-9
    assert np.array_equal(np.isnan(run.weights(head=1)), np.isnan(weights))


@pytest.mark.parametrize("name", [name for name in variants() if name != "linformer"])
def test_own_tensors_run_every_variant_as_attend_does(name):
    q, k, v = torch.randn(3, 2, 48, 16, generator=torch.Generator().manual_seed(1))
    run = trace_of(q, k, v, name, seed=3)
    variant = variant_named(name)
    generator = torch.Generator().manual_seed(3 * 1009)
    inputs = Inputs(q[None], k[None], v[None])
    output, _ = variant.attend(inputs, variant.parameters(), Mask(causal=True), generator=generator)
    assert np.array_equal(run.output, output[0].numpy())


def test_one_head_needs_no_axis_and_queries_may_be_fewer():
    q, k, v = (torch.randn(n, 8) for n in (5, 12, 12))
    run = trace_of(q, k, v, "full", causal=False)
    assert run.output.shape == (1, 5, 8)
    assert run.weights().shape == (5, 12)
    assert run.tokens == [str(position) for position in range(12)]


def test_what_numpy_has_not_comes_in_what_holds_it_exactly():
    q = torch.randn(2, 16, 8).to(torch.bfloat16)
    run = trace_of(q, q, q, "full")
    assert run.output.dtype == np.float32
    assert np.array_equal(run.output, run.steps[-1].data.values.float().numpy())


def test_arrays_are_not_to_be_written_into():
    run = trace(TEXT, "full", 16)
    with pytest.raises(ValueError, match="read-only"):
        run.output[:] = 0


@pytest.mark.parametrize(
    ("call", "code"),
    [
        (lambda: trace(TEXT, "none such"), "unknown_variant"),
        (lambda: trace(TEXT, "longformer", windows=3), "unknown_parameter"),
        (lambda: trace(""), "empty_text"),
        (lambda: trace(TEXT, length=4), "bad_length"),
        (lambda: trace(TEXT, layer=77), "bad_layer"),
        (lambda: trace(TEXT, "linformer", causal=True), "mask_not_supported"),
        (lambda: trace(TEXT).pattern(9), "bad_layer"),
        (lambda: trace(TEXT).weights(range(3, 3)), "bad_range"),
        (lambda: trace(TEXT).weights(range(65)), "bad_range"),
        (lambda: trace(TEXT).weights(range(0, 8, 2)), "bad_range"),
        (lambda: trace_of(np.ones(4), np.ones(4), np.ones(4)), "bad_tensor"),
        (lambda: trace_of(*np.ones((3, 4, 4), int)), "bad_tensor"),
        (lambda: trace_of(np.ones((0, 4)), np.ones((4, 4)), np.ones((4, 4))), "bad_tensor"),
        (lambda: trace_of(np.ones((4, 4)), np.ones((4, 5)), np.ones((4, 4))), "tensors_do_not_fit"),
        (lambda: trace_of(np.ones((4, 4)), np.ones((4, 4)), np.ones((3, 4))), "tensors_do_not_fit"),
        (lambda: trace_of(*np.ones((3, 8, 4)), "attention-sinks", causal=False), "mask_not_supported"),
    ],
)
def test_what_cannot_be_is_said_in_one_sentence(call, code):
    with pytest.raises(Problem) as refused:
        call()
    assert refused.value.code == code
    assert str(refused.value).count("\n") == 0


def test_a_square_that_is_too_large_is_refused_before_it_is_made():
    q = torch.zeros(20_000, 8)
    with pytest.raises(Problem) as refused:
        trace_of(q, q, q, "longformer").weights()
    assert refused.value.code == "range_too_large"
    assert "8,192 × 8,192" in str(refused.value)


def test_kinds_without_arrays_give_none():
    run = trace(TEXT, "reformer", 40)
    kinds = {step.name: type(step.data) for step in run.steps}
    assert kinds["hash"] is Groups
    assert kinds["attend"] is PairValues
    assert not any(name.startswith("chunk.") for name in run.arrays)
    assert isinstance(run.steps[0], Step)
