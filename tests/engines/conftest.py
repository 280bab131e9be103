"""Shared by the engines' tests: the host model that ships, loaded once; one that is small."""

from __future__ import annotations

import pytest
import torch

from engines import measure
from engines.host_model import ModelShape, initial_weights
from engines.messages import RunSpec, TextSource
from engines.variants import variants
from engines.weights import HostModel, shipped_model

TEXT = "The quick brown fox jumps over the lazy dog. 床前明月光，疑是地上霜。 " * 40


@pytest.fixture(autouse=True)
def no_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    """No window paints here what is timed."""
    monkeypatch.setattr(measure, "REST_SECONDS", 0.0)


@pytest.fixture(scope="session")
def model() -> HostModel:
    """The model that ships."""
    return shipped_model()


@pytest.fixture(scope="session")
def random_model(model: HostModel) -> HostModel:
    """Random weights of three small layers, with the tokenizer that ships."""
    shape = ModelShape(3, heads=2, width=32, feed_forward=64, vocabulary=model.shape.vocabulary, trained_length=64)
    weights = initial_weights(shape, torch.Generator().manual_seed(5))
    return HostModel(weights, shape, model.tokenizer, {"trained_with": "nothing", "direction": "causal"})


def spec(variant: str = "full", length: int = 64, text: str = TEXT, **values: object) -> RunSpec:
    """A run on a short bilingual text, causal where the variant can be; ``values`` are a spec's other fields."""
    if variant in variants():
        values.setdefault("causal", "causal" in variants()[variant].masks)
    return RunSpec(variant, TextSource(text), length, **values)  # type: ignore[arg-type]
