"""Uprights at values of x, named in a row of their own above the plot: no name lies on a curve or on another name."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen

from widgets.plots.frame import Frame
from widgets.plots.picture import CENTRE
from widgets.plots.plot_data import PlotMark
from widgets.view_data import Theme

LEADER = 6.0  # from the plot's edge to the names: leads to a name that was moved aside
BETWEEN = 10.0  # names


@dataclass(frozen=True)
class NamedMark:
    """An upright at a ``value``: where it stands, ``x``, and where its name does, ``box``; empty where it has none."""

    value: float
    x: float
    words: str
    box: QRectF


def marks_height(marks: Sequence[PlotMark], metrics: QFontMetricsF) -> float:
    """What the row of names takes above the plot; nothing where there are none."""
    return metrics.height() + LEADER if any(mark.label for mark in marks) else 0.0


def place_marks(
    marks: Sequence[PlotMark], frame: Frame, rect: QRectF, metrics: QFontMetricsF, wider: float = 1.0
) -> list[NamedMark]:
    """The marks from left to right, their names within ``rect``; ``wider`` letters than ours take more room."""
    at = sorted((mark for mark in marks if math.isfinite(frame.x_place(mark.x))), key=lambda mark: mark.x)
    named = [mark for mark in at if mark.label]
    left, right = rect.left(), rect.right()
    most = (right - left - BETWEEN * (len(named) - 1)) / max(1, len(named))
    elide = Qt.TextElideMode.ElideRight
    words = [metrics.elidedText(mark.label, elide, most / wider) for mark in named]
    widths = [metrics.horizontalAdvance(each) * wider + 2 for each in words]
    lefts = apart([frame.x_place(mark.x) for mark in named], widths, left, right)
    top = frame.plot.top() - LEADER - metrics.height()
    boxes = [QRectF(start, top, width, metrics.height()) for start, width in zip(lefts, widths, strict=True)]
    placed = zip(named, words, boxes, strict=True)
    unnamed = [(mark, frame.x_place(mark.x)) for mark in at if not mark.label]
    return [
        *(NamedMark(mark.x, frame.x_place(mark.x), each, box) for mark, each, box in placed),
        *(NamedMark(mark.x, x, "", QRectF(x, top, 0, 0)) for mark, x in unnamed),
    ]


def apart(middles: Sequence[float], widths: Sequence[float], left: float, right: float) -> list[float]:
    """Left edges of boxes as near to ``middles`` (ascending) as keeps them ``BETWEEN`` apart and in left…right.

    Boxes that would touch form a group, which as a whole lies where its boxes are moved least; where there is no room
    for all, the last ones leave it.
    """
    groups: list[tuple[float, list[float]]] = []  # left edge it wishes for, widths with the gap
    for middle, width in zip(middles, widths, strict=True):
        wish, members = middle - width / 2, [width + BETWEEN]
        while groups and _within(groups[-1], left, right) + sum(groups[-1][1]) > _within((wish, members), left, right):
            before, others = groups.pop()
            count, length = len(others), sum(others)
            wish = (before * count + (wish - length) * len(members)) / (count + len(members))
            members = others + members
        groups.append((wish, members))
    found = []
    for group in groups:
        start = _within(group, left, right)
        for width in group[1]:
            found.append(start)
            start += width
    return found


def _within(group: tuple[float, list[float]], left: float, right: float) -> float:
    wish, widths = group
    return max(left, min(wish, right - sum(widths) + BETWEEN))


def draw_marks(painter: QPainter, marks: Sequence[NamedMark], frame: Frame, theme: Theme) -> None:
    """Dashed uprights; those whose names were moved aside bend to them above the plot."""
    plot = frame.plot
    pen = QPen(QColor(theme.text), 1)
    painter.setPen(pen)
    for mark in marks:
        if mark.words:
            edge = QPointF(round(mark.x) + 0.5, plot.top())
            middle = mark.box.center().x()
            near = abs(middle - mark.x) < 1.5
            painter.drawLine(edge, QPointF(edge.x() if near else middle, plot.top() - LEADER + 1))
    pen.setDashPattern([3, 3])
    painter.setPen(pen)
    for mark in marks:
        x = round(mark.x) + 0.5
        painter.drawLine(QPointF(x, plot.top()), QPointF(x, plot.bottom()))
    for mark in marks:
        painter.drawText(mark.box, CENTRE, mark.words)
