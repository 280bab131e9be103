"""The sequence folded, row by row, into a grid: what a token reads is a shape, a cross where the fold is right."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QImage, QPainter, QPen

from widgets.batched_drawing import draw_crisp, image_of
from widgets.colour_ramp import luminance, mixed, rgb
from widgets.given_words import said
from widgets.lettering import elided, lettering
from widgets.painted_view import MARGIN, PaintedView
from widgets.piece_text import readable
from widgets.view_data import FoldData, Theme

GAP_FROM = 7.0  # logical pixels of a cell from which hairlines part it from its neighbours
TEXT_FROM = 24.0  # … from which its token is written in it
LINE_HEIGHT = 20.0
SWATCH = 10.0
AHEAD = 0.35  # how much of a cell's colour is left where the token comes after the locked one
MOST_ASPECT = 1.4  # height : width of the grid in a file
TINT = 0.78  # how much of a cell's colour is its part's


@dataclass(frozen=True)
class FoldLayout:
    """The grid's place: ``cell`` logical pixels a token, ``rows`` × ``columns`` of them."""

    grid: QRectF
    cell: float
    rows: int
    columns: int

    def position_at(self, point: QPointF) -> int | None:
        if not self.grid.contains(point):
            return None
        row, column = int((point.y() - self.grid.top()) / self.cell), int((point.x() - self.grid.left()) / self.cell)
        return min(row, self.rows - 1) * self.columns + min(column, self.columns - 1)

    def box(self, position: int) -> QRectF:
        row, column = divmod(position, self.columns)
        top_left = QPointF(self.grid.left() + column * self.cell, self.grid.top() + row * self.cell)
        return QRectF(top_left.x(), top_left.y(), self.cell, self.cell)


