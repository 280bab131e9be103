"""The whole picture of a pattern as one function of frozen values: what the window shows is what a file gets."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QImage, QPainter, QPen

from widgets.batched_drawing import draw_crisp
from widgets.colour_bar import draw_colour_bar
from widgets.colour_ramp import parts_table, share_table, signed_table, value_table
from widgets.lettering import advance, elided, elided_before_colon, lettering, wrapped
from widgets.pattern_axes import draw_axes, draw_legend, legend_items, translate
from widgets.pattern_layout import GUTTER, LINE, MARGIN, TICKS_ABOVE, PatternLayout, laid_out
from widgets.pattern_path import draw_path
from widgets.pattern_picture import Grid, grid_of, mark, part_pixels, pattern_pixels, weight_pixels
from widgets.shaped_words import CENTRE, LEFT, RIGHT, draw_line
from widgets.view_data import PatternData, Theme, WeightsData
from widgets.viewport import Viewport

LOW = 340.0  # a picture that has no room to spare for words that do not stand there
LEAST_TOKEN = 14.0  # units a token from which its word may stand beside it
SMALLEST_OUTLINE = 4.0  # a locked row is at least this high on the screen
MOST_EXTRA_LINES = 2  # of a caption


@dataclass(frozen=True)
class Scene:
    """What is to be drawn. ``weight_levels`` are the indexes of ``weights``, made once when they arrive."""

    data: PatternData
    theme: Theme
    view: Viewport
    weights: WeightsData | None = None
    weight_levels: np.ndarray | None = None
    locked: int | None = None  # row of the picture
    hover: tuple[int, int] | None = None  # (query row, key)
    readout: str = ""
    exact: bool = True  # the picture is counted pair by pair, not in coarse cells
    stops: tuple[tuple[int, int], ...] = ()  # pairs of the path from the locked row to the key under the pointer
    focused: bool = False
    with_bar: bool = True  # of weights; without where several pictures share one
    printed: bool = False  # into a file: no pointer ever tells what is left out

    @property
    def shows_all(self) -> bool:
        return self.view.shows_all(self.data.coverage.queries, self.data.coverage.keys)

    @property
    def has_bar(self) -> bool:
        return self.weights is not None and self.with_bar

    @property
    def pending(self) -> bool:
        """Whether weights are to be drawn and some of those in view have not been given."""
        if self.weights is None:
            return False
        rows, columns, view = self.weights.row_edges, self.weights.column_edges, self.view
        return bool(
            math.floor(view.y0) < rows[0]
            or math.floor(view.y1) > rows[-1]
            or math.floor(view.x0) < columns[0]
            or math.floor(view.x1) > columns[-1]
        )

    def laid_out(self, rect: QRectF, ratio: float) -> PatternLayout:
        coverage = self.data.coverage
        above = self.above(rect.width()) if self.printed or rect.height() < LOW else GUTTER  # else no zoom moves it
        return laid_out(rect, coverage.queries, coverage.keys, self.has_bar, ratio, above, self.printed)

    def above(self, width: float) -> float:
        """What a file of this width needs above the plot: less, where no tokens stand there."""
        return GUTTER if width / self.view.width >= LEAST_TOKEN else TICKS_ABOVE


def grid_in(scene: Scene, layout: PatternLayout) -> Grid:
    """The cells in view."""
    coverage = scene.data.coverage
    return grid_of(scene.view, layout.width, layout.height, coverage.queries, coverage.keys, layout.ratio)


def composed(scene: Scene, layout: PatternLayout, shares: np.ndarray | None = None) -> QImage:
    """The plot's pixels, one by one. This is the work of a frame. ``shares``: the coverage of the cells, if known."""
    data, grid = scene.data, grid_in(scene, layout)
    if scene.weights is not None and scene.weight_levels is not None:
        pixels = weight_pixels(scene.weight_levels, scene.weights, grid)
        ends = scene.weights.signed
        table = signed_table(scene.theme, ends, data.stale) if ends else value_table(scene.theme, data.stale)
    elif len(data.parts) > 1:
        pixels = part_pixels([part.coverage for part in data.parts], grid)
        table = parts_table(scene.theme, [part.colour for part in data.parts], data.stale)
    else:
        pixels = pattern_pixels(data.coverage, grid, shares)
        table = share_table(scene.theme, data.colour, data.stale)
    mark(pixels, grid, data.query_offset if data.causal else None, layout.ratio)
    image = QImage(pixels.data, layout.width, layout.height, layout.width, QImage.Format.Format_Indexed8)
    image.setColorTable(table)
    return image.convertToFormat(QImage.Format.Format_RGB32)  # a copy: the pixels need not outlive this


