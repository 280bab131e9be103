"""Shared by all tests: Qt draws offscreen, the pointer lies where no window is, and hypothesis has one profile."""

import os

os.environ["QT_QPA_PLATFORM"] = "offscreen"
os.environ.setdefault("OMP_NUM_THREADS", "1")  # small tensors: waiting for a second thread costs more than it gives

import pytest
from hypothesis import settings

settings.register_profile("attnscope", deadline=None, derandomize=True)
settings.load_profile("attnscope")


@pytest.fixture(autouse=True)
def empty_clipboard(request):
    """What Python put there must not outlive Python: offscreen, the clipboard goes after the interpreter has gone."""
    yield
    if "qtbot" in request.fixturenames:
        from PySide6.QtGui import QGuiApplication

        QGuiApplication.clipboard().clear()


@pytest.fixture(autouse=True)
def pointer_out_of_the_way(request):
    """A window that opens under the pointer that an earlier test left behind would show what lies there."""
    if "qtbot" in request.fixturenames:
        request.getfixturevalue("qtbot")  # first of all, an application
        from PySide6.QtGui import QCursor, QGuiApplication

        QCursor.setPos(QGuiApplication.primaryScreen().geometry().bottomRight())


@pytest.fixture
def own_folder(tmp_path):
    """Weights as somebody trained them: two layers of two heads, another vocabulary."""
    import json

    import torch
    from safetensors.torch import save_file

    from engines.host_model import ModelShape, initial_weights
    from engines.training.corpus import train_tokenizer

    shape = ModelShape(layers=2, heads=2, width=16, feed_forward=32, vocabulary=300, trained_length=64)
    texts, folder = tmp_path / "cats.txt", tmp_path / "mine"
    texts.write_text("the cat sat on the mat. " * 300, encoding="utf-8")
    folder.mkdir()
    train_tokenizer([texts], 300).save(str(folder / "tokenizer.json"))
    for name, variant in (("host_model", "full"), ("longformer", "longformer")):
        tensors = initial_weights(shape, torch.Generator().manual_seed(0))
        save_file({key: tensor.half() for key, tensor in tensors.items()}, str(folder / f"{name}.safetensors"))
        card = {"trained_with": variant, "direction": "causal", "shape": shape.as_dict()}
        (folder / f"{name}.json").write_text(json.dumps(card), encoding="utf-8")
    return folder
