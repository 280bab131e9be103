"""Results of runs on weights of one's own: found by what the weights are, and never by where they lie."""

from __future__ import annotations

import io
import json
import shutil
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog

from app.documents import read_session
from app.results import beside, portable_run, portable_spec
from app.session import Pane, Text
from app.stored_file import MANIFEST, file_of, read_runs
from app.stored_runs import StoredRun
from engines.headless import finished
from engines.problems import Problem
from engines.weight_sets import DIGEST, OWN, digest_of, opened_sets
from tests.app.conftest import said
from tests.app.runs import known_of
from tests.app.test_results import press


def pane_on(folder: Path | str, **more: object) -> Pane:
    return replace(
        Pane("longformer", text=Text("typed", "the cat sat on the mat"), length=24, layer=1),
        weights=str(folder),
        **more,
    )


def stored_on(pane: Pane) -> StoredRun:
    """What the engine makes of the pane."""
    run = finished(replace(pane.spec(), head=pane.head), threads=1)
    return StoredRun(replace(known_of(run), finished=True), run.prepared.model.info(), "a laptop, today")


@pytest.fixture
def saved(qtbot, window, commands, controller, tmp_path, monkeypatch, own_folder):
    """A session of a pane on weights of one's own, saved with its run by the keys; then a new one is begun."""
    path = tmp_path / "talk.attnscope"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *args: (str(path), ""))
    controller.change(pane_on(own_folder))
    stored = stored_on(controller.pane)
    controller.stored.runs[stored.key] = stored
    press(qtbot, window, Qt.Key.Key_S)
    assert "runs beside it: 1" in said(window)
    controller.stored.runs.clear()
    commands.new_session()
    return path


def opened(commands, path):
    """The session and its results, as somebody opens them."""
    commands.open_path(str(path))
    commands.load_results_from(beside(path))
    return shown(commands)


def shown(commands):
    made = commands.controller.panes[0]
    made.timer.stop()
    made.ask_for_run()
    return made


def test_the_file_names_the_weights_by_their_digest_and_no_folder(saved, own_folder):
    (run,) = read_runs(beside(saved).read_bytes(), "")
    digest = digest_of(opened_sets(str(own_folder))["longformer"])
    assert run.key[0].weights == run.run.tokens.weights == digest
    with zipfile.ZipFile(beside(saved)) as file:
        assert own_folder.name not in file.read(MANIFEST).decode()


def test_the_same_weights_in_another_folder_find_their_run(commands, controller, saved, own_folder, tmp_path):
    elsewhere = shutil.move(own_folder, tmp_path / "elsewhere")
    opened(commands, saved)
    commands.open_weights_at(str(elsewhere))
    made = shown(commands)
    assert made.recorded == "a laptop, today"
    assert made.run.spec == made.pane.spec()
    assert made.run.traced.steps
    assert made.model.layers == 2


def test_weights_that_were_trained_anew_do_not(commands, saved, own_folder):
    opened(commands, saved)
    file = own_folder / "longformer.safetensors"
    file.write_bytes(file.read_bytes()[:-1] + b"\1")
    commands.open_weights_at(str(own_folder))
    assert not shown(commands).recorded


def test_a_run_is_of_the_weights_that_were_read_whatever_lies_there_when_it_is_saved(own_folder):
    stored = stored_on(pane_on(own_folder))
    before = digest_of(opened_sets(str(own_folder))["longformer"])
    (own_folder / "longformer.safetensors").unlink()
    assert portable_run(stored).key[0].weights == before


def test_where_the_weights_were_not_opened_the_run_is_shown_and_says_so(
    commands, controller, window, saved, own_folder
):
    shutil.rmtree(own_folder)
    made = opened(commands, saved)
    assert made.pane.weights == OWN
    assert made.recorded == "a laptop, today, with weights not open here"
    assert made.recorded in made.view.header.heading.details
    assert "not open here" in window.about.text()
    assert made.model.layers == 2
    controller.set_parameter("window", 8)
    assert not shown(commands).recorded
    assert "not open here" not in window.about.text()


