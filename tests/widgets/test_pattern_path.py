"""The path of two steps, and patterns in parts of several colours."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPointF

from tests.widgets.pointer import move
from widgets.colour_ramp import levels_each, parts_table
from widgets.pattern_path import middle_of, stops_of
from widgets.pattern_picture import grid_of, part_pixels, pattern_pixels
from widgets.pattern_view import PatternView
from widgets.themes import DARK
from widgets.view_data import PatternData, PatternPart
from widgets.viewport import whole


class Kept:
    """A pattern from a matrix of booleans."""

    def __init__(self, kept: np.ndarray) -> None:
        self.matrix = kept
        self.queries, self.keys = kept.shape

    def coverage(self, row_edges: np.ndarray, column_edges: np.ndarray) -> np.ndarray:
        sums = np.zeros((self.queries + 1, self.keys + 1))
        sums[1:, 1:] = self.matrix.cumsum(0).cumsum(1)
        corners = sums[np.ix_(row_edges, column_edges)]
        counts = np.diff(np.diff(corners, axis=0), axis=1)
        return (counts / np.outer(np.diff(row_edges), np.diff(column_edges))).astype(np.float32)

    def reason(self, query: int, key: int) -> str:
        return "kept" if self.matrix[query, key] else ""

    def keys_of(self, query: int) -> np.ndarray:
        return np.flatnonzero(self.matrix[query])

    def queries_of(self, key: int) -> np.ndarray:
        return np.flatnonzero(self.matrix[:, key])


def strided(n: int, stride: int) -> tuple[Kept, Kept, Kept]:
    """All, local and far pairs of the strided pattern."""
    behind = np.arange(n)[:, None] - np.arange(n)[None, :]
    local = (behind >= 0) & (behind < stride)
    far = (behind >= stride) & (behind % stride == 0)
    return Kept(local | far), Kept(local), Kept(far)


@given(st.integers(2, 40), st.integers(1, 8), st.data())
def test_any_two_tokens_are_joined_within_two_steps(n, stride, data):
    every, _, _ = strided(n, stride)
    locked = data.draw(st.integers(0, n - 1))
    key = data.draw(st.integers(0, locked))
    stops = stops_of(PatternData(every, True, (), "#ffffff"), locked, key)
    assert 1 <= len(stops) <= 2
    assert stops[0][0] == locked
    assert stops[-1][1] == key
    assert all(every.matrix[row, column] for row, column in stops)
    if len(stops) == 2:
        assert stops[0][1] == stops[1][0] == middle_of(every, locked, key)


def test_no_way_at_all():
    alone = Kept(np.eye(5, dtype=bool))
    assert stops_of(PatternData(alone, True, (), "#ffffff"), 3, 1) == ()


@given(st.integers(1, 60), st.integers(1, 9), st.integers(5, 40))
def test_parts_show_what_the_whole_shows(n, stride, size):
    every, local, far = strided(n, stride)
    grid = grid_of(whole(n, n), size, size, n, n)
    parts, whole_pixels = part_pixels((local, far), grid), pattern_pixels(every, grid)
    np.testing.assert_array_equal(parts > 0, whole_pixels > 0)
    each = levels_each(2)
    local_share = local.coverage(grid.row_edges, grid.column_edges)
    far_share = far.coverage(grid.row_edges, grid.column_edges)
    if parts.shape == local_share.shape:
        np.testing.assert_array_equal(parts > each, far_share > local_share)


def test_each_part_has_its_own_colours():
    table = parts_table(DARK, ("#ff0000", "#0000ff"))
    each = levels_each(2)
    assert table[each] == 0xFFFF0000
    assert table[2 * each] == 0xFF0000FF


@pytest.fixture
def view(qtbot):
    every, local, far = strided(64, 8)
    parts = PatternPart("local", local, "#ff8800"), PatternPart("stride", far, "#3388ff")
    view = PatternView()
    qtbot.addWidget(view)
    view.set_theme(DARK)
    view.set_data(PatternData(every, True, (), "#ff8800", parts=parts))
    view.resize(640, 680)
    view.show()
    return view


def test_the_path_is_told_and_drawn_where_the_pointer_is(view):
    said = []
    view.hovered.connect(said.append)
    view.set_locked(50)
    layout = view._layout()
    before = view.grab().toImage()
    place = layout.place(view.viewport(), 13, 20)
    move(view, place + QPointF(3, 3))
    assert "two steps: 50 →" in said[-1]
    assert said[-1].endswith("→ 13")
    assert view.grab().toImage() != before
