"""What the variant does, in words: as high as they are where there is room, else cut between lines, and they scroll."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QRegion, QResizeEvent, QTextDocument
from PySide6.QtWidgets import QFrame, QLabel, QScrollArea, QSizePolicy

SIDE, ABOVE = 16, 12  # margins of the words, pixels
LEAST_LINES = 4


class AboutArea(QScrollArea):
    """Rich text that shows whole lines only, wherever it is scrolled to."""

    def __init__(self) -> None:
        super().__init__()
        self.label = _words()
        self._lines: list[tuple[float, float]] = []  # top and bottom of each, in the label
        self.setWidget(self.label)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)

    def set_text(self, html: str) -> None:
        self.label.setText(html)
        self._find_lines()
        self.updateGeometry()

    def whole_lines(self) -> list[tuple[float, float]]:
        """Top and bottom, in the label, of the lines that are wholly in view."""
        top = -self.label.y()
        return [line for line in self._lines if top <= line[0] and line[1] <= top + self.viewport().height()]

    def sizeHint(self) -> QSize:
        return QSize(self.width(), self.label.heightForWidth(self.width()))

    def minimumSizeHint(self) -> QSize:
        return QSize(0, ABOVE + LEAST_LINES * self.label.fontMetrics().lineSpacing())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._find_lines()
        if event.size().width() != event.oldSize().width():
            self.updateGeometry()

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        super().scrollContentsBy(dx, dy)
        self._show_whole_lines()

    def _find_lines(self) -> None:
        """Laid out as the label does it, which does not tell."""
        document = QTextDocument()
        document.setDocumentMargin(0)
        document.setDefaultFont(self.label.font())
        document.setHtml(self.label.text())
        document.setTextWidth(self.label.width() - 2 * SIDE)
        self._lines = []
        block = document.begin()
        while block.isValid():
            top, layout = ABOVE + document.documentLayout().blockBoundingRect(block).top(), block.layout()
            lines = [layout.lineAt(at) for at in range(layout.lineCount())]
            self._lines += [(top + line.y(), top + line.y() + line.height()) for line in lines]
            block = block.next()
        self._show_whole_lines()

    def _show_whole_lines(self) -> None:
        shown = self.whole_lines()
        if not shown or len(shown) == len(self._lines):
            self.label.clearMask()
            return
        top, bottom = int(shown[0][0]), int(shown[-1][1]) + 1
        self.label.setMask(QRegion(QRect(0, top, self.label.width(), bottom - top)))


def _words() -> QLabel:
    label = QLabel()
    label.setWordWrap(True)
    label.setTextFormat(Qt.TextFormat.RichText)
    label.setAlignment(Qt.AlignmentFlag.AlignTop)
    label.setContentsMargins(SIDE, ABOVE, SIDE, ABOVE)
    label.setObjectName("about")
    return label
