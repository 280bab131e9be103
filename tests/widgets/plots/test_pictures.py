"""Every kind of picture: what it says under the pointer, and that no data break it."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QImage, QPainter

from widgets.lettering import lettering
from widgets.plots.heat_map_plot import HeatMapPicture, positions, spread, value_scale
from widgets.plots.panel_layout import draw_panel, lay_out_panel, least_panel_height
from widgets.plots.pictures import picture_of
from widgets.plots.plot_data import (
    CurveData,
    ExtentData,
    HeatMapData,
    NumberData,
    NumbersData,
    PlotCloud,
    PlotLine,
    PlotMark,
    PlotPanel,
    ProductsData,
    ReachData,
    ScatterData,
)
from widgets.plots.preview_study import preview_study
from widgets.plots.products_plot import LEAST_SIDE, ProductsPicture
from widgets.plots.reach_plot import ReachPicture, at_least, bands, runs_of
from widgets.themes import DARK, LIGHT

RECT = QRectF(0, 0, 600, 400)
SOME = np.array([1.0, 2.0, 4.0, 8.0])
BLUE = "#56b4e9"


def line(y, x=None, **more):
    y = np.asarray(y, dtype=float)
    return PlotLine("a", np.arange(len(y), dtype=float) if x is None else np.asarray(x), y, BLUE, **more)


def painted(plot, theme=DARK, size=(600, 400), ratio=1.0):
    image = QImage(round(size[0] * ratio), round(size[1] * ratio), QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(ratio)
    image.fill(QColor(theme.background))
    panel = PlotPanel("A title", plot, "A note.")
    picture = picture_of(panel, theme)
    layout = lay_out_panel(panel, picture, QRectF(0, 0, *size))
    painter = QPainter(image)
    draw_panel(painter, layout, panel, picture, ratio, False)
    for share in (0.0, 0.3, 0.5, 1.0):
        place = layout.picture
        point = QPointF(place.left() + share * place.width(), place.top() + share * place.height())
        pointed = picture.pointed(place, point)
        if pointed is not None:
            picture.draw_pointed(painter, place, pointed)
            assert pointed.words()
    painter.end()
    assert isinstance(picture.spoken(), str)
    return image


ODD = [[], [0.0], [5.0], [np.nan] * 3, [np.inf, -np.inf, 1.0], [0, 0, 0], [-1, -2, -3], [1e-300, 1e300], [7, 7, 7]]


def assert_painted(*args, **more):
    """Something stands there: the panel's title at least."""
    image = painted(*args, **more)
    corner = image.pixel(image.width() - 1, image.height() - 1)
    assert any(image.pixel(x, y) != corner for x in range(image.width() // 2) for y in range(30))


@pytest.mark.parametrize("look", ["line", "dashed", "points", "bars"])
@pytest.mark.parametrize("logarithmic", [False, True])
def test_no_curve_breaks(qapp, look, logarithmic):
    for values in ODD:
        lines = (line(values, look=look, low=np.asarray(values) - 1, high=np.asarray(values) + 1), line(SOME))
        for kept in (lines, lines[:1]):
            marks = (PlotMark("k", 0), PlotMark("n", np.nan), PlotMark("far", 1e9))
            assert_painted(CurveData("x", "y", kept, marks, logarithmic, logarithmic))


@pytest.mark.parametrize("logarithmic", [False, True])
@pytest.mark.parametrize("diagonal", [False, True])
def test_no_cloud_breaks(qapp, logarithmic, diagonal):
    for values in ODD:
        cloud = PlotCloud("a", np.asarray(values, dtype=float), np.asarray(values, dtype=float)[::-1], BLUE)
        assert_painted(ScatterData("x", "y", (cloud,), diagonal, logarithmic))
    assert_painted(ScatterData("x", "y", (), diagonal, logarithmic))


@pytest.mark.parametrize("diverging", [False, True])
def test_no_heat_map_breaks(qapp, diverging):
    for values in (np.zeros((0, 0)), np.zeros((0, 3)), np.full((2, 3), np.nan), np.array([[np.inf, -np.inf, 1]])):
        assert_painted(HeatMapData(values, "row", "column", diverging=diverging))
    edges = np.array([0, 10, 11, 4_096])
    assert_painted(HeatMapData(np.arange(9.0).reshape(3, 3) - 4, "", "", edges, edges, diverging))
    assert_painted(HeatMapData(np.random.default_rng(0).normal(size=(900, 1_300)), "", "", diverging=diverging))


def test_no_reach_products_or_numbers_break(qapp):
    assert_painted(ReachData(np.zeros((0, 0)), np.zeros(0), 0, BLUE))
    assert_painted(ReachData(np.ones((1, 1)), np.array([0, 1]), 0, BLUE))
    assert_painted(ReachData(np.full((3, 4), np.nan), np.arange(5), 3, BLUE, 2, 2))
    assert_painted(ReachData(np.ones((30, 2_000)), np.arange(2_001), 1_999, BLUE, 1, 500))
    assert_painted(ProductsData((), BLUE))
    assert_painted(ProductsData((ExtentData("Q", 0, 0, "input"),), BLUE))
    assert_painted(
        ProductsData(tuple(ExtentData(f"M{i}", 1 << 20, 1, "computed") for i in range(14)), BLUE), size=(200, 160)
    )
    assert_painted(NumbersData(()))


@pytest.mark.parametrize("theme", [DARK, LIGHT], ids=lambda theme: theme.name)
@pytest.mark.parametrize("n", [8, 1_048_576])
def test_everything_at_the_least_and_the_greatest_length(qapp, theme, n):
    for panel in preview_study(theme, n).panels:
        for size in ((300, 220), (1_200, 700)):
            assert painted(panel.plot, theme, size, 2.0) == painted(panel.plot, theme, size, 2.0)


def test_a_curve_names_x_and_every_line_and_says_what_lies_between_two_points(qapp):
    lines = (
        PlotLine("whole", SOME[:3], 10 * SOME[:3], BLUE, np.full(3, 9.0), np.full(3, 41.0)),
        PlotLine("ends", np.array([1.0, 4]), np.array([0.0, 31]), "#e69f00"),
        PlotLine("there", np.array([4.0]), np.array([5.0]), "#2cb58e", look="points"),
    )
    picture = picture_of(PlotPanel("", CurveData("m", "error", lines)), DARK)
    frame = picture.frame(RECT)
    pointed = picture.pointed(RECT, QPointF(frame.x_place(2.1), frame.plot.center().y()))
    assert pointed.heading == "m = 2"
    assert [(row.name, row.value) for row in pointed.rows] == [("whole", "20 (9 … 41)"), ("ends", "≈ 10.3")]
    assert picture.pointed(RECT, QPointF(1, 1)) is None


def test_equal_scales_put_the_diagonal_from_corner_to_corner(qapp):
    cloud = PlotCloud("", np.array([0.1, 1.0]), np.array([10.0, 1.0]), BLUE)
    picture = picture_of(PlotPanel("", ScatterData("exact", "estimate", (cloud,), True, True)), DARK)
    frame = picture.frame(RECT)
    assert (frame.x.scale, frame.plot.width()) == (frame.y.scale, frame.plot.height())
    pointed = picture.pointed(RECT, QPointF(frame.x_place(1) + 3, frame.y_place(1)))
    assert [(row.name, row.value) for row in pointed.rows] == [("exact", "1"), ("estimate", "1")]
    assert picture.pointed(RECT, frame.plot.topRight()) is None


def test_what_a_logarithmic_axis_leaves_out_is_told(qapp):
    picture = picture_of(PlotPanel("", CurveData("x", "y", (line([0, -1, 3, np.nan]),), logarithmic_y=True)), DARK)
    assert "2 values ≤ 0" in picture.frame(RECT).y.name


def test_a_heat_map_shows_its_own_colours_and_values(qapp):
    values = np.array([[0.0, 1.0], [np.nan, 0.5]])
    picture = HeatMapPicture(HeatMapData(values, "query", "key", np.array([0, 4, 8]), np.array([0, 1, 2])), DARK)
    plot = picture.plot_rect(RECT)
    image = QImage(600, 400, QImage.Format.Format_RGB32)
    painter = QPainter(image)
    picture.draw(painter, RECT, 1.0)
    painter.end()
    seen = {}
    for row in (0, 1):
        for column in (0, 1):
            x = plot.left() + (column + 0.5) / 2 * plot.width()
            y = plot.top() + (row + 0.5) / 2 * plot.height()
            seen[row, column] = image.pixelColor(round(x), round(y)).name()
            pointed = picture.pointed(RECT, QPointF(x, y))
            assert [part.value for part in pointed.rows] == [("0–3", "4–7")[row], str(column)]
            assert pointed.heading == {0.0: "0", 1.0: "1", 0.5: "0.5"}.get(values[row, column], "no value")
    assert seen[1, 0] == DARK.masked
    assert seen[0, 1] == DARK.sequential[-1]
    assert len(set(seen.values())) == 4


def test_the_scale_of_colours():
    assert value_scale(np.array([[0.2, 0.8]]), False).low == 0
    even = value_scale(np.array([[-1.0, 3.0, np.nan, np.inf]]), True)
    assert (even.low, even.high) == (-3, 3)
    assert value_scale(np.zeros((2, 2)), False).high == 1


def test_no_cell_vanishes_where_many_share_a_pixel():
    cells = np.zeros((1, 1_000), dtype=np.uint8)
    cells[0, 777] = 200
    few = spread(cells, np.arange(1_001), 90, 1, False)
    assert few.shape == (1, 90)
    assert few.max() == 200
    wide = spread(cells[:, 770:780], np.array([0, 1, 2, 3, 4, 5, 6, 7, 50, 60, 100]), 100, 1, False)
    assert (wide == 200).sum() == 43


def test_ticks_of_positions_name_what_lies_there():
    assert positions(np.array([0, 8]), 8) == [((p + 0.5) / 8, str(p)) for p in range(8)]
    assert all(0 <= share <= 1 for share, _ in positions(np.array([0, 1_048_576]), 5))


def test_reach_says_who_can_reach_and_what_is_cached(qapp):
    shares = np.array([[0, 1, 1, 1], [0, 0, 1, 1], [0, 0, 0, 1.0]])
    picture = ReachPicture(ReachData(shares, np.arange(5), 3, BLUE, 2, 2), DARK)
    rows = picture.rows(RECT)

    def at(layer, token):
        return picture.pointed(
            RECT, QPointF(rows.plot.left() + (token + 0.5) / 4 * rows.plot.width(), rows.row(layer).center().y())
        ).words()

    assert at(0, 1).startswith("token 1, input can reach it, cached, no gradient")
    assert at(0, 0).startswith("token 0, input cannot reach it")
    assert at(1, 2).startswith("token 2, after layer 1 can reach it, of this row")
    assert rows.row(0).top() > rows.row(1).top() > rows.row(2).top()
    assert "3, 2, 1" in picture.spoken()
    assert [entry.sign for entry in picture.legend()] == ["block", "underline", "outline"]


def test_reach_keeps_a_bin_that_is_thinner_than_a_pixel(qapp):
    shares = np.zeros((2, 5_000))
    shares[0, 1_234] = 1
    shares[1, 4_999] = 1
    picture = ReachPicture(ReachData(shares, np.arange(5_001), 4_999, BLUE), DARK)
    assert (picture._pixel_shares(np.linspace(0, 5_000, 300, endpoint=False), 300)[0] > 0).sum() == 1


@pytest.mark.parametrize("size", [(300, 260), (600, 400), (1200, 900)])
def test_a_square_has_the_same_ticks_on_both_sides(qapp, size):
    cloud = PlotCloud("", 10 ** np.linspace(-6, 2, 40), 10 ** np.linspace(-6, 1, 40), BLUE)
    picture = picture_of(PlotPanel("", ScatterData("exact", "estimate", (cloud,), True, True)), DARK)
    frame = picture.frame(QRectF(0, 0, *size))
    assert frame.x_ticks == frame.y_ticks
    assert len(frame.x_ticks) >= 2


def overlapping(lower, upper):
    """All pairs of runs by the plain rule."""
    found = []
    for run in lower:
        over = [one for one in upper if one[0] < run[1] and run[0] < one[1]]
        apart = [max(one[0] - run[1], run[0] - one[1]) for one in upper]
        found += [(run, one) for one in over or [upper[apart.index(min(apart))]]]
    return found


reached = st.lists(st.booleans(), min_size=1, max_size=24)


@given(reached, reached)
def test_each_run_of_positions_has_bands_of_its_own(lower, upper):
    runs = [runs_of(np.array(cells, dtype=float), np.arange(len(cells) + 1)) for cells in (lower, upper)]
    for cells, found in zip((lower, upper), runs, strict=True):
        inside = [any(start <= at < stop for start, stop in found) for at in range(len(cells))]
        assert inside == cells
        assert all(after[0] > before[1] for before, after in pairwise(found))
    drawn = [(tuple(one), tuple(other)) for one, other in bands(*runs)]
    plain = [[tuple(run) for run in one] for one in runs]
    assert drawn == (overlapping(*plain) if any(upper) else [])


@given(st.lists(st.booleans(), min_size=4, max_size=40), st.integers(1, 4))
def test_what_reaches_is_wide_enough_to_be_seen(cells, least):
    shares = np.array([cells], dtype=float)
    wide = at_least(shares, least)
    assert (wide >= shares).all()
    runs = runs_of(wide[0], np.arange(len(cells) + 1))
    assert all(stop - start >= least for start, stop in runs)
    assert (wide > 0).sum() <= least * (shares > 0).sum()


def test_nothing_is_drawn_between_two_runs(qapp):
    """Token 0 and a window reach the token: between them no band, though all of it lies within the outermost."""
    shares = np.zeros((3, 90))
    shares[:2, 0] = shares[:2, 60:80] = shares[2, 79] = 1
    picture = ReachPicture(ReachData(shares, np.arange(91), 79, BLUE), DARK)
    rows, image = picture.rows(RECT), QImage(600, 400, QImage.Format.Format_RGB32)
    image.fill(QColor(DARK.surface))
    painter = QPainter(image)
    picture.draw(painter, RECT, 1.0)
    painter.end()
    middle = round((rows.row(0).top() + rows.row(1).bottom()) / 2)

    def colour(position):
        return image.pixelColor(round(rows.plot.left() + (position + 0.5) / 90 * rows.plot.width()), middle).name()

    assert colour(30) == colour(85) == DARK.surface
    assert colour(0) == colour(70) != DARK.surface


def test_products_are_to_one_scale_and_shorter_sides_in_order(qapp):
    extents = tuple(
        ExtentData(name, rows, columns, role)
        for name, rows, columns, role in (
            ("Q", 1_000, 64, "input"), ("S", 256, 64, "computed"), ("QKᵀ", 1_000, 1_000, "never made"),
            ("half", 500, 500, "computed"), ("out", 1_000, 64, "output"),
        )
    )  # fmt: skip
    picture = ProductsPicture(ProductsData(extents, BLUE), DARK)
    for size in ((900, 300), (420, 300), (300, 500)):
        rect = QRectF(5, 7, *size)
        placed, fit = picture.placed(rect)
        boxes = {one.extent.name: one.box for one in placed}
        assert all(rect.adjusted(-1, -1, 1, 1).contains(one.box) for one in placed)
        assert all(min(box.width(), box.height()) >= LEAST_SIDE - 1e-9 for box in boxes.values())
        assert boxes["QKᵀ"].height() == pytest.approx(1_000 * fit.scale)
        assert boxes["QKᵀ"].width() == pytest.approx(boxes["Q"].height())
        if 500 * fit.scale >= LEAST_SIDE:
            assert boxes["half"].width() == pytest.approx(500 * fit.scale)
        assert boxes["S"].width() <= boxes["S"].height() <= boxes["half"].height() <= boxes["QKᵀ"].height()
        slots = sorted((one.slot for one in placed), key=lambda slot: (slot.top(), slot.left()))
        assert not any(one.intersects(other) for i, one in enumerate(slots) for other in slots[:i])


@pytest.mark.parametrize("width", [150.0, 230.0, 286.0, 340.0, 900.0])
def test_products_in_a_narrow_column_take_more_rows_and_none_is_lost(qapp, width):
    names = ("Q", "K", "V", "φ(Q)", "φ(K)", "φ(Q) φ(K)ᵀ", "S = φ(K)ᵀ V", "output")
    roles = ("input", "input", "input", "computed", "computed", "never made", "computed", "output")
    sizes = ((64, 32), (64, 32), (64, 32), (64, 64), (64, 64), (64, 64), (64, 32), (64, 32))
    extents = tuple(ExtentData(name, *size, role) for name, size, role in zip(names, sizes, roles, strict=True))
    picture = ProductsPicture(ProductsData(extents, BLUE), LIGHT)
    rect = QRectF(0, 0, width, picture.least_height(width))
    placed, _ = picture.placed(rect)
    assert all(rect.adjusted(-5, -1, 5, 1).contains(one.slot) for one in placed)


def products_of_signs(*signs, size=(64, 32)):
    """A picture of lines of products, all of one size; the last matrix is never made."""
    roles = ["computed"] * (len(signs) - 1) + ["never made"]
    parts = zip(signs, roles, strict=True)
    extents = [
        ExtentData(f"M{i}", *size, role, sign, "softmax" * (sign == "→")) for i, (sign, role) in enumerate(parts)
    ]
    return ProductsPicture(ProductsData(tuple(extents), BLUE), LIGHT)


@pytest.mark.parametrize("width", [260.0, 420.0, 700.0, 1200.0])
def test_a_row_holds_whole_products_and_begins_with_no_sign(qapp, width):
    picture = products_of_signs("", "·", "=", "", "·", "→", "", "·", "=", "")
    placed, fit = picture.placed(QRectF(0, 0, width, 420))
    assert all(not placed[row[0]].extent.sign for row in fit.rows)
    assert [index for row in fit.rows for index in row] == list(range(10))
    assert (len(fit.rows) == 1) == (width == 1200)


def test_a_sign_has_its_room_between_its_matrices_and_lines_stand_further_apart(qapp):
    placed, fit = products_of_signs("", "·", "→", "", "").placed(QRectF(0, 0, 1200, 200))
    assert len(fit.rows) == 1
    for before, after in pairwise(placed):
        assert after.sign.left() == pytest.approx(before.slot.right())
        assert after.sign.right() == pytest.approx(after.slot.left())
    widths = [one.sign.width() for one in placed[1:]]
    softmax = QFontMetricsF(lettering(QFont(), LIGHT.small_points)).horizontalAdvance("softmax")
    assert widths[0] < widths[2]
    assert widths[1] > softmax


@pytest.mark.parametrize("size", [(64, 32), (1 << 20, 32), (3, 3)])
def test_never_made_is_said_wherever_its_box_is(qapp, size):
    placed, _ = products_of_signs("", "·", "=", "", size=size).placed(QRectF(0, 0, 300, 300))
    assert [one.below[-1] == "never made" for one in placed] == [False, False, False, True]


def test_every_word_of_a_panel_lies_within_it(qapp):
    note = "这是一个很长的说明，用来检查中文文本是否会正确换行。" * 6 + "And English words after it, many of them. " * 5
    for panel in preview_study(DARK, 65_536).panels:
        long = PlotPanel("一个相当长的标题 " * 6, panel.plot, note, True)
        for width in (300.0, 700.0):
            picture = picture_of(long, DARK)
            height = least_panel_height(long, picture, width)
            layout = lay_out_panel(long, picture, QRectF(0, 0, width, height))
            assert layout.picture.height() >= picture.least_height(layout.picture.width()) - 1e-6
            assert "".join(words for words, _ in layout.note).replace(" ", "") == note.replace(" ", "")
            for _, place in (*layout.note, *layout.title):
                assert layout.card.contains(place)
            assert layout.badge is not None
            assert layout.card.contains(layout.badge)


def test_a_long_legend_counts_what_it_has_no_room_for(qapp):
    lines = tuple(PlotLine(f"layer 3, head {index}", SOME, SOME, f"#0000{index:02x}") for index in range(40))
    panel = PlotPanel("", CurveData("x", "y", lines))
    layout = lay_out_panel(panel, picture_of(panel, DARK), QRectF(0, 0, 400, 300))
    shown = len(layout.legend) - 1
    assert layout.legend[-1][1] == f"+ {40 - shown} more"
    assert all(layout.card.contains(place) for _, _, place in layout.legend)


def test_an_entry_of_the_legend_that_is_wider_than_a_row_takes_two(qapp):
    names = ("Sparse Transformer (fixed)", "Sparse Transformer (strided)")
    lines = (*(PlotLine(name, SOME, SOME, BLUE) for name in names), PlotLine("Full", SOME, SOME, "#ffffff"))
    panel = PlotPanel("", CurveData("x", "y", lines))
    layout = lay_out_panel(panel, picture_of(panel, DARK), QRectF(0, 0, 220, 300))
    *parts, last = [words for _, words, _ in layout.legend]
    assert (" ".join(parts), len(parts), last) == (", ".join(names), 2, "Full")
    (_, _, first), (_, _, second), (_, _, third) = layout.legend
    assert first.bottom() <= second.top()
    assert first.left() < second.left() <= third.right()
    assert all(layout.card.contains(place) for _, _, place in layout.legend)


def test_lines_that_look_alike_share_an_entry_of_the_legend(qapp):
    lines = (line(SOME), PlotLine("b", SOME, SOME, BLUE), PlotLine("c", SOME, SOME, BLUE, look="dashed"))
    picture = picture_of(PlotPanel("", CurveData("x", "y", lines)), DARK)
    assert [(entry.words, entry.sign) for entry in picture.legend()] == [("a, b", "line"), ("c", "dashed")]


@pytest.mark.parametrize(("filled", "hollow"), [("line", "hollow line"), ("points", "hollow points")])
def test_hollow_dots_show_the_ground_where_others_are_filled(qapp, filled, hollow):
    seen = {}
    for look in (filled, hollow):
        picture = picture_of(PlotPanel("", CurveData("x", "y", (line(SOME, look=look),))), DARK)
        image = QImage(600, 400, QImage.Format.Format_RGB32)
        painter = QPainter(image)
        picture.draw(painter, RECT, 1.0)
        painter.end()
        x, y = picture.frame(RECT).places(np.arange(4.0), SOME)
        seen[look] = image.pixelColor(int(x[2]), int(y[2])).name()
    assert seen == {filled: BLUE, hollow: DARK.background}


def test_no_name_and_no_number_is_shortened_where_there_is_room(qapp):
    names = ("recurrence against parallel, largest difference", "state", "cache", "ratio")
    data = NumbersData(tuple(NumberData(name, "262.4", "kB") for name in names))
    picture = picture_of(PlotPanel("", data), DARK)
    assert len({cell.top() for _, cell in picture.cells(QRectF(0, 0, 800, 60))}) == 1
    for width in (330, 800, 2_000):
        cells = [cell for _, cell in picture.cells(QRectF(0, 0, width, 300))]
        assert all(cell.width() >= need for cell, need in zip(cells, picture._widths(), strict=True))
        assert max(cell.right() for cell in cells) <= width
        assert max(cell.bottom() for cell in cells) == picture.least_height(width)


def test_clouds_of_one_series_share_their_scales(qapp):
    def cloud(values, name="estimate", diagonal=True):
        return PlotPanel(
            "", ScatterData("exact", name, (PlotCloud("", SOME, np.asarray(values), BLUE),), diagonal, True)
        )

    series = (cloud(SOME), cloud(SOME * 100), cloud(SOME * 1e6, "another"))
    first, second, other = (picture_of(panel, DARK, series).frame(RECT) for panel in series)
    assert first.x.scale == second.x.scale == second.y.scale
    assert first.y.scale.high >= 800
    assert other.y.scale.high > 1e6
    assert picture_of(series[0], DARK).frame(RECT).y.scale.high < 10
