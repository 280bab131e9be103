"""A window as a person has it before them: shown, its text in the editor, its engine not started."""

from __future__ import annotations

import pytest
import shiboken6
from PySide6.QtWidgets import QApplication, QDialog

from app.storage import Storage
from app.window import build


@pytest.fixture
def opened(qtbot, tmp_path):
    """Opens windows one after the other on one folder, each (window, commands)."""
    made = []

    def open_one(size=(1440, 900)):
        window, commands = build(Storage(tmp_path / "kept"), threads=2)
        made.append((window, commands))
        window.resize(*size)
        window.show()
        qtbot.waitExposed(window)
        window.activateWindow()
        window.pane_view.pattern_view.setFocus()
        QApplication.processEvents()
        return window, commands

    yield open_one
    for window, commands in made:
        QApplication.instance().removeEventFilter(commands)
        window.close()
        shiboken6.delete(window)  # now: a later window would style this one, too


@pytest.fixture
def shell(opened):
    """One such window."""
    return opened()


@pytest.fixture
def window(shell):
    return shell[0]


@pytest.fixture
def controller(shell):
    return shell[1].controller


@pytest.fixture
def commands(shell):
    return shell[1]


def said(window):
    return window.message_bar.sentence


def dialogs():
    return [each for each in QApplication.topLevelWidgets() if isinstance(each, QDialog) and each.isVisible()]
