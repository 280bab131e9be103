"""Weights in cells against a dense softmax, summed by hand."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from engines import attention_cells
from engines.finished_run import FinishedRun
from engines.measure import random_prepared
from engines.messages import WeightsSlice
from engines.run import Prepared
from engines.trace import Cancelled
from engines.variant import Inputs, Mask, Shape
from engines.variants import variants

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
    monkeypatch.setattr(attention_cells, "PAIRS_AT_ONCE", at_once)
    found, _ = cells(RUNS[name, True], 1, rows, columns)
    np.testing.assert_allclose(found, expected, atol=1e-6)


def test_it_can_be_cancelled():
    def stop() -> None:
        raise Cancelled

    every = np.arange(LENGTH + 1)
    with pytest.raises(Cancelled):
        RUNS["full", True].cells(WeightsSlice(1, 0, 1, 0, every, every), stop)


def test_nothing_n_by_n_is_held(monkeypatch):
    """A view of all pairs of 4,096 tokens in 16 × 16 cells: no more rows at a time than allowed."""
    monkeypatch.setattr(attention_cells, "PAIRS_AT_ONCE", 2**16)
    run, asked = finished("full", length=4096), []
    real = attention_cells.exact_rows

    def watched(*args: object) -> np.ndarray:
        weights = real(*args)  # type: ignore[arg-type]
        asked.append(weights.size)
        return weights

    monkeypatch.setattr(attention_cells, "exact_rows", watched)
    monkeypatch.setattr(attention_cells, "PAIRS_BUDGET", 2**18)
    grid = np.linspace(0, 4096, 17).astype(int)
    found, every = cells(run, 0, grid, grid)
    assert every == 64
    assert max(asked) <= 2**16
    assert np.array_equal(np.isnan(found), ~np.tri(16, dtype=bool))


def test_inputs_of_low_precision():
    run = RUNS["full", True]
    inputs = run.prepared.inputs
    low = Inputs(*(tensor.bfloat16() for tensor in (inputs.q, inputs.k, inputs.v)))
    prepared: Prepared = replace(run.prepared, inputs=low, mask=Mask(True))
    every = np.arange(LENGTH + 1)
    found, _ = cells(FinishedRun(prepared, prepared.trace()), 0, every, every)
    np.testing.assert_allclose(np.nansum(found, 1), 1, atol=0.05)