def draw_scene(painter: QPainter, rect: QRectF, scene: Scene, layout: PatternLayout, image: QImage) -> None:
    theme, plot = scene.theme, layout.plot
    painter.fillRect(rect, QColor(theme.background))
    draw_crisp(painter, plot, image)
    if scene.hover is not None:
        _draw_crosshair(painter, scene, layout)
    if scene.locked is not None:
        _draw_lock(painter, scene, layout, scene.locked)
        draw_path(painter, layout, scene.view, scene.stops, theme)
    pen = QPen(QColor(theme.focus if scene.focused else theme.line), 2.0 if scene.focused else 1.0)
    pen.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
    painter.setPen(pen)
    out = pen.widthF() / 2
    painter.drawRect(plot.adjusted(-out, -out, out, out))
    hover_query, hover_key = scene.hover if scene.hover is not None else (scene.locked, None)
    draw_axes(painter, layout, scene.view, scene.data, theme, (hover_query, hover_key))
    if layout.bar is not None and scene.weights is not None:
        draw_colour_bar(painter, layout.bar, scene.weights, theme, scene.data.stale)
    if layout.below is not None:
        _draw_words(painter, layout.below, scene, rect, layout)
    if scene.data.stale:
        _draw_stale(painter, plot, theme)


def _band(scene: Scene, layout: PatternLayout, query: int, key: int) -> tuple[QPointF, QPointF]:
    view = scene.view
    return layout.place(view, key, query), layout.place(view, key + 1, query + 1)


def _draw_crosshair(painter: QPainter, scene: Scene, layout: PatternLayout) -> None:
    """A band over the row and the column under the pointer, or a line where they are too thin to be bands."""
    assert scene.hover is not None
    plot = layout.plot
    near, far = _band(scene, layout, *scene.hover)
    size = far - near
    thin = max(size.x(), size.y()) < 6
    veil = QColor(scene.theme.text)
    veil.setAlphaF(0.45 if thin else 0.13)
    if thin:
        near = QPointF(round(near.x() + size.x() / 2), round(near.y() + size.y() / 2))
        far = near + QPointF(1, 1)
    painter.fillRect(QRectF(plot.left(), near.y(), plot.width(), far.y() - near.y()), veil)
    painter.fillRect(QRectF(near.x(), plot.top(), far.x() - near.x(), plot.height()), veil)
    if not thin:
        painter.setPen(QPen(QColor(scene.theme.text), 1))
        painter.drawRect(QRectF(near, far).adjusted(0.5, 0.5, -0.5, -0.5))


def _draw_lock(painter: QPainter, scene: Scene, layout: PatternLayout, row: int) -> None:
    view = scene.view
    if not view.y0 - 1 < row < view.y1:
        return
    near, far = _band(scene, layout, row, 0)
    spare = max(0.0, SMALLEST_OUTLINE - (far.y() - near.y())) / 2
    outline = QRectF(layout.plot.left(), near.y() - spare, layout.plot.width(), far.y() - near.y() + 2 * spare)
    painter.setPen(QPen(QColor(scene.theme.text), 1.5))
    painter.drawRect(outline)


