"""The scale of weights beside a picture, or below it where the picture is narrow: colours, round values, its name."""

from __future__ import annotations

import math

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen

from widgets.colour_ramp import LEVELS, signed_table, value_table
from widgets.lettering import advance, lettering
from widgets.pattern_axes import APART, TICK, translate
from widgets.pattern_layout import LINE, MARGIN
from widgets.pattern_picture import DECADES
from widgets.shaped_words import CENTRE, LEFT, RIGHT, draw_line
from widgets.view_data import Theme, WeightsData

LEAST_GAP = 6.0  # between two labels below a bar


def draw_colour_bar(painter: QPainter, bar: QRectF, weights: WeightsData, theme: Theme, stale: bool) -> None:
    """With ticks at round values. The largest weight is at the top, or at the right of a bar that lies."""
    upright = bar.height() >= bar.width()
    _draw_colours(painter, bar, weights, theme, stale, upright)
    painter.setPen(QPen(QColor(theme.line), 1))
    painter.drawRect(bar)
    painter.setFont(lettering(QFont(), theme.small_points))
    title = translate("weight, log") if weights.logarithmic else translate("weight")
    title = weights.name or (translate("a − b") if weights.signed else title)
    if upright:
        _draw_ticks_beside(painter, bar, weights, theme)
        box, side = QRectF(bar.left() - 4, bar.top() - 2 * LINE - 1, 80, LINE), LEFT
    else:
        _draw_ticks_below(painter, bar, weights, theme)
        box, side = QRectF(bar.left() - APART - 100, bar.center().y() - LINE / 2, 100, LINE), RIGHT
    painter.setPen(QColor(theme.muted))
    draw_line(painter, box, side, title)


def _draw_colours(
    painter: QPainter, bar: QRectF, weights: WeightsData, theme: Theme, stale: bool, upright: bool
) -> None:
    table = signed_table(theme, weights.signed, stale) if weights.signed else value_table(theme, stale)
    step = (bar.height() if upright else bar.width()) / LEVELS
    for level in range(LEVELS):
        if upright:
            part = QRectF(bar.left(), bar.bottom() - (level + 1) * step, bar.width(), step + 0.6)
        else:
            part = QRectF(
                bar.left() + level * step, bar.top(), min(step + 0.6, bar.width() - level * step), bar.height()
            )
        painter.fillRect(part, QColor.fromRgb(table[1 + level]))


def _draw_ticks_beside(painter: QPainter, bar: QRectF, weights: WeightsData, theme: Theme) -> None:
    height = QFontMetricsF(painter.font()).height()
    for share, label in bar_ticks(weights):
        y = bar.bottom() - share * bar.height()
        painter.setPen(QPen(QColor(theme.line), 1))
        painter.drawLine(QPointF(bar.right(), y), QPointF(bar.right() + TICK, y))
        painter.setPen(QColor(theme.muted))
        draw_line(painter, QRectF(bar.right() + APART, y - height / 2, 60, height), LEFT, label)


def _draw_ticks_below(painter: QPainter, bar: QRectF, weights: WeightsData, theme: Theme) -> None:
    """A label that would touch another is left out; the ends come first."""
    font, taken = painter.font(), list[QRectF]()
    height, ticks = QFontMetricsF(font).height(), bar_ticks(weights)
    for share, label in sorted(ticks, key=lambda tick: -abs(tick[0] - 0.5)):
        x, width = bar.left() + share * bar.width(), advance(label, font)
        left = min(x - width / 2, bar.right() + MARGIN - 2 - width)  # nothing is right of the margin
        box = QRectF(left, bar.bottom() + TICK + 1, width, height)
        if any(box.adjusted(-LEAST_GAP, 0, LEAST_GAP, 0).intersects(other) for other in taken):
            continue
        taken.append(box)
        painter.setPen(QPen(QColor(theme.line), 1))
        painter.drawLine(QPointF(x, bar.bottom()), QPointF(x, bar.bottom() + TICK))
        painter.setPen(QColor(theme.muted))
        draw_line(painter, box, CENTRE, label)


def bar_ticks(weights: WeightsData) -> list[tuple[float, str]]:
    """(share of the bar's height, label) at round weights; the lowest of a logarithmic bar stands for all below it."""
    largest = weights.largest if weights.largest > 0 else 1.0
    if weights.signed:  # by the root, as the colours are
        return [((1 + share) / 2, _number(share * abs(share) * largest, 3)) for share in (-1.0, -0.5, 0.0, 0.5, 1.0)]
    if weights.logarithmic:
        top = math.floor(math.log10(largest))
        powers = [10.0**power for power in range(top, top - DECADES, -1)]
        ticks = [(1 + math.log10(power / largest) / DECADES, _number(power)) for power in powers]
        return [tick for tick in ticks if tick[0] > 0.04] + [(0.0, "≤ " + _number(largest / 10.0**DECADES))]
    power = 10.0 ** math.floor(math.log10(largest / 4))
    step = next(factor * power for factor in (1, 2, 5, 10) if factor * power >= largest / 5)
    return [(at * step / largest, _number(at * step)) for at in range(int(largest / step + 1e-9) + 1)]


def _number(value: float, digits: int = 2) -> str:
    return f"{value:.{digits}g}" if value >= 0 else f"−{-value:.{digits}g}"
