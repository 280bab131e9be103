"""The low-rank study against what it should be: singular values, weights and errors computed plainly."""

from __future__ import annotations

from dataclasses import replace
from itertools import islice

import numpy as np
import pytest
import torch

from engines.finished_run import FinishedRun
from engines.run import prepare
from engines.studies import low_rank
from engines.studies.low_rank import cumulative_singular_values, drawn_errors, gram_root
from engines.study import Curve, HeatMap, Panel, Quantities, Question
from engines.trace import Cancelled, Products
from engines.variants.full import VARIANT as FULL
from engines.variants.linformer import VARIANT
from tests.engines.conftest import spec

STUDY = VARIANT.studies[0]


@pytest.fixture
def finished(random_model):
    """A finished run of some tokens, with chosen parameters."""

    def make(length: int, **chosen: object) -> FinishedRun:
        wanted = spec("linformer", length, causal=False, layer=1, parameters=tuple(chosen.items()))
        prepared = prepare(wanted, random_model)
        return FinishedRun(prepared, prepared.trace())

    return make


def last(question: Question) -> dict[str, Panel]:
    """The whole answer, by the beginnings of its titles."""
    *_, panels = STUDY.answer(question)
    return {str(panel.title).split(",")[0].split(" of")[0]: panel for panel in panels}


def exact(run: FinishedRun, head: int) -> torch.Tensor:
    inputs = run.prepared.inputs
    return FULL.attend(inputs, FULL.parameters(), run.prepared.mask)[0][0, head]


def plain_weights(q: torch.Tensor, k: torch.Tensor) -> torch.Tensor:
    return (q.double() @ k.double().T / q.shape[-1] ** 0.5).softmax(-1)


def test_singular_values_are_those_of_the_attention_matrix():
    q, k = torch.randn(2, 150, 8, generator=torch.Generator().manual_seed(0))
    values = np.linalg.svd(plain_weights(q, k).numpy(), compute_uv=False)
    found = cumulative_singular_values(q, k)
    assert found[0] == 0
    np.testing.assert_allclose(found[1:], np.cumsum(values) / values.sum(), rtol=0, atol=1e-6)


def test_every_head_has_its_line_and_k_is_marked(finished):
    run = finished(90, k=12)
    curve = last(Question(run, 1, -1))["Singular values"].data
    assert isinstance(curve, Curve)
    assert [line.label for line in curve.lines] == ["head 2", "head 1"]
    assert [line.colour == -1 for line in curve.lines] == [True, False]
    assert [(mark.label, mark.x) for mark in curve.marks] == [("k", 12)]
    inputs = run.prepared.inputs
    for line, head in zip(curve.lines, (1, 0), strict=True):
        np.testing.assert_array_equal(line.y, cumulative_singular_values(inputs.q[0, head], inputs.k[0, head]))


def test_a_long_text_is_cut_for_the_spectrum_and_says_so(finished, monkeypatch):
    monkeypatch.setattr(low_rank, "WINDOW", 64)
    panel = last(Question(finished(100), 0, -1))["Singular values"]
    assert "first 64 tokens" in str(panel.note)
    assert len(panel.data.lines[0].x) == 65


def test_every_layer_and_head_has_its_share(finished, random_model):
    run = finished(90, k=12)
    heat = last(Question(run, 1, -1))["Share held by the first 12 singular values"].data
    assert isinstance(heat, HeatMap)
    shape = random_model.shape
    assert heat.values.shape == (shape.layers, shape.heads)
    assert list(heat.row_edges) == list(range(1, shape.layers + 2))
    for layer in range(shape.layers):
        inputs = prepare(replace(run.prepared.spec, layer=layer), random_model).inputs
        for head in range(shape.heads):
            values = np.linalg.svd(plain_weights(inputs.q[0, head], inputs.k[0, head]).numpy(), compute_uv=False)
            assert heat.values[layer, head] == pytest.approx(values[:12].sum() / values.sum(), abs=1e-5)


