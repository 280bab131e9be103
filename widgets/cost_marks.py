"""How the series of the cost chart are drawn: lines, and a sign for every point that was measured or did not fit.

A series is told from another by its colour, and one with ``hollow`` points also by the shape of its points, since the
colours of two may be near to each other, and are nearer in print.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from widgets.view_data import CostPoint, Theme

Placed = Sequence[tuple[CostPoint, QPointF]]


def dashed(colour: str) -> QPen:
    pen = QPen(QColor(colour), 1.5)
    pen.setDashPattern([2.5, 2.5])
    return pen


def draw_series(painter: QPainter, placed: Placed, theme: Theme) -> None:
    """One series: solid between two measured points, dashed where one of them is predicted."""
    ends = [(point, place) for point, place in placed if point.kind != "out of memory"]
    for (first, start), (second, stop) in pairwise(ends):
        solid = first.kind == second.kind == "measured"
        width = 1.25 if second.hollow else 2
        painter.setPen(QPen(QColor(second.colour), width) if solid else dashed(second.colour))
        painter.drawLine(start, stop)
    for point, place in placed:
        _draw_mark(painter, point, place, theme, alone=len(ends) == 1)


def draw_sign(painter: QPainter, point: CostPoint, place: QPointF, theme: Theme) -> None:
    """What stands for a series in the legend, and for its measured points: a dot, or a hollow square."""
    if point.hollow:
        painter.setPen(QPen(QColor(point.colour), 1.5))
        painter.setBrush(QColor(theme.surface))
        painter.drawRect(QRectF(place.x() - 3, place.y() - 3, 6, 6))
        return
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(point.colour))
    painter.drawEllipse(place, 3.25, 3.25)


def _draw_mark(painter: QPainter, point: CostPoint, place: QPointF, theme: Theme, alone: bool) -> None:
    if point.kind == "measured":
        draw_sign(painter, point, place, theme)
    elif point.kind == "predicted" and alone:  # no line to be seen by
        painter.setPen(dashed(point.colour) if point.hollow else QPen(QColor(point.colour), 1.5))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if point.hollow:
            painter.drawRect(QRectF(place.x() - 3, place.y() - 3, 6, 6))
        else:
            painter.drawEllipse(place, 3, 3)
    elif point.kind == "out of memory":
        painter.setPen(QPen(QColor(point.colour), 2))
        for way in (1, -1):
            painter.drawLine(place + QPointF(-4, -4 * way), place + QPointF(4, 4 * way))


def on_top(names: Iterable[str], chosen: str) -> list[str]:
    """The order in which series are drawn: ``chosen`` after all others."""
    return sorted(names, key=lambda name: name == chosen)
