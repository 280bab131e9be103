"""Which tokens can reach one token, layer by layer, and the cone that they form."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QImage, QPainter, QPainterPath, QPen, QPolygonF

from widgets.batched_drawing import draw_crisp
from widgets.colour_ramp import mixed, rgb
from widgets.plots.frame import APART, GUTTER_STEP, LEAST_GUTTER, draw_x_labels
from widgets.plots.picture import CENTRE, RIGHT, LegendEntry, Picture, Pointed, ReadoutRow, cached_grey, translate
from widgets.plots.plot_data import ReachData
from widgets.plots.scale import value_text
from widgets.view_data import Theme
from widgets.viewport import nice_positions

CELL_FROM = 5.0  # pixels of a token from which on it is a cell of its own, with a gap beside it
ROW_MOST, ROW_SHARE = 18.0, 0.45  # height of a row in pixels, and its share of the room from row to row
LEAST_CELL = 2.0  # pixels of a position that can reach the target, at any length
UNDERLINE = 2.5
SEGMENT_FROM = 10.0  # pixels of a segment from which on its border is drawn
FAINTEST = 0.65  # how much of the colour the smallest share has


@dataclass(frozen=True)
class _Rows:
    """Where the rows lie: ``plot`` holds them all; row 0, the input, is the lowest."""

    plot: QRectF
    height: float
    step: float

    def row(self, layer: int) -> QRectF:
        bottom = self.plot.bottom() - layer * self.step
        return QRectF(self.plot.left(), bottom - self.height, self.plot.width(), self.height)


class ReachPicture(Picture):
    """Draws a ``ReachData``: the input at the bottom, the target at the top."""

    aspects = (1.5, 3.4)

    def __init__(self, data: ReachData, theme: Theme) -> None:
        super().__init__(theme)
        self.data = data
        shares = np.nan_to_num(np.asarray(data.shares, dtype=np.float64))
        self._shares = np.clip(np.atleast_2d(shares), 0.0, 1.0)
        count = self._shares.shape[1]
        edges = np.asarray(data.edges, dtype=np.float64)
        fits = len(edges) == count + 1 and count and edges[-1] > edges[0]
        self._edges = edges if fits else np.arange(max(count, 1) + 1, dtype=np.float64)
        self._strip: tuple[tuple[int, int, int, bool], QImage] | None = None

    @property
    def _layers(self) -> int:
        return self._shares.shape[0] if self._shares.size else 0

    def least_height(self, width: float) -> float:
        return max(130.0, 40.0 + 15.0 * max(self._layers, 2))

    def legend(self) -> tuple[LegendEntry, ...]:
        theme, data = self.theme, self.data
        entries = [LegendEntry(translate("can reach it"), data.colour, "block")]
        if data.segment and data.cached_before:
            entries.append(LegendEntry(translate("cached, no gradient"), data.colour, "underline"))
        target = translate("token {position}").format(position=f"{data.target:,}")
        return (*entries, LegendEntry(target, theme.text, "outline"))

    def spoken(self) -> str:
        counts = [value_text(round(float(count))) for count in self._counts()]
        words = translate("Tokens that can reach token {target}, from the input up: {counts}")
        return words.format(target=f"{self.data.target:,}", counts=", ".join(counts))

    def _counts(self) -> np.ndarray:
        """How many positions of each layer can reach the target: float [layer + 1]."""
        return self._shares @ np.diff(self._edges) if self._shares.size else np.zeros(0)

    # Places

    def rows(self, rect: QRectF) -> _Rows:
        metrics = QFontMetricsF(self.small())
        line = metrics.height()
        named = metrics.horizontalAdvance(self._layer_name(0)) + APART + 2
        gutter = max(LEAST_GUTTER, math.ceil(named / GUTTER_STEP) * GUTTER_STEP)
        below = APART + line + (line + 2 if self.has_segment_names(rect.width() - gutter, metrics) else 0)
        plot = QRectF(rect.left() + gutter, rect.top() + 8, rect.width() - gutter - 8, rect.height() - 8 - below)
        plot = QRectF(
            round(plot.left()), round(plot.top()), max(10.0, math.floor(plot.width())), max(4.0, plot.height())
        )
        count = max(1, self._layers)
        height = max(2.0, min(ROW_MOST, plot.height() / count * (ROW_SHARE if count > 1 else 1.0)))
        step = (plot.height() - height) / (count - 1) if count > 1 else 0.0
        return _Rows(plot, round(height), step)

    def _x(self, plot: QRectF, position: float) -> float:
        first, last = float(self._edges[0]), float(self._edges[-1])
        return plot.left() + (position - first) / (last - first) * plot.width()

    def _token_width(self, plot: QRectF) -> float:
        return plot.width() / float(self._edges[-1] - self._edges[0])

    def _layer_name(self, layer: int) -> str:
        return translate("input") if layer == 0 else f"{layer:,}"

    def _borders(self) -> list[int]:
        """Positions where segments begin, within the picture."""
        first, last, segment = int(self._edges[0]), int(self._edges[-1]), self.data.segment
        return list(range(-(-first // segment) * segment, last, segment)) if segment > 0 else []

    def has_segment_names(self, width: float, metrics: QFontMetricsF) -> bool:
        """Whether every segment has room for its name."""
        segment = self.data.segment
        if segment <= 0:
            return False
        room = segment / float(self._edges[-1] - self._edges[0]) * width
        return room >= metrics.horizontalAdvance(translate("segment {number}").format(number="00")) + 8

    # Drawing

    def draw(self, painter: QPainter, rect: QRectF, ratio: float) -> None:
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if not self._shares.size:
            self.say(painter, rect, translate("No values yet"))
            painter.restore()
            return
        rows = self.rows(rect)
        self._draw_segments(painter, rows)
        self._draw_cone(painter, rows)
        self._draw_rows(painter, rows, ratio)
        self._draw_target(painter, rows)
        self._draw_labels(painter, rect, rows)
        painter.restore()

    def _draw_segments(self, painter: QPainter, rows: _Rows) -> None:
        borders = self._borders()
        if len(borders) < 2 or self.data.segment * self._token_width(rows.plot) < SEGMENT_FROM:
            return
        pen = QPen(QColor(self.theme.line), 1)
        pen.setDashPattern([3, 4])
        painter.setPen(pen)
        for border in borders:
            if border > self._edges[0]:
                x = round(self._x(rows.plot, border)) - 0.5
                painter.drawLine(QPointF(x, rows.plot.top() - 4), QPointF(x, rows.plot.bottom() + 4))

    def _runs(self, layer: int) -> np.ndarray:
        """Runs of positions that can reach the target; of the last layer the target alone."""
        if layer == self._layers - 1:
            return np.array([[self.data.target, self.data.target + 1.0]])
        return runs_of(self._shares[layer], self._edges)

    def _draw_cone(self, painter: QPainter, rows: _Rows) -> None:
        fill = QColor(self.data.colour)
        fill.setAlphaF(0.16)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(fill)
        for layer in range(self._layers - 1):
            under, over = rows.row(layer).top(), rows.row(layer + 1).bottom()
            cone = QPainterPath()
            cone.setFillRule(Qt.FillRule.WindingFill)  # where bands cross the veil is no thicker
            for lower, upper in bands(self._runs(layer), self._runs(layer + 1)):
                left, right = self._ends(rows.plot, *upper)
                low, high = self._ends(rows.plot, *lower)
                corners = [(left, over), (right, over), (high, under), (low, under)]
                cone.addPolygon(QPolygonF([QPointF(*corner) for corner in [*corners, corners[0]]]))
            painter.drawPath(cone)

    def _ends(self, plot: QRectF, first: float, last: float) -> tuple[float, float]:
        """Where a run begins and ends, wide enough to be seen."""
        left, right = self._x(plot, first), self._x(plot, last)
        spare = max(0.0, LEAST_CELL - (right - left)) / 2
        return left - spare, right + spare

    def _draw_rows(self, painter: QPainter, rows: _Rows, ratio: float) -> None:
        image = self._image(rows, ratio)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, False)
        high = max(1, round(rows.height * ratio))
        for layer in range(self._layers):
            strip = image.copy(0, layer * high, image.width(), high)  # vector files know no part of an image
            row = rows.row(layer)
            draw_crisp(painter, QRectF(row.left(), round(row.top() * ratio) / ratio, row.width(), row.height()), strip)

    def _image(self, rows: _Rows, ratio: float) -> QImage:
        """Every row at the resolution of the device, one below the other, row 0 first."""
        width, high = max(1, round(rows.plot.width() * ratio)), max(1, round(rows.height * ratio))
        cells = self._token_width(rows.plot) >= CELL_FROM
        key = (width, high, self._layers, cells)
        if self._strip is not None and self._strip[0] == key:
            return self._strip[1]
        at = self._edges[0] + (np.arange(width) + 0.5) / width * (self._edges[-1] - self._edges[0])
        shares = at_least(self._pixel_shares(at, width), math.ceil(LEAST_CELL * ratio))
        colours, underlined = self._colours(shares, at)
        picture = np.empty((self._layers, high, width, 4), dtype=np.uint8)
        picture[...] = colours[:, None]
        if self.data.segment:
            under = max(1, round(UNDERLINE * ratio))
            line = np.array([*rgb(self.data.colour)[::-1], 255]).astype(np.uint8)
            picture[:, -under:][np.broadcast_to(underlined[:, None], (self._layers, min(under, high), width))] = line
        if cells:
            token = np.floor(at).astype(np.int64)
            gap = np.concatenate([token[1:] != token[:-1], [False]])
            for _ in range(max(1, round((2 if self._token_width(rows.plot) > 9 else 1) * ratio))):
                picture[:, :, gap] = 0
                gap = np.concatenate([gap[1:], [False]])
        image = QImage(picture.data, width, self._layers * high, 4 * width, QImage.Format.Format_ARGB32).copy()
        self._strip = key, image
        return image

    def _pixel_shares(self, at: np.ndarray, width: int) -> np.ndarray:
        """Shares for columns of pixels, the largest where several bins share one: float [layer + 1, width]."""
        bins = self._shares.shape[1]
        if bins <= width:
            return self._shares[:, np.clip(np.searchsorted(self._edges, at, "right") - 1, 0, bins - 1)]
        return np.maximum.reduceat(self._shares, np.arange(width) * bins // width, axis=1)

    def _colours(self, shares: np.ndarray, at: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Colours as blue, green, red, alpha [layer + 1, width, 4], and where a cached state is underlined."""
        theme, data = self.theme, self.data
        strength = np.where(shares > 0, FAINTEST + (1 - FAINTEST) * shares, 0.0)[..., None]
        cached = np.broadcast_to(at < data.cached_before, shares.shape)
        empty, full = rgb(mixed(theme.surface, theme.raised, 0.7)), rgb(data.colour)
        grey = rgb(cached_grey(theme))
        colours = empty + (np.where(cached[..., None], grey, full) - empty) * strength
        if data.segment > 0 and data.cached_before:
            current = (shares == 0) & (at >= data.cached_before) & (at < data.cached_before + data.segment)
            colours = np.where(current[..., None], rgb(mixed(theme.raised, data.colour, 0.25)), colours)
        whole = np.concatenate([np.rint(colours)[..., ::-1], np.full((*shares.shape, 1), 255.0)], axis=-1)
        return whole.astype(np.uint8), cached & (shares > 0) & (data.segment > 0)

    def _draw_target(self, painter: QPainter, rows: _Rows) -> None:
        """The target's cell in the top row, wide enough to be seen at any length."""
        row = rows.row(self._layers - 1)
        left, right = self._x(rows.plot, self.data.target), self._x(rows.plot, self.data.target + 1)
        spare = max(0.0, 5 - (right - left)) / 2
        box = QRectF(left - spare, row.top(), right - left + 2 * spare, row.height())
        if self._token_width(rows.plot) >= CELL_FROM:
            box.adjust(0, 0, -1, 0)
        painter.setPen(QPen(QColor(self.theme.text), 1.75))
        painter.setBrush(QColor(self.data.colour))
        painter.drawRoundedRect(box.adjusted(-1, -1, 1, 1), 2, 2)

    def _draw_labels(self, painter: QPainter, rect: QRectF, rows: _Rows) -> None:
        painter.setFont(self.small())
        metrics = QFontMetricsF(painter.font())
        painter.setPen(QColor(self.theme.muted))
        every = max(1, math.ceil((metrics.height() + 2) / rows.step)) if rows.step else 1
        top = self._layers - 1
        for layer in range(self._layers):
            near_top = top - layer < every and layer != top
            if (layer % every and layer != top) or (near_top and every > 1):
                continue
            middle = rows.row(layer).center().y()
            box = QRectF(rect.left(), middle - 10, rows.plot.left() - APART - rect.left(), 20)
            painter.drawText(box, RIGHT, self._layer_name(layer))
        plot = rows.plot
        widest = metrics.horizontalAdvance(f"{int(self._edges[-1]):,}") + 24
        found = nice_positions(float(self._edges[0]), float(self._edges[-1]), max(1, int(plot.width() / widest)))
        ticks = [int(position) for position in found if self._edges[0] <= position < self._edges[-1]]
        draw_x_labels(painter, rect, plot, [(self._x(plot, tick + 0.5), f"{tick:,}") for tick in ticks])
        if self.has_segment_names(plot.width(), metrics):
            self._draw_segment_names(painter, plot, metrics)

    def _draw_segment_names(self, painter: QPainter, plot: QRectF, metrics: QFontMetricsF) -> None:
        top, segment = plot.bottom() + APART + metrics.height() + 1, self.data.segment
        for start in self._borders():
            left, right = self._x(plot, start), self._x(plot, min(start + segment, self._edges[-1]))
            words = translate("segment {number}").format(number=f"{start // segment + 1:,}")
            if metrics.horizontalAdvance(words) > right - left:
                continue
            now = self.data.cached_before <= start <= self.data.target
            painter.setPen(QColor(self.data.colour if now else self.theme.muted))
            painter.drawText(QRectF(left, top, right - left, metrics.height()), CENTRE, words)

    # The pointer

    def pointed(self, rect: QRectF, point: QPointF) -> Pointed | None:
        """The bin of the row nearest to the pointer."""
        if not self._shares.size:
            return None
        rows = self.rows(rect)
        if not rows.plot.adjusted(0, -6, 0, 6).contains(point):
            return None
        layer = 0 if not rows.step else round((rows.plot.bottom() - rows.height / 2 - point.y()) / rows.step)
        layer = int(np.clip(layer, 0, self._layers - 1))
        share = (point.x() - rows.plot.left()) / rows.plot.width()
        at = self._edges[0] + share * (self._edges[-1] - self._edges[0])
        cell = int(np.clip(np.searchsorted(self._edges, at, "right") - 1, 0, self._shares.shape[1] - 1))
        first, last = int(self._edges[cell]), int(self._edges[cell + 1]) - 1
        one = first >= last
        heading = (translate("token {position}") if one else translate("tokens {position}")).format(
            position=f"{first:,}" if one else f"{first:,}–{last:,}"
        )
        where = translate("input") if layer == 0 else translate("after layer {layer}").format(layer=layer)
        answer = self._reaching(float(self._shares[layer, cell]), one)
        rest = [ReadoutRow(where, answer)]
        if self.data.cached_before > first and self._shares[layer, cell] > 0:
            rest.append(ReadoutRow(translate("cached, no gradient"), ""))
        total = translate("of this row can reach it")
        rest.append(ReadoutRow(total, value_text(round(float(self._counts()[layer])))))
        return Pointed((layer, cell), QPointF(point), heading, tuple(rest))

    @staticmethod
    def _reaching(share: float, one: bool) -> str:
        if one:
            return translate("can reach it") if share > 0 else translate("cannot reach it")
        return translate("{share} % can reach it").format(share=value_text(round(share * 100, 1)))

    def draw_pointed(self, painter: QPainter, rect: QRectF, pointed: Pointed) -> None:
        rows = self.rows(rect)
        layer, cell = (int(part) for part in pointed.key)
        row = rows.row(layer)
        left, right = (self._x(rows.plot, float(edge)) for edge in self._edges[cell : cell + 2])
        spare = max(0.0, 4 - (right - left)) / 2
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(self.theme.text), 1.25))
        painter.drawRect(QRectF(left - spare, row.top() - 1, right - left + 2 * spare, row.height() + 2))


