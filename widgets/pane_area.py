"""One to four panes beside each other; they come and go by growing and shrinking."""

from __future__ import annotations

from PySide6.QtCore import QEasingCurve, QRect, QSize, QVariantAnimation, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from widgets.pane_header import LINE_HEIGHT, MOST_LINES
from widgets.pane_view import PaneView
from widgets.view_data import Theme

MOST_PANES = 4
GAP = 16
BESIDE, ABOVE = 150, 190  # what a picture's axes, words and head line take of a pane
MOVE_MILLISECONDS = 220


def places(count: int, width: int, height: int) -> tuple[QRect, ...]:
    """Where each pane stands: in the rows and columns that leave the largest square for a picture, and at most one
    place empty. Pure."""

    def square(columns: int) -> float:
        across, down = cell(columns, -(-count // columns))
        return min(across - BESIDE, down - ABOVE)

    def cell(columns: int, rows: int) -> tuple[float, float]:
        return (width - GAP * (columns - 1)) / columns, (height - GAP * (rows - 1)) / rows

    full = [columns for columns in range(count, 0, -1) if -(-count // columns) * columns - count < 2]
    columns = max(full, key=square)
    across, down = cell(columns, -(-count // columns))
    found = []
    for index in range(count):
        left, top = round(index % columns * (across + GAP)), round(index // columns * (down + GAP))
        right, bottom = round(index % columns * (across + GAP) + across), round(index // columns * (down + GAP) + down)
        found.append(QRect(left, top, right - left, bottom - top))
    return tuple(found)


def head_room(place: QRect) -> int:
    """How many lines a pane's head may have below its title, so that they cost its picture nothing. Pure."""
    spare = (place.height() - ABOVE) - (place.width() - BESIDE)
    return 1 + min(max(spare // LINE_HEIGHT, 0), MOST_LINES - 1)


class PaneArea(QWidget):
    """Holds the panes. ``chosen`` and ``closed`` name a pane by its place."""

    chosen = Signal(int)
    closed = Signal(int)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.theme = theme
        self.panes: list[PaneView] = []
        self.index = 0
        self.moving = QVariantAnimation(self)
        self.moving.setDuration(MOVE_MILLISECONDS)
        self.moving.setEasingCurve(QEasingCurve.Type.InOutCubic)
        self.moving.setStartValue(0.0)
        self.moving.setEndValue(1.0)
        self.moving.valueChanged.connect(self.move_panes)
        self.starts: tuple[QRect, ...] = ()
        self.animated = True
        self.lines = 1  # of small text in every head
        self.staged = False
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.insert(0)

    @property
    def active(self) -> PaneView:
        return self.panes[self.index]

    def minimumSizeHint(self) -> QSize:
        return QSize(96, 96)

    def sizeHint(self) -> QSize:
        return QSize(640, 640)

    def insert(self, index: int) -> PaneView:
        """A new pane at a place, growing out of the edge of the one before it."""
        before = [pane.geometry() for pane in self.panes]
        pane = PaneView(self.theme, self)
        pane.header.chosen.connect(lambda: self.chosen.emit(self.panes.index(pane)))
        pane.header.closed.connect(lambda: self.closed.emit(self.panes.index(pane)))
        pane.header.changed.connect(lambda: self.grow_heads(pane))
        pane.touched.connect(lambda: self.chosen.emit(self.panes.index(pane)))
        self.panes.insert(index, pane)
        if before:
            last = before[index - 1] if index else before[0]
            before.insert(index, QRect(last.right() + 1 if index else 0, last.top(), 0, last.height()))
        pane.show()
        self.settle(tuple(before))
        return pane

    def remove(self, index: int) -> None:
        """The pane goes at once; the others grow into its place."""
        before = [pane.geometry() for pane in self.panes]
        del before[index]
        gone = self.panes.pop(index)
        gone.hide()
        gone.setParent(None)
        gone.deleteLater()
        self.index = min(self.index, len(self.panes) - 1)
        self.settle(tuple(before))

    def set_active(self, index: int) -> None:
        self.index = index

    def set_staged(self, staged: bool) -> None:
        """On the stage every pane says what it is, and none can be closed by a slip."""
        self.staged = staged
        self.settle(())

    def set_theme(self, theme: Theme) -> None:
        self.theme = theme

    def is_moving(self) -> bool:
        """Whether panes are on their way to where they belong."""
        return self.moving.state() == QVariantAnimation.State.Running

    def set_animated(self, animated: bool) -> None:
        """Whether panes grow and shrink, or are there at once; those on their way are there now."""
        self.animated = animated
        self.settle(())

    def settle(self, starts: tuple[QRect, ...]) -> None:
        """Move the panes to where they belong; at once where nobody sees it, or nothing should move."""
        for pane in self.panes:
            pane.header.setVisible(self.staged or len(self.panes) > 1)
            pane.header.cross.setVisible(not self.staged)
            pane.header.set_equal(self.staged)
        self.starts = starts
        self.lines = 1
        self.level_heads()
        self.moving.stop()
        if self.isVisible() and self.animated and starts:
            self.move_panes(0.0)  # before the first tick: a new one is not seen elsewhere
            self.moving.start()
        else:
            self.move_panes(1.0)

    def move_panes(self, share: float) -> None:
        """Each pane at a share of the way from where it was."""
        for index, (pane, end) in enumerate(zip(self.panes, self.ends(), strict=True)):
            start = self.starts[index] if index < len(self.starts) and share < 1 else end
            pane.setGeometry(between(start, end, share))

    def level_heads(self) -> None:
        """Heads of one height, so that pictures are level; they grow with what they say, and do not shrink again."""
        ends = self.ends()
        needed = max(pane.header.lines_needed(end.width()) for pane, end in zip(self.panes, ends, strict=True))
        self.lines = min(max(self.lines, needed), *map(head_room, ends))
        for pane in self.panes:
            pane.header.set_most_lines(self.lines)

    def grow_heads(self, pane: PaneView) -> None:
        """One pane's head says something else: only one that needs more than there is changes anything."""
        if (
            self.lines < MOST_LINES
            and pane.header.lines_needed(self.ends()[self.panes.index(pane)].width()) > self.lines
        ):
            self.level_heads()

    def ends(self) -> tuple[QRect, ...]:
        return places(len(self.panes), self.width(), self.height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.moving.stop()
        self.lines = 1
        self.level_heads()
        self.move_panes(1.0)


def between(start: QRect, end: QRect, share: float) -> QRect:
    """A rectangle on the way from one to another."""
    mixed = [
        round(a + (b - a) * share)
        for a, b in zip(start.getRect(), end.getRect(), strict=True)  # type: ignore[call-overload]
    ]
    return QRect(*mixed)
