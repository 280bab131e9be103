"""All keys, menu by menu, and what the pointer does in a picture; it scrolls where the window is small."""

from __future__ import annotations

from html import escape

from PySide6.QtCore import QCoreApplication, QSize
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QDialog, QTextBrowser, QVBoxLayout, QWidget

from app.actions import ACTIONS, MENUS, Action

SIZE = QSize(860, 620)


class KeysDialog(QDialog):
    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("keys")
        self.setWindowTitle(self.tr("Keys"))
        self.page = QTextBrowser()
        self.page.setAccessibleName(self.tr("Keys"))
        self.page.setHtml(self.html())
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.page)
        self.resize(SIZE.boundedTo(parent.size() - QSize(80, 80)))

    def html(self) -> str:
        """Two columns of tables, one table a menu."""
        groups = [table(tr(menu), [(named_key(a.shortcut), tr(a.help)) for a in of(menu)]) for menu in MENUS]
        groups.append(table(self.tr("In a picture"), self.pointer()))
        half = (len(groups) + 1) // 2
        left, right = "".join(groups[:half]), "".join(groups[half:])
        return f"<table width='100%'><tr><td width='50%'>{left}</td><td width='50%'>{right}</td></tr></table>"

    def pointer(self) -> list[tuple[str, str]]:
        return [
            (self.tr("wheel, + −"), self.tr("Zoom about the pointer, or the middle")),
            (self.tr("drag, ← → ↑ ↓"), self.tr("Move what is in view")),
            (self.tr("double click, 0"), self.tr("Show everything again")),
            (self.tr("click"), self.tr("Lock a token; once more lets it go")),
        ]


def tr(text: str) -> str:
    return QCoreApplication.translate("actions", text)


def of(menu: str) -> list[Action]:
    return [action for action in ACTIONS if action.menu == menu]


def table(title: str, rows: list[tuple[str, str]]) -> str:
    cells = "".join(
        f"<tr><td style='padding:2px 16px 2px 0'><b>{escape(key)}</b></td>"
        f"<td style='padding:2px'>{escape(told)}</td></tr>"
        for key, told in rows
    )
    return f"<h3>{escape(title)}</h3><table>{cells}</table>"


def named_key(shortcut: str) -> str:
    """A shortcut as menus write it."""
    return QKeySequence(shortcut).toString(QKeySequence.SequenceFormat.NativeText)
