"""Weights in cells against a dense softmax, summed by hand."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from unittest.mock import patch

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from engines import attention_cells
from engines.finished_run import FinishedRun
from engines.measure import random_prepared
from engines.messages import WeightsSlice
from engines.patterns import HashedChunks, tiles
from engines.run import Prepared, prepare
from engines.trace import Cancelled
from engines.variant import Inputs, Mask, Shape
from engines.variants import variants
from tests.engines.conftest import spec

LENGTH = 48
SETTINGS: dict[str, dict[str, object]] = {
    "full": {},
    "longformer": {"window": (9, 5), "dilation": (1, 2), "global_tokens": "first"},
    "reformer": {"chunk_length": 8, "rounds": 2, "buckets": 6},
}
every_variant = pytest.mark.parametrize("name", list(SETTINGS))


def finished(name: str, causal: bool = True, length: int = LENGTH) -> FinishedRun:
    variant = variants()[name]
    shape = Shape(length, length, heads=2, head_width=8, causal=causal)
    prepared = random_prepared(variant, variant.parameters(**SETTINGS[name]), shape, dtype="float64")
    return FinishedRun(prepared, prepared.trace())


RUNS = {(name, causal): finished(name, causal) for name in SETTINGS for causal in (True, False)}


@cache
def dense_of(which: tuple[str, bool], head: int) -> tuple[np.ndarray, np.ndarray]:
    return dense(RUNS[which], head)


def dense(run: FinishedRun, head: int) -> tuple[np.ndarray, np.ndarray]:
    """The softmax over the kept pairs [n, n], and which are kept."""
    prepared, every = run.prepared, torch.arange(run.prepared.shape.queries)
    kept = run.pattern(head).kept(every.numpy(), every.numpy())
    scores = prepared.variant.scores(prepared.inputs, prepared.parameters, head, every, every).numpy()
    weights = np.where(kept, np.exp(scores), 0)
    return weights / weights.sum(1, keepdims=True), kept


def by_hand(weights: np.ndarray, kept: np.ndarray, rows: np.ndarray, columns: np.ndarray) -> np.ndarray:
    cells = np.full((len(rows) - 1, len(columns) - 1), np.nan)
    for i in range(len(rows) - 1):
        for j in range(len(columns) - 1):
            part = np.s_[rows[i] : rows[i + 1], columns[j] : columns[j + 1]]
            if kept[part].any():
                cells[i, j] = weights[part].sum() / (rows[i + 1] - rows[i])
    return cells


def cells(run: FinishedRun, head: int, rows: np.ndarray, columns: np.ndarray) -> tuple[np.ndarray, int]:
    reply = run.cells(WeightsSlice(7, 0, 1, head, rows, columns))
    assert (reply.id, reply.head) == (7, head)
    assert reply.values.dtype == np.float32
    return reply.values, reply.every


edges = st.lists(st.integers(0, LENGTH), min_size=2, max_size=12).map(lambda e: np.array(sorted(e)))


@given(
    st.sampled_from(list(RUNS)),
    st.integers(0, 1),
    edges,
    edges,
)
def test_cells_are_sums_of_the_softmax(which, head, rows, columns):
    run = RUNS[which]
    found, every = cells(run, head, rows, columns)
    assert every == 1
    np.testing.assert_allclose(found, by_hand(*dense_of(which, head), rows, columns), rtol=0, atol=1e-6)


@every_variant
def test_rows_sum_to_one(name):
    every = np.arange(LENGTH + 1)
    for head in range(2):
        found, _ = cells(RUNS[name, True], head, every, every)
        np.testing.assert_allclose(np.nansum(found, 1), 1, atol=1e-6)
        assert np.array_equal(np.isnan(found), ~RUNS[name, True].pattern(head).kept(every[:-1], every[:-1]))


@every_variant
def test_beyond_the_budget_every_so_manieth_row_stands_for_its_neighbours(name, monkeypatch):
    monkeypatch.setattr(attention_cells, "PAIRS_BUDGET", LENGTH * LENGTH // 4)
    rows = columns = np.array([0, 8, 24, 48])
    found, every = cells(RUNS[name, False], 0, rows, columns)
    assert every == 4
    weights, kept = dense(RUNS[name, False], 0)
    for i in range(3):
        sampled = weights[np.arange(rows[i], rows[i + 1], 4)]
        expected = np.add.reduceat(sampled, columns[:-1], axis=1).mean(0)
        there = ~np.isnan(found[i])
        np.testing.assert_allclose(found[i][there], expected[there], atol=1e-6)
        assert np.array_equal(there, [kept[rows[i] : rows[i + 1], columns[j] : columns[j + 1]].any() for j in range(3)])


@every_variant
@pytest.mark.parametrize("at_once", [1, 50, 700])
def test_how_many_rows_are_held_at_once_changes_nothing(name, monkeypatch, at_once):
    rows, columns = np.array([0, 1, 7, 7, 30, 48]), np.array([0, 0, 13, 14, 48])
    expected, _ = cells(RUNS[name, True], 1, rows, columns)
    monkeypatch.setattr(tiles, "PAIRS_AT_ONCE", at_once)
    found, _ = cells(RUNS[name, True], 1, rows, columns)
    np.testing.assert_allclose(found, expected, atol=1e-6)


def test_it_can_be_cancelled():
    def stop() -> None:
        raise Cancelled

    every = np.arange(LENGTH + 1)
    with pytest.raises(Cancelled):
        RUNS["full", True].cells(WeightsSlice(1, 0, 1, 0, every, every), stop)


def test_nothing_n_by_n_is_held(monkeypatch):
    """A view of all pairs of 4,096 tokens in 16 × 16 cells: no more pairs at a time than allowed."""
    monkeypatch.setattr(tiles, "PAIRS_AT_ONCE", 2**16)
    run, asked = finished("full", length=4096), []
    real = attention_cells.tile_weights

    def watched(*args: object) -> torch.Tensor:
        weights = real(*args)  # type: ignore[arg-type]
        asked.append(weights.numel())
        return weights

    monkeypatch.setattr(attention_cells, "tile_weights", watched)
    monkeypatch.setattr(attention_cells, "PAIRS_BUDGET", 2**18)
    grid = np.linspace(0, 4096, 17).astype(int)
    found, every = cells(run, 0, grid, grid)
    assert every == 64
    assert max(asked) <= 2**16
    assert sum(asked) < 64 * 4096
    assert np.array_equal(np.isnan(found), ~np.tri(16, dtype=bool))


def test_inputs_of_low_precision():
    run = RUNS["full", True]
    inputs = run.prepared.inputs
    low = Inputs(*(tensor.bfloat16() for tensor in (inputs.q, inputs.k, inputs.v)))
    prepared: Prepared = replace(run.prepared, inputs=low, mask=Mask(True))
    every = np.arange(LENGTH + 1)
    found, _ = cells(FinishedRun(prepared, prepared.trace()), 0, every, every)
    np.testing.assert_allclose(np.nansum(found, 1), 1, atol=0.05)


def refined(run: FinishedRun, head: int, rows: np.ndarray, columns: np.ndarray) -> list[tuple[np.ndarray, int]]:
    return list(attention_cells.refined_cells(run.prepared, run.steps, run.pattern(head), head, rows, columns))


@settings(max_examples=40)
@given(
    st.sampled_from(list(RUNS)), st.integers(0, 1), edges, edges, st.sampled_from([1, 60, 700, 10**6]), st.booleans()
)
def test_refined_until_every_row_is_summed(which, head, rows, columns, budget, hasty):
    """Whatever the budget and however short the slices: the last picture is the exact one."""
    run = RUNS[which]
    with patch.multiple(
        attention_cells, PAIRS_BUDGET=budget, PAIRS_AT_FIRST=40, SPARSE=4, SLICE_SECONDS=0.0 if hasty else 0.08
    ):
        pictures = refined(run, head, rows, columns)
    expected = by_hand(*dense_of(which, head), rows, columns)
    np.testing.assert_allclose(pictures[-1][0], expected, rtol=0, atol=1e-6)
    steps = [every for _, every in pictures]
    whole = [step for step in steps if step]
    assert steps == [0] * (len(steps) - len(whole)) + sorted(whole, reverse=True)
    assert steps[-1] == 1


def test_each_pass_takes_twice_as_many_rows(monkeypatch):
    """A dense pattern: the first picture of a step is the mean of every so-manieth row."""
    monkeypatch.setattr(attention_cells, "PAIRS_BUDGET", LENGTH * LENGTH // 8)
    rows, columns = np.array([0, 8, 24, 48]), np.array([0, 8, 30, 48])
    weights, _ = dense(RUNS["full", False], 0)
    view = attention_cells.View(
        RUNS["full", False].prepared, RUNS["full", False].steps, RUNS["full", False].pattern(0), 0, rows, columns
    )
    assert [one.every for one in view.passes] == [8, 4, 2, 1]
    for number, one in enumerate(view.passes):
        for _ in view.summed(number, lambda: None):
            pass
        found = view.cells(number)
        for i in range(3):
            sampled = weights[rows[i] : rows[i + 1] : one.every]
            np.testing.assert_allclose(found[i], np.add.reduceat(sampled, columns[:-1], axis=1).mean(0), atol=1e-6)


def test_a_pyramid_moves_nothing_in_the_exact_picture():
    """Where the pattern's coverage is rounded to a coarse grid, the exact cells are still the exact ones."""
    run = RUNS["reformer", True]
    pattern = run.pattern(0)
    assert isinstance(pattern, HashedChunks)
    coarse = replace(pattern, pyramid=pattern.build_pyramid(5), listed_per_frame=0)
    rows, columns = np.array([0, 7, 19, 33, 48]), np.array([0, 5, 23, 31, 48])
    assert not coarse.exact_for(rows, columns)
    found, every = attention_cells.attention_cells(run.prepared, run.steps, coarse, 0, rows, columns)
    assert every == 1
    np.testing.assert_allclose(found, by_hand(*dense_of(("reformer", True), 0), rows, columns), atol=1e-6)


