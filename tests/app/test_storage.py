"""What is kept between starts, and what happens where nothing can be kept."""

import os
from dataclasses import replace

import pytest

from app import missing_variants
from app.missing_variants import with_variants_back, without_missing
from app.session import Pane, Session, StageScene, Text
from app.session_file import from_json, to_json
from app.storage import Storage
from engines.variants import variants

OWN = Session((replace(Pane(), text=Text("typed", "窗前明月光 \ud800"), length=1000),))


def test_a_session_comes_back(tmp_path):
    Storage(tmp_path / "new" / "folder").save_session(OWN)
    again = Storage(tmp_path / "new" / "folder")
    assert again.load_session() == OWN
    assert again.problem is None


def test_nothing_is_kept_without_a_folder():
    storage = Storage(None)
    storage.save_session(OWN)
    assert storage.load_session() == Session()
    assert storage.points_path is None


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"{", b"[" * 100_000, b"\0" * 100])
def test_a_damaged_file_is_said_and_left(tmp_path, content):
    (tmp_path / "session.json").write_bytes(content)
    storage = Storage(tmp_path)
    assert storage.load_session() == Session()
    assert storage.problem is not None
    assert storage.problem.code == "bad_session"
    assert (tmp_path / "session.json").read_bytes() == content


def test_a_folder_in_the_files_place_is_said(tmp_path):
    (tmp_path / "session.json").mkdir()
    storage = Storage(tmp_path)
    assert storage.load_session() == Session()
    assert storage.problem is not None


def test_a_place_that_cannot_be_written_costs_nothing_else(tmp_path):
    (tmp_path / "file").write_text("in the way")
    storage = Storage(tmp_path / "file" / "folder")
    storage.save_session(OWN)
    assert storage.problem is not None
    assert storage.load_session() == Session()


def test_a_full_disk_leaves_the_old_session_whole(tmp_path, monkeypatch):
    storage = Storage(tmp_path)
    storage.save_session(OWN)

    def full(handle):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    storage.save_session(Session())
    assert storage.problem is not None
    assert "No space left" in str(storage.problem)
    assert Storage(tmp_path).load_session() == OWN
    assert [path.name for path in tmp_path.iterdir()] == ["session.json"]


def test_variants_that_come_later_are_shown_again_in_their_panes(monkeypatch):
    scene = StageScene("one", Session((Pane("full"), Pane("mine"))))
    whole = Session((Pane("longformer"), Pane("mine"), Pane("reformer")), scenes=(scene,))
    text, missing = without_missing(to_json(whole))
    session = from_json(text)
    assert missing.places == ("", "mine", "", "", "mine")
    assert with_variants_back(session, missing.places) == session  # not here yet
    monkeypatch.setattr(missing_variants, "variants", lambda: {**variants(), "mine": None})
    assert with_variants_back(session, missing.places) == whole
    chosen = replace(session, panes=(session.panes[0], Pane("sparse-transformer"), session.panes[2]))
    assert with_variants_back(chosen, missing.places).panes == chosen.panes
    fewer = replace(session, panes=session.panes[:1])
    assert with_variants_back(fewer, missing.places) == fewer