def test_saved_again_it_is_still_of_those_weights(qtbot, commands, window, saved, own_folder):
    digest = digest_of(opened_sets(str(own_folder))["longformer"])
    shutil.rmtree(own_folder)
    opened(commands, saved)
    press(qtbot, window, Qt.Key.Key_S)
    (run,) = read_runs(beside(saved).read_bytes(), "")
    assert run.key[0].weights == digest


def test_no_folder_is_read_because_a_session_or_its_results_name_it(commands, saved, own_folder, monkeypatch):
    read = []
    monkeypatch.setattr("engines.weight_sets.sets_in", lambda folder, *rest: read.append(folder) or {})
    monkeypatch.setattr("engines.weight_sets._digest_once", lambda files: read.append(files))
    opened(commands, saved)
    assert not read
    assert read_session(saved).session.pane.weights == OWN


def test_a_pane_that_never_had_such_weights_is_not_shown_their_run(commands, controller, saved):
    commands.load_results_from(beside(saved))
    controller.change(pane_on(OWN))
    assert controller.stored.loaded
    assert not shown(commands).recorded


def test_of_two_that_it_can_be_none_is_shown(commands, controller, saved, own_folder, tmp_path):
    (one,) = read_runs(beside(saved).read_bytes(), "")
    digest = f"sha256 {'0' * 64}"
    run = replace(one.run, spec=replace(one.run.spec, weights=digest), tokens=replace(one.run.tokens, weights=digest))
    beside(saved).write_bytes(file_of([one, replace(one, run=run)]))
    assert not opened(commands, saved).recorded
    assert len(controller.stored.loaded) == 2


@pytest.mark.parametrize(
    ("weights", "told", "why"),
    [
        ("/home/somebody/mine", "", "names a folder"),
        ("sha256 abc", "sha256 abc", "names a folder"),
        (f"sha256 {'0' * 64}", "", "two weights"),
        (OWN, f"sha256 {'0' * 64}", "two weights"),
        (OWN, "/home/somebody/mine", "two weights"),
    ],
)
def test_a_file_that_names_weights_otherwise_is_refused(saved, weights, told, why):
    (one,) = read_runs(beside(saved).read_bytes(), "")
    run = replace(one.run, spec=replace(one.run.spec, weights=weights), tokens=replace(one.run.tokens, weights=told))
    with pytest.raises(Problem, match=why):
        read_runs(file_of([replace(one, run=run)]), "a file")


def test_a_file_from_before_is_read(saved):
    """It has no digests: its runs are of weights that ship."""
    (one,) = read_runs(beside(saved).read_bytes(), "")
    run = replace(one.run, spec=replace(one.run.spec, weights=OWN), tokens=replace(one.run.tokens, weights=""))
    older = file_of([replace(one, run=run)])
    with zipfile.ZipFile(io.BytesIO(older)) as file, zipfile.ZipFile(beside(saved), "w") as old:
        for name in file.namelist():
            content = file.read(name)
            if name == MANIFEST:
                manifest = json.loads(content) | {"format": 1}
                del manifest["runs"][0]["fields"]["run"]["fields"]["tokens"]["fields"]["weights"]
                content = json.dumps(manifest).encode()
            old.writestr(name, content)
    (again,) = read_runs(beside(saved).read_bytes(), "")
    assert again.key == replace(one, run=run).key


def test_a_request_is_portable_only_where_its_weights_can_be_read(own_folder):
    spec = pane_on(own_folder).spec()
    assert DIGEST.fullmatch(portable_spec(spec).weights)
    assert portable_spec(replace(spec, weights="full")).weights == "full"
    shutil.rmtree(own_folder)
    with pytest.raises(Problem):
        portable_spec(spec)
