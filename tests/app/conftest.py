"""A window as a person has it before them: shown, its text in the editor, its engine not started."""

from __future__ import annotations

import pytest
import shiboken6
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QDialog

import main
from app.export_dialog import ExportDialog
from app.storage import Storage
from app.window import build
from tests.app.export.shown import give_run, pane_with
from tests.app.person import engaged, person  # noqa: F401  fixtures


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


@pytest.fixture
def open_dialog(qtbot, window, controller, commands, tmp_path, monkeypatch):
    """Opens the dialog of a finished run by its key, with a format chosen by typing a name."""
    monkeypatch.chdir(tmp_path)

    def opened(variant, name, view="pattern", **settings):
        controller.change(pane_with(variant, view, **settings))
        give_run(controller.active, variant, **settings)
        controller.playing.show_timeline()
        qtbot.keyClick(window, Qt.Key.Key_E, Qt.KeyboardModifier.ControlModifier)
        dialog = next(each for each in dialogs() if isinstance(each, ExportDialog))
        qtbot.waitExposed(dialog)
        dialog.activateWindow()
        qtbot.waitUntil(dialog.isActiveWindow)
        dialog.name.setFocus()
        dialog.name.selectAll()
        qtbot.keyClicks(dialog.name, name)
        qtbot.keyClick(dialog.name, Qt.Key.Key_Tab)
        if dialog.form.chosen_format.kind == "film":
            for box, value in (("width_box", 160), ("height_box", 120), ("fps", 10), ("seconds", 0.5)):
                getattr(dialog.option_widgets["film"], box).setValue(value)
        dialog.draw_preview()
        return dialog

    yield opened
    for dialog in dialogs():
        dialog.close()


def shown_rows(form):
    """The names of the controls that can be seen."""
    fields = [form.rows.itemAt(row, form.rows.ItemRole.FieldRole).widget() for row in range(form.rows.rowCount())]
    return {name for name, value in vars(form).items() if value in fields and value.isVisible()}


@pytest.fixture
def attnscope(capsys, qapp):
    """(status, standard output, standard error) of the command with these words."""

    def command(*words):
        try:
            status = main.main([str(word) for word in words])
        except SystemExit as left:
            status = left.code
        printed = capsys.readouterr()
        return status, printed.out, printed.err

    return command
