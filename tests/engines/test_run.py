"""A run's way through the engine, against the whole model at once; and every spec that cannot be."""

from __future__ import annotations

from dataclasses import fields, replace

import numpy as np
import pytest
import torch

from engines import host_model, run
from engines.headless import is_there
from engines.measure import measure_memory_on_cpu
from engines.messages import TextSource
from engines.problems import Problem
from engines.run import checked, prepare
from engines.tokens import tokenise
from engines.trace import Blocks, Cancelled, Step
from engines.variants import variants
from tests.engines.conftest import spec

every_variant = pytest.mark.parametrize("name", list(variants()))


@pytest.mark.parametrize("length", [8, 65, 300])
def test_full_layers_are_those_of_the_whole_model(model, monkeypatch, length):
    monkeypatch.setattr(run, "ROWS_AT_ONCE", 64)
    ids = torch.from_numpy(tokenise(spec().text, length, model.tokenizer).ids).long()[None]
    expected = {}

    def attend(layer, q, k, v):
        expected[layer] = q, k, v
        return torch.nn.functional.scaled_dot_product_attention(q, k, v, is_causal=True)

    with torch.no_grad():
        host_model.forward(model.weights, model.shape, ids, attend)
    for layer in range(model.shape.layers):
        inputs = prepare(spec(length=length, layer=layer), model).inputs
        assert inputs.layer == layer
        for found, want in zip((inputs.q, inputs.k, inputs.v), expected[layer], strict=True):
            torch.testing.assert_close(found, want, rtol=0, atol=1e-5)


@every_variant
def test_below_the_layer_the_chosen_variant_runs(random_model, name):
    """Layer 2's inputs come from that variant's outputs of layers 0 and 1, with its own random numbers for each."""
    one, wanted = variants()[name], spec(name, length=100, layer=2, seed=9)
    prepared = prepare(wanted, random_model)
    hidden = host_model.embed(random_model.weights, torch.from_numpy(prepared.tokens.ids).long()[None])
    for index in range(3):
        layer = host_model.HostLayer(random_model.weights, random_model.shape, index)
        generator = run.generator_for(9, index, "cpu")
        inputs = one.project(layer, hidden, one.parameters(), generator)
        if index < 2:
            output, _ = one.attend(inputs, one.parameters(), prepared.mask, generator=generator)
            hidden = host_model.after_attention(random_model.weights, index, hidden, output)
    torch.testing.assert_close(prepared.inputs.q, inputs.q, rtol=0, atol=1e-5)
    torch.testing.assert_close(prepared.inputs.v, inputs.v, rtol=0, atol=1e-5)


def tensors_of(step: Step) -> list[torch.Tensor]:
    values = [getattr(step.data, field.name) for field in fields(step.data)]
    return [value for value in values if isinstance(value, torch.Tensor)]


@every_variant
def test_the_same_spec_gives_the_same_steps_bit_by_bit(random_model, name):
    wanted = spec(name, length=333, layer=1, seed=4)
    first, second = (prepare(wanted, random_model).trace() for _ in range(2))
    assert [step.name for step in first] == [step.name for step in second] == list(variants()[name].step_names)
    for one, other in zip(first, second, strict=True):
        assert type(one.data) is type(other.data)
        assert all(map(torch.equal, tensors_of(one), tensors_of(other)))
        if isinstance(one.data, Blocks):
            assert one.data == other.data


@every_variant
def test_a_length_below_every_window_and_one_repeated_token(random_model, name):
    prepared = prepare(spec(name, length=8, text="a"), random_model)
    assert prepared.attend().isfinite().all()
    assert prepared.tokens.text_tokens == 1
    assert prepared.shape.queries == prepared.shape.keys == 8


@every_variant
def test_memory_while_preparing_grows_linearly(random_model, name):
    text = "one two three four five six seven eight nine ten " * 2000
    tokens = [tokenise(TextSource(text), length, random_model.tokenizer) for length in (8192, 16384)]
    peaks = [
        measure_memory_on_cpu(
            lambda record, found=found: prepare(spec(name, len(found.ids), layer=2), random_model, tokens=found)
        )[0]
        for found in tokens
    ]
    assert peaks[1] <= 2.2 * peaks[0]
    assert peaks[1] < 16384 * 16384


def test_a_cancelled_run_stops(random_model):
    with pytest.raises(Cancelled):
        prepare(spec(layer=2), random_model, cancelled=lambda: True)
    with pytest.raises(Cancelled):
        prepare(spec("reformer", length=4000), random_model).trace(cancelled=lambda: True)


def test_progress_rises(random_model):
    seen: list[float] = []
    prepare(spec(layer=2), random_model, progress=seen.append)
    assert seen == sorted(seen)
    assert seen[0] == 0
    assert seen[-1] < 1


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"variant": "nonsense"}, "unknown_variant"),
        ({"parameters": (("colour", 3),)}, "unknown_parameter"),
        ({"parameters": (("implementation", "magic"),)}, "bad_parameter"),
        ({"length": 0}, "bad_length"),
        ({"length": 7}, "bad_length"),
        ({"length": -5}, "bad_length"),
        ({"length": 2_000_000}, "bad_length"),
        ({"layer": 3}, "bad_layer"),
        ({"layer": -1}, "bad_layer"),
        ({"head": 2}, "bad_layer"),
        ({"variant": "longformer", "parameters": (("window", (0,)),)}, "bad_parameter"),
        ({"variant": "longformer", "parameters": (("window", (10**12,)),)}, "bad_parameter"),
        ({"variant": "reformer", "parameters": (("rounds", 0),)}, "bad_parameter"),
        ({"variant": "reformer", "parameters": (("buckets", 3.5),)}, "bad_parameter"),
    ],
)
def test_what_cannot_be_is_one_sentence(random_model, changes, code):
    with pytest.raises(Problem) as caught:
        prepare(replace(spec(), **changes), random_model)
    assert caught.value.code == code
    assert "{" not in str(caught.value)


def test_a_mask_that_a_variant_has_not(random_model, monkeypatch):
    full = variants()["full"]
    monkeypatch.setattr(type(full), "masks", ("causal",))
    monkeypatch.setattr(type(full), "mask_reason", "the sums run forward only.")
    checked(spec(), random_model.shape)
    with pytest.raises(Problem) as caught:
        checked(spec(causal=False), random_model.shape)
    assert str(caught.value) == "Full cannot run bidirectional: the sums run forward only."


def test_the_ends_of_the_length_are_allowed(random_model):
    for length in (8, 1_048_576):
        checked(spec(length=length), random_model.shape)


def test_the_tokens_of_a_run_can_be_given(random_model):
    found = tokenise(TextSource("given"), 16, random_model.tokenizer)
    prepared = prepare(spec(length=16), random_model, tokens=found)
    assert prepared.tokens is found
    assert np.array_equal(prepared.tokens.ids, found.ids)


def test_devices_that_are_there():
    assert is_there("cpu")
    assert not is_there("meta")
    assert not is_there("nonsense")
    assert is_there("cuda") == torch.cuda.is_available()
    assert not is_there(f"cuda:{torch.cuda.device_count()}")
