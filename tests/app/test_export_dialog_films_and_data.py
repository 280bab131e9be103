"""Films and data in the export dialog, by keys and clicks: what is offered, shown, written, cancelled."""

import csv
import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import imageio_ffmpeg
import numpy as np
import pytest
from PIL import Image
from pyarrow import parquet
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from app.export.film import FilmOptions, Frames, planned
from app.export.film_exporter import film_of, ladder_of
from app.export.film_of_length import rungs
from app.export.film_of_window import shown_pane
from app.export.films_without_window import film_of_length
from app.export.ladder_from_engine import FILM_PANE, ladder_film
from app.export_dialog import ExportDialog
from engines.messages import DropSlice, Idle, Refused, Tokenised, WeightsReply, WeightsSlice
from engines.problems import Problem
from engines.step_arrays import sent_arrays, step_arrays, weights_between
from engines.trace import Groups
from engines.weights import shipped_model
from tests.app.conftest import dialogs
from tests.app.export.films import pixels
from tests.app.export.shown import give_run, pane_with
from tests.app.runs import run_of

Key, Control = Qt.Key, Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def open_dialog(qtbot, window, controller, commands, tmp_path, monkeypatch):
    """Opens the dialog of a finished run by its key, with a format chosen by typing a name."""
    monkeypatch.chdir(tmp_path)

    def opened(variant, name, view="pattern", **settings):
        controller.change(pane_with(variant, view, **settings))
        give_run(controller.active, variant, **settings)
        controller.playing.show_timeline()
        qtbot.keyClick(window, Key.Key_E, Control)
        dialog = next(each for each in dialogs() if isinstance(each, ExportDialog))
        qtbot.waitExposed(dialog)
        dialog.activateWindow()
        qtbot.waitUntil(dialog.isActiveWindow)
        dialog.name.setFocus()
        dialog.name.selectAll()
        qtbot.keyClicks(dialog.name, name)
        qtbot.keyClick(dialog.name, Key.Key_Tab)
        if dialog.form.chosen_format.kind == "film":
            for box, value in (("width_box", 160), ("height_box", 120), ("fps", 10), ("seconds", 0.5)):
                getattr(dialog.option_widgets["film"], box).setValue(value)
        dialog.draw_preview()
        return dialog

    yield opened
    for dialog in dialogs():
        dialog.close()


def shown_rows(form):
    """The names of the controls that can be seen."""
    fields = [form.rows.itemAt(row, form.rows.ItemRole.FieldRole).widget() for row in range(form.rows.rowCount())]
    return {name for name, value in vars(form).items() if value in fields and value.isVisible()}


def test_only_the_controls_of_the_chosen_kind_are_there(qtbot, open_dialog):
    dialog = open_dialog("longformer", "film.mp4")
    film, data = dialog.option_widgets["film"], dialog.option_widgets["data"]
    assert shown_rows(dialog.form) == {"format", "theme"}
    assert film.isVisible()
    assert dialog.moment.isVisible()
    assert not data.isVisible()
    dialog.form.choose_format(next(each for each in dialog.form.formats if each.name == "csv"))
    dialog.draw_preview()
    assert shown_rows(dialog.form) == {"format"}
    assert data.isVisible()
    assert not any(each.isVisible() for each in (film, dialog.moment))
    dialog.form.choose_format(dialog.form.formats[0])
    assert shown_rows(dialog.form) == {"format", "size_row", "suits", "letters", "dpi", "theme", "title", "caption"}
    assert not any(each.isVisible() for each in (film, data))


@pytest.mark.parametrize("name", ["film.mp4", "film.webm", "film.gif", "film.webp", "film.apng"])
def test_a_film_is_written_with_its_frames_counted(qtbot, open_dialog, tmp_path, name):
    dialog = open_dialog("longformer", name)
    counted, said = [], dialog.count.setText
    dialog.count.setText = lambda words: (counted.append(words), said(words))
    qtbot.keyClick(dialog, Key.Key_Return)
    assert (tmp_path / name).stat().st_size > 500
    assert {"frame 1 of 5", "frame 5 of 5"} <= set(counted)
    assert not dialogs()


