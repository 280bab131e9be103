"""The host model's files: whole ones load, and every kind of damage is named."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file

from engines.host_model import ModelShape, initial_weights
from engines.problems import Problem
from engines.training.corpus import train_tokenizer
from engines.weight_sets import TOKENIZER
from engines.weights import CARD, TENSORS, load_model

SHAPE = ModelShape(layers=2, heads=2, width=16, feed_forward=32, vocabulary=300, trained_length=64)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A whole model of a few thousand parameters."""
    text = tmp_path / "text.txt"
    text.write_text("the cat sat on the mat and the dog sat on the cat\n" * 50, encoding="utf-8")
    train_tokenizer([text], 270).save(str(tmp_path / TOKENIZER))
    weights = initial_weights(SHAPE, torch.Generator().manual_seed(0))
    save_file({name: tensor.half() for name, tensor in weights.items()}, tmp_path / TENSORS)
    card = {"trained_with": "full", "direction": "causal", "shape": SHAPE.as_dict()}
    (tmp_path / CARD).write_text(json.dumps(card), encoding="utf-8")
    return tmp_path


def problem(folder: Path) -> Problem:
    with pytest.raises(Problem) as caught:
        load_model(folder)
    assert "Install Attnscope again" in str(caught.value)
    return caught.value


def test_a_whole_model(folder):
    model = load_model(folder)
    assert model.shape == SHAPE
    assert {name: tuple(tensor.shape) for name, tensor in model.weights.items()} == SHAPE.parameter_shapes()
    assert {tensor.dtype for tensor in model.weights.values()} == {torch.float32}
    drawn = initial_weights(SHAPE, torch.Generator().manual_seed(0))
    assert all(torch.equal(model.weights[name], drawn[name].half().float()) for name in drawn)
    info = model.info()
    assert (info.layers, info.heads, info.head_width) == (2, 2, 8)
    assert len(info.pieces) <= SHAPE.vocabulary


def test_the_shipped_model(model):
    assert {name: tuple(tensor.shape) for name, tensor in model.weights.items()} == model.shape.parameter_shapes()
    assert {tensor.dtype for tensor in model.weights.values()} == {torch.float32}
    assert all(bool(tensor.isfinite().all()) for tensor in model.weights.values())


def test_another_dtype(folder):
    moved = load_model(folder).to("cpu", "bfloat16")
    assert {tensor.dtype for tensor in moved.weights.values()} == {torch.bfloat16}


@pytest.mark.parametrize("name", [TENSORS, CARD, TOKENIZER])
def test_missing(folder, name):
    (folder / name).unlink()
    found = problem(folder)
    assert found.code == "weights_unreadable"
    assert name in str(found)


@pytest.mark.parametrize("name", [TENSORS, CARD, TOKENIZER])
@pytest.mark.parametrize("kept", [0, 0.5, 0.99])
def test_truncated(folder, name, kept):
    whole = (folder / name).read_bytes()
    (folder / name).write_bytes(whole[: int(kept * len(whole))])
    found = problem(folder)
    assert found.code == "weights_damaged"
    assert name in str(found)


def test_of_the_wrong_shape(folder):
    weights = initial_weights(SHAPE, torch.Generator())
    save_file({**weights, "layers.1.up": torch.zeros(32, 17)}, folder / TENSORS)
    found = problem(folder)
    assert found.code == "weights_wrong_shape"
    assert "layers.1.up should have shape (32, 16), but has (32, 17)" in str(found)


def test_a_tensor_is_missing(folder):
    weights = initial_weights(SHAPE, torch.Generator())
    del weights["final_norm"]
    save_file(weights, folder / TENSORS)
    found = problem(folder)
    assert (found.code, found.values["arrived"]) == ("weights_wrong_shape", "nothing")


def test_a_tokenizer_of_another_model(folder):
    small = SHAPE.as_dict() | {"vocabulary": 260}
    (folder / CARD).write_text(json.dumps({"trained_with": "full", "direction": "causal", "shape": small}))
    assert problem(folder).code == "weights_wrong_shape"


@pytest.mark.parametrize(
    "card",
    [
        {},
        {"shape": SHAPE.as_dict()},
        {"trained_with": "full", "direction": "causal", "shape": {"layers": 2}},
        {"trained_with": "full", "direction": "causal", "shape": SHAPE.as_dict() | {"heads": 0}},
        [],
    ],
)
def test_a_card_that_does_not_say_enough(folder, card):
    (folder / CARD).write_text(json.dumps(card))
    assert problem(folder).code == "weights_damaged"
