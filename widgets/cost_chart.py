"""Time and peak memory against length, log–log, one above the other, a line per series.

Measured points are dots on a solid line, predicted stretches are dashed, and a run that did not fit is a cross at the
top edge of both plots.
"""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from widgets.card_text import card_html
from widgets.cost_layout import (
    LEAST_PLOT,
    MARGIN,
    CostLayout,
    Heights,
    Quantity,
    best_known,
    lay_out,
    legend_entry_width,
    legend_rows,
)
from widgets.cost_marks import dashed, draw_series, draw_sign, on_top
from widgets.lettering import elided, lettering, pixels
from widgets.quantities import bytes_text, seconds_text
from widgets.themes import DARK
from widgets.view_data import Card, CostPoint, Theme

_REACH = 12.0  # pixels within which a point answers to the pointer


class CostChart(QWidget):
    """Two stacked plots. Hover or the arrow keys show a point's card; a click or Enter chooses it."""

    point_chosen = Signal(str, int)  # series, n

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = DARK
        self._series: dict[str, list[CostPoint]] = {}
        self._chosen = ""
        self._length: int | None = None
        self._hovered: CostPoint | None = None
        self._layout: CostLayout | None = None
        self._quantities = (
            Quantity(self.tr("Time"), lambda point: point.seconds, seconds_text),
            Quantity(self.tr("Peak memory"), lambda point: point.peak_bytes, lambda size: bytes_text(round(size))),
        )
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(self.tr("Time and peak memory against length"))

    def set_points(self, points: tuple[CostPoint, ...], chosen: str = "") -> None:
        """Show these points; later ones win over earlier ones of the same series, length and kind.

        The legend has the series in the order in which they come; ``chosen`` is drawn over the others.
        """
        least = self.minimumSizeHint()
        self._series, self._chosen = best_known(points), chosen
        if self._hovered is not None:  # stays where it is while points arrive
            line = self._series.get(self._hovered.series, [])
            self._hovered = next((point for point in line if point.n == self._hovered.n), None)
        self._layout = None
        count = sum(len(line) for line in self._series.values())
        spoken = self.tr("{count} points of {series}")
        self.setAccessibleDescription(spoken.format(count=count, series=", ".join(self._series) or "–"))
        if self.minimumSizeHint() != least:
            self.updateGeometry()
        self.update()

    def set_length(self, n: int | None) -> None:
        """Mark the present length; None takes the mark away."""
        self._length = n
        self._layout = None
        self.update()

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self._layout = None
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(360, 400)

    def minimumSizeHint(self) -> QSize:
        rows = len(legend_rows(self._series, self.width(), self._metrics()))
        return QSize(220, max(280, self._heights().around(rows) + 2 * LEAST_PLOT))

    # Places

    def _heights(self) -> Heights:
        return Heights(pixels(self._theme.title_points), self._small())

    def _metrics(self) -> QFontMetrics:
        return QFontMetrics(lettering(self.font(), self._theme.small_points))

    def _small(self) -> int:
        return pixels(self._theme.small_points)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._layout = None
        if event.size().width() != event.oldSize().width():
            self.updateGeometry()  # the legend may take other rows

    def _laid_out(self) -> CostLayout:
        """The layout, computed once after each change."""
        if self._layout is None:
            self._layout = lay_out(
                self._series, self._length, self._quantities, self.size(), self._metrics(), self._heights()
            )
        return self._layout

    def plot_rect(self, which: int) -> QRectF:
        """The inside of plot 0 (time) or 1 (memory)."""
        return self._laid_out().plots[which]

    def _place(self, point: CostPoint, which: int) -> QPointF | None:
        return self._laid_out().place(point, which, self._quantities[which])

    def places(self, which: int) -> Iterator[tuple[CostPoint, QPointF]]:
        """Every point drawn in plot ``which`` with its place."""
        for line in self._series.values():
            for point in line:
                place = self._place(point, which)
                if place is not None:
                    yield point, place

    def point_at(self, position: QPointF) -> CostPoint | None:
        """The nearest point within reach of the pointer."""
        best, reach = None, _REACH**2
        for which in (0, 1):
            for point, place in self.places(which):
                gap = place - position
                distance = QPointF.dotProduct(gap, gap)
                if distance <= reach:
                    best, reach = point, distance
        return best

    # Drawing

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for which in (0, 1):
            self._paint_header(painter, which)
            self._paint_grid(painter, which)
        self._paint_length(painter)
        for which in (0, 1):
            self._paint_lines(painter, which)
        if not self._series:
            self._paint_empty(painter)
        self._paint_hovered(painter)
        self._paint_legend(painter)
        if self.hasFocus():
            painter.setPen(QPen(QColor(self._theme.focus), 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(2.5, 2.5, -2.5, -2.5), 6, 6)

    def _paint_header(self, painter: QPainter, which: int) -> None:
        theme, baseline = self._theme, self._laid_out().headings[which]
        font = lettering(self.font(), theme.title_points, bold=True)
        painter.setFont(font)
        painter.setPen(QColor(theme.text))
        title = self._quantities[which].title
        painter.drawText(QPointF(16, baseline), title)
        small = lettering(self.font(), theme.small_points)
        painter.setFont(small)
        if which == 0:
            self._paint_key(painter, 24 + QFontMetrics(font).horizontalAdvance(title), baseline)
        else:
            words = self.tr("log–log")
            painter.setPen(QColor(theme.muted))
            painter.drawText(QPointF(self.width() - 16 - QFontMetrics(small).horizontalAdvance(words), baseline), words)

    def _paint_key(self, painter: QPainter, free_from: float, baseline: float) -> None:
        """What dots and dashes mean, right of the first title where there is room."""
        theme, metrics = self._theme, QFontMetrics(painter.font())
        measured, predicted = self.tr("measured"), self.tr("predicted")
        right = self.width() - 16.0
        left = right - metrics.horizontalAdvance(predicted) - 28 - metrics.horizontalAdvance(measured) - 26
        if left < free_from:
            return
        middle = baseline - self._small() * 0.36
        painter.setPen(QPen(QColor(theme.measured), 1.5))
        painter.drawLine(QPointF(left, middle), QPointF(left + 14, middle))
        painter.setBrush(QColor(theme.measured))
        painter.drawEllipse(QPointF(left + 7, middle), 2.5, 2.5)
        painter.setPen(QColor(theme.muted))
        painter.drawText(QPointF(left + 20, baseline), measured)
        left = right - metrics.horizontalAdvance(predicted)
        painter.drawText(QPointF(left, baseline), predicted)
        painter.setPen(dashed(theme.predicted))
        painter.drawLine(QPointF(left - 20, middle), QPointF(left - 5, middle))

    def _paint_grid(self, painter: QPainter, which: int) -> None:
        theme, plot, layout = self._theme, self.plot_rect(which), self._laid_out()
        metrics = self._metrics()
        painter.setFont(lettering(self.font(), theme.small_points))
        for n, label in layout.length_labels:
            x = round(layout.x(n)) + 0.5
            painter.setPen(QPen(QColor(theme.line), 1))
            painter.drawLine(QPointF(x, plot.top()), QPointF(x, plot.bottom()))
            if which == 1:
                painter.setPen(QColor(theme.muted))
                left = x - metrics.horizontalAdvance(label) / 2
                painter.drawText(QPointF(left, plot.bottom() + self._small() + 5), label)
        for value, label in layout.value_ticks[which]:
            y = round(layout.y(value, which)) + 0.5
            painter.setPen(QPen(QColor(theme.line), 1))
            painter.drawLine(QPointF(plot.left(), y), QPointF(plot.right(), y))
            painter.setPen(QColor(theme.muted))
            width = metrics.horizontalAdvance(label)
            painter.drawText(QPointF(plot.left() - 8 - width, y + self._small() * 0.36), label)

    def _paint_lines(self, painter: QPainter, which: int) -> None:
        for name in on_top(self._series, self._chosen):
            placed = ((point, self._place(point, which)) for point in self._series[name])
            draw_series(painter, [(point, place) for point, place in placed if place is not None], self._theme)

    def _paint_length(self, painter: QPainter) -> None:
        """An upright through both plots, named above them, where nothing is drawn."""
        if not self._length:
            return
        theme, layout = self._theme, self._laid_out()
        x = layout.x(self._length)
        painter.setPen(QPen(QColor(theme.text), 1, Qt.PenStyle.DotLine))
        for plot in layout.plots:
            painter.drawLine(QPointF(x, plot.top()), QPointF(x, plot.bottom()))
        painter.setFont(lettering(self.font(), theme.small_points))
        painter.setPen(QColor(theme.text))
        painter.drawText(self.length_words(), Qt.AlignmentFlag.AlignCenter, f"n = {self._length:,}")

    def length_words(self) -> QRectF:
        """Where the present length is named: over its upright, and over the plot."""
        layout, width = self._laid_out(), self._metrics().horizontalAdvance(f"n = {self._length or 0:,}") + 2
        left = layout.x(self._length or 1) - width / 2
        left = max(layout.plots[0].left(), min(left, self.width() - MARGIN - width))  # left of it stand the values
        return QRectF(left, layout.marked_at - self._small(), width, self._small() + 3)

    def _paint_empty(self, painter: QPainter) -> None:
        painter.setFont(lettering(self.font(), self._theme.small_points))
        words = self.tr("Gains a point with every measurement")
        how = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
        lines = painter.boundingRect(self.plot_rect(0), how, words)
        painter.fillRect(lines.adjusted(-6, -4, 6, 4), QColor(self._theme.surface))
        painter.setPen(QColor(self._theme.muted))
        painter.drawText(self.plot_rect(0), how, words)

    def _paint_hovered(self, painter: QPainter) -> None:
        if self._hovered is None:
            return
        for which in (0, 1):
            place = self._place(self._hovered, which)
            if place is not None:
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.setPen(QPen(QColor(self._theme.text), 1.5))
                painter.drawEllipse(place, 6.5, 6.5)

    def _paint_legend(self, painter: QPainter) -> None:
        theme = self._theme
        font = lettering(self.font(), theme.small_points)
        metrics = QFontMetrics(font)
        painter.setFont(font)
        rows = self._laid_out().legend
        step = self._heights().row
        baseline = self.height() - 12 - (len(rows) - 1) * step
        for row in rows:
            left = float(MARGIN)
            for point in row:
                draw_sign(painter, point, QPointF(left + 4, baseline - self._small() * 0.36), theme)
                strong = self._hovered is not None and self._hovered.series == point.series
                painter.setPen(QColor(theme.text if strong else theme.muted))
                words = elided(point.series, font, self.width() - 48)
                painter.drawText(QPointF(left + 13, baseline), words)
                left += legend_entry_width(point.series, self.width(), metrics)
            baseline += step

    # What a person does

    def tooltip(self, point: CostPoint) -> str:
        """The numbers of a point and its card."""
        numbers = []
        for quantity in self._quantities:
            value = quantity.read(point)
            if value is not None:
                numbers.append((quantity.title, ("≈ " if point.kind == "predicted" else "") + quantity.words(value)))
        kind = {"measured": self.tr("measured"), "predicted": self.tr("predicted")}
        heading = f"{point.series} · n = {point.n:,} · {kind.get(point.kind, self.tr('out of memory'))}"
        card = point.card.rows if point.card else ()
        return card_html(Card((*numbers, *card)), self._theme, heading)

    def _hover(self, point: CostPoint | None, at: QPoint) -> None:
        if point is self._hovered:
            return
        self._hovered = point
        self.setCursor(Qt.CursorShape.PointingHandCursor if point else Qt.CursorShape.ArrowCursor)
        QToolTip.showText(at, self.tooltip(point) if point else "", self)
        self.update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._hover(self.point_at(event.position()), event.globalPosition().toPoint())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        point = self.point_at(event.position())
        if event.button() == Qt.MouseButton.LeftButton and point is not None:
            self.point_chosen.emit(point.series, point.n)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """← → along a series, ↑ ↓ from series to series, Enter chooses."""
        moves: dict[int, tuple[int, int]] = {
            Qt.Key.Key_Left: (0, -1),
            Qt.Key.Key_Right: (0, 1),
            Qt.Key.Key_Up: (-1, 0),
            Qt.Key.Key_Down: (1, 0),
        }
        key = event.key()
        if key in moves and self._series:
            self._step(*moves[key])
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._hovered is not None:
            self.point_chosen.emit(self._hovered.series, self._hovered.n)
        else:
            super().keyPressEvent(event)

    def _step(self, series_step: int, point_step: int) -> None:
        names = list(self._series)
        point = self._hovered
        if point is None:
            line, index = 0, 0
        else:
            line = (names.index(point.series) + series_step) % len(names)
            lengths = [abs(other.n - point.n) for other in self._series[names[line]]]
            index = lengths.index(min(lengths)) + point_step
        points = self._series[names[line]]
        chosen = points[max(0, min(index, len(points) - 1))]
        place = self._place(chosen, 0) or self._place(chosen, 1) or QPointF(self.rect().center())
        self._hover(chosen, self.mapToGlobal(place.toPoint()))

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Leave:
            self._hover(None, QPoint())
        elif event.type() in (QEvent.Type.FocusIn, QEvent.Type.FocusOut):
            self.update()
        return super().event(event)


def _made_up() -> tuple[CostPoint, ...]:
    table = (  # label, colour, seconds and bytes at 512, their growth, longest measured
        ("Full", "#9aa7b8", 2e-4, 6e5, 2.0, 16_384),
        ("Longformer", "#f0e442", 6e-4, 4e5, 1.02, 65_536),
        ("Reformer", "#cc79a7", 9e-4, 8e5, 1.1, 65_536),
    )
    points = []
    for label, colour, seconds, size, growth, longest in table:
        for power in range(9, 20):
            factor = (2**power / 512) ** growth
            kind = "measured" if 2**power <= longest else "predicted"
            points.append(CostPoint(label, colour, 2**power, seconds * factor, round(size * factor), kind))
    card = Card((("device", "CPU"), ("repeats", "5"), ("threads", "2")))
    points.append(CostPoint("Full", "#9aa7b8", 131_072, None, None, "out of memory", card))
    return tuple(points)


def _made_up_chart(theme: Theme) -> CostChart:
    chart = CostChart()
    chart.set_theme(theme)
    chart.set_points(_made_up())
    chart.set_length(8_192)
    return chart


if __name__ == "__main__":
    from widgets.preview import preview

    preview(_made_up_chart)
