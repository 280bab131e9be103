"""Films in the export dialog, by keys and clicks: what is offered, shown, written, cancelled."""

import json
from dataclasses import replace
from pathlib import Path

import imageio_ffmpeg
import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from app.export.film import FilmOptions, Frames, planned
from app.export.film_exporter import film_of, ladder_of
from app.export.film_of_length import rungs
from app.export.film_of_window import shown_pane
from app.export.films_without_window import film_of_length
from app.export.ladder_from_engine import FILM_PANE, ladder_film
from engines.messages import Idle, Refused, Tokenised
from engines.problems import Problem
from engines.weights import shipped_model
from tests.app.conftest import dialogs, shown_rows
from tests.app.export.films import pixels
from tests.app.runs import run_of

Key, Control = Qt.Key, Qt.KeyboardModifier.ControlModifier


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
    assert (dialog.moment.maximum(), dialog.moment.value()) == (4, 4), "at the end: a film begins empty"
    last = dialog.preview._image.copy()
    dialog.moment.setFocus()
    qtbot.keyClick(dialog.moment, Key.Key_Home)
    assert dialog.moment.value() == 0
    assert dialog.preview._image != last


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
