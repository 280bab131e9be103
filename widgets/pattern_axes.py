"""Draws what surrounds the pattern's plot: axes with ticks or tokens, the legend, the colour bar."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from PySide6.QtCore import QCoreApplication, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QImage, QLinearGradient, QPainter, QPen

from widgets.batched_drawing import draw_crisp
from widgets.colour_ramp import (
    FORBIDDEN,
    LEVELS,
    NOTHING,
    PENDING,
    levels_each,
    parts_table,
    share_table,
    value_table,
)
from widgets.given_words import said
from widgets.lettering import advance, lettering
from widgets.pattern_layout import MARGIN, PatternLayout
from widgets.pattern_picture import hatch
from widgets.piece_text import readable, stands_upright
from widgets.shaped_words import CENTRE, LEFT, RIGHT, draw_line
from widgets.view_data import PatternData, Theme
from widgets.viewport import Viewport, nice_positions

TICK = 4.0
APART = 7.0  # between a label and the plot
SHADES = 22.0  # width of a swatch that shows several


def translate(text: str) -> str:
    return QCoreApplication.translate("PatternView", text)


def draw_axes(
    painter: QPainter,
    layout: PatternLayout,
    view: Viewport,
    data: PatternData,
    theme: Theme,
    chosen: Sequence[int | None],
) -> None:
    """``chosen`` = (query row, key) whose labels stand out, None for neither."""
    if not layout.gutter:
        return
    painter.setFont(lettering(QFont(), theme.small_points))
    plot = layout.plot
    corner = QRectF(plot.left() - layout.gutter, plot.top() - layout.gutter, layout.gutter - APART, layout.gutter)
    painter.setPen(QColor(theme.muted))
    height = QFontMetricsF(painter.font()).height()
    draw_line(painter, corner.adjusted(0, layout.gutter - 2 * height - 5, 0, -height - 5), RIGHT, translate("key →"))
    draw_line(painter, corner.adjusted(0, layout.gutter - height - 5, 0, -5), RIGHT, translate("query ↓"))
    if layout.plot.height() / view.height >= height:
        _query_tokens(painter, layout, view, data, theme, chosen[0])
    else:
        _query_ticks(painter, layout, view, data.query_offset, theme)
    if layout.plot.width() / view.width >= height:
        _key_tokens(painter, layout, view, data, theme, chosen[1])
    else:
        _key_ticks(painter, layout, view, theme)


def _query_ticks(painter: QPainter, layout: PatternLayout, view: Viewport, offset: int, theme: Theme) -> None:
    """Positions of queries count as those of keys do, from ``offset`` on."""
    plot, height = layout.plot, QFontMetricsF(painter.font()).height()
    most = int(plot.height() / (3.2 * height))
    for position in nice_positions(view.y0 + offset, view.y1 + offset, most):
        y = plot.top() + (position - offset + 0.5 - view.y0) / view.height * plot.height()
        if not plot.top() <= y <= plot.bottom():
            continue
        painter.setPen(QPen(QColor(theme.line), 1))
        painter.drawLine(QPointF(plot.left() - TICK, y), QPointF(plot.left(), y))
        painter.setPen(QColor(theme.muted))
        box = QRectF(plot.left() - layout.gutter - 4, y - height / 2, layout.gutter + 4 - APART, height)
        if box.top() >= plot.top() - 1 or box.top() < plot.top() - height:
            draw_line(painter, box, RIGHT, f"{position:,}")
        else:
            draw_line(painter, box.translated(0, plot.top() - box.top()), RIGHT, f"{position:,}")


def key_labels(layout: PatternLayout, view: Viewport, font: QFont) -> list[tuple[float, str, QRectF]]:
    """Where keys are told above the plot: the place of the tick, the label and its box, which stays in the margins."""
    plot, found, height = layout.plot, [], QFontMetricsF(font).height()
    widest = advance(f"{int(view.x1):,}", font) + 24
    free_from, end = plot.left() - 1, plot.right() + MARGIN - 2
    for position in nice_positions(view.x0, view.x1, int(plot.width() / widest)):
        x = plot.left() + (position + 0.5 - view.x0) / view.width * plot.width()
        label = f"{position:,}"
        width = advance(label, font) + 2
        left = min(max(plot.left() - 1, x - width / 2), end - width)
        if left >= free_from:
            found.append((x, label, QRectF(left, plot.top() - APART - height, width, height)))
            free_from = left + width + 6
    return found


def _key_ticks(painter: QPainter, layout: PatternLayout, view: Viewport, theme: Theme) -> None:
    plot = layout.plot
    for x, label, box in key_labels(layout, view, painter.font()):
        painter.setPen(QPen(QColor(theme.line), 1))
        painter.drawLine(QPointF(x, plot.top() - TICK), QPointF(x, plot.top()))
        painter.setPen(QColor(theme.muted))
        draw_line(painter, box, CENTRE, label)


def _query_tokens(
    painter: QPainter, layout: PatternLayout, view: Viewport, data: PatternData, theme: Theme, chosen: int | None
) -> None:
    plot, metrics = layout.plot, QFontMetricsF(painter.font())
    size = plot.height() / view.height
    for row in range(int(view.y0), min(int(view.y1) + 1, data.coverage.queries)):
        y = plot.top() + (row - view.y0) * size
        middle = min(max(y + size / 2, plot.top()), plot.bottom())
        if not plot.top() + 2 <= middle <= plot.bottom() - 2:
            continue
        painter.setPen(QColor(theme.text if row == chosen else theme.muted))
        box = QRectF(plot.left() - layout.gutter - 4, middle - size / 2, layout.gutter + 4 - APART, size)
        text = metrics.elidedText(_piece(data, row + data.query_offset), Qt.TextElideMode.ElideRight, box.width())
        draw_line(painter, box, RIGHT, text)


def _key_tokens(
    painter: QPainter, layout: PatternLayout, view: Viewport, data: PatternData, theme: Theme, chosen: int | None
) -> None:
    plot, metrics = layout.plot, QFontMetricsF(painter.font())
    size, room = plot.width() / view.width, layout.gutter + 4 - APART
    keys = range(int(view.x0), min(int(view.x1) + 1, data.coverage.keys))
    pieces = {key: _piece(data, key) for key in keys}
    level = all(metrics.horizontalAdvance(piece) <= size - 6 for piece in pieces.values())
    for key, piece in pieces.items():
        x = plot.left() + (key + 0.5 - view.x0) * size
        if not plot.left() + 2 <= x <= plot.right() - 2:
            continue
        painter.setPen(QColor(theme.text if key == chosen else theme.muted))
        if level:
            box = QRectF(x - size / 2, plot.top() - APART - metrics.height(), size, metrics.height())
            draw_line(painter, box, CENTRE, piece)
        elif stands_upright(piece) or len(piece) == 1:
            _draw_stacked(painter, x, plot.top() - APART, piece, metrics, room)
        else:
            text = metrics.elidedText(piece, Qt.TextElideMode.ElideRight, room)
            painter.save()
            painter.translate(x, plot.top() - APART)
            painter.rotate(-90)
            painter.drawText(QRectF(0, -size / 2, room + 40, size), LEFT, text)
            painter.restore()


def _draw_stacked(painter: QPainter, x: float, bottom: float, text: str, metrics: QFontMetricsF, room: float) -> None:
    """Chinese stands upright, one sign under the other, as it does on a spine."""
    height = metrics.height() - 1
    fits = max(1, int(room / height))
    signs = text if len(text) <= fits else text[: fits - 1] + "…"
    for at, sign in enumerate(signs):
        top = bottom - (len(signs) - at) * height
        draw_line(painter, QRectF(x - 20, top, 40, height), CENTRE, sign)


def _piece(data: PatternData, position: int) -> str:
    return readable(data.tokens[position]) if position < len(data.tokens) else ""


Item = tuple[str, int, int]
"""Words of a legend, and the colour that they stand for; then that of the smallest share."""


def legend_items(data: PatternData, theme: Theme, weights: bool, pending: bool) -> list[Item]:
    """What the looks mean."""
    share = share_table(theme, data.colour, data.stale)

    def plain(name: str, level: int) -> Item:
        return name, share[level], share[level]

    items = [plain(translate("not kept"), NOTHING)]
    if not weights and len(data.parts) > 1:
        table, each = parts_table(theme, [part.colour for part in data.parts], data.stale), levels_each(len(data.parts))
        named = enumerate(said(part.name) for part in data.parts)
        items = [(name, table[(at + 1) * each], table[at * each + 1]) for at, name in named] + items
    elif not weights:
        items.insert(0, (translate("kept"), share[LEVELS], share[1]))
    if data.causal:
        items.append(plain(translate("masked"), FORBIDDEN))
    return [*items, plain(translate("not computed yet"), PENDING)] if pending else items


def draw_legend(
    painter: QPainter, lines: Sequence[QRectF], items: Sequence[Item], theme: Theme, coarse: bool = False
) -> QPointF:
    """The items from the left of each of ``lines``; where the last one used ends, at its middle.

    Items that find no room are left out. Where pixels are ``coarse``, each of many pairs, a swatch has all shades from
    the fewest kept to all.
    """
    font = lettering(QFont(), theme.small_points)
    painter.setFont(font)
    rest, plain = list(lines), value_table(theme)
    line = rest.pop(0)
    x = line.left()
    for name, colour, fewest in items:
        wide = SHADES if coarse and fewest != colour else 9.0
        width = wide + 7 + advance(name, font) + 16
        if x + width > line.right() + 16:
            if not rest:
                break
            line = rest.pop(0)
            x = line.left()
        swatch = QRectF(x + 0.5, line.center().y() - 4.5, wide, 9)
        _draw_swatch(painter, swatch, colour, fewest)
        if colour == plain[FORBIDDEN]:
            _draw_hatch(painter, swatch, theme)
        painter.setPen(QPen(QColor(theme.line), 1))
        painter.drawRect(swatch)
        painter.setPen(QColor(theme.muted))
        draw_line(painter, QRectF(x + wide + 7, line.top(), width, line.height()), LEFT, name)
        x += width
    return QPointF(x, line.center().y())


def _draw_swatch(painter: QPainter, swatch: QRectF, colour: int, fewest: int) -> None:
    """A colour, or where there is room the shades that lead to it."""
    if swatch.width() > swatch.height():
        ramp = QLinearGradient(swatch.topLeft(), swatch.topRight())
        ramp.setColorAt(0, QColor.fromRgb(fewest))
        ramp.setColorAt(1, QColor.fromRgb(colour))
        painter.fillRect(swatch, ramp)
    else:
        painter.fillRect(swatch, QColor.fromRgb(colour))


def _draw_hatch(painter: QPainter, swatch: QRectF, theme: Theme) -> None:
    draw_crisp(painter, swatch, _hatched(int(swatch.width()), theme))


@lru_cache(maxsize=16)
def _hatched(size: int, theme: Theme) -> QImage:
    pixels = hatch(size, size).copy()
    image = QImage(pixels.data, size, size, size, QImage.Format.Format_Indexed8)
    image.setColorTable(value_table(theme))
    return image.convertToFormat(QImage.Format.Format_RGB32)  # a copy: the pixels need not outlive this
