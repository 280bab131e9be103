"""The two panels below the story: how large the buckets are, and all rounds one above the other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen

from widgets.batched_drawing import draw_rectangles
from widgets.bucket_arcs import draw_borders
from widgets.bucket_cells import RESTING, Style, draw_numbers, draw_row, part_buckets, with_alpha
from widgets.bucket_layout import RoundLayout, bucket_sizes, runs
from widgets.bucket_words import quoted, say
from widgets.view_data import BucketsData


def draw_title(
    painter: QPainter, style: Style, rect: QRectF, text: str, reached: bool = True, shorter: Sequence[str] = ()
) -> None:
    """A line of small text at the top of the rectangle; where it does not fit, the first ``shorter`` one that does."""
    painter.setFont(style.small)
    painter.setPen(QColor(style.theme.text if reached else style.theme.muted))
    metrics = QFontMetricsF(style.small)
    ways = (text, *shorter)
    text = next((way for way in ways if metrics.horizontalAdvance(way) <= rect.width()), ways[-1])
    text = metrics.elidedText(text, Qt.TextElideMode.ElideRight, rect.width())
    painter.drawText(QPointF(rect.left(), rect.top() + metrics.ascent()), text)  # Chinese is higher than the line


def draw_sizes(
    painter: QPainter, style: Style, rect: QRectF, data: BucketsData, layout: RoundLayout, share: float
) -> None:
    """Tokens in each bucket, bars grown to ``share``; the chunk length as a line across."""
    painter.fillRect(
        rect.adjusted(-12.0, 0, 8.0, 6.0), QColor(style.theme.background)
    )  # text is smooth on solid ground
    sizes = bucket_sizes(layout.labels, data.bucket_count)
    each = max(-(-len(sizes) // max(int(rect.width() / 2), 1)), 1)
    padded = np.pad(sizes, (0, -len(sizes) % each))
    tallest = padded.reshape(-1, each).max(axis=1)
    title = say("tokens per bucket: {0} to {1}").format(f"{sizes.min():,}", f"{sizes.max():,}")
    shorter = [say("tokens per bucket"), say("bucket sizes"), say("sizes")]
    if each > 1:
        largest = say(", a bar is the largest of {0}").format(each)
        shorter = [shorter[0] + largest, shorter[1] + largest, say("a bar: largest of {0}").format(each), *shorter[1:]]
        title += largest
    draw_title(painter, style, rect, title, share > 0, shorter)
    line = QFontMetricsF(style.small).height()
    chunk = say("chunk length {0}").format(f"{layout.chunk_length:,}")
    plot = rect.adjusted(0, 2 * line + 4.0, -QFontMetricsF(style.tiny).horizontalAdvance(chunk) - 8.0, -line - 4.0)
    if plot.height() < 12.0 or plot.width() < 12.0:
        return
    highest = max(int(sizes.max()), layout.chunk_length) * 1.02
    pitch = plot.width() / len(tallest)
    gap = 2.0 if pitch >= 8 else 1.0 if pitch >= 4 else 0.0
    bars = np.zeros((len(tallest), 4))
    bars[:, 0], bars[:, 2] = plot.left() + np.arange(len(tallest)) * pitch + gap / 2, min(pitch - gap, 44.0)
    bars[:, 3] = tallest / highest * plot.height() * share
    bars[:, 1] = plot.bottom() - bars[:, 3]
    # A bar that stands for several buckets belongs to none of their colours.
    categories = style.categories_of(np.arange(len(tallest)) if each == 1 else np.full(len(tallest), RESTING))
    painter.setPen(Qt.PenStyle.NoPen)
    for category in np.unique(categories):
        painter.setBrush(QColor.fromRgb(int(style.palette[category])))
        draw_rectangles(painter, bars[categories == category])
    painter.setPen(QPen(QColor(style.theme.line), 1.0))
    painter.drawLine(plot.bottomLeft(), plot.bottomRight())
    _number_bars(painter, style, plot, len(sizes), each, bars)
    y = plot.bottom() - layout.chunk_length / highest * plot.height()
    _mark_chunk_length(painter, style, plot, y, chunk)
    if share >= 1.0:
        _tell_highest(painter, style, plot, bars[int(tallest.argmax())], int(sizes.max()))


def _number_bars(painter: QPainter, style: Style, plot: QRectF, buckets: int, each: int, bars: np.ndarray) -> None:
    """Bucket numbers below the bars, as many as fit; the first and the last where a bar is several buckets."""
    painter.setPen(QColor(style.theme.muted))
    painter.setFont(style.tiny)
    metrics = QFontMetricsF(style.tiny)
    foot = QRectF(plot.left(), plot.bottom() + 3.0, plot.width(), metrics.height())
    if each > 1:
        painter.drawText(foot, Qt.AlignmentFlag.AlignLeft, "0")
        painter.drawText(foot, Qt.AlignmentFlag.AlignRight, f"{buckets - 1:,}")
        return
    width = metrics.horizontalAdvance(str(buckets - 1)) + 8.0
    every = max(int(np.ceil(width / (plot.width() / buckets))), 1)
    for bucket in range(0, buckets, every):
        centre = bars[bucket, 0] + bars[bucket, 2] / 2
        box = QRectF(centre - width / 2, foot.top(), width, foot.height())
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, str(bucket))


def _tell_highest(painter: QPainter, style: Style, plot: QRectF, bar: np.ndarray, tokens: int) -> None:
    """The scale: how many tokens the highest bar stands for, above it."""
    metrics, text = QFontMetricsF(style.tiny), f"{tokens:,}"
    box = QRectF(0.0, float(bar[1]) - metrics.height(), metrics.horizontalAdvance(text) + 2.0, metrics.height())
    box.moveLeft(min(max(float(bar[0] + bar[2] / 2) - box.width() / 2, plot.left()), plot.right() - box.width()))
    painter.fillRect(box, QColor(style.theme.background))
    painter.setFont(style.tiny)
    painter.setPen(QColor(style.theme.text))
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextDontClip, text)


def _mark_chunk_length(painter: QPainter, style: Style, plot: QRectF, y: float, text: str) -> None:
    painter.setPen(QPen(with_alpha(style.theme.text, 0.8), 1.0, Qt.PenStyle.DashLine))
    painter.drawLine(QPointF(plot.left(), y), QPointF(plot.right(), y))
    metrics = QFontMetricsF(style.tiny)
    box = QRectF(plot.right() + 5.0, y - metrics.height() / 2, metrics.horizontalAdvance(text) + 4.0, metrics.height())
    painter.setFont(style.tiny)
    painter.setPen(QColor(style.theme.text))
    painter.drawText(box, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, text)


@dataclass(frozen=True)
class RoundsGeometry:
    """Rows of the rounds' panel; ``bars`` is where the shares are drawn, None without shares."""

    rows: tuple[QRectF, ...]
    bars: QRectF | None


