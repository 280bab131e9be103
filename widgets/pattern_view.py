"""The pattern under a pointer and keys: zoom, pan, lock a query, read a pair."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from PySide6.QtCore import QEvent, QPointF, Qt, Signal
from PySide6.QtGui import QEnterEvent, QFocusEvent, QKeyEvent, QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QWidget

from widgets.pair_sentence import pair_sentence, path_sentence
from widgets.pattern_canvas import PatternCanvas
from widgets.pattern_path import stops_of
from widgets.view_data import Theme
from widgets.viewport import Viewport, whole

ZOOM_STEP = 0.8  # of one notch of the wheel
PAN_STEP = 0.1  # of what is in view, of one arrow key
CLICK_SLACK = 4.0  # logical pixels; a press that moves further is a drag


KEY_REASONS = (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason, Qt.FocusReason.ShortcutFocusReason)
"""The focus shows where keys brought it; where the pointer did, the eye is there already."""


class PatternView(PatternCanvas):
    """A pattern that somebody can move about in.

    ``hovered(str)``: the pair under the pointer in words, empty when it leaves. ``row_locked(int)``: the position of
    the query the user chose, −1 for none. ``zoomed(part)``: x0, x1, y0, y1 of the part that somebody has moved to, in
    tokens; empty for the whole.
    """

    hovered = Signal(str)
    row_locked = Signal(int)
    zoomed = Signal(tuple)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._pointer: QPointF | None = None
        self._drag_from: QPointF | None = None
        self._drag_view: Viewport | None = None
        self._dragging = False
        self._locked_before_click: int | None = None
        self._focus_by_keys = False
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def show_part(self, part: tuple[float, ...]) -> None:
        """Shows what ``zoomed`` told."""
        if self._scene is not None and self._drag_from is None:
            coverage = self._scene.data.coverage
            self.set_viewport(Viewport(*part) if part else whole(coverage.queries, coverage.keys))

    def _tell_part(self) -> None:
        if self._scene is not None:
            view, all_of_it = self._scene.view, self._scene.shows_all
            self.zoomed.emit(() if all_of_it else (view.x0, view.x1, view.y0, view.y1))

    def _view_moved(self) -> None:
        """What lies under a resting pointer is another pair now."""
        if self._scene is not None:
            self._scene = replace(self._scene, hover=None)
            self._point_at(self._pointer)
        super()._view_moved()

    def _focus_shown(self) -> bool:
        return self.hasFocus() and self._focus_by_keys

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
