"""Key mass against sorting every row of the softmax by hand."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from engines.finished_run import FinishedRun
from engines.measure import random_prepared
from engines.studies import key_mass, study_named
from engines.study import Curve, Panel, Quantities, Question
from engines.trace import Cancelled
from engines.variant import Shape
from engines.variants import variants

LENGTH = 70


def finished(name: str, causal: bool = True, length: int = LENGTH) -> FinishedRun:
    variant = variants()[name]
    shape = Shape(length, length, heads=3, head_width=8, causal=causal)
    prepared = random_prepared(variant, variant.parameters(), shape, dtype="float64")
    return FinishedRun(prepared, prepared.trace())


def answers(run: FinishedRun, head: int = 1) -> list[tuple[Panel, ...]]:
    study = study_named("key-mass", run.prepared.variant, run.prepared.mask.causal)
    return list(study.answer(Question(run, head, -1)))


def cumulative(run: FinishedRun, head: int, keys: torch.Tensor | None = None) -> np.ndarray:
    """Cumulative mass [query, rank] by hand."""
    q, k = run.prepared.inputs.q[0, head], run.prepared.inputs.k[0, head]
    scores = (q @ (k if keys is None else keys).T) / q.shape[1] ** 0.5
    if run.prepared.mask.causal:
        scores = scores.masked_fill(~torch.ones_like(scores).tril().bool(), float("-inf"))
    return torch.softmax(scores, 1).sort(1, descending=True).values.cumsum(1).numpy()


@pytest.mark.parametrize("causal", [True, False])
def test_curves_are_mean_cumulative_rows(causal):
    run = finished("full", causal)
    curve, numbers = (panel.data for panel in answers(run)[-1])
    assert isinstance(curve, Curve)
    assert isinstance(numbers, Quantities)
    assert [line.label for line in curve.lines] == ["head 2", "head 1", "head 3"]
    assert [line.colour for line in curve.lines] == [-1, 0, 1]
    assert "of head 2" in str(answers(run)[-1][1].title)
    for line, head in zip(curve.lines, (1, 0, 2), strict=True):
        expected = cumulative(run, head)
        np.testing.assert_allclose(line.y, expected.mean(0)[line.x - 1], atol=1e-12)
        if head == 1:
            low, high = np.quantile(expected[:, line.x - 1], (0.1, 0.9), axis=0)
            np.testing.assert_allclose((line.low, line.high), (low, high), atol=1e-12)
    mean = cumulative(run, 1).mean(0)
    needed = [int((mean < share).sum()) + 1 for share in (0.5, 0.9, 0.99)]
    assert [mark.x for mark in curve.marks] == needed == [number.value for number in numbers.numbers]


def test_the_sentence_says_what_was_computed():
    run = finished("full")
    note = str(answers(run)[-1][0].note)
    assert note.startswith(f"8 of 70 keys hold {100 * cumulative(run, 1).mean(0)[7]:.1f} % of the softmax mass")
    assert "for 70 of 70 queries" in note


def test_queries_are_sampled_where_there_are_many(monkeypatch):
    monkeypatch.setattr(key_mass, "ALL_UP_TO", 40)
    monkeypatch.setattr(key_mass, "SAMPLED", 20)
    monkeypatch.setattr(key_mass, "PAIRS_AT_ONCE", 7 * LENGTH)
    found = answers(finished("full"))
    assert len(found) == 3 * 3 + 1
    assert "for 7 of 70 queries" in str(found[0][0].note)
    assert "for 20 of 70 queries" in str(found[-1][0].note)


def test_where_keys_are_queries_the_plain_scores_are_there_too():
    """Scores of its own for every head, and q·kᵀ/√d dashed beside them."""
    run = finished("reformer", causal=False)
    curve = answers(run)[-1][0].data
    assert isinstance(curve, Curve)
    q = run.prepared.inputs.q[0, 1]
    own, plain = curve.lines[0], curve.lines[-1]
    assert plain.look == "dashed"
    np.testing.assert_allclose(
        own.y, cumulative(run, 1, q / q.norm(dim=1, keepdim=True)).mean(0)[own.x - 1], atol=1e-12
    )
    np.testing.assert_allclose(plain.y, cumulative(run, 1).mean(0)[plain.x - 1], atol=1e-12)


def test_one_token_more_than_nothing():
    run = finished("full", length=1)
    curve = answers(run)[-1][0].data
    assert isinstance(curve, Curve)
    assert [mark.x for mark in curve.marks] == [1, 1, 1]


def test_it_can_be_cancelled():
    def stop() -> None:
        raise Cancelled

    run = finished("full")
    with pytest.raises(Cancelled):
        list(key_mass.STUDY.answer(Question(run, 0, -1, stop)))
