"""Every command under one key: type a few letters, choose, and it is done."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPalette
from PySide6.QtWidgets import QFrame, QHeaderView, QLineEdit, QTreeWidget, QTreeWidgetItem, QVBoxLayout, QWidget

from widgets.message_bar import ElidedLabel

WIDTH, HEIGHT, TOP = 600, 420, 72
MOST_USED = 32  # commands that are remembered


@dataclass(frozen=True)
class Command:
    """``also``: other words it is found by. ``unavailable`` says why it cannot be done now; empty where it can.
    ``name``: what it is remembered by, the same in every language. ``help``: what it does."""

    label: str
    place: str
    shortcut: str
    run: Callable[[], object]
    also: str = ""
    unavailable: str = ""
    name: str = ""
    help: str = ""


def matching(commands: Sequence[Command], query: str) -> list[Command]:
    """Those that hold every word of the query, or begin their words with its letters; the best first. Pure."""
    words = query.lower().split()
    ranked = [(rank(command, words), at, command) for at, command in enumerate(commands)]
    return [command for found, _, command in sorted(ranked, key=lambda each: each[:2]) if found < NO_MATCH]


NO_MATCH = 9


def rank(command: Command, words: Sequence[str]) -> int:
    """0 where the label begins with the words, 1 where it holds them, 2 where the rest does, 3 for initial letters."""
    label = command.label.lower()
    everything = f"{label} {command.place} {command.also}".lower()
    if label.startswith(" ".join(words)):
        return 0
    if all(word in label for word in words):
        return 1
    if all(word in everything for word in words):
        return 2
    initials = "".join(part[0] for part in everything.replace("-", " ").split() if part)
    return 3 if len(words) == 1 and words[0] in initials else NO_MATCH


class CommandPalette(QFrame):
    """Lies over the upper middle of its window while it is open; the keys are its own."""

    used_changed = Signal(list)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.over = parent
        self.setObjectName("palette")
        self.setAutoFillBackground(True)
        self.commands: list[Command] = []
        self.shown: list[Command] = []
        self.used: list[str] = []  # names of commands, the most recent first
        self.field, self.list = QLineEdit(), QTreeWidget()
        self.field.setPlaceholderText(self.tr("Type a command, a variant, a view …"))
        self.field.setAccessibleName(self.tr("Command"))
        self.list.setAccessibleName(self.tr("Commands"))
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setColumnCount(3)
        self.list.setHeaderHidden(True)
        self.list.setRootIsDecorated(False)
        self.list.setUniformRowHeights(True)
        self.list.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.list.header().setStretchLastSection(False)
        for column in (1, 2):
            self.list.header().setSectionResizeMode(column, QHeaderView.ResizeMode.ResizeToContents)
        self.hint = ElidedLabel()
        self.hint.setObjectName("hint")
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 12, 12, 12)
        layout.addWidget(self.field)
        layout.addWidget(self.list)
        layout.addWidget(self.hint)
        self.field.textChanged.connect(self.filter)
        self.field.installEventFilter(self)
        self.list.currentItemChanged.connect(lambda: self.explain())
        self.list.itemClicked.connect(lambda item: self.choose(self.list.indexOfTopLevelItem(item)))
        parent.installEventFilter(self)
        self.hide()

    def open(self, commands: Sequence[Command]) -> None:
        """Show these; those that were used last stand first."""
        recent = {name: at for at, name in enumerate(self.used)}
        self.commands = sorted(commands, key=lambda each: recent.get(each.name, len(recent)))
        self.field.clear()
        self.filter("")
        self.place()
        self.show()
        self.raise_()
        self.field.setFocus()

    def place(self) -> None:
        parent = self.over
        width = min(WIDTH, parent.width() - 40)
        height = min(HEIGHT, parent.height() - TOP - 40, self.height_needed())
        self.setGeometry((parent.width() - width) // 2, TOP, width, height)

    def height_needed(self) -> int:
        """No higher than what was found."""
        rows = self.list.topLevelItemCount()
        listed = rows * self.list.sizeHintForRow(0) + 2 * self.list.frameWidth() if rows else 0
        self.list.setVisible(rows > 0)
        margins, shown = self.contentsMargins(), 2 + (rows > 0)
        layout = self.layout()
        assert layout is not None
        inner = layout.contentsMargins()
        around = inner.top() + inner.bottom() + margins.top() + margins.bottom() + (shown - 1) * layout.spacing()
        return around + self.field.sizeHint().height() + listed + self.hint.sizeHint().height()

    def filter(self, query: str) -> None:
        self.shown = matching(self.commands, query)
        faint = self.palette().brush(QPalette.ColorGroup.Disabled, QPalette.ColorRole.Text)
        self.list.clear()
        for command in self.shown:
            item = QTreeWidgetItem([command.label, command.place, command.shortcut])
            item.setToolTip(0, command.unavailable)
            for column in range(3 if command.unavailable else 0):
                item.setForeground(column, faint)
            self.list.addTopLevelItem(item)
        self.point_at(0)
        self.explain()
        self.place()

    def point_at(self, row: int) -> None:
        """The row that Enter chooses."""
        item = self.list.topLevelItem(min(max(row, 0), self.list.topLevelItemCount() - 1))
        if item is not None:
            self.list.setCurrentItem(item)

    def explain(self) -> None:
        """What the chosen row does, or why it cannot be done now, or that there is none."""
        row = self.row()
        chosen = self.shown[row] if 0 <= row < len(self.shown) else None
        warning = chosen.unavailable if chosen else self.tr("No command is called that.")
        self.hint.set_whole_text(warning or (chosen.help if chosen else ""))
        if bool(warning) != self.hint.property("warning"):
            self.hint.setProperty("warning", bool(warning))
            self.hint.style().polish(self.hint)

    def row(self) -> int:
        item = self.list.currentItem()
        return -1 if item is None else self.list.indexOfTopLevelItem(item)

    def choose(self, row: int) -> None:
        """Close, then do it, so that it is done to the window and not to the palette."""
        if 0 <= row < len(self.shown) and not self.shown[row].unavailable:
            command = self.shown[row]
            self.used = [command.name, *(name for name in self.used if name != command.name)][:MOST_USED]
            self.used_changed.emit(self.used)
            self.close_palette()
            command.run()

    def close_palette(self) -> None:
        self.hide()
        self.over.setFocus()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.over and event.type() == QEvent.Type.Resize and self.isVisible():
            self.place()
        if watched is self.field and event.type() == QEvent.Type.ShortcutOverride:
            event.accept()  # letters and arrows are typed here, whatever they mean in the window
            return True
        if watched is self.field and event.type() == QEvent.Type.FocusOut and self.isVisible():
            self.hide()
        if watched is self.field and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            return self.take_key(event.key())
        return super().eventFilter(watched, event)

    def take_key(self, key: int) -> bool:
        """Arrows move, Enter chooses, Esc closes; whether it was one of these."""
        moves = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_PageDown: 8, Qt.Key.Key_PageUp: -8}
        if key in moves:
            self.point_at(self.row() + moves[Qt.Key(key)])
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.choose(self.row())
        elif key == Qt.Key.Key_Escape:
            self.close_palette()
        else:
            return False
        return True
