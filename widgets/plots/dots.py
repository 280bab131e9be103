"""Points as round dots: one by one while they are few, as one image where they are many."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from widgets.batched_drawing import image_of
from widgets.colour_ramp import rgb

ONE_BY_ONE = 250  # points; a vector file keeps these as shapes
PART = 16_384  # points whose pixels are added up at once


def draw_dots(
    painter: QPainter,
    plot: QRectF,
    x: np.ndarray,
    y: np.ndarray,
    colour: str,
    radius: float,
    opacity: float,
    ratio: float,
) -> None:
    """Dots of ``radius`` at ``x`` and ``y`` [point], in pixels; nan and what lies outside of ``plot`` is left out.

    Where dots lie on one another the colour is denser, as with dots painted one after the other.
    """
    edge = radius + 1
    inside = (x >= plot.left() - edge) & (x <= plot.right() + edge)
    inside &= (y >= plot.top() - edge) & (y <= plot.bottom() + edge)
    x, y = x[inside], y[inside]
    if len(x) <= ONE_BY_ONE:
        ink = QColor(colour)
        ink.setAlphaF(opacity)
        pen = QPen(ink, 2 * radius)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        painter.setPen(pen)
        painter.drawPoints(QPolygonF([QPointF(*place) for place in zip(x.tolist(), y.tolist(), strict=True)]))
        return
    box = plot.adjusted(-4, -4, 4, 4)
    width, height = round(box.width() * ratio), round(box.height() * ratio)
    places = (x - box.left()) * ratio, (y - box.top()) * ratio
    inked = density(*places, width, height, radius * ratio, opacity)
    painter.drawImage(box, image_of(_premultiplied(inked, colour)))


def density(x: np.ndarray, y: np.ndarray, width: int, height: int, radius: float, opacity: float) -> np.ndarray:
    """How much of each pixel dots at ``x``, ``y`` cover: float64 [height, width], 0…1."""
    thickness = np.zeros(width * height)
    reach = int(np.ceil(radius + 0.5))
    offsets = np.arange(-reach, reach + 1)
    across, down = (grid.ravel() for grid in np.meshgrid(offsets, offsets))
    near = across**2 + down**2 <= (radius + 1.2) ** 2
    across, down = across[near], down[near]
    for start in range(0, len(x), PART):
        part_x, part_y = x[start : start + PART, None], y[start : start + PART, None]
        column = np.floor(part_x).astype(np.int64) + across
        row = np.floor(part_y).astype(np.int64) + down
        distance = np.hypot(column + 0.5 - part_x, row + 0.5 - part_y)
        cover = np.clip(radius + 0.5 - distance, 0.0, 1.0)
        kept = (cover > 0) & (column >= 0) & (column < width) & (row >= 0) & (row < height)
        thick = -np.log1p(-np.minimum(cover[kept] * opacity, 0.999))
        thickness += np.bincount((row * width + column)[kept], thick, width * height)
    return (-np.expm1(-thickness)).reshape(height, width)


def _premultiplied(inked: np.ndarray, colour: str) -> np.ndarray:
    """One colour at some density as premultiplied pixels: uint32 [height, width]."""
    table = np.rint(np.arange(256)[:, None] / 255 * np.append(rgb(colour), 255.0)).astype(np.uint32)
    packed = (table[:, 3] << 24 | table[:, 0] << 16 | table[:, 1] << 8 | table[:, 2]).astype(np.uint32)
    return packed[np.rint(inked * 255).astype(np.uint8)]
