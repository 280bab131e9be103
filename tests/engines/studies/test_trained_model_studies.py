"""Studies of the trained models: cost and quality, loss by position, needles, what training changed."""

from __future__ import annotations

import math
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
import torch

from engines import host_model
from engines.finished_run import FinishedRun
from engines.measure import Point, baseline, measure
from engines.run import prepare, weights_of
from engines.studies import loss_by_position, needle, quality_and_cost, study_named, what_training_changed
from engines.studies.quality_and_cost import pareto_front
from engines.study import Curve, HeatMap, Panel, Quantities, Question
from engines.trained_models import Trained, trained, trained_model
from engines.weight_sets import FULL, OWN
from engines.weights import model_of, shipped_model
from tests.engines.conftest import spec


def run_of(name: str, length: int = 300, **values: object) -> FinishedRun:
    of_it = spec(name, length, **values)
    prepared = prepare(of_it, model_of(weights_of(of_it)))
    return FinishedRun(prepared, prepared.trace())


def answers(study: str, run: FinishedRun, head: int = 0) -> list[tuple[Panel, ...]]:
    found = study_named(study, run.prepared.variant, run.prepared.mask.causal)
    return list(found.answer(Question(run, head, -1)))


# Quality and cost


def test_the_front_is_what_no_other_beats_in_both():
    places = [(3.0, 1.0), (1.0, 5.0), (2.0, 5.5), (2.5, 2.0), (4.0, 1.0), (2.5, 1.9)]
    assert pareto_front(places) == [(1.0, 5.0), (2.5, 1.9), (3.0, 1.0)]
    for place in places:  # brute force
        beaten = any(o != place and o[0] <= place[0] and o[1] <= place[1] for o in places)
        assert beaten == (place not in pareto_front(places))


def test_every_variant_has_a_dot_at_its_card_s_loss():
    found = answers("quality-and-cost", run_of("full", 64))
    sets = trained(True)
    assert len(found) == len(sets)
    for panel in found[-1]:
        curve = panel.data
        assert isinstance(curve, Curve)
        dots = {line.label: line for line in curve.lines if line.look == "points"}
        assert set(dots) == {each.label for each in sets}
        for each in sets:
            means = each.card["mean_bits_per_byte"]
            assert dots[each.label].y[0] == pytest.approx((means["english"] + means["chinese"]) / 2)
            assert dots[each.label].x[0] > 0
            assert dots[each.label].colour == each.variant.name
    assert "tiny" in str(found[-1][0].note)


@pytest.mark.parametrize(("seconds", "lined"), [((1.0, 2.0), False), ((2.0, 1.0), True)])
def test_the_note_speaks_of_a_line_where_there_is_one(seconds, lined):
    best, other = sorted(trained(True), key=lambda each: each.bits_per_byte)[:2]
    points = [quality_and_cost.Point(each, cost, None) for each, cost in zip((best, other), seconds, strict=True)]
    (time,) = quality_and_cost.panels(Question(run_of("full", 64), 0, -1), points)
    assert ("The line" in str(time.note)) == any(line.look == "line" for line in time.data.lines) == lined


def note_of(panel: Panel) -> str:
    return str(panel.note)


def test_what_each_number_is_of_is_said():
    time, memory = answers("quality-and-cost", run_of("longformer", 64, layer=2))[-1]
    assert "attention of layer 3 alone, 4 heads × 32, on random" in note_of(time)
    assert "with the settings of its training, not those of this run" in note_of(time)
    assert "redicted" not in note_of(time)
    assert "No dot for" not in note_of(memory)


def test_who_is_missing_from_the_memory_is_named_with_the_reason():
    full, shared, other = trained(True)[:3]
    points = [quality_and_cost.Point(full, 9.0, None), quality_and_cost.Point(shared, 8.0, None)]
    question = Question(run_of("full", 64), 0, -1)
    time, memory = quality_and_cost.panels(question, [*points, quality_and_cost.Point(other, 1.0, 5000)])
    assert "a call would take more than 2 s; scaled by operations from one of 64 tokens" in note_of(time)
    names = f"No dot for {full.label}, {shared.label}: a call would take more than 2 s"
    assert names in note_of(memory)
    assert [line.label for line in memory.data.lines if line.look == "points"] == [other.label]


