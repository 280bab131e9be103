"""A running state as it fills: what each token adds, what all of them have become, and what must be kept for the next.

The picture is a function of (data, fraction): the fraction of the text that has been read. The state's picture has the
same size at 8 tokens and at 1,048,576.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen

from widgets.batched_drawing import draw_crisp, image_of
from widgets.colour_ramp import rgb
from widgets.lettering import elided, lettering
from widgets.painted_view import MARGIN, PaintedView
from widgets.piece_text import readable
from widgets.quantities import bytes_text, in_powers
from widgets.view_data import StateData, Theme

LINE_HEIGHT = 20.0
CHIP_HEIGHT, CHIP_WIDTH = 26.0, 52.0
STRIP = 14.0  # thickness of the column that is added, of z, and of the row that is added
APART = 12.0
WIDE_FROM = 620.0  # from this width on the sizes stand beside the state, not below it
BESIDE = 0.36  # their share of the width
GAP_FROM = 6.0
KEY_WIDTH = 72.0
NEGATIVE = 0  # the category whose colour stands for what is below zero
LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
CENTRE = Qt.AlignmentFlag.AlignCenter


@dataclass(frozen=True)
class StateLayout:
    """Where the parts stand."""

    tokens: QRectF
    added_row: QRectF  # the column of features that the token adds
    state: QRectF
    normaliser: QRectF
    added_column: QRectF  # the row of values that it adds
    sizes: QRectF
    words: QRectF


def laid_out(rect: QRectF, rows: int, columns: int, lines: int = 1) -> StateLayout:
    """The state as large as it can be, with whole pixels a cell where they are many enough."""
    inner = rect.adjusted(MARGIN, MARGIN, -MARGIN, -MARGIN)
    words = QRectF(inner.left(), inner.bottom() - lines * LINE_HEIGHT, inner.width(), lines * LINE_HEIGHT)
    tokens = QRectF(inner.left(), inner.top(), inner.width(), CHIP_HEIGHT)
    below = QRectF(inner.left(), tokens.bottom() + APART, inner.width(), words.top() - tokens.bottom() - 2 * APART)
    wide = rect.width() >= WIDE_FROM
    share = below.width() * (1 - BESIDE) if wide else below.width()
    height = below.height() if wide else below.height() - 7 * LINE_HEIGHT
    around = STRIP + APART
    room = QRectF(below.left() + around, below.top() + LINE_HEIGHT, share - 2 * around, height - LINE_HEIGHT - around)
    room = QRectF(room.left(), room.top(), max(room.width(), 8.0), max(room.height() - LINE_HEIGHT, 8.0))
    cell_width, cell_height = room.width() / columns, room.height() / rows
    if 0.4 < cell_width / cell_height < 2.5:
        cell_width = cell_height = min(cell_width, cell_height)
    cell_width, cell_height = (float(int(cell)) if cell >= GAP_FROM else cell for cell in (cell_width, cell_height))
    state = QRectF(room.left(), room.top(), cell_width * columns, cell_height * rows)
    sizes = (
        QRectF(below.left() + share + APART, room.top(), below.width() - share - APART, below.height())
        if wide
        else QRectF(below.left(), below.bottom() - 6 * LINE_HEIGHT, below.width(), 6 * LINE_HEIGHT)
    )
    return StateLayout(
        tokens,
        QRectF(state.left() - around, state.top(), STRIP, state.height()),
        state,
        QRectF(state.right() + APART, state.top(), STRIP, state.height()),
        QRectF(state.left(), state.bottom() + APART, state.width(), STRIP),
        sizes,
        words,
    )


def signed_colours(values: np.ndarray, largest: float, theme: Theme, colour: str) -> np.ndarray:
    """Colours of values from −largest over 0 (the background) to largest: uint32 [row, column]."""
    share = np.clip(values / max(largest, 1e-30), -1, 1)
    strength = np.sqrt(np.abs(share))[..., None]
    negative, zero, positive = map(rgb, theme.signed or (theme.categories[NEGATIVE], theme.raised, colour))
    end = np.where((share >= 0)[..., None], positive, negative)
    channels = np.rint(zero + (end - zero) * strength).astype(np.uint32)
    return (0xFF000000 | channels[..., 0] << 16 | channels[..., 1] << 8 | channels[..., 2]).astype(np.uint32)


class StateView(PaintedView[StateData]):
    """The state at the playhead."""

    def good_height(self, width: float) -> float:
        """So high that the state is as wide as there is room for."""
        inner = width - 2 * MARGIN
        wide = width >= WIDE_FROM
        side = (inner * (1 - BESIDE) if wide else inner) - 2 * (STRIP + APART)
        rows, columns = self.data.state.shape[1:] if self.data is not None else (1, 1)
        state = side * min(max(rows / columns, 0.4), 1.0) + 2 * LINE_HEIGHT + STRIP + APART
        words = self.caption_lines(width) * LINE_HEIGHT
        return 2 * MARGIN + CHIP_HEIGHT + 2 * APART + state + (0.0 if wide else 7 * LINE_HEIGHT) + words

    def prepare(self) -> None:
        """The scales: those of the end, so that the state is seen to fill."""
        data = self.data
        self._largest = float(np.abs(data.state).max(initial=0.0)) if data is not None else 0.0
        self._largest_sum = float(np.abs(data.normaliser).max(initial=0.0)) if data is not None else 0.0
        self._largest_row = float(np.abs(data.added_row).max(initial=0.0)) if data is not None else 0.0
        self._largest_column = float(np.abs(data.added_column).max(initial=0.0)) if data is not None else 0.0

    def moment(self, data: StateData) -> int:
        """Which of the recorded moments the playhead stands at."""
        return min(int(self.fraction * len(data.positions)), len(data.positions) - 1)

    def draw(self, painter: QPainter, rect: QRectF, data: StateData, pointer: QPointF | None) -> None:
        at = self.moment(data)
        layout = laid_out(rect, data.state.shape[1], data.state.shape[2], self.caption_lines(rect.width()))
        painter.setFont(lettering(QFont(), self.theme.small_points))
        self._draw_tokens(painter, layout.tokens, data, int(data.positions[at]))
        pictures = (
            (layout.added_row, data.added_row[at][:, None], self._largest_row),
            (layout.state, data.state[at], self._largest),
            (layout.normaliser, data.normaliser[at][:, None], self._largest_sum),
            (layout.added_column, data.added_column[at][None], self._largest_column),
        )
        for box, values, largest in pictures:
            draw_crisp(painter, box, image_of(signed_colours(values, largest, self.theme, data.colour)))
            self._draw_gaps(painter, box, *values.shape)
        self._draw_names(painter, layout, data)
        self._draw_key(painter, layout, data)
        self._draw_sizes(painter, layout.sizes, data, int(data.positions[at]) + 1)
        painter.setPen(QColor(self.theme.muted))
        told = self._told(data, layout, at, pointer) or data.caption
        self.draw_caption(painter, layout.words, told, LINE_HEIGHT)

    def position_at(self, data: StateData, rect: QRectF, point: QPointF) -> int | None:
        box = laid_out(rect, data.state.shape[1], data.state.shape[2], self.caption_lines(rect.width())).tokens
        if not box.contains(point):
            return None
        first, count = self._strip(data, box, int(data.positions[self.moment(data)]))
        position = first + int((point.x() - box.left()) / CHIP_WIDTH)
        return position if position < first + count else None

    def _strip(self, data: StateData, box: QRectF, current: int) -> tuple[int, int]:
        """The first token of the strip and how many fit; the current one stands two thirds along."""
        fits = max(1, int(box.width() / CHIP_WIDTH))
        first = min(max(0, current - 2 * fits // 3), max(0, data.length - fits))
        return first, min(fits, data.length - first)

    def _draw_tokens(self, painter: QPainter, box: QRectF, data: StateData, current: int) -> None:
        """The tokens about the current one; those that are in the state have its colour."""
        first, count = self._strip(data, box, current)
        font = painter.font()
        for slot in range(count):
            position = first + slot
            chip = QRectF(box.left() + slot * CHIP_WIDTH, box.top(), CHIP_WIDTH - 3, box.height())
            read = position <= current
            fill = QColor(data.colour if read else self.theme.raised)
            fill.setAlphaF(0.32 if read else 1.0)
            painter.setBrush(fill)
            painter.setPen(QPen(QColor(self.theme.text), 2) if position == current else Qt.PenStyle.NoPen)
            painter.drawRoundedRect(chip, 4, 4)
            painter.setPen(QColor(self.theme.text if read else self.theme.muted))
            text = readable(data.tokens[position]) if position < len(data.tokens) else ""
            painter.drawText(chip, CENTRE, elided(text, font, chip.width() - 6))
        painter.setBrush(Qt.BrushStyle.NoBrush)

    def _draw_gaps(self, painter: QPainter, box: QRectF, rows: int, columns: int) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.setPen(QPen(QColor(self.theme.background), 1))
        if box.width() / columns >= GAP_FROM:
            for column in range(1, columns):
                x = box.left() + column * box.width() / columns
                painter.drawLine(QPointF(x, box.top()), QPointF(x, box.bottom()))
        if box.height() / rows >= GAP_FROM:
            for row in range(1, rows):
                y = box.top() + row * box.height() / rows
                painter.drawLine(QPointF(box.left(), y), QPointF(box.right(), y))
        painter.setPen(QPen(QColor(self.theme.line), 1))
        painter.drawRect(box)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)

    def _draw_names(self, painter: QPainter, layout: StateLayout, data: StateData) -> None:
        painter.setPen(QColor(self.theme.text))
        rows, columns = data.state.shape[1:]
        above = -LINE_HEIGHT
        state = layout.state
        title = self.tr("S, {rows} features × {columns} values").format(rows=rows, columns=columns)
        room = layout.normaliser.center().x() - 10 - state.left()  # up to the next name
        if QFontMetricsF(painter.font()).horizontalAdvance(title) > room:
            title = elided(self.tr("S, {rows} × {columns}").format(rows=rows, columns=columns), painter.font(), room)
        painter.drawText(QRectF(state.left(), state.top() + above, room + 2, LINE_HEIGHT), LEFT, title)
        for box, name in ((layout.added_row, self.tr("φ(k)")), (layout.normaliser, self.tr("z"))):
            painter.drawText(QRectF(box.center().x() - 30, box.top() + above, 60, LINE_HEIGHT), CENTRE, name)
        box = layout.added_column
        painter.drawText(QRectF(box.left() - 26, box.top() - 4, 20, box.height() + 8), CENTRE, self.tr("v"))

    def _draw_key(self, painter: QPainter, layout: StateLayout, data: StateData) -> None:
        """Which colour is which sign, below the pictures, where there is a line of room."""
        box = QRectF(layout.state.left(), layout.added_column.bottom() + 4, layout.state.width(), LINE_HEIGHT)
        if box.bottom() > layout.words.top() + 2:
            return
        metrics = QFontMetricsF(painter.font())
        sign = metrics.horizontalAdvance("−") + 4
        ramp = QRectF(box.left() + sign, box.center().y() - 4, min(KEY_WIDTH, box.width() / 3), 8)
        shades = signed_colours(np.linspace(-1, 1, 129)[None], 1.0, self.theme, data.colour)
        draw_crisp(painter, ramp, image_of(shades))
        painter.setPen(QPen(QColor(self.theme.line), 1))
        painter.drawRect(ramp)
        painter.setPen(QColor(self.theme.muted))
        painter.drawText(QRectF(box.left(), box.top(), sign, LINE_HEIGHT), LEFT, "−")
        words = "+ · " + self.tr("by the root of the size, each picture up to its own largest")
        told = QRectF(ramp.right() + 5, box.top(), layout.normaliser.right() - ramp.right(), LINE_HEIGHT)
        fits = metrics.horizontalAdvance(words) <= told.width()
        painter.drawText(told, LEFT, words if fits else "+")

    def _draw_sizes(self, painter: QPainter, box: QRectF, data: StateData, tokens: int) -> None:
        """What must be kept for the next token, in bars to one scale."""
        theme = self.theme
        painter.setFont(lettering(QFont(), theme.small_points, bold=True))
        painter.setPen(QColor(theme.text))
        title = QRectF(box.left(), box.top(), box.width(), LINE_HEIGHT)
        painter.drawText(title, LEFT, elided(self.tr("Kept for the next token"), painter.font(), box.width()))
        painter.setFont(lettering(QFont(), theme.small_points))
        cache = data.cache_bytes_per_token
        rows = (
            (self.tr("state S, z at any length"), data.state_bytes, data.colour),
            (self.tr("KV cache so far, {n} tokens").format(n=f"{tokens:,}"), cache * tokens, theme.muted),
            (self.tr("KV cache of all {n} tokens").format(n=f"{data.length:,}"), cache * data.length, theme.muted),
        )
        largest = max(size for _, size, _ in rows)
        wide = box.height() >= 9 * LINE_HEIGHT
        y = title.bottom() + (8 if wide else 2)
        for name, size, colour in rows:
            painter.setPen(QColor(theme.muted))
            words = QRectF(box.left(), y, box.width(), LINE_HEIGHT - 2)
            painter.drawText(words, LEFT, elided(f"{name} · {bytes_text(size)}", painter.font(), box.width()))
            bar = QRectF(box.left(), words.bottom(), max(2.0, box.width() * size / max(largest, 1)), 12 if wide else 6)
            painter.fillRect(bar, QColor(colour))
            y = bar.bottom() + (12 if wide else 6)
        if data.difference is not None and wide:
            painter.setPen(QColor(theme.text))
            for line in (
                self.tr("Recurrence = parallel form"),
                self.tr("largest difference {value}").format(value=in_powers(f"{data.difference:.1e}")),
                self.tr("at the tokens shown"),
            ):
                text = elided(line, painter.font(), box.width())
                painter.drawText(QRectF(box.left(), y, box.width(), LINE_HEIGHT), LEFT, text)
                painter.setPen(QColor(theme.muted))
                y += LINE_HEIGHT

    def _told(self, data: StateData, layout: StateLayout, at: int, pointer: QPointF | None) -> str:
        """The value under the pointer."""
        if pointer is None or not layout.state.contains(pointer):
            return ""
        rows, columns = data.state.shape[1:]
        row = min(int((pointer.y() - layout.state.top()) / layout.state.height() * rows), rows - 1)
        column = min(int((pointer.x() - layout.state.left()) / layout.state.width() * columns), columns - 1)
        return self.tr("S[{row}, {column}] = {value} after {n} tokens").format(
            row=row, column=column, value=f"{data.state[at, row, column]:.4g}", n=f"{int(data.positions[at]) + 1:,}"
        )


def _preview(theme: Theme) -> StateView:
    generator = np.random.default_rng(0)
    n, rows, columns = 64, 32, 32
    keys, values = generator.exponential(size=(n, rows)), generator.normal(size=(n, columns))
    state = np.cumsum(keys[:, :, None] * values[:, None, :], axis=0)
    view = StateView(theme)
    words = ["It", " was", " the", " best", " of", " times", "我", "爱", "北", "京"] * 7
    view.set_data(
        StateData(words, state, np.cumsum(keys, 0), np.arange(n), keys, values, 4 * 4 * 33 * 32, 4 * 64 * 4, n,
                  theme.categories[5], 3e-7, "token by token: S ← S + φ(k)vᵀ, z ← z + φ(k)")
    )  # fmt: skip
    view.resize(900, 640)
    return view


if __name__ == "__main__":
    from widgets.preview import preview

    preview(_preview)
