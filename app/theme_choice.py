"""Which theme is chosen: dark, light, high contrast, or the one that the system has. View ▸ Theme lists them."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QAction, QActionGroup, QGuiApplication
from PySide6.QtWidgets import QMenu

SYSTEM = "system"
CYCLE = ("dark", "light", "contrast")


def tr(text: str) -> str:
    return QCoreApplication.translate("themes", text)


def theme_names() -> dict[str, tuple[str, str]]:
    """Each choice -> its name in the window's language, and in English."""
    return {
        "dark": (tr("Dark"), "Dark"),
        "light": (tr("Light"), "Light"),
        "contrast": (tr("High contrast"), "High contrast"),
        SYSTEM: (tr("Follow the system"), "Follow the system"),
    }


def systems_theme() -> str:
    """The theme that the system asks for now; the dark one where it does not say."""
    hints = QGuiApplication.styleHints()
    if hints.accessibility().contrastPreference() == Qt.ContrastPreference.HighContrast:
        return "contrast"
    return "light" if hints.colorScheme() == Qt.ColorScheme.Light else "dark"


def following(shown: str) -> str:
    """The theme after the one that is shown."""
    return CYCLE[(CYCLE.index(shown) + 1) % len(CYCLE)]


def theme_menu(title: str, parent: QMenu, choose: Callable[[str], None], chosen: Callable[[], str]) -> QMenu:
    """A submenu of ``parent``; ``chosen`` tells which entry has the mark when it opens."""
    menu = parent.addMenu(title)
    group = QActionGroup(menu)
    for name, (words, _) in theme_names().items():
        entry = QAction(words, menu)
        entry.setCheckable(True)
        entry.setObjectName(f"theme {name}")
        entry.triggered.connect(partial(choose, name))
        group.addAction(entry)
        menu.addAction(entry)

    def mark() -> None:
        for entry in group.actions():
            entry.setChecked(entry.objectName() == f"theme {chosen()}")

    menu.aboutToShow.connect(mark)
    return menu
