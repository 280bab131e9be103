"""Points as round dots: one by one while they are few, as one image where they are many."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from widgets.batched_drawing import draw_crisp, image_of, is_vector
from widgets.colour_ramp import rgb

ONE_BY_ONE = 250  # points
ONE_BY_ONE_IN_FILES = 2_000  # points; a vector file keeps these as shapes
PLACED_EXACTLY = 8_192  # points; more are moved to the middles of their pixels


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
    if len(x) <= (ONE_BY_ONE_IN_FILES if is_vector(painter) else ONE_BY_ONE):
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
    draw_crisp(painter, box, image_of(_premultiplied(inked, colour)))


def draw_rings(
    painter: QPainter, plot: QRectF, x: np.ndarray, y: np.ndarray, colour: str, ground: str, radius: float
) -> None:
    """Hollow dots of ``radius``, one by one; nan and what lies outside of ``plot`` is left out."""
    painter.setPen(QPen(QColor(colour), 1.5))
    painter.setBrush(QColor(ground))
    near = plot.adjusted(-radius, -radius, radius, radius)
    for place in zip(x.tolist(), y.tolist(), strict=True):
        if near.contains(QPointF(*place)):
            painter.drawEllipse(QPointF(*place), radius - 0.5, radius - 0.5)


def density(x: np.ndarray, y: np.ndarray, width: int, height: int, radius: float, opacity: float) -> np.ndarray:
    """How much of each pixel dots at ``x``, ``y`` cover: float64 [height, width], 0…1."""
    reach = int(np.ceil(radius + 0.5))
    offsets = np.arange(-reach, reach + 1)
    across, down = (grid.ravel() for grid in np.meshgrid(offsets, offsets))
    near = across**2 + down**2 <= (radius + 1.2) ** 2
    add_up = _each_in_its_place if len(x) <= PLACED_EXACTLY else _from_middles
    thickness = add_up(x, y, width, height, across[near], down[near], radius, opacity)
    inked = np.flatnonzero(thickness)
    thickness[inked] = -np.expm1(-thickness[inked])
    return thickness.reshape(height, width)


def _thick(distance: np.ndarray, radius: float, opacity: float) -> np.ndarray:
    """What a dot adds to the thickness of ink at a distance from its middle; ink adds up where dots overlap."""
    return -np.log1p(-np.minimum(np.clip(radius + 0.5 - distance, 0.0, 1.0) * opacity, 0.999))


def _each_in_its_place(
    x: np.ndarray, y: np.ndarray, width: int, height: int, across: np.ndarray, down: np.ndarray, radius: float,
    opacity: float,
) -> np.ndarray:  # fmt: skip
    """The thickness of ink, flat, of dots that lie anywhere between pixels."""
    column = np.floor(x).astype(np.int64)[:, None] + across
    row = np.floor(y).astype(np.int64)[:, None] + down
    thick = _thick(np.hypot(column + 0.5 - x[:, None], row + 0.5 - y[:, None]), radius, opacity)
    kept = (thick > 0) & (column >= 0) & (column < width) & (row >= 0) & (row < height)
    return np.bincount((row * width + column)[kept], thick[kept], width * height)


def _from_middles(
    x: np.ndarray, y: np.ndarray, width: int, height: int, across: np.ndarray, down: np.ndarray, radius: float,
    opacity: float,
) -> np.ndarray:  # fmt: skip
    """The same where dots are moved to the middles of their pixels: the work depends on the pixels alone."""
    edge = int(np.abs(across).max())
    wide, high = width + 2 * edge, height + 2 * edge
    column, row = np.floor(x).astype(np.int64) + edge, np.floor(y).astype(np.int64) + edge
    kept = (column >= 0) & (column < wide) & (row >= 0) & (row < high)
    counts = np.bincount((row * wide + column)[kept], minlength=wide * high).reshape(high, wide).astype(np.float64)
    thickness = np.zeros((height, width))
    for right, below, thick in zip(across, down, _thick(np.hypot(across, down), radius, opacity), strict=True):
        if thick > 0:
            thickness += thick * counts[edge - below : edge - below + height, edge - right : edge - right + width]
    return thickness.ravel()


def _premultiplied(inked: np.ndarray, colour: str) -> np.ndarray:
    """One colour at some density as premultiplied pixels: uint32 [height, width]."""
    table = np.rint(np.arange(256)[:, None] / 255 * np.append(rgb(colour), 255.0)).astype(np.uint32)
    packed = (table[:, 3] << 24 | table[:, 0] << 16 | table[:, 1] << 8 | table[:, 2]).astype(np.uint32)
    return packed[np.rint(inked * 255).astype(np.uint8)]
