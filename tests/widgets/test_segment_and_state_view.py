"""Segments through the layers, and a running state: what is drawn, told and clicked."""

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QFontMetricsF, QImage, QPainter

from tests.widgets.pointer import click, move
from widgets import segment_view, state_view
from widgets.segment_view import SegmentView
from widgets.state_view import StateView, signed_colours
from widgets.themes import DARK, LIGHT


@pytest.fixture
def segments(qtbot):
    view = segment_view._preview(DARK)
    qtbot.addWidget(view)
    view.resize(820, 620)
    view.show()
    return view


@pytest.fixture
def state(qtbot):
    view = state_view._preview(DARK)
    qtbot.addWidget(view)
    view.resize(900, 640)
    view.show()
    return view


def test_cells_have_the_look_of_what_they_are(segments):
    layout = segment_view.laid_out(QRectF(segments.rect()), segments.data)
    image = segments.grab().toImage()

    def colour(layer: int, position: int) -> QColor:
        box = layout.rows[layer]
        return image.pixelColor(int(layout.x(position + 0.4)), int(box.center().y()))

    assert colour(3, 35) == QColor(segments.data.colour)  # computed now, reaches the token
    assert colour(3, 30) == colour(1, 10) != colour(3, 35)  # cached or earlier, still reaches it
    assert colour(3, 4) != colour(3, 30)  # does not reach it
    assert colour(0, 39) != colour(0, 36)  # later than the token


def test_a_click_on_a_cell_tells_its_position(segments):
    clicked = []
    segments.token_clicked.connect(clicked.append)
    layout = segment_view.laid_out(QRectF(segments.rect()), segments.data)
    click(segments, QPointF(layout.x(17.5), layout.rows[0].center().y()))
    assert clicked == [17]
    click(segments, QPointF(2, 2))
    assert clicked == [17]


@pytest.mark.parametrize("target", [0, 777, 43_690, 65_535])
def test_names_of_segments_never_touch(segments, monkeypatch, target):
    """Thousands of segments, of which the last names are the longest."""
    drawn = []
    painter = QPainter()
    monkeypatch.setattr(painter, "drawText", lambda box, flags, words: drawn.append((box, words)))
    edges = np.linspace(0, 65_536, 65).astype(np.int64)
    many = {"length": 65_536, "target": target, "edges": edges, "shares": np.zeros((5, 64))}
    data = replace(segments.data, **many, work_again=np.zeros(64), work_cached=np.zeros(64))
    for width in (400, 820, 2000):
        drawn.clear()
        image = QImage(width, 620, QImage.Format.Format_RGB32)
        painter.begin(image)
        segments._draw_segments(painter, segment_view.laid_out(QRectF(image.rect()), data), data)
        painter.end()
        boxes = [box for box, _ in drawn]
        assert f"segment {target // data.segment + 1:,}" in [words for _, words in drawn]
        assert not any(one.intersects(other) for at, one in enumerate(boxes) for other in boxes[:at])


@pytest.mark.parametrize("target", [1, 12, 25, 39])
@pytest.mark.parametrize("width", [300, 820])
def test_both_areas_of_work_are_named_where_they_end(segments, target, width):
    data = replace(segments.data, target=target)
    layout = segment_view.laid_out(QRectF(0, 0, width, 620), data)
    metrics, names = QFontMetricsF(segments.font()), segment_view.work_names()
    again, cached = segment_view.work_places(layout, data, metrics, names)
    assert not again.intersects(cached)
    for box in (again, cached):
        assert layout.work.adjusted(-1, -2, 1, 2).contains(box)
    end, line = layout.x(target + 1), metrics.height()
    if again.left() < end and again.left() > layout.work.left():  # before the end, and above the area
        at = int(layout.length * (again.right() - layout.work.left()) / layout.work.width())
        height = layout.work.height() * data.work_again[at] / data.work_again[-1]
        assert layout.work.bottom() - height >= again.top() + line - 1


