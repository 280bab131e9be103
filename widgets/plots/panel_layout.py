"""What surrounds a panel's picture: title, badge, legend, note; where each lies, and how it is painted."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen

from widgets.lettering import elided, lettering, wrapped
from widgets.plots.picture import CENTRE, LEFT, SWATCH, LegendEntry, Picture, draw_sign, translate
from widgets.plots.plot_data import PlotPanel
from widgets.view_data import Theme

MARGIN = 14.0
TITLE_LINES, LEGEND_ROWS = 3, 12  # a picture in print has nothing but its legend to say which line is which
BETWEEN = 16.0  # two entries of a legend
ENTRY_LINES = 3  # of one entry of a legend
DIMMED = 0.45  # of what belongs to an earlier run
REST = LegendEntry("", "", "line")  # words without a sign of their own


@dataclass(frozen=True)
class PanelLayout:
    """Everything in its place within one panel."""

    card: QRectF
    title: tuple[tuple[str, QRectF], ...]
    badge: QRectF | None
    legend: tuple[tuple[LegendEntry, str, QRectF], ...]  # entry, its words as they fit, place
    picture: QRectF
    note: tuple[tuple[str, QRectF], ...]


def badge_words() -> str:
    return translate("reconstructed for display")


def lay_out_panel(panel: PlotPanel, picture: Picture, rect: QRectF, note_lines: int = 0) -> PanelLayout:
    """The parts of a panel that fills ``rect``; room is kept for at least ``note_lines`` lines of the note."""
    theme = picture.theme
    title_font, small = lettering(QFont(), theme.title_points, bold=True), lettering(QFont(), theme.small_points)
    line, title_line = QFontMetricsF(small).height(), QFontMetricsF(title_font).height()
    left, top, width = rect.left() + MARGIN, rect.top() + 11.0, rect.width() - 2 * MARGIN
    badge_width = QFontMetricsF(small).horizontalAdvance(badge_words()) + 16 if panel.reconstructed else 0.0
    beside = panel.reconstructed and (
        QFontMetricsF(title_font).horizontalAdvance(panel.title) + 12 + badge_width <= width
    )
    title = []
    for words in wrapped(panel.title, title_font, width - 2, TITLE_LINES):
        title.append((words, QRectF(left, top, width, title_line)))
        top += title_line
    badge = None
    if panel.reconstructed:
        at = QRectF(left + width - badge_width, rect.top() + 10, badge_width, line + 3)
        badge = at if beside else QRectF(left, top + 3, min(badge_width, width), line + 3)
        top += 0.0 if beside else line + 7
    top += 7 if picture.compact else 4
    legend = _legend(picture.legend(), small, left, top, width)
    if legend:
        top = legend[-1][2].bottom() + 5
    note_words = wrapped(panel.note, small, width - 2, 1000) if panel.note else []
    kept = max(len(note_words), note_lines)
    note_top = rect.bottom() - 10 - kept * line
    note = tuple((words, QRectF(left, note_top + at * line, width, line)) for at, words in enumerate(note_words))
    bottom = note_top - 7 if kept else rect.bottom() - 12
    return PanelLayout(
        QRectF(rect), tuple(title), badge, legend, QRectF(left, top, width, max(1.0, bottom - top)), note
    )


def _legend(
    entries: tuple[LegendEntry, ...], font: QFont, left: float, top: float, width: float
) -> tuple[tuple[LegendEntry, str, QRectF], ...]:
    """Entries in rows from the left; what would need too many rows is counted at the end."""
    metrics = QFontMetricsF(font)
    line = metrics.height() + 3
    more_width = metrics.horizontalAdvance(translate("+ {count} more").format(count=99)) + BETWEEN
    placed: list[tuple[LegendEntry, str, QRectF]] = []
    x, row = left, 0
    for index, entry in enumerate(entries):
        lines = wrapped(entry.words, font, width - SWATCH - 6, ENTRY_LINES) or [""]
        wide = SWATCH + 6 + max(map(metrics.horizontalAdvance, lines))
        last = index == len(entries) - 1
        room = left + width - (more_width if row == LEGEND_ROWS - 1 and not last else 0.0)
        if x > left and x + wide > room:
            if row == LEGEND_ROWS - 1:
                said = translate("+ {count} more").format(count=len(entries) - index)
                placed.append((REST, said, QRectF(x, top + row * line, metrics.horizontalAdvance(said) + 2, line)))
                break
            x, row = left, row + 1
        placed.append((entry, lines[0], QRectF(x, top + row * line, wide, line)))
        for words in lines[1:]:
            row += 1
            placed.append((REST, words, QRectF(x + SWATCH + 6, top + row * line, wide - SWATCH - 6, line)))
        x += wide + BETWEEN if len(lines) == 1 else width
    return tuple(placed)


def least_panel_height(panel: PlotPanel, picture: Picture, width: float, note_lines: int = 0) -> float:
    """The height that a panel of ``width`` needs for all its words and a picture that can be read."""
    tall = lay_out_panel(panel, picture, QRectF(0, 0, width, 4000), note_lines)
    return 4000 - tall.picture.height() + picture.least_height(tall.picture.width())


def draw_around(painter: QPainter, layout: PanelLayout, panel: PlotPanel, theme: Theme) -> None:
    """The card, title, badge, legend and note; the picture comes after."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(theme.surface))
    painter.drawRoundedRect(layout.card, 8, 8)
    painter.setFont(lettering(QFont(), theme.title_points, bold=True))
    painter.setPen(QColor(theme.text))
    for words, place in layout.title:
        painter.drawText(place, LEFT, words)
    small = lettering(QFont(), theme.small_points)
    painter.setFont(small)
    if layout.badge is not None:
        painter.setPen(QPen(QColor(theme.predicted), 1.2, Qt.PenStyle.DotLine))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(layout.badge.adjusted(0.5, 0.5, -0.5, -0.5), 5, 5)
        painter.setPen(QColor(theme.predicted))
        painter.drawText(layout.badge, CENTRE, elided(badge_words(), small, layout.badge.width() - 8))
    for entry, words, place in layout.legend:
        if entry.words:
            draw_sign(painter, entry, place.left(), place.center().y(), theme)
        painter.setPen(QColor(theme.muted))
        painter.drawText(place.adjusted(SWATCH + 6 if entry.words else 0, 0, 4, 0), LEFT, words)
    painter.setPen(QColor(theme.muted))
    for words, place in layout.note:
        painter.drawText(place, LEFT, words)
    painter.restore()


def draw_panel(
    painter: QPainter, layout: PanelLayout, panel: PlotPanel, picture: Picture, ratio: float, stale: bool
) -> None:
    """The whole panel without a pointer; ``stale`` dims the picture."""
    draw_around(painter, layout, panel, picture.theme)
    painter.save()
    if stale:
        painter.setOpacity(painter.opacity() * DIMMED)
    picture.draw(painter, layout.picture, ratio)
    painter.restore()
