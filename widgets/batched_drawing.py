"""Thousands of rectangles in one call, and pictures from arrays, without a Python object for each."""

from __future__ import annotations

from typing import cast

import numpy as np
import shiboken6
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPaintEngine, QPainter

VECTOR_ENGINES = (QPaintEngine.Type.SVG, QPaintEngine.Type.Pdf, QPaintEngine.Type.Picture, QPaintEngine.Type.MacPrinter)
MOST_PIXELS = 6000  # on a side of an image in a vector file


def is_vector(painter: QPainter) -> bool:
    """Whether shapes stay shapes where it paints: a file that is read at any size."""
    return painter.paintEngine().type() in VECTOR_ENGINES


def draw_rectangles(painter: QPainter, rectangles: np.ndarray) -> None:
    """Draws [rectangle, (x, y, width, height)] with the painter's pen and brush."""
    if len(rectangles):
        # A QRectF is four doubles, so the array's memory is an array of QRectF; it must live until the call returns.
        memory = np.ascontiguousarray(rectangles, dtype=np.float64)
        first = cast(QRectF, shiboken6.wrapInstance(memory.ctypes.data, QRectF))
        painter.drawRects(first, len(memory))


def keep_within(painter: QPainter, rect: QRectF) -> None:
    """Clips a whole view to its place on a screen. In a file it has its place, and Qt's SVG forgets the outer of two
    clips, one within the other.
    """
    if not is_vector(painter):
        painter.setClipRect(rect, Qt.ClipOperation.IntersectClip)


def draw_crisp(painter: QPainter, box: QRectF, image: QImage) -> None:
    """Draws an image whose pixels are cells, or as fine as the device.

    Readers of vector files blur large pixels: there each cell gets as many as the file is fine. And a PDF's images have
    the opacity of the brush that was used last.
    """
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, False)
    if not is_vector(painter) or image.isNull():
        painter.drawImage(box, image)
        return
    scale = painter.worldTransform().m11()
    width, height = (min(max(1, round(side * scale)), MOST_PIXELS) for side in (box.width(), box.height()))
    if width > image.width() or height > image.height():
        image = image.scaled(max(width, image.width()), max(height, image.height()))
    painter.save()
    painter.setBrush(QColor(0, 0, 0))
    painter.drawImage(box, image)
    painter.restore()


def image_of(pixels: np.ndarray) -> QImage:
    """A picture of its own from [row, column] uint32 ARGB, premultiplied."""
    height, width = pixels.shape
    return QImage(pixels.tobytes(), width, height, width * 4, QImage.Format.Format_ARGB32_Premultiplied).copy()
