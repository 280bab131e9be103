"""The track of the transport bar: a handle at the playhead, a tick and a name where each step begins."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from widgets.given_words import said
from widgets.lettering import lettering
from widgets.themes import DARK
from widgets.view_data import Theme, TimelineStep

HANDLE = 7.0  # radius in pixels
NAME_GAP = 5.0
NAMES_TOP = 27.0


@dataclass(frozen=True)
class PlacedName:
    """A name at its place: left edge and width in pixels, perhaps shortened."""

    index: int
    text: str
    left: float
    width: float


def shortened(text: str, room: float, width_of: Callable[[str], float]) -> str:
    """The text, or its longest beginning with an ellipsis that fits; empty where not even three letters would."""
    if width_of(text) <= room:
        return text
    for length in range(len(text) - 1, 2, -1):
        candidate = text[:length].rstrip() + "…"
        if width_of(candidate) <= room:
            return candidate
    return ""


def place_names(
    names: Sequence[str], ticks: Sequence[float], end: float, current: int, width_of: Callable[[str], float]
) -> list[PlacedName]:
    """Names beside their ticks, never overlapping: the current one whole, the others shortened or left out.

    ``ticks`` ascend in pixels; nothing reaches beyond ``end`` unless the current name alone is wider than everything.
    """
    placed: list[PlacedName] = []
    taken: tuple[float, float] | None = None
    if 0 <= current < len(names):
        width = width_of(names[current])
        left = max(min(ticks[current], end - width), min(ticks[0], 0.0))
        taken = (left, left + width)
        placed.append(PlacedName(current, names[current], left, width))
    free_from = float("-inf")
    for index, (name, tick) in enumerate(zip(names, ticks, strict=True)):
        if index == current:
            continue
        stop = min((ticks[index + 1] if index + 1 < len(ticks) else end) - NAME_GAP, end)
        if taken is not None and tick < taken[1] + NAME_GAP:
            if tick >= taken[0] - NAME_GAP:
                continue
            stop = min(stop, taken[0] - NAME_GAP)
        text = shortened(name, stop - tick, width_of)
        if text and tick >= free_from:
            placed.append(PlacedName(index, text, tick, width_of(text)))
            free_from = tick + width_of(text)
    return sorted(placed, key=lambda name: name.left)


class ScrubTrack(QWidget):
    """Shows where the playhead is; a click or a drag asks for another place by ``sought`` (share 0…1)."""

    sought = Signal(float)

    def __init__(self, theme: Theme = DARK, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._steps: tuple[TimelineStep, ...] = ()
        self._seconds = 0.0
        self._dragging = False
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName(self.tr("Playhead"))
        self._describe()

    def set_theme(self, theme: Theme) -> None:
        """Redraws in other colours and type sizes."""
        self._theme = theme
        self.updateGeometry()
        self.update()

    def set_steps(self, steps: tuple[TimelineStep, ...]) -> None:
        """The named stretches, following each other from 0 seconds."""
        self._steps = steps
        self._describe()
        self.update()

    def set_seconds(self, seconds: float) -> None:
        """Moves the handle; says nothing to anybody."""
        before = self.current_step
        self._seconds = min(max(seconds, 0.0), self.duration)
        if self.current_step != before:
            self._describe()
        self.update()

    @property
    def duration(self) -> float:
        """Seconds from beginning to end; 0 without steps."""
        return self._steps[-1].stop_seconds if self._steps else 0.0

    @property
    def current_step(self) -> int:
        """The step under the handle; −1 without steps."""
        for index in range(len(self._steps) - 1, -1, -1):
            if self._seconds >= self._steps[index].start_seconds:
                return index
        return -1

    def sizeHint(self) -> QSize:
        return QSize(420, 48)

    def minimumSizeHint(self) -> QSize:
        return QSize(120, 48)

    def _describe(self) -> None:
        name = said(self._steps[self.current_step].name) if self._steps else self.tr("nothing to play")
        self.setAccessibleDescription(name)

    def _x_of(self, seconds: float) -> float:
        span = self.width() - 2 * HANDLE - 2
        return HANDLE + 1 + (span * seconds / self.duration if self.duration else 0.0)

    def _share_at(self, x: float) -> float:
        return min(max((x - HANDLE - 1) / max(self.width() - 2 * HANDLE - 2, 1.0), 0.0), 1.0)

    def _font(self, current: bool) -> QFont:
        return lettering(self.font(), self._theme.small_points, bold=current)

    def names(self) -> list[PlacedName]:
        """The names as they are drawn."""
        ticks = [self._x_of(step.start_seconds) for step in self._steps]
        metrics = QFontMetricsF(self._font(True))  # bold is the widest: names stay where they are as the handle moves
        end = float(self.width())
        return place_names(
            [said(s.name) for s in self._steps], ticks, end, self.current_step, metrics.horizontalAdvance
        )

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        theme, y, x = self._theme, 16.0, self._x_of(self._seconds)
        start, end = self._x_of(0.0), self._x_of(self.duration) if self._steps else self.width() - HANDLE - 1
        painter.setPen(QPen(QColor(theme.line), 4.0, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
        painter.drawLine(QPointF(start, y), QPointF(end, y))
        if not self._steps:
            return
        painter.setPen(QPen(QColor(theme.accent), 4.0, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
        if x > start:
            painter.drawLine(QPointF(start, y), QPointF(x, y))
        for step in self._steps:
            tick = round(self._x_of(step.start_seconds)) + 0.5
            painter.setPen(QPen(QColor(theme.accent if step.start_seconds <= self._seconds else theme.muted), 1.0))
            painter.drawLine(QPointF(tick, y - 6.0), QPointF(tick, y + 6.0))
        self._paint_names(painter)
        painter.setPen(QPen(QColor(theme.focus), 2.0) if self.hasFocus() else Qt.PenStyle.NoPen)
        painter.setBrush(QColor(theme.text))
        painter.drawEllipse(QPointF(x, y), HANDLE, HANDLE)

    def _paint_names(self, painter: QPainter) -> None:
        for name in self.names():
            current = name.index == self.current_step
            painter.setFont(self._font(current))
            painter.setPen(QColor(self._theme.text if current else self._theme.muted))
            box = QRectF(name.left, NAMES_TOP, name.width + 2.0, self.height() - NAMES_TOP)
            painter.drawText(box, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop, name.text)

    def event(self, event: QEvent) -> bool:
        """The pointer reads a step's whole name, also where there was no room to write it."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            QToolTip.showText(event.globalPos(), self.name_at(QPointF(event.pos())), self)
            return True
        return super().event(event)

    def name_at(self, point: QPointF) -> str:
        """Of the step whose name is written there, else of that whose stretch it is; "" without steps."""
        for name in self.names():
            if point.y() >= NAMES_TOP and name.left <= point.x() <= name.left + name.width:
                return said(self._steps[name.index].name)
        seconds = self._share_at(point.x()) * self.duration
        return next((said(step.name) for step in reversed(self._steps) if seconds >= step.start_seconds), "")

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self._steps:
            self._dragging = True
            self._seek(event.position().x())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._dragging:
            self._seek(event.position().x())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._dragging = False

    def keyPressEvent(self, event: QKeyEvent) -> None:
        event.ignore()  # keys for playing belong to the whole window

    def _seek(self, x: float) -> None:
        share = self._share_at(x)
        self.set_seconds(share * self.duration)
        self.sought.emit(share)
