"""Files before the window: opening, saving, and what is there at the next start; nothing here needs an engine."""

from __future__ import annotations

import os

import pytest
from PySide6.QtCore import Qt

from engines.variants import variants
from tests.app.conftest import dialogs, said

Key = Qt.Key


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


def test_weights_of_one_s_own_are_opened_and_a_folder_without_any_is_said(commands, window, own_folder, tmp_path):
    commands.open_weights_at(str(tmp_path))
    assert "There are no weights in" in said(window)
    assert commands.controller.pane.weights == "own"
    commands.open_weights_at(str(own_folder))
    assert commands.controller.pane.weights == str(own_folder)
    assert commands.controller.pane.weight_set().name == "longformer"
    assert "trained with this attention" in window.about.text()


def test_the_parameters_of_its_training_are_one_key_away(commands, window, qtbot):
    controller = commands.controller
    controller.set(variant="longformer")
    assert "In training: Window 64 128 256 512" in window.about.text()
    qtbot.keyClick(window, Key.Key_R, Qt.KeyboardModifier.ControlModifier)
    assert controller.pane.parameters().window == (64, 128, 256, 512)
    assert controller.pane.parameters().dilated_from == 3
    assert "In training" not in window.about.text()
    controller.set(weights="full")
    before = controller.pane
    qtbot.keyClick(window, Key.Key_R, Qt.KeyboardModifier.ControlModifier)
    assert controller.pane == before  # they were trained with no window


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
    qtbot.mouseClick(window.variant_bar.row.buttons[list(variants()).index("reformer")], Qt.MouseButton.LeftButton)
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
