"""A matrix as colours: every cell flat, positions on its axes, a bar that says what the colours mean."""

from __future__ import annotations

import math

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QImage, QPainter, QPen

from widgets.batched_drawing import draw_crisp
from widgets.colour_ramp import mixed, ramp, rgb
from widgets.plots.frame import APART, draw_names, draw_x_labels
from widgets.plots.picture import LEFT, RIGHT, LegendEntry, Picture, Pointed, ReadoutRow, translate
from widgets.plots.plot_data import HeatMapData
from widgets.plots.scale import Scale, ticks, value_text
from widgets.view_data import Theme
from widgets.viewport import nice_positions

LEVELS = 254  # colours of values; 255 is where there is none
NOTHING = 255
BAR = 12.0  # width of the colour bar


class HeatMapPicture(Picture):
    """Draws a ``HeatMapData``; row 0 is at the top."""

    def __init__(self, data: HeatMapData, theme: Theme) -> None:
        super().__init__(theme)
        self.data = data
        values = np.asarray(data.values, dtype=np.float32)
        self._values = values if values.ndim == 2 else np.atleast_2d(values)
        rows, columns = self._values.shape
        self._row_edges = _edges(data.row_edges, rows)
        self._column_edges = _edges(data.column_edges, columns)
        self._square = rows == columns and rows > 1
        self.aspects = (0.9, 1.3) if self._square else (1.2, 3.0)
        self._scale = value_scale(self._values, data.diverging)
        self._table = np.vstack([diverging(theme) if data.diverging else sequential(theme), rgb(theme.masked)])
        self._indexes = self._levels()
        self._image: tuple[tuple[object, ...], QImage] | None = None

    def _levels(self) -> np.ndarray:
        """Values as places in the table: uint8, same shape; infinite ones at its ends."""
        shares = (np.nan_to_num(self._values, nan=0.0) - self._scale.low) / (self._scale.high - self._scale.low)
        levels = np.rint(np.clip(shares, 0, 1) * LEVELS)
        return np.where(np.isnan(self._values), NOTHING, levels).astype(np.uint8)

    def least_height(self, width: float) -> float:
        return 170.0

    def legend(self) -> tuple[LegendEntry, ...]:
        if not np.isnan(self._values).any() or not self._values.size:
            return ()
        return (LegendEntry(translate("no value"), self.theme.masked, "block"),)

    def spoken(self) -> str:
        words = translate("{rows} × {columns} values from {low} to {high}")
        rows, columns = self._values.shape
        low, high = value_text(self._scale.low), value_text(self._scale.high)
        return words.format(rows=f"{rows:,}", columns=f"{columns:,}", low=low, high=high)

    # Places

    def plot_rect(self, rect: QRectF) -> QRectF:
        """The inside, between labels and colour bar."""
        metrics = QFontMetricsF(self.small())
        line = metrics.height()
        above = line + 4 if self.data.row_label else line / 2
        below = APART + line + (line + 2 if self.data.column_label else 0)
        last = f"{int(self._row_edges[-1]):,}"
        gutter = math.ceil((metrics.horizontalAdvance(last) + APART + 2) / 8) * 8
        labels = [metrics.horizontalAdvance(label) for most in (2, 3, 5) for _, label in self._bar_ticks(most)]
        right = BAR + 14 + 8 + math.ceil(max(labels, default=20) / 8) * 8
        width, height = max(10.0, rect.width() - gutter - right), max(10.0, rect.height() - above - below)
        left, top = rect.left() + gutter, rect.top() + above
        if self._square:
            side = min(width, height)
            left += (width - side) / 2
            width = height = side
        return QRectF(round(left), round(top), math.floor(width), math.floor(height))

    def _bar_ticks(self, most: int) -> list[tuple[float, str]]:
        return ticks(self._scale, most)

    # Drawing

    def draw(self, painter: QPainter, rect: QRectF, ratio: float) -> None:
        plot = self.plot_rect(rect)
        painter.save()
        if self._values.size:
            draw_crisp(painter, plot, self._picture(plot, ratio))
        else:
            painter.fillRect(plot, QColor(self.theme.background))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.setPen(QPen(QColor(self.theme.line), 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(plot.adjusted(-1, -1, 0, 0))
        painter.setFont(self.small())
        if self._values.size:
            self._draw_positions(painter, rect, plot)
            self._draw_bar(painter, rect, plot)
        painter.setPen(QColor(self.theme.muted))
        draw_names(painter, rect, plot, self.data.column_label, self.data.row_label, "↓")
        if not np.isfinite(self._values).any():
            self.say(painter, plot, translate("No values yet"))
        painter.restore()

    def _picture(self, plot: QRectF, ratio: float) -> QImage:
        """The cells at the resolution of the device: one colour in each, the largest where cells are below a pixel."""
        width, height = max(1, round(plot.width() * ratio)), max(1, round(plot.height() * ratio))
        key = (width, height)
        if self._image is None or self._image[0] != key:
            indexes = spread(self._indexes, self._row_edges, height, 0, self.data.diverging)
            indexes = spread(indexes, self._column_edges, width, 1, self.data.diverging)
            pixels = np.ascontiguousarray(indexes)
            image = QImage(pixels.data, width, height, width, QImage.Format.Format_Indexed8)
            image.setColorTable(_packed(self._table))
            self._image = key, image.copy()
        return self._image[1]

    def _draw_positions(self, painter: QPainter, rect: QRectF, plot: QRectF) -> None:
        metrics = QFontMetricsF(painter.font())
        columns, rows = self._column_edges, self._row_edges
        painter.setPen(QColor(self.theme.muted))
        widest = metrics.horizontalAdvance(f"{int(columns[-1]):,}") + 14
        labels = [
            (plot.left() + share * plot.width(), label)
            for share, label in positions(columns, int(plot.width() / widest))
        ]
        draw_x_labels(painter, rect, plot, labels)
        for share, label in positions(rows, int(plot.height() / (2.2 * metrics.height()))):
            y = plot.top() + share * plot.height()
            box = QRectF(rect.left(), y - metrics.height() / 2, plot.left() - APART - rect.left(), metrics.height())
            painter.drawText(box, RIGHT, label)

    def _draw_bar(self, painter: QPainter, rect: QRectF, plot: QRectF) -> None:
        bar = QRectF(plot.right() + 14, plot.top(), BAR, plot.height())
        pixels = np.ascontiguousarray(np.arange(LEVELS, -1, -1, dtype=np.uint8)[:, None])
        image = QImage(pixels.data, 1, len(pixels), 1, QImage.Format.Format_Indexed8).copy()
        image.setColorTable(_packed(self._table))
        draw_crisp(painter, bar, image)
        painter.setPen(QPen(QColor(self.theme.line), 1))
        painter.drawRect(bar.adjusted(-1, -1, 0, 0))
        painter.setPen(QColor(self.theme.muted))
        height = QFontMetricsF(painter.font()).height()
        for value, label in self._bar_ticks(max(2, int(bar.height() / (2.6 * height)))):
            y = bar.bottom() - self._scale.share(value) * bar.height()
            if bar.top() - 1 <= y <= bar.bottom() + 1:
                painter.drawText(
                    QRectF(bar.right() + 6, y - height / 2, rect.right() - bar.right(), height), LEFT, label
                )

    # The pointer

    def pointed(self, rect: QRectF, point: QPointF) -> Pointed | None:
        plot = self.plot_rect(rect)
        if not self._values.size or not plot.contains(point):
            return None
        row = _cell(self._row_edges, (point.y() - plot.top()) / plot.height())
        column = _cell(self._column_edges, (point.x() - plot.left()) / plot.width())
        value = float(self._values[row, column])
        text = translate("no value") if math.isnan(value) else value_text(value)
        rows = (
            ReadoutRow(self.data.row_label or translate("row"), _span(self._row_edges, row)),
            ReadoutRow(self.data.column_label or translate("column"), _span(self._column_edges, column)),
        )
        return Pointed((row, column), QPointF(point), text, rows)

    def draw_pointed(self, painter: QPainter, rect: QRectF, pointed: Pointed) -> None:
        plot = self.plot_rect(rect)
        row, column = (int(part) for part in pointed.key)
        left, right = (
            plot.left() + share * plot.width()
            for share in _shares(self._column_edges, self._column_edges[column : column + 2])
        )
        top, bottom = (
            plot.top() + share * plot.height() for share in _shares(self._row_edges, self._row_edges[row : row + 2])
        )
        grow_x, grow_y = max(0.0, 4 - (right - left)) / 2, max(0.0, 4 - (bottom - top)) / 2
        box = QRectF(left, top, right - left, bottom - top).adjusted(-grow_x, -grow_y, grow_x, grow_y)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(self.theme.background), 3.5))
        painter.drawRect(box)
        painter.setPen(QPen(QColor(self.theme.text), 1.5))
        painter.drawRect(box)


