"""The window driven by mouse and keys, before there is an engine: nothing here needs one."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QAction, QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QLineEdit, QPlainTextEdit, QPushButton

from app.actions import ACTIONS, MENUS, PICTURE_KEYS
from app.keys_dialog import KeysDialog
from app.run_state import RunState
from app.session import Pane
from app.user_commands import UserCommands
from engines.messages import Failed
from engines.problems import Problem
from engines.samples import read_sample
from engines.variants import variants
from tests.app.conftest import dialogs, said
from tests.widgets import pointer

Key = Qt.Key
KEYS = {"Space": Key.Key_Space, "Left": Key.Key_Left, "Right": Key.Key_Right, "Home": Key.Key_Home, "End": Key.Key_End}


# The first picture --------------------------------------------------------------------------------------------------


def test_the_first_picture_needs_no_engine(window, controller):
    assert window.text_panel.text() == read_sample(Pane().text.value)
    assert controller.centre.picture.coverage.queries == 64
    assert not controller.centre.picture.stale
    assert window.variant_bar.row.chosen_name == "longformer"
    assert said(window) == ""
    assert controller.client.engine is None
    assert QApplication.focusWidget() is window.pane_view.pattern_view


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
    qtbot.keyClick(window.pane_view.pattern_view, Key.Key_F1)
    (box,) = dialogs()
    assert isinstance(box, KeysDialog)
    told = box.page.toPlainText().splitlines()
    for action in ACTIONS:
        assert told.count(action.shortcut) == 1
        assert action.help in told
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
    picture = getattr(window.pane_view, place)
    window.pane_view.views.setCurrentWidget(picture)
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


def chip(window, variant):
    return window.variant_bar.row.buttons[list(variants()).index(variant)]


def test_a_chip_chooses_the_variant_and_its_parameters(qtbot, window, controller):
    for button, name in zip(window.variant_bar.row.buttons, variants(), strict=True):
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
        assert controller.pane.variant == name
    qtbot.mouseClick(chip(window, "reformer"), Qt.MouseButton.LeftButton)
    assert {"chunk_length", "rounds", "seed"} <= set(window.form.rows)
    qtbot.mouseClick(window.variant_bar.row.buttons[0], Qt.MouseButton.LeftButton)
    assert controller.pane.variant == "full"
    assert "Full" in controller.centre.picture.caption


def test_dragging_the_length_moves_the_pattern_with_every_step(window, controller):
    track = window.length_slider._track
    lengths = []
    start, stop = QPointF(track.x_of(64), 12), QPointF(track.x_of(65_536), 12)
    pointer.press(track, start)
    for step in range(1, 9):
        pointer.move(track, start + (stop - start) * (step / 8), Qt.MouseButton.LeftButton)
        assert controller.centre.picture.coverage.queries == controller.pane.length == window.length_slider.length
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
        assert controller.pane.length == controller.centre.picture.coverage.queries == n
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
    before = controller.centre.picture.coverage
    edit = window.form.rows["window"].edit
    edit.setFocus()
    edit.selectAll()
    qtbot.keyClicks(edit, "8")
    qtbot.keyClick(edit, Key.Key_Return)
    assert controller.pane.parameters().window == (8,)
    assert controller.centre.picture.coverage is not before
    assert "window 8" in controller.centre.picture.caption


def test_a_click_locks_the_row_and_another_lets_go(window, controller):
    view = window.pane_view.pattern_view
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
    assert controller.window.pane_view.pattern_view.locked() is None


def test_the_wheel_zooms_and_a_double_click_shows_all_again(window):
    view = window.pane_view.pattern_view
    middle = view._layout().plot.center()
    pointer.wheel(view, middle, 5)
    assert view.viewport().width < 32
    pointer.double_click(view, middle)
    assert view.viewport().width == 64


def test_every_theme_shows_everything(qtbot, window, controller):
    for name in ("light", "contrast", "dark"):
        qtbot.keyClick(window.pane_view.pattern_view, Key.Key_T, Qt.KeyboardModifier.ControlModifier)
        assert controller.theme.name == name
        assert not window.grab().isNull()


@pytest.mark.parametrize("size", [(1024, 700), (1440, 900), (2560, 1440)])
def test_the_window_fits_its_screen(opened, size):
    window, _ = opened(size)
    assert (window.width(), window.height()) == size


@pytest.mark.parametrize("size", [(1024, 700), (1440, 900)])
def test_a_problem_covers_nothing_and_news_move_nothing(qtbot, opened, size):
    window, _ = opened(size)
    bar, columns = window.message_bar, window.columns
    whole = columns.geometry()
    bar.show_message("Saved.", good=True)
    assert columns.geometry() == whole
    assert bar.geometry().intersects(whole)
    bar.show_message("The file is not text. Choose a text file.")
    qtbot.waitUntil(lambda: not columns.geometry().intersects(bar.geometry()))
    assert (window.width(), window.height()) == size
    assert bar.geometry().bottom() < window.transport.mapTo(window.centralWidget(), QPoint()).y()
    qtbot.mouseClick(bar._dismiss, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: columns.geometry() == whole)


def test_without_a_text_no_tokens_of_the_one_before_are_shown(window, controller):
    active = controller.active
    active.tokens = ("It", " was")
    active.run = RunState(run_id=7, spec=controller.pane.spec())
    controller.replies.take(Failed(7, Problem("empty_text")))
    assert len(controller.tokens) == len(window.token_strip.chips.data().tokens) == 0
