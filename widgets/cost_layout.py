"""Where everything of the cost chart lies, and which points it shows."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import pairwise

from PySide6.QtCore import QPointF, QRectF, QSize
from PySide6.QtGui import QFontMetrics

from widgets.log_axes import LogAxis, decade_ticks, length_axis, length_ticks, value_axis
from widgets.quantities import length_text
from widgets.view_data import CostPoint

_RANK = {"measured": 0, "out of memory": 1, "predicted": 2}
MARGIN = 16
LEAST_PLOT = 56  # pixels, the height below which no curve is told from another
GAP = 11  # pixels between the entries of the legend
LABEL_ROOM = 10  # pixels between the labels of two lengths

Series = Mapping[str, list[CostPoint]]
Legend = list[list[CostPoint]]


@dataclass(frozen=True)
class Quantity:
    """One of the two plots: what it is called and how to read it from a point."""

    title: str
    read: Callable[[CostPoint], float | None]
    words: Callable[[float], str]


@dataclass(frozen=True)
class CostLayout:
    """Places for one size of the widget and one set of points; [0] is time, [1] memory."""

    legend: Legend  # rows of a point of each series
    lengths: LogAxis
    values: tuple[LogAxis, LogAxis]
    length_labels: list[tuple[int, str]]  # "" where there is no room
    value_ticks: tuple[list[tuple[float, str]], list[tuple[float, str]]]
    plots: tuple[QRectF, QRectF]
    headings: tuple[float, float]  # baselines
    marked_at: float  # baseline of the present length, above both plots

    def x(self, n: int) -> float:
        """Where a length lies; the same in both plots."""
        return self.plots[0].left() + self.plots[0].width() * self.lengths.share(n)

    def y(self, value: float, which: int) -> float:
        plot = self.plots[which]
        return plot.bottom() - plot.height() * self.values[which].share(value)

    def place(self, point: CostPoint, which: int, quantity: Quantity) -> QPointF | None:
        """Where a point is drawn; None where it has no such number. Out of memory is a mark at the top edge."""
        if point.kind == "out of memory":
            return QPointF(self.x(point.n), self.plots[which].top() + 5)
        value = quantity.read(point)
        return QPointF(self.x(point.n), self.y(value, which)) if value is not None and value > 0 else None


def best_known(points: tuple[CostPoint, ...]) -> dict[str, list[CostPoint]]:
    """Each series in order of length, one point a length: measured before out of memory before predicted."""
    series: dict[str, dict[int, CostPoint]] = {}
    for point in points:
        lengths = series.setdefault(point.series, {})
        if point.n not in lengths or _RANK[point.kind] <= _RANK[lengths[point.n].kind]:
            lengths[point.n] = point
    return {name: [lengths[n] for n in sorted(lengths)] for name, lengths in series.items()}


@dataclass(frozen=True)
class Heights:
    """Of the letters, in pixels: of a heading, and of all else."""

    title: int
    small: int

    @property
    def row(self) -> int:
        """Of the legend."""
        return self.small + 6

    def around(self, rows: int) -> int:
        """All but the two plots, with so many rows of the legend: headings, the present length, lengths."""
        return 2 * self.title + 2 * self.small + 70 + rows * self.row


def lay_out(
    series: Series,
    length: int | None,
    quantities: tuple[Quantity, Quantity],
    size: QSize,
    small: QFontMetrics,
    heights: Heights,
) -> CostLayout:
    """``small`` measures the labels. Both plots share the axis of lengths, which stands under the lower one."""
    points = [point for line in series.values() for point in line]
    lengths = length_axis([point.n for point in points] + ([length] if length else []))
    axes = _value_axis(points, quantities[0]), _value_axis(points, quantities[1])
    legend = legend_rows(series, size.width(), small)
    height = max(20, (size.height() - heights.around(len(legend))) // 2)
    most = height / (heights.small + 4)
    ticks = [_value_ticks(axis, each, most) if points else [] for axis, each in zip(axes, quantities, strict=True)]
    widest = max((small.horizontalAdvance(label) for label in _texts(*ticks)), default=0)
    left = MARGIN + 8.0 + widest  # both plots start at the same place, so that lengths lie under each other
    last = small.horizontalAdvance(length_text(length_ticks(lengths)[-1])) / 2
    width = max(20, math.floor(size.width() - left - MARGIN - last))
    headings = heights.title + 12.0, heights.title + 12.0 + heights.small + 11 + height + heights.title + 16
    upper = QRectF(left, headings[0] + heights.small + 11, width, height)
    lower = QRectF(left, headings[1] + 13, width, height)
    labels = _length_labels(lengths, width, small)
    marked_at = upper.top() - 4
    return CostLayout(legend, lengths, axes, labels, (ticks[0], ticks[1]), (upper, lower), headings, marked_at)


def _texts(*ticks: list[tuple[float, str]]) -> list[str]:
    return [label for each in ticks for _, label in each]


def _value_axis(points: list[CostPoint], quantity: Quantity) -> LogAxis:
    values = [quantity.read(point) for point in points if point.kind != "out of memory"]
    return value_axis([value for value in values if value is not None])


def _value_ticks(axis: LogAxis, quantity: Quantity, most: float) -> list[tuple[float, str]]:
    texts = ((value, quantity.words(value)) for value in decade_ticks(axis, most))
    return [(value, text.replace(".00 ", " ").replace(".0 ", " ")) for value, text in texts]


def _length_labels(axis: LogAxis, width: float, metrics: QFontMetrics) -> list[tuple[int, str]]:
    """Every length of the grid with its label; as few are left out as keep the others apart, and never the last."""
    ticks = length_ticks(axis)
    every = 1
    while every < len(ticks):
        shown = ticks[::-1][::every][::-1]
        spans = [(axis.share(n) * width, metrics.horizontalAdvance(length_text(n)) / 2) for n in shown]
        if all(x + half + LABEL_ROOM <= right - other for (x, half), (right, other) in pairwise(spans)):
            break
        every += 1
    kept = set(ticks[::-1][::every])
    return [(n, length_text(n) if n in kept else "") for n in ticks]


def legend_rows(series: Series, width: int, metrics: QFontMetrics) -> Legend:
    """A point of each series, in rows that fit ``width``."""
    rows: Legend = []
    used = float("inf")
    for name, line in series.items():
        entry = legend_entry_width(name, width, metrics)
        if used + entry > width - 2 * MARGIN + GAP:  # the last entry's gap may hang over
            rows.append([])
            used = 0
        rows[-1].append(line[0])
        used += entry
    return rows


def legend_entry_width(name: str, width: int, metrics: QFontMetrics) -> int:
    """Dot, name (shortened where it is wider than the widget) and the gap after them."""
    return 13 + min(metrics.horizontalAdvance(name), width - 3 * MARGIN) + GAP