def value_scale(values: np.ndarray, is_diverging: bool) -> Scale:
    """The range of the colours: from 0 to most, from least to most where some are negative, or even about 0."""
    finite = values[np.isfinite(values)]
    if not finite.size:
        return Scale(-1.0, 1.0) if is_diverging else Scale(0.0, 1.0)
    low, high = float(finite.min()), float(finite.max())
    if is_diverging:
        most = max(abs(low), abs(high)) or 1.0
        return Scale(-most, most)
    low = min(low, 0.0)
    return Scale(low, high if high > low else low + 1.0)


def sequential(theme: Theme) -> np.ndarray:
    """The theme's ramp: float [LEVELS + 1, 3]. Zero is told from the ground around the picture."""
    return ramp(theme.sequential, np.linspace(0.06, 1.0, LEVELS + 1))


def diverging(theme: Theme) -> np.ndarray:
    """From the theme's first category (negative) over its ground (0) to its sixth (positive): float [LEVELS + 1, 3].

    Blue and orange: told apart by every kind of colour vision.
    """
    if theme.signed:
        return ramp(theme.signed, np.linspace(0, 1, LEVELS + 1))
    categories = theme.categories
    negative, positive = categories[0], categories[5 % len(categories)]
    middle = mixed(theme.background, theme.raised, 0.35)
    return ramp(
        (negative, mixed(negative, middle, 0.5), middle, mixed(positive, middle, 0.5), positive),
        np.linspace(0, 1, LEVELS + 1),
    )


