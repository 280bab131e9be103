"""Draws a row of tokens: cells with text or bucket numbers, or, where they are many, columns of exact mix."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter

from widgets.batched_drawing import draw_crisp, draw_rectangles, image_of
from widgets.bucket_columns import category_counts, columns_for, stacked_strip
from widgets.bucket_geometry import (
    HORIZONTAL_TEXT_PITCH,
    LEAST_CELL_PITCH,
    LEAST_TURNED_HEIGHT,
    SHORT_TEXT_PITCH,
    VERTICAL_TEXT_PITCH,
)
from widgets.colour_ramp import luminance
from widgets.lettering import lettering
from widgets.piece_text import stands_upright
from widgets.view_data import Theme

LEAST_DIGITS = 8  # pixels; smaller ones are no numbers any more
LEAST_CONTRAST = 3.0
RESTING = -2  # the label of a token that has no bucket yet


@dataclass(frozen=True)
class Style:
    """Theme and base font, from which every colour and font of the picture comes.

    Fonts are sized in pixels, so that a picture is the same on every paint device.
    """

    theme: Theme
    base: QFont

    @cached_property
    def small(self) -> QFont:
        return lettering(self.base, self.theme.small_points)

    @cached_property
    def tiny(self) -> QFont:
        """In cells only: the next size below small."""
        return lettering(self.base, self.theme.small_points * 0.88)

    @cached_property
    def body(self) -> QFont:
        return lettering(self.base, self.theme.body_points)

    @cached_property
    def palette(self) -> np.ndarray:
        """uint32 [category] 0xffRRGGBB; the last two are padding and tokens that rest."""
        colours = [QColor(c).rgb() for c in (*self.theme.categories, self.theme.masked)] + [self.resting.rgb()]
        return np.array(colours, dtype=np.uint32)

    @property
    def resting(self) -> QColor:
        """A token before it has a bucket."""
        return blend(QColor(self.theme.raised), QColor(self.theme.muted), 0.35)

    def categories_of(self, labels: np.ndarray) -> np.ndarray:
        """The colour's number of each label, −1 for padding, ``RESTING`` for no bucket yet; colours repeat."""
        count = len(self.theme.categories)
        return np.where(labels >= 0, labels % count, np.where(labels == RESTING, count + 1, count)).astype(np.int64)

    def ink_on(self, colour: QColor) -> QColor:
        """Of the theme's text and background, the one that reads better on the colour."""
        candidates = (QColor(self.theme.background), QColor(self.theme.text))
        return max(candidates, key=lambda ink: contrast(ink, colour))


def blend(first: QColor, second: QColor, share: float) -> QColor:
    """Between two colours: 0 is the first, 1 the second."""
    red, green, blue = (a + (b - a) * share for a, b in zip(_channels(first), _channels(second), strict=True))
    return QColor.fromRgbF(red, green, blue)


def _channels(colour: QColor) -> tuple[float, float, float]:
    return colour.redF(), colour.greenF(), colour.blueF()


def contrast(first: QColor, second: QColor) -> float:
    """Contrast ratio 1…21 (WCAG 2.2, relative luminance)."""

    each = (float(luminance(255 * np.array(_channels(colour)))) for colour in (first, second))
    high, low = sorted(each, reverse=True)
    return (high + 0.05) / (low + 0.05)


def reach_colour(theme: Theme) -> QColor:
    """The accent, as faint as it may be and still stand out from the ground."""
    ground, accent = QColor(theme.background), QColor(theme.accent)
    shades = (blend(ground, accent, tenths / 10) for tenths in range(3, 10))
    return next((shade for shade in shades if contrast(shade, ground) >= LEAST_CONTRAST), accent)


def with_alpha(colour: QColor | str, alpha: float) -> QColor:
    """The colour at an opacity 0…1."""
    result = QColor(colour)
    result.setAlphaF(min(max(alpha, 0.0), 1.0))
    return result


