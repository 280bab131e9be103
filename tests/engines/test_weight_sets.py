"""Which weights a run takes; and every set that ships: small, loadable, and what its card says."""

from __future__ import annotations

import json
import shutil
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from safetensors import safe_open
from safetensors.numpy import load_file

from engines import headless, weight_sets
from engines.problems import Problem
from engines.trained_models import trained_model
from engines.training import probes
from engines.training.continuations import CONTINUATIONS
from engines.variants import variant_named, variants
from engines.weight_sets import (
    DIGEST,
    FULL,
    HOST,
    OWN,
    WeightSet,
    digest_of,
    opened_sets,
    set_for,
    sets_in,
    shipped_sets,
)
from engines.weights import load_model
from tests.engines.conftest import spec

FOLDER = files("resources") / "weights"
CONTINUED = [name for name in shipped_sets() if name != HOST]
every_set = pytest.mark.parametrize("name", CONTINUED)


def made(name: str, variant: str, direction: str = "causal", **parameters: object) -> WeightSet:
    return WeightSet(name, variant, direction, 64, 10, parameters)


@pytest.fixture
def sets(monkeypatch):
    found = [
        made(HOST, "full"),
        made("full", "full", shared_qk=False),
        made("full-both-ways", "full", "bidirectional", shared_qk=False),
        made("shared", "full", shared_qk=True),
        made("strided", "sparse-transformer", scheme="strided", stride=32),
        made("fixed", "sparse-transformer", scheme="fixed"),
        made("longformer", "longformer", window=(64, 128)),
    ]
    monkeypatch.setattr(weight_sets, "shipped_sets", lambda: {each.name: each for each in found})


def chosen(variant: str, choice: str = OWN, causal: bool = True, **parameters: object) -> str:
    of_it = variant_named(variant)
    return set_for(of_it, of_it.parameters(**parameters), causal, choice).name


def test_a_run_takes_the_weights_that_were_trained_with_it(sets):
    assert chosen("longformer") == "longformer"
    assert chosen("longformer", window=8) == "longformer"  # a size is no other way of attending
    assert chosen("sparse-transformer", scheme="strided") == "strided"
    assert chosen("sparse-transformer", scheme="fixed") == "fixed"
    assert chosen("full") == "full"
    assert chosen("full", implementation="textbook") == "full"
    assert chosen("full", shared_qk=True) == "shared"


def test_in_its_own_direction_where_there_are_such(sets):
    assert chosen("full", causal=False) == "full-both-ways"
    assert chosen("longformer", causal=False) == "longformer"


def test_weights_of_full_attention_for_any_variant(sets):
    for variant in variants():
        assert chosen(variant, FULL) == "full"
        assert chosen(variant, FULL, causal=False) == "full-both-ways"
    assert chosen("bigbird") == "full"  # it has none of its own here


def test_what_it_was_trained_with_otherwise(sets):
    longformer, sparse = variant_named("longformer"), variant_named("sparse-transformer")
    of_it = set_for(longformer, longformer.parameters(), True, OWN)
    assert of_it.other_values(longformer, longformer.parameters()) == {"window": (64, 128)}
    strided = set_for(sparse, sparse.parameters(stride=32), True, OWN)
    assert strided.other_values(sparse, sparse.parameters(stride=32)) == {}


@pytest.mark.parametrize("choice", ["other", "/no/such/folder", "\0", "~"])
def test_a_folder_without_weights(sets, choice):
    with pytest.raises(Problem, match="There are no weights in"):
        chosen("full", choice)


def test_a_folder_of_one_s_own(own_folder):
    path = str(own_folder)
    assert chosen("longformer", path) == "longformer"
    assert chosen("reformer", path) == HOST
    run = headless.finished(spec("longformer", 40, layer=1, weights=path))
    assert run.prepared.inputs.q.shape == (1, 2, 40, 8)
    assert run.prepared.model.name == "longformer"
    assert run.prepared.tokens.ids.max() < 300


def test_a_digest_is_of_what_the_files_hold_and_not_of_where_they_lie(own_folder, tmp_path):
    before = digest_of(opened_sets(str(own_folder))["longformer"])
    assert DIGEST.fullmatch(before)
    elsewhere = Path(shutil.copytree(own_folder, tmp_path / "elsewhere"))
    assert digest_of(opened_sets(str(elsewhere))["longformer"]) == before
    for name in ("longformer.safetensors", "longformer.json", "tokenizer.json"):
        file = elsewhere / name
        content = file.read_bytes()
        file.write_bytes(content + b" ")
        assert digest_of(opened_sets(str(elsewhere))["longformer"]) != before, name
        file.write_bytes(content)
        assert digest_of(opened_sets(str(elsewhere))["longformer"]) == before
    assert digest_of(shipped_sets()[HOST]) == ""
    gone = opened_sets(str(elsewhere))["longformer"]
    (elsewhere / "tokenizer.json").unlink()
    with pytest.raises(Problem, match="tokenizer"):
        digest_of(gone)


