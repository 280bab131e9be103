"""A line that was shaped once looks as one that is shaped anew."""

import numpy as np
import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QFont, QImage, QPainter

from widgets.lettering import lettering, plain_letters
from widgets.shaped_words import CENTRE, LEFT, RIGHT, draw_line

WORDS = (
    "masked",
    "65,536",
    "query ↓",
    "queries 12,345–22,345, keys 0–7",
    "被读取的键",
    "keys 7 · 被读取的键",
    "",
    " a  b ",
)
BOXES = (QRectF(10, 4, 260, 18), QRectF(10.25, 4.5, 260, 18.5))


def drawn(draw, *line, ratio):
    image = QImage(int(300 * ratio), int(30 * ratio), QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(ratio)
    image.fill(QColor("#101418"))
    painter = QPainter(image)
    painter.setFont(lettering(QFont(), 9))
    painter.setPen(QColor("#e0e4e8"))
    draw(painter, *line)
    painter.end()
    return image


def inked(image):
    """The first and last row and column that hold a letter."""
    plain = image.convertToFormat(QImage.Format.Format_Grayscale8)
    pixels = np.frombuffer(plain.constBits(), np.uint8).reshape(plain.height(), plain.bytesPerLine())
    rows, columns = np.nonzero(pixels[:, : plain.width()] != pixels[0, 0])
    return np.array([[each.min(initial=0), each.max(initial=0)] for each in (rows, columns)])


@pytest.mark.parametrize("box", BOXES)
@pytest.mark.parametrize("flags", [LEFT, CENTRE, RIGHT])
def test_a_line_is_drawn_as_draw_text_draws_it(qapp, flags, box):
    for words in WORDS:
        expected = drawn(QPainter.drawText, box, flags, words, ratio=1.0)
        for _ in range(2):  # shaped, and remembered
            assert drawn(draw_line, box, flags, words, ratio=1.0) == expected, words
        for ratio in (1.25, 1.5, 2.0):  # where letters stand between pixels, they may stand a fraction aside
            expected = drawn(QPainter.drawText, box, flags, words, ratio=ratio)
            found = drawn(draw_line, box, flags, words, ratio=ratio)
            assert abs(inked(found) - inked(expected)).max() <= 1, words


def test_a_still_picture_has_the_letters_of_the_font_itself(qapp):
    """Remembered words have no say in a file."""
    line = BOXES[0], LEFT, "3 × 4 at 1:2"
    drawn(draw_line, *line, ratio=1.0)
    with plain_letters():
        assert drawn(draw_line, *line, ratio=1.0) == drawn(QPainter.drawText, *line, ratio=1.0)
