"""A sequence in segments, through the layers: what is cached, what is computed now, who can reach one token.

Below, what the cache saves: the pairs computed so far with it, and by reading the whole context again for each token.
The picture is a function of its record; the record's target is the token that the playhead stands at.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QCoreApplication, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen, QPolygonF

from widgets.batched_drawing import draw_rectangles
from widgets.colour_ramp import mixed
from widgets.counts import count_text
from widgets.lettering import lettering, wrapped
from widgets.painted_view import MARGIN, PaintedView
from widgets.piece_text import readable
from widgets.round_values import nice_step
from widgets.view_data import SegmentsData, Theme

LINE_HEIGHT = 20.0
LABELS_WIDTH = 62.0
TALLEST_CELL = 24.0
WORK_SHARE = 0.24  # of the height, for the two areas
GAPS_FROM = 4.0  # logical pixels a token from which cells stand apart
LEAST_CELL = 2.0  # pixels of what reaches the token, at any length
UNDERLINE = 2.5
LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
CENTRE = Qt.AlignmentFlag.AlignCenter


@dataclass(frozen=True)
class Lines:
    """How many lines the words of each part take: one, but in a narrow view."""

    legend: int = 1
    work: int = 1
    caption: int = 1


ONE_EACH = Lines()


@dataclass(frozen=True)
class SegmentLayout:
    """``rows`` are the cells' boxes over the whole width, from the input (0) to the target's row."""

    rows: tuple[QRectF, ...]
    names: QRectF  # of the segments
    legend: QRectF
    work: QRectF
    words: QRectF
    length: int

    def x(self, position: float) -> float:
        box = self.rows[0]
        return box.left() + box.width() * position / self.length

    def position_at(self, point: QPointF) -> int | None:
        box = self.rows[0]
        inside = box.left() <= point.x() < box.right() and self.rows[-1].top() <= point.y() <= self.names.bottom()
        return int((point.x() - box.left()) / box.width() * self.length) if inside else None


def laid_out(rect: QRectF, data: SegmentsData, lines: Lines = ONE_EACH) -> SegmentLayout:
    inner = rect.adjusted(MARGIN, MARGIN, -MARGIN, -MARGIN)
    words = QRectF(
        inner.left(), inner.bottom() - lines.caption * LINE_HEIGHT, inner.width(), lines.caption * LINE_HEIGHT
    )
    work = QRectF(inner.left() + LABELS_WIDTH, 0, inner.width() - LABELS_WIDTH, inner.height() * WORK_SHARE)
    work.moveBottom(words.top() - 8)
    legend = QRectF(inner.left(), inner.top(), inner.width(), lines.legend * LINE_HEIGHT)
    names = QRectF(work.left(), work.top() - (1 + lines.work) * LINE_HEIGHT - 14, work.width(), LINE_HEIGHT)
    top, bottom = legend.bottom() + 8, names.top() - 4
    count = data.shares.shape[0]
    pitch = (bottom - top) / max(count - 0.4, 1)
    height = max(2.0, min(TALLEST_CELL, pitch * 0.42))
    rows = tuple(
        QRectF(work.left(), bottom - height - layer * (bottom - top - height) / max(count - 1, 1), work.width(), height)
        for layer in range(count)
    )
    return SegmentLayout(rows, names, legend, work, words, data.length)


class SegmentView(PaintedView[SegmentsData]):
    """Segments × layers with the cone of the target, and the work saved."""

    def draw(self, painter: QPainter, rect: QRectF, data: SegmentsData, pointer: QPointF | None) -> None:
        layout = laid_out(rect, data, self._lines(rect.width(), data))
        painter.setFont(lettering(QFont(), self.theme.small_points))
        self._draw_cone(painter, layout, data)
        for layer in range(data.shares.shape[0]):
            self._draw_layer(painter, layout, data, layer)
        self._draw_segments(painter, layout, data)
        self._draw_target(painter, layout, data)
        self._draw_work(painter, layout, data)
        self._draw_legend(painter, layout.legend, data)
        position = layout.position_at(pointer) if pointer is not None else None
        painter.setPen(QColor(self.theme.muted if position is None else self.theme.text))
        told = data.caption if position is None else self._told(data, position)
        self.draw_caption(painter, layout.words, told, LINE_HEIGHT)

    def position_at(self, data: SegmentsData, rect: QRectF, point: QPointF) -> int | None:
        return laid_out(rect, data, self._lines(rect.width(), data)).position_at(point)

    def good_height(self, width: float) -> float:
        if self.data is None:
            return width / 2
        lines = self._lines(width, self.data)
        extra = lines.legend + lines.work + lines.caption - 3
        return max(0.62 * width, 2 * MARGIN + 28.0 * self.data.shares.shape[0] + 190) + extra * LINE_HEIGHT

    def _lines(self, width: float, data: SegmentsData) -> Lines:
        font, inner = lettering(QFont(), self.theme.small_points), width - 2 * MARGIN
        metrics, x, rows = QFontMetricsF(font), 0.0, 1
        for _, _, words in self._legend_entries(data):
            wide = 16 + metrics.horizontalAdvance(words) + 18
            rows, x = (rows + 1, wide) if x and x + wide > inner + 18 else (rows, x + wide)
        work = len(wrapped(work_told(data), font, inner - LABELS_WIDTH, 3))
        return Lines(rows, max(1, work), self.caption_lines(width))

    def _draw_cone(self, painter: QPainter, layout: SegmentLayout, data: SegmentsData) -> None:
        """From each layer's outermost tokens to those of the layer above."""
        veil = QColor(data.colour)
        veil.setAlphaF(0.16)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(veil)
        ends = [self._ends(layout, data, layer) for layer in range(data.shares.shape[0])]
        for layer in range(len(ends) - 1):
            lower, upper = ends[layer], ends[layer + 1]
            if lower is None or upper is None:
                continue
            below, above = layout.rows[layer], layout.rows[layer + 1]
            corners = (
                (lower[0], below.top()),
                (upper[0], above.bottom()),
                (upper[1], above.bottom()),
                (lower[1], below.top()),
            )
            painter.drawPolygon(QPolygonF([QPointF(*corner) for corner in corners]))
        painter.setBrush(Qt.BrushStyle.NoBrush)

    def _ends(self, layout: SegmentLayout, data: SegmentsData, layer: int) -> tuple[float, float] | None:
        inside = np.flatnonzero(data.shares[layer] > 0)
        if not len(inside):
            return None
        first, last = data.edges[inside[0]], min(data.edges[inside[-1] + 1], data.target + 1)
        if layer == data.shares.shape[0] - 1:
            first, last = data.target, data.target + 1
        left, right = layout.x(first), layout.x(last)
        spare = max(0.0, LEAST_CELL - (right - left)) / 2
        return left - spare, right + spare

    def _draw_layer(self, painter: QPainter, layout: SegmentLayout, data: SegmentsData, layer: int) -> None:
        """One layer's cells: computed now, cached, dropped, or not there yet; bright where they reach the target."""
        theme, box = self.theme, layout.rows[layer]
        now = data.target // data.segment * data.segment
        starts, stops = data.edges[:-1], data.edges[1:]
        reaches = data.shares[layer] > 0
        current = (stops > now) & (starts < now + data.segment)
        later = starts >= now + data.segment
        looks = (
            (later, mixed(theme.background, theme.raised, 0.45), 0.0),
            (~later & ~current & ~reaches, mixed(theme.background, theme.raised, 0.8), 0.0),
            (current & ~reaches, mixed(theme.background, data.colour, 0.4), 0.0),
            (~later & ~current & reaches, earlier_grey(theme), LEAST_CELL),
            (current & reaches, data.colour, LEAST_CELL),
        )
        painter.setPen(Qt.PenStyle.NoPen)
        for chosen, colour, least in looks:
            painter.setBrush(QColor(colour))
            draw_rectangles(painter, self._boxes(layout, box, starts[chosen], stops[chosen], least))
        if layer < data.shares.shape[0] - 1:
            held = (starts < now) & (stops > now - data.memory)
            under = QRectF(box.left(), box.bottom() + 1.5, box.width(), UNDERLINE)
            painter.setBrush(QColor(data.colour))
            lows, highs = np.maximum(starts[held], now - data.memory), np.minimum(stops[held], now)
            draw_rectangles(painter, self._boxes(layout, under, lows, highs))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QColor(theme.muted))
        name = self.tr("text") if layer == 0 else self.tr("layer {n}").format(n=layer)
        painter.drawText(QRectF(box.left() - LABELS_WIDTH, box.center().y() - 10, LABELS_WIDTH - 8, 20), LEFT, name)

    def _draw_target(self, painter: QPainter, layout: SegmentLayout, data: SegmentsData) -> None:
        """A frame around the token, over all that is drawn near it."""
        left, right, box = layout.x(data.target), layout.x(data.target + 1), layout.rows[-1]
        spare = max(0.0, 6.0 - (right - left)) / 2
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(self.theme.text), 2))
        painter.drawRect(QRectF(left - spare, box.top() - 2, right - left + 2 * spare, box.height() + 4))

    def _boxes(
        self, layout: SegmentLayout, box: QRectF, starts: np.ndarray, stops: np.ndarray, least: float = 0.0
    ) -> np.ndarray:
        """Rectangles [cell, (x, y, width, height)], with gaps where a token is wide enough, else neighbours as one;
        none narrower than ``least``."""
        if box.width() / layout.length < GAPS_FROM and len(starts):
            apart = starts[1:] != stops[:-1]
            starts, stops = starts[np.r_[True, apart]], stops[np.r_[apart, True]]
        left = layout.x(0) + box.width() * starts / layout.length
        width = box.width() * (stops - starts) / layout.length
        spare = np.maximum(least - width, 0.0)
        left, width = left - spare / 2, width + spare
        gap = 1.5 if box.width() / layout.length >= GAPS_FROM else 0.0
        return np.column_stack((left, np.full(len(left), box.top()), width - gap, np.full(len(left), box.height())))

    def _draw_segments(self, painter: QPainter, layout: SegmentLayout, data: SegmentsData) -> None:
        """Dashed uprights between the segments, and names as there is room: of the present one, and of round ones."""
        theme, metrics = self.theme, QFontMetricsF(painter.font())
        width = layout.x(min(data.segment, data.length)) - layout.x(0)
        now = data.target // data.segment
        count = -(-data.length // data.segment)
        if width >= 8:
            painter.setPen(QPen(QColor(theme.line), 1, Qt.PenStyle.DashLine))
            for segment in range(1, count):
                x = layout.x(segment * data.segment) - 0.75
                painter.drawLine(QPointF(x, layout.rows[-1].top() - 4), QPointF(x, layout.names.top()))
        widest = metrics.horizontalAdvance(self.tr("segment {n}").format(n=f"{count:,}")) + 12
        every = round(nice_step(widest / width))
        taken: list[QRectF] = []
        for segment in (now, 0, *range(every - 1, count, every)):
            name, box = self._name_of_segment(painter, layout, data, segment)
            if not any(box.adjusted(-4, 0, 4, 0).intersects(other) for other in taken):
                painter.setPen(QColor(data.colour if segment == now else theme.muted))
                painter.drawText(box, CENTRE, name)
                taken.append(box)

    def _name_of_segment(
        self, painter: QPainter, layout: SegmentLayout, data: SegmentsData, segment: int
    ) -> tuple[str, QRectF]:
        """Its name, and where it stands: in the middle below the segment, inside the picture."""
        left = layout.x(segment * data.segment)
        right = layout.x(min((segment + 1) * data.segment, data.length))
        name = self.tr("segment {n}").format(n=f"{segment + 1:,}")
        width = QFontMetricsF(painter.font()).horizontalAdvance(name) + 4
        x = min(max((left + right - width) / 2, layout.names.left()), layout.names.right() - width)
        return name, QRectF(x, layout.names.top(), width, layout.names.height())

    def _draw_work(self, painter: QPainter, layout: SegmentLayout, data: SegmentsData) -> None:
        """Two areas that grow with the text read so far, on one scale."""
        theme, box = self.theme, layout.work
        painter.setPen(QPen(QColor(theme.line), 1))
        painter.drawLine(box.bottomLeft(), box.bottomRight())
        seen = int(np.searchsorted(data.edges, data.target + 1))
        largest = max(float(data.work_again[-1]), 1.0)
        rows = ((data.work_again, theme.muted, 0.35), (data.work_cached, data.colour, 0.85))
        for work, colour, alpha in rows:
            points = [QPointF(box.left(), box.bottom())]
            points += [
                QPointF(layout.x(int(data.edges[at + 1])), box.bottom() - box.height() * float(work[at]) / largest)
                for at in range(seen)
            ]
            points.append(QPointF(points[-1].x(), box.bottom()))
            fill = QColor(colour)
            fill.setAlphaF(alpha)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(fill)
            painter.drawPolygon(QPolygonF(points))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QColor(theme.text))
        metrics = QFontMetricsF(painter.font())
        for words, at in zip(work_names(), work_places(layout, data, metrics, work_names()), strict=True):
            painter.drawText(at, CENTRE, words)
        top = layout.names.bottom() + 14
        self.draw_caption(painter, QRectF(box.left(), top, box.width(), box.top() - top), work_told(data), LINE_HEIGHT)

    def _legend_entries(self, data: SegmentsData) -> tuple[tuple[str, bool, str], ...]:
        """Colour, whether it is underlined, words."""
        theme = self.theme
        return (
            (data.colour, False, self.tr("computed now")),
            (earlier_grey(theme), False, self.tr("earlier, still reaches it")),
            (earlier_grey(theme), True, self.tr("cached, no gradient")),
        )

    def _draw_legend(self, painter: QPainter, box: QRectF, data: SegmentsData) -> None:
        theme, metrics = self.theme, QFontMetricsF(painter.font())
        line = QRectF(box.left(), box.top(), box.width(), LINE_HEIGHT)
        x = line.left()
        for colour, underlined, words in self._legend_entries(data):
            width = 16 + metrics.horizontalAdvance(words) + 18
            if x > line.left() and x + width > line.right() + 18:
                line.translate(0, LINE_HEIGHT)
                x = line.left()
            painter.fillRect(QRectF(x, line.center().y() - 5, 10, 10), QColor(colour))
            if underlined:
                painter.fillRect(QRectF(x, line.center().y() + 6, 10, UNDERLINE), QColor(data.colour))
            painter.setPen(QColor(theme.muted))
            painter.drawText(QRectF(x + 16, line.top(), width, line.height()), LEFT, words)
            x += width

    def _told(self, data: SegmentsData, position: int) -> str:
        """What the pointer is on."""
        piece = f" “{readable(data.tokens[position])}”" if position < len(data.tokens) else ""
        cell = max(0, int(np.searchsorted(data.edges, position, side="right")) - 1)
        layers = int((data.shares[:-1, cell] > 0).sum())
        verdict = (
            self.tr("reaches the token through {layers} of {count} layers") if layers else self.tr("cannot reach it")
        )
        return self.tr("position {n}{piece}, segment {segment}: {verdict}").format(
            n=f"{position:,}",
            piece=piece,
            segment=f"{position // data.segment + 1:,}",
            verdict=verdict.format(layers=layers, count=data.shares.shape[0] - 1),
        )


