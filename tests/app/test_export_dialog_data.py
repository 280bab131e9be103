"""Data in the export dialog, by keys and clicks; and panes as one figure."""

import csv
import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from pyarrow import parquet
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication

from app.export.data import DataOptions
from app.export.data_of_window import data_of_window, views_with_data, weights_apart_from_engine
from app.export.snippets.snippet import snippet_of
from app.export_dialog import ExportDialog
from app.session import Pane, Session
from app.theme import THEMES
from engines.messages import DropSlice, WeightsReply, WeightsSlice
from engines.step_arrays import sent_arrays, step_arrays, weights_between
from engines.trace import Groups
from tests.app.conftest import dialogs, shown_rows
from tests.app.export.shown import give_run
from tests.app.runs import run_of

Key, Control = Qt.Key, Qt.KeyboardModifier.ControlModifier


def test_pairs_come_in_the_range_with_a_file_that_draws_them(qtbot, open_dialog, tmp_path):
    dialog = open_dialog("longformer", "pairs.csv")
    data = dialog.option_widgets["data"]
    data.view.setCurrentIndex(data.view.findData("pattern"))
    data.queries.first.setValue(8)
    data.queries.last.setValue(15)
    data.keys.last.setValue(19)
    data.snippet.setChecked(True)
    dialog.draw_preview()
    assert data.said.text() == "part: 8 × 20 values, int8"
    qtbot.keyClick(dialog, Key.Key_Return)
    rows = list(csv.DictReader((tmp_path / "pairs.csv").read_text(encoding="utf-8").splitlines()[2:]))
    kept = run_of("longformer").pattern(2).kept(np.arange(8, 16), np.arange(20))
    assert {(int(row["query"]) - 8, int(row["key"])) for row in rows} == set(zip(*np.nonzero(kept), strict=True))
    code = "import runpy; runpy.run_path('pairs.csv.py')['prepare'](*runpy.run_path('pairs.csv.py')['load']())"
    subprocess.run([sys.executable, "-c", code], cwd=tmp_path, check=True)


@pytest.mark.parametrize("name", ["buckets.npz", "buckets.json", "buckets.parquet"])
def test_a_views_own_arrays_are_saved(qtbot, open_dialog, tmp_path, name):
    dialog = open_dialog("reformer", name, "buckets", chunk_length=8)
    data = dialog.option_widgets["data"]
    offered = [data.array.itemData(at) for at in range(data.array.count())]
    assert {"labels", "order"} <= set(offered)
    assert ("" in offered) != name.endswith("parquet")
    assert data.snippet.isEnabled()
    qtbot.keyClick(dialog, Key.Key_Return)
    assert (tmp_path / name).exists()
    if name.endswith("npz"):
        with np.load(tmp_path / name) as stored:
            steps = run_of("reformer", chunk_length=8).traced(0, 2).steps
            labels = next(step.data.labels for step in steps if isinstance(step.data, Groups))
            assert np.array_equal(stored["labels"], labels[0])


def test_weights_are_asked_for_pair_by_pair(qtbot, open_dialog, controller, tmp_path, monkeypatch):
    dialog = open_dialog("longformer", "weights.npz", "weights")
    run, asked, client = run_of("longformer"), [], controller.client

    def ask(request):
        asked.append(request)
        reply = run.cells(WeightsSlice(77, 0, 0, request.head, request.row_edges, request.column_edges))
        assert isinstance(reply, WeightsReply)
        QTimer.singleShot(0, lambda: client.replied.emit(reply))
        return 77

    monkeypatch.setattr(type(client), "is_live", property(lambda self: True))
    monkeypatch.setattr(client, "ask", ask)
    dialog.option_widgets["data"].queries.last.setValue(9)
    qtbot.keyClick(dialog, Key.Key_Return)
    assert asked[0].purpose == "data"
    with np.load(tmp_path / "weights.npz") as stored:
        exact = weights_between(run, 2, range(10), range(40))
        assert np.array_equal(stored["weight"], exact, equal_nan=True)
    assert not dialogs()


def test_waiting_for_weights_can_be_cancelled(qtbot, open_dialog, controller, tmp_path, monkeypatch):
    dialog = open_dialog("longformer", "weights.npz", "weights")
    sent = []
    monkeypatch.setattr(type(controller.client), "is_live", property(lambda self: True))
    monkeypatch.setattr(controller.client, "send", sent.append)
    QTimer.singleShot(0, dialog.cancel.click)
    dialog.write()
    assert "cancelled" in dialog.said.text()
    assert sent[-1] == DropSlice(controller.active.number, "data"), "the engine refines them no further"
    assert list(tmp_path.glob("*weights*")) == []
    assert QApplication.activeModalWidget() is dialog