def rounds_geometry(rect: QRectF, rounds: int, line: float, with_shares: bool) -> RoundsGeometry:
    """One row per round below the title."""
    area = rect.adjusted(0, line + 8.0, 0, -4.0)
    pitch = min(area.height() / max(rounds, 1), 30.0)
    height = max(pitch - min(8.0, pitch * 0.35), 1.0)
    left = area.left() + 22.0
    right = area.right() - (area.width() * 0.26 if with_shares else 0.0)
    rows = tuple(QRectF(left, area.top() + i * pitch, max(right - left, 1.0), height) for i in range(rounds))
    bars = QRectF(right + 14.0, area.top(), max(area.right() - right - 14.0, 1.0), pitch * rounds)
    return RoundsGeometry(rows, bars if with_shares else None)


def draw_rounds(
    painter: QPainter, style: Style, rect: QRectF, data: BucketsData, layouts: list[RoundLayout], current: int
) -> None:
    """Each round sorted, chunked and coloured. The round of the story is marked."""
    painter.fillRect(rect.adjusted(-3.0, 0, 3.0, 6.0), QColor(style.theme.background))
    line = QFontMetricsF(style.small).height()
    places = rounds_geometry(rect, len(layouts), line, data.round_share is not None)
    for index, (row, layout) in enumerate(zip(places.rows, layouts, strict=True)):
        draw_row(painter, style, row, layout.slots, layout.sorted_labels)
        part_buckets(painter, style, row, layout.slots, layout.sorted_labels)
        draw_borders(painter, style, row, layout.chunk_length, layout.slots)
        if len(layout.labels) <= 4_096:
            draw_numbers(painter, style, row, layout.slots, runs(layout.sorted_labels))
        if row.height() >= 9.0:
            painter.setFont(style.tiny)
            painter.setPen(QColor(style.theme.text if index == current else style.theme.muted))
            box = QRectF(rect.left(), row.top() - 4.0, 16.0, row.height() + 8.0)
            painter.drawText(box, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, str(index + 1))
        if index == current:
            painter.fillRect(QRectF(rect.left() + 18.5, row.top(), 2.0, row.height()), QColor(style.theme.accent))


