"""The study of random features against errors computed plainly."""

from __future__ import annotations

from dataclasses import replace
from itertools import islice

import numpy as np
import pytest
import torch

from engines.finished_run import FinishedRun
from engines.random_features import KINDS, draw_features, expected_squared_error, features_of
from engines.run import Prepared, prepare
from engines.studies import random_feature_error
from engines.studies.random_feature_error import CHOICES, OutputComparison, RandomFeatureError, sampled_pairs
from engines.study import Curve, Panel, Quantities, Question, Scatter
from engines.trace import Cancelled
from engines.variants.performer import VARIANT
from tests.engines.conftest import spec
from tests.engines.plain_attention import allowed, plain_attention

STUDY = RandomFeatureError()


@pytest.fixture
def question(random_model, monkeypatch):
    """About a finished run of some tokens; fewer random vectors than people see."""
    monkeypatch.setattr(random_feature_error, "CLOUDS", (16, 64))
    monkeypatch.setattr(random_feature_error, "COUNTS", (16, 64, 256))

    def make(length: int = 80, causal: bool = True, **chosen: object) -> Question:
        prepared = prepare(spec("performer", length, causal=causal, parameters=tuple(chosen.items())), random_model)
        return Question(FinishedRun(shortened(prepared), ()), 1, -1)

    return make


def shortened(prepared: Prepared) -> Prepared:
    """Queries and keys shorter than any text's, so that features do estimate their kernel."""
    inputs = prepared.inputs
    return replace(prepared, inputs=replace(inputs, q=inputs.q / 4, k=inputs.k / 4))


def last(question: Question) -> tuple[Panel, ...]:
    *_, panels = STUDY.answer(question)
    return panels


def test_it_belongs_to_the_performer():
    assert [study.name for study in VARIANT.studies] == ["random-features", "state-or-cache"]
    assert STUDY.applies(VARIANT, causal=False)


@pytest.mark.parametrize("causal", [True, False])
def test_pairs_are_the_texts_own_and_allowed(question, causal):
    asked = question(40, causal)
    sample, inputs = sampled_pairs(asked), asked.run.prepared.inputs
    q, k = (x[0, 1].double() * x.shape[-1] ** -0.25 for x in (inputs.q, inputs.k))
    products = torch.exp(q @ k.T)
    rows = torch.cdist(sample.q, q).argmin(-1)
    columns = torch.cdist(sample.k, k).argmin(-1)
    torch.testing.assert_close(sample.exact, products[rows, columns])
    keeps = allowed(asked.run.prepared.mask, 40, 40)[0, 0]
    assert keeps[rows, columns].all()
    assert len(set(zip(rows.tolist(), columns.tolist(), strict=True))) > 150


def test_causal_pairs_are_drawn_evenly(question):
    """Of an even sample from the triangle, a quarter lies in its first half of the rows."""
    asked = question(400)
    sample, inputs = sampled_pairs(asked), asked.run.prepared.inputs
    rows = torch.cdist(sample.q, inputs.q[0, 1].double() * inputs.q.shape[-1] ** -0.25).argmin(-1)
    assert abs((rows < 200).double().mean() - 0.25) < 0.1


def test_the_whole_answer(question):
    *clouds, needed, kernel, factors, outputs = last(question(m=64))
    assert len(clouds) == 2
    spreads = []
    for cloud in clouds:
        assert isinstance(cloud.data, Scatter)
        assert cloud.data.diagonal
        (points,) = cloud.data.clouds
        assert len(points.x) == random_feature_error.PAIRS
        spreads.append(np.log(points.y / points.x).std())
    assert spreads[1] < 0.7 * spreads[0]
    assert isinstance(needed.data, Quantities)
    for panel in (kernel, outputs):
        assert isinstance(panel.data, Curve)
        assert [mark.x for mark in panel.data.marks] == [64]
        assert len(panel.data.lines) == len(CHOICES)
        own = [line for line in panel.data.lines if line.colour == -1]
        assert [line.label for line in own] == ["positive, orthogonal"]
        for line in panel.data.lines:
            assert line.x.tolist() == [16, 64, 256]
            assert (line.low <= line.y).all()
            assert (line.y <= line.high).all()
            assert line.y[2] < 0.5 * line.y[0]
    labels = [line.label for line in factors.data.lines]
    assert labels == ["positive, orthogonal", "positive, independent", "hyperbolic, orthogonal"]
    for line in factors.data.lines:
        assert 1 < line.y[2] < line.y[0]


def test_needed_vectors_bring_the_error_they_promise(question):
    asked = question()
    sample, needed = sampled_pairs(asked), last(asked)[2]
    found = {number.name: number.value for number in needed.data.numbers}
    for kind in KINDS:
        errors = expected_squared_error(sample.q, sample.k, 1, kind) / sample.exact.square()
        assert float((errors / found[f"m for 10 % error, {kind}"]).median()) == pytest.approx(0.01)


@pytest.mark.parametrize("causal", [True, False])
def test_output_errors_are_those_against_exact_attention(question, causal):
    asked = question(50, causal)
    inputs, mask = asked.run.prepared.inputs, asked.run.prepared.mask
    q, k, v = (x[:, 1:2].double() for x in (inputs.q, inputs.k, inputs.v))
    keeps = allowed(mask, 50, 50)
    exact, _ = plain_attention(q, k, v, keeps)
    generator = torch.Generator().manual_seed(asked.run.prepared.spec.seed + 1)
    omega = draw_features(5, 32, 16, False, "Gaussian", generator, torch.empty(0, dtype=torch.float64))
    found = OutputComparison.of(asked).errors(asked, ("hyperbolic", False), 32)
    scale = 16**-0.25
    for drawing, error in zip(omega, found, strict=True):
        weights = features_of(q * scale, drawing, "hyperbolic") @ features_of(k * scale, drawing, "hyperbolic").mT
        weights = weights * keeps
        output = weights / weights.sum(-1, keepdim=True) @ v
        assert float((output - exact).norm() / exact.norm()) == pytest.approx(error, rel=1e-3)


def test_estimates_below_zero_are_told(question):
    asked = question(features="trigonometric")
    inputs = asked.run.prepared.inputs
    long = replace(asked.run.prepared, inputs=replace(inputs, q=8 * inputs.q, k=8 * inputs.k))
    (cloud,) = next(iter(STUDY.answer(Question(FinishedRun(long, ()), 1, -1))))
    drawn = len(cloud.data.clouds[0].x)
    assert drawn < random_feature_error.PAIRS
    assert str(cloud.note).startswith(f"{random_feature_error.PAIRS - drawn} of 300 estimates are below 0")


def test_a_choice_of_its_own_has_its_line(question):
    *_, kernel, factors, outputs = last(question(features="hyperbolic", orthogonal=False, m=40))
    for panel in (kernel, factors, outputs):
        labels = {line.label: line.colour for line in panel.data.lines}
        assert labels["hyperbolic, independent"] == -1
        assert panel.data.lines[0].x.tolist() == [16, 40, 64, 256]


def test_it_can_be_given_up(question):
    def cancelled() -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        list(islice(STUDY.answer(Question(question().run, 0, -1, cancelled)), 3))
