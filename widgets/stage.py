"""The stage: the panes alone on a whole screen, everything larger, a caption below, the pointer seen from the back row.

The panes are shown through a graphics view that scales them, so that type and lines grow alike and stay crisp.
"""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetricsF,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPen,
    QRadialGradient,
    QResizeEvent,
)
from PySide6.QtWidgets import QFrame, QGraphicsProxyWidget, QGraphicsScene, QGraphicsView, QWidget

from widgets.lettering import lettering
from widgets.view_data import Theme

LOGICAL_HEIGHT = 640.0  # what a screen's height holds: so much larger is everything than in a window
CAPTION_POINTS = 13.0
CAPTION_LINES = 3
MARGIN = 20.0
HALO = 34.0  # radius around the pointer


class Stage(QGraphicsView):
    """``left`` when somebody wants to leave. Lengths below are those before scaling."""

    left = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.theme = theme
        self.caption = self.place = ""
        self.black = False
        self.pointer: QPointF | None = None
        self.area: QWidget | None = None
        self.proxy: QGraphicsProxyWidget | None = None
        self.setScene(QGraphicsScene(self))
        self.setWindowTitle("Attnscope")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setViewportUpdateMode(QGraphicsView.ViewportUpdateMode.FullViewportUpdate)
        self.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.TextAntialiasing)
        self.viewport().setMouseTracking(True)
        self.viewport().setCursor(Qt.CursorShape.BlankCursor)
        self.setAccessibleName(self.tr("Stage"))
        self.set_theme(theme)

    def lend(self, area: QWidget) -> None:
        """Show a widget here; it must have no parent."""
        self.area = area
        self.proxy = self.scene().addWidget(area)
        self.fit()

    def give_back(self) -> QWidget | None:
        """The widget, without a parent again."""
        area, self.area = self.area, None
        if self.proxy is not None:
            self.proxy.setWidget(None)  # type: ignore[arg-type]
            self.scene().removeItem(self.proxy)
            self.proxy = None
        return area

    def set_theme(self, theme: Theme) -> None:
        self.theme = theme
        self.setBackgroundBrush(QColor(theme.surface))
        self.viewport().update()

    def set_caption(self, caption: str, place: str) -> None:
        """The sentence below the picture, and where in the story it stands ("3 / 8")."""
        if (caption, place) != (self.caption, self.place):
            self.caption, self.place = caption, place
            self.setAccessibleDescription(caption)
            self.fit()

    def set_black(self, black: bool) -> None:
        """Nothing but black, so that all look at the speaker."""
        self.black = black
        self.viewport().update()

    def factor(self) -> float:
        return max(1.0, self.height() / LOGICAL_HEIGHT)

    def caption_font(self) -> QFont:
        return lettering(QFont(self.font()), CAPTION_POINTS, bold=True)

    def foot(self) -> float:
        """The height that caption and place take, before scaling."""
        if not self.caption and not self.place:
            return MARGIN
        metrics, width = QFontMetricsF(self.caption_font()), self.width() / self.factor() - 2 * MARGIN - 60
        flags = Qt.TextFlag.TextWordWrap
        needed = metrics.boundingRect(QRectF(0, 0, width, 1000), flags, self.caption or " ").height()
        return min(needed, CAPTION_LINES * metrics.lineSpacing()) + 2 * MARGIN

    def fit(self) -> None:
        """The widget in all of the screen but the foot."""
        factor = self.factor()
        self.setSceneRect(0, 0, self.width(), self.height())
        if self.proxy is not None and self.area is not None:
            self.proxy.setScale(factor)
            self.proxy.setPos(MARGIN * factor, MARGIN * factor)
            width, height = self.width() / factor - 2 * MARGIN, self.height() / factor - MARGIN - self.foot()
            self.area.resize(max(96, int(width)), max(96, int(height)))
        self.viewport().update()

    def drawForeground(self, painter: QPainter, rect: QRectF | object) -> None:
        painter.save()
        painter.resetTransform()
        factor = self.factor()
        if self.black:
            painter.fillRect(self.viewport().rect(), QColor("#000000"))
        else:
            painter.scale(factor, factor)
            self.draw_foot(painter, QRectF(0, 0, self.width() / factor, self.height() / factor))
            if self.pointer is not None:
                self.draw_pointer(painter, self.pointer / factor)
        painter.restore()

    def draw_foot(self, painter: QPainter, page: QRectF) -> None:
        foot = QRectF(MARGIN, page.height() - self.foot() + MARGIN, page.width() - 2 * MARGIN, self.foot() - 2 * MARGIN)
        painter.setFont(self.caption_font())
        painter.setPen(QColor(self.theme.text))
        flags = Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(foot.adjusted(0, 0, -60, 0), flags, self.caption)
        painter.setPen(QColor(self.theme.muted))
        painter.drawText(foot, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, self.place)

    def draw_pointer(self, painter: QPainter, at: QPointF) -> None:
        """A halo that is seen from the back row, and a dot where it points."""
        halo = QRadialGradient(at, HALO)
        colour = QColor(self.theme.warning)
        for stop, alpha in ((0.0, 110), (0.75, 60), (1.0, 0)):
            colour.setAlpha(alpha)
            halo.setColorAt(stop, colour)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(halo)
        painter.drawEllipse(at, HALO, HALO)
        painter.setBrush(QColor(self.theme.warning))
        painter.setPen(QPen(QColor(self.theme.background), 1.5))
        painter.drawEllipse(at, 4.0, 4.0)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self.pointer = event.position()
        self.viewport().update()
        super().mouseMoveEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        elif event.key() == Qt.Key.Key_B:  # what some clickers send in place of "."
            self.set_black(not self.black)
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.fit()
