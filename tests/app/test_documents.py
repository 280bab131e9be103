"""Session files: everything comes back; a hostile one is one sentence, and changes nothing."""

import json
import os
from dataclasses import replace

import pytest
import shiboken6
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication

from app.documents import EDITABLE_CHARACTERS, embedded, portable, read_session
from app.session import Pane, Play, Session, Text
from app.session_file import FORMAT, to_json
from app.storage import Storage
from app.window import build
from app.window_place import FILE, WindowPlace
from engines.messages import Budget
from engines.problems import Problem
from tests.app.conftest import said

FULL = Session(
    panes=(
        Pane(
            "reformer", {"reformer": {"rounds": 2}}, Text("typed", "窗前明月光"), 40, head=2, view="weights", locked=3
        ),
        Pane("full", text=Text("sample", "hamlet"), length=40, view="weights", locked=3, seed=5),
    ),
    active=1,
    play=Play("steps", 0.4, 2.0, True),
    theme="light",
    one_text=False,
)


def test_a_saved_session_opens_exactly_as_it_was(commands, controller, tmp_path):
    controller.set_session(FULL)
    controller.playing.restore(FULL.play)
    commands.save_session_to(tmp_path / "two heads")
    commands.new_session()
    assert controller.session.panes == Session().panes
    commands.open_path(str(tmp_path / "two heads.attnscope"))
    assert controller.captured() == FULL
    assert [made.pane for made in controller.panes] == list(FULL.panes)
    assert controller.theme.name == "light"


def test_opening_and_beginning_anew_can_be_undone(commands, controller, tmp_path):
    controller.set(length=80)
    commands.save_session_to(tmp_path / "a.attnscope")
    controller.set(length=99)
    before = controller.session
    commands.open_path(str(tmp_path / "a.attnscope"))
    commands.new_session()
    controller.undo()
    controller.undo()
    assert controller.session == before


def test_what_undo_leads_back_to_is_saved_where_it_came_from(commands, controller, window, tmp_path):
    one, two = tmp_path / "one.attnscope", tmp_path / "two.attnscope"
    for path, length in ((one, 80), (two, 99)):
        commands.new_session()
        controller.set(length=length)
        commands.save_session_to(path)
    commands.open_path(str(one))
    commands.open_path(str(two))
    controller.undo()
    assert controller.pane.length == 80
    assert window.windowTitle().startswith("one")
    controller.set(head=1)
    commands.save_session()
    assert (read_session(one).session.pane.length, read_session(one).session.pane.head) == (80, 1)
    assert read_session(two).session.pane.length == 99
    controller.undo()
    assert window.isWindowModified()
    controller.undo()
    assert window.windowTitle().startswith("two")


def test_the_window_is_named_after_its_file_and_says_what_is_not_in_it(commands, controller, window, tmp_path):
    assert window.windowTitle() == "Attnscope"
    commands.save_session_to(tmp_path / "talk.attnscope")
    assert window.windowTitle().startswith("talk.attnscope")
    assert not window.isWindowModified()
    controller.set(length=77)
    assert window.isWindowModified()
    commands.save_session()
    assert not window.isWindowModified()
    assert read_session(tmp_path / "talk.attnscope").session.pane.length == 77


def test_files_are_remembered_between_starts(opened, tmp_path):
    window, commands = opened()
    for name in ("one", "two"):
        commands.save_session_to(tmp_path / f"{name}.attnscope")
    window.close()
    again, commands = opened()
    assert again.windowTitle().startswith("two.attnscope")
    recent = [action.text() for action in commands.recent_menu.actions()]
    assert recent == ["two.attnscope", "one.attnscope"]
    commands.controller.set(length=55)
    commands.recent_menu.actions()[1].trigger()
    assert commands.controller.pane.length != 55
    assert again.windowTitle().startswith("one.attnscope")


def test_a_session_holds_the_words_of_its_text_files(tmp_path):
    path = tmp_path / "long.txt"
    path.write_text("窗前明月光 " * 10, encoding="utf-8")
    assert embedded(Text("file", str(path))) == Text("typed", "窗前明月光 " * 10)
    session = replace(Session(), panes=(Pane(text=Text("file", str(path))),))
    assert portable(session).pane.text.kind == "typed"
    with pytest.raises(Problem, match="cannot be read"):
        embedded(Text("file", str(tmp_path / "gone.txt")))


