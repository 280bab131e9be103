"""The menus by real clicks and keys: what means nothing now is faint and says why; all has a key and is found."""

from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu, QToolTip

from app.actions import ACTIONS, BEGIN_GROUPS
from app.palette_commands import commands_of
from engines.problems import Problem
from tests.app.conftest import said

NO, CTRL = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ControlModifier
SLOTS = {action.slot for action in ACTIONS}


def menu_of(window, name):
    return next(entry.menu() for entry in window.menuBar().actions() if entry.text() == name)


def opened(qtbot, window, name):
    """The menu, opened with the pointer."""
    bar, menu = window.menuBar(), menu_of(window, name)
    qtbot.mouseClick(bar, Qt.MouseButton.LeftButton, pos=bar.actionGeometry(menu.menuAction()).center())
    qtbot.waitUntil(menu.isVisible)
    return menu


def entry(menu, slot):
    return next(each for each in menu.actions() if each.objectName() == slot)


def press(qtbot, window, key, modifier=CTRL):
    qtbot.keyClick(window.pane_view.pattern_view, key, modifier)


def leaves(menu):
    """All entries of a menu, those of its submenus with the submenu's name."""
    for each in menu.actions():
        if isinstance(each.menu(), QMenu):
            yield from ((each.text(), inner) for _, inner in leaves(each.menu()))
        elif not each.isSeparator():
            yield "", each


def test_every_entry_has_a_key_and_is_found(window, commands, tmp_path):
    """The choices of submenus have no keys of their own: each menu has one that goes to the next choice, or, for
    recent files, one that opens any file. All are in the palette."""
    commands.save_session_to(tmp_path / "mine.attnscope")
    found = [command.label for command in commands_of(commands)]
    seen = set()
    for top in window.menuBar().actions():
        for submenu, each in leaves(top.menu()):
            if each.objectName() != "open_palette":
                assert each.text() in found
            if submenu:
                assert submenu in ("Theme", "Language", "Open recent")
            else:
                assert not each.shortcut().isEmpty(), each.text()
                seen.add(each.objectName())
    assert seen == SLOTS


def test_no_two_have_the_same_key():
    keys = [QKeySequence(action.shortcut).toString() for action in ACTIONS]
    assert len(keys) == len(set(keys))


def test_what_means_nothing_now_is_faint_and_says_why(qtbot, window, controller):
    menu = opened(qtbot, window, "Edit")
    undo = entry(menu, "undo")
    assert not undo.isEnabled()
    assert undo.toolTip() == "Nothing was changed yet."
    place = menu.actionGeometry(undo).center()
    QTest.mouseMove(menu, place)
    qtbot.waitUntil(lambda: QToolTip.text() == "Nothing was changed yet.", timeout=5000)
    qtbot.mouseClick(menu, Qt.MouseButton.LeftButton, pos=place)
    assert menu.isVisible()
    qtbot.keyClick(menu, Qt.Key.Key_Escape)
    assert undo.isEnabled()


def test_what_means_something_again_is_chosen(qtbot, window, controller):
    controller.set(length=99)
    menu = opened(qtbot, window, "Edit")
    undo = entry(menu, "undo")
    assert undo.isEnabled()
    assert undo.toolTip() == "Take back the last change"
    assert not entry(menu, "redo").isEnabled()
    qtbot.mouseClick(menu, Qt.MouseButton.LeftButton, pos=menu.actionGeometry(undo).center())
    QApplication.processEvents()
    assert controller.pane.length == 64


def test_the_menus_are_looked_at_one_after_the_other(qtbot, window, controller):
    """From one open menu to the next by the arrow keys: no key is left dead behind them."""
    menu = opened(qtbot, window, "File")
    for _ in range(8):
        qtbot.keyClick(QApplication.activePopupWidget(), Qt.Key.Key_Right)
    qtbot.keyClick(QApplication.activePopupWidget(), Qt.Key.Key_Escape)
    assert not menu.isVisible()
    dead = [each.text() for top in window.menuBar().actions() for _, each in leaves(top.menu()) if not each.isEnabled()]
    assert dead == []
    press(qtbot, window, Qt.Key.Key_N)
    assert len(controller.panes) == 2


