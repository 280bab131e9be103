"""The line above a pane among others: what it shows, how it differs, and its numbers beside the first pane's."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget

from widgets.lettering import elided, lettering, whole_parts
from widgets.view_data import Theme

DOT, GAP, LEFT = 8.0, 8.0, 4.0


@dataclass(frozen=True)
class PaneHeading:
    """``details`` tells the pane from its neighbours; ``numbers`` are live, with ratios against the first pane."""

    title: str
    details: str
    numbers: str
    colour: str


class PaneHeader(QWidget):
    """Two lines of text: ``chosen`` when it is clicked, ``closed`` when its cross is."""

    chosen = Signal()
    closed = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.theme = theme
        self.heading = PaneHeading("", "", "", theme.muted)
        self.active = False
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.cross = QPushButton("✕", self)
        self.cross.setProperty("quiet", True)
        self.cross.setFixedSize(28, 24)
        self.cross.setAccessibleName(self.tr("Close this pane"))
        self.cross.setToolTip(self.tr("Close this pane (Ctrl+W)"))
        self.cross.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.cross.clicked.connect(self.closed)

    def sizeHint(self) -> QSize:
        return QSize(200, 44)

    def minimumSizeHint(self) -> QSize:
        return QSize(80, 44)

    def set_theme(self, theme: Theme) -> None:
        self.theme = theme
        self.update()

    def set_heading(self, heading: PaneHeading, active: bool) -> None:
        if (heading, active) != (self.heading, self.active):
            self.heading, self.active = heading, active
            words = " · ".join(part for part in (heading.title, heading.details, heading.numbers) if part)
            self.setAccessibleName(words)
            self.setToolTip(words)
            self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        self.cross.move(self.width() - self.cross.width(), 0)
        super().resizeEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.chosen.emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, theme, heading = QPainter(self), self.theme, self.heading
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(heading.colour))
        painter.drawEllipse(QRectF(LEFT, 8, DOT, DOT))
        left, right = LEFT + DOT + GAP, self.width() - self.cross.width() - GAP
        bold, plain = lettering(QFont(self.font()), theme.title_points, bold=True), self.small()
        title = elided(heading.title, bold, right - left)
        painter.setFont(bold)
        painter.setPen(QColor(theme.text if self.active else theme.muted))
        taken = painter.boundingRect(QRectF(left, 0, right - left, 24), Qt.AlignmentFlag.AlignVCenter, title)
        painter.drawText(QRectF(left, 0, right - left, 24), Qt.AlignmentFlag.AlignVCenter, title)
        painter.setFont(plain)
        painter.setPen(QColor(theme.muted))
        beside = QRectF(taken.right() + GAP, 1, max(0.0, right - taken.right() - GAP), 24)
        painter.drawText(beside, Qt.AlignmentFlag.AlignVCenter, whole_parts(heading.details, plain, beside.width()))
        below = QRectF(left, 22, self.width() - left, 18)
        painter.setPen(QColor(theme.text))
        painter.drawText(below, Qt.AlignmentFlag.AlignVCenter, whole_parts(heading.numbers, plain, below.width()))
        painter.fillRect(QRectF(0, 42, self.width(), 2), QColor(heading.colour if self.active else theme.line))
        painter.end()

    def small(self) -> QFont:
        return lettering(QFont(self.font()), self.theme.small_points)