@pytest.mark.parametrize(("name", "array"), [("steps.npz", ""), ("steps.parquet", "hash.labels")])
def test_what_the_steps_recorded_is_saved_in_the_range(
    qtbot, open_dialog, controller, tmp_path, monkeypatch, name, array
):
    dialog = open_dialog("reformer", name, chunk_length=8)
    run, asked, client = run_of("reformer", chunk_length=8), [], controller.client

    def ask(request):
        asked.append(request)
        reply = sent_arrays(run, replace(request, id=len(asked)))
        QTimer.singleShot(0, lambda: client.replied.emit(reply))
        return len(asked)

    monkeypatch.setattr(type(client), "is_live", property(lambda self: True))
    monkeypatch.setattr(client, "ask", ask)
    data = dialog.option_widgets["data"]
    data.queries.first.setValue(4)
    data.queries.last.setValue(11)
    data.view.setFocus()
    qtbot.keyClick(data.view, Key.Key_End)
    dialog.draw_preview()
    assert not asked[0].values, "what they are is asked before the values"
    assert not data.keys.row.isVisible()
    qtbot.waitUntil(lambda: data.array.count() > 1)
    if array:
        data.array.setCurrentIndex(data.array.findData(array))
        dialog.draw_preview()
    qtbot.waitUntil(lambda: "hash.labels: 4 × 4 × 8 values, int32" in data.said.text())
    qtbot.keyClick(dialog, Key.Key_Return)
    exact = {each.name: each.values for each in step_arrays(run.steps, 40, range(4, 12))}
    if name.endswith("parquet"):
        table = parquet.read_table(tmp_path / name)
        assert table.num_rows == exact[array].size
        assert asked[-1].array == array, "no more is sent than is written"
        return
    with np.load(tmp_path / name) as stored:
        assert set(stored.files) == {*exact, "card"}
        assert all(np.array_equal(stored[each], values) for each, values in exact.items())
        assert json.loads(str(stored["card"]))["positions"] == "4:12"


def test_steps_that_are_too_much_are_said_before_any_is_sent(qtbot, open_dialog, controller, monkeypatch):
    dialog = open_dialog("reformer", "steps.npz", chunk_length=8)
    run, asked, client = run_of("reformer", chunk_length=8), [], controller.client
    monkeypatch.setattr(type(client), "is_live", property(lambda self: True))
    monkeypatch.setattr(client, "ask", lambda request: asked.append(request) or len(asked))
    monkeypatch.setattr("app.export.data_exporter.MOST_VALUES", 100)
    data = dialog.option_widgets["data"]
    data.view.setCurrentIndex(data.view.findData("steps"))
    dialog.draw_preview()
    client.replied.emit(sent_arrays(run, replace(asked[0], id=1)))
    dialog.draw_preview()
    assert "values are more than the 100 that fit" in dialog.said.text()
    assert not dialog.export.isEnabled()
    assert not any(each.values for each in asked)


def test_without_an_engine_the_steps_have_no_arrays(open_dialog):
    dialog = open_dialog("reformer", "steps.npz", chunk_length=8)
    data = dialog.option_widgets["data"]
    data.view.setCurrentIndex(data.view.findData("steps"))
    dialog.draw_preview()
    assert "The run is not there yet" in dialog.said.text()


def test_all_panes_are_one_figure_or_one_stands_alone(qtbot, window, controller, commands, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    commands.add_pane()
    qtbot.keyClick(window, Key.Key_E, Control)
    dialog = next(each for each in dialogs() if isinstance(each, ExportDialog))
    qtbot.waitExposed(dialog)
    assert "panes" in shown_rows(dialog.form)
    assert len(dialog.figure.view.panels) == 2
    assert dialog.words.text().startswith("(a) ")
    dialog.form.panes.setFocus()
    qtbot.keyClick(dialog.form.panes, Key.Key_Down)
    dialog.draw_preview()
    assert not hasattr(dialog.figure.view, "panels")
    qtbot.keyClick(dialog.form.panes, Key.Key_Up)
    dialog.name.setText("both.svg")
    dialog.export.click()
    text = (tmp_path / "both.svg").read_text(encoding="utf-8")
    assert text.count(">(a)<") == text.count(">(b)<") == 1


def test_the_data_of_a_difference_are_offered_where_there_is_one(controller):
    controller.set_session(Session((Pane("full", length=40), Pane("longformer", length=40, view="difference"))))
    for made in controller.panes:
        give_run(made, made.pane.variant)
    assert "difference" not in views_with_data(controller)
    controller.activate(1)
    assert views_with_data(controller)["difference"] == "Difference"
    data = data_of_window(controller, "difference", DataOptions(range(8), range(8)))
    assert data.arrays[0].values.shape == (8, 8)


def test_differences_of_weights_are_the_first_panes_taken_from_this_ones(controller, monkeypatch):
    names = ("full", "longformer")
    controller.set_session(Session(tuple(Pane(name, length=40, head=2) for name in names), active=1))
    for made in controller.panes:
        give_run(made, made.pane.variant)
    client = controller.client
    numbers = {made.number: made.pane.variant for made in controller.panes}

    def ask(request):
        run = run_of(numbers[request.pane])
        reply = run.cells(WeightsSlice(77, 0, 0, request.head, request.row_edges, request.column_edges))
        QTimer.singleShot(0, lambda: client.replied.emit(reply))
        return 77

    monkeypatch.setattr(type(client), "is_live", property(lambda self: True))
    monkeypatch.setattr(client, "ask", ask)
    asked = weights_apart_from_engine(controller, DataOptions(range(10), range(12)))
    weights = None
    while weights is None:
        try:
            next(asked)
        except StopIteration as done:
            weights = done.value
        QApplication.processEvents()
    first, own = (weights_between(run_of(name), 2, range(10), range(12)) for name in names)
    neither = np.isnan(first) & np.isnan(own)
    expected = np.where(neither, np.nan, np.nan_to_num(own) - np.nan_to_num(first))
    assert np.allclose(weights, expected, equal_nan=True)
    data = data_of_window(controller, "weights-difference", DataOptions(range(10), range(12)), weights, THEMES["light"])
    assert (data.arrays[0].name, data.kind) == ("difference", "weights-difference")
    text = snippet_of(data, Path("d.npz"), "d", THEMES["light"])
    assert f'RAMP = ["{data.drawn.signed[0]}"' in text.replace("[\n    ", "[")