@pytest.mark.parametrize("late", [0, 2])
def test_full_attention_that_was_measured_beside_the_run_is_not_predicted(monkeypatch, late):
    """Whether it was measured before the question, or while it was answered."""
    monkeypatch.setattr(quality_and_cost, "SECONDS_A_CALL", 0.0)
    run = run_of("full", 64)
    found = measure(Point("fused", baseline(run.prepared, "fused"), 1), 0.01)
    asked = iter([None] * late)
    question = Question(run, 0, -1, fused=lambda: next(asked, found))
    *_, (time, memory) = study_named("quality-and-cost", run.prepared.variant, True).answer(question)
    dots = {line.label: line.x[0] for line in time.data.lines if line.look == "points"}
    assert dots["Full"] == pytest.approx(1e6 * found.seconds / 64)
    assert [line.x[0] for line in memory.data.lines] == [found.peak_bytes / 1e6]
    assert all("(predicted)" in label for label in dots if label != "Full")


def test_models_that_look_both_ways_are_compared_among_themselves():
    time, _ = answers("quality-and-cost", run_of("linformer", 64))[-1]
    assert {line.label for line in time.data.lines if line.look == "points"} == {"Full", "Linformer"}
    assert "hidden pieces" in time.data.y_label


def test_what_would_take_too_long_is_predicted_and_says_so(monkeypatch):
    monkeypatch.setattr(quality_and_cost, "SECONDS_A_CALL", 0.0)
    (time,) = answers("quality-and-cost", run_of("full", 64))[-1]  # and no memory, which is never predicted
    assert all("(predicted)" in line.label for line in time.data.lines if line.look == "points")


# Loss by position


def test_losses_of_this_text_are_those_of_the_model():
    run = run_of("full", 200)
    own, held_out = answers("loss-by-position", run)[-1]
    ids = torch.from_numpy(run.prepared.tokens.ids).long()[None]
    with torch.no_grad():
        nats, _ = trained_model("full").losses(ids, torch.ones_like(ids, dtype=torch.bool))
    assert own.tokens is not None
    assert np.isnan(own.tokens.values[0])
    np.testing.assert_allclose(own.tokens.values[1:], nats.numpy(), atol=2e-3)
    line = own.data.lines[0]
    assert np.isfinite(line.y).all()
    assert f"{float(nats.mean()):.2f}" in str(own.note)
    assert {line.label for line in held_out.data.lines} == {each.label for each in trained(True)}


def test_means_of_this_text_are_over_growing_spans(monkeypatch):
    monkeypatch.setattr(loss_by_position, "ROWS_AT_ONCE", 64)
    losses = np.arange(500, dtype=float)
    losses[0] = np.nan
    line = loss_by_position.own_panel(losses, shipped_model(), "x").data.lines[0]
    assert (np.diff(line.x) > 0).all()
    for x, y in zip(line.x, line.y, strict=True):
        assert y == pytest.approx(x, rel=0.25)  # the mean of a span lies near its middle
    assert len(answers("loss-by-position", run_of("full", 400))) > 3  # a block at a time


# Needle


def test_a_needle_stands_once_in_the_text_and_is_asked_for_at_its_distance():
    run, each = run_of("full", 500), trained(True)[0]
    for distance in needle.DISTANCES[:5]:
        ids, needles = needle.haystacks(Question(run, 0, -1), each, distance)
        assert ids.shape == (needle.TRIALS, needle.BEFORE + distance - needle.NEEDLE + 2 * needle.NEEDLE - 1)
        assert len(needles.unique()) == needles.numel()
        for row, pieces in zip(ids.tolist(), needles.tolist(), strict=True):
            assert row[-needle.NEEDLE + 1 :] == pieces[:-1]
            assert row.count(pieces[-1]) == 1
            assert len(row) - row.index(pieces[-1]) == distance  # to the place where it is asked for
            assert not set(pieces) & set(run.prepared.tokens.ids.tolist())


