"""Time and memory against length: what is shown, and what answers to a person."""

from itertools import pairwise

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QToolTip

from widgets.cost_chart import CostChart, _made_up
from widgets.cost_layout import LABEL_ROOM, LEAST_PLOT, MARGIN, best_known
from widgets.lettering import pixels
from widgets.themes import LIGHT
from widgets.view_data import Card, CostPoint


def point(n, seconds=1e-3, size=10**6, kind="measured", series="Reformer"):
    return CostPoint(series, "#cc79a7", n, seconds, size, kind, Card((("device", "CPU"),)))


@pytest.fixture
def chart(qtbot):
    chart = CostChart()
    qtbot.addWidget(chart)
    chart.resize(384, 430)
    chart.set_points(_made_up())
    chart.set_length(8192)
    chart.show()
    qtbot.waitExposed(chart)
    return chart


def test_measured_wins_over_out_of_memory_over_predicted_and_later_over_earlier():
    points = (
        point(2048, 2e-3, kind="predicted"),
        point(512, 1e-3),
        point(2048, 3e-3),
        point(512, 9e-3, kind="predicted"),
        point(512, 5e-3),
        point(8192, kind="predicted"),
        point(8192, None, None, kind="out of memory"),
    )
    line = best_known(points)["Reformer"]
    assert [(p.n, p.seconds, p.kind) for p in line] == [
        (512, 5e-3, "measured"),
        (2048, 3e-3, "measured"),
        (8192, None, "out of memory"),
    ]


def test_longer_is_further_right_and_more_is_higher(chart):
    for which in (0, 1):
        places = {p.n: place for p, place in chart.places(which) if p.series == "Full" and p.kind == "measured"}
        order = [places[n] for n in sorted(places)]
        assert [place.x() for place in order] == sorted(place.x() for place in order)
        assert [place.y() for place in order] == sorted((place.y() for place in order), reverse=True)
        assert all(chart.plot_rect(which).contains(place) for place in order)


def test_quadratic_is_twice_as_steep_as_linear(chart):
    chart.set_points(
        tuple(
            point(n, 1e-9 * n**power, n, series=series)
            for series, power in (("line", 1), ("square", 2))
            for n in (512, 8192)
        )
    )
    places = {(p.series, p.n): place for p, place in chart.places(0)}
    rise = {s: places[s, 512].y() - places[s, 8192].y() for s in ("line", "square")}
    assert rise["square"] == pytest.approx(2 * rise["line"])


def test_out_of_memory_stands_at_the_top_edge_of_both_plots(chart):
    for which in (0, 1):
        place = next(place for p, place in chart.places(which) if p.kind == "out of memory")
        assert place.y() == pytest.approx(chart.plot_rect(which).top() + 5)


def test_hover_shows_the_card_and_a_click_chooses(chart, qtbot):
    chosen = next((p, place) for p, place in chart.places(1) if p.series == "Full" and p.n == 16_384)
    at = chosen[1].toPoint()
    qtbot.mouseMove(chart, at + QPoint(2, 1))
    assert chart._hovered is chosen[0]
    assert "16,384" in QToolTip.text()
    with qtbot.waitSignal(chart.point_chosen) as signal:
        qtbot.mouseClick(chart, Qt.MouseButton.LeftButton, pos=at)
    assert signal.args == ["Full", 16_384]


def test_a_click_beside_all_points_chooses_nothing(chart, qtbot):
    with qtbot.assertNotEmitted(chart.point_chosen):
        qtbot.mouseClick(chart, Qt.MouseButton.LeftButton, pos=QPoint(3, 3))
        qtbot.mouseClick(chart, Qt.MouseButton.RightButton, pos=next(chart.places(0))[1].toPoint())


def test_the_keyboard_reaches_every_point(chart, qtbot):
    chart.setFocus()
    seen = set()
    for _ in chart._series:
        for key in [Qt.Key.Key_Left] * 14 + [Qt.Key.Key_Right] * 14:
            qtbot.keyClick(chart, key)
            seen.add((chart._hovered.series, chart._hovered.n))
        qtbot.keyClick(chart, Qt.Key.Key_Down)
    assert seen == {(p.series, p.n) for line in chart._series.values() for p in line}
    with qtbot.waitSignal(chart.point_chosen):
        qtbot.keyClick(chart, Qt.Key.Key_Return)


@pytest.mark.parametrize(
    "points",
    [
        (),
        (point(1),),
        (point(1 << 20, kind="predicted"),),
        (point(512, None, None, "out of memory"),),
        (point(512, 0.0, 0),),
        (point(512, None, 5),),
    ],
)
@pytest.mark.parametrize("size", [(220, 280), (900, 900), (30, 30)])
def test_few_points_and_odd_sizes_are_drawn(chart, points, size):
    chart.resize(*size)
    chart.set_points(points)
    for n in (None, 1, 1 << 20):
        chart.set_length(n)
        assert not chart.grab().isNull()


