"""Training on with a variant in place: each of them learns, and an interrupted run ends where another does."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
import torch

from engines import train
from engines.host_model import ModelShape, initial_weights
from engines.training import continuations
from engines.training.continuations import CONTINUATIONS, ContinuedTask, rate_at
from engines.training.corpus import Recipe, Source, read_source, train_tokenizer
from engines.training.run import Progress, Run
from engines.training.run import train as train_to_the_end
from engines.variant_model import VariantModel
from engines.variants import variant_named, variants
from engines.weight_sets import opened_sets
from engines.weights import load_model

SHAPE = ModelShape(layers=2, heads=2, width=16, feed_forward=32, vocabulary=300, trained_length=64)
RECIPE = Recipe(sequences=2, length=80, repeated=0.1, copied=0.1)
STEP = RECIPE.sequences * RECIPE.length
ENGLISH = "the cat sat on the mat and the dog sat on the cat. "
every_continuation = pytest.mark.parametrize("name", CONTINUATIONS)


@pytest.fixture(scope="module")
def sources(tmp_path_factory) -> list[Source]:
    path = tmp_path_factory.mktemp("texts") / "cats.txt"
    path.write_text(ENGLISH * 200, encoding="utf-8")
    return [read_source(path, train_tokenizer([path], SHAPE.vocabulary))]


def task(name: str, steps: int) -> ContinuedTask:
    start = initial_weights(SHAPE, torch.Generator().manual_seed(0))
    return ContinuedTask(CONTINUATIONS[name], start, SHAPE, "start", 0, steps * STEP, recipe_of_all=RECIPE)


def test_every_variant_that_ships_has_weights_of_its_own():
    assert {each.variant for each in CONTINUATIONS.values()} == set(variants())


@every_continuation
def test_what_it_asks_for_its_variant_has(name):
    continuation = CONTINUATIONS[name]
    variant = variant_named(continuation.variant)
    assert continuation.direction in variant.masks
    assert set(continuation.parameters()) == {setting.name for setting in variant.settings}


@every_continuation
def test_it_learns_and_all_that_is_its_own_does(tmp_path, sources, monkeypatch, name):
    monkeypatch.setattr(continuations, "WARM_UP_STEPS", 2)
    of_it = task(name, 15)
    run = Run(tmp_path, of_it)
    before = {tensor: value.detach().clone() for tensor, value in run.weights.items()}
    train_to_the_end(run, sources, every=15)
    ids = torch.from_numpy(sources[0].train[:160].astype("int64")).view(2, 80)
    with torch.no_grad():
        unlearned, learned = (
            of_it.model(weights).losses(ids, torch.ones_like(ids, dtype=torch.bool))[0].mean()
            for weights in (before, run.plain_weights())
        )
    assert learned < unlearned - 0.2
    own = set(run.weights) - set(of_it.start)
    changed = {tensor for tensor, value in run.weights.items() if not torch.equal(value.detach(), before[tensor])}
    assert own <= changed
    assert "layers.0.query" in changed
    drawn = of_it.variant.layer_weights(of_it.shape, of_it.continuation.parameters(), torch.Generator())
    assert own == {f"layers.{layer}.{each}" for layer in range(2) for each in drawn}


@pytest.mark.parametrize("name", ["performer", "reformer", "transformer-xl", "linformer"])
def test_interrupted_and_resumed_is_the_same(tmp_path, sources, name):
    (tmp_path / "whole").mkdir()
    (tmp_path / "parts").mkdir()
    whole, parts = Run(tmp_path / "whole", task(name, 5)), Run(tmp_path / "parts", task(name, 5))
    train_to_the_end(whole, sources, every=3)
    for _ in range(3):
        parts.train_step(sources)
    parts.probe()
    parts.save()
    parts.train_step(sources)  # lost: it was not saved
    resumed = Run(tmp_path / "parts", task(name, 5))
    train_to_the_end(resumed, sources, every=3)
    assert replace(resumed.progress, seconds=0.0) == replace(whole.progress, seconds=0.0)
    assert all(torch.equal(resumed.weights[each], tensor) for each, tensor in whole.weights.items())


def test_all_read_the_same_texts_in_the_same_order(tmp_path, sources, monkeypatch):
    """What is drawn depends on the seed and the step alone, never on the variant."""
    read: list[torch.Tensor] = []
    losses = VariantModel.losses

    def watched(self, ids, *rest, **named):
        read.append(ids)
        return losses(self, ids, *rest, **named)

    monkeypatch.setattr(VariantModel, "losses", watched)
    for name in ("full", "performer"):
        run = Run(tmp_path, task(name, 2))
        run.train_step(sources)
        run.train_step(sources)
    assert torch.equal(read[0], read[2])
    assert torch.equal(read[1], read[3])
    assert not torch.equal(read[0], read[1])


def test_the_rate_warms_up_and_falls():
    rates = [rate_at(Progress(step=step, tokens=step * 100), 100_000) for step in (0, 49, 500, 1000)]
    assert rates[0] < rates[1] > rates[2] > rates[3] > 0
    assert rates[3] == pytest.approx(continuations.PEAK_RATE * 0.02)


@pytest.mark.parametrize("name", ["linformer", "transformer-xl"])
def test_the_command_s_result_says_what_it_is(tmp_path, monkeypatch, name):
    monkeypatch.setitem(train.SIZES, "tiny", SHAPE)
    monkeypatch.setattr(torch, "set_num_threads", lambda threads: None)
    texts, base, work = (tmp_path / each for each in ("texts", "base", "work"))
    texts.mkdir()
    (texts / "cats.txt").write_text(ENGLISH * 300, encoding="utf-8")
    common = ["--text", str(texts), "--tokens", "3000"]
    assert train.main([*common, "--work", str(base), "--size", "tiny"]) == 0
    assert train.main([*common, "--work", str(work), "--base", str(base), "--variant", name]) == 0
    card = json.loads((work / f"{name}.json").read_text(encoding="utf-8"))
    assert card["trained_with"] == name
    assert card["direction"] == CONTINUATIONS[name].direction
    assert card["variant_parameters"] == {
        key: list(value) if isinstance(value, tuple) else value
        for key, value in CONTINUATIONS[name].parameters().items()
    }
    assert card["layer_tensors"]
    assert card["licence"] == "MIT"
    assert (work / f"{name}.safetensors").exists()
    assert (work / "tokenizer.json").exists()


def test_a_size_trains_a_host_model_of_that_size_first(tmp_path, monkeypatch):
    monkeypatch.setitem(train.SIZES, "tiny", SHAPE)
    monkeypatch.setattr(torch, "set_num_threads", lambda threads: None)
    texts, work = tmp_path / "texts", tmp_path / "work"
    texts.mkdir()
    (texts / "cats.txt").write_text(ENGLISH * 300, encoding="utf-8")
    command = ["--text", str(texts), "--work", str(work), "--tokens", "3000", "--size", "tiny", "--variant", "full"]
    assert train.main(command) == 0
    found = opened_sets(str(work))
    assert set(found) == {"host_model", "full"}
    assert load_model(work, "full").shape == replace(SHAPE, trained_length=1024)


def test_an_unknown_variant_is_refused(tmp_path, capsys):
    with pytest.raises(SystemExit):
        train.main(["--text", str(tmp_path), "--variant", "nothing"])
    assert "there are full, " in capsys.readouterr().err
