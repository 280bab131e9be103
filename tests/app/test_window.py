"""The window driven by mouse and keys, before there is an engine: nothing here needs one."""

from __future__ import annotations

import os

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QAction, QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QDialog, QLineEdit, QMessageBox, QPlainTextEdit, QPushButton

from app.actions import ACTIONS, MENUS, PICTURE_KEYS
from app.session import Pane
from app.user_commands import UserCommands
from engines.samples import read_sample
from tests.widgets import pointer

Key = Qt.Key
KEYS = {"Space": Key.Key_Space, "Left": Key.Key_Left, "Right": Key.Key_Right, "Home": Key.Key_Home, "End": Key.Key_End}


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


# The first picture --------------------------------------------------------------------------------------------------


def test_the_first_picture_needs_no_engine(window, controller):
    assert window.text_panel.text() == read_sample(Pane().text.value)
    assert controller.picture.coverage.queries == 64
    assert not controller.picture.stale
    assert window.variant_bar.row.chosen_name == "longformer"
    assert said(window) == ""
    assert controller.client.engine is None
    assert QApplication.focusWidget() is window.pattern_view


# The table of actions -----------------------------------------------------------------------------------------------


def test_every_action_is_in_its_menu_with_its_key_and_does_something(window):
    menus = {entry.text(): entry.menu() for entry in window.menuBar().actions()}
    assert tuple(menus) == MENUS
    for action in ACTIONS:
        assert callable(getattr(UserCommands, action.slot))
        entries = [each for each in menus[action.menu].actions() if each.objectName() == action.slot]
        assert [each.text() for each in entries] == [action.label]
        assert entries[0].shortcut() == QKeySequence(action.shortcut)
        assert entries[0].isEnabled()
        assert action.help


def test_no_key_is_taken_twice(window):
    keys = [QKeySequence(action.shortcut).toString() for action in ACTIONS]
    assert len(set(keys)) == len(keys)
    others = [each.key().toString() for each in window.findChildren(QShortcut)]
    assert not set(others) & set(keys)
    named = {each.objectName() for each in window.findChildren(QAction)}
    assert {action.slot for action in ACTIONS} <= named
    assert {QKeySequence(key).toString() for key in PICTURE_KEYS} <= set(keys)


def test_f1_shows_every_key_once(qtbot, window):
    qtbot.keyClick(window.pattern_view, Key.Key_F1)
    (box,) = dialogs()
    assert isinstance(box, QMessageBox)
    for action in ACTIONS:
        assert action.shortcut in box.text()
    qtbot.keyClick(box, Key.Key_Escape)
    qtbot.waitUntil(lambda: not dialogs())
    assert QApplication.activeModalWidget() is None


# Keys belong to what has the focus ----------------------------------------------------------------------------------


def watched(commands, monkeypatch):
    """The transport's commands that were given, by name."""
    calls = []
    for name in ("toggle_play", "step_back", "step_forward", "go_home", "go_end"):
        monkeypatch.setattr(commands, name, lambda name=name: calls.append(name))
    return calls


@pytest.mark.parametrize("place", ["pattern_view", "bucket_view"])
def test_the_transport_has_its_keys_while_the_picture_has_the_focus(
    qtbot, window, commands, controller, monkeypatch, place
):
    calls = watched(commands, monkeypatch)
    picture = getattr(window, place)
    window.views.setCurrentWidget(picture)
    picture.setFocus()
    for key in KEYS.values():
        qtbot.keyClick(picture, key)
    assert calls == ["toggle_play", "step_back", "step_forward", "go_home", "go_end"]
    controller.set(locked=5)
    qtbot.keyClick(picture, Key.Key_Escape)
    assert controller.pane.locked == -1