def test_a_folder_that_was_trained_anew_is_read_anew(own_folder):
    path = str(own_folder)
    assert chosen("reformer", path) == HOST
    card = json.loads((own_folder / "longformer.json").read_text())
    (own_folder / "reformer.safetensors").write_bytes((own_folder / "longformer.safetensors").read_bytes())
    (own_folder / "reformer.json").write_text(json.dumps(card | {"trained_with": "reformer"}))
    assert chosen("reformer", path) == "reformer"


def test_a_card_that_cannot_be_read_is_left_out(tmp_path):
    for name, card in (("good", {"trained_with": "full", "direction": "causal", "shape": {"trained_length": 8}}),
                       ("bad", {"trained_with": "full"})):  # fmt: skip
        (tmp_path / f"{name}.safetensors").write_bytes(b"")
        (tmp_path / f"{name}.json").write_text(json.dumps(card))
    (tmp_path / "alone.safetensors").write_bytes(b"")
    (tmp_path / "torn.safetensors").write_bytes(b"")
    (tmp_path / "torn.json").write_text('{"trained_with": ')
    assert list(sets_in(tmp_path)) == ["good"]


def test_without_any_card_the_engine_tells_what_is_wrong(monkeypatch):
    monkeypatch.setattr(weight_sets, "shipped_sets", dict)
    assert chosen("full") == HOST


# Every set that ships


def card_of(name: str) -> dict[str, Any]:
    return json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))


def test_all_of_them_are_small():
    sizes = {path.name: len(path.read_bytes()) for path in FOLDER.iterdir() if path.name.endswith(".safetensors")}
    assert max(sizes.values()) <= 3_000_000
    assert sum(sizes.values()) <= 40_000_000


@every_set
def test_its_card_says_how_it_was_made(name):
    card, continuation = card_of(name), CONTINUATIONS[name]
    assert (card["trained_with"], card["direction"]) == (continuation.variant, continuation.direction)
    assert card["objective"] == continuation.objective
    assert card["licence"] == "MIT"
    assert card["tokens"] >= 4_000_000
    assert card["tokens_per_second"] > 0
    assert set(card["mean_bits_per_byte"]) == {"english", "chinese"}
    assert len(card["loss_by_position"]["nats"]) == len(card["loss_by_position"]["edges"]) - 1
    assert {"torch", "python"} <= set(card["versions"])
    with safe_open(str(FOLDER / f"{name}.safetensors"), "numpy") as opened:
        assert {opened.get_slice(each).get_dtype() for each in opened.keys()} == {"F16"}  # noqa: SIM118
        assert set(card["layer_tensors"]) <= set(opened.keys())


def test_all_were_trained_alike():
    cards = [card_of(name) for name in CONTINUED]
    for what in ("tokens", "seed", "steps", "continued_from", "data", "shape"):
        assert len({json.dumps(card[what]) for card in cards}) == 1, what


@every_set
def test_its_loss_on_the_stored_batch_is_that_of_its_card(name):
    ids = torch.from_numpy(load_file(str(FOLDER / "held_out_batch.safetensors"))["ids"].astype(np.int64))
    with torch.no_grad():
        nats, _ = trained_model(name).losses(ids, torch.ones_like(ids, dtype=torch.bool))
    assert float(nats.mean()) == pytest.approx(card_of(name)["stored_batch_nats"], rel=0.01)


@every_set
def test_its_heads_score_what_its_card_says(name):
    found, said = probes.head_scores(trained_model(name)), card_of(name)["head_scores"]
    np.testing.assert_allclose(found.previous_token, said["previous_token"], atol=1e-2)
    np.testing.assert_allclose(found.induction, said["induction"], atol=1e-2)
    assert found.second_copy_nats == pytest.approx(said["second_copy_nats"], abs=0.05)


def test_tensors_of_the_variant_s_own_are_loaded_and_checked(tmp_path):
    (tmp_path / "tokenizer.json").write_bytes((FOLDER / "tokenizer.json").read_bytes())
    name = CONTINUED[0]
    (tmp_path / f"{name}.safetensors").write_bytes((FOLDER / f"{name}.safetensors").read_bytes())
    card = card_of(name) | {"layer_tensors": {"layers.0.relative_key": [128, 128]}}
    (tmp_path / f"{name}.json").write_text(json.dumps(card), encoding="utf-8")
    with pytest.raises(Problem, match="relative_key"):
        load_model(tmp_path, name)
