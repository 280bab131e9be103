"""The pattern view, driven by mouse, wheel and keys, and its pictures against the pairs themselves."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor
from pytestqt.qtbot import QtBot

from engines.patterns import sliding_window
from tests.widgets.conftest import Make, pixel_at, plot_of, point_of
from tests.widgets.pointer import click, double_click, drag, leave, move, wheel
from widgets.colour_ramp import FORBIDDEN, HATCH, LEVELS, NOTHING, PENDING, share_table, value_table
from widgets.pattern_scene import part_in_view
from widgets.pattern_view import PatternView
from widgets.preview_pattern import WindowAndFirst, preview_pattern
from widgets.themes import DARK, LIGHT
from widgets.view_data import PatternData, WeightsData
from widgets.viewport import Viewport

BLUE = DARK.categories[0]


def _under(view: PatternView, point: QPointF) -> tuple[float, float]:
    seen = view.viewport()
    assert seen is not None
    return view._layout().token(seen, point)


def test_wheel_zooms_about_the_pointer(make: Make) -> None:
    view = make()
    point = plot_of(view).center() + QPointF(71, -33)
    for _ in range(6):
        before = _under(view, point)
        wheel(view, point, 1)
        assert _under(view, point) == pytest.approx(before)
    seen = view.viewport()
    assert seen is not None
    assert seen.width == pytest.approx(4096 * 0.8**6)
    wheel(view, point, -60)
    assert view.viewport() == Viewport(0, 4096, 0, 4096)


def test_drag_pans_and_stops_at_the_border(make: Make) -> None:
    view = make()
    centre = plot_of(view).center()
    wheel(view, centre, 8)
    held = _under(view, centre)
    drag(view, centre, centre + QPointF(60, 45))
    assert _under(view, centre + QPointF(60, 45)) == pytest.approx(held)
    assert view.locked() is None  # a drag is no click
    for _ in range(20):
        drag(view, centre, centre + QPointF(250, 250))
    seen = view.viewport()
    assert seen is not None
    assert (seen.x0, seen.y0) == (0, 0)


def test_double_click_shows_all_and_locks_nothing(make: Make, qtbot: QtBot) -> None:
    view = make()
    wheel(view, plot_of(view).center(), 5)
    double_click(view, plot_of(view).center())
    assert view.viewport() == Viewport(0, 4096, 0, 4096)
    assert view.locked() is None


def test_click_locks_a_row_and_again_unlocks(make: Make, qtbot: QtBot) -> None:
    view = make(24, 6)
    heard: list[int] = []
    view.row_locked.connect(heard.append)
    click(view, point_of(view, 12.5, 3.5))
    assert view.locked() == 12
    click(view, point_of(view, 7.5, 20.5))
    click(view, point_of(view, 7.5, 1.5))
    click(view, point_of(view, 3.5, 1.5))
    qtbot.keyClick(view, Qt.Key.Key_Escape)
    assert heard == [12, 7, -1, 3, -1]
    click(view, QPointF(3, 3))  # outside the plot
    assert heard == [12, 7, -1, 3, -1]


def test_locked_row_is_outlined(make: Make) -> None:
    view = make(24, 6, causal=False)
    view.set_locked(12)
    image = view.grab().toImage()
    plot = plot_of(view)
    top = point_of(view, 12, 15)
    column = {image.pixel(int(top.x()) + 4, int(top.y()) + dy) for dy in (-1, 0, 1)}
    assert QColor(DARK.text).rgb() in column
    view.set_locked(None)
    image = view.grab().toImage()
    assert QColor(DARK.text).rgb() not in {image.pixel(int(top.x()) + 4, y) for y in range(int(plot.top()), 600)}


def test_hover_names_the_pair_and_why(make: Make) -> None:
    view = make(24, 6)
    heard: list[str] = []
    view.hovered.connect(heard.append)
    move(view, point_of(view, 5.5, 3.5))
    move(view, point_of(view, 5.6, 3.6))  # the same pair says nothing new
    move(view, point_of(view, 5.5, 6.5))
    move(view, point_of(view, 15.5, 5.5))
    leave(view)
    assert heard == [
        "query 5 “·times” → key 3 “·best”: kept (sliding window)",
        "query 5 “·times” → key 6 “,”: masked, the key comes later",
        "query 15 “·was” → key 5 “·times”: not kept",
        "",
    ]


def test_the_pair_under_a_resting_pointer_follows_the_view(make: Make) -> None:
    view = make(100, 6)
    move(view, point_of(view, 50.5, 48.5))
    heard: list[str] = []
    view.hovered.connect(heard.append)
    view.set_viewport(Viewport(0, 10, 0, 10))
    assert len(heard) == 1
    assert heard[0].startswith("query 5 ")


def test_keys_zoom_pan_and_reset(make: Make, qtbot: QtBot) -> None:
    view = make()
    for _ in range(4):
        qtbot.keyClick(view, Qt.Key.Key_Plus)
    width = 4096 * 0.8**4
    start = (4096 - width) / 2
    seen = view.viewport()
    assert seen is not None
    assert (seen.x0, seen.x1, seen.y0, seen.y1) == pytest.approx((start, start + width) * 2)
    qtbot.keyClick(view, Qt.Key.Key_Right)
    qtbot.keyClick(view, Qt.Key.Key_Up)
    seen = view.viewport()
    assert seen is not None
    assert (seen.x0, seen.y0) == pytest.approx((start + 0.1 * width, start - 0.1 * width))
    qtbot.keyClick(view, Qt.Key.Key_Minus)
    qtbot.keyClick(view, Qt.Key.Key_0)
    assert view.viewport() == Viewport(0, 4096, 0, 4096)


@pytest.mark.parametrize("n", [1, 2, 8, 24])
@pytest.mark.parametrize("causal", [True, False])
def test_every_cell_has_its_colour(make: Make, n: int, causal: bool) -> None:
    view = make(n, 3, causal=causal)
    image = view.grab().toImage()
    table = share_table(DARK, BLUE)
    pattern = WindowAndFirst(n, n, 3, 2)
    for query in range(n):
        for key in range(n):
            found = pixel_at(image, point_of(view, query + 0.5, key + 0.5))
            if causal and key > query:
                assert found in (table[FORBIDDEN], table[HATCH])
            else:
                assert found == table[LEVELS if pattern.reason(query, key) else NOTHING]


def test_a_zoomed_view_shows_the_right_tokens(make: Make) -> None:
    view = make(1000, 5)
    view.set_viewport(Viewport(500, 510, 502, 512))
    image = view.grab().toImage()
    table = share_table(DARK, BLUE)
    for query in range(502, 512):
        for key in range(500, 510):
            found = pixel_at(image, point_of(view, query + 0.5, key + 0.5))
            kept = 0 <= query - key < 5
            assert found == table[LEVELS] if kept else found in (table[NOTHING], table[FORBIDDEN], table[HATCH])


def test_a_single_kept_key_in_a_million_is_seen(make: Make) -> None:
    view = make(1_048_576, 0, coverage=WindowAndFirst(1_048_576, 1_048_576, 0, 1))
    image = view.grab().toImage()
    plot = plot_of(view)
    assert image.pixel(int(plot.left()), int(plot.center().y())) == share_table(DARK, BLUE)[1]


def test_stale_is_dimmed_and_says_so(make: Make) -> None:
    view = make(24, 6)
    fresh = view.grab().toImage()
    view.set_data(replace(preview_pattern(24, 6, BLUE), stale=True))
    stale = view.grab().toImage()
    kept = point_of(view, 5.5, 3.5)
    assert pixel_at(stale, kept) == share_table(DARK, BLUE, stale=True)[LEVELS]
    assert pixel_at(stale, kept) != pixel_at(fresh, kept)
    mark = plot_of(view).topRight() + QPointF(-30, 16)
    around = {stale.pixel(int(mark.x()) + dx, int(mark.y()) + dy) for dx in range(-20, 20) for dy in range(-9, 9)}
    assert QColor(DARK.warning).rgb() in around


def _weights_in_view(view: PatternView, logarithmic: bool = False) -> WeightsData:
    edges = view.visible_edges()
    assert edges is not None
    rows, columns = edges
    values = 1.0 / (1 + np.add.outer(rows[:-1], columns[:-1])).astype(np.float32)
    values[np.subtract.outer(rows[:-1], columns[:-1]) >= 6] = np.nan
    return WeightsData(values, rows, columns, 1.0, logarithmic)


@pytest.mark.parametrize("logarithmic", [False, True])
def test_weights_have_the_colours_of_the_bar(make: Make, logarithmic: bool) -> None:
    view = make(12, 6)
    weights = _weights_in_view(view, logarithmic)
    view.set_weights(weights)
    image = view.grab().toImage()
    table = value_table(DARK)
    for query in range(12):
        for key in range(query + 1):
            value = weights.values[query, key]
            share = value if not logarithmic else 1 + np.log10(value) / 5
            level = NOTHING if np.isnan(value) else int(np.rint(1 + (LEVELS - 1) * share))
            assert pixel_at(image, point_of(view, query + 0.5, key + 0.5)) == table[level]
    bar = view._layout().bar
    assert bar is not None
    assert image.pixel(int(bar.center().x()), int(bar.top()) + 2) == pytest.approx(table[LEVELS], abs=0x40404)
    view.set_weights(None)
    assert view._layout().bar is None


def test_weights_not_given_yet_look_pending(make: Make) -> None:
    view = make(100, 6)
    view.set_viewport(Viewport(0, 10, 0, 10))
    view.set_weights(_weights_in_view(view))
    view.set_viewport(Viewport(50, 60, 50, 60))
    assert pixel_at(view.grab().toImage(), point_of(view, 55.5, 53.5)) == value_table(DARK)[PENDING]
    assert view._scene is not None
    assert view._scene.pending
    view.set_weights(_weights_in_view(view))
    assert not view._scene.pending


def test_another_patterns_weights_are_not_drawn(make: Make) -> None:
    view = make(12, 6)
    data = view._data
    assert data is not None
    view.set_weights(_weights_in_view(view))
    kept = point_of(view, 5.5, 3.5)
    shown = pixel_at(view.grab().toImage(), kept)
    view.set_data(replace(data, caption="the same pattern"))
    assert pixel_at(view.grab().toImage(), kept) == shown
    view.set_data(preview_pattern(12, 5, BLUE))
    assert pixel_at(view.grab().toImage(), kept) == value_table(DARK)[PENDING]
    view.set_weights(_weights_in_view(view))
    assert pixel_at(view.grab().toImage(), kept) == shown


def test_visible_cells_are_announced_once_per_turn(make: Make, qtbot: QtBot) -> None:
    view = make()
    heard: list[tuple[np.ndarray, np.ndarray]] = []
    qtbot.waitUntil(lambda: view._announced is not None)
    view.viewport_changed.connect(lambda rows, columns: heard.append((rows, columns)))
    for _ in range(5):
        wheel(view, plot_of(view).center(), 1)
    qtbot.waitUntil(lambda: bool(heard))
    assert len(heard) == 1
    edges = view.visible_edges()
    assert edges is not None
    assert np.array_equal(heard[0][0], edges[0])
    assert np.array_equal(heard[0][1], edges[1])
    assert heard[0][0].dtype == np.int64
    view.set_data(preview_pattern(4096, 100, BLUE))  # other data: the same cells are asked for again
    qtbot.waitUntil(lambda: len(heard) == 2)


def test_length_may_change_between_two_pictures(make: Make) -> None:
    view = make(4096)
    view.set_data(preview_pattern(8, 3, BLUE))
    assert view.viewport() == Viewport(0, 8, 0, 8)
    view.set_data(preview_pattern(1000, 3, BLUE))
    view.set_viewport(Viewport(900, 950, 900, 950))
    view.set_data(preview_pattern(500, 3, BLUE))
    assert view.viewport() == Viewport(450, 500, 450, 500)
    view.set_data(preview_pattern(20, 3, BLUE))
    assert view.viewport() == Viewport(0, 20, 0, 20)


@pytest.mark.parametrize(("queries", "keys"), [(1, 1), (1, 1_048_576), (1_048_576, 1), (5, 9), (1_048_576, 1_048_576)])
def test_any_shape_is_drawn_and_can_be_explored(make: Make, queries: int, keys: int) -> None:
    pattern = WindowAndFirst(queries, keys, 4, 1)
    tokens = preview_pattern(max(queries, keys), 4, BLUE).tokens
    view = make(8, 3)
    view.set_data(PatternData(pattern, True, tokens, BLUE, query_offset=max(0, keys - queries)))
    for notches in (3, 40, -2, -60):
        wheel(view, plot_of(view).center(), notches)
        move(view, plot_of(view).center())
        view.grab()
    assert view.viewport() == Viewport(0, keys, 0, queries)


def test_queries_that_begin_later_lock_by_their_position(make: Make) -> None:
    view = make(8, 3)
    tokens = preview_pattern(20, 4, BLUE).tokens
    view.set_data(PatternData(WindowAndFirst(8, 20, 4), True, tokens, BLUE, query_offset=12))
    click(view, point_of(view, 2.5, 3.5))
    assert view.locked() == 14
    view.set_locked(3)  # no row of this picture
    view.grab()


def test_the_part_in_view_is_named_by_position(make: Make) -> None:
    view = make(8, 3)
    tokens = preview_pattern(20, 4, BLUE).tokens
    view.set_data(PatternData(WindowAndFirst(8, 20, 4), True, tokens, BLUE, query_offset=12))
    assert view._scene is not None
    assert part_in_view(view._scene) == "queries × keys: 8 × 20"
    view.set_viewport(Viewport(10, 15, 4, 6))
    assert part_in_view(view._scene) == "queries 16–17, keys 10–14"


def test_a_real_pattern_shows_what_its_queries_read(make: Make) -> None:
    pattern = sliding_window(30, 30, 4, 3, 2, (0, 11), causal=False)
    view = make(30, 3)
    view.set_data(PatternData(pattern, False, ["x"] * 30, BLUE))
    image = view.grab().toImage()
    kept = share_table(DARK, BLUE)[LEVELS]
    for query in range(30):
        shown = [key for key in range(30) if pixel_at(image, point_of(view, query + 0.5, key + 0.5)) == kept]
        assert shown == pattern.keys_of(query).tolist()
    move(view, point_of(view, 20.5, 11.5))
    assert view._scene is not None
    assert view._scene.readout.endswith("kept (global)")


def test_empty_states(qtbot: QtBot) -> None:
    view = PatternView()
    qtbot.addWidget(view)
    view.resize(400, 300)
    view.grab()  # before there is a theme
    view.set_theme(DARK)
    view.set_data(None)
    image = view.grab().toImage()
    assert len({image.pixel(x, y) for x in range(400) for y in range(130, 170)}) > 2  # a sentence
    wheel(view, QPointF(200, 150), 1)
    click(view, QPointF(200, 150))
    qtbot.keyClick(view, Qt.Key.Key_Plus)
    assert view.viewport() is None
    assert view.visible_edges() is None


def test_data_may_come_before_the_theme(qtbot: QtBot) -> None:
    view = PatternView()
    qtbot.addWidget(view)
    view.set_data(preview_pattern(24, 6, BLUE))
    view.set_theme(DARK)
    assert view.viewport() == Viewport(0, 24, 0, 24)
    view.set_theme(LIGHT)
    assert view.grab().toImage().pixel(1, 1) == QColor(LIGHT.background).rgb()


def test_it_can_be_told_by_name(make: Make) -> None:
    view = make(24, 6)
    assert view.accessibleName()
    assert view.accessibleDescription() == "made up: a window and the first keys"
    assert view.sizeHint().isValid()
