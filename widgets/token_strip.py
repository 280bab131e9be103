"""The text itself, as chips in reading order: tinted by group or strength, with one token that may be locked."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QVBoxLayout, QWidget

from widgets.lettering import elided, lettering, pixels
from widgets.piece_text import quoted
from widgets.token_chips import TokenChips, locked_pen, mutual, read_by_pen, reads_pen
from widgets.view_data import Theme, TokenStripData

LEGEND_LINE = 20
MARK, BETWEEN = 23, 14  # a mark with the space after it; from one item to the next


class TokenStrip(QWidget):
    """Draws a ``TokenStripData``: up to a million tokens, of which only what is in view is laid out.

    ``token_hovered(int)``: the position under the pointer, −1 when it leaves. ``token_clicked(int)``: the position to
    lock, −1 to unlock (the locked token again, or Escape). The arrow keys move the lock by one.
    """

    token_hovered = Signal(int)
    token_clicked = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.chips = TokenChips(self)
        self._legend = _Legend(self)
        self._caption = QLabel(self)
        self._caption.setWordWrap(True)
        self._caption.setContentsMargins(3, 0, 3, 0)
        self._caption.setTextFormat(Qt.TextFormat.PlainText)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(self.chips, 1)
        column.addWidget(self._legend)
        column.addWidget(self._caption)
        self.setFocusProxy(self.chips)
        self.chips.hovered.connect(self.token_hovered)
        self.chips.clicked.connect(self._clicked)
        name = self.tr("The text in tokens")
        self.setAccessibleName(name)
        self.chips.setAccessibleName(name)
        self._show(TokenStripData(()))

    def set_theme(self, theme: Theme) -> None:
        self.chips.set_theme(theme)
        self._legend.set_theme(theme)
        # A style sheet of the application would overrule a palette.
        self._caption.setStyleSheet(f"color: {theme.muted}; font-size: {pixels(theme.small_points)}px;")

    def set_data(self, data: TokenStripData | None) -> None:
        self._show(data if data is not None else TokenStripData(()))

    def set_locked(self, position: int | None) -> None:
        """Outlines a token and brings it into view; what it reads is unknown until the next ``set_data``."""
        if position != self.chips.data().locked:
            self._show(replace(self.chips.data(), locked=position, reads=None, read_by=None))
        if position is not None:
            self.chips.scroll_to(position)

    def scroll_to(self, position: int) -> None:
        self.chips.scroll_to(position)

    def sizeHint(self) -> QSize:
        return QSize(280, 360)

    def _clicked(self, position: int) -> None:
        self.set_locked(position if position >= 0 else None)
        self.token_clicked.emit(position)

    def _show(self, data: TokenStripData) -> None:
        self.chips.set_data(data)
        self._legend.set_data(data)
        self._caption.setText(data.caption)
        self._caption.setVisible(bool(data.caption))
        self.chips.setAccessibleDescription(data.caption)


class _Legend(QWidget):
    """Which token is locked, and how the tokens are marked that it reads and that read it."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme: Theme | None = None
        self._data = TokenStripData(())
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self._settle()

    def set_data(self, data: TokenStripData) -> None:
        self._data = data
        self.setVisible(data.locked is not None)
        self.setAccessibleName(", ".join(text for _, text in self._items()))
        self._settle()

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._settle()

    def _settle(self) -> None:
        self.setFixedHeight(LEGEND_LINE * (1 + max((line for _, _, _, line in self._placed()), default=0)))
        self.update()

    def _items(self) -> list[tuple[str, str]]:
        data = self._data
        if data.locked is None:
            return []
        piece = quoted(data.tokens[data.locked]) if data.locked < len(data.tokens) else ""
        items = [("locked", self.tr("{piece} at {position}").format(piece=piece, position=f"{data.locked:,}"))]
        if data.reads is not None and mutual(data):
            both = self.tr("reads and is read by {count}").format(count=f"{len(data.reads):,}")
            return [*items, ("reads", both)]
        if data.reads is not None:
            items.append(("reads", self.tr("reads {count}").format(count=f"{len(data.reads):,}")))
        if data.read_by is not None:
            items.append(("read by", self.tr("read by {count}").format(count=f"{len(data.read_by):,}")))
        return items

    def _placed(self) -> list[tuple[str, str, float, int]]:
        """(kind, words, left edge, line): the locked token has a line of its own, the others share one if they can."""
        if self._theme is None:
            return []
        metrics = QFontMetricsF(lettering(QFont(), self._theme.small_points))
        placed: list[tuple[str, str, float, int]] = []
        x, line = 2.0, 0
        for kind, text in self._items():
            width = MARK + metrics.horizontalAdvance(text)
            if placed and (line == 0 or x + width > self.width()):
                x, line = 2.0, line + 1
            placed.append((kind, text, x, line))
            x += width + BETWEEN
        return placed

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._theme is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        font = lettering(QFont(), self._theme.small_points)
        painter.setFont(font)
        for kind, text, x, line in self._placed():
            y = line * LEGEND_LINE
            painter.setPen(self._pen(kind, self._theme))
            painter.drawRoundedRect(QRectF(x + 1, y + 4, 16, LEGEND_LINE - 8), 3, 3)
            painter.setPen(QPen(QColor(self._theme.text if kind == "locked" else self._theme.muted)))
            room = QRectF(x + MARK, y, max(0.0, self.width() - x - MARK), LEGEND_LINE)
            painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, elided(text, font, room.width()))

    @staticmethod
    def _pen(kind: str, theme: Theme) -> QPen:
        return {"locked": locked_pen, "reads": reads_pen, "read by": read_by_pen}[kind](theme)


def _preview(theme: Theme) -> TokenStrip:
    strip = TokenStrip()
    strip.set_theme(theme)
    count = 100_000
    buckets = np.random.default_rng(0).integers(0, 8, count)
    strip.set_data(TokenStripData(RepeatedWords(count), buckets, caption=f"{count:,} tokens · made-up groups"))
    return strip


if __name__ == "__main__":
    import numpy as np

    from widgets.preview import preview
    from widgets.preview_pattern import RepeatedWords

    preview(_preview)