def test_what_reaches_the_token_is_seen_at_any_length(segments):
    layout = segment_view.laid_out(QRectF(0, 0, 820, 620), replace(segments.data, length=65_536))
    boxes = segments._boxes(layout, layout.rows[0], np.array([40_000, 65_530]), np.array([40_035, 65_536]), 2.0)
    assert (boxes[:, 2] >= 2).all()
    assert boxes[0, 0] + boxes[0, 2] / 2 == pytest.approx(layout.x(40_017.5))


def test_the_sign_of_what_is_cached_looks_like_its_cells(segments):
    layout = segment_view.laid_out(QRectF(segments.rect()), segments.data)
    image = segments.grab().toImage()
    cell = image.pixelColor(int(layout.x(30.4)), int(layout.rows[1].center().y()))
    colours = [QColor(colour) for colour, _, _ in segments._legend_entries(segments.data)]
    assert colours[1] == colours[2] == cell  # of the memory, which is underlined


def test_the_pointer_is_told(segments):
    assert "segment 2" in segments._told(segments.data, 12)
    assert "cannot reach" in segments._told(segments.data, 39)
    before = segments.grab().toImage()
    layout = segment_view.laid_out(QRectF(segments.rect()), segments.data)
    move(segments, QPointF(layout.x(12.5), layout.rows[0].center().y()))
    assert segments.grab().toImage() != before


@pytest.mark.parametrize(
    ("n", "segment", "memory", "target"), [(1, 1, 0, 0), (8, 16, 4, 7), (65_536, 512, 2048, 60_000)]
)
def test_segments_of_any_size_are_drawn(segments, n, segment, memory, target):
    edges = np.unique(np.linspace(0, n, min(n, 512) + 1).astype(int))
    cells = len(edges) - 1
    shares = np.zeros((5, cells))
    shares[:, np.searchsorted(edges, target, side="right") - 1] = 1
    work = np.arange(1, cells + 1, dtype=float)
    data = replace(segments.data, tokens=[], length=n, segment=segment, memory=memory, shares=shares, edges=edges,
                   target=target, work_cached=work, work_again=work**2)  # fmt: skip
    for size in ((820, 620), (300, 240)):
        segments.resize(*size)
        segments.set_data(data)
        assert not segments.grab().isNull()


def test_the_state_fills_with_the_playhead(state):
    empty, half = None, None
    for fraction in (0.0, 0.5, 1.0):
        state.set_fraction(fraction)
        assert state.moment(state.data) == min(int(fraction * 64), 63)
        picture = state.grab().toImage()
        assert picture not in (empty, half)
        empty, half = half, picture


def test_colours_grow_from_nothing_both_ways():
    colours = signed_colours(np.array([[-1.0, 0.0, 1.0]]), 1.0, DARK, "#ff8800")[0]
    assert colours[2] == 0xFFFF8800
    assert QColor.fromRgb(int(colours[1])).name() == DARK.raised
    assert QColor.fromRgb(int(colours[0])).name() == DARK.categories[0]


def test_a_value_of_the_state_is_told_and_a_token_clicked(state):
    data = state.data
    layout = state_view.laid_out(QRectF(state.rect()), *data.state.shape[1:])
    told = state._told(data, layout, 63, layout.state.center())
    assert told.startswith("S[16, 16] =")
    clicked = []
    state.token_clicked.connect(clicked.append)
    click(state, layout.tokens.center())
    assert len(clicked) == 1
    assert 0 <= clicked[0] < 64


@pytest.mark.parametrize("view", [SegmentView, StateView])
def test_the_same_in_a_file_and_in_both_themes(qtbot, segments, state, view):
    shown = segments if view is SegmentView else state
    pictures = []
    for theme in (DARK, LIGHT):
        shown.set_theme(theme)
        image = QImage(700, 500, QImage.Format.Format_RGB32)
        painter = QPainter(image)
        shown.paint_onto(painter, QRectF(0, 0, 700, 500))
        painter.end()
        pictures.append(image)
    assert pictures[0] != pictures[1]
    empty = view(DARK)
    qtbot.addWidget(empty)
    empty.set_why_empty("nothing yet")
    assert not empty.grab().isNull()
