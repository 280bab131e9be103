"""The scrolling text of a token strip: rounded chips, of which only the visible lines are laid out and drawn.

It scrolls by whole lines, and shows whole lines only.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QEvent, QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetrics, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QWidget

from widgets.colour_ramp import mixed
from widgets.lettering import lettering
from widgets.piece_text import readable
from widgets.token_flow import Line, TokenFlow
from widgets.view_data import Theme, TokenStripData

CHIP_HEIGHT = 22
LINE_HEIGHT = 26  # at least
LOOSEST = 5  # pixels that lines may stand further apart, so that no band stays empty below them
GAP = 4
PADDING = 6
NARROWEST = 16
EDGE = 3  # room for the outlines of the chips at the border
UNRELATED = 0.5  # opacity of tokens that the locked one has nothing to do with
BAR = 2.5


@dataclass(frozen=True)
class _Relations:
    """What a stretch of tokens has to do with the locked one: bool [token]."""

    reads: np.ndarray
    read_by: np.ndarray
    shown: bool


class TokenChips(QAbstractScrollArea):
    """``hovered(int)`` and ``clicked(int)`` give a position; −1 is none. ``clicked(-1)`` asks to unlock."""

    hovered = Signal(int)
    clicked = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme: Theme | None = None
        self._data = TokenStripData(())
        self._flow: TokenFlow | None = None
        self._lines: list[Line] = []
        self._hovered = -1
        self._widths: dict[str, int] = {}
        self._metrics: QFontMetrics | None = None
        self._tints: dict[tuple[str, float], tuple[QColor, QColor]] = {}
        self._settling = False
        self._mutual = False
        self._follows = True  # the locked token stays in view until a person scrolls elsewhere
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.viewport().setMouseTracking(True)
        self.verticalScrollBar().actionTriggered.connect(self._scrolled_by_hand)

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self._metrics = QFontMetrics(lettering(QFont(), theme.body_points))
        self._widths.clear()
        self._tints.clear()
        self._lay_out(anew=True)

    def set_data(self, data: TokenStripData) -> None:
        """The token at the top stays at the top, unless another one is locked, or the text is another one.

        The same tokens with other marks are not laid out again.
        """
        anew = data.tokens is not self._data.tokens or len(data.tokens) != (self._flow.count if self._flow else -1)
        self._mutual = mutual(data)
        self._follows |= data.locked != self._data.locked or len(data.tokens) != len(self._data.tokens)
        self._data = data
        self._lay_out(anew)

    def data(self) -> TokenStripData:
        return self._data

    def scroll_to(self, position: int) -> None:
        """Brings a token into view, in the middle where it was not."""
        if self._flow is None or not 0 <= position < self._flow.count:
            return
        line = self._flow.line_of(position)
        top, rows = self.verticalScrollBar().value(), self._rows()
        self._settle()  # the chunk's true height may have moved what is below it
        if not top <= line < top + rows:
            self.verticalScrollBar().setValue(line - (rows - 1) // 2)

    def position_at(self, point: QPoint) -> int:
        """The token under a point of the viewport, −1 for none."""
        for line in self._lines:
            top = self._top_of(line)
            if top <= point.y() < top + CHIP_HEIGHT:
                for at, (left, width) in enumerate(zip(line.lefts, line.widths, strict=True)):
                    if left <= point.x() - EDGE < left + width:
                        return line.start + at
        return -1

    def box_of(self, position: int) -> QRectF | None:
        """Where a token's chip is in the viewport; None where it is not in view."""
        for line in self._lines:
            if line.start <= position < line.start + len(line.widths):
                at = position - line.start
                return QRectF(EDGE + line.lefts[at], self._top_of(line), line.widths[at], CHIP_HEIGHT)
        return None

    # Layout

    def _measure(self, start: int, stop: int) -> tuple[list[int], list[int]]:
        assert self._metrics is not None
        widths, breaks = [], []
        known, tokens = self._widths, self._data.tokens
        for position in range(start, stop):
            piece = tokens[position]
            width = known.get(piece)
            if width is None:
                text = self._metrics.horizontalAdvance(readable(piece))
                width = known[piece] = max(NARROWEST, text + 2 * PADDING)
            widths.append(width)
            if "\n" in piece:
                breaks.append(position)
        return widths, breaks

    def _lay_out(self, anew: bool) -> None:
        if self._theme is None:
            return
        width = self.viewport().width() - 2 * EDGE
        if anew or self._flow is None or self._flow.width != max(width, 1):
            first = self._lines[0].start if self._lines and self.verticalScrollBar().value() else 0
            self._flow = TokenFlow(len(self._data.tokens), width, GAP, self._measure)
            top = self._flow.line_of(min(first, self._flow.count - 1)) if self._flow.count else 0
            self._show_range()
            self.verticalScrollBar().setValue(top)
        self._settle()
        if self._follows and self._data.locked is not None:
            self.scroll_to(self._data.locked)

    def _scrolled_by_hand(self) -> None:
        self._follows = False

    def _rows(self) -> int:
        """How many whole lines are in view, at least one."""
        return max(1, (self.viewport().height() - 2 * EDGE + LINE_HEIGHT - CHIP_HEIGHT) // LINE_HEIGHT)

    def _pitch(self) -> int:
        """From line to line, in pixels."""
        rows = self._rows()
        spare = self.viewport().height() - 2 * EDGE - CHIP_HEIGHT - (rows - 1) * LINE_HEIGHT
        return LINE_HEIGHT + min(LOOSEST, max(0, spare // max(rows - 1, 1)))

    def _show_range(self) -> None:
        assert self._flow is not None
        bar, rows = self.verticalScrollBar(), self._rows()
        bar.setPageStep(rows)
        bar.setRange(0, max(0, self._flow.line_count - rows))

    def _settle(self) -> None:
        """Lays out what is in view, and tells the scroll bar where estimates were wrong."""
        if self._flow is None or self._settling:
            return
        self._settling = True
        bar = self.verticalScrollBar()
        settled = self._flow.settled(bar.value())
        self._lines = self._flow.lines(int(settled), self._rows())
        self._show_range()
        if settled != bar.value():
            bar.setValue(round(settled))
        self._lines = self._flow.lines(bar.value(), self._rows())
        self._settling = False
        self.viewport().update()

    def _top_of(self, line: Line) -> int:
        return EDGE + (line.number - self.verticalScrollBar().value()) * self._pitch()

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        self._settle()

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._lay_out(anew=False)

    def sizeHint(self) -> QSize:
        return QSize(280, 320)

    # Drawing

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._theme is None:
            return
        painter = QPainter(self.viewport())
        painter.fillRect(self.viewport().rect(), QColor(self._theme.surface))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(lettering(QFont(), self._theme.body_points))
        if not len(self._data.tokens):
            painter.setPen(QColor(self._theme.muted))
            flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            words = self.tr("No text yet. Type one, open a file or choose a sample.")
            painter.drawText(QRectF(self.viewport().rect()).adjusted(8, 8, -8, -8), flags, words)
            return
        for line in self._lines:
            self._draw_line(painter, line)
        if self.hasFocus():
            painter.setPen(QPen(QColor(self._theme.focus), 1.5))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(self.viewport().rect()).adjusted(0.75, 0.75, -0.75, -0.75), 4, 4)

    def _draw_line(self, painter: QPainter, line: Line) -> None:
        top = self._top_of(line)
        stop = line.start + len(line.widths)
        relations = _relations(self._data, line.start, stop)
        for at, position in enumerate(range(line.start, stop)):
            chip = QRectF(EDGE + line.lefts[at], top, line.widths[at], CHIP_HEIGHT)
            reads, read_by = bool(relations.reads[at]), bool(relations.read_by[at])
            related = reads or read_by or position == self._data.locked or not relations.shown
            painter.setOpacity(1.0 if related else UNRELATED)
            self._draw_chip(painter, chip, position)
            painter.setOpacity(1.0)
            self._draw_marks(painter, chip, position, reads, read_by)

    def _draw_chip(self, painter: QPainter, chip: QRectF, position: int) -> None:
        assert self._theme is not None
        assert self._metrics is not None
        fill, bar, share = self._tint(position)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(fill)
        painter.drawRoundedRect(chip, 3, 3)
        if share > 0:
            painter.fillRect(QRectF(chip.left(), chip.bottom() - BAR, chip.width() * share, BAR), bar)
        painter.setPen(QColor(self._theme.text))
        text = readable(self._data.tokens[position])
        room = int(chip.width()) - PADDING
        if chip.width() >= self.viewport().width() - 2 * EDGE:
            text = self._metrics.elidedText(text, Qt.TextElideMode.ElideRight, room)
        painter.drawText(chip.adjusted(0, 0, 0, -1), Qt.AlignmentFlag.AlignCenter, text)

    def _tint(self, position: int) -> tuple[QColor, QColor, float]:
        """(fill, colour of the bar below, share of the chip's width that the bar takes)."""
        theme, data = self._theme, self._data
        assert theme is not None
        if data.categories is not None and position < len(data.categories) and data.categories[position] >= 0:
            colour = theme.categories[int(data.categories[position]) % len(theme.categories)]
            return *self._colours(colour, 0.3), 1.0
        if data.strengths is not None and position < len(data.strengths):
            strength = float(np.clip(np.nan_to_num(data.strengths[position]), 0, 1))
            return *self._colours(theme.accent, round(0.6 * strength, 2)), strength
        return *self._colours(theme.raised, 1.0), 0.0

    def _colours(self, colour: str, share: float) -> tuple[QColor, QColor]:
        key = (colour, share)
        if key not in self._tints:
            assert self._theme is not None
            ground = self._theme.surface if colour in self._theme.categories else self._theme.raised
            self._tints[key] = QColor(mixed(ground, colour, share)), QColor(colour)
        return self._tints[key]

    def _draw_marks(self, painter: QPainter, chip: QRectF, position: int, reads: bool, read_by: bool) -> None:
        """One frame each; a token of both kinds has the dots of the one on the line of the other."""
        theme = self._theme
        assert theme is not None
        painter.setBrush(Qt.BrushStyle.NoBrush)
        pens = [reads_pen(theme)] if reads else []
        if read_by and not (reads and self._mutual):
            pens.append(read_by_pen(theme))
        if position == self._data.locked:
            pens = [locked_pen(theme)]
        elif position == self._hovered and not pens:
            pens = [QPen(QColor(theme.muted), 1)]
        for pen in pens:
            painter.setPen(pen)
            painter.drawRoundedRect(chip.adjusted(0.5, 0.5, -0.5, -0.5), 3, 3)

    # Pointer and keys

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._hover(self.position_at(event.position().toPoint()))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        position = self.position_at(event.position().toPoint())
        if event.button() == Qt.MouseButton.LeftButton and position >= 0:
            self.clicked.emit(-1 if position == self._data.locked else position)

    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Leave:
            self._hover(-1)
        return super().viewportEvent(event)

    def _hover(self, position: int) -> None:
        if position != self._hovered:
            self._hovered = position
            self.hovered.emit(position)
            self.viewport().update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
        locked, count = self._data.locked, len(self._data.tokens)
        if event.key() in steps and count:
            first = self._lines[0].start if self._lines else 0
            step = steps[Qt.Key(event.key())]
            self.clicked.emit(first if locked is None else min(max(locked + step, 0), count - 1))
        elif event.key() == Qt.Key.Key_Escape and locked is not None:
            self.clicked.emit(-1)
        else:
            super().keyPressEvent(event)


def locked_pen(theme: Theme) -> QPen:
    return QPen(QColor(theme.text), 2)


def reads_pen(theme: Theme) -> QPen:
    return QPen(QColor(theme.accent), 1.5)


def read_by_pen(theme: Theme) -> QPen:
    pen = QPen(QColor(theme.text), 1)
    pen.setDashPattern([2, 2])
    return pen


def mutual(data: TokenStripData) -> bool:
    """Whether the locked token reads just those that read it, so that one frame says both."""
    return data.reads is not None and data.read_by is not None and np.array_equal(data.reads, data.read_by)


def _relations(data: TokenStripData, start: int, stop: int) -> _Relations:
    shown = data.locked is not None and (data.reads is not None or data.read_by is not None)
    return _Relations(_members(data.reads, start, stop), _members(data.read_by, start, stop), shown)


def _members(positions: np.ndarray | None, start: int, stop: int) -> np.ndarray:
    """Which of start…stop−1 are among ascending ``positions``: bool [stop − start]."""
    found = np.zeros(stop - start, dtype=bool)
    if positions is not None:
        low, high = np.searchsorted(positions, [start, stop])
        found[np.asarray(positions[low:high], dtype=np.int64) - start] = True
    return found
