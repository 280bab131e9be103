"""The line above a pane among others: what it shows, how it differs, and its numbers beside the first pane's."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget

from widgets.lettering import advance, elided, flowed, how_many_fit, lettering
from widgets.shaped_words import LEFT, draw_line
from widgets.view_data import Theme

DOT, GAP, MARGIN = 8.0, 8.0, 4.0
TITLE_HEIGHT, LINE_HEIGHT, RULE = 22, 18, 4
MOST_LINES = 3  # of small text


@dataclass(frozen=True)
class PaneHeading:
    """``details`` tells the pane from its neighbours; ``numbers`` are live, with ratios against the first pane."""

    title: str
    details: str
    numbers: str
    colour: str


class PaneHeader(QWidget):
    """The title and lines of small text: ``chosen`` when it is clicked, ``closed`` when its cross is."""

    chosen = Signal()
    closed = Signal()
    changed = Signal()  # other words, perhaps more of them

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.theme = theme
        self.heading = PaneHeading("", "", "", theme.muted)
        self.active = False
        self.equal = False
        self.most_lines = 1
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.cross = QPushButton("✕", self)
        self.cross.setProperty("quiet", True)
        self.cross.setFixedSize(28, 24)
        self.cross.setAccessibleName(self.tr("Close this pane"))
        self.cross.setToolTip(self.tr("Close this pane (Ctrl+W)"))
        self.cross.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.cross.clicked.connect(self.closed)

    def height_of(self, lines: int) -> int:
        """With so many lines below the title."""
        return TITLE_HEIGHT + lines * LINE_HEIGHT + RULE

    def sizeHint(self) -> QSize:
        return QSize(200, self.height_of(self.most_lines))

    def minimumSizeHint(self) -> QSize:
        return QSize(80, self.height_of(self.most_lines))

    def set_equal(self, equal: bool) -> None:
        """Whether it looks the same, active or not: an audience need not know where the keys are."""
        self.equal = equal
        self.update()

    def set_most_lines(self, lines: int) -> None:
        """How many lines there are below the title, also where fewer are needed: panes in a row stay aligned."""
        if lines != self.most_lines:
            self.most_lines = lines
            self.updateGeometry()
            self.update()

    def set_theme(self, theme: Theme) -> None:
        self.theme = theme
        self.update()

    def set_heading(self, heading: PaneHeading, active: bool) -> None:
        if (heading, active) != (self.heading, self.active):
            self.heading, self.active = heading, active
            words = " · ".join(part for part in (heading.title, heading.details, heading.numbers) if part)
            self.setAccessibleName(words)
            self.setToolTip(words)
            self.changed.emit()
            self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        self.cross.move(self.width() - self.cross.width(), 0)
        super().resizeEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.chosen.emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, theme, heading = QPainter(self), self.theme, self.heading
        bright = self.active or self.equal
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(heading.colour))
        painter.drawEllipse(QRectF(MARGIN, 8, DOT, DOT))
        left, right = MARGIN + DOT + GAP, self.width() - self.cross.width() - GAP
        title, beside, below = self.words(self.width(), self.most_lines)
        painter.setFont(self.bold())
        painter.setPen(QColor(theme.text if bright else theme.muted))
        draw_line(painter, QRectF(left, 0, right - left, 24), LEFT, title)
        painter.setFont(self.small())
        painter.setPen(QColor(theme.muted))
        after = left + advance(title, self.bold()) + GAP
        draw_line(painter, QRectF(after, 1, max(0.0, right - after), 24), LEFT, beside)
        painter.setPen(QColor(theme.text))
        for number, line in enumerate(below):
            top = TITLE_HEIGHT + number * LINE_HEIGHT
            draw_line(painter, QRectF(left, top, self.width() - left, LINE_HEIGHT), LEFT, line)
        rule = QRectF(0, self.height() - 2, self.width(), 2)
        painter.fillRect(rule, QColor(heading.colour if bright else theme.line))
        painter.end()

    def words(self, width: int, most_lines: int) -> tuple[str, str, list[str]]:
        """The title, what stands beside it, and the lines below: the numbers, then what had no room beside it."""
        left, right = MARGIN + DOT + GAP, width - self.cross.width() - GAP
        title = elided(self.heading.title, self.bold(), right - left)
        room = right - left - advance(title, self.bold()) - GAP
        details, numbers = parts_of(self.heading.details), parts_of(self.heading.numbers)
        count = how_many_fit(details, self.small(), room)
        below = flowed([*numbers, *details[count:]], self.small(), width - left, most_lines)
        return title, " · ".join(details[:count]), below

    def lines_needed(self, width: int) -> int:
        """How many lines below the title tell everything at this width."""
        return max(1, len(self.words(width, MOST_LINES)[2]))

    def bold(self) -> QFont:
        return lettering(QFont(self.font()), self.theme.title_points, bold=True)

    def small(self) -> QFont:
        return lettering(QFont(self.font()), self.theme.small_points)


def parts_of(words: str) -> list[str]:
    return words.split(" · ") if words else []