def test_a_long_text_is_kept_apart_so_that_nothing_stalls(commands, controller, tmp_path):
    long = "to be or not to be " * (EDITABLE_CHARACTERS // 10)
    file = tmp_path / "long.attnscope"
    file.write_text(to_json(replace(Session(), panes=(Pane(text=Text("typed", long)),))), encoding="utf-8")
    commands.open_path(str(file))
    assert controller.pane.text.kind == "file"
    assert (tmp_path / "kept" / "texts") in list((tmp_path / "kept").iterdir())
    assert embedded(controller.pane.text).value == long[:8_000_000]


def hostile(**change):
    raw = json.loads(to_json(Session()))
    for name, value in change.items():
        if name in raw:
            raw[name] = value
        else:
            raw["panes"][0][name] = value
    return json.dumps(raw).encode()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is no session"),
        (b"\xff\xfe\x00", "is no session"),
        (b"[" * 200_000, "is no session"),
        (b'{"format": 2, "panes": ' + b'{"a":' * 100_000, "is no session"),
        (b"9" * 100_000, "is no session"),
        (hostile(length=10**400), "is no session"),
        (hostile(length="64"), "is no session"),
        (hostile(text={"kind": "file", "value": "/etc/passwd"}), "instead of holding its words"),
        (hostile(text={"kind": "file", "value": "../../secret.txt"}), "instead of holding its words"),
        (hostile(settings={"longformer": {"window": [10**30]}}), "is no session"),
        (hostile(panes=[{}] * 3), "is no session"),
        (hostile(format=FORMAT + 1), "newer Attnscope"),
    ],
)
def test_a_hostile_file_is_one_sentence_and_changes_nothing(commands, controller, window, tmp_path, content, words):
    before = controller.session
    (tmp_path / "evil.attnscope").write_bytes(content)
    commands.open_path(str(tmp_path / "evil.attnscope"))
    assert words in said(window)
    assert controller.session == before


def test_a_variant_that_is_not_here_is_said_and_the_rest_is_shown(commands, controller, window, tmp_path):
    (tmp_path / "a.attnscope").write_bytes(hostile(variant="fancy-attention", length=48))
    commands.open_path(str(tmp_path / "a.attnscope"))
    assert "fancy-attention" in said(window)
    assert controller.pane.length == 48


def test_a_weights_folder_is_never_opened_because_a_session_names_it(
    commands, controller, window, tmp_path, own_folder
):
    (tmp_path / "a.attnscope").write_bytes(hostile(weights=str(own_folder)))
    commands.open_path(str(tmp_path / "a.attnscope"))
    assert controller.pane.weights == "own"
    assert str(own_folder) in said(window)


def test_on_a_full_disk_the_old_file_stays_whole(commands, controller, window, tmp_path, monkeypatch):
    path = tmp_path / "a.attnscope"
    commands.save_session_to(path)
    old = path.read_bytes()
    controller.set(length=99)

    def full(handle):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    commands.save_session_to(path)
    assert "No space left" in said(window)
    assert path.read_bytes() == old
    assert window.isWindowModified()


@pytest.mark.parametrize("kind", ["session", "text"])
def test_a_file_is_dropped_anywhere(window, controller, tmp_path, kind):
    path = tmp_path / ("a.attnscope" if kind == "session" else "a.txt")
    path.write_text(hostile(length=123).decode() if kind == "session" else "dropped words", encoding="utf-8")
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    actions, buttons, no_keys = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(QPoint(700, 300), actions, data, buttons, no_keys)
    QApplication.sendEvent(window, enter)
    assert enter.isAccepted()
    QApplication.sendEvent(window, QDropEvent(QPointF(700, 300), actions, data, buttons, no_keys))
    if kind == "session":
        assert controller.pane.length == 123
    else:
        assert controller.pane.text == Text("typed", "dropped words")


def test_what_stands_in_for_a_missing_variant_is_named_wherever_it_is(commands, controller, window, tmp_path):
    path = tmp_path / "theirs.attnscope"
    session = Session((Pane("full"), Pane("reformer")), active=1)
    path.write_text(to_json(session).replace('"variant": "full"', '"variant": "their-own"'), encoding="utf-8")
    commands.open_path(str(path))
    assert controller.session.panes[0].variant == "longformer"
    assert "their-own" in said(window)
    assert "Longformer is shown instead" in said(window)


def test_a_start_finds_the_session_as_saved_as_it_was(opened, tmp_path):
    text = tmp_path / "long.txt"
    text.write_text("a text file of one’s own", encoding="utf-8")
    _window, commands = opened()
    commands.open_path(str(text))
    commands.controller.set_budget(Budget(7.0, 0.5))
    commands.save_session_to(tmp_path / "talk.attnscope")
    commands.controller.playback.seek_share(0.25)
    commands.controller.set_budget(Budget(3.0, 0.5))
    commands.controller.keep()
    again = opened()[0]
    assert again.windowTitle().startswith("talk.attnscope")
    assert not again.isWindowModified()


def test_after_a_crash_the_playhead_and_the_window_are_where_they_were(opened, qtbot):
    window, commands = opened(size=(920, 700))  # the screen of the tests is no larger
    window.columns.setSizes([224, 402, 294])
    window.columns.splitterMoved.emit(224, 1)
    commands.controller.playback.seek_share(0.25)
    columns, play = window.columns.saveState(), commands.controller.captured().play
    place = window.findChild(WindowPlace)
    qtbot.waitUntil(lambda: not place.timer.isActive() and not commands.controller.keep_timer.isActive())
    again, found = build(Storage(commands.controller.storage.folder))  # the first one never closed
    seen = again.height(), again.columns.saveState(), found.controller.captured().play
    QApplication.instance().removeEventFilter(found)
    shiboken6.delete(again)
    assert seen == (700, columns, play)


def test_a_damaged_place_of_the_window_costs_nothing(opened, tmp_path):
    (tmp_path / "kept").mkdir()
    (tmp_path / "kept" / FILE).write_text("nonsense \u00e9", encoding="utf-8")
    assert opened()[0].isVisible()
