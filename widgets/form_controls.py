"""Small controls that the style sheet cannot draw: a switch, a check box, a drop-down with its arrow, a slider."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPalette, QPen, QWheelEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QCheckBox,
    QComboBox,
    QSizePolicy,
    QSlider,
    QStyle,
    QStyleOptionButton,
    QWidget,
)

from widgets.style_sheet import restyle
from widgets.themes import DARK
from widgets.view_data import Theme


class Switch(QAbstractButton):
    """On or off: a knob that lies right or left, filled or hollow, so that colour is not the only sign."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = DARK
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(40, 24)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme, on = self._theme, self.isChecked()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setOpacity(1 if self.isEnabled() else 0.4)
        track = QRectF(4, 4, 32, 16)
        painter.setPen(QPen(QColor(theme.accent if on else theme.muted), 1.25))
        painter.setBrush(QColor(theme.accent) if on else Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(track, 8, 8)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(theme.background if on else theme.muted))
        painter.drawEllipse(QPointF(28 if on else 12, 12), 5, 5)
        if self.hasFocus():
            painter.setPen(QPen(QColor(theme.focus), 1.25))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(track.adjusted(-3, -3, 3, 3), 11, 11)


class Tick(QCheckBox):
    """A check box in the palette's colours: the style's own has no frame on black."""

    def paintEvent(self, event: QPaintEvent) -> None:
        option = QStyleOptionButton()
        self.initStyleOption(option)
        ink, roles = self.palette(), QPalette.ColorRole
        box = self.style().subElementRect(QStyle.SubElement.SE_CheckBoxIndicator, option, self)
        words = self.style().subElementRect(QStyle.SubElement.SE_CheckBoxContents, option, self)
        frame = QRectF(box).adjusted(0.5, 0.5, -0.5, -0.5)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(ink.color(roles.Link if self.hasFocus() else roles.PlaceholderText), 1))
        painter.setBrush(ink.color(roles.Base))
        painter.drawRoundedRect(frame, 3, 3)
        painter.setPen(QPen(ink.color(roles.Text), 1.75))
        if self.isChecked():
            left, top, side = frame.left(), frame.top(), frame.width()
            points = ((0.24, 0.54), (0.42, 0.72), (0.78, 0.28))
            painter.drawPolyline([QPointF(left + x * side, top + y * side) for x, y in points])
        painter.setPen(ink.color(roles.WindowText))
        painter.drawText(words, Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextShowMnemonic, self.text())


class DropDown(QComboBox):
    """It draws its own arrow and does not change while somebody scrolls past it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def wheelEvent(self, event: QWheelEvent) -> None:
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setOpacity(1 if self.isEnabled() else 0.4)
        painter.setPen(QPen(self.palette().color(QPalette.ColorRole.PlaceholderText), 1.5))
        tip = QPointF(self.width() - 13, self.height() / 2 + 2)
        painter.drawPolyline([tip + QPointF(-4, -4), tip, tip + QPointF(4, -4)])


class Choice(DropDown):
    """A drop-down of a parameter: as wide as its words."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.setMinimumContentsLength(4)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)

    def minimumSizeHint(self) -> QSize:
        return QSize(88, super().minimumSizeHint().height())


REACH = 10  # of a handle with the ring of the focus around it, pixels


class ThinSlider(QSlider):
    """A thin line, filled in the accent up to a round handle; focus shows as a ring."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._theme = DARK
        self.setFixedHeight(20)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        restyle(
            self,  # gives the handle its place and reach; the painting below is ours
            "QSlider::groove:horizontal { height: 4px; background: transparent; }"
            f"QSlider::handle:horizontal {{ width: {2 * REACH}px; margin: -8px 0; background: transparent; }}",
        )
        self.update()

    def wheelEvent(self, event: QWheelEvent) -> None:
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = self._theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setOpacity(1 if self.isEnabled() else 0.4)
        share = (self.value() - self.minimum()) / max(1, self.maximum() - self.minimum())
        x = REACH + share * (self.width() - 2 * REACH)
        middle = self.height() / 2
        painter.setPen(QPen(QColor(theme.line), 3, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
        painter.drawLine(QPointF(2, middle), QPointF(self.width() - 2, middle))
        painter.setPen(QPen(QColor(theme.accent), 3, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
        painter.drawLine(QPointF(2, middle), QPointF(x, middle))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(theme.text))
        painter.drawEllipse(QPointF(x, middle), 6, 6)
        if self.hasFocus():
            painter.setPen(QPen(QColor(theme.focus), 1.5))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawEllipse(QPointF(x, middle), 8.5, 8.5)