@pytest.mark.parametrize(("length", "k", "budget"), [(50, 7, 1 << 25), (300, 300, 1 << 25), (1000, 5, 600)])
def test_the_weights_are_those_of_the_run(finished, monkeypatch, length, k, budget):
    monkeypatch.setattr(low_rank, "PAIRS_BUDGET", budget)
    monkeypatch.setattr(low_rank, "PAIRS_AT_ONCE", 4000)
    run = finished(length, k=k)
    panel = next(iter(STUDY.answer(Question(run, 1, -1))))[1]
    heat = panel.data
    assert isinstance(heat, HeatMap)
    assert heat.values.shape == (min(length, 256), min(k, 256))
    np.testing.assert_allclose(heat.values.sum(1), 1, atol=1e-5)
    compressed = next(step.data for step in run.steps if step.name == "compressed keys").values[1]
    whole = plain_weights(run.prepared.inputs.q[0, 1], compressed).numpy()
    every = -(-length * k // budget)
    assert (f"Every {every}th" in str(panel.note)) == (every > 1)
    for row, (low, high) in enumerate(zip(heat.row_edges, heat.row_edges[1:], strict=False)):
        mean = np.add.reduceat(whole[low:high:every].mean(0), heat.column_edges[:-1])
        np.testing.assert_allclose(heat.values[row], mean, atol=1e-5)


@pytest.mark.parametrize("projection", VARIANT.settings[1].choices)
def test_the_error_is_the_runs_own(finished, projection):
    run = finished(120, projection=projection)
    panels = last(Question(run, 1, -1))
    output, wanted = run.steps[-1].data.values[1], exact(run, 1)
    error = float((output - wanted).norm() / wanted.norm())
    numbers = {number.name: number.value for number in panels["This head"].data.numbers}
    assert isinstance(panels["This head"].data, Quantities)
    assert numbers["output error"] == pytest.approx(error, rel=1e-4)
    assert numbers["pairs computed"] == pytest.approx(32 / 120)
    assert 0 < numbers["singular values up to k"] < 1
    lines = {line.label: line for line in panels["Output error over k"].data.lines}
    assert lines["this run"].y[0] == pytest.approx(error, rel=1e-4)
    if projection == "mean pooling":
        at = list(lines["mean pooling"].x).index(32)
        assert lines["mean pooling"].y[at] == pytest.approx(error, rel=1e-3)
    assert (lines["random"].low <= lines["random"].y).all()
    assert (lines["random"].y <= lines["random"].high).all()


def test_a_gram_root_has_the_same_covariance(monkeypatch):
    monkeypatch.setattr(low_rank, "KEYS_AT_ONCE", 30)
    for length in (3, 100):
        x = torch.randn(length, 8, generator=torch.Generator().manual_seed(1)).double()
        root = gram_root(x)
        torch.testing.assert_close(root.T @ root, x.T @ x)


@pytest.mark.parametrize("tied", [False, True])
def test_errors_are_distributed_as_with_real_projections(tied):
    """The mean over many draws of the short way meets that of E and F written out, within five standard errors."""
    generator = torch.Generator().manual_seed(2)
    q, k, v = torch.randn(3, 40, 4, generator=generator) * 0.7
    wanted = (plain_weights(q, k) @ v.double()).float()
    short = np.array(list(islice(drawn_errors(q, k, v, wanted, tied, seed=5), 300)))[:, 3]
    count = low_rank.TRIED[3]
    real = []
    for _ in range(300):
        e, f = torch.randn(2, count, 40, generator=generator) / count**0.5
        f = e if tied else f
        estimate = plain_weights(q, e @ k).float() @ (f @ v)
        real.append(float((estimate - wanted).norm() / wanted.norm()))
    spread = np.hypot(np.std(short), np.std(real)) / 300**0.5
    assert abs(np.mean(short) - np.mean(real)) < 5 * spread


def test_answers_grow_and_products_come_first(finished):
    answers = list(STUDY.answer(Question(finished(60), 0, -1)))
    assert [len(panels) for panels in answers] == sorted(len(panels) for panels in answers)
    assert len(answers) > 4
    assert all(isinstance(panels[0].data, Products) for panels in answers)


@pytest.mark.parametrize("length", [8, 9])
def test_the_shortest_texts(finished, length):
    for chosen in ({"k": 1}, {"k": 500}, {"projection": "mean pooling"}):
        panels = last(Question(finished(length, **chosen), 0, -1))
        assert np.isfinite(panels["Output error over k"].data.lines[0].y).all()


def test_it_can_be_given_up(finished):
    def give_up() -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        list(STUDY.answer(Question(finished(60), 0, -1, give_up)))