def cell_rectangles(rect: QRectF, slots: int, at: np.ndarray) -> np.ndarray:
    """[cell, (x, y, width, height)] of the slots ``at``, which may lie between two; gaps where there is room."""
    pitch = rect.width() / slots
    gap = _gap(pitch)
    width = max(pitch - gap, LEAST_CELL_PITCH)
    cells = np.empty((len(at), 4))
    cells[:, 0] = rect.left() + at * pitch + gap / 2
    cells[:, 1], cells[:, 2], cells[:, 3] = rect.top(), width, rect.height()
    return cells


def _gap(pitch: float) -> float:
    return 2.0 if pitch >= 10 else 1.0 if pitch >= 3 else 0.0


def part_buckets(painter: QPainter, style: Style, rect: QRectF, slots: int, labels: np.ndarray) -> None:
    """A wider gap between cells of different buckets, as colours repeat; none in columns, which mix them."""
    pitch = rect.width() / max(slots, 1)
    if pitch < LEAST_CELL_PITCH:
        return
    width = _gap(pitch) + (2.0 if pitch >= 10 else 1.0)
    cuts = np.flatnonzero(np.diff(labels)) + 1
    if pitch < 3.0:  # where a gap takes much of a cell, it stands only where colours do not tell
        colours = style.categories_of(labels)
        cuts = cuts[colours[cuts - 1] == colours[cuts]]
    gaps = np.empty((len(cuts), 4))
    gaps[:, 0] = rect.left() + cuts * pitch - width / 2
    gaps[:, 1], gaps[:, 2], gaps[:, 3] = rect.top(), width, rect.height()
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(style.theme.background))
    draw_rectangles(painter, gaps)


def draw_cells(painter: QPainter, style: Style, rect: QRectF, slots: int, at: np.ndarray, labels: np.ndarray) -> None:
    """Cells of one colour at a time. ``at`` [cell] slot, ``labels`` [cell] bucket, or all ``RESTING``."""
    cells = cell_rectangles(rect, slots, at)
    categories = style.categories_of(labels)
    painter.setPen(Qt.PenStyle.NoPen)
    rounded = len(cells) > 0 and cells[0, 2] >= 6.0
    painter.save()
    # Narrow cells side by side: soft edges would only blur them, and cost most of a frame.
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, bool(rounded or rect.width() / slots >= 3.0))
    for category in np.unique(categories):
        painter.setBrush(QColor.fromRgb(int(style.palette[category])))
        chosen = cells[categories == category]
        if rounded:
            for x, y, width, height in chosen.tolist():
                painter.drawRoundedRect(QRectF(x, y, width, height), 2.0, 2.0)
        else:
            draw_rectangles(painter, chosen)
    painter.restore()


def draw_columns(
    painter: QPainter,
    style: Style,
    rect: QRectF,
    slots: int,
    at: np.ndarray,
    labels: np.ndarray,
    in_flight: bool = False,
) -> None:
    """Columns of equally many slots, each with the exact mix of its tokens' buckets."""
    columns = columns_for(slots, int(rect.width()))
    counts = category_counts(at, style.categories_of(labels), columns, len(style.palette))
    full = columns.tokens_each if in_flight else 0
    image = image_of(stacked_strip(counts, max(round(rect.height()), 1), style.palette, full))
    width = columns.count * columns.tokens_each * rect.width() / slots
    draw_crisp(painter, QRectF(rect.left(), rect.top(), width, rect.height()), image)


def draw_row(painter: QPainter, style: Style, rect: QRectF, slots: int, labels: np.ndarray) -> None:
    """A whole row, as cells where they are wide enough, else as columns."""
    at = np.arange(len(labels))
    if rect.width() / max(slots, 1) >= LEAST_CELL_PITCH:
        draw_cells(painter, style, rect, slots, at, labels)
    else:
        draw_columns(painter, style, rect, slots, at, labels)


