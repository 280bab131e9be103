"""A pattern that counts no row of cells twice gives the very numbers of the pattern itself."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.export.remembered import Remembered, stretches
from app.reveal import Sweep
from tests.app.runs import run_of

VARIANTS = ("longformer", "reformer", "sparse-transformer", "bigbird")
edges = st.lists(st.integers(0, 40), min_size=2, max_size=12).map(lambda each: np.array(sorted(each)))


@pytest.mark.parametrize("variant", VARIANTS)
@given(rows=st.lists(edges, min_size=1, max_size=4), columns=edges)
def test_shares_are_the_patterns_own_however_they_are_asked_for(variant, rows, columns):
    pattern = run_of(variant).pattern(2)
    remembered = Remembered(pattern)
    for each in rows:
        assert np.array_equal(remembered.coverage(each, columns), pattern.coverage(each, columns))


@pytest.mark.parametrize("variant", VARIANTS)
def test_a_sweep_counts_a_few_rows_a_frame(variant, monkeypatch):
    pattern = run_of(variant).pattern(2)
    remembered, counted = Remembered(pattern), []
    rows = np.arange(41)
    plain = type(pattern).coverage

    def coverage(self, row_edges, column_edges):
        counted.append(len(row_edges) - 1)
        return plain(self, row_edges, column_edges)

    for limit in range(0, 41, 5):
        expected = Sweep(None, pattern, limit).coverage(rows, rows)
        with monkeypatch.context() as patched:
            patched.setattr(type(pattern), "coverage", coverage)
            assert np.array_equal(Sweep(None, remembered, limit).coverage(rows, rows), expected)
    assert sum(counted) == 40


def test_the_same_parts_are_the_same_object():
    remembered = Remembered(run_of("longformer").pattern(2))
    assert remembered.only(["window"]) is remembered.only(("window",))
    assert remembered.only(["window"]).pieces == ("window",)


def test_rows_that_follow_each_other_are_counted_together():
    assert stretches([(0, 2), (2, 3), (5, 6)]) == [[(0, 2), (2, 3)], [(5, 6)]]
    assert stretches([]) == []
