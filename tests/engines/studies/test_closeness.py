"""Closeness against the plain definitions, on the whole square."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from engines.finished_run import FinishedRun
from engines.measure import random_prepared
from engines.run import prepare
from engines.studies import closeness, study_named
from engines.study import Panel, Quantities, Quantity, Question
from engines.variant import Shape
from engines.variants import variants
from tests.engines.conftest import spec

LENGTH = 61


def finished(name: str, causal: bool = True, **settings: object) -> FinishedRun:
    variant = variants()[name]
    shape = Shape(LENGTH, LENGTH, heads=2, head_width=8, causal=causal)
    prepared = random_prepared(variant, variant.parameters(**settings), shape, dtype="float64")
    return FinishedRun(prepared, prepared.trace())


def asked(run: FinishedRun, head: int = 1) -> tuple[Panel, dict[str, Quantity]]:
    study = study_named("closeness", run.prepared.variant, run.prepared.mask.causal)
    (panel,) = list(study.answer(Question(run, head, -1)))[-1]
    assert isinstance(panel.data, Quantities)
    return panel, {number.name: number for number in panel.data.numbers}


def exact(run: FinishedRun, head: int, keys: torch.Tensor | None = None) -> torch.Tensor:
    """Softmax weights over all allowed pairs, by hand."""
    q, k = run.prepared.inputs.q[0, head], run.prepared.inputs.k[0, head]
    scores = q @ (k if keys is None else keys).T / q.shape[1] ** 0.5
    if run.prepared.mask.causal:
        scores = scores.masked_fill(~torch.ones_like(scores).tril().bool(), float("-inf"))
    return torch.softmax(scores, 1)


def error(run: FinishedRun, head: int, weights: torch.Tensor) -> float:
    output, reference = run.steps[-1].data.values[head], weights @ run.prepared.inputs.v[0, head]  # type: ignore[union-attr]
    return float((output - reference).norm() / reference.norm())


@pytest.mark.parametrize("causal", [True, False])
def test_full_attention_is_exact(causal):
    _, numbers = asked(finished("full", causal))
    assert numbers["output error"].value < 1e-12
    assert numbers["softmax mass found"].value == pytest.approx(1, abs=1e-12)
    assert numbers["pairs computed"].value == 1


@pytest.mark.parametrize("causal", [True, False])
@pytest.mark.parametrize("sampled", [True, False])
def test_a_window(causal, sampled, monkeypatch):
    if sampled:
        monkeypatch.setattr(closeness, "PAIRS_BUDGET", LENGTH)
    monkeypatch.setattr(closeness, "PAIRS_AT_ONCE", 10 * LENGTH)
    run = finished("longformer", causal, window=8)
    _, numbers = asked(run)
    weights, every = exact(run, 1), np.arange(LENGTH)
    kept = torch.from_numpy(run.pattern(1).kept(every, every))
    assert numbers["output error"].value == pytest.approx(error(run, 1, weights), rel=1e-9)
    assert numbers["softmax mass found"].value == pytest.approx(float((weights * kept).sum(1).mean()), rel=1e-9)
    allowed = LENGTH * (LENGTH + 1) // 2 if causal else LENGTH**2
    assert numbers["pairs computed"].value == run.traced(0, 1).pairs_computed / allowed
    assert dict(numbers["output error"].card)["queries"] == "all 61"


def test_sampled_queries_are_said(monkeypatch):
    monkeypatch.setattr(closeness, "PAIRS_BUDGET", LENGTH)
    monkeypatch.setattr(closeness, "SAMPLED", 16)
    run = finished("longformer")
    _, numbers = asked(run)
    assert dict(numbers["output error"].card)["queries"] == "16 of 61, evenly spread"


def test_where_keys_are_queries_both_references_are_there():
    run = finished("reformer", chunk_length=8, rounds=2)
    _, numbers = asked(run)
    q = run.prepared.inputs.q[0, 1]
    own = exact(run, 1, q / q.norm(dim=1, keepdim=True))
    assert numbers["output error"].value == pytest.approx(error(run, 1, exact(run, 1)), rel=1e-9)
    assert numbers["output error, own scores"].value == pytest.approx(error(run, 1, own), rel=1e-9)
    assert "scores" in dict(numbers["output error"].card)


@pytest.mark.parametrize("name", list(variants()))
def test_every_variant_is_asked_the_same(name, random_model):
    variant = variants()[name]
    prepared = prepare(spec(name, 64, causal="causal" in variant.masks), random_model)
    panel, numbers = asked(FinishedRun(prepared, prepared.trace()))
    assert {"output error", "pairs computed"} <= set(numbers)
    assert ("softmax mass found" in numbers) != variant.implied_weights
    assert bool(str(panel.note)) == variant.implied_weights
    assert all(np.isfinite(number.value) and number.value >= 0 for number in numbers.values())
    assert all(number.card and number.share for number in numbers.values())
