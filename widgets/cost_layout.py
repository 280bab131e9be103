"""Where everything of the cost chart lies, and which points it shows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize
from PySide6.QtGui import QFontMetrics

from widgets.log_axes import LogAxis, decade_ticks, length_axis, value_axis
from widgets.view_data import CostPoint

_RANK = {"measured": 0, "out of memory": 1, "predicted": 2}
MARGIN = 16

Series = Mapping[str, list[CostPoint]]
Legend = list[list[tuple[str, str]]]


@dataclass(frozen=True)
class Quantity:
    """One of the two plots: what it is called and how to read it from a point."""

    title: str
    read: Callable[[CostPoint], float | None]
    words: Callable[[float], str]


@dataclass(frozen=True)
class CostLayout:
    """Places for one size of the widget and one set of points; [0] is time, [1] memory."""

    legend: Legend  # rows of (series, colour)
    lengths: LogAxis
    values: tuple[LogAxis, LogAxis]
    value_ticks: tuple[list[tuple[float, str]], list[tuple[float, str]]]
    plots: tuple[QRectF, QRectF]

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


def lay_out(
    series: Series,
    length: int | None,
    quantities: tuple[Quantity, Quantity],
    size: QSize,
    small: QFontMetrics,
    title: int,
    line: int,
) -> CostLayout:
    """``small`` measures the labels; ``title`` and ``line`` are the heights of a plot's title and of a legend row."""
    points = [point for line in series.values() for point in line]
    lengths = length_axis([point.n for point in points] + ([length] if length else []))
    first, second = (_value_axis(points, quantity) for quantity in quantities)
    ticks = (_value_ticks(first, quantities[0]), _value_ticks(second, quantities[1])) if points else ([], [])
    widest = max((small.horizontalAdvance(label) for _, label in (*ticks[0], *ticks[1])), default=0)
    left = MARGIN + 8.0 + widest  # both plots start at the same place, so that lengths lie under each other
    legend = legend_rows(series, size.width(), small)
    room = (size.height() - 12 - len(legend) * line) / 2
    inside = QSize(max(20, round(size.width() - left - 20)), max(20, round(room - title - 20 - line - 6)))
    plots = (QRectF(left, 4 + title + 20, inside.width(), inside.height()),) * 2
    return CostLayout(legend, lengths, (first, second), ticks, (plots[0], plots[1].translated(0, room)))


def _value_axis(points: list[CostPoint], quantity: Quantity) -> LogAxis:
    values = [quantity.read(point) for point in points if point.kind != "out of memory"]
    return value_axis([value for value in values if value is not None])


def _value_ticks(axis: LogAxis, quantity: Quantity) -> list[tuple[float, str]]:
    texts = ((value, quantity.words(value)) for value in decade_ticks(axis, 5))
    return [(value, text.replace(".00 ", " ").replace(".0 ", " ")) for value, text in texts]


def legend_rows(series: Series, width: int, metrics: QFontMetrics) -> Legend:
    """(series, colour) in rows that fit ``width``."""
    rows: Legend = []
    used = float("inf")
    for name, line in series.items():
        entry = legend_entry_width(name, width, metrics)
        if used + entry > width - 2 * MARGIN + 14:  # the last entry's gap may hang over
            rows.append([])
            used = 0
        rows[-1].append((name, line[0].colour))
        used += entry
    return rows


def legend_entry_width(name: str, width: int, metrics: QFontMetrics) -> int:
    """Dot, name (shortened where it is wider than the widget) and the gap after them."""
    return 16 + min(metrics.horizontalAdvance(name), width - 3 * MARGIN) + 14
