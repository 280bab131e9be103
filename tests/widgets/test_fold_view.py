"""The grid: which cell a position has, what it is coloured by, and what the pointer is told."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor

from tests.widgets.pointer import click, move
from widgets.fold_view import FoldView, cell_colours, laid_out
from widgets.themes import DARK, LIGHT
from widgets.view_data import FoldData

PARTS = (("local", "#ff8800"), ("stride", "#3388ff"))


def strided(n: int, width: int, locked: int, **more: object) -> FoldData:
    behind = locked - np.arange(n)
    part = np.where(behind < 0, -1, np.where(behind < width, 0, np.where(behind % width == 0, 1, -1)))
    return FoldData([f"w{i}" for i in range(n)], width, locked, part, PARTS, caption="a cross", **more)


def test_a_part_of_the_rows_tells_its_own_positions(qtbot):
    """Rows 4 to 7 of a fold of 12 columns: what is clicked and told counts from the start of the text."""
    view = FoldView(DARK)
    qtbot.addWidget(view)
    data = strided(48, 12, 40, first=48)
    view.set_data(data)
    view.resize(600, 500)
    layout = laid_out(QRectF(view.rect()), 48, data.width, view.caption_lines(600) + 1)
    clicked = []
    view.token_clicked.connect(clicked.append)
    click(view, layout.box(14).center())
    assert clicked == [62]
    assert "position 62" in view._told(data, 14)
    assert "row 5, column 2" in view._told(data, 14)


@given(st.integers(1, 5000), st.integers(1, 300), st.integers(50, 2000), st.integers(60, 1500), st.data())
def test_a_cell_leads_back_to_its_position(n, width, wide, high, data):
    layout = laid_out(QRectF(0, 0, wide, high), n, width)
    position = data.draw(st.integers(0, n - 1))
    assert layout.position_at(layout.box(position).center()) == position
    assert layout.rows * layout.columns >= n > (layout.rows - 1) * layout.columns


@given(st.integers(1, 200), st.integers(1, 20), st.sampled_from([DARK, LIGHT]), st.data())
def test_the_cells_show_the_parts(n, width, theme, data):
    locked = data.draw(st.integers(-1, n - 1))
    fold = strided(n, width, locked)
    colours = cell_colours(fold, theme, 2).reshape(-1, 3)
    for position in range(n):
        same = [other for other in range(n) if (fold.part_of[other] == fold.part_of[position])]
        ahead = [(other > locked >= 0) == (position > locked >= 0) for other in same]
        for other, alike in zip(same, ahead, strict=True):
            assert not alike or np.allclose(colours[other], colours[position])


@pytest.fixture
def view(qtbot):
    view = FoldView(DARK)
    qtbot.addWidget(view)
    view.set_data(strided(64, 8, 37))
    view.resize(500, 560)
    view.show()
    return view


def test_a_click_locks_and_the_pointer_is_told(view):
    clicked = []
    view.token_clicked.connect(clicked.append)
    layout = laid_out(QRectF(view.rect()), 64, 8)
    click(view, layout.box(21).center())
    assert clicked == [21]
    before = view.grab().toImage()
    move(view, layout.box(5).center())
    assert view.grab().toImage() != before
    assert "stride" in view._told(view.data, 5)
    assert "not read" in view._told(view.data, 6)
    click(view, QPointF(1, 1))
    assert clicked == [21]


def test_the_cross_is_seen(view):
    layout = laid_out(QRectF(view.rect()), 64, 8)
    image = view.grab().toImage()

    def colour(position: int) -> QColor:
        corner = layout.box(position).topLeft() + QPointF(3, 3)
        return image.pixelColor(corner.toPoint())

    assert colour(29) == colour(21) == colour(13)
    assert colour(36) == colour(35) != colour(29)
    assert colour(28) not in (colour(29), colour(36))


def test_nothing_to_show_says_why(view):
    view.set_data(None)
    view.set_why_empty("no run yet")
    assert not view.grab().isNull()
    click(view, QPointF(100, 100))
