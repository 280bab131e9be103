"""The kept pairs of n queries × n keys at any zoom, exactly: each pixel shows the share of its pairs that is kept.

The canvas draws; what a pointer and keys do to it is in ``widgets.pattern_view``.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from PySide6.QtCore import QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QFont, QImage, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from widgets.lettering import lettering
from widgets.pattern_layout import PatternLayout, good_height
from widgets.pattern_picture import grid_of, weight_indexes
from widgets.pattern_refinement import Refinement
from widgets.pattern_scene import Scene, composed, draw_scene, grid_in
from widgets.view_data import PatternData, Theme, WeightsData
from widgets.viewport import Viewport, whole


class PatternCanvas(QWidget):
    """Draws a ``PatternData``, or the ``WeightsData`` of its visible part.

    ``viewport_changed(row_edges, column_edges)``: integer edges of the cells in view (int64), at most once per turn of
    the event loop.
    """

    viewport_changed = Signal(object, object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme: Theme | None = None
        self._data: PatternData | None = None
        self._scene: Scene | None = None  # made as soon as there are a theme and data with pairs
        self._weights: WeightsData | None = None
        self._locked: int | None = None  # position among the keys, as the token strip counts
        self._generation = 0
        self._drawn: tuple[object, QImage] | None = None
        self._announced: tuple[np.ndarray, np.ndarray] | None = None
        self._refinement = Refinement(self)
        self._refinement.changed.connect(self.update)
        self._announcer = QTimer(self, singleShot=True, interval=0)
        self._announcer.timeout.connect(self._announce)
        self._why_empty = ""
        self._with_bar = True
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setAccessibleName(self.tr("Pattern: which keys each query reads"))

    # What to draw

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        if self._scene is None:
            self.set_data(self._data)
        else:
            self._scene = replace(self._scene, theme=theme)
            self._changed()

    def set_data(self, data: PatternData | None) -> None:
        """A view of the whole stays one when the length changes; a part of it moves to where there still are pairs.

        Another pattern's weights are not this one's: their cells look pending until ``set_weights`` brings new ones.
        """
        before = self._scene
        if before is not None and data == self._data:
            self._announcer.start()
            return
        if self._weights is not None and (
            self._data is None or data is None or data.coverage is not self._data.coverage
        ):
            nowhere = np.zeros(1, dtype=np.int64)
            empty = np.zeros((0, 0), dtype=np.float32)
            self._weights = replace(self._weights, values=empty, row_edges=nowhere, column_edges=nowhere)
        self._data = data
        self._scene = None
        if data is not None and self._theme is not None and data.coverage.queries and data.coverage.keys:
            queries, keys = data.coverage.queries, data.coverage.keys
            view = whole(queries, keys)
            if before is not None and not before.shows_all:
                view = before.view.clamped(queries, keys)
            self._scene = Scene(data, self._theme, view)
            self._announced = None
        self.setAccessibleDescription(data.caption if data is not None else "")
        self.set_weights(self._weights)

    def set_why_empty(self, sentence: str) -> None:
        """What to say where there is nothing to draw; empty for the usual sentence."""
        self._why_empty = sentence
        if self._scene is None:
            self.update()

    def set_weights(self, weights: WeightsData | None) -> None:
        """Draws weights instead of the pattern, or (None) the pattern again. Cells that were not given look pending."""
        self._weights = weights
        if self._scene is not None:
            levels = None if weights is None else weight_indexes(weights)
            self._scene = replace(self._scene, weights=weights, weight_levels=levels)
        self._changed()

    @property
    def weights(self) -> WeightsData | None:
        """The weights that are drawn; None where the pattern is."""
        return self._weights

    def set_locked(self, position: int | None) -> None:
        """Outlines the row of the query at ``position``; emits nothing."""
        self._locked = position
        self.update()

    def locked(self) -> int | None:
        return self._locked

    def viewport(self) -> Viewport | None:
        return None if self._scene is None else self._scene.view

    def set_viewport(self, view: Viewport) -> None:
        """Shows a part of the picture, as near to ``view`` as its borders and proportions allow."""
        if self._scene is None:
            return
        coverage = self._scene.data.coverage
        self._scene = replace(self._scene, view=view.clamped(coverage.queries, coverage.keys))
        self._view_moved()

    def frame_onto(self, painter: QPainter, rect: QRectF) -> None:
        """Draws what the window shows at that size, without pointer and focus: for films, in which nothing may jump."""
        if self._scene is None:
            self._draw_empty(painter, rect)
            return
        device = painter.device()
        ratio = painter.worldTransform().m11() * (device.devicePixelRatioF() if device else 1.0)
        scene = replace(self._scene, hover=None, readout="", stops=(), focused=False, locked=self._locked_row())
        layout = scene.laid_out(rect, ratio)
        painter.save()
        draw_scene(painter, rect, scene, layout, composed(scene, layout))
        painter.restore()

    def visible_edges(self) -> tuple[np.ndarray, np.ndarray] | None:
        """(row edges, column edges) of the cells in view, as ``viewport_changed`` gives them."""
        if self._scene is None:
            return None
        layout, coverage = self._layout(), self._scene.data.coverage
        grid = grid_of(self._scene.view, layout.width, layout.height, coverage.queries, coverage.keys, layout.ratio)
        return grid.row_edges, grid.column_edges

    def paint_onto(self, painter: QPainter, rect: QRectF, ratio: float | None = None) -> None:
        """Draws the picture into ``rect`` of any painter, without pointer and focus; the widget need not be shown.

        ``ratio`` device pixels make a logical one (default: as the painter is scaled). Equal data, equal pixels.
        """
        if ratio is None:
            device = painter.device()
            ratio = painter.worldTransform().m11() * (device.devicePixelRatioF() if device else 1.0)
        if self._scene is None:
            self._draw_empty(painter, rect)
            return
        scene = replace(self._scene, hover=None, readout="", stops=(), focused=False, locked=self._locked_row())
        scene = replace(scene, printed=True, with_bar=self._with_bar)
        layout = scene.laid_out(rect, ratio)
        painter.save()
        draw_scene(painter, rect, scene, layout, composed(scene, layout))
        painter.restore()

    def set_bar(self, shown: bool) -> None:
        """Whether weights have a colour bar of their own in a file."""
        self._with_bar = shown

    def plot_in(self, rect: QRectF) -> QRectF:
        """Where the plot itself stands when the picture is painted into ``rect`` of a file."""
        if self._scene is None:
            return rect
        return replace(self._scene, printed=True, with_bar=self._with_bar).laid_out(rect, 1.0).plot

    def good_height(self, width: float) -> float:
        """How high a file's picture of this width looks best."""
        if self._scene is None:
            return width / 2
        coverage = self._scene.data.coverage
        above = self._scene.above(width)
        return good_height(width, coverage.queries, coverage.keys, self._weights is not None and self._with_bar, above)

    def sizeHint(self) -> QSize:
        return QSize(640, 640)

    def minimumSizeHint(self) -> QSize:
        return QSize(96, 96)

    # Drawing

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        rect = QRectF(self.rect())
        if self._scene is None:
            self._refinement.stop()
            self._draw_empty(painter, rect)
            return
        layout = self._layout()
        scene = replace(self._scene, focused=self._focus_shown(), locked=self._locked_row())
        shares = self._refinement.shares(scene.data.coverage, grid_in(scene, layout))
        key = (self._generation, scene.view, layout.width, layout.height, layout.ratio, self._refinement.version)
        if self._drawn is None or self._drawn[0] != key:
            self._drawn = (key, composed(scene, layout, shares))
        scene = replace(scene, exact=self._refinement.exact)
        draw_scene(painter, rect, scene, layout, self._drawn[1])

    def _draw_empty(self, painter: QPainter, rect: QRectF) -> None:
        if self._theme is None:
            return
        painter.fillRect(rect, QColor(self._theme.background))
        painter.setPen(QColor(self._theme.muted))
        painter.setFont(lettering(QFont(), self._theme.body_points))
        words = self._why_empty or self.tr("No pairs to show yet. Type or open a text, and they appear here.")
        flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
        painter.drawText(rect.adjusted(16, 16, -16, -16), flags, words)

    def _layout(self) -> PatternLayout:
        assert self._scene is not None
        return self._scene.laid_out(QRectF(self.rect()), self.devicePixelRatioF())

    def _locked_row(self) -> int | None:
        if self._scene is None or self._locked is None:
            return None
        row = self._locked - self._scene.data.query_offset
        return row if 0 <= row < self._scene.data.coverage.queries else None

    def _focus_shown(self) -> bool:
        """Whether the keyboard's focus is drawn around the picture."""
        return False

    def _changed(self) -> None:
        self._generation += 1
        self._view_moved()

    def _view_moved(self) -> None:
        self._announcer.start()
        self.update()

    def _announce(self) -> None:
        edges = self.visible_edges()
        if edges is None:
            return
        before = self._announced
        if before is None or not all(np.array_equal(old, new) for old, new in zip(before, edges, strict=True)):
            self._announced = edges
            self.viewport_changed.emit(*edges)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._announcer.start()
        super().resizeEvent(event)
