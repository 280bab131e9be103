"""The frame of a plot: its inside, two axes with ticks, and their names."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen, QPolygonF

from widgets.lettering import lettering
from widgets.plots.picture import CENTRE, LEFT, RIGHT
from widgets.plots.scale import Scale, ticks
from widgets.view_data import Theme

LEAST_GUTTER = 40.0  # room for five digits: plots of a study that stand under one another begin at one place
GUTTER_STEP = 8.0  # the gutter grows in such steps, so that a digit more or less moves nothing
APART = 6.0  # between the plot and the labels of its ticks
TICK_ROOM = 22.0  # between the labels of two ticks
Tick = tuple[float, str]


@dataclass(frozen=True)
class Axis:
    """A scale with its name; ``whole``: integers only; ``doubling``: powers of two, where it is logarithmic."""

    name: str
    scale: Scale
    whole: bool = False
    doubling: bool = False


@dataclass(frozen=True)
class Frame:
    """Where the inside of the plot lies and which ticks it has; ``above`` it is room between it and the name of y."""

    plot: QRectF
    x: Axis
    y: Axis
    x_ticks: tuple[Tick, ...]
    y_ticks: tuple[Tick, ...]
    above: float = 0.0

    def places(self, x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Where points lie, in logical pixels; nan where one has no place."""
        plot = self.plot
        return (
            plot.left() + self.x.scale.shares(x) * plot.width(),
            plot.bottom() - self.y.scale.shares(y) * plot.height(),
        )

    def x_place(self, value: float) -> float:
        return self.plot.left() + self.x.scale.share(value) * self.plot.width()

    def y_place(self, value: float) -> float:
        return self.plot.bottom() - self.y.scale.share(value) * self.plot.height()


def framed(rect: QRectF, x: Axis, y: Axis, theme: Theme, square: bool = False, over: float = 0.0) -> Frame:
    """The frame that fills ``rect``; ``square`` makes the inside one; ``over`` it so much room is kept free."""
    metrics = QFontMetricsF(lettering(QFont(), theme.small_points))
    line = metrics.height()
    above = over + (line + 4 if y.name else line / 2)
    below = APART + line + (line + 2 if x.name else 0)
    height = max(10.0, rect.height() - above - below)
    y_ticks = tuple(ticks(y.scale, max(2, int(height / (2.6 * line))), y.whole, y.doubling))
    widest = max((metrics.horizontalAdvance(label) for _, label in y_ticks), default=0.0)
    gutter = max(LEAST_GUTTER, math.ceil((widest + APART + 2) / GUTTER_STEP) * GUTTER_STEP)
    gutter = min(gutter, rect.width() / 2)
    width = max(10.0, rect.width() - gutter - 10.0)
    left, top = rect.left() + gutter, rect.top() + above
    if square:
        side = min(width, height)
        left += (width - side) / 2
        width = height = side
    plot = QRectF(round(left), round(top), math.floor(width), math.floor(height))
    return Frame(plot, x, y, _x_ticks(x, plot.width(), metrics), y_ticks, over)


def _x_ticks(axis: Axis, width: float, metrics: QFontMetricsF) -> tuple[Tick, ...]:
    """As many ticks as their labels leave room for."""
    most = max(2, int(width / 55))
    while True:
        found = tuple(ticks(axis.scale, most, axis.whole, axis.doubling))
        places = [axis.scale.share(value) * width for value, _ in found]
        spans = [
            (place - metrics.horizontalAdvance(label) / 2, place + metrics.horizontalAdvance(label) / 2)
            for place, (_, label) in zip(places, found, strict=True)
        ]
        apart = all(second[0] - first[1] >= TICK_ROOM / 2 for first, second in pairwise(spans))
        if apart or most <= 2:
            return found if apart else found[:: max(1, len(found) - 1)]
        most -= 1