def _draw_words(painter: QPainter, below: QRectF, scene: Scene, rect: QRectF, layout: PatternLayout) -> None:
    """First the caption; then what the pointer is on, or else the legend and the part in view.

    A caption that is wider than its line may reach the edges of the picture's ``rect``, and takes more lines where
    there is height for them.
    """
    theme, spare = scene.theme, rect.bottom() - below.bottom()
    items = legend_items(scene.data, theme, scene.weights is not None, scene.pending)
    several = scene.view.width > layout.width  # pairs in a pixel
    coarse = several and scene.weights is None
    first = QRectF(below.left(), below.top(), below.width(), LINE)
    second = first.translated(0, LINE)
    font = lettering(QFont(), theme.small_points)
    painter.setFont(font)
    painter.setPen(QColor(theme.muted))
    caption = scene.data.caption + ("" if scene.exact else scene.data.caption_while_coarse)
    if scene.printed and not 0 < advance(caption, font) <= first.width():  # half a sentence says nothing
        lines = [first.translated(0, number * LINE) for number in range(2 + max(0, int(spare / LINE)))]
        draw_legend(painter, lines, items, theme, coarse)
        return
    longest = advance(scene.data.caption + scene.data.caption_while_coarse, font)  # nothing moves when exact
    if longest > first.width():
        first.setRight(max(first.right(), rect.right() - MARGIN))
    if longest > first.width():
        first.setLeft(rect.left() + MARGIN)
        second.setLeft(first.left())
    words = wrapped(caption, font, first.width(), 1 + max(0, min(MOST_EXTRA_LINES, int(spare / LINE))))
    if len(words) == 1:
        words = [elided_before_colon(caption, font, first.width())]
    for index, line in enumerate(words):
        draw_line(painter, first.translated(0, index * LINE), LEFT, line)
    second.translate(0, (len(words) - 1) * LINE)
    if scene.readout:
        painter.setPen(QColor(theme.text))
        draw_line(painter, second, LEFT, elided(scene.readout, font, second.width()))
        return
    more = max(0, int(spare / LINE) - len(words) + 1)
    lines = [second.translated(0, at * LINE) for at in range(1 + more)]
    ends = draw_legend(painter, lines, items, theme, coarse)
    used = round((ends.y() - second.center().y()) / LINE)
    part, told = part_in_view(scene), pixel_in_words(scene)
    ways = [f"{part} · {told}", part] if several else [part]
    fitting = [each for each in ways if advance(each, font) <= second.right() - ends.x()]
    if fitting:
        draw_line(painter, lines[used], RIGHT, fitting[0])
    elif used < more:  # a line of its own
        draw_line(painter, lines[used + 1], LEFT, next((w for w in ways if advance(w, font) <= second.width()), ""))


def pixel_in_words(scene: Scene) -> str:
    """What a pixel tells that stands for several pairs."""
    if scene.weights is None:
        return translate("shade = share of a pixel’s pairs")
    if scene.weights.signed:
        return translate("a pixel: mass of its keys, mean over its queries, a − b")
    return translate("a pixel: mass of its keys, mean over its queries")


def part_in_view(scene: Scene) -> str:
    view, coverage = scene.view, scene.data.coverage
    if scene.shows_all:
        return translate("queries × keys: {queries} × {keys}").format(
            queries=f"{coverage.queries:,}", keys=f"{coverage.keys:,}"
        )
    first_query, last_query = math.floor(view.y0), min(math.ceil(view.y1), coverage.queries) - 1
    first_key, last_key = math.floor(view.x0), min(math.ceil(view.x1), coverage.keys) - 1
    offset = scene.data.query_offset
    return translate("queries {q0}–{q1}, keys {k0}–{k1}").format(
        q0=f"{first_query + offset:,}", q1=f"{last_query + offset:,}", k0=f"{first_key:,}", k1=f"{last_key:,}"
    )


def _draw_stale(painter: QPainter, plot: QRectF, theme: Theme) -> None:
    painter.setFont(lettering(QFont(), theme.small_points))
    metrics = QFontMetricsF(painter.font())
    word = translate("stale")
    width, height = metrics.horizontalAdvance(word) + 14, metrics.height() + 4
    box = QRectF(plot.right() - width - 6, plot.top() + 6, width, height)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(QColor(theme.warning), 1))
    painter.setBrush(QColor(theme.surface))
    painter.drawRoundedRect(box, 4, 4)
    painter.setPen(QColor(theme.warning))
    painter.drawText(box, CENTRE, word)
    painter.restore()
