"""The kept pairs of n queries × n keys at any zoom, exactly: each pixel shows the share of its pairs that is kept."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QColor,
    QEnterEvent,
    QFocusEvent,
    QFont,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget

from widgets.lettering import lettering
from widgets.pair_sentence import pair_sentence, path_sentence
from widgets.pattern_layout import PatternLayout, good_height
from widgets.pattern_path import stops_of
from widgets.pattern_picture import grid_of, weight_indexes
from widgets.pattern_refinement import Refinement
from widgets.pattern_scene import Scene, composed, draw_scene, grid_in
from widgets.view_data import PatternData, Theme, WeightsData
from widgets.viewport import Viewport, whole

ZOOM_STEP = 0.8  # of one notch of the wheel
PAN_STEP = 0.1  # of what is in view, of one arrow key
CLICK_SLACK = 4.0  # logical pixels; a press that moves further is a drag


KEY_REASONS = (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason, Qt.FocusReason.ShortcutFocusReason)
"""The focus shows where keys brought it; where the pointer did, the eye is there already."""


class PatternView(QWidget):
    """Draws a ``PatternData``, or the ``WeightsData`` of its visible part.

    ``hovered(str)``: the pair under the pointer in words, empty when it leaves. ``row_locked(int)``: the position of
    the query the user chose, −1 for none. ``viewport_changed(row_edges, column_edges)``: integer edges of the cells in
    view (int64), at most once per turn of the event loop. ``zoomed(part)``: x0, x1, y0, y1 of the part that somebody
    has moved to, in tokens; empty for the whole.
    """

    hovered = Signal(str)
    row_locked = Signal(int)
    viewport_changed = Signal(object, object)
    zoomed = Signal(tuple)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme: Theme | None = None
        self._data: PatternData | None = None
        self._scene: Scene | None = None  # made as soon as there are a theme and data with pairs
        self._weights: WeightsData | None = None
        self._locked: int | None = None  # position among the keys, as the token strip counts
        self._pointer: QPointF | None = None
        self._drag_from: QPointF | None = None
        self._drag_view: Viewport | None = None
        self._dragging = False
        self._locked_before_click: int | None = None
        self._generation = 0
        self._drawn: tuple[object, QImage] | None = None
        self._announced: tuple[np.ndarray, np.ndarray] | None = None
        self._refinement = Refinement(self)
        self._refinement.changed.connect(self.update)
        self._announcer = QTimer(self, singleShot=True, interval=0)
        self._announcer.timeout.connect(self._announce)
        self._focus_by_keys = False
        self._why_empty = ""
        self._with_bar = True
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
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

    def show_part(self, part: tuple[float, ...]) -> None:
        """Shows what ``zoomed`` told."""
        if self._scene is not None and self._drag_from is None:
            coverage = self._scene.data.coverage
            self.set_viewport(Viewport(*part) if part else whole(coverage.queries, coverage.keys))

    def _tell_part(self) -> None:
        if self._scene is not None:
            view, all_of_it = self._scene.view, self._scene.shows_all
            self.zoomed.emit(() if all_of_it else (view.x0, view.x1, view.y0, view.y1))

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
        scene = replace(self._scene, focused=self.hasFocus() and self._focus_by_keys, locked=self._locked_row())
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

    def _changed(self) -> None:
        self._generation += 1
        self._view_moved()

    def _view_moved(self) -> None:
        """What lies under a resting pointer is another pair now."""
        if self._scene is not None:
            self._scene = replace(self._scene, hover=None)
            self._point_at(self._pointer)
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

    # Pointer and keys

    def _point_at(self, point: QPointF | None) -> None:
        self._pointer, scene = point, self._scene
        if scene is None:
            return
        layout = self._layout()
        hover, readout, stops = None, "", scene.stops
        if point is not None and layout.plot.contains(point):
            key, query = layout.token(scene.view, point)
            coverage = scene.data.coverage
            hover = (min(int(query), coverage.queries - 1), min(int(key), coverage.keys - 1))
            locked = self._locked_row()
            if hover != scene.hover or locked != scene.locked:
                stops = () if locked is None else stops_of(scene.data, locked, hover[1])
                readout = self._sentence(*hover) + path_sentence(scene.data, locked, hover[1], stops)
            else:
                readout = scene.readout
        else:
            locked, stops = scene.locked, ()
        self._scene = replace(scene, hover=hover, readout=readout, stops=stops, locked=locked)
        if readout != scene.readout:
            self.hovered.emit(readout)
        if hover != scene.hover:
            self.update()

    def _sentence(self, query: int, key: int) -> str:
        scene, edges = self._scene, self.visible_edges()
        assert scene is not None
        assert edges is not None
        rows, columns = edges
        row = min(int(np.searchsorted(rows, query, side="right")), len(rows) - 1)
        column = min(int(np.searchsorted(columns, key, side="right")), len(columns) - 1)
        cell = int(rows[row - 1]), int(rows[row]), int(columns[column - 1]), int(columns[column])
        return pair_sentence(scene.data, scene.weights, query, key, cell)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        scene, point = self._scene, event.position()
        if scene is None or self._drag_from is None or self._drag_view is None:
            self._point_at(point)
            return
        moved = point - self._drag_from
        if not self._dragging and moved.manhattanLength() > CLICK_SLACK:
            self._dragging = True
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
        if self._dragging:
            plot, view, coverage = self._layout().plot, self._drag_view, scene.data.coverage
            dx, dy = -moved.x() / plot.width() * view.width, -moved.y() / plot.height() * view.height
            self._pointer = point
            self._scene = replace(scene, view=view.panned(dx, dy, coverage.queries, coverage.keys))
            self._view_moved()
            self._tell_part()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if self._scene is None or event.button() != Qt.MouseButton.LeftButton:
            return
        if self._layout().plot.contains(event.position()):
            self._drag_from, self._drag_view, self._dragging = event.position(), self._scene.view, False
            self._locked_before_click = self._locked

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        pressed, dragged = self._drag_from is not None, self._dragging
        self._drag_from, self._drag_view, self._dragging = None, None, False
        self.unsetCursor()
        if event.button() != Qt.MouseButton.LeftButton or not pressed or dragged or self._scene is None:
            return
        self._point_at(event.position())
        if self._scene.hover is not None:
            position = self._scene.hover[0] + self._scene.data.query_offset
            self._lock(None if position == self._locked else position)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Shows the whole again, and takes back what the first of the two clicks locked."""
        if event.button() == Qt.MouseButton.LeftButton and self._scene is not None:
            self._drag_from = None
            self._lock(self._locked_before_click)
            self.show_all()

    def wheelEvent(self, event: QWheelEvent) -> None:
        notches = (event.angleDelta().y() or event.angleDelta().x()) / 120
        if self._scene is not None and notches:
            self._pointer = event.position()
            self._zoom(ZOOM_STEP**notches, event.position())
        event.accept()

    def leaveEvent(self, event: QEvent) -> None:
        self._point_at(None)

    def enterEvent(self, event: QEnterEvent) -> None:
        self._point_at(event.position())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        pans = {
            Qt.Key.Key_Left: (-PAN_STEP, 0.0),
            Qt.Key.Key_Right: (PAN_STEP, 0.0),
            Qt.Key.Key_Up: (0.0, -PAN_STEP),
            Qt.Key.Key_Down: (0.0, PAN_STEP),
        }
        if self._scene is None:
            super().keyPressEvent(event)
        elif key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal):
            self._zoom(ZOOM_STEP, self._layout().plot.center())
        elif key in (Qt.Key.Key_Minus, Qt.Key.Key_Underscore):
            self._zoom(1 / ZOOM_STEP, self._layout().plot.center())
        elif key == Qt.Key.Key_0:
            self.show_all()
        elif key in pans:
            self._pan(*pans[Qt.Key(key)])
        elif key == Qt.Key.Key_Escape and self._locked is not None:
            self._lock(None)
        else:
            super().keyPressEvent(event)

    def show_all(self) -> None:
        if self._scene is not None:
            coverage = self._scene.data.coverage
            self.set_viewport(whole(coverage.queries, coverage.keys))
            self._tell_part()

    def _zoom(self, factor: float, about: QPointF) -> None:
        assert self._scene is not None
        layout, view, coverage = self._layout(), self._scene.view, self._scene.data.coverage
        plot = layout.plot
        inside = QPointF(min(max(about.x(), plot.left()), plot.right()), min(max(about.y(), plot.top()), plot.bottom()))
        x, y = layout.token(view, inside)
        self._scene = replace(self._scene, view=view.zoomed(factor, x, y, coverage.queries, coverage.keys))
        self._view_moved()
        self._tell_part()

    def _pan(self, across: float, down: float) -> None:
        assert self._scene is not None
        view, coverage = self._scene.view, self._scene.data.coverage
        moved = view.panned(across * view.width, down * view.height, coverage.queries, coverage.keys)
        self.set_viewport(moved)
        self._tell_part()

    def _lock(self, position: int | None) -> None:
        if position != self._locked:
            self._locked = position
            self.row_locked.emit(-1 if position is None else position)
            self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._announcer.start()
        super().resizeEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        self._focus_by_keys = event.reason() in KEY_REASONS
        self.update()
        super().focusInEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self.update()
        super().focusOutEvent(event)


def _preview(theme: Theme) -> PatternView:
    view = PatternView()
    view.set_theme(theme)
    view.set_data(preview_pattern(4096, 256, theme.categories[0]))
    view.resize(800, 700)
    return view


if __name__ == "__main__":
    from widgets.preview import preview
    from widgets.preview_pattern import preview_pattern

    preview(_preview)
