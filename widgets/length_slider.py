"""The sequence length, from 8 to 1,048,576: dragged on a logarithmic scale, typed, or moved by keys."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetricsF, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QSizePolicy, QWidget

from widgets.length_scale import (
    LABELLED,
    LONGEST,
    SHORTEST,
    finer,
    held,
    length_at,
    parse_length,
    share_of,
    snapped,
)
from widgets.lettering import lettering, pixels
from widgets.quantities import length_text
from widgets.themes import DARK
from widgets.view_data import Theme

HANDLE = 7.0
SNAP_PIXELS = 4.0


class LengthTrack(QWidget):
    """The scale with its handle. ``moved`` while it moves, ``settled`` when it is let go; both with the length."""

    moved = Signal(int)
    settled = Signal(int)

    def __init__(self, theme: Theme = DARK, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._length = 512
        self._dragging = False
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName(self.tr("Sequence length"))

    def set_theme(self, theme: Theme) -> None:
        """Redraws in other colours and type sizes."""
        self._theme = theme
        self.update()

    def set_length(self, n: int) -> None:
        """Moves the handle; says nothing to anybody."""
        self._length = held(n)
        self.setAccessibleDescription(self.tr("{0} tokens").format(f"{self._length:,}"))
        self.update()

    @property
    def length(self) -> int:
        """The length at the handle."""
        return self._length

    def sizeHint(self) -> QSize:
        return QSize(420, 40)

    def minimumSizeHint(self) -> QSize:
        return QSize(120, 40)

    def _span(self) -> float:
        return max(self.width() - 2 * HANDLE - 2.0, 1.0)

    def x_of(self, n: int) -> float:
        """Where a length lies on the track, in pixels."""
        return HANDLE + 1.0 + self._span() * share_of(n)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        theme, y, x = self._theme, 12.0, self.x_of(self._length)
        for colour, stop in ((theme.line, self.x_of(LONGEST)), (theme.text, x)):
            painter.setPen(QPen(QColor(colour), 4.0, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
            if stop > self.x_of(SHORTEST):
                painter.drawLine(QPointF(self.x_of(SHORTEST), y), QPointF(stop, y))
        self._paint_ticks(painter, y)
        painter.setPen(QPen(QColor(theme.focus), 2.0) if self.hasFocus() else Qt.PenStyle.NoPen)
        painter.setBrush(QColor(theme.text))
        painter.drawEllipse(QPointF(x, y), HANDLE, HANDLE)

    def _paint_ticks(self, painter: QPainter, y: float) -> None:
        font = lettering(self.font(), self._theme.small_points)
        painter.setFont(font)
        metrics = QFontMetricsF(font)
        painter.setPen(QPen(QColor(self._theme.muted), 1.0))
        power, free_from = SHORTEST, 0.0
        while power <= LONGEST:
            x = round(self.x_of(power)) + 0.5
            labelled = power in LABELLED
            painter.drawLine(QPointF(x, y + 5.0), QPointF(x, y + (10.0 if labelled else 8.0)))
            width = metrics.horizontalAdvance(length_text(power))
            left = min(max(x - width / 2, 0.0), self.width() - width)
            if labelled and left >= free_from:
                painter.drawText(QRectF(left, y + 11.0, width + 2.0, metrics.height()), length_text(power))
                free_from = left + width + 6.0
            power *= 2

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._dragging = True
            self._drag_to(event.position().x())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._dragging:
            self._drag_to(event.position().x())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._dragging and event.button() == Qt.MouseButton.LeftButton:
            self._dragging = False
            self.settled.emit(self._length)

    def _drag_to(self, x: float) -> None:
        n = length_at((x - HANDLE - 1.0) / self._span())
        self._move_to(snapped(n, SNAP_PIXELS / self._span()))

    def _move_to(self, n: int) -> None:
        if n != self._length:
            self.set_length(n)
            self.moved.emit(n)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        n = self._after_key(Qt.Key(event.key()))
        if n is None:
            super().keyPressEvent(event)
        else:
            self._move_to(n)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        if self._after_key(Qt.Key(event.key())) is None:
            super().keyReleaseEvent(event)
        elif not event.isAutoRepeat():
            self.settled.emit(self._length)

    def _after_key(self, key: Qt.Key) -> int | None:
        """The length a key leads to; None for keys that are not ours."""
        moves = {
            Qt.Key.Key_Left: lambda n: finer(n, -1),
            Qt.Key.Key_Down: lambda n: finer(n, -1),
            Qt.Key.Key_Right: lambda n: finer(n, 1),
            Qt.Key.Key_Up: lambda n: finer(n, 1),
            Qt.Key.Key_PageUp: lambda n: held(n * 2),
            Qt.Key.Key_PageDown: lambda n: held(n // 2),
            Qt.Key.Key_Home: lambda n: SHORTEST,
            Qt.Key.Key_End: lambda n: LONGEST,
        }
        return moves[key](self._length) if key in moves else None


class LengthSlider(QWidget):
    """Label, track, entry and note. ``length_changed`` while dragging, ``length_committed`` when it is decided."""

    length_changed = Signal(int)
    length_committed = Signal(int)

    def __init__(self, theme: Theme = DARK, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._note_text = ""
        self._label = QLabel(self.tr("Sequence length"))
        self._track = LengthTrack(theme)
        self._entry = QLineEdit()
        self._note = QLabel()
        self._entry.setFixedWidth(92)
        self._entry.setAlignment(Qt.AlignmentFlag.AlignRight)
        self._entry.setAccessibleName(self.tr("Sequence length, typed"))
        self._entry.setToolTip(self.tr("For example 4096, 64K or 1M"))
        self._note.setMinimumWidth(90)
        self._label.setBuddy(self._entry)
        self.setAccessibleName(self.tr("Sequence length"))
        self._lay_out()
        self._track.moved.connect(self._follow_track)
        self._track.settled.connect(self.length_committed)
        self._entry.returnPressed.connect(self._read_entry)
        self._entry.editingFinished.connect(self._read_entry)
        self.set_length(self._track.length)
        self.set_theme(theme)

    def set_length(self, n: int) -> None:
        """The length shown, held within 8…1,048,576; says nothing to anybody."""
        self._track.set_length(n)
        self._entry.setText(f"{self._track.length:,}")

    @property
    def length(self) -> int:
        """The length shown."""
        return self._track.length

    def set_note(self, text: str) -> None:
        """A word at the right, for example that the text repeats."""
        self._note_text = text
        self._show_note(text, self._theme.muted)

    def set_theme(self, theme: Theme) -> None:
        """Redraws in other colours and type sizes."""
        self._theme = theme
        self._track.set_theme(theme)
        self.setStyleSheet(
            f"QLabel {{ color: {theme.muted}; font-size: {pixels(theme.small_points)}px; }}"
            f"QLineEdit {{ color: {theme.text}; background: {theme.raised}; border: 1px solid {theme.line};"
            f" border-radius: 4px; padding: 3px 6px; font-size: {pixels(theme.body_points)}px; }}"
            f"QLineEdit:focus {{ border-color: {theme.focus}; }}"
        )
        self._show_note(self._note_text, theme.muted)

    def _lay_out(self) -> None:
        layout = QHBoxLayout(self)
        layout.setContentsMargins(18, 2, 12, 4)
        layout.setSpacing(12)
        top = Qt.AlignmentFlag.AlignTop
        self._label.setContentsMargins(0, 4, 0, 0)
        self._note.setContentsMargins(0, 4, 0, 0)
        layout.addWidget(self._label, 0, top)
        layout.addWidget(self._track, 1, top)
        layout.addWidget(self._entry, 0, top)
        layout.addWidget(self._note, 0, top)

    def _show_note(self, text: str, colour: str) -> None:
        self._note.setText(text)
        self._note.setStyleSheet(f"color: {colour};")

    def _follow_track(self, n: int) -> None:
        self._entry.setText(f"{n:,}")
        self._show_note(self._note_text, self._theme.muted)
        self.length_changed.emit(n)

    def _read_entry(self) -> None:
        """Takes what was typed; what is no length is said in one line, and the length stays."""
        if not self._entry.isModified():
            return
        typed = self._entry.text()
        n = parse_length(typed)
        if n is None or held(n) != n:
            self._entry.setText(f"{self.length:,}")
            self._show_note(self._complaint(typed, n), self._theme.warning)
            return
        before = self.length
        self.set_length(n)
        self._show_note(self._note_text, self._theme.muted)
        if n != before:
            self.length_changed.emit(n)
            self.length_committed.emit(n)

    def _complaint(self, typed: str, n: int | None) -> str:
        if n is None:
            shown = typed.strip() if len(typed.strip()) <= 12 else typed.strip()[:11] + "…"
            return self.tr("“{0}” is not a length: write 4096, 64K or 1M.").format(shown)
        return self.tr("Lengths go from {0} to {1}.").format(f"{SHORTEST:,}", f"{LONGEST:,}")
