"""The list of keys, by keys."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from app.actions import ACTIONS
from app.keys_dialog import columns, keys_of_menus
from app.language import CHINESE, ENGLISH, use
from tests.app.conftest import dialogs


@pytest.fixture
def keys(qtbot, window):
    """F1 in the picture."""
    qtbot.keyClick(window.pane_view.pattern_view, Qt.Key.Key_F1)
    (dialog,) = dialogs()
    qtbot.waitUntil(dialog.field.hasFocus)
    return dialog


def page(keys):
    return keys.page.toPlainText()


def test_f1_shows_every_action_with_its_key(keys):
    for action in ACTIONS:
        assert action.label in page(keys)
        assert action.help in page(keys)
        assert action.shortcut in page(keys)


def test_typing_finds(qtbot, keys):
    qtbot.keyClicks(keys.field, "pane four")
    assert "Add pane" in page(keys)
    assert "Undo" not in page(keys)
    keys.field.clear()
    qtbot.keyClicks(keys.field, "ctrl+w")
    assert "Close pane" in page(keys)
    assert "Add pane" not in page(keys)
    keys.field.clear()
    qtbot.keyClicks(keys.field, "wheel")
    assert page(keys).strip().split("\n")[0] == "In a picture"
    qtbot.keyClicks(keys.field, "zebra")
    assert page(keys) == "No key is called that. Ctrl+K finds every command."


def test_escape_clears_and_then_closes(qtbot, keys):
    qtbot.keyClicks(keys.field, "undo")
    qtbot.keyClick(keys.page, Qt.Key.Key_Escape)
    assert keys.isVisible()
    assert keys.field.text() == ""
    assert keys.field.hasFocus()
    qtbot.keyClick(keys.field, Qt.Key.Key_Escape)
    assert dialogs() == []


def test_enter_and_tab_lead_to_the_list_and_arrows_scroll_it(qtbot, keys):
    bar = keys.page.verticalScrollBar()
    qtbot.keyClick(keys.field, Qt.Key.Key_PageDown)
    scrolled = bar.value()
    assert scrolled > 0
    assert keys.field.hasFocus()
    qtbot.keyClick(keys.field, Qt.Key.Key_Return)
    assert keys.isVisible()
    assert keys.page.hasFocus()
    qtbot.keyClick(keys.page, Qt.Key.Key_Up)
    assert bar.value() < scrolled
    qtbot.keyClick(keys.page, Qt.Key.Key_Tab)
    assert keys.field.hasFocus()
    qtbot.keyClick(keys.field, Qt.Key.Key_Tab)
    assert keys.page.hasFocus()
    qtbot.keyClick(keys.page, Qt.Key.Key_Backtab)
    assert QApplication.focusWidget() is keys.field


def test_english_words_find_in_a_chinese_window(qtbot, opened):
    use(CHINESE)
    try:
        _, commands = opened()
        commands.show_keys()
        (dialog,) = dialogs()
        qtbot.keyClicks(dialog.field, "undo")
        assert "Ctrl+Z" in page(dialog)
        assert "Ctrl+N" not in page(dialog)
    finally:
        use(ENGLISH)


@given(st.lists(st.sampled_from(keys_of_menus()), unique=True))
def test_every_key_stands_once_whatever_was_found(keys):
    html = columns(keys, "#888888")
    assert html.count("font-weight:600") == len(keys) + len({key.group for key in keys})
    assert "<b>" not in html, "the font has a semibold; Qt makes a bold up"
