"""Results beside a session: written and read when somebody asks for it, and shown where the engine is not there."""

from __future__ import annotations

from dataclasses import replace
from importlib import resources

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QFileDialog

from app.documents import all_panes
from app.export.film_of_window import film_of_view
from app.export.look import Look
from app.export.picture import figure_of_view
from app.results import beside, portable_run, portable_spec, shipped
from app.session import Pane, Text
from app.session_file import from_json
from app.stored_file import SUFFIX, read_runs
from app.stored_runs import StoredRun, StoredRuns
from engines.headless import finished
from engines.trace import Groups, Order
from tests.app.conftest import said
from tests.app.runs import SETTINGS, WORDS, known_of, model, run_of

TOURS = ("quadratic", "hashing")
CHEAP = 256  # tokens
CTRL_ALT = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier


def pane_with_run(controller, variant: str = "reformer", **more: object) -> Pane:
    """A pane whose run is stored, as if the engine had made it."""
    run = run_of(variant, 40, **SETTINGS.get(variant, {}))
    spec = run.prepared.spec
    settings = {variant: dict(spec.parameters)}
    own = {"length": 40, "layer": spec.layer, "head": spec.head, "seed": spec.seed}
    pane = Pane(variant, settings, Text("typed", WORDS), **own, **more)
    controller.stored.machine = "a laptop"
    controller.stored.keep(replace(known_of(run), finished=True), model())
    return pane


def press(qtbot, window, key):
    qtbot.keyClick(QApplication.focusWidget() or window, key, CTRL_ALT)


@pytest.fixture
def saved(qtbot, window, commands, controller, tmp_path, monkeypatch):
    """A session of two panes, one of which has been run, saved with its results by the keys."""
    path = tmp_path / "talk.attnscope"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *args: (str(path), ""))
    controller.change(pane_with_run(controller))
    controller.add_pane(replace(controller.pane, length=41))
    press(qtbot, window, Qt.Key.Key_S)
    return path


def test_the_runs_are_written_beside_the_session(window, saved):
    assert "runs beside it: 1" in said(window)
    assert "Panes not run yet: 1" in said(window)
    (run,) = read_runs(beside(saved).read_bytes(), "")
    assert run.key[0].length == 40
    assert run.recorded.startswith("a laptop, ")
    assert "a laptop" not in saved.read_text(encoding="utf-8")


def test_they_are_offered_and_read_only_when_somebody_says_so(qtbot, saved, window, commands, controller):
    controller.stored.runs.clear()
    commands.new_session()
    commands.open_path(str(saved))
    assert not controller.stored.loaded
    qtbot.waitUntil(lambda: not controller.panes[0].timer.isActive())
    assert not controller.panes[0].recorded
    assert beside(saved).name in said(window)
    qtbot.mouseClick(window.message_bar._action, Qt.MouseButton.LeftButton)
    assert "Recorded runs at hand: 1" in said(window)
    first = controller.panes[0]
    assert first.recorded.startswith("a laptop, ")
    assert first.run.traced.pairs_kept == first.centre.pattern.count()
    assert "recorded on a laptop" in first.view.header.heading.details
    controller.activate(0)
    assert window.live_panel._source.text() == "recorded, not measured now"
    assert not controller.panes[1].recorded  # of another length


def test_what_is_exported_of_a_recorded_run_says_so(qtbot, saved, window, commands, controller):
    commands.new_session()
    commands.open_path(str(saved))
    qtbot.mouseClick(window.message_bar._action, Qt.MouseButton.LeftButton)
    controller.activate(0)
    qtbot.waitUntil(lambda: not any(made.timer.isActive() for made in controller.panes))
    where = controller.active.recorded
    for together in (False, True):
        figure = figure_of_view(controller, Look(caption=True, all_panes=together))
        assert f"Recorded on {where}." in figure.caption
        assert figure.told.count("Recorded on") == 1, "the other pane has no run"
        card = figure.metadata["panes"][0] if together else figure.metadata
        assert card["recorded"] == where
    film = film_of_view(controller)
    assert film.card["recorded"] == where
    assert film.at(film.stop)[1].caption.endswith(f" · recorded on {where}")


def test_a_session_without_results_offers_none(window, commands, saved):
    beside(saved).unlink()
    commands.new_session()
    window.message_bar.clear()
    commands.open_path(str(saved))
    assert said(window) == ""


