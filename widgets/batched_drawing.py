"""Thousands of rectangles in one call, and pictures from arrays, without a Python object for each."""

from __future__ import annotations

from typing import cast

import numpy as np
import shiboken6
from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage, QPainter


def draw_rectangles(painter: QPainter, rectangles: np.ndarray) -> None:
    """Draws [rectangle, (x, y, width, height)] with the painter's pen and brush."""
    if len(rectangles):
        # A QRectF is four doubles, so the array's memory is an array of QRectF; it must live until the call returns.
        memory = np.ascontiguousarray(rectangles, dtype=np.float64)
        first = cast(QRectF, shiboken6.wrapInstance(memory.ctypes.data, QRectF))
        painter.drawRects(first, len(memory))


def image_of(pixels: np.ndarray) -> QImage:
    """A picture of its own from [row, column] uint32 ARGB, premultiplied."""
    height, width = pixels.shape
    return QImage(pixels.tobytes(), width, height, width * 4, QImage.Format.Format_ARGB32_Premultiplied).copy()
