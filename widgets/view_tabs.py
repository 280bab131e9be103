"""The tabs of a picture's views: those that have room in one line, the chosen one among them, the others in a menu."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QEvent, QSignalBlocker, QSize, Qt
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QMenu, QPushButton, QSizePolicy, QTabBar, QWidget

MORE_WIDTH = 58


def with_room(widths: Sequence[int], chosen: int, room: int) -> tuple[int, ...]:
    """Which tabs have room, in order: all; or as many as fit from the left beside the chosen one and the menu. Pure."""
    if sum(widths) <= room:
        return tuple(range(len(widths)))
    left = room - MORE_WIDTH - widths[chosen]
    found = [chosen]
    for index, width in enumerate(widths):
        if index == chosen:
            continue
        if width > left:
            break
        found.append(index)
        left -= width
    return tuple(sorted(found))


class Tabs(QTabBar):
    """A tab bar that knows its hidden tabs: how wide they want to be, and the arrow keys reach them."""

    def widths(self) -> tuple[int, ...]:
        return tuple(self.tabSizeHint(index).width() for index in range(self.count()))

    def choose(self, index: int) -> None:
        """Choose a tab, which is seen from then on; past either end nothing happens."""
        if 0 <= index < self.count():
            self.setTabVisible(index, True)
            self.setCurrentIndex(index)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        by = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()), 0)
        if by:
            self.choose(self.currentIndex() + by)
        else:
            super().keyPressEvent(event)


class ViewTabs(QWidget):
    """``bar`` has all views in their order, whether they have room or not; its signals tell what is chosen."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.bar, self.more = Tabs(self), QPushButton(self)
        self.bar.setObjectName("views")
        self.bar.setDrawBase(False)
        self.bar.setExpanding(False)
        self.bar.setUsesScrollButtons(False)
        self.bar.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a click leaves the keys with the picture
        self.bar.setAccessibleName(self.tr("Views"))
        self.more.setProperty("quiet", True)
        self.more.setStyleSheet("text-align: left;")  # as far from the last tab as tabs are from each other
        self.more.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.more.setAccessibleName(self.tr("More views"))
        self.more.setMenu(QMenu(self.more))
        self.more.menu().setToolTipsVisible(True)
        self.more.hide()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.bar.currentChanged.connect(self.place)

    def show_views(self, views: tuple[tuple[str, str], ...], chosen: int) -> None:
        """Label and help of each view; ``chosen`` is the place of the one that is shown. Emits nothing."""
        blocker = QSignalBlocker(self.bar)
        while self.bar.count() > len(views):
            self.bar.removeTab(self.bar.count() - 1)
        for index, (label, help_) in enumerate(views):
            if index == self.bar.count():
                self.bar.addTab(label)
            if self.bar.tabText(index) != label:  # it lays all tabs out again
                self.bar.setTabText(index, label)
            self.bar.setTabToolTip(index, help_)
        self.bar.choose(chosen)
        blocker.unblock()
        self.updateGeometry()
        self.place()

    def place(self) -> None:
        """Show what has room; the rest is in the menu."""
        if not self.bar.count():
            return
        widths = self.bar.widths()
        shown = with_room(widths, self.bar.currentIndex(), self.width())
        for index in range(self.bar.count()):
            self.bar.setTabVisible(index, index in shown)
        taken = min(sum(widths[index] for index in shown), self.width())
        self.bar.setGeometry(0, 0, taken, self.height())
        hidden = [index for index in range(self.bar.count()) if index not in shown]
        self.more.setGeometry(taken, 0, MORE_WIDTH, self.height())
        self.more.setText(f"+{len(hidden)} ▾")
        self.more.setVisible(bool(hidden))
        menu = self.more.menu()
        if [action.text() for action in menu.actions()] != [self.bar.tabText(index) for index in hidden]:
            menu.clear()
            for index in hidden:
                action = menu.addAction(self.bar.tabText(index), partial(self.bar.choose, index))
                action.setToolTip(self.bar.tabToolTip(index))

    def sizeHint(self) -> QSize:
        return QSize(sum(self.bar.widths()), self.bar.sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        return QSize(max(self.bar.widths(), default=0) + MORE_WIDTH, self.bar.sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.place()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.StyleChange, QEvent.Type.FontChange):
            self.updateGeometry()
            self.place()
