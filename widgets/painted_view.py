"""A view that is one picture: painted alike on the screen and into a file, with a sentence where there is nothing."""

from __future__ import annotations

from abc import abstractmethod
from typing import Generic, TypeVar

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from widgets.batched_drawing import keep_within
from widgets.lettering import lettering, wrapped
from widgets.themes import DARK
from widgets.view_data import Theme

Data = TypeVar("Data")

MARGIN = 16.0
MOST_LINES = 3  # of a caption


class PaintedView(QWidget, Generic[Data]):
    """Shows one record. ``token_clicked`` tells the position of the token that was clicked."""

    token_clicked = Signal(int)

    def __init__(self, theme: Theme = DARK, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.theme = theme
        self.data: Data | None = None
        self.fraction = 1.0  # how far the story of this view is told, 0…1
        self.pointer: QPointF | None = None
        self._why_empty = ""
        self.prepare()
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)

    @abstractmethod
    def draw(self, painter: QPainter, rect: QRectF, data: Data, pointer: QPointF | None) -> None:
        """Paint the record; ``pointer`` is where the pointer rests, None in a file."""

    @abstractmethod
    def position_at(self, data: Data, rect: QRectF, point: QPointF) -> int | None:
        """The token under a point."""

    def prepare(self) -> None:
        """Called when the record, the theme or the size is another one: what is costly can be made here once."""

    def set_theme(self, theme: Theme) -> None:
        self.theme = theme
        self.prepare()
        self.update()

    def set_data(self, data: Data | None) -> None:
        """Another record, or None: then the sentence says why."""
        self.data = data
        self.setAccessibleDescription(getattr(data, "caption", ""))
        self.prepare()
        self.update()

    def set_why_empty(self, sentence: str) -> None:
        self._why_empty = sentence
        if self.data is None:
            self.update()

    def set_fraction(self, fraction: float) -> None:
        """How far the story is told, 0…1."""
        held = min(max(fraction, 0.0), 1.0)
        if held != self.fraction:
            self.fraction = held
            self.update()

    def good_height(self, width: float) -> float:
        """How high a file's picture of this width looks best."""
        return width * 0.75

    def caption_lines(self, width: float) -> int:
        """How many lines the record's caption takes: more than one only where the view is narrow."""
        words = getattr(self.data, "caption", "")
        font = lettering(QFont(), self.theme.small_points)
        return max(1, len(wrapped(words, font, width - 2 * MARGIN, MOST_LINES)))

    def draw_caption(self, painter: QPainter, box: QRectF, words: str, line: float) -> None:
        """Words in lines of that height, from the top of the box on."""
        for index, text in enumerate(wrapped(words, painter.font(), box.width(), max(1, round(box.height() / line)))):
            place = QRectF(box.left(), box.top() + index * line, box.width(), line)
            painter.drawText(place, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, text)

    def paint_onto(self, painter: QPainter, rect: QRectF) -> None:
        """Draw into any painter, without pointer and focus."""
        painter.save()
        keep_within(painter, rect)
        self._paint(painter, rect, None)
        painter.restore()

    def sizeHint(self) -> QSize:
        return QSize(640, 640)

    def minimumSizeHint(self) -> QSize:
        return QSize(96, 96)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        self._paint(painter, QRectF(self.rect()), self.pointer)
        painter.end()

    def _paint(self, painter: QPainter, rect: QRectF, pointer: QPointF | None) -> None:
        painter.fillRect(rect, QColor(self.theme.background))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.data is None:
            painter.setPen(QColor(self.theme.muted))
            painter.setFont(lettering(QFont(), self.theme.body_points))
            flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            painter.drawText(rect.adjusted(MARGIN, MARGIN, -MARGIN, -MARGIN), flags, self._why_empty)
        else:
            self.draw(painter, rect, self.data, pointer)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self.pointer = event.position()
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        self.pointer = None
        self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self.data is None or event.button() != Qt.MouseButton.LeftButton:
            return
        position = self.position_at(self.data, QRectF(self.rect()), event.position())
        if position is not None:
            self.token_clicked.emit(position)