def test_the_film_that_is_written_is_the_one_that_is_shown(qtbot, open_dialog, tmp_path):
    dialog = open_dialog("reformer", "film.mp4", "buckets", chunk_length=8)
    film = dialog.option_widgets["film"]
    film.first_step.setCurrentIndex(1)
    film.quality.setCurrentIndex(2)
    dialog.draw_preview()
    film.seconds.setValue(0.5)
    dialog.form.theme.setCurrentIndex(dialog.form.theme.findData("print"))
    dialog.draw_preview()
    made, choice = film_of(dialog.order())
    frames = Frames(made, planned(made, tmp_path / "film.mp4", choice.options), choice.options)
    wanted = [pixels(frames.frame(index)).astype(int)[..., :3] for index in range(5)]
    assert (wanted[0][0, 0] == 255).all(), "the window is dark, the film is for print"
    qtbot.keyClick(dialog, Key.Key_Return)
    reader = imageio_ffmpeg.read_frames(str(tmp_path / "film.mp4"))
    told = next(reader)
    assert (told["size"], told["fps"]) == ((160, 120), 10)
    found = [np.frombuffer(frame, np.uint8).reshape(120, 160, 3).astype(int) for frame in reader]
    assert len(found) == 5
    for frame, image in zip(found, wanted, strict=True):
        assert np.abs(frame - image[..., ::-1]).mean() < 3


def test_the_slider_looks_through_the_film(qtbot, open_dialog):
    dialog = open_dialog("longformer", "film.mp4")
    first = dialog.preview._image.copy()
    assert dialog.moment.maximum() == 4
    dialog.moment.setFocus()
    qtbot.keyClick(dialog.moment, Key.Key_End)
    assert dialog.moment.value() == 4
    assert dialog.preview._image != first


def test_speed_and_seconds_say_the_same(open_dialog):
    film = open_dialog("longformer", "film.mp4").option_widgets["film"]
    film.speed.setValue(2)
    assert film.seconds.value() == pytest.approx(film.story / 2, abs=0.01)
    film.seconds.setValue(film.story * 2)
    assert film.speed.value() == pytest.approx(0.5, abs=0.01)


def test_growing_length_is_offered_where_nothing_has_to_be_run(qtbot, open_dialog, tmp_path):
    dialog = open_dialog("longformer", "film.apng")
    film = dialog.option_widgets["film"]
    film.over.setCurrentIndex(1)
    film.lengths.last.setValue(256)
    film.seconds.setValue(0.5)
    assert film.lengths.row.isVisible()
    assert not film.steps.isVisible()
    qtbot.keyClick(dialog, Key.Key_Return)
    card = json.loads(QImage(str(tmp_path / "film.apng")).text("Attnscope"))
    assert (card["film"], card["from"], card["to"]) == ("over length", 8, 256)


class Engine:
    """Answers as the engine does, from runs that are made here."""

    def __init__(self, client, variant, **settings):
        self.client, self.made = client, lambda length: run_of(variant, length, **settings)
        self.specs, self.forgotten, self.asked = [], [], 100

    def run(self, pane, spec, over_budget=False, measured=True):
        assert not measured, "nobody asks for numbers"
        self.specs.append(spec)
        run, number = self.made(spec.length), 50 + len(self.specs)  # the window has runs of its own
        tokens = run.prepared.tokens
        told = Tokenised(number, tokens.ids, tokens.text_tokens, tokens.cut, tokens.notes)
        for reply in (told, run.traced(number, spec.head), Idle(number)):
            QTimer.singleShot(0, lambda reply=reply: self.client.replied.emit(reply))
        return number

    def ask(self, request):
        self.asked += 1
        reply = self.made(self.specs[-1].length).cells(replace(request, id=self.asked))
        QTimer.singleShot(0, lambda: self.client.replied.emit(reply))
        return self.asked


@pytest.fixture
def engine(controller, monkeypatch):
    """Puts such an engine in the place of the client's."""

    def there(variant, **settings):
        client, engine = controller.client, Engine(controller.client, variant, **settings)
        monkeypatch.setattr(type(client), "is_live", property(lambda self: True))
        for name, value in (("run", engine.run), ("ask", engine.ask), ("forget", engine.forgotten.append)):
            monkeypatch.setattr(client, name, value)
        return engine

    return there


def over_length(dialog, last=40):
    film = dialog.option_widgets["film"]
    film.over.setCurrentIndex(1)
    film.lengths.last.setValue(last)
    film.seconds.setValue(0.5)
    dialog.draw_preview()
    film.seconds.setValue(0.5)
    dialog.draw_preview()
    return film


@pytest.mark.parametrize("view", ["pattern", "weights", "buckets"])
def test_where_every_length_has_to_be_run_the_engine_runs_them(qtbot, open_dialog, engine, tmp_path, view):
    dialog, there = open_dialog("reformer", "film.apng", view, chunk_length=8), engine("reformer", chunk_length=8)
    film = over_length(dialog)
    assert film.lengths.row.isVisible()
    assert not dialog.moment.isVisible(), "there is nothing to look through before it is run"
    assert there.specs == []
    counted, said = [], dialog.count.setText
    dialog.count.setText = lambda words: (counted.append(words), said(words))
    qtbot.keyClick(dialog, Key.Key_Return)
    lengths = [spec.length for spec in there.specs]
    assert lengths == list(rungs(8, 40))
    assert there.forgotten == [FILM_PANE], "the engine keeps none of it"
    assert {f"length 2 of {len(lengths)}: {lengths[1]} tokens", "frame 5 of 5"} <= set(counted)
    with Image.open(tmp_path / "film.apng") as image:
        card = json.loads(image.text["Attnscope"])
    assert (card["film"], card["view"], card["run at"]) == ("over length", view, lengths)
    assert "tokens" not in card


