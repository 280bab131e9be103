"""A few numbers in compact rows: the name small, the value large, its unit beside it, its card on hover."""

from __future__ import annotations

from html import escape

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen

from widgets.card_text import card_html, card_plain
from widgets.lettering import elided, lettering, pixels
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

    def _cell_width(self) -> float:
        """What the widest number needs."""
        value, unit = QFontMetricsF(self._value_font()), QFontMetricsF(self._unit_font())
        small = QFontMetricsF(self.small())
        return max(
            (
                max(
                    value.horizontalAdvance(number.value) + 6 + unit.horizontalAdvance(number.unit),
                    small.horizontalAdvance(number.name),
                    LEAST_CELL,
                )
                for number in self.data.numbers
            ),
            default=LEAST_CELL,
        )

    def _columns(self, width: float) -> int:
        fitting = int((width + GAP) // (self._cell_width() + GAP))
        return max(1, min(fitting, len(self.data.numbers)))

    def least_height(self, width: float) -> float:
        return max(1, -(-len(self.data.numbers) // self._columns(width))) * self._cell_height()

    def spoken(self) -> str:
        return ", ".join(f"{number.name} {number.value} {number.unit}".strip() for number in self.data.numbers)

    def cells(self, rect: QRectF) -> list[tuple[NumberData, QRectF]]:
        """Every number with its place."""
        columns, high = self._columns(rect.width()), self._cell_height()
        wide = min((rect.width() - GAP * (columns - 1)) / columns, max(self._cell_width(), 220.0))
        return [
            (
                number,
                QRectF(rect.left() + index % columns * (wide + GAP), rect.top() + index // columns * high, wide, high),
            )
            for index, number in enumerate(self.data.numbers)
        ]

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
                rich = f"<div><b>{escape(heading)}</b></div>{card_html(card, self.theme)}{footer}"
                return Pointed((index,), QPointF(point), heading, (), rich, card_plain(card, heading))
        return None

    def draw_pointed(self, painter: QPainter, rect: QRectF, pointed: Pointed) -> None:
        _, cell = self.cells(rect)[int(pointed.key[0])]
        painter.setPen(QPen(QColor(self.theme.line), 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(cell.adjusted(-8, -3.5, 8, -3.5), 6, 6)
