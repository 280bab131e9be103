"""A study's answer: its panels in rows that fill the view, each a picture with its title and its note."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QScrollArea, QVBoxLayout, QWidget

from widgets.batched_drawing import keep_within
from widgets.lettering import lettering, wrapped
from widgets.plots.plot_data import StudyData
from widgets.view_data import Theme

if TYPE_CHECKING:  # the pictures are loaded when there is one to draw, not with the window
    from widgets.plots.arrangement import Arrangement, Place
    from widgets.plots.panel_view import PanelView

MARGIN = 12.0
MARK_GAP = 12.0
SCROLL_BAR = 12  # pixels kept free for the scroll bar where the panels need more than the view's height
MORE_ROOM = 0.15  # of its width that a row of an exported page is higher than it must be
SMALLEST_PRINT = 0.4  # the scale below which an exported page shrinks no further


class _Page(QWidget):
    """What scrolls: the head line and the panels."""

    def __init__(self, view: StudyView) -> None:
        super().__init__()
        self._view = view

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        self._view.paint_page(painter, QRectF(self.rect()))


class StudyView(QWidget):
    """Draws a ``StudyData``. An answer with the same panels goes into the panels that are there; none of them moves."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme: Theme | None = None
        self._data: StudyData | None = None
        self._why_empty = ""
        self._panels: list[PanelView] = []
        self._page = _Page(self)
        self._scroll = QScrollArea(self)
        self._scroll.setWidget(self._page)
        self._scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.viewport().setAutoFillBackground(False)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._scroll)
        for named in (self, self._scroll):
            named.setAccessibleName(self.tr("Study of the run"))

    # What to draw

    def set_theme(self, theme: Theme) -> None:
        first = self._theme is None
        self._theme = theme
        for panel in self._panels:
            panel.set_theme(theme)
        if first:
            self.set_data(self._data)
        self._place()

    def set_data(self, data: StudyData | None) -> None:
        """Show an answer, or (None) that there is none. Panels of the same kinds and titles stay in place."""
        before, self._data = self._data, data
        panels = data.panels if data is not None else ()
        if self._theme is None:
            return
        if [_structure(view.panel) for view in self._panels] == [_structure(panel) for panel in panels]:
            for view, panel in zip(self._panels, panels, strict=True):
                view.set_panel(panel, panels)
        else:
            self._replace()
        for view in self._panels:
            view.set_stale(data is not None and data.stale)
        if before is None or data is None or len(before.panels) != len(data.panels):
            self._scroll.verticalScrollBar().setValue(0)
        self.setAccessibleDescription(self._spoken())
        self._place()

    def set_why_empty(self, sentence: str) -> None:
        """What to say where there is nothing to draw; empty for the usual sentence."""
        self._why_empty = sentence
        self._page.update()

    @property
    def panels(self) -> tuple[PanelView, ...]:
        return tuple(self._panels)

    def _replace(self) -> None:
        from widgets.plots.panel_view import PanelView

        for view in self._panels:
            view.hide()
            view.deleteLater()
        assert self._theme is not None
        panels = self._data.panels if self._data is not None else ()
        self._panels = [PanelView(panel, self._theme, self._page, panels) for panel in panels]
        for view in self._panels:
            view.show()

    def _spoken(self) -> str:
        if self._data is None or not self._panels:
            return self._empty_words()
        words = self._data.help or "; ".join(panel.title for panel in self._data.panels)
        return " ".join(filter(None, (words, self._mark())))

    def _empty_words(self) -> str:
        if self._data is not None and self._data.working:
            return self.tr("Computing the first answer …")
        return self._why_empty or self.tr("Nothing to show yet. It is computed when there is a finished run.")

    # Places

    def sizeHint(self) -> QSize:
        return QSize(800, 600)

    def minimumSizeHint(self) -> QSize:
        return QSize(240, 160)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._place()

    def _place(self) -> None:
        """Arranges the panels in the view; where they need more than its height, in what the scroll bar leaves."""
        width, height = self.width(), self.height()
        arrangement, top = self._arranged(width, height)
        needed = top + arrangement.height + MARGIN if arrangement is not None else 0.0
        if needed > height + 0.5:
            width -= SCROLL_BAR
            arrangement, top = self._arranged(width, height)
            needed = top + arrangement.height + MARGIN if arrangement is not None else 0.0
        self._page.resize(width, max(height, round(needed)))
        if arrangement is not None:
            for view, place in zip(self._panels, arrangement.places, strict=True):
                left, right = round(MARGIN + place.x), round(MARGIN + place.x + place.width)
                upper, lower = round(top + place.y), round(top + place.y + place.height)
                view.setGeometry(left, upper, right - left, lower - upper)
        self._page.update()

    def _arranged(self, width: float, height: float, bare: bool = False) -> tuple[Arrangement | None, float]:
        """Where the panels lie below ``top`` in a page of this size, and ``top``; ``bare``: without a head line."""
        if not self._panels:
            return None, 0.0
        from widgets.plots.arrangement import Wish, arrange

        top = 0.0 if bare else self._head_height(width)
        wishes = [Wish(view.picture.aspects, view.least_height, view.picture.compact) for view in self._panels]
        return arrange(wishes, max(1.0, width - 2 * MARGIN), max(1.0, height - top - MARGIN)), top

    # The head line

    def _small(self) -> QFont:
        assert self._theme is not None
        return lettering(QFont(), self._theme.small_points)

    def _mark(self) -> str:
        """Stale, or being refined; empty when neither."""
        if self._data is None or not self._panels:
            return ""
        return self.tr("stale") if self._data.stale else self.tr("refining …") if self._data.working else ""

    def _head(self, width: float) -> list[str]:
        """What the study shows, in lines; room for the marks is kept beside them."""
        metrics = QFontMetricsF(self._small())
        marks = max(metrics.horizontalAdvance(words) for words in (self.tr("stale"), self.tr("refining …")))
        words = self._data.help if self._data is not None else ""
        return wrapped(words, self._small(), width - 2 * MARGIN - marks - 14 - MARK_GAP, 6) if words else []

    def _head_height(self, width: float) -> float:
        line = QFontMetricsF(self._small()).height()
        return 8 + max(1, len(self._head(width))) * line + 8

    def _draw_head(self, painter: QPainter, rect: QRectF) -> None:
        theme, metrics = self._theme, QFontMetricsF(self._small())
        assert theme is not None
        line = metrics.height()
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(self._small())
        painter.setPen(QColor(theme.muted))
        left = rect.left() + MARGIN + 2
        for index, words in enumerate(self._head(rect.width())):
            painter.drawText(QPointF(left, rect.top() + 8 + index * line + metrics.ascent()), words)
        mark = self._mark()
        if mark:
            stale = self._data is not None and self._data.stale
            width = metrics.horizontalAdvance(mark) + 14
            box = QRectF(rect.right() - MARGIN - width, rect.top() + 6, width, line + 3)
            if stale:
                painter.setPen(QPen(QColor(theme.warning), 1))
                painter.setBrush(QColor(theme.surface))
                painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
            painter.setPen(QColor(theme.warning if stale else theme.muted))
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, mark)
        painter.restore()

    # Drawing

    def paint_page(self, painter: QPainter, rect: QRectF) -> None:
        """The ground, and the head line or why there is nothing; the panels paint themselves."""
        if self._theme is None:
            return
        painter.fillRect(rect, QColor(self._theme.background))
        if self._panels:
            self._draw_head(painter, rect)
            return
        painter.setPen(QColor(self._theme.muted))
        painter.setFont(lettering(QFont(), self._theme.body_points))
        flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
        painter.drawText(rect.adjusted(16, 16, -16, -16), flags, self._empty_words())

    def good_height(self, width: float) -> float:
        """How high the page is at this width when every panel has more room than it needs."""
        bare = self._data is None or not (self._data.help or self._mark())
        arrangement, top = self._arranged(width + 2 * MARGIN, 1.0, bare=bare)
        if arrangement is None:
            return width / 2
        drawn = zip(self._panels, arrangement.places, strict=True)
        rows = {place.y: place.width for view, place in drawn if not view.picture.compact}
        return top + arrangement.height + sum(MORE_ROOM * wide for wide in rows.values())

    def places_on(self, width: float, height: float) -> tuple[Place, ...]:
        """Where the panels lie in a picture of this size."""
        bare = self._data is None or not (self._data.help or self._mark())
        arrangement, _ = self._arranged(width + 2 * MARGIN, height + MARGIN, bare=bare)
        return arrangement.places if arrangement is not None else ()

    def paint_onto(self, painter: QPainter, rect: QRectF, ratio: float | None = None) -> None:
        """Draws all panels into ``rect`` of any painter; the widget need not be shown. Equal data, equal pixels.

        Where they need more than its height, the page is made larger and shrunk, so that nothing is cut off.
        """
        if ratio is None:
            device = painter.device()
            ratio = painter.worldTransform().m11() * (device.devicePixelRatioF() if device else 1.0)
        scale, bare = 1.0, self._data is None or not (self._data.help or self._mark())
        while True:  # the page has margins of its own: left, right and below they lie outside of ``rect``
            width, height = rect.width() / scale + 2 * MARGIN, rect.height() / scale + MARGIN
            arrangement, top = self._arranged(width, height, bare=bare)
            needed = top + arrangement.height + MARGIN if arrangement is not None else 0.0
            if needed <= height + 0.5 or scale <= SMALLEST_PRINT:
                break
            scale *= 0.94
        painter.save()
        keep_within(painter, rect)
        painter.translate(rect.topLeft())
        painter.scale(scale, scale)
        painter.translate(-MARGIN, 0)
        self.paint_page(painter, QRectF(0, 0, width, height))
        if arrangement is not None:
            for view, place in zip(self._panels, arrangement.places, strict=True):
                box = QRectF(MARGIN + place.x, top + place.y, place.width, place.height)
                view.paint_onto(painter, box, ratio * scale)
        painter.restore()


def _structure(panel: object) -> tuple[object, ...]:
    """What makes a better answer the same panel: the kind of its plot and its title."""
    return type(getattr(panel, "plot", None)), getattr(panel, "title", "")


def _preview(theme: Theme) -> StudyView:
    view = StudyView()
    view.set_theme(theme)
    view.set_data(preview_study(theme))
    view.resize(1200, 800)
    return view


if __name__ == "__main__":
    from widgets.plots.preview_study import preview_study
    from widgets.preview import preview

    preview(_preview)