@pytest.mark.parametrize("view", ["pattern", "buckets"])
def test_the_film_of_lengths_is_the_one_that_the_command_makes(qtbot, open_dialog, engine, controller, view):
    dialog, _ = open_dialog("reformer", "film.apng", view, chunk_length=8), engine("reformer", chunk_length=8)
    over_length(dialog)
    order = dialog.order()
    filmed, theme, first, last = ladder_of(order, dialog.option_widgets["film"].choice())
    pane = shown_pane(filmed[0])
    work = ladder_film(controller, filmed, theme, first, last)
    try:
        while True:
            next(work)
            QApplication.processEvents()
    except StopIteration as end:
        mine = end.value
    spec = replace(pane.spec(), head=pane.head)
    made = lambda each: run_of("reformer", each.length, chunk_length=8)  # noqa: E731
    other = film_of_length([spec], [pane], theme, [shipped_model()], made, 8, 40)
    options = FilmOptions(size=(320, 240), fps=10, seconds=0.5)
    plan = planned(mine, Path("film.mp4"), options)
    for index in range(plan.frames):
        one, another = (pixels(Frames(film, plan, options).frame(index)) for film in (mine, other))
        assert np.array_equal(one, another)


def test_a_cancel_while_lengths_are_run_ends_them(qtbot, open_dialog, engine, tmp_path):
    dialog, there = open_dialog("reformer", "film.gif", chunk_length=8), engine("reformer", chunk_length=8)
    over_length(dialog)
    (tmp_path / "film.gif").write_bytes(b"old")
    run = there.run
    there.client.run = lambda *asked, **how: (QTimer.singleShot(0, dialog.cancel.click), run(*asked, **how))[1]
    dialog.write()
    assert dialog.said.text() == "The export was cancelled; film.gif is as it was."
    assert len(there.specs) == 1
    assert there.forgotten == [FILM_PANE]
    assert (tmp_path / "film.gif").read_bytes() == b"old"


def test_a_length_that_cannot_be_run_is_said(qtbot, open_dialog, engine, tmp_path):
    dialog, there = open_dialog("reformer", "film.gif", chunk_length=8), engine("reformer", chunk_length=8)
    over_length(dialog)
    refusal = Refused(77, Problem("over_budget_time", label="Reformer", n="8", duration="9 h", budget=2.0))
    there.client.run = lambda *asked, **how: QTimer.singleShot(0, lambda: there.client.replied.emit(refusal)) or 77
    dialog.write()
    assert "would take about 9 h a call" in dialog.said.text()
    assert there.forgotten == [FILM_PANE]
    assert not (tmp_path / "film.gif").exists()


def test_without_an_engine_no_length_can_be_run(open_dialog):
    dialog = open_dialog("reformer", "film.mp4", chunk_length=8)
    over_length(dialog)
    assert "The steps are not there yet" in dialog.said.text()
    assert not dialog.export.isEnabled()


@pytest.mark.parametrize("name", ["film.mp4", "film.gif"])
def test_a_cancel_leaves_the_old_film_whole(qtbot, open_dialog, tmp_path, name):
    dialog = open_dialog("longformer", name)
    (tmp_path / name).write_bytes(b"old")
    QTimer.singleShot(0, lambda: qtbot.keyClick(dialog, Key.Key_Escape))  # comes between two frames
    dialog.write()
    assert dialog.said.text() == f"The export was cancelled; {name} is as it was."
    assert (tmp_path / name).read_bytes() == b"old"
    assert [each.name for each in tmp_path.glob("*film*")] == [name]
    assert dialog.isVisible()
    assert dialog.export.isEnabled()


def test_what_does_not_move_is_said(open_dialog):
    dialog = open_dialog("longformer", "film.mp4", "weights")
    film = dialog.option_widgets["film"]
    assert film.over.currentIndex() == 1, "weights can grow with the length"
    film.over.setCurrentIndex(0)
    dialog.draw_preview()
    assert "does not move" in dialog.said.text()
    assert not dialog.export.isEnabled()
    dialog.form.choose_format(dialog.form.formats[0])
    dialog.draw_preview()
    assert dialog.said.text() == ""
    assert dialog.export.isEnabled()


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
    assert data.snippet.isEnabled() != name.endswith("parquet")
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
