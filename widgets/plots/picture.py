"""What every plot offers to the panel around it: painting, what lies under the pointer, and its legend.

Plots paint with QPainter straight into any rectangle of any painter. A file at another size or resolution, or a vector
file, is then the same code as the screen, and nothing has to be shown for it.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Any, Literal

from PySide6.QtCore import QCoreApplication, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen

from widgets.colour_ramp import mixed
from widgets.lettering import lettering
from widgets.view_data import Theme

LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
CENTRE = Qt.AlignmentFlag.AlignCenter
SWATCH = 12.0

Sign = Literal["line", "dashed", "hollow line", "dot", "hollow dot", "block", "outline", "dashed outline", "underline"]


def translate(text: str) -> str:
    return QCoreApplication.translate("StudyView", text)


@dataclass(frozen=True)
class LegendEntry:
    """One sign of a legend and what it means."""

    words: str
    colour: str
    sign: Sign


@dataclass(frozen=True)
class ReadoutRow:
    """One line of a readout: a value with its name, and the colour of what it belongs to ("" for none)."""

    name: str
    value: str
    colour: str = ""


@dataclass(frozen=True)
class Pointed:
    """What lies under the pointer. ``key`` tells one from another; ``at`` is where, in the panel's coordinates."""

    key: tuple[Any, ...]
    at: QPointF
    heading: str
    rows: tuple[ReadoutRow, ...] = ()
    card: str = ""  # rich text for a tooltip, where the picture shows numbers with cards
    copied: str = ""  # what a click puts on the clipboard

    def words(self) -> str:
        """The readout as one line of plain text."""
        return ", ".join([self.heading, *(f"{row.name} {row.value}".strip() for row in self.rows)])


class Picture(ABC):
    """One plot with its theme. Painting changes nothing but what is remembered between paintings of one size."""

    aspects: tuple[float, float] = (1.2, 3.0)  # width : height it looks best in, from … to
    compact = False  # whether it is a strip of its own height

    def __init__(self, theme: Theme) -> None:
        self.theme = theme

    @abstractmethod
    def draw(self, painter: QPainter, rect: QRectF, ratio: float) -> None:
        """Paint into ``rect``; ``ratio`` device pixels make a logical one."""

    @abstractmethod
    def pointed(self, rect: QRectF, point: QPointF) -> Pointed | None:
        """What lies under ``point`` where the picture fills ``rect``."""

    @abstractmethod
    def draw_pointed(self, painter: QPainter, rect: QRectF, pointed: Pointed) -> None:
        """Mark in the picture what the readout tells of."""

    def legend(self) -> tuple[LegendEntry, ...]:
        """What the colours and signs mean."""
        return ()

    def least_height(self, width: float) -> float:
        """The height below which the picture cannot be read."""
        return 140.0

    def spoken(self) -> str:
        """The picture in words, for those who do not see it."""
        return ""

    def small(self) -> QFont:
        return lettering(QFont(), self.theme.small_points)

    def say(self, painter: QPainter, rect: QRectF, words: str) -> None:
        """A sentence in the middle of the picture, in place of data."""
        painter.setFont(self.small())
        painter.setPen(QColor(self.theme.muted))
        painter.drawText(rect.adjusted(8, 8, -8, -8), CENTRE | Qt.TextFlag.TextWordWrap, words)


def named(name: str, left_out: int) -> str:
    """The name of an axis, with how many values a logarithmic axis has no place for."""
    if not left_out:
        return name
    return name + "  · " + translate("{count} values ≤ 0 not shown").format(count=f"{left_out:,}")


def cached_grey(theme: Theme) -> str:
    """The colour of what was computed before and is only read now."""
    return mixed(theme.raised, theme.muted, 0.45)


