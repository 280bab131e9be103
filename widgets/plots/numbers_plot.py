"""A few numbers in compact rows: the name small, the value large, its unit beside it, its card on hover."""

from __future__ import annotations

from html import escape

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen

from widgets.card_text import card_html, card_plain
from widgets.lettering import bold_html, elided, lettering, pixels
from widgets.plots.picture import LEFT, Picture, Pointed, translate
from widgets.plots.plot_data import NumberData, NumbersData
from widgets.view_data import Card, Theme

LEAST_CELL = 116.0
GAP = 24.0


class NumbersPicture(Picture):
    """Draws a ``NumbersData`` in as many columns as fit; what is reconstructed is underlined with dots."""

    compact = True

    def __init__(self, data: NumbersData, theme: Theme, reconstructed: bool = False) -> None:
        super().__init__(theme)
        self.data = data
        self._reconstructed = reconstructed

    def _value_font(self) -> QFont:
        return lettering(QFont(), self.theme.number_points, bold=True)

    def _unit_font(self) -> QFont:
        return lettering(QFont(), self.theme.body_points)

    def _cell_height(self) -> float:
        return pixels(self.theme.small_points) + 6 + pixels(self.theme.number_points) + 12

    def _widths(self) -> list[float]:
        """What each number needs."""
        value, unit = QFontMetricsF(self._value_font()), QFontMetricsF(self._unit_font())
        small = QFontMetricsF(self.small())
        return [
            max(
                value.horizontalAdvance(number.value) + 6 + unit.horizontalAdvance(number.unit) + 2,
                small.horizontalAdvance(number.name) + 2,
                LEAST_CELL,
            )
            for number in self.data.numbers
        ]

    def _columns(self, width: float) -> tuple[int, list[float] | None]:
        """How many stand beside each other, and their widths where all fit into one row though not evenly."""
        widths = self._widths()
        if not widths:
            return 1, None
        fitting = max(1, int((width + GAP) // (max(widths) + GAP)))
        if fitting < len(widths) and sum(widths) + GAP * (len(widths) - 1) <= width:
            return len(widths), widths
        return min(fitting, len(widths)), None

    def least_height(self, width: float) -> float:
        return max(1, -(-len(self.data.numbers) // self._columns(width)[0])) * self._cell_height()

    def spoken(self) -> str:
        return ", ".join(f"{number.name} {number.value} {number.unit}".strip() for number in self.data.numbers)

    def cells(self, rect: QRectF) -> list[tuple[NumberData, QRectF]]:
        """Every number with its place."""
        high = self._cell_height()
        columns, widths = self._columns(rect.width())
        if widths is not None:
            lefts = [rect.left() + sum(widths[:index]) + GAP * index for index in range(columns)]
            boxes = [QRectF(left, rect.top(), wide, high) for left, wide in zip(lefts, widths, strict=True)]
        else:
            wide = min((rect.width() - GAP * (columns - 1)) / columns, max([*self._widths(), 220.0]))
            places = [divmod(index, columns) for index in range(len(self.data.numbers))]
            boxes = [QRectF(rect.left() + at * (wide + GAP), rect.top() + row * high, wide, high) for row, at in places]
        return list(zip(self.data.numbers, boxes, strict=True))

    def draw(self, painter: QPainter, rect: QRectF, ratio: float) -> None:
        painter.save()
        if not self.data.numbers:
            self.say(painter, rect, translate("No values yet"))
        for number, cell in self.cells(rect):
            self._draw_number(painter, number, cell)
        painter.restore()

    def _draw_number(self, painter: QPainter, number: NumberData, cell: QRectF) -> None:
        theme = self.theme
        small, value_font, unit_font = self.small(), self._value_font(), self._unit_font()
        line = QFontMetricsF(small).height()
        painter.setFont(small)
        painter.setPen(QColor(theme.muted))
        painter.drawText(
            QRectF(cell.left(), cell.top(), cell.width(), line), LEFT, elided(number.name, small, cell.width())
        )
        unit_width = QFontMetricsF(unit_font).horizontalAdvance(number.unit) + 6 if number.unit else 0.0
        words = elided(number.value or "–", value_font, cell.width() - unit_width)
        baseline = cell.top() + line + pixels(theme.number_points) + 1
        painter.setFont(value_font)
        painter.setPen(QColor(theme.predicted if self._reconstructed else theme.measured))
        painter.drawText(QPointF(cell.left(), baseline), words)
        width = QFontMetricsF(value_font).horizontalAdvance(words)
        painter.setFont(unit_font)
        painter.setPen(QColor(theme.muted))
        painter.drawText(QPointF(cell.left() + width + 6, baseline), number.unit)
        if self._reconstructed:
            painter.setPen(QPen(QColor(theme.predicted), 1.2, Qt.PenStyle.DotLine))
            painter.drawLine(QPointF(cell.left(), baseline + 4.5), QPointF(cell.left() + width, baseline + 4.5))

    def pointed(self, rect: QRectF, point: QPointF) -> Pointed | None:
        for index, (number, cell) in enumerate(self.cells(rect)):
            if cell.contains(point):
                heading = f"{number.name}: {number.value} {number.unit}".strip()
                card = number.card or Card(())
                footer = f'<div style="color:{self.theme.muted}">{translate("Click to copy")}</div>'
                rich = f"<div>{bold_html(escape(heading))}</div>{card_html(card, self.theme)}{footer}"
                return Pointed((index,), QPointF(point), heading, (), rich, card_plain(card, heading))
        return None

    def draw_pointed(self, painter: QPainter, rect: QRectF, pointed: Pointed) -> None:
        _, cell = self.cells(rect)[int(pointed.key[0])]
        painter.setPen(QPen(QColor(self.theme.line), 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(cell.adjusted(-8, -3.5, 8, -3.5), 6, 6)
