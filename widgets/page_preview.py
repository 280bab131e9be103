"""A page as it will be: its picture on a desk, with a shadow, and its size in words below."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QImage, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from widgets.lettering import lettering
from widgets.view_data import Theme

MARGIN = 20.0
SHADOW = 4  # units, one faint frame each


class PagePreview(QWidget):
    """Shows one image in the middle."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._image = QImage()
        self._words = ""
        self.setMinimumSize(320, 320)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(self.tr("Preview"))

    def room(self) -> QSizeF:
        """How large the page's picture can be."""
        below = QFontMetricsF(self._font()).height() + 8
        return QSizeF(max(self.width() - 2 * MARGIN, 40.0), max(self.height() - 2 * MARGIN - below, 40.0))

    def show_page(self, image: QImage, words: str) -> None:
        """The picture, in device pixels of its own ratio, and what stands below it."""
        self._image, self._words = image, words
        self.update()

    def _font(self) -> QFont:
        return lettering(QFont(), self._theme.small_points)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(self._theme.raised))
        painter.drawRoundedRect(QRectF(self.rect()), 8, 8)
        room, size = self.room(), self._image.deviceIndependentSize()
        corner = QPointF(
            round(MARGIN + (room.width() - size.width()) / 2), round(MARGIN + (room.height() - size.height()) / 2)
        )
        page = QRectF(corner, size)
        shade = QColor(0, 0, 0, 22)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for out in range(1, SHADOW + 1):
            painter.setPen(QPen(shade, 1))
            painter.drawRoundedRect(page.adjusted(-out, -out + 1, out, out + 1), out, out)
        painter.drawImage(corner, self._image)
        painter.setFont(self._font())
        painter.setPen(QColor(self._theme.muted))
        line = QRectF(0, self.height() - MARGIN - 12, self.width(), 24)
        painter.drawText(line, Qt.AlignmentFlag.AlignCenter, self._words)
