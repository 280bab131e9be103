"""A pattern while it is played, against its matrix written out."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.reveal import Sweep, kept_after, revealed
from engines.trace import Matrix, Pairs, PairValues, Step
from engines.variant import Shape
from engines.variants import variant_named

LONGFORMER, FULL = variant_named("longformer"), variant_named("full")
SOME = np.zeros((1, 1))
LONGFORMER_STEPS = (
    Step("window", Pairs(("window",))),
    Step("global", Pairs(("window", "global"))),
    Step("softmax", PairValues(SOME)),
    Step("output", Matrix(SOME)),
)
FULL_STEPS = (Step("scores", Matrix(SOME)), Step("softmax", PairValues(SOME)), Step("output", Matrix(SOME)))


def pattern_of(n, causal=True):
    return LONGFORMER.pattern(Shape(n, n, causal=causal), LONGFORMER.parameters(window=4))


def matrix_of(pattern):
    everywhere = np.arange(pattern.queries), np.arange(pattern.keys)
    return np.zeros((pattern.queries, pattern.keys), bool) if pattern is None else pattern.kept(*everywhere)


def edges(n):
    return st.lists(st.integers(0, n), min_size=2, max_size=6, unique=True).map(lambda each: np.array(sorted(each)))


@st.composite
def sweeps(draw):
    n = draw(st.integers(2, 18))
    after = pattern_of(n, draw(st.booleans()))
    before = draw(st.sampled_from([None, after.only(("window",))]))
    return Sweep(before, after, draw(st.integers(0, n)))


def brute(sweep):
    matrix = matrix_of(sweep.before) if sweep.before else np.zeros((sweep.queries, sweep.keys), bool)
    matrix[: sweep.limit] = matrix_of(sweep.after)[: sweep.limit]
    return matrix


@given(sweeps(), st.data())
def test_coverage_is_the_share_of_the_matrix(sweep, data):
    rows, columns, matrix = data.draw(edges(sweep.queries)), data.draw(edges(sweep.keys)), brute(sweep)
    expected = [
        [matrix[top:bottom, left:right].mean() for left, right in pairwise(columns)] for top, bottom in pairwise(rows)
    ]
    got = sweep.coverage(rows, columns)
    assert got.dtype == np.float32
    np.testing.assert_allclose(got, expected, atol=1e-6)
    assert ((got > 0) == (np.array(expected) > 0)).all()


@given(sweeps())
def test_what_a_token_reads_and_who_reads_it(sweep):
    matrix = brute(sweep)
    for position in range(sweep.queries):
        assert list(sweep.keys_of(position)) == list(np.flatnonzero(matrix[position]))
        assert list(sweep.queries_of(position)) == list(np.flatnonzero(matrix[:, position]))
        for key in range(sweep.keys):
            assert bool(sweep.reason(position, key)) == matrix[position, key]


def test_a_band_without_rows_is_empty():
    sweep = Sweep(None, pattern_of(8), 3)
    assert (sweep.coverage(np.array([2, 2, 8]), np.array([0, 8]))[0] == 0).all()


@pytest.mark.parametrize("steps", [LONGFORMER_STEPS, FULL_STEPS])
@pytest.mark.parametrize("fraction", [0.0, 0.25, 0.5, 0.99, 1.0])
def test_a_step_reveals_row_by_row_what_the_next_one_starts_with(steps, fraction):
    variant = LONGFORMER if steps is LONGFORMER_STEPS else FULL
    pattern = variant.pattern(Shape(12, 12, causal=True), variant.parameters())
    for index in range(len(steps)):
        before = kept_after(pattern, steps, index - 1) if index else None
        after = kept_after(pattern, steps, index)
        shown = revealed(pattern, steps, index, fraction)
        matrix = brute(shown) if isinstance(shown, Sweep) else matrix_of(shown)
        new = matrix_of(after) if after else np.zeros_like(matrix)
        old = matrix_of(before) if before else np.zeros_like(matrix)
        limit = round(fraction * 12)
        assert (matrix[:limit] == new[:limit]).all()
        assert (matrix[limit:] == old[limit:]).all()


def test_the_end_is_the_whole_pattern():
    pattern = pattern_of(12)
    assert revealed(pattern, LONGFORMER_STEPS, 3, 1.0) is pattern
    assert revealed(pattern, FULL_STEPS, 2, 1.0) is pattern


def test_where_no_pair_is_scored_the_implied_ones_come_with_the_output():
    pattern, steps = pattern_of(12), (Step("state", Matrix(SOME)), Step("output", Matrix(SOME)))
    assert kept_after(pattern, steps, 0) is None
    assert kept_after(pattern, steps, 1) is pattern
    assert revealed(pattern, steps, 1, 1.0) is pattern


def test_pieces_appear_in_the_order_they_are_named():
    pattern = pattern_of(12)
    assert (matrix_of(kept_after(pattern, LONGFORMER_STEPS, 0)) == matrix_of(pattern.only(("window",)))).all()
    assert kept_after(pattern, LONGFORMER_STEPS, 1) is pattern
    assert kept_after(pattern, FULL_STEPS, 0) is None
