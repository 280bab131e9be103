"""Words drawn on the screen, shaped once: most of what a picture says is the same in its next frame."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QStaticText

from widgets.lettering import letters_are_plain

REMEMBERED = 4096


RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
CENTRE = Qt.AlignmentFlag.AlignCenter
_BEFORE = {LEFT: 0.0, CENTRE: 0.5, RIGHT: 1.0}  # share of the spare room that lies before the words


@lru_cache(maxsize=REMEMBERED)
def shaped(text: str, font: QFont) -> tuple[QStaticText, float, float]:
    """One line of text, its width and its height in logical pixels."""
    words, size = QStaticText(text), QFontMetricsF(font).size(0, text)
    words.setTextFormat(Qt.TextFormat.PlainText)
    return words, size.width(), size.height()


def draw_line(painter: QPainter, box: QRectF, flags: Qt.AlignmentFlag, text: str) -> None:
    """As ``painter.drawText`` draws one line in the middle of the box's height.

    A long one takes a tenth of the time from the second time on. A file gets its text from ``drawText`` itself:
    nothing is drawn twice there.
    """
    if letters_are_plain():
        painter.drawText(box, flags, text)
        return
    words, width, height = shaped(text, painter.font())
    left = box.left() + _BEFORE[flags] * (box.width() - width)
    painter.drawStaticText(QPointF(left, box.top() + (box.height() - height) / 2), words)
