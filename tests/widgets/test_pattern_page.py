"""The pattern view on a page of a file, and the words below its picture."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QImage, QPainter
from pytestqt.qtbot import QtBot

from tests.widgets.conftest import Make, pixel_at, point_of
from tests.widgets.pointer import move
from widgets.colour_ramp import LEVELS, NOTHING, share_table
from widgets.pattern_layout import LINE
from widgets.pattern_view import PatternView
from widgets.preview_pattern import WindowAndFirst, preview_pattern
from widgets.themes import DARK

BLUE = DARK.categories[0]


def _rendered(view: PatternView, width: int, height: int, ratio: float) -> QImage:
    image = QImage(round(width * ratio), round(height * ratio), QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(ratio)
    painter = QPainter(image)
    view.paint_onto(painter, QRectF(0, 0, width, height))
    painter.end()
    return image


@pytest.mark.parametrize("ratio", [1.0, 1.25, 1.5, 2.0])
def test_a_picture_for_a_file_at_any_size(qtbot: QtBot, ratio: float) -> None:
    """Never shown, bit-identical each time, and every cell has its colour."""
    images, view = [], PatternView()
    for _ in range(2):
        view = PatternView()
        qtbot.addWidget(view)
        view.set_theme(DARK)
        view.set_data(preview_pattern(30, 6, BLUE))
        images.append(_rendered(view, 700, 500, ratio))
    assert images[0] == images[1]
    assert view._scene is not None
    layout = view._scene.laid_out(QRectF(0, 0, 700, 500), ratio)
    table = share_table(DARK, BLUE)
    for query in range(30):
        key = query // 2
        centre = layout.plot.topLeft() + QPointF((key + 0.5) / 30 * layout.plot.width(), 0)
        centre += QPointF(0, (query + 0.5) / 30 * layout.plot.height())
        kept = WindowAndFirst(30, 30, 6, 2).reason(query, key)
        assert pixel_at(images[0], centre) == table[LEVELS if kept else NOTHING]


def test_a_file_has_no_pointer_and_no_focus(make: Make) -> None:
    view = make(24, 6)
    plain = _rendered(view, 500, 500, 1.0)
    view.setFocus()
    move(view, point_of(view, 5.5, 3.5))
    assert _rendered(view, 500, 500, 1.0) == plain


def test_a_caption_longer_than_its_line_reaches_the_edge_of_the_picture(make: Make) -> None:
    view = make(caption="short")
    view.resize(1200, 420)
    below = view._layout().below
    assert below is not None
    beyond = QRectF(below.right() + 4, below.top(), view.width() - below.right() - 16, 18).toRect()

    def is_empty() -> bool:
        image = view.grab(beyond).toImage()
        places = ((x, y) for x in range(image.width()) for y in range(image.height()))
        return len({image.pixel(x, y) for x, y in places}) == 1

    assert is_empty()
    view.set_data(replace(preview_pattern(4096, 256, BLUE), caption="long " * 25))
    assert not is_empty()


@pytest.mark.parametrize(("width", "has_legend"), [(150, True), (100, False)])
def test_a_thumbnail_on_paper_has_a_legend_and_one_in_the_window_none(make: Make, width: int, has_legend: bool) -> None:
    view = make()
    place = QRectF(0, 0, width, view.good_height(width))
    bare = QRectF(0, 0, width, width)
    assert (view.plot_in(place).bottom() < place.bottom() - LINE) == has_legend
    assert view.plot_in(place).height() == pytest.approx(width - 4, abs=1)
    view.resize(width, width)
    assert view._layout().plot.height() == pytest.approx(bare.height() - 4, abs=1)
    assert view._layout().below is None