def earlier_grey(theme: Theme) -> str:
    """The colour of what was computed before and still reaches the token."""
    return mixed(theme.background, theme.muted, 0.5)


def work_names() -> tuple[str, str]:
    """What the two areas of work are called."""
    return (
        QCoreApplication.translate("SegmentView", "reading all again"),
        QCoreApplication.translate("SegmentView", "with the cache"),
    )


def work_places(
    layout: SegmentLayout, data: SegmentsData, metrics: QFontMetricsF, names: tuple[str, str]
) -> list[QRectF]:
    """Where the names of the areas stand: beyond their ends, or before them where there is no room."""
    box, seen = layout.work, int(np.searchsorted(data.edges, data.target + 1))
    if not seen:
        return [QRectF(), QRectF()]
    line, end = metrics.height(), layout.x(int(data.edges[seen]))
    again, cached = (
        box.bottom() - box.height() * work[:seen] / max(float(data.work_again[-1]), 1.0)
        for work in (data.work_again, data.work_cached)
    )
    wide = [metrics.horizontalAdvance(name) + 4 for name in names]
    if end + 8 + max(wide) <= box.right():
        upper = min(float(again[-1]), box.bottom() - 2 * line)
        return [
            QRectF(end + 6, top, width, line) for top, width in zip((upper, box.bottom() - line), wide, strict=True)
        ]
    free = int(np.searchsorted(-again, -(again[-1] + line)))  # from here on the area is as high as the name stands
    first = max(box.left(), layout.x(int(data.edges[free])) - 6 - wide[0])
    second = max(box.left(), end - 6 - wide[1])
    return [QRectF(first, float(again[-1]), wide[0], line), QRectF(second, float(cached[-1]) - line - 1, wide[1], line)]


