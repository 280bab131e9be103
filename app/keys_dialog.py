"""All keys, menu by menu, and what the pointer does in a picture; typing finds some of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from PySide6.QtCore import QCoreApplication, QEvent, QObject, QSize, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence, QPalette
from PySide6.QtWidgets import QDialog, QLineEdit, QTextBrowser, QVBoxLayout, QWidget

from app.actions import ACTIONS
from widgets.lettering import FIRST_CHINESE, bold_html, pixels

SIZE = QSize(980, 700)
KEY_WIDTH = 112  # pixels: "Ctrl+Shift+N" in bold
HEADING_POINTS = 11.0
MOST_IN_ONE = 12  # keys in a single column
SCROLLING = (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown)


@dataclass(frozen=True)
class Key:
    """A line of the list; ``also`` are other words it is found by."""

    group: str
    key: str
    label: str
    help: str
    also: str = ""

    def holds(self, words: Sequence[str]) -> bool:
        everything = f"{self.group} {self.key} {self.label} {self.help} {self.also}".lower()
        return all(word in everything for word in words)


class KeysDialog(QDialog):
    """The field has the keys: letters search, arrows scroll, Enter goes to the list, Esc clears and then closes."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("keys")
        self.setWindowTitle(self.tr("Keys"))
        self.all = (*keys_of_menus(), *self.keys_in_a_picture())
        self.field, self.page = QLineEdit(), QTextBrowser()
        self.field.setPlaceholderText(self.tr("Type what you look for, or a key …"))
        self.field.setAccessibleName(self.tr("Find a key"))
        self.field.setClearButtonEnabled(True)
        self.page.setAccessibleName(self.tr("Keys"))
        self.page.setTabChangesFocus(True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 16, 16, 16)
        layout.setSpacing(12)
        layout.addWidget(self.field)
        layout.addWidget(self.page)
        self.field.textChanged.connect(self.show_found)
        self.field.installEventFilter(self)
        self.resize(SIZE.boundedTo(parent.size() - QSize(80, 80)))
        self.show_found("")
        self.field.setFocus()

    def show_found(self, query: str) -> None:
        """The keys that hold every word of the query."""
        found = [key for key in self.all if key.holds(query.lower().split())]
        nothing = f"<p>{escape(self.tr('No key is called that. Ctrl+K finds every command.'))}</p>"
        muted = self.palette().color(QPalette.ColorRole.PlaceholderText).name()
        self.page.setHtml(columns(found, muted) if found else nothing)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.field and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if event.key() in SCROLLING:
                QCoreApplication.sendEvent(self.page, event)
                return True
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self.page.setFocus(Qt.FocusReason.TabFocusReason)
                return True
        return super().eventFilter(watched, event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.field.text():
            self.field.clear()
            self.field.setFocus()
        else:
            super().keyPressEvent(event)

    def keys_in_a_picture(self) -> tuple[Key, ...]:
        told = (
            (self.tr("wheel, + −"), self.tr("Zoom about the pointer, or the middle")),
            (self.tr("drag, ← → ↑ ↓"), self.tr("Move what is in view")),
            (self.tr("double click, 0"), self.tr("Show everything again")),
            (self.tr("click"), self.tr("Lock a token; once more lets it go")),
        )
        return tuple(Key(self.tr("In a picture"), key, help_, "") for key, help_ in told)


def keys_of_menus() -> tuple[Key, ...]:
    """Every action's key, found in the window's language and in English."""
    return tuple(
        Key(
            tr(action.menu),
            named_key(action.shortcut),
            tr(action.label),
            tr(action.help),
            f"{action.label} {action.help}",
        )
        for action in ACTIONS
    )


def tr(text: str) -> str:
    return QCoreApplication.translate("actions", text)


def columns(keys: Sequence[Key], muted: str) -> str:
    """Two columns of groups, about equally long; few keys are one."""
    groups: dict[str, list[Key]] = {}
    for key in keys:
        groups.setdefault(key.group, []).append(key)
    sides: tuple[list[str], list[str]] = ([], [])
    taken = 0
    for title, members in groups.items():
        sides[len(keys) > MOST_IN_ONE and 2 * taken >= len(keys)].append(table(title, members, muted))
        taken += len(members)
    cells = "".join(f"<td width='50%'>{''.join(side)}</td>" for side in sides if side)
    return f"<table width='100%' cellspacing='0'><tr>{cells}</tr></table>"


def table(title: str, keys: Sequence[Key], muted: str) -> str:
    chinese = any(each.label[:1] >= FIRST_CHINESE for each in keys)
    top = 5 if chinese else 3  # a line of Latin letters is lower than the one beside it
    cells = "".join(
        f"<tr><td width='{KEY_WIDTH}' style='padding:{top}px 12px 3px 0'>{bold_html(escape(each.key))}</td>"
        f"<td style='padding:3px 16px 3px 0'>{escape(each.label)}"
        f"<br><span style='color:{muted}'>{escape(each.help)}</span></td></tr>"
        for each in keys
    )
    heading = f"<p style='font-size:{pixels(HEADING_POINTS)}px; margin:14px 0 4px 0'>{bold_html(escape(title))}</p>"
    return f"{heading}<table cellspacing='0'>{cells}</table>"


def named_key(shortcut: str) -> str:
    """A shortcut as menus write it."""
    return QKeySequence(shortcut).toString(QKeySequence.SequenceFormat.NativeText)
