"""Buttons whose icons are drawn paths: crisp at any resolution, in the theme's colours."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QToolButton, QWidget

from widgets.view_data import Theme

GRID = 24.0  # icons are drawn on a grid of 24 × 24


def _triangle(left: float, right: float, top: float, bottom: float) -> QPainterPath:
    path = QPainterPath()
    path.addPolygon(QPolygonF([QPointF(left, top), QPointF(right, (top + bottom) / 2), QPointF(left, bottom)]))
    path.closeSubpath()
    return path


def _bar(left: float, width: float) -> QPainterPath:
    path = QPainterPath()
    path.addRoundedRect(QRectF(left, 5.0, width, 14.0), 1.0, 1.0)
    return path


def _loop() -> QPainterPath:
    """A ring with an opening, an arrow at its end."""
    ring = QPainterPath()
    box = QRectF(5.0, 5.0, 14.0, 14.0)
    ring.arcMoveTo(box, 60.0)
    ring.arcTo(box, 60.0, 300.0)
    head = QPainterPath()
    head.addPolygon(QPolygonF([QPointF(15.9, 12.4), QPointF(22.1, 12.4), QPointF(19.0, 8.0)]))
    head.closeSubpath()
    ring.addPath(head)
    return ring


ICONS = {
    "play": _triangle(7.0, 19.0, 4.5, 19.5),
    "pause": _bar(6.5, 4.0).united(_bar(13.5, 4.0)),
    "step forward": _triangle(5.0, 15.5, 5.0, 19.0).united(_bar(16.5, 2.5)),
    "step back": _triangle(19.0, 8.5, 5.0, 19.0).united(_bar(5.0, 2.5)),
    "loop": _loop(),
}


class IconButton(QToolButton):
    """A flat button with one of ``ICONS``; "loop" is stroked, the others filled."""

    def __init__(self, icon: str, name: str, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icon = icon
        self._theme = theme
        self.setFixedSize(32, 32)
        self.set_name(name)

    def set_icon(self, icon: str, name: str) -> None:
        """Another icon, and what it does in words."""
        if icon != self._icon:
            self._icon = icon
            self.set_name(name)
            self.update()

    def set_name(self, name: str) -> None:
        """For the tool tip and screen readers."""
        self.setToolTip(name)
        self.setAccessibleName(name)

    def set_theme(self, theme: Theme) -> None:
        """Redraws in other colours."""
        self._theme = theme
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(32, 32)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        theme = self._theme
        if self.isDown() or self.underMouse():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(theme.line if self.isDown() else theme.raised))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 5.0, 5.0)
        colour = QColor(theme.text if self.isEnabled() else theme.muted)
        if self.isCheckable():
            colour = QColor(theme.accent if self.isChecked() else theme.muted)
        painter.save()
        side = min(self.width(), self.height()) * 0.72
        painter.translate((self.width() - side) / 2, (self.height() - side) / 2)
        painter.scale(side / GRID, side / GRID)
        if self._icon == "loop":
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(colour, 2.0, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
        else:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colour)
        painter.drawPath(ICONS[self._icon])
        painter.restore()
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(theme.focus), 1.2))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1.5, 1.5, -1.5, -1.5), 5.0, 5.0)
