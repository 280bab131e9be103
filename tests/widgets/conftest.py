"""What several tests of widgets begin with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from tests.widgets.pointer import leave
from widgets.pattern_view import PatternView
from widgets.preview_pattern import preview_pattern
from widgets.themes import DARK

Make = Callable[..., PatternView]


@pytest.fixture
def make(qtbot: QtBot) -> Make:
    """Makes shown pattern views of ``n`` tokens, 620 × 640."""

    def shown(n: int = 4096, window: int = 256, **more: object) -> PatternView:
        view = PatternView()
        qtbot.addWidget(view)
        view.resize(620, 640)
        view.set_theme(DARK)
        view.set_data(replace(preview_pattern(n, window, DARK.categories[0]), **more))  # type: ignore[arg-type]
        view.show()
        qtbot.waitExposed(view)
        leave(view)  # wherever the screen's pointer happens to be
        return view

    return shown


def plot_of(view: PatternView) -> QRectF:
    return view._layout().plot


def point_of(view: PatternView, query: float, key: float) -> QPointF:
    """Where a point of the picture is in the widget."""
    plot, seen = plot_of(view), view.viewport()
    assert seen is not None
    across, down = (key - seen.x0) / seen.width, (query - seen.y0) / seen.height
    return QPointF(plot.left() + across * plot.width(), plot.top() + down * plot.height())


def pixel_at(image: QImage, point: QPointF) -> int:
    ratio = image.devicePixelRatio()
    return image.pixel(int(point.x() * ratio), int(point.y() * ratio))
