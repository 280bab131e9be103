"""Clouds of points on the same axes."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen

from widgets.plots.dots import draw_dots
from widgets.plots.frame import Axis, Frame, draw_frame, framed
from widgets.plots.picture import RIGHT, LegendEntry, Picture, Pointed, ReadoutRow, named, translate
from widgets.plots.plot_data import PlotCloud, ScatterData
from widgets.plots.scale import placeable, scale_of, value_text
from widgets.view_data import Theme

REACH = 14.0  # pixels within which a point answers to the pointer
CROWDED = 400  # points from which on they are smaller and let others through


class ScatterPicture(Picture):
    """Draws a ``ScatterData``. With a diagonal both axes have one scale, and the inside is a square.

    ``beside`` are the other clouds of a series: with the same axes they get the same scales, so that a cloud that
    tightens from picture to picture is seen to.
    """

    aspects = (0.9, 1.5)

    def __init__(self, data: ScatterData, theme: Theme, beside: tuple[ScatterData, ...] = ()) -> None:
        super().__init__(theme)
        self.data = data
        self._clouds = tuple(_clean(cloud) for cloud in data.clouds)
        if data.diagonal:
            self.aspects = (0.85, 1.2)
        series = [_clean(cloud) for other in beside if _axes(other) == _axes(data) for cloud in other.clouds]
        both = [cloud.x[_placed(cloud, data.logarithmic)] for cloud in (*self._clouds, *series)]
        across = [cloud.y[_placed(cloud, data.logarithmic)] for cloud in (*self._clouds, *series)]
        if data.diagonal:
            both = across = both + across
        left_out = sum(int((~_placed(cloud, data.logarithmic) & _known(cloud)).sum()) for cloud in self._clouds)
        self._x = Axis(data.x_label, scale_of(both, data.logarithmic))
        self._y = Axis(named(data.y_label, left_out), scale_of(across, data.logarithmic))
        self._frame: tuple[QRectF, Frame] | None = None

    def legend(self) -> tuple[LegendEntry, ...]:
        entries = [LegendEntry(cloud.label, cloud.colour, "dot") for cloud in self._clouds if cloud.label]
        return tuple(entries) if len(self._clouds) > 1 else ()

    def spoken(self) -> str:
        count = sum(len(cloud.x) for cloud in self._clouds)
        words = translate("{count} points, {y} against {x}")
        return words.format(count=f"{count:,}", y=self.data.y_label, x=self.data.x_label)

    def least_height(self, width: float) -> float:
        return 180.0

    def frame(self, rect: QRectF) -> Frame:
        if self._frame is None or self._frame[0] != rect:
            square = self.data.diagonal
            frame = framed(rect, self._x, self._y, self.theme, square=square)
            if square:  # its sides have one scale, and the same ticks
                frame = replace(frame, y_ticks=frame.x_ticks)
            self._frame = QRectF(rect), frame
        return self._frame[1]

    def draw(self, painter: QPainter, rect: QRectF, ratio: float) -> None:
        frame = self.frame(rect)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if not any(_placed(cloud, self.data.logarithmic).any() for cloud in self._clouds):
            self._draw_nothing(painter, rect, frame)
            painter.restore()
            return
        draw_frame(painter, rect, frame, self.theme)
        if self.data.diagonal:
            pen = QPen(QColor(self.theme.muted), 1)
            pen.setDashPattern([4, 4])
            painter.setPen(pen)
            painter.drawLine(frame.plot.bottomLeft(), frame.plot.topRight())
        painter.setClipRect(frame.plot.adjusted(-3, -3, 3, 3))
        count = sum(len(cloud.x) for cloud in self._clouds)
        for cloud in self._clouds:
            self._draw_cloud(painter, frame, cloud, count, ratio)
        if self.data.diagonal:
            self._name_diagonal(painter, frame.plot)
        painter.restore()

    def _name_diagonal(self, painter: QPainter, plot: QRectF) -> None:
        """Left of its upper end, over the points there."""
        painter.setFont(self.small())
        painter.setPen(QColor(self.theme.muted))
        metrics, words = QFontMetricsF(painter.font()), translate("exact")
        height = metrics.height()
        box = QRectF(plot.left(), plot.top() + 2, plot.width() - height - 8, height)
        plate = box.adjusted(box.width() - metrics.horizontalAdvance(words) - 3, 1, 3, -1)
        painter.fillRect(plate, QColor(self.theme.background))
        painter.drawText(box, RIGHT, words)

    def _draw_nothing(self, painter: QPainter, rect: QRectF, frame: Frame) -> None:
        draw_frame(painter, rect, frame, self.theme, blank=True)
        values = self.data.logarithmic and any(placeable(cloud.x, False).size for cloud in self._clouds)
        nothing = translate("No value above 0: a logarithmic axis has no place for it")
        self.say(painter, frame.plot, nothing if values else translate("No values yet"))

    def _draw_cloud(self, painter: QPainter, frame: Frame, cloud: PlotCloud, count: int, ratio: float) -> None:
        x, y = frame.places(cloud.x, cloud.y)
        radius = 2.5 if count < CROWDED else 1.75 if count < 4_000 else 1.25
        radius *= min(1.0, max(0.6, frame.plot.width() / 300))
        draw_dots(painter, frame.plot, x, y, cloud.colour, radius, 0.75 if count < CROWDED else 0.6, ratio)

    def pointed(self, rect: QRectF, point: QPointF) -> Pointed | None:
        """The point nearest to the pointer, within reach."""
        frame = self.frame(rect)
        best: tuple[float, PlotCloud, int] | None = None
        for cloud in self._clouds:
            x, y = frame.places(cloud.x, cloud.y)
            far = (x - point.x()) ** 2 + (y - point.y()) ** 2
            if np.any(np.isfinite(far)):
                at = int(np.nanargmin(far))
                if far[at] <= REACH**2 and (best is None or far[at] < best[0]):
                    best = float(far[at]), cloud, at
        if best is None:
            return None
        _, cloud, at = best
        place = QPointF(frame.x_place(float(cloud.x[at])), frame.y_place(float(cloud.y[at])))
        rows = (
            ReadoutRow(self.data.x_label, value_text(float(cloud.x[at])), cloud.colour),
            ReadoutRow(self.data.y_label, value_text(float(cloud.y[at])), cloud.colour),
        )
        heading = cloud.label or translate("point {number}").format(number=f"{at + 1:,}")
        return Pointed((cloud.label, at), place, heading, rows)

    def draw_pointed(self, painter: QPainter, rect: QRectF, pointed: Pointed) -> None:
        painter.setPen(QPen(QColor(self.theme.text), 1.5))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawEllipse(pointed.at, 5.5, 5.5)


def _axes(data: ScatterData) -> tuple[str, str, bool, bool]:
    return data.x_label, data.y_label, data.diagonal, data.logarithmic


def _clean(cloud: PlotCloud) -> PlotCloud:
    length = min(np.size(cloud.x), np.size(cloud.y))
    x, y = (np.asarray(side, dtype=np.float64).ravel()[:length] for side in (cloud.x, cloud.y))
    return PlotCloud(cloud.label, x, y, cloud.colour)


def _known(cloud: PlotCloud) -> np.ndarray:
    return np.isfinite(cloud.x) & np.isfinite(cloud.y)


def _placed(cloud: PlotCloud, logarithmic: bool) -> np.ndarray:
    """Which points have a place: bool [point]."""
    known = _known(cloud)
    return known & (cloud.x > 0) & (cloud.y > 0) if logarithmic else known
