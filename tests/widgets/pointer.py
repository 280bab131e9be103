"""Mouse and wheel events as the window system sends them."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QApplication, QWidget

LEFT, NONE = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton
PLAIN = Qt.KeyboardModifier.NoModifier


def _send(widget: QWidget, kind: QEvent.Type, point: QPointF, button: Qt.MouseButton, held: Qt.MouseButton) -> None:
    QApplication.sendEvent(widget, QMouseEvent(kind, point, widget.mapToGlobal(point), button, held, PLAIN))


def move(widget: QWidget, point: QPointF, held: Qt.MouseButton = NONE) -> None:
    _send(widget, QEvent.Type.MouseMove, point, NONE, held)


def press(widget: QWidget, point: QPointF) -> None:
    _send(widget, QEvent.Type.MouseButtonPress, point, LEFT, LEFT)


def release(widget: QWidget, point: QPointF) -> None:
    _send(widget, QEvent.Type.MouseButtonRelease, point, LEFT, NONE)


def click(widget: QWidget, point: QPointF) -> None:
    press(widget, point)
    release(widget, point)


def double_click(widget: QWidget, point: QPointF) -> None:
    click(widget, point)
    _send(widget, QEvent.Type.MouseButtonDblClick, point, LEFT, LEFT)
    release(widget, point)


def drag(widget: QWidget, start: QPointF, stop: QPointF) -> None:
    press(widget, start)
    for step in range(1, 6):
        move(widget, start + (stop - start) * (step / 5), LEFT)
    release(widget, stop)


def wheel(widget: QWidget, point: QPointF, notches: int) -> None:
    """Positive notches turn away from the hand: they zoom in."""
    turned = QPoint(0, 120 * notches)
    phase = Qt.ScrollPhase.NoScrollPhase
    event = QWheelEvent(point, widget.mapToGlobal(point), QPoint(), turned, NONE, PLAIN, phase, False)
    QApplication.sendEvent(widget, event)


def leave(widget: QWidget) -> None:
    QApplication.sendEvent(widget, QEvent(QEvent.Type.Leave))