def spread(indexes: np.ndarray, edges: np.ndarray, pixels: int, axis: int, is_diverging: bool) -> np.ndarray:
    """Cells along one axis → pixels. Where several cells share a pixel, the one furthest from nothing shows."""
    count = indexes.shape[axis]
    starts = np.searchsorted(edges, edges[0] + (np.arange(pixels) + 0.5) / pixels * (edges[-1] - edges[0]), "right") - 1
    starts = np.clip(starts, 0, count - 1)
    if count <= pixels:
        return np.take(indexes, starts, axis=axis)
    firsts = np.arange(pixels) * count // pixels
    strength = np.abs(indexes.astype(np.int32) - (LEVELS // 2 if is_diverging else 0))
    strength = np.where(indexes == NOTHING, -1, strength) * 256 + indexes
    return (np.maximum.reduceat(strength, firsts, axis=axis) % 256).astype(np.uint8)


def positions(edges: np.ndarray, most: int) -> list[tuple[float, str]]:
    """Ticks between integer edges as (share of the axis, label), at the middle of the position they name."""
    found = nice_positions(float(edges[0]), float(edges[-1]), max(1, most))
    span = float(edges[-1] - edges[0])
    inside = [int(position) for position in found if edges[0] <= position < edges[-1]]
    return [((position + 0.5 - float(edges[0])) / span, f"{position:,}") for position in inside]


def _packed(table: np.ndarray) -> list[int]:
    """Colours [entry, 3] as an image's table."""
    colours = np.rint(table).astype(np.int64)
    return [int(entry) for entry in 0xFF000000 | colours[:, 0] << 16 | colours[:, 1] << 8 | colours[:, 2]]


def _edges(edges: np.ndarray | None, count: int) -> np.ndarray:
    """The edges that were given, or those that count the cells."""
    if edges is not None and len(edges) == count + 1 and count and edges[-1] > edges[0]:
        return np.asarray(edges, dtype=np.int64)
    return np.arange(max(count, 1) + 1, dtype=np.int64)


def _shares(edges: np.ndarray, values: np.ndarray) -> list[float]:
    return [float(value - edges[0]) / float(edges[-1] - edges[0]) for value in values]


def _cell(edges: np.ndarray, share: float) -> int:
    at = float(edges[0]) + share * float(edges[-1] - edges[0])
    return int(np.clip(np.searchsorted(edges, at, "right") - 1, 0, len(edges) - 2))


def _span(edges: np.ndarray, cell: int) -> str:
    first, last = int(edges[cell]), int(edges[cell + 1]) - 1
    return f"{first:,}" if first >= last else f"{first:,}–{last:,}"
