"""Patterns against boolean matrices written out, at small sizes: every method, every kind of piece."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise
from typing import Any
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engines.patterns import Pattern, Pieces, dense, sliding_window, tiles
from engines.patterns.bands import Band
from engines.patterns.interval_ends import ListedEnds
from engines.patterns.intervals import Intervals
from engines.patterns.pattern import Piece
from engines.patterns.subset import Subset
from engines.patterns.tiles import Tile

Matrix = np.ndarray[Any, np.dtype[np.bool_]]


def share_of(matrix: Matrix, row_edges: Iterable[int], column_edges: Iterable[int]) -> np.ndarray[Any, Any]:
    """The mean of the matrix over each rectangle, 0 for an empty one."""
    rows, columns = list(row_edges), list(column_edges)
    return np.array(
        [[matrix[a:b, c:d].mean() if a < b and c < d else 0 for c, d in pairwise(columns)] for a, b in pairwise(rows)]
    ).reshape(len(rows) - 1, len(columns) - 1)


def check(pattern: Pattern, matrix: Matrix, data: st.DataObject) -> None:
    """Everything a pattern answers, against the matrix."""
    queries, keys = matrix.shape
    assert (pattern.queries, pattern.keys) == (queries, keys)
    assert pattern.count() == matrix.sum()
    np.testing.assert_array_equal(pattern.kept(np.arange(queries), np.arange(keys)), matrix)
    row_edges, column_edges = data.draw(edges(queries)), data.draw(edges(keys))
    shares = pattern.coverage(row_edges, column_edges)
    assert shares.dtype == np.float32
    expected = share_of(matrix, row_edges, column_edges)
    np.testing.assert_allclose(shares, expected, rtol=2e-6, atol=0)
    assert ((shares > 0) == (expected > 0)).all()
    query, key = data.draw(st.integers(0, queries - 1)), data.draw(st.integers(0, keys - 1))
    np.testing.assert_array_equal(pattern.keys_of(query), np.flatnonzero(matrix[query]))
    np.testing.assert_array_equal(pattern.queries_of(key), np.flatnonzero(matrix[:, key]))
    members = (data.draw(st.integers(0, 2**keys - 1)) >> np.arange(keys, dtype=object)) % 2 == 1
    np.testing.assert_array_equal(pattern.readers(members), (matrix & members).any(1))
    members = (data.draw(st.integers(0, 2**queries - 1)) >> np.arange(queries, dtype=object)) % 2 == 1
    np.testing.assert_array_equal(pattern.reached(members), (matrix & members[:, None]).any(0))
    check_tiles(pattern, matrix, data)
    reason = pattern.reason(query, key)
    assert (reason != "") == matrix[query, key]
    assert reason == "" or reason in pattern.pieces
    parts = [pattern.only([name]).kept(np.arange(queries), np.arange(keys)) for name in pattern.pieces]
    np.testing.assert_array_equal(np.sum(parts, 0, dtype=int) if parts else matrix * 0, matrix)  # disjoint, complete
    if reason:
        assert pattern.only([reason]).kept([query], [key])[0, 0]


def check_tiles(pattern: Pattern, matrix: Matrix, data: st.DataObject) -> None:
    """The tiles of some queries and some keys hold each kept pair once, and nothing else."""
    queries, keys = matrix.shape
    rows = np.array(sorted(data.draw(st.sets(st.integers(0, queries - 1)))), np.int64)
    low, high = sorted(data.draw(st.tuples(st.integers(0, keys), st.integers(0, keys))))
    expected = matrix & np.isin(np.arange(queries), rows)[:, None]
    expected[:, :low] = expected[:, high:] = False
    some = data.draw(st.integers(1, 40))
    with patch.multiple(tiles, PAIRS_AT_ONCE=some, ROWS_AT_ONCE=1 + some // 5, LEAST_COLUMNS=1 + some // 8):
        found = list(pattern.tiles(rows, range(low, high)))
    if isinstance(pattern, Pieces):
        listed = [list(Piece.tiles(part, rows, range(low, high))) for part in pattern.parts]
        np.testing.assert_array_equal(pairs_of([tile for part in listed for tile in part], matrix), expected)
    np.testing.assert_array_equal(pairs_of(found, matrix), expected)


def pairs_of(found: Iterable[Tile], matrix: Matrix) -> np.ndarray[Any, Any]:
    """How often each pair is in a tile."""
    counted = np.zeros(matrix.shape, int)
    for tile in found:
        assert len(np.unique(tile.rows)) == len(tile.rows)
        assert len(np.unique(tile.columns)) == len(tile.columns)
        counted[np.ix_(tile.rows, tile.columns)] += 1 if tile.kept is None else tile.kept
    return counted


@st.composite
def edges(draw: st.DrawFn, size: int) -> list[int]:
    """Edges that do not decrease, evenly spaced over a part or anywhere."""
    if draw(st.booleans()):
        low, high = sorted(draw(st.tuples(st.integers(0, size), st.integers(0, size))))
        return np.floor(np.linspace(low, high, draw(st.integers(2, 12)))).astype(int).tolist()
    return sorted(draw(st.lists(st.integers(0, size), min_size=2, max_size=10)))


SIZES = st.integers(1, 24)


def window_matrix(
    queries: int, keys: int, left: int, right: int, dilation: int, positions: Iterable[int], causal: bool
) -> tuple[Matrix, Matrix]:
    """(window without global tokens, global tokens)"""
    i, j = np.arange(queries)[:, None], np.arange(keys)
    distance = j - i
    window = (distance % dilation == 0) & (distance >= -left * dilation) & (distance <= right * dilation)
    chosen = np.isin(i, list(positions)) | np.isin(j, list(positions))
    allowed = (distance <= 0) if causal else np.ones_like(window)
    return window & ~chosen & allowed, chosen & allowed


@settings(max_examples=150)
@given(
    SIZES,
    SIZES,
    st.integers(0, 30),
    st.integers(0, 30),
    st.integers(1, 9),
    st.lists(st.integers(0, 23), max_size=6),
    st.booleans(),
    st.data(),
)
def test_sliding_window(
    queries: int,
    keys: int,
    left: int,
    right: int,
    dilation: int,
    positions: list[int],
    causal: bool,
    data: st.DataObject,
) -> None:
    window, chosen = window_matrix(queries, keys, left, right, dilation, positions, causal)
    pattern = sliding_window(queries, keys, left, right, dilation, positions, causal)
    check(pattern, window | chosen, data)
    every = np.arange(queries), np.arange(keys)
    np.testing.assert_array_equal(pattern.only(["window"]).kept(*every), window)
    np.testing.assert_array_equal(pattern.only(["global"]).kept(*every), chosen)
    check(pattern.only(["window"]), window, data)


@settings(max_examples=50)
@given(SIZES, SIZES, st.booleans(), st.integers(-25, 25), st.data())
def test_dense(queries: int, keys: int, causal: bool, offset: int, data: st.DataObject) -> None:
    i, j = np.arange(queries)[:, None], np.arange(keys)
    matrix = (j <= i + offset) if causal else np.ones((queries, keys), bool)
    check(dense(queries, keys, causal, offset), matrix, data)


@settings(max_examples=100)
@given(SIZES, SIZES, st.integers(-30, 30), st.integers(-30, 30), st.integers(1, 30), st.data())
def test_bands_of_any_sets_distances_and_steps(
    queries: int, keys: int, first: int, last: int, step: int, data: st.DataObject
) -> None:
    sets, masks = [], []
    for size in (queries, keys):
        subset = Subset.of(size, data.draw(st.lists(st.integers(0, size - 1), max_size=6)))
        sets.append(subset.others if data.draw(st.booleans()) else subset)
        masks.append(sets[-1].mask())
    distance = np.arange(keys) - np.arange(queries)[:, None]
    matrix = (distance >= first) & (distance <= last) & (distance % step == 0) & masks[0][:, None] & masks[1]
    check(Pieces(queries, keys, False, (Band("band", *sets, first, last, step),)), matrix, data)


@given(SIZES, SIZES, st.data())
def test_intervals(queries: int, keys: int, data: st.DataObject) -> None:
    ends = st.lists(st.integers(0, keys), min_size=queries, max_size=queries).map(sorted)
    starts = np.array(data.draw(ends))
    stops = np.maximum(np.array(data.draw(ends)), starts)
    matrix = (np.arange(keys) >= starts[:, None]) & (np.arange(keys) < stops[:, None])
    check(
        Pieces(queries, keys, False, (Intervals("segment", keys, ListedEnds(starts), ListedEnds(stops)),)), matrix, data
    )


@given(st.integers(1, 60), st.integers(0, 8), st.integers(1, 4), st.booleans())
def test_receptive_field_over_layers(size: int, half: int, layers: int, causal: bool) -> None:
    """Readers, repeated, are the rows of the matrix's powers."""
    pattern = sliding_window(size, size, half, half, causal=causal)
    members = np.zeros(size, bool)
    members[size // 2] = True
    for _ in range(layers):
        members = pattern.readers(members)
    ahead = np.arange(size) - size // 2
    expected = (ahead <= half * layers) & (ahead >= (0 if causal else -half * layers))
    np.testing.assert_array_equal(members, expected)


@settings(max_examples=50)
@given(st.integers(1, 30), st.integers(2, 8), st.data())
def test_the_same_pieces_build_the_sparse_transformer(size: int, length: int, data: st.DataObject) -> None:
    """Child et al. 2019, section 4: strided, and fixed with one summary position a block."""
    i, j = np.arange(size)[:, None], np.arange(size)
    everything = Subset.everything(size)
    near = Band("window", everything, everything, -length, 0)
    far = Band("stride", everything, everything, -size, -length - 1, length)
    strided = (j <= i) & ((i - j <= length) | ((i - j) % length == 0))
    check(Pieces(size, size, True, (near, far)), strided, data)
    summary = Subset.of(size, range(length - 1, size, length))
    starts = np.arange(size) // length * length
    stops = np.minimum(np.arange(size) + 1, starts + length - 1)
    block = Intervals("block", size, ListedEnds(starts), ListedEnds(stops))
    fixed = (j <= i) & ((i // length == j // length) | (j % length == length - 1))
    check(Pieces(size, size, True, (block, Band("summary", everything, summary, -size, 0))), fixed, data)


@settings(max_examples=50)
@given(SIZES, SIZES, st.integers(0, 8), st.integers(0, 4), st.data())
def test_the_same_pieces_build_memory_and_sinks(
    segment: int, memory: int, window: int, sinks: int, data: st.DataObject
) -> None:
    """A segment that reads a cached memory (L × (M + L)), and a window with the first tokens kept."""
    i, j = np.arange(segment)[:, None], np.arange(memory + segment)
    check(dense(segment, memory + segment, True, query_offset=memory), j <= i + memory, data)
    first, everything = Subset.of(segment, range(sinks)), Subset.everything(segment)
    parts = Band("window", everything, first.others, -window, 0), Band("sink", everything, first, -segment, 0)
    j = np.arange(segment)
    check(Pieces(segment, segment, True, parts), (j <= i) & ((i - j <= window) | (j < sinks)), data)


def test_rows_and_columns_far_from_each_other_at_a_million() -> None:
    """At the largest length, rectangles of a pixel's size agree with the pairs in them, and none is lost."""
    n, every = 1_048_576, range(0, 1_048_576, 64)
    pattern = sliding_window(n, n, 256, 256, dilation=3, global_positions=every, causal=True)
    row_edges, column_edges = (np.floor(np.linspace(0, n, pixels + 1)).astype(int) for pixels in (700, 1000))
    shares = pattern.coverage(row_edges, column_edges)
    areas = np.diff(row_edges)[:, None] * np.diff(column_edges)
    np.testing.assert_allclose((shares.astype(float) * areas).sum(), pattern.count(), rtol=1e-6)
    for row, column in ((0, 0), (350, 500), (699, 999), (699, 0), (350, 499), (0, 1), (123, 175)):
        rows = np.arange(row_edges[row], row_edges[row + 1])
        columns = np.arange(column_edges[column], column_edges[column + 1])
        np.testing.assert_allclose(shares[row, column], pattern.kept(rows, columns).mean(), rtol=1e-6)


@pytest.mark.parametrize("step", [3, 64, 700, 40_000])
def test_long_strides_in_closed_form(step: int) -> None:
    n = 1_048_576
    everything = Subset.everything(n)
    pattern = Pieces(n, n, True, (Band("stride", everything, everything, -n, 0, step),))
    expected = sum(n - distance for distance in range(0, n, step))
    assert pattern.count() == expected
    row_edges, column_edges = (np.floor(np.linspace(0, n, pixels + 1)).astype(int) for pixels in (29, 37))
    areas = np.diff(row_edges)[:, None] * np.diff(column_edges)
    counts = pattern.coverage(row_edges, column_edges).astype(float) * areas
    np.testing.assert_allclose(counts.sum(), expected, rtol=1e-6)
    assert (counts[:, -1][:-1] == 0).all()


def test_a_single_pair_in_a_huge_view_is_never_invisible() -> None:
    n = 1_048_576
    pattern = sliding_window(n, n, 0, 0)
    shares = pattern.coverage([0, n], [0, n])
    assert shares[0, 0] == pytest.approx(1 / n)
    one = Pieces(n, n, False, (Band("one", Subset.of(n, [7]), Subset.of(n, [n - 3]), -n, n),))
    assert one.coverage([0, n], [0, n])[0, 0] > 0
    assert one.count() == 1


@pytest.mark.parametrize("edges", [[0, 5, 3], [-1, 4], [0, 11], [], [0.5, 3]])
def test_edges_that_are_not_edges_are_refused(edges: list[float]) -> None:
    with pytest.raises(ValueError, match="edges must be whole numbers"):
        dense(10, 10, True).coverage(edges, [0, 10])


def test_widths_that_are_not_widths_are_refused() -> None:
    with pytest.raises(ValueError, match="expected left"):
        sliding_window(8, 8, -1, 0)
    with pytest.raises(ValueError, match="never move back"):
        Intervals("segment", 8, np.array([2, 1]), np.array([3, 3]))  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="at or after their start"):
        Intervals("segment", 8, ListedEnds(np.array([1, 4])), ListedEnds(np.array([3, 3])))


def test_names_of_pieces() -> None:
    assert dense(8, 8, True).pieces == ("all",)
    assert sliding_window(8, 8, 2, 0).pieces == ("window",)
    pattern = sliding_window(8, 8, 2, 0, global_positions=[0])
    assert pattern.pieces == ("window", "global")
    assert [pattern.reason(5, 0), pattern.reason(5, 4), pattern.reason(5, 2), pattern.reason(2, 5)] == [
        "global",
        "window",
        "",
        "",
    ]
