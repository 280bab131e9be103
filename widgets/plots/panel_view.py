"""One panel of a study as a widget: its picture is painted once, and what the pointer tells on top of it."""

from __future__ import annotations

from itertools import zip_longest

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QGuiApplication,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
    QResizeEvent,
)
from PySide6.QtWidgets import QToolTip, QWidget

from widgets.plots.panel_layout import PanelLayout, draw_panel, lay_out_panel, least_panel_height
from widgets.plots.picture import Picture, Pointed, draw_readout, translate
from widgets.plots.pictures import picture_of
from widgets.plots.plot_data import PlotPanel
from widgets.view_data import Theme

STEP = 2.0  # pixels that the keys try at a time until something else is there to be read


class PanelView(QWidget):
    """Draws a ``PlotPanel``. A better answer comes through ``set_panel``: nothing is made anew but the picture."""

    def __init__(
        self, panel: PlotPanel, theme: Theme, parent: QWidget | None = None, beside: tuple[PlotPanel, ...] = ()
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._panel = panel
        self._beside = beside
        self._picture = picture_of(panel, theme, beside)
        self._stale = False
        self._note_lines = 0  # the most there ever were at this width: a longer note moves the picture once
        self._still: tuple[tuple[float, ...], QPixmap] | None = None
        self._layout: PanelLayout | None = None
        self._least: dict[tuple[float, int], float] = {}  # the least height by width and lines of the note
        self._pointer: QPointF | None = None
        self._pointed: Pointed | None = None
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._name()

    @property
    def panel(self) -> PlotPanel:
        return self._panel

    @property
    def picture(self) -> Picture:
        return self._picture

    @property
    def pointed(self) -> Pointed | None:
        """What the pointer is on."""
        return self._pointed

    def set_panel(self, panel: PlotPanel, beside: tuple[PlotPanel, ...] = ()) -> None:
        """Show another answer to the same question; a resting pointer reads the new values.

        ``beside``: all panels of the answer; those of one series share their scales.
        """
        if panel is self._panel and all(old is new for old, new in zip_longest(self._beside, beside)):
            return
        self._note_lines = max(self._note_lines, len(self._laid_out().note)) if self.width() > 1 else 0
        self._panel, self._beside = panel, beside
        self._repaint_picture()
        self._name()

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self._repaint_picture()

    def set_stale(self, stale: bool) -> None:
        if stale != self._stale:
            self._stale = stale
            self._still = None
            self.update()

    def _repaint_picture(self) -> None:
        self._picture = picture_of(self._panel, self._theme, self._beside)
        self._still, self._layout = None, None
        self._least.clear()
        self._point_at(self._pointer)
        self.update()

    def _name(self) -> None:
        self.setAccessibleName(self._panel.title)
        self.setAccessibleDescription(" ".join(filter(None, (self._picture.spoken(), self._panel.note))))

    def least_height(self, width: float) -> float:
        key = (width, self._note_lines)
        if key not in self._least:
            self._least[key] = least_panel_height(self._panel, self._picture, width, self._note_lines)
        return self._least[key]

    def _laid_out(self) -> PanelLayout:
        if self._layout is None:
            self._layout = lay_out_panel(self._panel, self._picture, QRectF(self.rect()), self._note_lines)
        return self._layout

    def picture_rect(self) -> QRectF:
        """Where the picture lies within the panel."""
        return self._laid_out().picture

    def paint_onto(self, painter: QPainter, rect: QRectF, ratio: float) -> None:
        """The panel without pointer into any rectangle; the widget's own size plays no part."""
        picture = picture_of(self._panel, self._theme, self._beside)
        layout = lay_out_panel(self._panel, picture, rect)
        draw_panel(painter, layout, self._panel, picture, ratio, self._stale)

    # Drawing

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        ratio = self.devicePixelRatioF()
        key = (self.width(), self.height(), ratio)
        if self._still is None or self._still[0] != key:
            self._still = key, self._drawn(ratio)
        painter.drawPixmap(0, 0, self._still[1])
        if self._pointed is not None:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            picture = self._laid_out().picture
            self._picture.draw_pointed(painter, picture, self._pointed)
            if not self._pointed.card:
                room = QRectF(self.rect()).adjusted(4, 4, -4, -4)
                draw_readout(painter, room, self._pointed, self._theme)

        if self.hasFocus():
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(QColor(self._theme.focus), 1.5))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 7.5, 7.5)

    def _drawn(self, ratio: float) -> QPixmap:
        still = QPixmap(max(1, round(self.width() * ratio)), max(1, round(self.height() * ratio)))
        still.setDevicePixelRatio(ratio)
        still.fill(QColor(self._theme.background))
        painter = QPainter(still)
        painter.setRenderHint(QPainter.RenderHint.TextAntialiasing)
        draw_panel(painter, self._laid_out(), self._panel, self._picture, ratio, self._stale)
        painter.end()
        return still

    def resizeEvent(self, event: QResizeEvent) -> None:
        if event.size().width() != event.oldSize().width():
            self._note_lines = 0
        self._layout = None
        self._point_at(None)

    # The pointer

    def _point_at(self, point: QPointF | None) -> None:
        self._pointer = point
        pointed = None if point is None else self._picture.pointed(self._laid_out().picture, point)
        if (pointed and (pointed.key, pointed.at, pointed.rows)) != (
            self._pointed and (self._pointed.key, self._pointed.at, self._pointed.rows)
        ):
            self.update()
        if pointed is not None and pointed.card:
            self.setCursor(Qt.CursorShape.PointingHandCursor)
        else:
            self.unsetCursor()
        self._pointed = pointed

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._point_at(event.position())

    def leaveEvent(self, event: QEvent) -> None:
        self._point_at(None)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click on a number copies it with its card."""
        self._point_at(event.position())
        if event.button() == Qt.MouseButton.LeftButton:
            self._copy()

    def _copy(self) -> None:
        if self._pointed is not None and self._pointed.copied:
            QGuiApplication.clipboard().setText(self._pointed.copied)
            QToolTip.showText(self.mapToGlobal(self._pointed.at.toPoint()), translate("Copied"), self)

    # Keys

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows go from one thing that can be read to the next, Enter copies a number, Escape lets go."""
        ways = {
            Qt.Key.Key_Left: (-STEP, 0.0),
            Qt.Key.Key_Right: (STEP, 0.0),
            Qt.Key.Key_Up: (0.0, -STEP),
            Qt.Key.Key_Down: (0.0, STEP),
        }
        key = Qt.Key(event.key())
        if key in ways:
            self._walk(QPointF(*ways[key]))
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space) and self._pointed is not None:
            self._copy()
        elif key == Qt.Key.Key_Escape and self._pointed is not None:
            self._point_at(None)
        else:
            super().keyPressEvent(event)

    def _walk(self, step: QPointF) -> None:
        """On in one direction to where something else is pointed at; stays where there is nothing more."""
        picture = self._laid_out().picture
        before = self._pointed
        place = self._pointer if before is not None and self._pointer is not None else None
        if place is None:  # the nearest to where reading begins
            self._enter(picture)
            return
        while picture.contains(place + step):
            place = place + step
            pointed = self._picture.pointed(picture, place)
            if pointed is not None and before is not None and pointed.key != before.key:
                self._point_at(place)
                self._show_card()
                return

    def _enter(self, picture: QRectF) -> None:
        """To the first thing from the left, along the middle or, where nothing lies there, further up or down."""
        for share in (0.5, 0.25, 0.75, 0.1, 0.9):
            y = picture.top() + share * picture.height()
            for step in range(int(picture.width() / STEP)):
                place = QPointF(picture.left() + step * STEP, y)
                if self._picture.pointed(picture, place) is not None:
                    self._point_at(place)
                    self._show_card()
                    return

    def _show_card(self) -> None:
        if self._pointed is not None and self._pointed.card:
            QToolTip.showText(self.mapToGlobal(self._pointed.at.toPoint()), self._pointed.card, self)

    def focusInEvent(self, event: QFocusEvent) -> None:
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self._point_at(None)
        self.update()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            self._point_at(QPointF(event.pos()))
            card = self._pointed.card if self._pointed is not None else ""
            QToolTip.showText(event.globalPos(), card, self)
            return True
        return super().event(event)