def draw_frame(painter: QPainter, rect: QRectF, frame: Frame, theme: Theme, blank: bool = False) -> None:
    """Ground, grid, ticks and names; the data come on top. ``blank``: without ticks, for there is nothing to read."""
    plot = frame.plot
    painter.fillRect(plot, QColor(theme.background))
    grid = QColor(theme.line)
    grid.setAlphaF(0.55)
    font = lettering(QFont(), theme.small_points)
    metrics = QFontMetricsF(font)
    painter.setFont(font)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    painter.setPen(QPen(grid, 1))
    x_ticks, y_ticks = ((), ()) if blank else (frame.x_ticks, frame.y_ticks)
    for value, _ in x_ticks:
        x = round(frame.x_place(value))
        painter.drawLine(QPointF(x, plot.top()), QPointF(x, plot.bottom()))
    for value, _ in y_ticks:
        y = round(frame.y_place(value))
        painter.drawLine(QPointF(plot.left(), y), QPointF(plot.right(), y))
    painter.setPen(QPen(QColor(theme.line), 1))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRect(plot)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
    painter.setPen(QColor(theme.muted))
    draw_x_labels(painter, rect, plot, [(frame.x_place(value), label) for value, label in x_ticks])
    for value, label in y_ticks:
        middle = frame.y_place(value)
        box = QRectF(rect.left(), middle - metrics.height() / 2, plot.left() - APART - rect.left(), metrics.height())
        painter.drawText(box, RIGHT, label)
    draw_names(painter, rect, plot.adjusted(0, -frame.above, 0, 0), frame.x.name, frame.y.name)


def draw_x_labels(painter: QPainter, rect: QRectF, plot: QRectF, labels: list[tuple[float, str]]) -> None:
    """Labels under the plot at their places, moved in where they would leave ``rect``; none lies on another."""
    metrics = QFontMetricsF(painter.font())
    free_from = rect.left()
    for x, label in labels:
        width = metrics.horizontalAdvance(label) + 2
        left = min(max(x - width / 2, rect.left()), rect.right() - width)
        if left < free_from:
            continue
        free_from = left + width + 4
        painter.drawText(QRectF(left, plot.bottom() + APART - 1, width, metrics.height()), CENTRE, label)


def draw_names(painter: QPainter, rect: QRectF, plot: QRectF, x_name: str, y_name: str, arrow: str = "↑") -> None:
    """The names of the axes: y above the plot's left edge, x under its ticks; upright, so that Chinese reads well."""
    metrics = QFontMetricsF(painter.font())
    line, elide = metrics.height(), Qt.TextElideMode.ElideRight
    if y_name:
        words = metrics.elidedText(f"{arrow} {y_name}", elide, rect.right() - rect.left())
        # Long names begin further left, over the gutter, rather than leave the panel.
        left = max(rect.left(), min(plot.left(), rect.right() - metrics.horizontalAdvance(words) - 2))
        painter.drawText(QRectF(left, plot.top() - line - 4, rect.right() - left, line), LEFT, words)
    if x_name:
        words = metrics.elidedText(x_name + " →", elide, rect.width())
        box = QRectF(rect.left(), plot.bottom() + APART + line + 1, rect.width(), line)
        width = metrics.horizontalAdvance(words) + 2
        box.setLeft(max(rect.left(), min(plot.right(), rect.right()) - width))
        box.setWidth(width)
        painter.drawText(box, LEFT, words)


def polyline(x: np.ndarray, y: np.ndarray) -> list[QPolygonF]:
    """The stretches of a line between its gaps (nan)."""
    known = np.isfinite(x) & np.isfinite(y)
    breaks = np.flatnonzero(np.diff(known.astype(np.int8))) + 1
    stretches = []
    for part in np.split(np.arange(len(x)), breaks):
        if part.size and known[part[0]]:
            stretches.append(QPolygonF([QPointF(x[index], y[index]) for index in part]))
    return stretches


def thinned(x: np.ndarray, y: np.ndarray, steps_per_pixel: float = 1.0) -> tuple[np.ndarray, np.ndarray]:
    """At most four points for each column of pixels (first, least, most, last), which paint the same line.

    ``x`` and ``y`` [point] are places in pixels, x ascending; gaps (nan) stay gaps.
    """
    if len(x) < 64 or len(x) < 4 * steps_per_pixel * (np.nanmax(x, initial=0) - np.nanmin(x, initial=1e9)):
        return x, y
    known = np.isfinite(x) & np.isfinite(y)
    columns = np.where(known, np.floor(x * steps_per_pixel), -1.0)
    starts = np.concatenate([[0], np.flatnonzero((columns[1:] != columns[:-1]) | (known[1:] != known[:-1])) + 1])
    stops = np.append(starts[1:], len(x)) - 1
    across = np.stack([x[starts], x[starts], x[stops], x[stops]], axis=1)
    least, most = np.minimum.reduceat(y, starts), np.maximum.reduceat(y, starts)
    return across.ravel(), np.stack([y[starts], least, most, y[stops]], axis=1).ravel()
