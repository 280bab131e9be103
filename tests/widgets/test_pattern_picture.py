"""Indexes of the picture's pixels against the obvious loops over pairs."""

from __future__ import annotations

import numpy as np
import pytest

from widgets.colour_ramp import FORBIDDEN, GAP, HATCH, LEVELS, NOTHING, PENDING, rgb, share_table, value_table
from widgets.pattern_picture import (
    DECADES,
    first_forbidden,
    grid_of,
    hatch,
    mark,
    pattern_pixels,
    share_indexes,
    weight_indexes,
    weight_pixels,
)
from widgets.preview_pattern import WindowAndFirst
from widgets.themes import DARK, LIGHT
from widgets.view_data import Theme, WeightsData
from widgets.viewport import Viewport, whole

SHAPES = [(1, 1), (7, 7), (40, 40), (13, 29)]


@pytest.mark.parametrize(("queries", "keys"), SHAPES)
def test_made_up_pattern_counts_what_it_says(queries: int, keys: int) -> None:
    pattern = WindowAndFirst(queries, keys, 5, 2)
    kept = np.array([[bool(pattern.reason(query, key)) for key in range(keys)] for query in range(queries)])
    unit = pattern.coverage(np.arange(queries + 1), np.arange(keys + 1))
    assert np.array_equal(unit, kept)
    whole_share = pattern.coverage(np.array([0, queries]), np.array([0, keys]))
    assert whole_share[0, 0] == pytest.approx(kept.mean())


def test_no_kept_pair_vanishes() -> None:
    shares = np.array([[0.0, 1e-12, 1 / LEVELS, 0.5, 1.0, 1.0000001]], dtype=np.float32)
    assert share_indexes(shares).tolist() == [[NOTHING, 1, 1, LEVELS // 2, LEVELS, LEVELS]]


@pytest.mark.parametrize("theme", [DARK, LIGHT])
@pytest.mark.parametrize("stale", [False, True])
def test_every_level_differs_from_nothing_and_grows(theme: Theme, stale: bool) -> None:
    for table in (share_table(theme, theme.categories[0], stale), value_table(theme, stale)):
        channels = np.array([[entry >> 16 & 255, entry >> 8 & 255, entry & 255] for entry in table], dtype=float)
        away = np.abs(channels - rgb(theme.background)).sum(axis=1)
        assert away[NOTHING] == 0
        assert away[1 : LEVELS + 1].min() > 12
        assert away[FORBIDDEN] > 0
        assert away[HATCH] > away[FORBIDDEN]
    steps = np.diff(away_of_shares(theme, stale))
    assert steps.min() >= 0
    assert np.count_nonzero(steps) > LEVELS / 4


def away_of_shares(theme: Theme, stale: bool) -> np.ndarray:
    """How far each level's colour is from the background, summed over channels."""
    table = share_table(theme, theme.categories[0], stale)[1 : LEVELS + 1]
    channels = np.array([[entry >> 16 & 255, entry >> 8 & 255, entry & 255] for entry in table], dtype=float)
    return np.abs(channels - rgb(theme.background)).sum(axis=1)


@pytest.mark.parametrize(("queries", "keys"), SHAPES)
@pytest.mark.parametrize("pixels", [5, 31, 200])
def test_pixels_are_the_pairs_under_them(queries: int, keys: int, pixels: int) -> None:
    pattern = WindowAndFirst(queries, keys, 5, 1)
    grid = grid_of(whole(queries, keys), pixels, pixels, queries, keys)
    found = pattern_pixels(pattern, grid)
    assert found.shape == (pixels, pixels)
    mark(found, grid, keys - queries)
    strokes = hatch(pixels, pixels)
    for row in range(len(grid.row_edges) - 1):
        for column in range(len(grid.column_edges) - 1):
            top, bottom = grid.row_pixels[row : row + 2]
            left, right = grid.column_pixels[column : column + 2]
            if top == bottom or left == right:
                continue
            pairs = [
                (query, key)
                for query in range(*grid.row_edges[row : row + 2])
                for key in range(*grid.column_edges[column : column + 2])
            ]
            middle = (int(top + bottom) // 2, int(left + right) // 2)
            if all(key > query + keys - queries for query, key in pairs):
                assert found[middle] == strokes[middle]
                assert found[middle] in (FORBIDDEN, HATCH)
            else:
                share = np.mean([bool(pattern.reason(*pair)) for pair in pairs])
                assert found[middle] == np.ceil(np.float32(share) * LEVELS)


def test_first_forbidden_cell_against_the_loop() -> None:
    grid = grid_of(Viewport(3, 33, 10, 40), 11, 11, 50, 60)
    for row, first in enumerate(first_forbidden(grid, 10)):
        latest = grid.row_edges[row + 1] - 1 + 10
        wholly = [bool(column > latest) for column in grid.column_edges[:-1]]
        assert wholly == [at >= first for at in range(len(wholly))]


def test_hairlines_only_between_large_cells() -> None:
    large = grid_of(whole(4, 4), 40, 40, 4, 4)
    pixels = np.full((40, 40), LEVELS, dtype=np.uint8)
    mark(pixels, large, None)
    assert np.flatnonzero(pixels[5] == GAP).tolist() == [10, 20, 30]
    assert np.flatnonzero(pixels[:, 5] == GAP).tolist() == [10, 20, 30]
    small = grid_of(whole(40, 40), 200, 200, 40, 40)
    pixels = np.full((200, 200), LEVELS, dtype=np.uint8)
    mark(pixels, small, None)
    assert not (pixels == GAP).any()


def _weights(values: list[list[float]], **more: object) -> WeightsData:
    array = np.array(values, dtype=np.float32)
    rows, columns = np.arange(array.shape[0] + 1), np.arange(array.shape[1] + 1)
    return WeightsData(array, rows, columns, **{"largest": 1.0, **more})  # type: ignore[arg-type]


def test_linear_weights() -> None:
    found = weight_indexes(_weights([[np.nan, 0.0, 1e-9, 0.5, 1.0, 2.0]]))[0]
    assert found.tolist() == [NOTHING, 1, 1, round(1 + 249 / 2), LEVELS, LEVELS]


def test_logarithmic_weights_spread_the_decades() -> None:
    powers = [10.0**-down for down in range(DECADES + 2)]
    found = weight_indexes(_weights([[np.nan, 0.0, *powers]], logarithmic=True))[0].astype(int)
    assert found[0] == NOTHING
    assert found[1] == 1
    assert found[2] == LEVELS
    assert np.ptp(np.diff(found[2 : DECADES + 3])) <= 1
    assert found[-1] == found[-2] == 1


def test_a_picture_of_zeros_is_drawn() -> None:
    assert weight_indexes(_weights([[0.0, np.nan]], largest=0.0)).tolist() == [[1, NOTHING]]


def test_weights_outside_what_was_given_are_pending() -> None:
    weights = WeightsData(np.ones((2, 2), np.float32), np.array([4, 5, 6]), np.array([4, 5, 6]), 1.0)
    view = Viewport(3, 7, 3, 7)
    pixels = weight_pixels(weight_indexes(weights), weights, grid_of(view, 4, 4, 10, 10))
    expected = np.full((4, 4), PENDING)
    expected[1:3, 1:3] = LEVELS
    assert np.array_equal(pixels, expected)
