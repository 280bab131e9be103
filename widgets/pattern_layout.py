"""Where the parts of the pattern's picture lie: gutters for the axes, the plot, a colour bar, two lines below."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF

from widgets.viewport import Viewport

MARGIN = 10.0
GUTTER = 74.0  # holds "1,048,576" and most words
LEAST_GUTTER = 58.0  # holds "query ↓" and "1,000"
LINE = 19.0  # height of a line below the plot
BAR_SPACE = 76.0  # what a bar beside the plot needs, with its labels
BAR_FOOT = 8.0 + 12.0 + LINE  # what one below it needs
BELOW_FROM = 1.15  # times as wide must the plot be with the bar below it
TICKS_ABOVE = 2 * LINE + 2.0  # what the names of the axes need above a plot with ticks
SMALL = 190.0  # below this a picture is a thumbnail: no axes, no words; on paper, which tells no more, a legend
SMALLEST_WITH_LEGEND = 110.0
FOOT = 2 * LINE + 6.0
NARROW = 420.0  # below this the words may be wider than the plot
MOST_ASPECT = 4.0  # one query against a million keys is not drawn as a hair


@dataclass(frozen=True)
class PatternLayout:
    """Places in logical pixels; ``ratio`` device pixels make one, and ``plot`` lies on whole device pixels."""

    plot: QRectF
    gutter: float  # to the left of the plot and above it; 0 where no axis is drawn
    bar: QRectF | None
    below: QRectF | None  # two lines of text
    width: int  # of the plot, in device pixels
    height: int
    ratio: float

    def place(self, view: Viewport, key: float, query: float) -> QPointF:
        """Where a point of the picture lies, rounded to device pixels as the cells are."""
        across = round((key - view.x0) / view.width * self.width)
        down = round((query - view.y0) / view.height * self.height)
        return QPointF(
            self.plot.left() + min(max(across, 0), self.width) / self.ratio,
            self.plot.top() + min(max(down, 0), self.height) / self.ratio,
        )

    def token(self, view: Viewport, point: QPointF) -> tuple[float, float]:
        """(key, query) under a point, in token units."""
        across = (point.x() - self.plot.left()) / self.plot.width()
        down = (point.y() - self.plot.top()) / self.plot.height()
        return view.x0 + across * view.width, view.y0 + down * view.height


def good_height(width: float, queries: int, keys: int, with_bar: bool, above: float = GUTTER) -> float:
    """The height at which the plot of a picture of this width fills it."""
    aspect = min(max(keys / queries, 1 / MOST_ASPECT), MOST_ASPECT)
    if width < SMALL:
        return (width - 4.0) / aspect + 4.0 + (FOOT if width >= SMALLEST_WITH_LEGEND else 0.0)
    gutter = max(min(GUTTER, 0.2 * width), LEAST_GUTTER)
    room = max(width - 2 * MARGIN - gutter - (BAR_SPACE if with_bar else 0.0), SMALL / 2)
    return room / aspect + 2 * MARGIN + min(gutter, above) + FOOT


def laid_out(
    rect: QRectF, queries: int, keys: int, with_bar: bool, ratio: float, above: float = GUTTER, printed: bool = False
) -> PatternLayout:
    """Fits the plot into ``rect``, with square pairs unless queries and keys differ by more than MOST_ASPECT.

    ``above`` is the most that is kept above the plot; a ``printed`` thumbnail has room for its legend.
    """
    least = min(rect.width(), rect.height())
    small = least < SMALL
    wordless = small and not (printed and least >= SMALLEST_WITH_LEGEND)
    gutter = 0.0 if small else max(min(GUTTER, 0.2 * min(rect.width(), rect.height())), LEAST_GUTTER)
    foot = 0.0 if wordless else FOOT
    margin = 2.0 if small else MARGIN
    around = rect.adjusted(margin + gutter, margin + min(gutter, above), -margin, -margin - foot)
    aspect = min(max(keys / queries, 1 / MOST_ASPECT), MOST_ASPECT)
    right = BAR_SPACE if with_bar and not small else 0.0
    room, lower = around.adjusted(0, 0, -right, 0), around.adjusted(0, 0, 0, -BAR_FOOT)
    lies = bool(right) and _widest(lower, aspect) > BELOW_FROM * _widest(room, aspect)
    if lies:
        room, right = lower, 0.0
    wide = _widest(room, aspect)
    width, height = max(1, round(wide * ratio)), max(1, round(wide / aspect * ratio))
    left = round((room.left() + max(0.0, room.width() - wide) / 2) * ratio) / ratio
    top = round((room.top() + max(0.0, room.height() - wide / aspect) / 2) * ratio) / ratio
    plot = QRectF(left, top, width / ratio, height / ratio)
    bar = QRectF(plot.right() + 14, plot.top(), 12, plot.height()) if right else None
    bar = QRectF(plot.left(), plot.bottom() + 8, plot.width(), 12) if lies else bar
    narrow = plot.width() < NARROW
    words_left = max(rect.left() + margin, plot.left() - gutter) if narrow else plot.left()
    words_right = min(rect.right() - margin, max(plot.right() + right, words_left + NARROW))
    below = QRectF(words_left, plot.bottom() + 6 + (BAR_FOOT if lies else 0), words_right - words_left, 2 * LINE)
    return PatternLayout(plot, gutter, bar, None if wordless else below, width, height, ratio)


def _widest(room: QRectF, aspect: float) -> float:
    """How wide a plot of this aspect may be."""
    return max(min(room.width(), room.height() * aspect), 1.0)
