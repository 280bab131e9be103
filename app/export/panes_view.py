"""Several panes as one figure: a grid of their pictures, each with a letter and its title, and one colour bar."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace

from PySide6.QtCore import QCoreApplication, QPointF, QRectF
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter

from app.export.image import Paintable, body_font, good_height, line_height
from app.pane_heading import differing
from app.session import Pane
from engines.variants import variant_named
from widgets.colour_bar import draw_colour_bar
from widgets.given_words import said
from widgets.lettering import wrapped
from widgets.pane_area import GAP, MOST_PANES, places
from widgets.pattern_layout import BAR_SPACE, LINE
from widgets.pattern_view import PatternView
from widgets.view_data import Theme, WeightsData

LETTERS = ("(a)", "(b)", "(c)", "(d)")
TITLE_LINES = 3
BAR_LEFT, BAR_WIDTH = 14.0, 12.0


@dataclass(frozen=True)
class Panel:
    view: Paintable
    title: str


@dataclass(frozen=True)
class PanesView:
    """``weights`` has the scale that panels share: their own bars are gone, and one stands beside them all."""

    panels: tuple[Panel, ...]
    theme: Theme
    weights: WeightsData | None = None

    def paint_onto(self, painter: QPainter, rect: QRectF) -> None:
        """Row by row, as the window has them."""
        painter.fillRect(rect, QColor(self.theme.background))
        grid = rect.adjusted(0, 0, -self._beside(), 0)
        head, plots = self._head(grid.width()), []
        cells = places(len(self.panels), int(grid.width()), int(grid.height()))
        for letter, panel, cell in zip(LETTERS, self.panels, cells, strict=False):
            place = QRectF(cell).translated(grid.topLeft())
            picture = place.adjusted(0, head, 0, 0)
            panel.view.paint_onto(painter, picture)
            self._letter(painter, place, letter, panel.title)
            if isinstance(panel.view, PatternView):
                plots.append(panel.view.plot_in(picture))
        if self.weights is not None and plots:
            top, bottom = min(plot.top() for plot in plots), max(plot.bottom() for plot in plots)
            top = max(top, rect.top() + 2 * LINE)  # its name stands above it
            bar = QRectF(max(plot.right() for plot in plots) + BAR_LEFT, top, BAR_WIDTH, bottom - top)
            draw_colour_bar(painter, bar, self.weights, self.theme, False)

    def good_height(self, width: float) -> float:
        """How high the figure looks best at this width, in units of the layout."""
        inner = width - self._beside()
        rows, across = -(-len(self.panels) // self._columns()), self._across(inner)
        tallest = max(good_height(panel.view, across) for panel in self.panels)
        return rows * (self._head(inner) + tallest) + GAP * (rows - 1)

    def _columns(self) -> int:
        return 2 if len(self.panels) == MOST_PANES else len(self.panels)

    def _across(self, width: float) -> float:
        return (width - GAP * (self._columns() - 1)) / self._columns()

    def _beside(self) -> float:
        return BAR_SPACE if self.weights is not None else 0.0

    def _head(self, width: float) -> float:
        """What the longest title takes: all pictures begin at the same height."""
        font, room = body_font(self.theme), self._across(width) - self._indent()
        lines = max(len(wrapped(panel.title, font, room, TITLE_LINES)) for panel in self.panels)
        return max(lines, 1) * line_height(font) + 2.0

    def _indent(self) -> float:
        return QFontMetricsF(self._bold()).horizontalAdvance(LETTERS[0] + " ") + 2.0

    def _bold(self) -> QFont:
        font = body_font(self.theme)
        font.setWeight(QFont.Weight.DemiBold)
        return font

    def _letter(self, painter: QPainter, place: QRectF, letter: str, title: str) -> None:
        font = body_font(self.theme)
        line, indent = line_height(font), self._indent()
        painter.setPen(QColor(self.theme.text))
        painter.setFont(self._bold())
        start = place.topLeft() + QPointF(0.0, QFontMetricsF(font).ascent())
        painter.drawText(start, letter)
        painter.setFont(font)
        for number, words in enumerate(wrapped(title, font, place.width() - indent, TITLE_LINES)):
            painter.drawText(start + QPointF(indent, number * line), words)  # Chinese is higher than the line


def panes_view(views: Sequence[Paintable], panes: Sequence[Pane], theme: Theme) -> PanesView:
    """The panes' pictures with their titles; one bar for all where all weights have one scale, else one for each."""
    for letter, view in zip(LETTERS, views, strict=False):
        if isinstance(view, PatternView) and view.weights is not None and view.weights.signed:
            view.set_weights(replace(view.weights, name=f"{letter[1]} − {LETTERS[0][1]}"))
    weighed = [view for view in views if isinstance(view, PatternView) and view.weights is not None]
    shared = weighed[0].weights if len({scale_of(view.weights) for view in weighed}) == 1 else None
    for view in weighed:
        view.set_bar(shared is None)
    panels = tuple(Panel(view, pane_title(pane, panes)) for view, pane in zip(views, panes, strict=True))
    return PanesView(panels, theme, shared)


def scale_of(weights: WeightsData | None) -> tuple[object, ...]:
    """All that the colours depend on besides the values themselves."""
    cells = ("values", "row_edges", "column_edges")
    return tuple(getattr(weights, each.name) for each in fields(WeightsData) if each.name not in cells)


def with_one_scale(found: Sequence[WeightsData | None]) -> list[WeightsData | None]:
    """The weights with colours up to the strongest of all."""
    strongest = max((each.largest for each in found if each is not None), default=0.0)
    return [each and replace(each, largest=strongest) for each in found]


def pane_title(pane: Pane, panes: Sequence[Pane]) -> str:
    """The variant, and what tells the pane from the others."""
    return " · ".join((said(variant_named(pane.variant).label), *differing(pane, panes)))


def title_of_panes(panes: Sequence[Pane]) -> str:
    """What all panes have in common."""
    first = panes[0]
    if any((pane.layer, pane.head) != (first.layer, first.head) for pane in panes):
        return tr("{n} tokens").format(n=f"{first.length:,}")
    words = tr("{n} tokens · layer {layer}, head {head}")
    return words.format(n=f"{first.length:,}", layer=first.layer + 1, head=first.head + 1)


def lettered(captions: Sequence[str], apart: str = " ") -> str:
    """The captions behind their panels' letters."""
    return apart.join(f"{letter} {caption}" for letter, caption in zip(LETTERS, captions, strict=False))


def tr(text: str) -> str:
    return QCoreApplication.translate("caption", text)
