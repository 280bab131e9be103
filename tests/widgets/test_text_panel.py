"""The text panel: typing, pasting, dropping, samples, the read-only window, tokens."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication
from PySide6.QtWidgets import QApplication, QLabel

from widgets.text_panel import MOST_CHARACTERS, TextPanel, cleaned
from widgets.themes import DARK, LIGHT
from widgets.view_data import SampleText


@pytest.fixture
def panel(qtbot):
    panel = TextPanel()
    qtbot.addWidget(panel)
    panel.resize(300, 400)
    panel.show()
    qtbot.waitExposed(panel)
    panel.activateWindow()
    panel.editor.setFocus()
    return panel


@pytest.fixture
def edited(panel):
    seen = []
    panel.text_edited.connect(seen.append)
    return seen


def paste(qtbot, panel, text):
    QGuiApplication.clipboard().setText(text)
    qtbot.keyClick(panel.editor, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)


def test_typing_is_announced_once_after_a_pause(panel, edited, qtbot):
    with qtbot.waitSignal(panel.text_edited, timeout=3000):
        qtbot.keyClicks(panel.editor, "hello")
    assert edited == ["hello"]


def test_flush_does_not_wait_and_the_pause_then_brings_nothing_more(panel, edited, qtbot):
    qtbot.keyClicks(panel.editor, "ab")
    panel.flush()
    panel.flush()
    assert edited == ["ab"]
    assert not panel._timer.isActive()


def test_typed_and_taken_back_is_nothing(panel, edited, qtbot):
    qtbot.keyClicks(panel.editor, "a")
    qtbot.keyClick(panel.editor, Qt.Key.Key_Backspace)
    panel.flush()
    assert edited == []


def test_a_text_from_outside_is_not_an_edit_but_can_be_undone(panel, edited, qtbot):
    qtbot.keyClicks(panel.editor, "mine")
    panel.flush()
    panel.set_text("a sample")
    panel.flush()
    assert (panel.text(), edited) == ("a sample", ["mine"])
    qtbot.keyClick(panel.editor, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    panel.flush()
    assert (panel.text(), edited) == ("mine", ["mine", "mine"])
    qtbot.keyClick(panel.editor, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    panel.flush()
    assert edited[-1] == "a sample"


def test_the_same_text_from_outside_leaves_the_caret(panel, qtbot):
    qtbot.keyClicks(panel.editor, "hello")
    panel.set_text("hello")
    assert panel.editor.textCursor().position() == 5


def test_an_old_text_from_outside_does_not_take_away_what_is_being_typed(panel, edited, qtbot):
    qtbot.keyClicks(panel.editor, "ab")
    panel.flush()
    qtbot.keyClicks(panel.editor, "c")
    panel.set_text("ab")
    panel.flush()
    assert edited == ["ab", "abc"]


@pytest.mark.parametrize(
    ("pasted", "kept"),
    [
        ("话说天下大势\n分久必合", "话说天下大势\n分久必合"),
        ("مرحبا بالعالم", "مرحبا بالعالم"),
        ("👩‍🔬 family 👨‍👩‍👧", "👩‍🔬 family 👨‍👩‍👧"),
        ("a\0b", "a␀b"),
        ("one\r\ntwo\rthree", "one\ntwo\nthree"),
        ("no-break\u00a0space", "no-break\u00a0space"),
    ],
)
def test_pasting(panel, edited, qtbot, pasted, kept):
    source = QMimeData()
    source.setText(pasted)
    panel.editor.insertFromMimeData(source)
    panel.flush()
    assert edited == [kept]


def test_pasting_with_the_keyboard(panel, edited, qtbot):
    paste(qtbot, panel, "合久必分")
    panel.flush()
    assert edited == ["合久必分"]


def test_lone_surrogates_from_outside_do_no_harm(panel):
    panel.set_text("a\ud800b")
    assert panel.text() == "a�b"


@given(st.text(st.characters(codec=None)))
def test_cleaned_text_can_always_be_encoded_and_is_cleaned_once(text):
    once = cleaned(text)
    once.encode()
    assert "\0" not in once
    assert "\r" not in once
    assert cleaned(once) == once


def test_a_megabyte_goes_in_and_more_is_refused(panel, edited, qtbot):
    source = QMimeData()
    source.setText("word " * (MOST_CHARACTERS // 5))
    panel.editor.insertFromMimeData(source)
    panel.flush()
    assert len(edited[-1]) == MOST_CHARACTERS
    with qtbot.waitSignal(panel.too_long) as signal:
        paste(qtbot, panel, "one more")
    assert signal.args == [MOST_CHARACTERS + 8]
    assert len(panel.text()) == MOST_CHARACTERS


def test_a_dropped_file_is_announced_and_not_inserted(panel, edited, qtbot, tmp_path):
    source = QMimeData()
    source.setUrls([QUrl.fromLocalFile(str(tmp_path / "novel.txt"))])
    for target in (panel, panel.editor.viewport(), panel.window_view.viewport()):
        how = Qt.DropAction.CopyAction, source, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
        enter = QDragEnterEvent(QPoint(5, 5), *how)
        QApplication.sendEvent(target, enter)
        assert enter.isAccepted()
        with qtbot.waitSignal(panel.file_dropped, timeout=500) as signal:
            QApplication.sendEvent(target, QDropEvent(QPointF(5, 5), *how))
        assert signal.args == [str(tmp_path / "novel.txt")]
    panel.flush()
    assert panel.text() == ""
    assert edited == []


def test_samples_stand_under_their_language(panel, qtbot):
    panel.set_samples(
        (
            SampleText("cities", "A Tale of Two Cities", "English"),
            SampleText("dream", "红楼梦", "中文"),
            SampleText("moby", "Moby-Dick", "English"),
        )
    )
    actions = panel._sample_button.menu().actions()
    words = [a.defaultWidget().text() if hasattr(a, "defaultWidget") else a.text() for a in actions]
    assert words == ["English", "A Tale of Two Cities", "Moby-Dick", "中文", "红楼梦"]
    with qtbot.waitSignal(panel.sample_chosen) as signal:
        actions[4].trigger()
    assert signal.args == ["dream"]
    with qtbot.waitSignal(panel.open_requested):
        qtbot.mouseClick(panel._open, Qt.MouseButton.LeftButton)


def test_a_large_file_is_read_only_and_leaves_the_own_text_alone(panel, edited, qtbot):
    qtbot.keyClicks(panel.editor, "mine")
    panel.flush()
    panel.set_window("line 1\nline 2", "war.txt, from line 12,001, read only")
    assert panel.is_window()
    qtbot.keyClicks(panel.window_view, "x")
    assert panel.text() == "line 1\nline 2"
    with qtbot.waitSignal(panel.edit_requested):
        qtbot.mouseClick(panel._own_text, Qt.MouseButton.LeftButton)
    panel.set_text("mine")
    assert not panel.is_window()
    assert panel.text() == "mine"
    assert edited == ["mine"]


def test_the_switch_turns_to_the_tokens_and_back(panel, edited, qtbot):
    assert panel._tokens_button.isHidden()
    panel.show_tokens(True)
    assert not panel.shows_tokens()
    tokens = QLabel("tokens")
    panel.set_token_view(tokens)
    qtbot.keyClicks(panel.editor, "abc")
    with qtbot.waitSignal(panel.tokens_shown):
        qtbot.mouseClick(panel._tokens_button, Qt.MouseButton.LeftButton)
    assert edited == ["abc"]
    assert tokens.isVisible()
    qtbot.mouseClick(panel._edit_button, Qt.MouseButton.LeftButton)
    assert QApplication.focusWidget() is panel.editor
    panel.set_token_view(QLabel("others"))
    panel.show_tokens(True)
    assert panel.shows_tokens()


def test_the_status_line_is_shortened_in_a_narrow_panel(panel):
    words = "64 tokens · read at length 8,192: repeats 128 ×" * 3
    panel.set_status(words)
    assert panel._status.toolTip() == words


def test_themes_are_not_edits(panel, edited):
    panel.set_text("text")
    for theme in (DARK, LIGHT):
        panel.set_theme(theme)
    panel.flush()
    assert edited == []
    assert panel.rect().contains(panel.editor.mapTo(panel, QPoint(0, 0)))