def work_told(data: SegmentsData) -> str:
    """The ends of the areas of work, in words."""
    seen = int(np.searchsorted(data.edges, data.target + 1))
    if not seen:
        return ""
    again, cached = float(data.work_again[seen - 1]), float(data.work_cached[seen - 1])
    told = [count_text(number, 1e4) for number in (again, cached, again / max(cached, 1.0))]
    sentence = QCoreApplication.translate(
        "SegmentView", "pairs computed so far: {again} reading all again, {cached} with the cache: {times}× fewer"
    )
    return sentence.format(again=told[0], cached=told[1], times=told[2])


def _preview(theme: Theme) -> SegmentView:
    n, segment, layers, target = 40, 8, 4, 36
    shares = np.zeros((layers + 1, n))
    low, high = target, target + 1
    for layer in range(layers, -1, -1):
        shares[layer, low:high] = 1
        low = max(0, low // segment * segment - segment)
    again = np.cumsum(np.cumsum(np.arange(1, n + 1)))
    cached = np.cumsum(np.minimum(np.arange(n) % segment + 1 + segment, np.arange(n) + 1))
    words = ["It", " was", " the", " best", "我", "爱", "北", "京"] * 5
    view = SegmentView(theme)
    caption = "Token 36 can be reached by 37 tokens, though a segment holds 8"
    view.set_data(
        SegmentsData(
            words, n, segment, segment, shares, np.arange(n + 1), target, cached, again, theme.categories[0], caption
        )
    )
    view.resize(820, 620)
    return view


if __name__ == "__main__":
    from widgets.preview import preview

    preview(_preview)
