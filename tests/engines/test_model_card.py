"""The host model that ships: small, as good as the pictures need it, and its card tells the truth about it."""

from __future__ import annotations

from importlib.resources import files
from typing import Any

import numpy as np
import pytest
from safetensors import safe_open

from engines.training import probes
from engines.variant_model import VariantModel
from engines.variants import variant_named
from engines.weights import HostModel

FOLDER = files("resources") / "weights"


@pytest.fixture(scope="module")
def card(model: HostModel) -> dict[str, Any]:
    return model.card


def test_the_file_is_small_and_in_half_precision():
    raw = (FOLDER / "host_model.safetensors").read_bytes()
    assert len(raw) <= 3_000_000
    with safe_open(str(FOLDER / "host_model.safetensors"), "numpy") as opened:
        assert {opened.get_slice(name).get_dtype() for name in opened.keys()} == {"F16"}  # noqa: SIM118


def test_the_card_says_what_it_was_made_of(card, model):
    assert card["parameters"] == sum(tensor.numel() for tensor in model.weights.values())
    assert card["steps"] > 0
    assert card["tokens"] > 0
    assert isinstance(card["seed"], int)
    assert (card["trained_with"], card["direction"], card["licence"]) == ("full", "causal", "MIT")
    assert {entry["language"] for entry in card["data"]} == {"english", "chinese"}
    assert all(len(entry["sha256"]) == 64 and entry["licence"] for entry in card["data"])
    licences = {entry["file"]: entry["licence"] for entry in card["data"]}
    assert "Princeton" in licences.pop("wordnet")
    assert set(licences.values()) == {"public domain"}


def test_the_loss_curve_goes_down_to_the_end(card):
    curve = card["loss_curve"]
    steps = [entry["step"] for entry in curve]
    assert steps == sorted(steps)
    assert steps[-1] == card["steps"]
    assert curve[-1]["loss_nats"] < curve[0]["loss_nats"]


def test_it_shows_structure(card):
    scores = card["head_scores"]
    assert np.max(scores["previous_token"]) >= 0.9
    assert np.max(scores["induction"]) >= 0.8
    assert scores["first_copy_nats"] - scores["second_copy_nats"] >= 7


def test_it_reads_both_languages(card):
    assert card["mean_bits_per_byte"]["english"] <= 1.77
    assert card["mean_bits_per_byte"]["chinese"] <= 2.40
    by_file, language = card["held_out_bits_per_byte"], {entry["file"]: entry["language"] for entry in card["data"]}
    for name, mean in card["mean_bits_per_byte"].items():
        own = [bits for file, bits in by_file.items() if language[file] == name]
        assert mean == pytest.approx(np.mean(own), abs=1e-3)


def test_the_head_scores_are_those_of_the_file(card, model):
    full = variant_named("full")
    found = probes.head_scores(VariantModel(model.weights, model.shape, full, full.parameters()))
    said = card["head_scores"]
    np.testing.assert_allclose(found.previous_token, said["previous_token"], atol=1e-2)
    np.testing.assert_allclose(found.induction, said["induction"], atol=1e-2)
    assert found.first_copy_nats == pytest.approx(said["first_copy_nats"], abs=1e-2)
    assert found.second_copy_nats == pytest.approx(said["second_copy_nats"], abs=1e-2)
