"""What the variant does, in words: as high as they are where there is room, else cut between lines, and they scroll."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLabel, QSizePolicy

from widgets.whole_lines import WholeLines

SIDE, ABOVE = 16, 12  # margins of the words, pixels
LEAST_LINES = 4


class AboutArea(WholeLines):
    """Rich text in the column: of what the others can spare it takes what it needs."""

    def __init__(self) -> None:
        super().__init__(_words())
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)

    def set_text(self, html: str) -> None:
        if html == self.label.text():
            return
        self.label.setText(html)
        self.find_lines()
        self.updateGeometry()
        self._scroll_if_needed()

    def sizeHint(self) -> QSize:
        return QSize(self.width(), self.label.heightForWidth(self.width()))

    def minimumSizeHint(self) -> QSize:
        return QSize(0, ABOVE + LEAST_LINES * self.label.fontMetrics().lineSpacing())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.updateGeometry()
        self._scroll_if_needed()

    def _scroll_if_needed(self) -> None:
        """A bar that was there once takes width, for which the words need more height, for which it stays."""
        fits = self.label.heightForWidth(self.width()) <= self.height()
        policy = Qt.ScrollBarPolicy.ScrollBarAlwaysOff if fits else Qt.ScrollBarPolicy.ScrollBarAsNeeded
        if policy != self.verticalScrollBarPolicy():
            self.setVerticalScrollBarPolicy(policy)


def _words() -> QLabel:
    label = QLabel()
    label.setWordWrap(True)
    label.setTextFormat(Qt.TextFormat.RichText)
    label.setAlignment(Qt.AlignmentFlag.AlignTop)
    label.setContentsMargins(SIDE, ABOVE, SIDE, ABOVE)
    label.setObjectName("about")
    return label