def draw_sign(painter: QPainter, entry: LegendEntry, left: float, middle: float, theme: Theme) -> None:
    """The sign of a legend's entry, ``SWATCH`` wide from ``left``."""
    colour = QColor(entry.colour)
    block = QRectF(left + 1, middle - 5, SWATCH - 2, SWATCH - 2)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    if entry.sign in ("line", "dashed"):
        painter.setPen(line_pen(entry.colour, entry.sign == "dashed"))
        painter.drawLine(QPointF(left, middle), QPointF(left + SWATCH, middle))
    elif entry.sign in ("hollow line", "hollow dot"):
        if entry.sign == "hollow line":
            painter.setPen(line_pen(entry.colour))
            for at in (left, left + SWATCH - 3):
                painter.drawLine(QPointF(at, middle), QPointF(at + 3, middle))
        painter.setPen(QPen(colour, 1.5))
        painter.drawEllipse(QPointF(left + SWATCH / 2, middle), 3, 3)
    elif entry.sign == "dot":
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour)
        painter.drawEllipse(QPointF(left + SWATCH / 2, middle), 3.5, 3.5)
    elif entry.sign == "block":
        painter.fillRect(block, colour)
    elif entry.sign == "underline":
        painter.fillRect(block, QColor(cached_grey(theme)))
        painter.fillRect(QRectF(block.left(), block.bottom() - 2, block.width(), 2), colour)
    else:
        pen = QPen(colour, 1.5)
        if entry.sign == "dashed outline":
            pen.setDashPattern([1.5, 1.5])
        painter.setPen(pen)
        painter.drawRect(block.adjusted(0.5, 0.5, -0.5, -0.5))


def line_pen(colour: str, dashed: bool = False, width: float = 2.0) -> QPen:
    pen = QPen(QColor(colour), 1.5 if dashed else width)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    pen.setCapStyle(Qt.PenCapStyle.FlatCap if dashed else Qt.PenCapStyle.RoundCap)
    if dashed:
        pen.setDashPattern([3.0, 2.5])
    return pen


def draw_readout(painter: QPainter, room: QRectF, pointed: Pointed, theme: Theme) -> None:
    """The readout beside the pointer, wholly inside ``room``; rows that do not fit are counted."""
    font, strong = lettering(QFont(), theme.small_points), lettering(QFont(), theme.small_points, bold=True)
    metrics, heading = QFontMetricsF(font), QFontMetricsF(strong)
    step = metrics.height() + 2
    fitting = max(1, int((room.height() - 20) / step) - 1)
    rows = list(pointed.rows)
    if len(rows) > fitting:
        left_out = len(rows) - fitting + 1
        rows = [*rows[: fitting - 1], ReadoutRow(translate("… {count} more").format(count=left_out), "")]
    gutter = 16.0 if any(row.colour for row in rows) else 0.0
    values = max((metrics.horizontalAdvance(row.value) for row in rows), default=0.0)
    names = max((metrics.horizontalAdvance(row.name) for row in rows), default=0.0)
    width = max(heading.horizontalAdvance(pointed.heading), gutter + names + (12 if values else 0) + values) + 16
    width = min(width, room.width())
    height = step * (len(rows) + 1) + 10
    left = pointed.at.x() + 14
    if left + width > room.right():
        left = pointed.at.x() - 14 - width
    left = min(max(left, room.left()), room.right() - width)
    top = min(max(pointed.at.y() - height / 2, room.top()), max(room.top(), room.bottom() - height))
    box = QRectF(left, top, width, height)
    painter.setPen(QPen(QColor(theme.line), 1))
    painter.setBrush(QColor(theme.raised))
    painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), 5, 5)
    line = QRectF(box.left() + 8, box.top() + 5, width - 16, step)
    painter.setFont(strong)
    painter.setPen(QColor(theme.text))
    elide = Qt.TextElideMode.ElideRight
    painter.drawText(line, LEFT, heading.elidedText(pointed.heading, elide, line.width()))
    painter.setFont(font)
    for row in rows:
        line.translate(0, step)
        if row.colour:
            painter.fillRect(QRectF(line.left(), line.center().y() - 4, 8, 8), QColor(row.colour))
        room_for_name = line.width() - gutter - (values + 12 if values else 0)
        painter.setPen(QColor(theme.muted))
        name = metrics.elidedText(row.name, elide, room_for_name)
        painter.drawText(line.adjusted(gutter, 0, 0, 0), LEFT, name)
        painter.setPen(QColor(theme.text))
        painter.drawText(line, RIGHT, row.value)
