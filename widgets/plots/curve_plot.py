"""Lines, bands, points and bars on the same axes."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen, QPolygonF

from widgets.plots.dots import draw_dots, draw_rings
from widgets.plots.frame import Axis, Frame, draw_frame, framed, polyline, thinned
from widgets.plots.marks import draw_marks, marks_height, place_marks
from widgets.plots.picture import (
    LegendEntry,
    Picture,
    Pointed,
    ReadoutRow,
    Sign,
    line_pen,
    named,
    translate,
)
from widgets.plots.plot_data import CurveData, LineLook, PlotLine
from widgets.plots.scale import all_doubling, all_whole, placeable, scale_of, value_text, without_place
from widgets.view_data import Theme

SAME_PLACE = 0.75  # pixels within which two lines have a point at the same x
BAR_SHARE = 0.8  # of the room from one bar to the next
DOTS_UP_TO = 24  # points on a line that are marked one by one
DENSE = 1_200  # points of a line, after thinning, from which on it is as thin as the device can draw
LONG_DASHES = [5.0, 2.0]  # of a hollow line: a model's are shorter
SIGNS: dict[LineLook, Sign] = {
    "bars": "block",
    "dashed": "dashed",
    "hollow line": "hollow line",
    "line": "line",
    "hollow points": "hollow dot",
    "points": "dot",
}
ORDER = tuple(SIGNS)  # in which lines are drawn


class CurvePicture(Picture):
    """Draws a ``CurveData``."""

    aspects = (1.3, 3.4)

    def __init__(self, data: CurveData, theme: Theme) -> None:
        super().__init__(theme)
        self.data = data
        self._lines = tuple(_clean(line) for line in data.lines)
        bars = any(line.look == "bars" for line in self._lines)
        xs = [line.x for line in self._lines]
        marks = np.array([mark.x for mark in data.marks], dtype=np.float64)
        solid = all(_connected(line) for line in self._lines)
        x_scale = scale_of([*xs, marks, *self._beside_bars()], data.logarithmic_x, 0.0 if solid else 0.02, near_zero=0)
        whole = all_whole(xs)
        doubling = data.logarithmic_x and all_doubling(xs)
        self._x = Axis(data.x_label, x_scale, whole, doubling)
        sides = [side for line in self._lines for side in (line.y, line.low, line.high) if side is not None]
        on_y = [_inside(side, line_x, data.logarithmic_x) for side, line_x in self._sides()] if sides else []
        left_out = sum(without_place(line.y, data.logarithmic_y) for line in self._lines)
        left_out += sum(without_place(line.x, data.logarithmic_x) for line in self._lines)
        self._y = Axis(named(data.y_label, left_out), scale_of(on_y, data.logarithmic_y, rests_on_zero=bars))
        self._frame: tuple[QRectF, Frame] | None = None
        self._places: tuple[Frame, list[tuple[np.ndarray, np.ndarray]]] | None = None

    def _sides(self) -> list[tuple[np.ndarray, np.ndarray]]:
        found = []
        for line in self._lines:
            found += [(side, line.x) for side in (line.y, line.low, line.high) if side is not None]
        return found

    def _beside_bars(self) -> list[np.ndarray]:
        """What keeps the first and the last bar whole: half a bar's room on both sides."""
        found = [line.x for line in self._lines if line.look == "bars" and line.x.size]
        places = np.unique(placeable(np.concatenate(found), self.data.logarithmic_x)) if found else np.zeros(0)
        if not places.size or self.data.logarithmic_x:
            return []
        half = 0.6 * (float(np.diff(places).min()) if places.size > 1 else 1.0)
        return [np.array([places[0] - half, places[-1] + half])]

    def legend(self) -> tuple[LegendEntry, ...]:
        if len(self._lines) < 2 and all(line.look != "dashed" for line in self._lines):
            return ()
        words: dict[tuple[str, Sign], list[str]] = {}  # lines that look alike share an entry
        for line in self._lines:
            if line.label:
                words.setdefault((line.colour, SIGNS[line.look]), []).append(line.label)
        return tuple(
            LegendEntry(translate(", ").join(dict.fromkeys(labels)), colour, sign)
            for (colour, sign), labels in words.items()
        )

    def spoken(self) -> str:
        names = translate(", ").join(line.label for line in self._lines if line.label)
        return translate("{y} against {x}: {lines}").format(y=self.data.y_label, x=self.data.x_label, lines=names)

    def least_height(self, width: float) -> float:
        return super().least_height(width) + marks_height(self.data.marks, QFontMetricsF(self.small()))

    def frame(self, rect: QRectF) -> Frame:
        if self._frame is None or self._frame[0] != rect:
            over = marks_height(self.data.marks, QFontMetricsF(self.small()))
            self._frame = QRectF(rect), framed(rect, self._x, self._y, self.theme, over=over)
        return self._frame[1]

    def _placed(self, frame: Frame) -> list[tuple[np.ndarray, np.ndarray]]:
        """Every line's places, remembered for the pointer."""
        if self._places is None or self._places[0] is not frame:
            self._places = frame, [frame.places(line.x, line.y) for line in self._lines]
        return self._places[1]

    def drawn(self) -> bool:
        """Whether there is any point that has a place."""
        return any(
            bool(np.any(np.isfinite(self._x.scale.shares(line.x)) & np.isfinite(self._y.scale.shares(line.y))))
            for line in self._lines
        )

    # Drawing

    def draw(self, painter: QPainter, rect: QRectF, ratio: float) -> None:
        frame = self.frame(rect)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if not self.drawn():
            draw_frame(painter, rect, frame, self.theme, blank=True)
            self.say(painter, frame.plot, self._why_nothing())
            painter.restore()
            return
        draw_frame(painter, rect, frame, self.theme)
        painter.setClipRect(frame.plot.adjusted(-4, -4, 4, 4))
        for line in self._lines:
            self._draw_band(painter, frame, line, ratio)
        for line in self._from_below():
            if line.look == "bars":
                self._draw_bars(painter, frame, line)
            elif _connected(line):
                self._draw_line(painter, frame, line, ratio)
            else:
                self._draw_points(painter, frame, line, ratio)
        painter.setClipping(False)
        self._draw_marks(painter, rect, frame)
        painter.restore()

    def _from_below(self) -> list[PlotLine]:
        """In the order of drawing: by their looks, and of those that look alike the first one last, over the others."""
        numbered = enumerate(self._lines)
        order = sorted(
            numbered, key=lambda each: (ORDER.index(each[1].look), each[0] if _is_bar(each[1]) else -each[0])
        )
        return [line for _, line in order]

    def _why_nothing(self) -> str:
        if any(placeable(line.y, False).size for line in self._lines):
            return translate("No value above 0: a logarithmic axis has no place for it")
        return translate("No values yet")

    def _draw_band(self, painter: QPainter, frame: Frame, line: PlotLine, ratio: float) -> None:
        if line.low is None or line.high is None:
            return
        low = np.where(line.low > 0, line.low, frame.y.scale.low) if frame.y.scale.logarithmic else line.low
        x, bottom = frame.places(line.x, np.where(np.isfinite(line.low), low, np.nan))
        _, top = frame.places(line.x, line.high)
        known = np.isfinite(x) & np.isfinite(bottom) & np.isfinite(top)
        if not _connected(line):
            painter.setPen(QPen(QColor(line.colour), 1.5))
            for at in np.flatnonzero(known):
                painter.drawLine(QPointF(x[at], bottom[at]), QPointF(x[at], top[at]))
            return
        fill = QColor(line.colour)
        fill.setAlphaF(0.2)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(fill)
        gone = np.where(known, 0.0, np.nan)
        for upper, lower in zip(
            polyline(*thinned(x, top + gone, ratio)), polyline(*thinned(x, bottom + gone, ratio)), strict=False
        ):
            corners = [upper.at(index) for index in range(upper.size())]
            corners += [lower.at(index) for index in reversed(range(lower.size()))]
            painter.drawPolygon(QPolygonF(corners))

    def _draw_line(self, painter: QPainter, frame: Frame, line: PlotLine, ratio: float) -> None:
        x, y = frame.places(line.x, line.y)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        few = len(x) <= DOTS_UP_TO and line.look != "dashed"
        for stretch in polyline(*thinned(x, y, ratio)):
            pen = line_pen(line.colour, line.look == "dashed")
            if line.look == "hollow line":
                pen.setDashPattern(LONG_DASHES)
            if stretch.size() > DENSE:
                pen = QPen(QColor(line.colour), 1 / ratio)  # wider ones cost a hundred times as much to join
            painter.setPen(pen)
            painter.drawPolyline(stretch)
        known = np.isfinite(x) & np.isfinite(y)
        alone = known & ~np.append(False, known[:-1]) & ~np.append(known[1:], False)
        marked = known if few else alone
        if line.look == "hollow line":
            draw_rings(painter, frame.plot, x[marked], y[marked], line.colour, self.theme.background, 3.25)
        else:
            draw_dots(painter, frame.plot, x[marked], y[marked], line.colour, 2.75 if few else 2.0, 1.0, ratio)

    def _draw_points(self, painter: QPainter, frame: Frame, line: PlotLine, ratio: float) -> None:
        x, y = frame.places(line.x, line.y)
        many = len(x) >= 200
        if line.look == "hollow points" and not many:
            draw_rings(painter, frame.plot, x, y, line.colour, self.theme.background, 3.5)
            return
        draw_dots(painter, frame.plot, x, y, line.colour, 1.5 if many else 3.0, 0.6 if many else 1.0, ratio)

    def _draw_bars(self, painter: QPainter, frame: Frame, line: PlotLine) -> None:
        x, y = frame.places(line.x, line.y)
        known = np.isfinite(x) & np.isfinite(y)
        x, y = x[known], y[known]
        if not x.size:
            return
        zero = frame.plot.bottom() if frame.y.scale.logarithmic else frame.y_place(0.0)
        width = self._bar_width(x, frame)
        if len(x) > 2 * frame.plot.width():  # the tallest of each column of pixels
            column = np.round(x)
            order = np.lexsort((-np.abs(y - zero), column))
            _, first = np.unique(column[order], return_index=True)
            x, y = column[order][first], y[order][first]
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(line.colour))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, width >= 3)
        tops, bottoms = np.minimum(y, zero), np.maximum(y, zero)
        painter.drawRects(
            [QRectF(at - width / 2, top, width, bottom - top) for at, top, bottom in zip(x, tops, bottoms, strict=True)]
        )
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)

    def _bar_width(self, x: np.ndarray, frame: Frame) -> float:
        others = [frame.places(line.x, line.y)[0] for line in self._lines if line.look == "bars"]
        places = np.unique(np.round(np.concatenate([part[np.isfinite(part)] for part in others]), 1))
        apart = float(np.diff(places).min()) if places.size > 1 else frame.plot.width() / 4
        return float(np.clip(apart * BAR_SHARE, 1.0, 48.0))

    def _draw_marks(self, painter: QPainter, rect: QRectF, frame: Frame) -> None:
        painter.setFont(self.small())
        draw_marks(painter, place_marks(self.data.marks, frame, rect, QFontMetricsF(painter.font())), frame, self.theme)

    # The pointer

    def pointed(self, rect: QRectF, point: QPointF) -> Pointed | None:
        """The x nearest to the pointer at which any line has a point, and every line's y there."""
        frame = self.frame(rect)
        if not frame.plot.adjusted(-6, -6, 6, 6).contains(point):
            return None
        best: tuple[float, float] | None = None  # (distance in pixels, x)
        placed = self._placed(frame)
        for line, (x, y) in zip(self._lines, placed, strict=True):
            far = np.where(np.isfinite(y), np.abs(x - point.x()), np.nan)
            if np.any(np.isfinite(far)):
                at = int(np.nanargmin(far))
                if best is None or far[at] < best[0]:
                    best = float(far[at]), float(line.x[at])
        if best is None:
            return None
        place = frame.x_place(best[1])
        rows = []
        for line, (x, y) in zip(self._lines, placed, strict=True):
            value = _value_at(line, x, y, place)
            if value:
                rows.append(ReadoutRow(line.label or self.data.y_label, value, line.colour))
        heading = f"{self.data.x_label} = {value_text(best[1])}"
        return Pointed(("x", best[1]), QPointF(place, point.y()), heading, tuple(rows))

    def draw_pointed(self, painter: QPainter, rect: QRectF, pointed: Pointed) -> None:
        frame = self.frame(rect)
        x = pointed.at.x()
        line = QColor(self.theme.text)
        line.setAlphaF(0.5)
        painter.setPen(QPen(line, 1))
        painter.drawLine(QPointF(round(x) + 0.5, frame.plot.top()), QPointF(round(x) + 0.5, frame.plot.bottom()))
        for part, (places_x, places_y) in zip(self._lines, self._placed(frame), strict=True):
            for at in np.flatnonzero(np.abs(places_x - x) <= SAME_PLACE)[:1]:
                if np.isfinite(places_y[at]):
                    painter.setPen(QPen(QColor(self.theme.background), 1.5))
                    painter.setBrush(QColor(part.colour))
                    painter.drawEllipse(QPointF(places_x[at], places_y[at]), 4, 4)