def test_every_other_control_keeps_its_keys(qtbot, window, commands, controller, monkeypatch):
    calls = watched(commands, monkeypatch)
    controller.set(locked=5, variant="reformer")
    controls = [
        each
        for each in window.findChildren(QPlainTextEdit)
        + window.findChildren(QLineEdit)
        + window.findChildren(QPushButton)
        if each.isVisible() and each.isEnabled() and each.focusPolicy() != Qt.FocusPolicy.NoFocus
    ]
    controls += [window.length_slider._track, window.variant_bar.row.buttons[0], window.token_strip.focusProxy()]
    controls += [each for row in window.form.rows.values() for each in row.controls() if each.isVisible()]
    for control in dict.fromkeys(each for each in controls if each is not None and each.isVisible()):
        control.setFocus()
        if QApplication.focusWidget() is not control or control in window.transport.findChildren(type(control)):
            continue
        for name, key in KEYS.items():
            if name == "Space" and isinstance(control, QPushButton):
                continue  # presses it, which may open a menu
            qtbot.keyClick(control, key)
            assert calls == [], f"{name} in {control.accessibleName() or control}"
            control.setFocus()
    assert controller.playback.state.playing is False


def test_what_is_typed_is_typed(qtbot, window, commands, controller, monkeypatch):
    calls = watched(commands, monkeypatch)
    panel = window.text_panel
    editor = panel.editor
    qtbot.mouseClick(editor.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(10, 10))
    assert QApplication.focusWidget() is editor
    qtbot.keyClick(editor, "a", Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClicks(editor, "to be or not")
    for key in (Key.Key_Home, Key.Key_Right, Key.Key_Right, Key.Key_Space, Key.Key_Left, Key.Key_End):
        qtbot.keyClick(editor, key)
    qtbot.keyClicks(editor, "!")
    assert panel.text() == "to  be or not!"
    assert calls == []
    qtbot.waitUntil(lambda: controller.pane.text.value == "to  be or not!")
    assert controller.pane.text.kind == "typed"


# What a person chooses ----------------------------------------------------------------------------------------------


def test_a_chip_chooses_the_variant_and_its_parameters(qtbot, window, controller):
    for button in window.variant_bar.row.buttons:
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert controller.pane.variant == "reformer"
    assert {"chunk_length", "rounds", "seed"} <= set(window.form.rows)
    qtbot.mouseClick(window.variant_bar.row.buttons[0], Qt.MouseButton.LeftButton)
    assert controller.pane.variant == "full"
    assert "Full" in controller.picture.caption


def test_dragging_the_length_moves_the_pattern_with_every_step(window, controller):
    track = window.length_slider._track
    lengths = []
    start, stop = QPointF(track.x_of(64), 12), QPointF(track.x_of(65_536), 12)
    pointer.press(track, start)
    for step in range(1, 9):
        pointer.move(track, start + (stop - start) * (step / 8), Qt.MouseButton.LeftButton)
        assert controller.picture.coverage.queries == controller.pane.length == window.length_slider.length
        lengths.append(controller.pane.length)
    pointer.release(track, stop)
    assert lengths == sorted(set(lengths))
    assert lengths[-1] == 65_536


def test_a_length_is_typed(qtbot, window, controller):
    entry = window.length_slider._entry
    entry.setFocus()
    for typed, n in (("4096", 4096), ("64K", 65_536), ("1M", 1_048_576), ("8", 8)):
        entry.selectAll()
        qtbot.keyClicks(entry, typed)
        qtbot.keyClick(entry, Key.Key_Return)
        assert controller.pane.length == controller.picture.coverage.queries == n
    for absurd in ("0", "7", "-64", "2M", "many", "1e9", "99999999999999999999", "½"):
        entry.selectAll()
        qtbot.keyClicks(entry, absurd)
        qtbot.keyClick(entry, Key.Key_Return)
        assert controller.pane.length == 8
    assert not dialogs()


@pytest.mark.parametrize("absurd", ["0", "-5", "", "wide", "1e400", "9" * 400, "3.5", "², 4", "8 8 8 8,,"])
def test_absurd_parameters_change_nothing_that_runs(qtbot, window, controller, absurd):
    controls = {name: row.edit for name, row in window.form.rows.items() if hasattr(row, "edit")}
    assert {"window", "dilation"} <= set(controls)
    for name in ("window", "dilation"):
        edit = window.form.rows[name].edit
        edit.setFocus()
        edit.selectAll()
        qtbot.keyClick(edit, Key.Key_Delete)
        qtbot.keyClicks(edit, absurd)
        qtbot.keyClick(edit, Key.Key_Return)
        controller.pane.spec()  # what is asked for can always be asked for
        assert all(1 <= value <= 1 << 21 for value in controller.pane.parameters()[name])
    assert not dialogs()


def test_a_good_parameter_is_taken_and_drawn(qtbot, window, controller):
    before = controller.picture.coverage
    edit = window.form.rows["window"].edit
    edit.setFocus()
    edit.selectAll()
    qtbot.keyClicks(edit, "8")
    qtbot.keyClick(edit, Key.Key_Return)
    assert controller.pane.parameters().window == (8,)
    assert controller.picture.coverage is not before
    assert "window 8" in controller.picture.caption


def test_a_click_locks_the_row_and_another_lets_go(window, controller):
    view = window.pattern_view
    plot = view._layout().plot
    point = QPointF(plot.left() + plot.width() * 10.5 / 64, plot.top() + plot.height() * 40.5 / 64)
    pointer.click(view, point)
    assert controller.pane.locked == view.locked() == 40
    pointer.click(view, point)
    assert controller.pane.locked == -1


def test_a_locked_token_beyond_a_shorter_length_is_let_go(controller):
    controller.set(locked=60)
    controller.set(length=32)
    assert controller.pane.locked == -1
    assert controller.window.pattern_view.locked() is None


def test_the_wheel_zooms_and_a_double_click_shows_all_again(window):
    view = window.pattern_view
    middle = view._layout().plot.center()
    pointer.wheel(view, middle, 5)
    assert view.viewport().width < 32
    pointer.double_click(view, middle)
    assert view.viewport().width == 64


def test_both_themes_show_everything(qtbot, window, controller):
    for name in ("light", "dark"):
        qtbot.keyClick(window.pattern_view, Key.Key_T, Qt.KeyboardModifier.ControlModifier)
        assert controller.theme.name == name
        assert not window.grab().isNull()


@pytest.mark.parametrize("size", [(1024, 700), (1440, 900), (2560, 1440)])
def test_the_window_fits_its_screen(opened, size):
    window, _ = opened(size)
    assert (window.width(), window.height()) == size


# Files --------------------------------------------------------------------------------------------------------------


@pytest.fixture
def typed(controller):
    """A text of the user's own, which no failure may take away."""
    controller.window.text_panel.editor.setPlainText("my own words")
    controller.window.text_panel.flush()
    return "my own words"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (None, "cannot be read"),
        (b"\x7fELF\0\0\0", "not a text file"),
        (b"", "holds no text"),
        (b" \n\t ", "holds no text"),
        (50_000_001, "50 MB"),
    ],
    ids=["missing", "binary", "empty", "blank", "too large"],
)
def test_a_file_that_cannot_be_opened_is_said_and_the_text_stays(commands, window, typed, tmp_path, content, words):
    path = tmp_path / "text.txt"
    if isinstance(content, int):
        with path.open("wb") as file:
            file.truncate(content)
    elif content is not None:
        path.write_bytes(content)
    commands.open_path(str(path))
    assert words in said(window)
    assert "\n" not in said(window)
    assert window.text_panel.text() == typed
    assert commands.controller.pane.text.value == typed
    assert not dialogs()


