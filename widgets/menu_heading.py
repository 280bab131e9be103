"""A heading inside a menu; the style's own section titles vanish under a style sheet."""

from __future__ import annotations

from PySide6.QtWidgets import QLabel, QMenu, QWidgetAction


def add_heading(menu: QMenu, text: str) -> None:
    """Add ``text`` as a line that cannot be chosen."""
    action = QWidgetAction(menu)
    label = QLabel(text)
    label.setProperty("heading", True)
    action.setDefaultWidget(label)
    action.setEnabled(False)
    menu.addAction(action)