def draw_texts(
    painter: QPainter, style: Style, rect: QRectF, slots: int, labels: np.ndarray, text_of: Callable[[int], str]
) -> None:
    """Texts in the cells, upright or turned as they fit; none where cells are too narrow."""
    pitch = rect.width() / max(slots, 1)
    turned = pitch < HORIZONTAL_TEXT_PITCH and rect.height() >= LEAST_TURNED_HEIGHT
    if pitch < (VERTICAL_TEXT_PITCH if turned else SHORT_TEXT_PITCH):
        return
    font = style.small if pitch >= 14 else style.tiny
    painter.setFont(font)
    metrics = QFontMetricsF(font)
    room = (rect.height() if turned else pitch) - (6.0 if turned or pitch >= HORIZONTAL_TEXT_PITCH else 3.0)
    inks = {int(c): style.ink_on(QColor.fromRgb(int(style.palette[c]))) for c in np.unique(style.categories_of(labels))}
    for slot, category in enumerate(style.categories_of(labels).tolist()):
        whole = text_of(slot)
        text = metrics.elidedText(whole, Qt.TextElideMode.ElideRight, room)
        painter.setPen(inks[category])
        centre_x, centre_y = rect.left() + (slot + 0.5) * pitch, rect.center().y()
        if turned and stands_upright(whole) and len(whole) * metrics.height() <= rect.height():
            # Wide signs go below each other; they are not turned.
            box = QRectF(centre_x - pitch, rect.top(), 2 * pitch, rect.height())
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, "\n".join(whole))
        elif turned and metrics.horizontalAdvance(whole) > pitch - 2.0:
            painter.save()
            painter.translate(centre_x, centre_y)
            painter.rotate(-90.0)
            painter.drawText(QRectF(-room / 2, -pitch, room, 2 * pitch), Qt.AlignmentFlag.AlignCenter, text)
            painter.restore()
        else:
            box = QRectF(centre_x - pitch / 2, rect.top(), pitch, rect.height())
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)


def font_for_all(style: Style, room: float, digits: int) -> QFont | None:
    """Of the small fonts the largest in which so many digits have room, None where that is too small to read."""
    font = QFont(style.tiny)
    for size in range(font.pixelSize(), LEAST_DIGITS - 1, -1):
        font.setPixelSize(size)
        if QFontMetricsF(font).horizontalAdvance("8" * digits) <= room:
            return font
    return None


def draw_number_each(painter: QPainter, style: Style, rect: QRectF, slots: int, labels: np.ndarray) -> None:
    """The bucket's number in every cell, all in one size; in none where one of them would have no room."""
    pitch = rect.width() / max(slots, 1)
    font = font_for_all(style, pitch - 2.0, len(str(max(int(labels.max(initial=0)), 0))))
    if font is not None:
        cells = [(bucket, place, place + 1) for place, bucket in enumerate(labels.tolist()) if bucket >= 0]
        draw_numbers(painter, style, rect, slots, cells, font)


def draw_numbers(
    painter: QPainter,
    style: Style,
    rect: QRectF,
    slots: int,
    stretches: Sequence[tuple[int, float, float]],
    font: QFont | None = None,
) -> None:
    """The bucket's number on each stretch (bucket, start, stop) that has room for it; ``font``: in which each has."""
    metrics = QFontMetricsF(font or style.tiny)
    if rect.height() < metrics.height() * 0.8:
        return
    painter.setFont(font or style.tiny)
    pitch = rect.width() / max(slots, 1)
    for bucket, start, stop in stretches:
        text = str(bucket)
        widest = "8" * len(text)  # so that a narrow 1 is not the only number of its row
        if font is not None or metrics.horizontalAdvance(widest) + 3.0 <= (stop - start) * pitch:
            category = int(style.categories_of(np.array([bucket]))[0])
            colour = QColor.fromRgb(int(style.palette[category]))
            if pitch >= VERTICAL_TEXT_PITCH and stop - start > 1:  # in the middle cell, not on a gap
                start = (start + stop - 1) // 2
                stop = start + 1
            box = QRectF(rect.left() + start * pitch, rect.top(), (stop - start) * pitch, rect.height())
            if pitch < VERTICAL_TEXT_PITCH:  # solid ground between cells with gaps
                ground = QRectF(0.0, rect.top(), metrics.horizontalAdvance(text) + 3.0, rect.height())
                ground.moveCenter(box.center())
                painter.fillRect(ground, colour)
            painter.setPen(style.ink_on(colour))
            # Qt clips a text to a box that is too low for it, and its SVG then keeps that clip for all that follows.
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextDontClip, text)
