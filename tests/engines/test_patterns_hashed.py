"""Hashed chunks against their definition, written out pair by pair."""

from __future__ import annotations

from typing import Any
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engines.patterns import HashedChunks, hashed, hashed_chunks
from tests.engines.test_patterns import Matrix, check, edges, share_of

Array = np.ndarray[Any, Any]


def targets(labels: Array, order: Array, chunk_length: int, causal: bool, look_back: int, ring: bool) -> Matrix:
    """Whom each query may see in one round, itself left out: by the definition."""
    n, chunks = len(labels), -(-len(order) // chunk_length)
    matrix = np.zeros((n, n), bool)
    for place, query in enumerate(order):
        seen = {place // chunk_length - back for back in range(look_back + 1)}
        seen = {chunk % chunks for chunk in seen} if ring else seen
        for other, key in enumerate(order):
            real = 0 <= query < n and 0 <= key < n and query != key
            if real and other // chunk_length in seen and labels[query] == labels[key]:
                matrix[query, key] = not causal or key < query
    return matrix


def with_last_resort(matrix: Matrix, run: dict[str, Any]) -> Matrix:
    """Itself, for a query without any other target, unless it is padding."""
    return matrix | np.diag(~matrix.any(1) & np.isin(np.arange(len(matrix)), run["order"][0]))


@st.composite
def runs(draw: st.DrawFn) -> dict[str, Any]:
    n, rounds = draw(st.integers(1, 20)), draw(st.integers(1, 3))
    chunk_length = draw(st.integers(1, 7))
    buckets = draw(st.integers(1, 5))
    labels = [draw(st.lists(st.integers(0, buckets - 1), min_size=n, max_size=n)) for _ in range(rounds)]
    out = draw(st.sets(st.integers(0, n - 1), max_size=draw(st.sampled_from([0, n]))))  # padding in a batch
    orders = [[token for token in np.argsort(one, kind="stable") if token not in out] for one in labels]
    padding = [draw(st.sampled_from([-1, n, n + 5]))] * (-n % chunk_length + len(out))
    return {
        "labels": np.array(labels),
        "order": np.array([[*one, *padding] for one in orders]),
        "chunk_length": chunk_length,
        "causal": draw(st.booleans()),
        "look_back": draw(st.integers(0, 3)),
        "ring": draw(st.booleans()),
    }


def rounds_of(run: dict[str, Any]) -> list[Matrix]:
    rest = {name: run[name] for name in ("chunk_length", "causal", "look_back", "ring")}
    return [targets(labels, order, **rest) for labels, order in zip(run["labels"], run["order"], strict=True)]


@settings(max_examples=100)
@given(runs(), st.data())
def test_union_over_rounds(run: dict[str, Any], data: st.DataObject) -> None:
    pattern = hashed_chunks(**run)
    assert pattern.exact
    check(pattern, with_last_resort(np.any(rounds_of(run), 0), run), data)


@settings(max_examples=50)
@given(runs(), st.data())
def test_one_round_in_both_orders(run: dict[str, Any], data: st.DataObject) -> None:
    pattern, n = hashed_chunks(**run), run["labels"].shape[1]
    for number, matrix in enumerate(rounds_of(run)):
        check(pattern.round(number), with_last_resort(matrix, run), data)
        places = run["order"].shape[1]
        tokens = run["order"][number]
        tokens = tokens[(tokens >= 0) & (tokens < n)]
        in_order = np.zeros((places, places), bool)
        in_order[: len(tokens), : len(tokens)] = with_last_resort(matrix, run)[np.ix_(tokens, tokens)]
        check(pattern.sorted_round(number), in_order, data)


@given(runs(), st.integers(1, 25), st.data())
def test_pyramid_is_exact_on_its_cells(run: dict[str, Any], cells: int, data: st.DataObject) -> None:
    matrix = with_last_resort(np.any(rounds_of(run), 0), run)
    n = len(matrix)
    table = hashed_chunks(**run).build_pyramid(cells)
    pattern = hashed_chunks(**run, pyramid=table)
    assert pattern.count() == matrix.sum()
    assert [pattern.only([name]).count() for name in pattern.pieces] == [
        matrix.sum() - matrix.trace(),
        matrix.trace(),
    ]
    bounds = np.minimum(np.arange(len(table)) * -(-n // (len(table) - 1)), n)
    drawn = st.lists(st.sampled_from(bounds.tolist()), min_size=2, max_size=8).map(sorted)
    edges = data.draw(drawn), data.draw(drawn)
    assert pattern.exact_for(*edges)
    shares = coarse(pattern, *edges)
    np.testing.assert_allclose(shares, share_of(matrix, *edges), rtol=2e-6)
    others = coarse(pattern.only(["bucket"]), *edges)
    np.testing.assert_allclose(others, share_of(matrix & ~np.eye(n, dtype=bool), *edges), rtol=2e-6)


def coarse(pattern: HashedChunks, row_edges: list[int], column_edges: list[int]) -> Array:
    """What the pyramid alone answers, however few pairs there are to list."""
    return HashedChunks(
        pattern.length, pattern.causal, pattern.rounds, pattern.pyramid, pattern.pieces, listed_per_frame=-1
    ).coverage(row_edges, column_edges)


@settings(max_examples=60)
@given(runs(), st.integers(1, 30), st.booleans(), st.data())
def test_exact_coverage_by_and_by(run: dict[str, Any], at_once: int, counted: bool, data: st.DataObject) -> None:
    """Whatever a step may list; with the picture of the pyramid first, and without."""
    matrix = with_last_resort(np.any(rounds_of(run), 0), run)
    pyramid = hashed_chunks(**run).build_pyramid(3) if counted else None
    whole = hashed_chunks(**run, pyramid=pyramid)
    pattern = HashedChunks(whole.length, whole.causal, whole.rounds, pyramid, listed_per_frame=-1)
    row_edges, column_edges = data.draw(edges(len(matrix))), data.draw(edges(len(matrix)))
    with patch.object(hashed, "PAIRS_PER_STEP", at_once):
        slices = list(pattern.exact_coverage_slices(row_edges, column_edges))
    expected = share_of(matrix, row_edges, column_edges)
    np.testing.assert_allclose(slices[-1], expected, rtol=2e-6)
    assert ((slices[-1] > 0) == (expected > 0)).all()
    if counted:
        np.testing.assert_array_equal(slices[0], pattern.coverage(row_edges, column_edges))
    exact = [np.isclose(shares, expected, rtol=2e-6).all(1) for shares in slices]
    rows = [int(np.logical_and.accumulate(each).sum()) for each in exact]  # exact from the top
    assert rows == sorted(rows)
    only = list(whole.exact_coverage_slices([0, len(matrix)], [0, len(matrix)]))
    assert len(only) == 1
    np.testing.assert_allclose(only[0], share_of(matrix, [0, len(matrix)], [0, len(matrix)]), rtol=2e-6)


@pytest.mark.parametrize("columns", [(0, 16_384), (3_000, 12_000)])
def test_a_step_towards_the_exact_coverage_lists_few_pairs(columns: tuple[int, int]) -> None:
    listed = hashed_chunks(**random_run(16_384, rounds=4))
    grid = np.linspace(0, 16_384, 701).astype(int), np.linspace(*columns, 1001).astype(int)
    pattern = hashed_chunks(**random_run(16_384, rounds=4), pyramid=listed.build_pyramid(1024))
    with patch.object(HashedChunks, "_new_pairs", autospec=True, side_effect=HashedChunks._new_pairs) as new_pairs:
        slices = list(pattern.exact_coverage_slices(*grid))
    sizes = [int((call.args[4] - call.args[3]).sum()) for call in new_pairs.call_args_list]
    assert max(sizes) <= hashed.PAIRS_PER_STEP + 128
    assert len(slices) > 4
    np.testing.assert_array_equal(slices[-1], listed.coverage(*grid))


def random_run(n: int, rounds: int = 2, chunk_length: int = 64, causal: bool = True) -> dict[str, Any]:
    labels = np.random.default_rng(0).integers(0, n // 64, (rounds, n))
    order = np.argsort(labels, axis=1, kind="stable")
    return {"labels": labels, "order": order, "chunk_length": chunk_length, "causal": causal}


@pytest.mark.parametrize("causal", [True, False])
def test_wide_views_from_the_pyramid_keep_every_pair(causal: bool) -> None:
    run = random_run(16_384, causal=causal)
    listed = hashed_chunks(**run)
    pattern = hashed_chunks(**run, pyramid=listed.build_pyramid(1024))
    n = 16_384
    edges = [np.floor(np.linspace(0, n, pixels + 1)).astype(int) for pixels in (700, 1000)]
    assert not pattern.exact
    assert not pattern.exact_for(*edges)
    exact, shares = listed.coverage(*edges), pattern.coverage(*edges)
    np.testing.assert_allclose(listed.count(), pattern.count())
    areas = np.diff(edges[0])[:, None] * np.diff(edges[1])
    np.testing.assert_allclose((exact * areas).sum(dtype=float), listed.count(), rtol=1e-5)
    for row, column in ((0, 0), (350, 480), (699, 999), (699, 0), (123, 60), (0, 999)):
        rows, columns = (np.arange(*side[at : at + 2]) for side, at in zip(edges, (row, column), strict=True))
        np.testing.assert_allclose(exact[row, column], listed.kept(rows, columns).mean(), rtol=1e-6)
    near = np.zeros_like(shares, bool)
    padded = np.pad(shares > 0, 1)
    for down in range(3):
        for right in range(3):
            near |= padded[down : down + 700, right : right + 1000]
    assert near[exact > 0].all()  # a kept pair shows in its pixel or beside it
    deep = [np.arange(4000, 4701), np.arange(3800, 4801)]
    assert pattern.exact_for(*deep)
    np.testing.assert_array_equal(pattern.coverage(*deep), listed.coverage(*deep))


def test_a_query_reads_itself_only_when_no_round_gives_it_another() -> None:
    labels = np.array([[0, 1, 0], [0, 1, 1]])
    pattern = hashed_chunks(labels, np.argsort(labels, axis=1, kind="stable"), chunk_length=4, causal=True)
    assert [pattern.reason(0, 0), pattern.reason(1, 1), pattern.reason(2, 2)] == ["self", "self", ""]
    assert pattern.round(1).reason(1, 1) == "self"
    assert pattern.keys_of(2).tolist() == [0, 1]


def test_orders_that_are_not_sorted_are_refused() -> None:
    with pytest.raises(ValueError, match="each once"):
        hashed_chunks([[0, 0, 0]], [[0, 1, 1]], 2, True)
    with pytest.raises(ValueError, match="each once"):
        hashed_chunks([[0, 0, 0]], [[0, -1, 1, 2]], 2, True)
    with pytest.raises(ValueError, match="by bucket, then by position"):
        hashed_chunks([[1, 0]], [[0, 1]], 2, True)
    with pytest.raises(ValueError, match="by bucket, then by position"):
        hashed_chunks([[0, 0]], [[1, 0]], 2, True)
    with pytest.raises(ValueError, match="expected as many labels as orders"):
        hashed_chunks([[0, 0]], [[0, 1], [0, 1]], 2, True)