def test_a_folder_and_a_file_without_permission_are_said(commands, window, typed, tmp_path, monkeypatch):
    commands.open_path(str(tmp_path))
    assert "cannot be read" in said(window)
    path = tmp_path / "text.txt"
    path.write_text("words")

    def forbidden(*rest, **more):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(type(path), "read_bytes", forbidden)
    commands.open_path(str(path))
    assert "Permission denied" in said(window)
    assert window.text_panel.text() == typed


@pytest.mark.parametrize(
    ("content", "shown"),
    [
        ("静夜思\n床前明月光".encode(), "静夜思\n床前明月光"),
        (b"\xef\xbb\xbfwith a mark", "with a mark"),
        (b"half \xe5\xba and \xff", "half ?? and ?"),
        ("שלום 👩‍🔬".encode(), "שלום 👩‍🔬"),
    ],
    ids=["Chinese", "BOM", "invalid", "right to left and emoji"],
)
def test_a_file_becomes_text_to_edit(commands, window, tmp_path, content, shown):
    path = tmp_path / "text.txt"
    path.write_bytes(content)
    commands.open_path(str(path))
    assert window.text_panel.text() == commands.controller.pane.text.value == shown
    assert not window.text_panel.is_window()


def test_a_large_file_is_read_through_a_window(commands, window, tmp_path):
    path = tmp_path / "large.txt"
    path.write_text("words and words\n" * 200_000, encoding="utf-8")
    commands.open_path(str(path))
    assert window.text_panel.is_window()
    assert commands.controller.pane.text.source().path == str(path)
    assert len(window.text_panel.text()) <= 65_536