def draw_rounds_title(
    painter: QPainter, style: Style, rect: QRectF, data: BucketsData, locked: int | None, reached: bool
) -> None:
    """Names the panel, and above the bars what they measure."""
    rounds = data.labels.shape[0]
    title = say("one round") if rounds == 1 else say("{0} rounds, each sorted and chunked").format(rounds)
    line = QFontMetricsF(style.small).height()
    places = rounds_geometry(rect, rounds, line, data.round_share is not None)
    room = QRectF(rect)
    if places.bars is not None:
        room.setRight(places.bars.left() - 8.0)
        if locked is not None and reached:
            box = QRectF(places.bars.left(), rect.top(), places.bars.width(), line)
            draw_title(
                painter, style, box, say("share for {0}").format(quoted(data, locked)), shorter=(say("share"), "")
            )
    draw_title(painter, style, room, title, reached, (say("{0} rounds").format(rounds),))


def draw_shares(painter: QPainter, style: Style, rect: QRectF, data: BucketsData, locked: int, share: float) -> None:
    """How much of the locked token's output each round gives, grown to ``share``."""
    line = QFontMetricsF(style.small).height()
    places = rounds_geometry(rect, data.labels.shape[0], line, data.round_share is not None)
    if data.round_share is None or places.bars is None:
        return
    metrics = QFontMetricsF(style.tiny)
    text_width = metrics.horizontalAdvance("100 %") + 6.0
    room = max(places.bars.width() - text_width, 2.0)
    painter.setFont(style.tiny)
    for row, value in zip(places.rows, data.round_share[:, locked].tolist(), strict=True):
        height = min(row.height(), 14.0)
        track = QRectF(places.bars.left(), row.center().y() - height / 2, room, height)
        painter.fillRect(track, QColor(style.theme.raised))
        track.setWidth(room * value * share)
        painter.fillRect(track, QColor(style.theme.accent))
        if row.height() >= metrics.height() * 0.7:
            painter.setPen(QColor(style.theme.text))
            box = QRectF(places.bars.right() - text_width, row.center().y() - 8.0, text_width, 16.0)
            painter.drawText(box, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, f"{value * 100:.0f} %")


def mark_in_rounds(
    painter: QPainter, style: Style, rect: QRectF, layouts: list[RoundLayout], locked: int, with_shares: bool
) -> None:
    """Where the locked token lies in each round."""
    line = QFontMetricsF(style.small).height()
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(QColor(style.theme.text), 1.4))
    for row, layout in zip(rounds_geometry(rect, len(layouts), line, with_shares).rows, layouts, strict=True):
        pitch = row.width() / layout.slots
        x, width = row.left() + (float(layout.places[locked]) + 0.5) * pitch, max(pitch, 4.0)
        painter.drawRoundedRect(QRectF(x - width / 2, row.top() - 1.5, width, row.height() + 3.0), 2.0, 2.0)