def test_who_is_sure_of_the_piece_finds_it_and_who_is_blind_does_not(monkeypatch):
    run, each = run_of("full", 300), trained(True)[0]
    question = Question(run, 0, -1)
    _, needles = needle.haystacks(question, each, 16)
    asked = iter(needles.tolist() * 2)
    wrong = False

    def scores(weights: object, hidden: torch.Tensor) -> torch.Tensor:
        pieces = next(asked)
        return torch.nn.functional.one_hot(torch.tensor(pieces[0] if wrong else pieces[-1]), 4096).float()

    monkeypatch.setattr(host_model, "logits", scores)
    assert needle.success(question, each, 16) == 1
    wrong = True
    assert needle.success(question, each, 16) == 0


def test_full_attention_finds_what_is_near(monkeypatch):
    monkeypatch.setattr(needle, "DISTANCES", (16,))
    (panel,) = answers("needle", run_of("full", 300))[-1]
    lines = {line.label: line.y[0] for line in panel.data.lines}
    assert lines["Full"] >= 0.5
    assert panel.data.lines[0].label == "Full"  # the run's own first
    assert all(0 <= share <= 1 for share in lines.values())


@pytest.mark.parametrize(("length", "repeated"), [(96, True), (263, True), (264, False), (300, False)])
def test_a_text_that_is_said_again_for_the_longer_distances_is_told_so(monkeypatch, length, repeated):
    """16 pieces, the needle, and 248 more up to its last piece's 256th follower."""
    monkeypatch.setattr(needle, "DISTANCES", (16, 256))
    monkeypatch.setattr(needle, "success", lambda *asked: 0.0)
    run = run_of("full", length)
    assert run.prepared.shape.queries == length
    panels = [panel for (panel,) in answers("needle", run)]
    assert {"said again" in str(panel.note) for panel in panels} == {repeated}


# What training changed


def test_before_and_after_are_the_runs_on_both_weights():
    run = run_of("longformer", 200, layer=1)
    *_, panels = answers("what-training-changed", run, head=2)
    before, after = (panel for panel in panels if isinstance(panel.data, HeatMap))
    for weights, panel in ((FULL, before), (OWN, after)):
        other = spec("longformer", 200, layer=1, weights=weights)
        prepared = prepare(other, model_of(weights_of(other)))
        expected = what_training_changed.weights_of_head(FinishedRun(prepared, prepared.trace()), 2)
        np.testing.assert_allclose(expected.sum(1), 1, atol=1e-4)
        edges = panel.data.row_edges
        for row, (low, high) in enumerate(pairwise(edges)):
            mean = np.add.reduceat(expected[low:high].mean(0), edges[:-1])
            np.testing.assert_allclose(panel.data.values[row], mean, atol=1e-5)
    assert not np.allclose(before.data.values, after.data.values)
    numbers = [panel.data for panel in panels if isinstance(panel.data, Quantities)]
    assert [number.name for number in numbers[0].numbers] == [number.name for number in numbers[1].numbers]


def test_entropy_is_a_share_of_the_largest():
    uniform = np.tril(np.ones((50, 50))) / np.arange(1, 51)[:, None]
    assert what_training_changed.entropy_share(uniform, causal=True) == pytest.approx(1)
    assert what_training_changed.entropy_share(np.eye(50), causal=True) == pytest.approx(0)
    assert what_training_changed.entropy_share(np.full((8, 8), 1 / 8), causal=False) == pytest.approx(1)
    half = np.zeros((4, 4))
    half[:, :2] = 0.5
    assert what_training_changed.entropy_share(half, causal=False) == pytest.approx(math.log(2) / math.log(4))


def test_it_is_asked_only_of_what_has_weights_of_its_own():
    assert not what_training_changed.STUDY.applies(run_of("full", 8).prepared.variant, True)
    assert what_training_changed.STUDY.applies(run_of("longformer", 8).prepared.variant, True)


def test_labels_tell_sets_of_one_variant_apart():
    labels = [each.label for causal in (True, False) for each in trained(causal)]
    assert len(labels) == len({(label, i < len(trained(True))) for i, label in enumerate(labels)})
    first = trained(True)[0]
    shared = replace(first.weights, parameters={"shared_qk": True})
    assert Trained(shared, first.variant, {}).label == "Full (Shared QK)"
