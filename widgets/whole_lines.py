"""Words that scroll and are never cut through a line: what is only partly in view is left out."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QRect, Qt
from PySide6.QtGui import QFontMetricsF, QRegion, QTextDocument, QTextLayout, QTextOption
from PySide6.QtWidgets import QFrame, QLabel, QScrollArea

Lines = list[tuple[float, float]]  # top and bottom of each, in the label


class WholeLines(QScrollArea):
    """Shows a label that wraps its words, whole lines only, wherever it is scrolled to."""

    def __init__(self, label: QLabel) -> None:
        super().__init__()
        self.label = label
        self._lines: Lines = []
        self.setWidget(label)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def whole_lines(self) -> Lines:
        """Those that are wholly in view."""
        top = -self.label.y()
        return [line for line in self._lines if top <= line[0] and line[1] <= top + self.viewport().height()]

    def find_lines(self) -> None:
        """To be called when the words or their font have changed."""
        self._lines = lines_of(self.label)
        self._show_whole_lines()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        done = super().eventFilter(watched, event)
        if watched is self.label and event.type() == QEvent.Type.Resize:
            self.find_lines()
        elif watched is self.viewport() and event.type() == QEvent.Type.Resize:
            self._show_whole_lines()
        return done

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        super().scrollContentsBy(dx, dy)
        self._show_whole_lines()

    def _show_whole_lines(self) -> None:
        shown = self.whole_lines()
        if not shown or len(shown) == len(self._lines):
            self.label.clearMask()
            return
        top, bottom = int(shown[0][0]), int(shown[-1][1]) + 1
        self.label.setMask(QRegion(QRect(0, top, self.label.width(), bottom - top)))


def lines_of(label: QLabel) -> Lines:
    """Laid out as the label does it, which does not tell."""
    margins = label.contentsMargins()
    width = label.width() - margins.left() - margins.right()
    lay_out = _rich_lines if label.textFormat() == Qt.TextFormat.RichText else _plain_lines
    return [(margins.top() + top, margins.top() + bottom) for top, bottom in lay_out(label, width)]


def _rich_lines(label: QLabel, width: int) -> Lines:
    document = QTextDocument()
    document.setDocumentMargin(0)
    document.setDefaultFont(label.font())
    document.setHtml(label.text())
    document.setTextWidth(width)
    found: Lines = []
    block = document.begin()
    while block.isValid():
        top, layout = document.documentLayout().blockBoundingRect(block).top(), block.layout()
        lines = [layout.lineAt(at) for at in range(layout.lineCount())]
        found += [(top + line.y(), top + line.y() + line.height()) for line in lines]
        block = block.next()
    return found


def _plain_lines(label: QLabel, width: int) -> Lines:
    leading = max(QFontMetricsF(label.font()).leading(), 0.0)
    layout = QTextLayout(label.text().replace("\n", "\u2028"), label.font())
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WordWrap)
    layout.setTextOption(option)
    layout.beginLayout()
    found: Lines = []
    bottom = 0.0
    while (line := layout.createLine()).isValid():
        line.setLineWidth(width)
        top = bottom + leading
        bottom = top + line.height()
        found.append((top, bottom))
    layout.endLayout()
    return found