def test_what_was_wrong_with_a_file_is_taken_away_with_the_next_text(commands, window, tmp_path):
    commands.open_path(str(tmp_path / "missing.txt"))
    assert said(window)
    (tmp_path / "there.txt").write_text("words")
    commands.open_path(str(tmp_path / "there.txt"))
    assert said(window) == ""


# Saving -------------------------------------------------------------------------------------------------------------


def test_a_picture_is_saved_and_said(commands, window, tmp_path):
    commands.save_picture_to(tmp_path / "picture")
    assert (tmp_path / "picture.png").read_bytes().startswith(b"\x89PNG")
    assert said(window) == f"Saved {tmp_path / 'picture.png'}"


def test_where_nothing_can_be_saved_it_is_said(commands, window, tmp_path):
    (tmp_path / "file").write_text("in the way")
    for path in (tmp_path / "no" / "folder.png", tmp_path / "file" / "picture.png"):
        commands.save_picture_to(path)
        assert "could not be saved" in said(window)
    assert not dialogs()


def test_without_permission_the_old_picture_stays_whole(commands, window, tmp_path, monkeypatch):
    path = tmp_path / "picture.png"
    path.write_bytes(b"old")

    def forbidden(*rest, **more):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("tempfile.mkstemp", forbidden)
    commands.save_picture_to(path)
    assert "Permission denied" in said(window)
    assert path.read_bytes() == b"old"


def test_on_a_full_disk_the_old_picture_stays_whole(commands, window, tmp_path, monkeypatch):
    path = tmp_path / "picture.png"
    path.write_bytes(b"old")

    def full(handle):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    commands.save_picture_to(path)
    assert "No space left on device" in said(window)
    assert path.read_bytes() == b"old"
    assert [each.name for each in tmp_path.iterdir() if each.name != "kept"] == ["picture.png"]


# Between starts -----------------------------------------------------------------------------------------------------


def test_text_and_settings_are_there_at_the_next_start(qtbot, opened):
    window, commands = opened()
    qtbot.mouseClick(window.variant_bar.row.buttons[2], Qt.MouseButton.LeftButton)
    window.length_slider._entry.selectAll()
    window.length_slider._entry.setFocus()
    qtbot.keyClicks(window.length_slider._entry, "1000")
    qtbot.keyClick(window.length_slider._entry, Key.Key_Return)
    window.text_panel.editor.setPlainText("kept to the last key")
    pane = commands.controller.pane
    window.close()
    again, later = opened()
    assert later.controller.pane.variant == pane.variant == "reformer"
    assert later.controller.pane.length == again.length_slider.length == 1000
    assert again.text_panel.text() == "kept to the last key"


def test_a_damaged_session_is_said_and_kept_aside(opened, tmp_path):
    (tmp_path / "kept").mkdir()
    (tmp_path / "kept" / "session.json").write_text("{")
    window, commands = opened()
    assert "session could not be read" in said(window)
    commands.controller.set(length=100)
    commands.controller.keep()
    assert (tmp_path / "kept" / "session.unreadable.json").read_text() == "{"


def test_a_folder_that_cannot_be_written_is_said_once(opened, tmp_path):
    window, commands = opened()
    (tmp_path / "kept").write_text("in the way")
    commands.controller.keep()
    assert "could not be saved" in said(window)
    window.message_bar.dismiss()
    commands.controller.keep()
    assert said(window) == ""


def test_a_file_that_has_gone_since_is_said(opened, tmp_path):
    large = tmp_path / "large.txt"
    large.write_text("words and words\n" * 100_000)
    window, commands = opened()
    commands.open_path(str(large))
    window.close()
    large.unlink()
    again, _ = opened()
    assert "cannot be read" in said(again)
