"""Looking ahead: what moves when a token is changed, against attention written out."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch

from engines.finished_run import FinishedRun
from engines.run import Prepared, prepare
from engines.studies import looking_ahead
from engines.studies.looking_ahead import bar_edges, bars, exchanged, watched
from engines.study import Curve, Panel, Quantities, Question
from engines.trace import Cancelled
from engines.variant import Mask
from engines.variants.full import VARIANT as FULL
from engines.variants.linformer import VARIANT
from tests.engines.conftest import spec

STUDY = VARIANT.studies[1]


@pytest.fixture
def prepared(random_model) -> Prepared:
    return prepare(spec("linformer", 120, causal=False, layer=1), random_model)


def answered(prepared: Prepared, locked: int, head: int = 1) -> tuple[Panel, ...]:
    *_, panels = STUDY.answer(Question(FinishedRun(prepared, prepared.trace()), head, locked))
    return panels


def heights(panel: Panel) -> np.ndarray:
    assert isinstance(panel.data, Curve)
    assert all(line.look == "bars" for line in panel.data.lines)
    return np.concatenate([line.y for line in panel.data.lines])


@pytest.mark.parametrize("token", [0, 1, 60, 119])
def test_bars_are_the_change_of_each_output(prepared, token):
    own, causal, share = answered(prepared, token)
    changed = replace(prepared, inputs=exchanged(prepared.inputs, token))
    moved = (changed.attend() - prepared.attend())[0, 1].norm(dim=1).numpy()
    np.testing.assert_allclose(heights(own), moved, atol=1e-6)
    both = [FULL.attend(run.inputs, FULL.parameters(), Mask(True))[0][0, 1] for run in (changed, prepared)]
    expected = (both[0] - both[1]).norm(dim=1).numpy()
    np.testing.assert_allclose(heights(causal), expected, atol=1e-5)
    assert not heights(causal)[:token].any()
    assert heights(causal)[token] > 0
    assert [len(line.x) for line in own.data.lines] == [token, 120 - token]
    assert isinstance(share.data, Quantities)
    numbers = [number.value for number in share.data.numbers]
    assert numbers == [pytest.approx(moved[:token].sum() / moved.sum(), abs=1e-6), 0]
    assert not token or numbers[0] > 0


def test_the_second_chart_says_that_its_scale_is_another(prepared):
    own, causal, _ = answered(prepared, 60)
    largest = [max(heights(panel)) for panel in (causal, own)]
    assert "the tallest bar is {:.2g} here, {:.2g} with Linformer".format(*largest) in str(causal.note)


def test_without_a_locked_token_the_middle_is_changed(prepared):
    assert answered(prepared, -1)[0].data.marks[0].x == 60
    assert "token 60 " in str(answered(prepared, -1)[0].title)
    assert answered(prepared, 500)[0].data.marks[0].x == 60


def test_the_token_is_exchanged_for_the_least_alike(prepared):
    changed, inputs = exchanged(prepared.inputs, 7), prepared.inputs
    assert torch.equal(changed.q, inputs.q)
    for one, other in ((changed.k, inputs.k), (changed.v, inputs.v)):
        moved = (one != other).any(3).any(1)[0]
        assert moved.nonzero().flatten().tolist() == [7]
    distances = (inputs.v[0] - inputs.v[0, :, 7, None]).square().sum((0, 2))
    assert torch.equal(changed.v[0, :, 7], inputs.v[0, :, int(distances.argmax())])


@pytest.mark.parametrize("length", [8, 256, 257, 5000, 1 << 20])
@pytest.mark.parametrize("place", [0.0, 0.0001, 0.5, 0.9999])
def test_bars_never_hold_both_sides(length, place):
    token = int(length * place)
    edges, rows = bar_edges(length, token), watched(length, token)
    assert edges[0] == 0
    assert edges[-1] == length
    assert token in edges
    assert (np.diff(edges) > 0).all()
    assert len(edges) <= looking_ahead.BARS + 1
    assert np.array_equal(np.unique(rows), rows)
    assert np.bincount(np.searchsorted(edges, rows, side="right") - 1, minlength=len(edges) - 1).min() > 0
    assert len(rows) == length if length <= looking_ahead.ALL_QUERIES_UP_TO else len(rows) <= 1024
    curve = bars(rows, np.ones(len(rows)), token, length)
    for line, side in zip(curve.lines, (lambda x: x < token, lambda x: x >= token), strict=True):
        assert (line.y == 1).all()
        assert side(line.x).all()


def test_a_long_text_is_watched_at_some_queries(random_model, monkeypatch):
    monkeypatch.setattr(looking_ahead, "ALL_QUERIES_UP_TO", 100)
    monkeypatch.setattr(looking_ahead, "PAIRS_AT_ONCE", 6000)
    monkeypatch.setattr(looking_ahead, "BARS", 20)
    run = prepare(spec("linformer", 300, causal=False, layer=1), random_model)
    own, causal, _ = answered(run, 200)
    rows = watched(300, 200)
    assert len(rows) < 100
    changed = exchanged(run.inputs, 200)
    both = [FULL.attend(inputs, FULL.parameters(), Mask(True))[0][0, 1] for inputs in (changed, run.inputs)]
    expected = bars(rows, (both[0] - both[1]).norm(dim=1).numpy()[rows], 200, 300)
    np.testing.assert_allclose(heights(causal), np.concatenate([line.y for line in expected.lines]), atol=1e-5)
    assert len(heights(own)) == 20


def test_it_can_be_given_up(prepared):
    def give_up() -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        list(STUDY.answer(Question(FinishedRun(prepared, prepared.trace()), 0, -1, give_up)))


def test_it_explains_the_missing_mask():
    assert VARIANT.mask_study == STUDY.name
    assert STUDY.follows_locked