def test_points_of_one_series_share_a_legend_entry_and_long_names_are_kept_inside(chart):
    chart.set_points((point(512, series="x" * 200), point(2048, series="x" * 200), point(512, series="b")))
    assert [[one.series for one in row] for row in chart._laid_out().legend] == [["x" * 200], ["b"]]


def test_the_tooltip_says_what_is_predicted(chart):
    assert "≈ 1.00 ms" in chart.tooltip(point(512, kind="predicted"))
    assert "out of memory" in chart.tooltip(point(512, None, None, "out of memory"))


MANY = ("Full, fused", "Full, textbook", "Transformer-XL", "Sparse", "Longformer", "Reformer", "Linformer", "Linear",
        "Performer", "BigBird")  # fmt: skip
DECADES = tuple(point(n, 1e-5 * n**0.9, 10**4 * n, series=name) for name in MANY for n in (8, 128, 8_192, 524_288))


@pytest.mark.parametrize("n", [1, 8, 96, 65_536, 524_288, 1 << 20])
@pytest.mark.parametrize("width", [220, 363, 384, 900])
def test_the_present_length_is_named_within_the_margins_where_nothing_else_is(chart, n, width):
    chart.resize(width, 430)
    chart.set_points(DECADES)
    chart.set_length(n)
    words = chart.length_words()
    first = chart.plot_rect(0).left()  # left of it stand the values
    assert first <= words.left() <= words.right() <= width - MARGIN
    assert words.bottom() <= chart.plot_rect(0).top()
    assert words.top() >= chart._laid_out().headings[0]
    x = chart._laid_out().x(n)
    assert abs(words.center().x() - x) < 1 or words.left() == first or words.right() == width - MARGIN


@pytest.mark.parametrize("size", [(220, 280), (363, 280), (384, 430), (900, 900)])
@pytest.mark.parametrize("points", [(), _made_up(), DECADES])
def test_labels_of_both_axes_keep_apart_and_inside_the_margin(chart, size, points):
    chart.resize(*size)
    chart.set_points(points)
    layout, metrics = chart._laid_out(), chart._metrics()
    shown = [(layout.x(n), metrics.horizontalAdvance(label) / 2) for n, label in layout.length_labels if label]
    assert len(shown) >= 2
    assert layout.length_labels[-1][1], "the last is always named"
    assert all(x + half + LABEL_ROOM <= right - other for (x, half), (right, other) in pairwise(shown))
    assert shown[-1][0] + shown[-1][1] <= chart.width() - MARGIN + 0.5
    for which in (0, 1) if points else ():
        places = [layout.y(value, which) for value, _ in layout.value_ticks[which]]
        assert len(places) >= 2
        assert all(low - high >= pixels(chart._theme.small_points) for low, high in pairwise(places))


def test_plots_keep_a_sensible_height_with_every_variant_in_the_legend(chart):
    chart.set_points(DECADES)
    least = chart.minimumSizeHint().height()
    for width in (240, 384):
        chart.resize(width, least)
        chart.resize(width, chart.minimumSizeHint().height())
        assert all(chart.plot_rect(which).height() >= LEAST_PLOT for which in (0, 1))
    assert len(chart._laid_out().legend) == 3
    assert chart.plot_rect(1).bottom() + chart._small() + 5 < chart.height() - 12 - 3 * chart._heights().row + 8


def test_the_chosen_series_is_drawn_over_the_others_and_keeps_its_place_in_the_legend(chart):
    chart.set_length(None)
    one, other = (
        [CostPoint(name, colour, n, 1e-3, 10**6, "measured") for n in (512, 8_192)]
        for name, colour in (("one", "#ff0000"), ("other", "#0000ff"))
    )
    for chosen, seen in (("one", "#ff0000"), ("other", "#0000ff"), ("", "#0000ff")):
        chart.set_points((*one, *other), chosen)
        assert [each.series for each in chart._laid_out().legend[0]] == ["one", "other"]
        for which in (0, 1):
            places = [place for _, place in chart.places(which)]
            middle = ((places[0] + places[1]) / 2).toPoint()
            assert chart.grab().toImage().pixelColor(middle).name() == seen


def test_a_hollow_series_is_told_by_its_shape_where_colours_are_alike(chart):
    chart.set_theme(LIGHT)
    chart.set_length(None)
    for hollow in (False, True):
        chart.set_points((CostPoint("one", "#000000", 8_192, 1e-3, 10**6, "measured", None, hollow),))
        image = chart.grab().toImage()
        place = next(chart.places(0))[1].toPoint()
        sign = QPoint(MARGIN + 4, round(chart.height() - 12 - chart._small() * 0.36))
        for at in (place, sign):
            assert (image.pixelColor(at).lightness() > 200) == hollow