def test_results_are_chosen_by_key_and_a_bad_file_is_one_sentence(qtbot, window, saved, controller, monkeypatch):
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *args: (str(beside(saved)), ""))
    press(qtbot, window, Qt.Key.Key_O)
    assert list(controller.stored.loaded)
    beside(saved).write_bytes(b"nothing of the kind")
    press(qtbot, window, Qt.Key.Key_O)
    assert "holds no results that can be read" in said(window)
    beside(saved).unlink()
    press(qtbot, window, Qt.Key.Key_O)
    assert "cannot be read" in said(window)


def test_a_full_disk_leaves_the_old_results_whole(qtbot, window, saved, monkeypatch):
    whole = beside(saved).read_bytes()

    def full(content, path):
        from engines.problems import Problem

        raise Problem("cannot_save", path=str(path), reason="No space left on device")

    monkeypatch.setattr("app.results.save_bytes", full)
    press(qtbot, window, Qt.Key.Key_S)
    assert "No space left" in said(window)
    assert beside(saved).read_bytes() == whole


def test_stored_weights_and_answers_are_shown_too(qtbot, controller, window):
    from tests.app.test_stored_file import rich

    whole = rich()
    pane = pane_with_run(controller, view="weights")
    controller.stored.runs.clear()
    controller.stored.load([portable_run(whole)])
    controller.change(pane)
    qtbot.waitUntil(lambda: bool(controller.active.recorded))
    assert window.pane_view.pattern_view.weights is not None
    controller.set(view="key-mass")
    assert window.pane_view.study_view._data.panels
    assert not window.pane_view.study_view._data.stale


# Tours ----------------------------------------------------------------------------------------------------------------


def tour(name):
    text = resources.files("resources").joinpath("tours", f"{name}.attnscope").read_text(encoding="utf-8")
    return from_json(text)


def test_what_ships_with_the_tours_is_small():
    folder = resources.files("resources").joinpath("tours")
    sizes = [len(each.read_bytes()) for each in folder.iterdir() if each.name.endswith(SUFFIX)]
    assert len(sizes) == len(TOURS)
    assert sum(sizes) <= 20_000_000


@pytest.mark.parametrize("name", TOURS)
def test_every_scene_of_a_tour_has_its_runs(name):
    found = {run.key: run for run in shipped(name)}
    for pane in all_panes(tour(name)):
        assert (portable_spec(pane.spec()), pane.head) in found
    weights = [pane for pane in all_panes(tour(name)) if pane.view == "weights"]
    assert all(found[portable_spec(pane.spec()), pane.head].weights is not None for pane in weights)


@pytest.mark.parametrize("name", TOURS)
def test_what_ships_is_what_the_engine_computes(name):
    wanted = {portable_spec(pane.spec()): pane.spec() for pane in all_panes(tour(name))}
    for stored in shipped(name):
        spec, head = stored.key
        if spec.length > CHEAP:
            continue
        now = finished(wanted[spec], threads=2).traced(1, head)
        assert now.pairs_kept == stored.run.traced.pairs_kept
        for one, other in zip(now.steps, stored.run.traced.steps, strict=True):
            assert one.name == other.name
            if isinstance(one.data, Groups):
                assert np.array_equal(one.data.labels, other.data.labels)
            elif isinstance(one.data, Order):
                assert np.array_equal(one.data.positions, other.data.positions)


@pytest.mark.parametrize("name", TOURS)
def test_a_tour_plays_without_an_engine(window, commands, controller, name):
    commands.open_tour(name)
    for place, scene in enumerate(controller.session.scenes):
        commands.presenting.go_to(place)
        commands.presenting.transition.finish()
        for made in controller.panes:
            made.timer.stop()
            made.ask_for_run()
            assert made.recorded, (scene.name, made.pane.variant)
            assert made.run.traced is not None
            assert made.run.spec == made.pane.spec()
        caption = commands.presenting.caption()
        assert caption
        assert "…" not in caption
        assert "{" not in caption


def test_results_hold_neither_a_path_nor_the_words(tmp_path):
    """A long text is a file of its own; saved in a session and opened again, it has the same results."""
    words = "one two three " * 50
    file = tmp_path / "text.txt"
    file.write_text(words, encoding="utf-8")
    spec = Pane("full", text=Text("file", str(file)), length=16).spec()
    assert portable_spec(spec) == portable_spec(Pane("full", text=Text("typed", words), length=16).spec())
    assert portable_spec(spec).text.path == ""
    assert "one" not in portable_spec(spec).text.text
    assert portable_spec(replace(spec, length=17)) != portable_spec(spec)
    runs = StoredRuns("", portable_spec)
    stored = StoredRun(known_of(run_of("full", 40)), model(), "there")
    runs.load([portable_run(stored)])
    assert runs.find(*stored.key).run.spec == stored.key[0]
    file.unlink()
    assert runs.find(spec, 0) is None