@pytest.mark.parametrize(
    ("key", "modifier", "why"),
    [
        (Qt.Key.Key_Z, CTRL, "Nothing was changed yet."),
        (Qt.Key.Key_W, CTRL, "There is one pane only."),
        (Qt.Key.Key_PageDown, NO, "There is no next scene."),
        (Qt.Key.Key_F5, Qt.KeyboardModifier.ShiftModifier, "There are no scenes yet"),
    ],
)
def test_a_key_that_means_nothing_now_says_why(qtbot, window, controller, key, modifier, why):
    before = controller.session
    press(qtbot, window, key, modifier)
    assert why in said(window)
    assert controller.session == before
    press(qtbot, window, Qt.Key.Key_D)
    assert said(window) == ""


def test_parameters_that_are_set_already_are_said_to_be(qtbot, window, controller):
    press(qtbot, window, Qt.Key.Key_R)
    assert said(window) == ""
    before = controller.session
    press(qtbot, window, Qt.Key.Key_R)
    assert said(window) == "These are the parameters of its training."
    assert controller.session == before
    controller.set(weights="full")
    press(qtbot, window, Qt.Key.Key_R)
    assert said(window) == "The weights in use were trained with another variant."


def test_escape_is_quiet_and_no_question_is_pushed_away(qtbot, window, controller):
    press(qtbot, window, Qt.Key.Key_Escape, NO)
    assert said(window) == ""
    controller.show_problem(Problem("engine_does_not_start", reason="it is gone"))
    asked = said(window)
    assert asked
    press(qtbot, window, Qt.Key.Key_Z)
    assert said(window) == asked


def test_stop_means_something_while_the_engine_has_something_to_do(qtbot, window, controller):
    menu = opened(qtbot, window, "Run")
    assert entry(menu, "stop_run").isEnabled()  # the engine is to make the first run as soon as it is there
    qtbot.mouseClick(menu, Qt.MouseButton.LeftButton, pos=menu.actionGeometry(entry(menu, "stop_run")).center())
    menu = opened(qtbot, window, "Run")
    assert entry(menu, "stop_run").toolTip() == "Nothing is being computed."


def test_what_is_on_has_a_mark(qtbot, window, commands, controller):
    for name, slot in (("View", "toggle_motion"), ("View", "toggle_logarithmic"), ("Compare", "toggle_one_text")):
        menu = opened(qtbot, window, name)
        before = entry(menu, slot).isChecked()
        qtbot.mouseClick(menu, Qt.MouseButton.LeftButton, pos=menu.actionGeometry(entry(menu, slot)).center())
        menu = opened(qtbot, window, name)
        assert entry(menu, slot).isChecked() is not before
        qtbot.keyClick(menu, Qt.Key.Key_Escape)
        commands.command(slot)  # as the palette does
        menu = opened(qtbot, window, name)
        assert entry(menu, slot).isChecked() is before
        qtbot.keyClick(menu, Qt.Key.Key_Escape)


def test_the_pointer_reads_what_an_entry_does(qtbot, window):
    menu = opened(qtbot, window, "Compare")
    assert menu.toolTipsVisible()
    assert entry(menu, "add_pane").toolTip() == "Another variant beside this one, up to four"
    assert menu.rect().contains(menu.actionGeometry(entry(menu, "add_pane")).center() + QPoint(1, 1))
    qtbot.keyClick(menu, Qt.Key.Key_Escape)


def test_a_view_of_steps_that_were_not_made_is_no_tab(qtbot, window, controller):
    controller.set(view="buckets")
    assert "buckets" in [view.name for view in controller.centre.views]
    controller.active.run = replace(controller.active.run, refused=Problem("empty_text"))
    controller.active.refresh_picture()
    assert "buckets" not in [view.name for view in controller.centre.views]
    assert controller.centre.view == "pattern"


def test_long_menus_are_grouped(window):
    for top in window.menuBar().actions():
        entries = top.menu().actions()
        lines = [at for at, each in enumerate(entries) if each.isSeparator()]
        groups = [stop - start for start, stop in zip([-1, *lines], [*lines, len(entries)], strict=True)]
        assert min(groups) > 1  # no line stands first, last or beside another
        assert max(groups) <= 8
    assert BEGIN_GROUPS <= SLOTS