def _is_bar(line: PlotLine) -> bool:
    return line.look == "bars"


def _connected(line: PlotLine) -> bool:
    """Whether a line leads from point to point."""
    return line.look in ("line", "dashed", "hollow line")


def _clean(line: PlotLine) -> PlotLine:
    """The line with float64 arrays of one length, lines in ascending x."""
    length = min(np.size(line.x), np.size(line.y))
    x, y = (np.asarray(side, dtype=np.float64).ravel()[:length] for side in (line.x, line.y))
    banded = line.low is not None and line.high is not None and min(np.size(line.low), np.size(line.high)) >= length
    low, high = (
        np.asarray(side, dtype=np.float64).ravel()[:length] if banded else None for side in (line.low, line.high)
    )
    if np.any(np.diff(x) < 0):
        order = np.argsort(x, kind="stable")
        x, y = x[order], y[order]
        low, high = (side if side is None else side[order] for side in (low, high))
    return PlotLine(line.label, x, y, line.colour, low, high, line.look)


def _inside(side: np.ndarray, x: np.ndarray, logarithmic: bool) -> np.ndarray:
    """The values whose x has a place."""
    return side[np.isfinite(x) & ((x > 0) | (not logarithmic))]


def _value_at(line: PlotLine, x: np.ndarray, y: np.ndarray, place: float) -> str:
    """The line's value at a place: its own point's, else between its two neighbours with an ≈; empty outside."""
    known = np.flatnonzero(np.isfinite(x) & np.isfinite(y))
    if not known.size:
        return ""
    nearest = known[int(np.argmin(np.abs(x[known] - place)))]
    if abs(x[nearest] - place) <= SAME_PLACE:
        value = value_text(float(line.y[nearest]))
        if line.low is not None and line.high is not None:
            value += f" ({value_text(float(line.low[nearest]))} … {value_text(float(line.high[nearest]))})"
        return value
    if not _connected(line) or not x[known[0]] <= place <= x[known[-1]]:
        return ""
    return "≈ " + value_text(float(np.interp(place, x[known], line.y[known])))
