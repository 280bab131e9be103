"""Names of uprights: on nothing, near to their uprights, and never on each other."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QRectF
from PySide6.QtGui import QFontMetricsF, QImage, QPainter

from widgets.plots.curve_plot import CurvePicture
from widgets.plots.marks import BETWEEN, LEADER, apart, place_marks
from widgets.plots.plot_data import CurveData, PlotLine, PlotMark
from widgets.themes import DARK

SOME = np.arange(1.0, 9.0)
LINE = PlotLine("a", SOME, SOME, "#56b4e9")


@given(st.lists(st.tuples(st.floats(0, 500), st.floats(1, 90)), max_size=5), st.floats(480, 700))
def test_boxes_keep_apart_and_inside_and_are_moved_only_where_they_must(boxes, right):
    middles, widths = sorted(middle for middle, _ in boxes), [width for _, width in boxes]
    lefts = apart(middles, widths, -5, right)
    places = list(zip(lefts, widths, strict=True))
    assert all(one + width + BETWEEN <= other + 1e-6 for (one, width), (other, _) in pairwise(places))
    assert all(left >= -5 - 1e-6 and left + width <= right + 1e-6 for left, width in places)
    wishes = [max(-5, min(middle - width / 2, right - width)) for middle, width in zip(middles, widths, strict=True)]
    wished = pairwise(zip(wishes, widths, strict=True))
    if all(one + width + BETWEEN <= other for (one, width), (other, _) in wished):
        np.testing.assert_allclose(lefts, wishes)


def test_two_that_want_the_same_place_share_it():
    assert apart([100, 100], [30, 30], 0, 500) == [100 - 30 - BETWEEN / 2, 100 + BETWEEN / 2]


@pytest.mark.parametrize("width", [160, 300, 900])
@pytest.mark.parametrize("xs", [(1, 1, 1), (1, 4, 8), (7.9, 8, 8), (2, 2.1, 7)])
def test_names_stand_above_the_plot_under_the_name_of_y(qapp, width, xs):
    marks = tuple(PlotMark(label, x) for label, x in zip(("50 %", "longest in training", "same size"), xs, strict=True))
    rect = QRectF(10, 10, width, 200)
    picture = CurvePicture(CurveData("x", "y", (LINE,), marks, logarithmic_x=True), DARK)
    frame, metrics = picture.frame(rect), QFontMetricsF(picture.small())
    placed = place_marks(marks, frame, rect, metrics)
    assert [mark.words[:2] for mark in placed] == ["50", "lo", "sa"]
    for mark in placed:
        assert mark.box.bottom() <= frame.plot.top() - LEADER + 1e-6
        assert mark.box.top() >= rect.top() + metrics.height(), "the name of y"
        assert rect.left() - 1e-6 <= mark.box.left() <= mark.box.right() <= rect.right() + 1e-6
    assert all(one.box.right() < other.box.left() for one, other in pairwise(placed))


def test_nothing_is_kept_free_where_nothing_is_named(qapp):
    rect = QRectF(0, 0, 400, 200)
    plain, unnamed, named = (
        CurvePicture(CurveData("x", "y", (LINE,), marks), DARK)
        for marks in ((), (PlotMark("", 2.0),), (PlotMark("k", 2.0),))
    )
    assert plain.frame(rect).plot == unnamed.frame(rect).plot
    assert named.frame(rect).plot.top() > plain.frame(rect).plot.top()
    assert named.frame(rect).plot.bottom() == plain.frame(rect).plot.bottom()
    assert named.least_height(400) > plain.least_height(400)


def test_only_the_upright_is_drawn_on_the_plot(qapp):
    """Bars and curves beside a mark are the same, whatever it is called."""
    bars = PlotLine("", SOME, np.full(8, 3.0), "#56b4e9", look="bars")
    rect = QRectF(0, 0, 400, 200)

    def pixels(label):
        picture = CurvePicture(CurveData("x", "y", (bars,), (PlotMark(label, 4.0),)), DARK)
        image = QImage(400, 200, QImage.Format.Format_RGB32)
        image.fill(0)
        painter = QPainter(image)
        picture.draw(painter, rect, 1.0)
        painter.end()
        plot, x = picture.frame(rect).plot, round(picture.frame(rect).x_place(4.0))
        inside = range(round(plot.left()) + 2, round(plot.right()) - 2)
        low = range(round(plot.bottom()) - 90, round(plot.bottom()))
        return [[image.pixel(at, y) for at in inside if abs(at - x) > 2] for y in low]

    assert pixels("changed") == pixels("k")