def laid_out(rect: QRectF, length: int, width: int, words: int = 2) -> FoldLayout:
    """Square cells, as large as the rectangle allows above the lines of words, in whole pixels where they are large."""
    rows = max(1, -(-length // width))
    room = rect.adjusted(MARGIN, MARGIN, -MARGIN, -MARGIN - words * LINE_HEIGHT - 6)
    cell = max(min(room.width() / width, room.height() / rows), 0.01)
    cell = float(int(cell)) if cell >= GAP_FROM else cell
    left = room.left() + max(0.0, room.width() - cell * width) / 2
    top = room.top() + max(0.0, room.height() - cell * rows) / 2
    return FoldLayout(QRectF(left, top, cell * width, cell * rows), cell, rows, width)


def cell_colours(data: FoldData, theme: Theme, shown_parts: int) -> np.ndarray:
    """Red, green and blue of each cell: float [rows, columns, 3]; those past the end are the background's."""
    length = len(data.part_of)
    rows = -(-length // data.width)
    colours = np.tile(rgb(theme.background), (rows * data.width, 1))
    shades = np.zeros(length) if data.shades is None else np.asarray(data.shades, dtype=np.float64)
    low, high = rgb(theme.raised), rgb(theme.text)
    if data.shades is not None:  # a picture is no negative of itself on a light ground
        low, high = sorted((rgb(theme.background), rgb(theme.text)), key=lambda colour: float(colour.sum()))
    plain = low + (high - low) * (0.85 * shades)[:, None]
    for number, (_, colour) in enumerate(data.parts[:shown_parts]):
        inside = data.part_of == number
        plain[inside] += (rgb(colour) - plain[inside]) * TINT
    if data.locked >= 0:
        ahead = np.arange(length) > data.locked
        plain[ahead] = rgb(theme.background) + (plain[ahead] - rgb(theme.background)) * AHEAD
    colours[:length] = plain
    return colours.reshape(rows, data.width, 3)


class FoldView(PaintedView[FoldData]):
    """The tokens, or a picture's pixels, in a grid; the locked one's pairs in the colours of their parts."""

    def draw(self, painter: QPainter, rect: QRectF, data: FoldData, pointer: QPointF | None) -> None:
        layout = laid_out(rect, len(data.part_of), data.width, self.caption_lines(rect.width()) + 1)
        shown = min(
            len(data.parts), int(self.fraction * (len(data.parts) + 1)) if self.fraction < 1 else len(data.parts)
        )
        channels, image = self._coloured(data, shown)
        if layout.cell < 1:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawImage(layout.grid, image)
        else:
            draw_crisp(painter, layout.grid, image)
        if layout.cell >= GAP_FROM:
            self._draw_gaps(painter, layout)
        if layout.cell >= TEXT_FROM and data.shades is None:
            self._draw_tokens(painter, layout, data, channels)
        if 0 <= data.locked < len(data.part_of):
            self._outline(painter, layout.box(data.locked), self.theme.text, 2.0)
        hovered = layout.position_at(pointer) if pointer is not None else None
        if hovered is not None and hovered < len(data.part_of):
            self._outline(painter, layout.box(hovered), self.theme.focus, 1.5)
        self._draw_words(painter, rect, data, hovered)

    def good_height(self, width: float) -> float:
        data = self.data
        if data is None:
            return width / 2
        rows = max(1, -(-len(data.part_of) // data.width))
        words = (self.caption_lines(width) + 1) * LINE_HEIGHT
        return (width - 2 * MARGIN) * min(rows / data.width, MOST_ASPECT) + 2 * MARGIN + words + 6

    def prepare(self) -> None:
        self._made: tuple[int, np.ndarray, QImage] | None = None

    def _coloured(self, data: FoldData, shown: int) -> tuple[np.ndarray, QImage]:
        """The cells' colours [row, column, channel] and their picture, made once for as many parts as are shown."""
        if self._made is None or self._made[0] != shown:
            channels = np.rint(cell_colours(data, self.theme, shown)).astype(np.uint32)
            packed = 0xFF000000 | channels[..., 0] << 16 | channels[..., 1] << 8 | channels[..., 2]
            self._made = shown, channels, image_of(packed.astype(np.uint32))
        return self._made[1], self._made[2]

    def position_at(self, data: FoldData, rect: QRectF, point: QPointF) -> int | None:
        position = laid_out(rect, len(data.part_of), data.width, self.caption_lines(rect.width()) + 1).position_at(
            point
        )
        return data.first + position if position is not None and position < len(data.part_of) else None

    def _draw_gaps(self, painter: QPainter, layout: FoldLayout) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.setPen(QPen(QColor(self.theme.background), 1))
        grid = layout.grid
        for column in range(1, layout.columns):
            x = grid.left() + column * layout.cell
            painter.drawLine(QPointF(x, grid.top()), QPointF(x, grid.bottom()))
        for row in range(1, layout.rows):
            y = grid.top() + row * layout.cell
            painter.drawLine(QPointF(grid.left(), y), QPointF(grid.right(), y))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)

    def _draw_tokens(self, painter: QPainter, layout: FoldLayout, data: FoldData, channels: np.ndarray) -> None:
        font = lettering(QFont(), self.theme.small_points)
        painter.setFont(font)
        dark_ink, light_ink = sorted((self.theme.text, self.theme.background), key=lambda each: rgb(each).sum())
        ground = luminance(channels).ravel() + 0.05
        light = ground**2 > (luminance(rgb(dark_ink)) + 0.05) * (luminance(rgb(light_ink)) + 0.05)
        for position in range(min(len(data.tokens), len(data.part_of))):
            ahead = 0 <= data.locked < position
            painter.setPen(QColor(self.theme.muted if ahead else dark_ink if light[position] else light_ink))
            text = elided(readable(data.tokens[position]), font, layout.cell - 4)
            painter.drawText(layout.box(position), Qt.AlignmentFlag.AlignCenter, text)

    def _outline(self, painter: QPainter, box: QRectF, colour: str, width: float) -> None:
        painter.setPen(QPen(QColor(colour), width))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        spare = max(0.0, 6.0 - box.width()) / 2
        painter.drawRect(box.adjusted(-spare, -spare, spare, spare))

    def _draw_words(self, painter: QPainter, rect: QRectF, data: FoldData, hovered: int | None) -> None:
        """The caption, and below it what the pointer is on, or else the parts' colours."""
        theme, font = self.theme, lettering(QFont(), self.theme.small_points)
        painter.setFont(font)
        metrics = QFontMetricsF(font)
        high = self.caption_lines(rect.width()) * LINE_HEIGHT
        top = rect.bottom() - high - LINE_HEIGHT - 10
        first = QRectF(rect.left() + MARGIN, top, rect.width() - 2 * MARGIN, high)
        second = QRectF(first.left(), first.bottom(), first.width(), LINE_HEIGHT)
        flags = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        painter.setPen(QColor(theme.muted))
        self.draw_caption(painter, first, data.caption, LINE_HEIGHT)
        if hovered is not None and hovered < len(data.part_of):
            painter.setPen(QColor(theme.text))
            painter.drawText(second, flags, elided(self._told(data, hovered), font, second.width()))
            return
        x = second.left()
        for name, colour in data.parts:
            shown = mixed(theme.raised, colour, TINT) if data.shades is None else colour  # as the cells are
            painter.fillRect(QRectF(x, second.center().y() - SWATCH / 2, SWATCH, SWATCH), QColor(shown))
            painter.drawText(QRectF(x + SWATCH + 6, second.top(), second.width(), second.height()), flags, said(name))
            x += SWATCH + 6 + metrics.horizontalAdvance(said(name)) + 18

    def _told(self, data: FoldData, position: int) -> str:
        """What the pointer is on."""
        piece = f" “{readable(data.tokens[position])}”" if position < len(data.tokens) and data.shades is None else ""
        row, column = divmod(data.first + position, data.width)
        part = int(data.part_of[position])
        verdict = said(data.parts[part][0]) if part >= 0 else self.tr("not read by the locked token")
        if data.locked < 0:
            verdict = self.tr("click to lock")
        return self.tr("position {n}{piece}, row {row}, column {column}: {verdict}").format(
            n=f"{data.first + position:,}", piece=piece, row=f"{row:,}", column=f"{column:,}", verdict=verdict
        )


def _preview(theme: Theme) -> FoldView:
    n, width, locked = 144, 12, 100
    behind = locked - np.arange(n)
    part = np.where(behind < 0, -1, np.where(behind < width, 0, np.where(behind % width == 0, 1, -1)))
    view = FoldView(theme)
    parts = (("local", theme.categories[1]), ("stride", theme.categories[0]))
    view.set_data(FoldData([f"w{i}" for i in range(n)], width, locked, part, parts, caption="Folded at the stride"))
    view.resize(700, 700)
    return view


if __name__ == "__main__":
    from widgets.preview import preview

    preview(_preview)
