"""The patterns of factorised attention against boolean matrices written out."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engines.patterns import Pieces, fixed, strided
from engines.patterns.chosen_columns import ChosenColumns
from engines.patterns.factorised import Sets
from engines.patterns.interval_ends import ListedEnds
from engines.patterns.intervals import Intervals
from engines.patterns.subset import Subset
from tests.engines.test_patterns import SIZES, check

SETS = st.sampled_from(["both", "first", "second"])


def chosen(first: np.ndarray, second: np.ndarray, sets: Sets) -> np.ndarray:
    return {"both": first | second, "first": first, "second": second}[sets]


@settings(max_examples=150)
@given(SIZES, SIZES, st.integers(1, 30), st.integers(0, 30), SETS, st.data())
def test_strided(queries: int, keys: int, stride: int, local: int, sets: Sets, data: st.DataObject) -> None:
    i, j = np.arange(queries)[:, None], np.arange(keys)
    first, second = (j <= i) & (j >= i - local), (j <= i) & ((i - j) % stride == 0)
    pattern = strided(queries, keys, stride, local, sets)
    check(pattern, chosen(first, second, sets), data)
    if sets == "both":
        np.testing.assert_array_equal(pattern.only(["local"]).kept(np.arange(queries), np.arange(keys)), first)


@settings(max_examples=150)
@given(SIZES, SIZES, st.integers(1, 30), st.integers(1, 30), SETS, st.data())
def test_fixed(queries: int, keys: int, stride: int, summary: int, sets: Sets, data: st.DataObject) -> None:
    summary = min(summary, stride)
    i, j = np.arange(queries)[:, None], np.arange(keys)
    first, second = (j <= i) & (j // stride == i // stride), (j <= i) & (j % stride >= stride - summary)
    pattern = fixed(queries, keys, stride, summary, sets)
    check(pattern, chosen(first, second, sets), data)
    if sets == "both":
        np.testing.assert_array_equal(pattern.only(["block"]).kept(np.arange(queries), np.arange(keys)), first)


@settings(max_examples=100)
@given(SIZES, SIZES, st.booleans(), st.data())
def test_chosen_columns(queries: int, keys: int, complement: bool, data: st.DataObject) -> None:
    listed = Subset.of(keys, data.draw(st.lists(st.integers(0, keys - 1), max_size=8)))
    columns = listed.others if complement else listed
    positions = np.flatnonzero(columns.mask())
    ends = st.lists(st.integers(0, len(positions)), min_size=queries, max_size=queries).map(sorted)
    starts = np.array(data.draw(ends))
    stops = np.maximum(np.array(data.draw(ends)), starts)
    matrix = np.zeros((queries, keys), bool)
    for query in range(queries):
        matrix[query, positions[starts[query] : stops[query]]] = True
    piece = ChosenColumns(columns, Intervals("summary", len(positions), ListedEnds(starts), ListedEnds(stops)))
    check(Pieces(queries, keys, False, (piece,)), matrix, data)


@pytest.mark.parametrize("numbers", [(0, 1), (4, 0), (4, 5)])
def test_absurd_sizes_are_refused(numbers: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="expected"):
        fixed(10, 10, *numbers)
    with pytest.raises(ValueError, match="expected"):
        strided(10, 10, numbers[0], -numbers[1] - 1)