def runs_of(shares: np.ndarray, edges: np.ndarray) -> np.ndarray:
    """Runs of neighbouring bins with a share, from edge to edge: [run, 2], ascending."""
    ends = np.flatnonzero(np.diff(np.concatenate([[False], shares > 0, [False]]).astype(np.int8)))
    return np.stack([edges[ends[::2]], edges[ends[1::2]]], axis=1)


def bands(lower: np.ndarray, upper: np.ndarray) -> list[tuple[np.ndarray, np.ndarray]]:
    """Each run of a layer with every run of the layer above that it overlaps; else with the nearest one."""
    pairs = []
    for run in lower if len(upper) else ():
        first, last = np.searchsorted(upper[:, 1], run[0], "right"), np.searchsorted(upper[:, 0], run[1], "left")
        over = upper[first:last]
        if not len(over):
            away = np.maximum(upper[:, 0] - run[1], run[0] - upper[:, 1])
            over = upper[[int(np.argmin(away))]]
        pairs += [(run, one) for one in over]
    return pairs


def at_least(shares: np.ndarray, least: int) -> np.ndarray:
    """Shares [row, pixel] in which every run of pixels with a share is ``least`` pixels wide, where there is room."""
    shares, width = shares.copy(), shares.shape[1]
    for row in shares:
        for start, stop in runs_of(row, np.arange(width + 1)):
            if stop - start < least <= width:
                left = min(max(0, start - (least - stop + start) // 2), width - least)
                row[left : left + least] = np.maximum(row[left : left + least], row[start:stop].max())
    return shares
