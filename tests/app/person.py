"""Somebody before a window whose engine is live: one engine for a whole file of tests."""

from __future__ import annotations

import os

import psutil
import pytest
import shiboken6
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtWidgets import QApplication, QDialog
from pytestqt.qtbot import QtBot

from app.session import Pane, Text
from app.storage import Storage
from app.window import build

Key = Qt.Key
WAIT = 60_000


class Person:
    """What somebody before the window does and sees."""

    def __init__(self, bot, window, commands):
        self.bot, self.window, self.commands, self.controller = bot, window, commands, commands.controller

    def until(self, condition):
        self.bot.waitUntil(lambda: bool(condition()), timeout=WAIT)

    def until_traced(self):
        controller = self.controller
        self.until(lambda: not controller.active.timer.isActive() and controller.run.traced)

    def until_finished(self):
        controller = self.controller
        self.until(lambda: not controller.active.timer.isActive() and controller.run.finished)

    def press(self, key, modifier=Qt.KeyboardModifier.NoModifier):
        self.bot.keyClick(QApplication.focusWidget() or self.window, key, modifier)

    def type_text(self, words):
        panel = self.window.text_panel
        self.bot.mouseClick(panel._edit_button, Qt.MouseButton.LeftButton)
        panel.editor.selectAll()
        self.press(Key.Key_Delete)
        if words.isascii():
            self.bot.keyClicks(panel.editor, words)
        else:  # as an input method types it
            event = QInputMethodEvent()
            event.setCommitString(words)
            QApplication.sendEvent(panel.editor, event)
        self.until(lambda: self.controller.pane.text.value == words)

    def place(self, query, key):
        """Where a pair is in the picture."""
        view = self.window.pane_view.pattern_view
        plot, seen = view._layout().plot, view.viewport()
        x = (key + 0.5 - seen.x0) / seen.width * plot.width()
        y = (query + 0.5 - seen.y0) / seen.height * plot.height()
        return QPointF(plot.left() + x, plot.top() + y)

    def blank(self, widget):
        """The same view with nothing to show."""
        empty = type(widget)()
        self.bot.addWidget(empty)
        empty.set_theme(self.controller.theme)
        empty.resize(widget.size())
        return empty.grab().toImage()


@pytest.fixture(scope="module")
def engaged(request, qapp, tmp_path_factory):
    bot = QtBot(request)
    window, commands = build(Storage(tmp_path_factory.mktemp("kept")), threads=2)
    window.resize(1440, 900)
    window.show()
    commands.controller.client.start()
    person = Person(bot, window, commands)
    person.until(lambda: commands.controller.model is not None)
    yield person
    pid = commands.controller.client.engine.process.pid
    qapp.removeEventFilter(commands)
    window.close()
    assert not psutil.pid_exists(pid)
    names = [child.pid for child in psutil.Process(os.getpid()).children(recursive=True)]
    assert pid not in names
    shiboken6.delete(window)


@pytest.fixture
def person(engaged, qtbot):
    """Everybody begins with the same short run, and nobody leaves a dialog behind."""
    engaged.bot = qtbot
    engaged.window.activateWindow()
    engaged.controller.change(Pane(variant="full", text=Text("typed", "to be or not to be"), length=24))
    engaged.controller.playing.set_mode("steps")
    engaged.until_traced()
    engaged.window.message_bar.clear()
    engaged.window.pane_view.pattern_view.setFocus()
    yield engaged
    assert not [each for each in QApplication.topLevelWidgets() if isinstance(each, QDialog) and each.isVisible()]
