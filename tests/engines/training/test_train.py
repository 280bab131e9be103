"""Training: an interrupted run ends where an uninterrupted one does, and its result says what it is."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from engines import train
from engines.host_model import ModelShape
from engines.training import corpus, host
from engines.training.card import card
from engines.training.corpus import Source, read_source, train_tokenizer
from engines.training.host import COPYING, READING, READING_LONG, HostTask, learning_rate, recipe_at
from engines.training.run import Progress, Run
from engines.training.run import train as train_to_the_end
from engines.weights import load_model

SHAPE = ModelShape(layers=1, heads=2, width=16, feed_forward=32, vocabulary=300, trained_length=64)
TOTAL = 5 * COPYING.sequences * COPYING.length
ENGLISH = "the cat sat on the mat and the dog sat on the cat. "


@pytest.fixture(scope="module")
def sources(tmp_path_factory) -> list[Source]:
    path = tmp_path_factory.mktemp("texts") / "cats.txt"
    path.write_text(ENGLISH * 200, encoding="utf-8")
    return [read_source(path, train_tokenizer([path], SHAPE.vocabulary))]


def run_of(folder: Path, tokens: int, seed: int) -> Run:
    return Run(folder, HostTask(SHAPE, tokens, seed))


def comparable(progress: Progress) -> Progress:
    return replace(progress, seconds=0.0)


def test_interrupted_and_resumed_is_the_same(tmp_path, sources):
    whole, first = (run_of(tmp_path / name, TOTAL, seed=1) for name in ("whole", "parts"))
    for run in (whole, first):
        run.folder.mkdir()
    train_to_the_end(whole, sources, every=2)
    for _ in range(2):
        first.train_step(sources)
    first.probe()
    first.save()
    first.train_step(sources)  # lost: it was not saved
    resumed = run_of(tmp_path / "parts", TOTAL, seed=1)
    assert resumed.progress.step == 2
    train_to_the_end(resumed, sources, every=2)
    assert comparable(resumed.progress) == comparable(whole.progress)
    assert all(torch.equal(resumed.weights[name], tensor) for name, tensor in whole.weights.items())
    other = run_of(tmp_path / "other", TOTAL, seed=2)
    assert not torch.equal(other.weights["embedding"], whole.weights["embedding"])


def test_training_lowers_the_loss_and_notes_it(tmp_path, sources):
    run = run_of(tmp_path, 4 * TOTAL, seed=0)
    train_to_the_end(run, sources, every=5)
    assert [entry["step"] for entry in run.progress.log] == [5, 10, 15, 20]
    assert run.progress.log[-1]["loss_nats"] < run.progress.log[0]["loss_nats"]
    assert run.progress.tokens == 4 * TOTAL


def test_a_run_that_has_ended_is_left_as_it_is(tmp_path, sources):
    train_to_the_end(run_of(tmp_path, TOTAL, seed=0), sources, every=100)
    before = (tmp_path / "checkpoint-host_model-0.pt").read_bytes()
    ended = run_of(tmp_path, TOTAL, seed=0)
    train_to_the_end(ended, sources, every=100)
    assert (tmp_path / "checkpoint-host_model-0.pt").read_bytes() == before
    assert len(ended.progress.log) == 1


def test_another_run_s_checkpoint_is_refused(tmp_path, sources):
    run_of(tmp_path, TOTAL, seed=0).save()
    with pytest.raises(SystemExit, match="give the same arguments"):
        run_of(tmp_path, 2 * TOTAL, seed=0)


def test_a_checkpoint_of_an_older_version_goes_on(tmp_path, sources):
    run = run_of(tmp_path, TOTAL, seed=0)
    run.save()
    saved = torch.load(run.checkpoint, weights_only=True)
    del saved["progress"]["smooth_nats"]
    torch.save(saved, run.checkpoint)
    assert run_of(tmp_path, TOTAL, seed=0).progress == Progress()


def test_learning_rate():
    assert learning_rate(0, 0.0) == pytest.approx(3e-5)
    assert learning_rate(99, 0.1) == learning_rate(5000, 0.49) == pytest.approx(3e-3)
    assert learning_rate(5000, 0.75) == pytest.approx(3e-3 * 0.51)
    assert learning_rate(5000, 1.0) == pytest.approx(3e-3 * 0.02)


def test_recipe():
    assert recipe_at(Progress(tokens=900), 1000) is COPYING
    assert recipe_at(Progress(tokens=100, induction_tokens=90), 1000) is READING
    assert recipe_at(Progress(tokens=749, induction_tokens=90), 1000) is READING
    assert recipe_at(Progress(tokens=750, induction_tokens=90), 1000) is READING_LONG


def test_the_card(tmp_path, sources):
    run = run_of(tmp_path, TOTAL, seed=3)
    train_to_the_end(run, sources, every=2)
    written = card(run, sources, {"cats": "public domain"})
    assert written["data"] == [
        {"file": "cats", "language": "english", "sha256": sources[0].sha256, "licence": "public domain"}
    ]
    assert (written["steps"], written["seed"], written["tokens"]) == (5, 3, TOTAL)
    assert [entry["step"] for entry in written["loss_curve"]] == [2, 4, 5]
    assert written["shape"] == SHAPE.as_dict()
    assert set(written["head_scores"]) == {"previous_token", "induction", "first_copy_nats", "second_copy_nats"}
    assert written["parameters"] == sum(tensor.numel() for tensor in run.weights.values())


@pytest.fixture
def small(monkeypatch) -> None:
    monkeypatch.setitem(host.SIZES, "tiny", SHAPE)
    monkeypatch.setattr(corpus, "BLOCK_BYTES", 1024)
    monkeypatch.setattr(torch, "set_num_threads", lambda threads: None)


def texts(folder: Path) -> Path:
    folder.mkdir()
    (folder / "cats.txt").write_text((ENGLISH * 1100)[: 51 * 1024], encoding="utf-8")
    (folder / "poems.txt").write_text("床前明月光，疑是地上霜。\n" * 1000, encoding="utf-8")
    (folder / "LICENSE-cats.txt").write_text("Any use, with this notice.\n", encoding="utf-8")
    return folder


def test_the_command_s_result_can_be_loaded_and_written_anew(tmp_path, small, capsys):
    work = tmp_path / "work"
    command = ["--text", str(texts(tmp_path / "texts")), "--work", str(work), "--size", "tiny", "--tokens", "4000"]
    assert train.main(command) == 0
    assert "loss" in capsys.readouterr().out
    model = load_model(work)
    assert model.shape == SHAPE
    (work / "host_model.json").unlink()
    weights = (work / "host_model.safetensors").read_bytes()
    assert train.main(command) == 0
    assert "loss" not in capsys.readouterr().out  # nothing was trained
    assert (work / "host_model.safetensors").read_bytes() == weights
    written = json.loads((work / "host_model.json").read_text(encoding="utf-8"))
    assert written == model.card
    assert {entry["file"]: entry["licence"] for entry in written["data"]} == {
        "cats": "Any use, with this notice.",
        "poems": "public domain",
    }
    assert set(written["held_out_bits_per_byte"]) == {"cats"}
    assert written["mean_bits_per_byte"] == {"english": written["held_out_bits_per_byte"]["cats"]}


def test_a_folder_that_holds_no_texts(tmp_path, small, capsys):
    assert train.main(["--text", str(tmp_path), "--work", str(tmp_path / "work"), "--size", "tiny"]) == 1
    assert "name another folder" in capsys.readouterr().err
    (tmp_path / "short.txt").write_text("short")
    assert train.main(["--text", str(tmp_path), "--work", str(tmp_path / "work"), "--size", "tiny"]) == 1
    assert "add longer texts" in capsys.readouterr().err


def test_help(capsys):
    with pytest.raises(SystemExit) as caught:
        train.main(["--help"])
    assert caught.value.code == 0
    assert "--text" in capsys.readouterr().out
