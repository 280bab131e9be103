"""Tokens on their way from the order of the text to the order of the buckets, and the curves they leave behind."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen

from widgets.bucket_cells import Style, draw_cells, draw_columns, draw_numbers, with_alpha
from widgets.bucket_columns import bundles
from widgets.bucket_geometry import BucketGeometry
from widgets.bucket_layout import RoundLayout, flight_progress

MOST_SINGLE_FLIGHTS = 2_048  # above, flights are drawn as bundles and columns
MOST_NUMBERED_FLIGHTS = 256
BUNDLE_BINS = (24, 96)  # narrow targets keep the buckets' colours apart


def flight_curve(x0: float, y0: float, x1: float, y1: float) -> QPainterPath:
    """From (x0, y0) down to (x1, y1), leaving and arriving upright."""
    middle = (y0 + y1) / 2
    path = QPainterPath(QPointF(x0, y0))
    path.cubicTo(QPointF(x0, middle), QPointF(x1, middle), QPointF(x1, y1))
    return path


def draw_trails(painter: QPainter, style: Style, geometry: BucketGeometry, layout: RoundLayout) -> None:
    """Every token's curve in its colour; above 2,048 tokens bundles of them, their counts as opacity."""
    painter.setBrush(Qt.BrushStyle.NoBrush)
    y0, y1 = geometry.hashed.bottom(), geometry.sorted.top()
    if len(layout.labels) <= MOST_SINGLE_FLIGHTS:
        alpha = min(max(120.0 / max(len(layout.labels), 1), 0.18), 0.75)
        pens = [QPen(with_alpha(QColor.fromRgb(int(colour)), alpha), 1.0) for colour in style.palette]
        for position, category in enumerate(style.categories_of(layout.labels).tolist()):
            painter.setPen(pens[category])
            x0, x1 = geometry.x_of(position + 0.5), geometry.x_of(int(layout.places[position]) + 0.5)
            painter.drawPath(flight_curve(x0, y0, x1, y1))
        return
    slots = geometry.slots
    grouped = bundles(layout.places, style.categories_of(layout.labels), slots, BUNDLE_BINS, style.palette)
    largest = int(grouped.counts.max())
    for index in np.argsort(grouped.counts).tolist():
        red, green, blue = (int(c) for c in grouped.colours[index])
        alpha = 0.06 + 0.6 * float(grouped.counts[index]) / largest
        painter.setPen(QPen(with_alpha(QColor(red, green, blue), alpha), 1.0))
        x0, x1 = (
            geometry.x_of(float(grouped.sources[index]) * slots),
            geometry.x_of(float(grouped.targets[index]) * slots),
        )
        painter.drawPath(flight_curve(x0, y0, x1, y1))


def trail_front(geometry: BucketGeometry, time: float) -> float:
    """How far down the curves are drawn at a time 0…1."""
    down = flight_progress(time)[1]
    return geometry.hashed.bottom() + (geometry.sorted.top() - geometry.hashed.bottom()) * down


def draw_flight(painter: QPainter, style: Style, geometry: BucketGeometry, layout: RoundLayout, time: float) -> None:
    """All tokens at a time 0…1 of their flight: each one a cell up to 2,048, else the exact mix per column."""
    across, down = flight_progress(time)
    row = QRectF(geometry.hashed)
    row.moveTop(row.top() + (geometry.sorted.top() - geometry.hashed.top()) * down)
    positions = np.arange(len(layout.labels))
    at = positions + (layout.places - positions) * across
    if len(at) > MOST_SINGLE_FLIGHTS:
        draw_columns(painter, style, row, geometry.slots, at, layout.labels, in_flight=True)
        return
    if len(at) > MOST_NUMBERED_FLIGHTS:
        draw_cells(painter, style, row, geometry.slots, at, layout.labels)
        return
    for position, slot in enumerate(at.tolist()):  # each number with its cell, so that a cell in front covers it
        label = layout.labels[position : position + 1]
        draw_cells(painter, style, row, geometry.slots, at[position : position + 1], label)
        draw_numbers(painter, style, row, geometry.slots, [(int(label[0]), slot, slot + 1.0)])
