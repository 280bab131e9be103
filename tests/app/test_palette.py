"""The command palette by real keys: everything is found, chosen, and done."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication

from app.actions import ACTIONS
from app.kept_choices import kept
from app.language import CHINESE, ENGLISH, use
from app.palette_commands import commands_of
from app.used_commands import FILE, used_before
from tests.app.conftest import said
from widgets.command_palette import MOST_USED, Command, matching


@pytest.fixture
def palette(qtbot, window, commands):
    qtbot.keyClick(window.pane_view.pattern_view, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    assert commands.palette.isVisible()
    return commands.palette


def typed(qtbot, palette, words, key=Qt.Key.Key_Return):
    qtbot.keyClicks(palette.field, words)
    qtbot.keyClick(palette.field, key)


def test_every_action_is_in_a_menu_has_a_key_and_is_found(window, commands, palette):
    entries = {entry.objectName() for entry in window.findChildren(QAction)}
    for action in ACTIONS:
        assert action.shortcut
        assert action.slot in entries
        if action.slot != "open_palette":
            assert any(found.label == action.label for found in matching(palette.commands, action.label))


def test_a_variant_is_shown_by_a_few_letters(qtbot, controller, palette):
    typed(qtbot, palette, "perf")
    assert controller.pane.variant == "performer"
    assert not palette.isVisible()


def test_arrows_choose_and_escape_changes_nothing(qtbot, window, controller, commands, palette):
    before = controller.session
    qtbot.keyClicks(palette.field, "add pane")
    qtbot.keyClick(palette.field, Qt.Key.Key_Down)
    qtbot.keyClick(palette.field, Qt.Key.Key_Up)
    qtbot.keyClick(palette.field, Qt.Key.Key_Escape)
    assert not palette.isVisible()
    assert controller.session == before
    commands.open_palette()
    typed(qtbot, palette, "add pane")
    assert len(controller.panes) == 2


def test_letters_are_typed_and_not_taken_as_keys(qtbot, controller, palette):
    before = controller.session
    qtbot.keyClicks(palette.field, " . 0+-")
    assert palette.field.text() == " . 0+-"
    assert controller.session == before


def test_what_means_nothing_now_says_why_and_does_nothing(qtbot, controller, palette):
    undo = next(each for each in palette.commands if each.label == "Undo")
    assert undo.unavailable
    typed(qtbot, palette, "close pane")
    assert palette.isVisible()
    assert len(controller.panes) == 1


def test_what_was_used_last_stands_first(qtbot, commands, palette):
    typed(qtbot, palette, "longformer")
    commands.open_palette()
    assert palette.shown[0].label == "Longformer"


def test_nothing_is_listed_twice_and_it_is_no_higher_than_what_was_found(qtbot, palette):
    places = [(each.label, each.place) for each in palette.commands]
    assert len(places) == len(set(places))
    whole = palette.height()
    qtbot.keyClicks(palette.field, "close pane")
    QApplication.processEvents()
    assert palette.height() < whole / 2
    assert palette.list.viewport().height() >= palette.list.sizeHintForRow(0)
    assert not palette.list.verticalScrollBar().isVisible()
    qtbot.keyClicks(palette.field, "zebra")
    QApplication.processEvents()
    assert palette.hint.isVisible()
    assert palette.rect().contains(palette.hint.geometry())
    palette.field.clear()
    assert palette.height() == whole


COMMANDS = [
    Command(label, "Menu", "", lambda: None) for label in ("Add pane", "Close pane", "Open weights…", "Next view")
]


@given(st.text(max_size=12))
def test_whatever_is_typed_finds_some_of_them_in_some_order(query):
    found = matching(COMMANDS, query)
    assert all(command in COMMANDS for command in found)
    assert len(found) == len({command.label for command in found})
    if not query.strip():
        assert found == COMMANDS


def test_words_in_any_order_and_initial_letters():
    assert [command.label for command in matching(COMMANDS, "pane cl")] == ["Close pane"]
    assert [command.label for command in matching(COMMANDS, "nv")] == ["Next view"]
    assert matching(COMMANDS, "zebra") == []


def test_every_command_has_a_name_of_its_own(commands, controller, tmp_path):
    commands.record_scene()
    commands.save_session_to(tmp_path / "mine.attnscope")
    names = [command.name for command in commands_of(commands)]
    assert all(names)
    assert len(names) == len(set(names))


def test_what_was_used_last_stands_first_at_the_next_start_in_any_language(qtbot, opened):
    window, commands = opened()
    for words in ("reformer", "reduced motion"):
        commands.open_palette()
        typed(qtbot, commands.palette, words)
    window.close()
    use(CHINESE)
    try:
        _, commands = opened()
        commands.open_palette()
        assert [command.name for command in commands.palette.shown[:2]] == ["toggle_motion", "variant reformer"]
    finally:
        use(ENGLISH)


def test_no_more_than_so_many_are_remembered(qtbot, commands, controller, palette):
    palette.used = [f"command {number}" for number in range(MOST_USED)]
    typed(qtbot, palette, "longformer")
    assert len(palette.used) == MOST_USED
    assert palette.used[:2] == ["variant longformer", "command 0"]
    assert used_before(kept(controller.storage.folder, FILE)) == palette.used


@given(
    st.one_of(st.text(), st.recursive(st.none() | st.text() | st.integers(), st.lists, max_leaves=60).map(json.dumps))
)
def test_whatever_was_kept_can_be_read(words):
    names = used_before(words)
    assert len(names) <= MOST_USED
    assert all(isinstance(name, str) for name in names)


def test_what_cannot_be_kept_is_said(qtbot, window, commands, controller, palette):
    (controller.storage.folder / FILE).mkdir(parents=True)
    typed(qtbot, palette, "longformer")
    assert FILE in said(window)


def test_what_a_command_does_or_why_it_cannot_is_read_below_the_list_as_the_arrows_go(qtbot, palette):
    qtbot.keyClicks(palette.field, "pane")
    rows = [command.label for command in palette.shown]
    assert rows[0] == "Add pane"
    assert palette.hint.whole_text == "Another variant beside this one, up to four"
    for _ in range(rows.index("Close pane")):
        assert not palette.hint.property("warning")
        qtbot.keyClick(palette.field, Qt.Key.Key_Down)
    assert palette.hint.whole_text == "There is one pane only."
    palette.field.clear()
    qtbot.keyClicks(palette.field, "zebra")
    assert palette.hint.property("warning")
    assert palette.hint.text() == "No command is called that."
