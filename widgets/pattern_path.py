"""How two tokens that are no pair are joined through a third: the path of two steps that factorised patterns give."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPen

from widgets.pattern_layout import PatternLayout
from widgets.view_data import Coverage, PatternData, Theme
from widgets.viewport import Viewport

SMALLEST_STOP = 7.0  # logical pixels of the mark on a pair of the path


def middle_of(coverage: Coverage, query: int, key: int, query_offset: int = 0) -> int | None:
    """The latest position that ``query`` reads and that reads ``key``, a layer earlier; None where there is none.

    ``query`` is a row; the position in the middle counts as the keys do.
    """
    between = np.intersect1d(coverage.keys_of(query), coverage.queries_of(key) + query_offset, assume_unique=True)
    return int(between[-1]) if len(between) else None


def stops_of(data: PatternData, locked: int, key: int) -> tuple[tuple[int, int], ...]:
    """The pairs (row, key) of the path from the locked row to a key: one, two, or none."""
    if data.coverage.reason(locked, key):
        return ((locked, key),)
    middle = middle_of(data.coverage, locked, key, data.query_offset)
    if middle is None or not 0 <= middle - data.query_offset < data.coverage.queries:
        return ()
    return (locked, middle), (middle - data.query_offset, key)


def draw_path(
    painter: QPainter, layout: PatternLayout, view: Viewport, stops: tuple[tuple[int, int], ...], theme: Theme
) -> None:
    """From the locked row's pair down its column to the diagonal's row, and along that row to the key."""
    if len(stops) < 2:
        return
    centres = [centre(layout, view, row, key) for row, key in stops]
    painter.save()
    painter.setClipRect(layout.plot)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    halo = QPen(QColor(theme.background), 4.0)
    line = QPen(QColor(theme.text), 1.6)
    corner = QPointF(centres[0].x(), centres[1].y())
    for pen in (halo, line):
        painter.setPen(pen)
        painter.drawPolyline([centres[0], corner, centres[1]])
    for (row, key), at in zip(stops, centres, strict=True):
        near, far = layout.place(view, key, row), layout.place(view, key + 1, row + 1)
        size = max(SMALLEST_STOP, min(far.x() - near.x(), far.y() - near.y()) * 0.5)
        painter.setPen(QPen(QColor(theme.background), 1.5))
        painter.setBrush(QBrush(QColor(theme.text), Qt.BrushStyle.SolidPattern))
        painter.drawEllipse(QRectF(at.x() - size / 2, at.y() - size / 2, size, size))
    painter.restore()


def centre(layout: PatternLayout, view: Viewport, row: int, key: int) -> QPointF:
    """The middle of a pair's cell; of one outside the view, on the plot's edge."""
    near, far = layout.place(view, key, row), layout.place(view, key + 1, row + 1)
    return (near + far) / 2
