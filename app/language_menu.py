"""View ▸ Language: the languages by their own names, the one in use marked."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu

from app.language import NAMES, language_in_use


def language_menu(title: str, parent: QMenu, speak: Callable[[str], None]) -> QMenu:
    """A submenu of ``parent``; ``speak`` is called with the language that somebody chooses."""
    menu = parent.addMenu(title)
    group = QActionGroup(menu)
    for language, name in NAMES.items():
        entry = QAction(name, menu)
        entry.setCheckable(True)
        entry.setChecked(language == language_in_use())
        entry.setObjectName(f"speak {language}")
        entry.triggered.connect(partial(speak, language))
        group.addAction(entry)
        menu.addAction(entry)
    return menu
