"""Arcs from the locked token to the tokens it reads, on the chunked row or, where that is too fine, on a magnifier."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPen, QPolygonF

from widgets.bucket_cells import Style, draw_cells, draw_columns, draw_numbers, draw_texts, reach_colour, with_alpha
from widgets.bucket_geometry import LEAST_CELL_PITCH, VERTICAL_TEXT_PITCH, BucketGeometry, Lens, lens_for
from widgets.bucket_layout import RoundLayout, runs
from widgets.piece_text import readable
from widgets.view_data import BucketsData


@dataclass(frozen=True)
class ReadingPlan:
    """Where the arcs of one locked token run: from ``x`` to each of ``targets``, below ``base``, ``room`` deep."""

    reach: tuple[int, int]
    lens: Lens | None
    base: QRectF
    room: float
    pitch: float
    x: float
    targets: np.ndarray

    @property
    def farthest(self) -> float:
        """Pixels to the target farthest away."""
        return max(float(np.abs(self.targets - self.x).max()), 1.0)


def reading_plan(geometry: BucketGeometry, layout: RoundLayout, locked: int) -> ReadingPlan:
    """Plans the arcs on the chunked row, or on the magnifier."""
    reach = layout.reach_of(locked)
    lens = lens_for(geometry, reach)
    base, pitch, x_of = (
        (geometry.chunks, geometry.pitch, geometry.x_of) if lens is None else (lens.rect, lens.pitch, lens.x_of)
    )
    xs = x_of(0.5) + layout.places[layout.reads(locked)].astype(float) * pitch
    # Targets closer than a pixel draw the same arc.
    targets = np.unique(np.round(xs) if pitch < 1.0 else xs)
    room = max(geometry.arcs.bottom() - base.bottom() - 14.0, 4.0)
    return ReadingPlan(reach, lens, base, room, pitch, x_of(0.5) + float(layout.places[locked]) * pitch, targets)


def hanging_arc(x0: float, x1: float, y: float, depth: float) -> QPainterPath:
    """An arc that hangs ``depth`` below y between x0 and x1."""
    path = QPainterPath(QPointF(x0, y))
    path.cubicTo(QPointF(x0, y + depth * 4 / 3), QPointF(x1, y + depth * 4 / 3), QPointF(x1, y))
    return path


def draw_reach(
    painter: QPainter,
    style: Style,
    geometry: BucketGeometry,
    data: BucketsData,
    layout: RoundLayout,
    plan: ReadingPlan,
) -> None:
    """The locked token's own and previous chunks as a band, and the magnifier where it is needed."""
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(reach_colour(style.theme))
    left, right = geometry.x_of(plan.reach[0]), geometry.x_of(plan.reach[1])
    width = max(right - left, 1.0)
    painter.drawRect(QRectF(left, geometry.chunks.bottom() + 1.0, width, 4.0))
    painter.drawRect(QRectF(left, geometry.chunks.top() - 5.0, width, 4.0))
    if plan.lens is not None:
        painter.setBrush(with_alpha(style.theme.accent, 0.16))
        painter.drawPolygon(_beam(geometry, plan.lens, left, right))
        draw_lens(painter, style, data, layout, plan.lens)


def draw_arcs(painter: QPainter, style: Style, plan: ReadingPlan) -> None:
    """All arcs of the locked token, a mark under each token that it reads."""
    alpha = min(max(10.0 / len(plan.targets), 0.22), 0.9)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(with_alpha(style.theme.text, alpha), 1.5))
    top = plan.base.bottom() + 4.0
    deepest = min(plan.room, max(plan.farthest * 0.9, 30.0))
    for x in plan.targets.tolist():
        if abs(x - plan.x) < 0.5:  # itself: a small loop
            painter.drawPath(hanging_arc(plan.x - 4.0, plan.x + 4.0, top, min(plan.room, 14.0)))
        else:
            depth = deepest * (0.3 + 0.7 * (abs(x - plan.x) / plan.farthest) ** 0.7)
            painter.drawPath(hanging_arc(plan.x, x, top, depth))
    if plan.pitch >= 4.0:
        width = min(plan.pitch, 10.0)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(with_alpha(style.theme.text, 0.95))
        for x in plan.targets.tolist():
            painter.drawRect(QRectF(x - width / 2 + 0.5, plan.base.bottom() + 2.0, width - 1.0, 2.0))
    if plan.lens is not None:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(with_alpha(style.theme.text, 1.0), 1.6))
        width = max(plan.pitch, 5.0)
        box = QRectF(plan.x - width / 2, plan.base.top() - 2.0, width, plan.base.height() + 4.0)
        painter.drawRoundedRect(box, 2.5, 2.5)


def _beam(geometry: BucketGeometry, lens: Lens, left: float, right: float) -> QPolygonF:
    """From the reach on the chunked row to the magnifier."""
    y = geometry.chunks.bottom() + 5.0
    return QPolygonF(
        [
            QPointF(left, y),
            QPointF(max(right, left + 1.0), y),
            QPointF(lens.rect.right(), lens.rect.top() - 2.0),
            QPointF(lens.rect.left(), lens.rect.top() - 2.0),
        ]
    )


def draw_lens(painter: QPainter, style: Style, data: BucketsData, layout: RoundLayout, lens: Lens) -> None:
    """The places of the reach, with texts where they fit and borders between chunks."""
    count = lens.stop - lens.start
    labels = layout.sorted_labels[lens.start : lens.stop]
    order = layout.order[lens.start : lens.stop]
    if lens.pitch >= LEAST_CELL_PITCH:
        draw_cells(painter, style, lens.rect, count, np.arange(count), labels)
        draw_texts(
            painter, style, lens.rect, count, labels, lambda i: readable(data.tokens[order[i]]) if order[i] >= 0 else ""
        )
    else:
        draw_columns(painter, style, lens.rect, count, np.arange(count), labels)
    draw_borders(painter, style, lens.rect, layout.chunk_length, count, lens.start)
    if lens.pitch < VERTICAL_TEXT_PITCH:
        draw_numbers(painter, style, lens.rect, count, runs(labels))


def draw_borders(
    painter: QPainter, style: Style, rect: QRectF, chunk: int, slots: int, first: int = 0, share: float = 1.0
) -> None:
    """A line at every chunk border; fainter where they come closer than a few pixels."""
    pitch = rect.width() / max(slots, 1)
    spacing = chunk * pitch
    if spacing < 3.0:
        return
    painter.setPen(QPen(with_alpha(style.theme.text, min(spacing / 24.0, 0.85)), 1.0))
    over = 4.0 * share
    height = (rect.height() + 2 * over) * share
    borders = list(range(-(-first // chunk) * chunk, first + slots, chunk))
    for place in [*borders, first + slots]:
        x = rect.left() + (place - first) * pitch
        painter.drawLine(QPointF(x, rect.top() - over), QPointF(x, rect.top() - over + height))