@pytest.mark.parametrize("name", [name for name, variant in variants().items() if variant.implied_weights])
def test_implied_weights_are_reconstructed(name, random_model):
    """A variant without weights over pairs: the picture is that of the weights it implies."""
    variant = variants()[name]
    prepared = prepare(spec(name, LENGTH, causal="causal" in variant.masks), random_model)
    run, every = FinishedRun(prepared, prepared.trace()), torch.arange(LENGTH)
    weights = variant.weights(prepared.inputs, prepared.parameters, run.steps, 1, every, every).numpy()
    kept = run.pattern(1).kept(every.numpy(), every.numpy())
    rows, columns = np.array([0, 7, 19, 33, 48]), np.array([0, 5, 23, 31, 48])
    found, _ = cells(run, 1, rows, columns)
    np.testing.assert_allclose(found, by_hand(np.where(kept, weights, 0), kept, rows, columns), atol=1e-6)


def test_a_window_costs_its_pairs(monkeypatch):
    """The whole square of 8,192 tokens with a window of 32: a few times the pairs that are kept, and exact."""
    asked, real = [], attention_cells.tile_weights

    def watched(*args: object) -> torch.Tensor:
        weights = real(*args)  # type: ignore[arg-type]
        asked.append(weights.numel())
        return weights

    monkeypatch.setattr(attention_cells, "tile_weights", watched)
    variant = variants()["longformer"]
    prepared = random_prepared(variant, variant.parameters(window=32), Shape(8192, 8192, heads=1, head_width=8))
    run = FinishedRun(prepared, prepared.trace())
    grid = np.linspace(0, 8192, 65).astype(int)
    found, every = cells(run, 0, grid, grid)
    assert every == 1
    assert sum(asked) < 16 * run.pattern(0).count()
    np.testing.assert_allclose(np.nansum(found, 1), 1, atol=1e-4)
