"""The window with its engine, driven as a person would: one engine for the whole file."""

from __future__ import annotations

import json
import os

import numpy as np
import psutil
import pytest
import shiboken6
from PIL import Image
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QImage, QInputMethodEvent
from PySide6.QtWidgets import QApplication, QDialog
from pytestqt.qtbot import QtBot

from app.export_dialog import ExportDialog
from app.session import Pane, Text
from app.storage import Storage
from app.window import build
from engines.messages import Failed, Tokenised, Traced
from engines.problems import Problem
from engines.variants import variants
from tests.widgets import pointer

Key = Qt.Key
WAIT = 60_000


class Person:
    """What somebody before the window does and sees."""

    def __init__(self, bot, window, commands):
        self.bot, self.window, self.commands, self.controller = bot, window, commands, commands.controller

    def until(self, condition):
        self.bot.waitUntil(lambda: bool(condition()), timeout=WAIT)

    def until_traced(self):
        controller = self.controller
        self.until(lambda: not controller.active.timer.isActive() and controller.run.traced)

    def until_finished(self):
        controller = self.controller
        self.until(lambda: not controller.active.timer.isActive() and controller.run.finished)

    def press(self, key, modifier=Qt.KeyboardModifier.NoModifier):
        self.bot.keyClick(QApplication.focusWidget() or self.window, key, modifier)

    def type_text(self, words):
        panel = self.window.text_panel
        self.bot.mouseClick(panel._edit_button, Qt.MouseButton.LeftButton)
        panel.editor.selectAll()
        self.press(Key.Key_Delete)
        if words.isascii():
            self.bot.keyClicks(panel.editor, words)
        else:  # as an input method types it
            event = QInputMethodEvent()
            event.setCommitString(words)
            QApplication.sendEvent(panel.editor, event)
        self.until(lambda: self.controller.pane.text.value == words)

    def place(self, query, key):
        """Where a pair is in the picture."""
        view = self.window.pane_view.pattern_view
        plot, seen = view._layout().plot, view.viewport()
        x = (key + 0.5 - seen.x0) / seen.width * plot.width()
        y = (query + 0.5 - seen.y0) / seen.height * plot.height()
        return QPointF(plot.left() + x, plot.top() + y)

    def blank(self, widget):
        """The same view with nothing to show."""
        empty = type(widget)()
        self.bot.addWidget(empty)
        empty.set_theme(self.controller.theme)
        empty.resize(widget.size())
        return empty.grab().toImage()


@pytest.fixture(scope="module")
def engaged(request, qapp, tmp_path_factory):
    bot = QtBot(request)
    window, commands = build(Storage(tmp_path_factory.mktemp("kept")), threads=2)
    window.resize(1440, 900)
    window.show()
    commands.controller.client.start()
    person = Person(bot, window, commands)
    person.until(lambda: commands.controller.model is not None)
    yield person
    pid = commands.controller.client.engine.process.pid
    qapp.removeEventFilter(commands)
    window.close()
    assert not psutil.pid_exists(pid)
    names = [child.pid for child in psutil.Process(os.getpid()).children(recursive=True)]
    assert pid not in names
    shiboken6.delete(window)


@pytest.fixture
def person(engaged, qtbot):
    """Everybody begins with the same short run, and nobody leaves a dialog behind."""
    engaged.bot = qtbot
    engaged.window.activateWindow()
    engaged.controller.change(Pane(variant="full", text=Text("typed", "to be or not to be"), length=24))
    engaged.controller.playing.set_mode("steps")
    engaged.until_traced()
    engaged.window.message_bar.clear()
    engaged.window.pane_view.pattern_view.setFocus()
    yield engaged
    assert not [each for each in QApplication.topLevelWidgets() if isinstance(each, QDialog) and each.isVisible()]


def test_it_is_live_and_every_number_comes(person):
    person.until_finished()
    assert person.window.variant_bar.status.kind == "live"
    assert [cell.reading.look for cell in person.window.live_panel.cells] == ["measured"] * 6
    for cell in person.window.live_panel.cells[:2]:
        assert len(cell.reading.notes) == 2
        assert {"torch", "seed", "dtype", "threads"} <= {name for name, _ in cell.reading.card.rows}
    assert person.window.memory_strip.isVisible()
    assert len(person.controller.points.comparable(person.controller.run.measurements["variant"])) == 2


def test_typing_is_drawn(person):
    person.type_text("床前明月光 is typed")
    person.until(lambda: "明月光 is typed" in "".join(person.controller.tokens))
    person.until_traced()
    assert person.controller.run.tokens.text_tokens < 24
    assert person.window.length_slider._note.text().startswith("text repeats")


def test_a_chip_runs_the_other_variant(person):
    buttons = person.window.variant_bar.row.buttons
    for name in ("longformer", "reformer", "full"):
        person.bot.mouseClick(buttons[list(variants()).index(name)], Qt.MouseButton.LeftButton)
        person.until_traced()
        assert person.controller.run.spec.variant == name
        steps = [step.name for step in person.controller.run.steps]
        assert [step.name for step in person.controller.timeline.steps] == steps


def test_dragging_the_length_runs_where_it_ends(person):
    track = person.window.length_slider._track
    before = person.controller.run.run_id
    pointer.drag(track, QPointF(track.x_of(24), 12), QPointF(track.x_of(128), 12))
    person.until_traced()
    assert person.controller.pane.length == person.controller.run.spec.length == 128
    assert person.controller.run.run_id <= before + 2
    assert len(person.controller.tokens) == 128


def test_space_plays_and_arrows_step(person):
    playback, end = person.controller.playback, person.controller.timeline.duration
    person.press(Key.Key_Home)
    assert playback.state.seconds == 0
    assert person.controller.centre.picture.coverage.coverage(np.array([0, 24]), np.array([0, 24])).sum() == 0
    person.press(Key.Key_Right)
    assert playback.state.seconds == person.controller.timeline.steps[0].stop_seconds
    person.press(Key.Key_Left)
    assert playback.state.seconds == 0
    person.press(Key.Key_Space)
    assert playback.state.playing
    person.until(lambda: playback.state.seconds > 0)
    person.press(Key.Key_Space)
    assert not playback.state.playing
    assert 0 < playback.state.seconds < end
    person.press(Key.Key_End)
    assert playback.state.seconds == end
    assert person.controller.centre.picture.coverage is person.controller.centre.pattern


def test_the_length_plays(person):
    person.window.transport.mode_changed.emit("length")
    person.press(Key.Key_Home)
    person.press(Key.Key_Right)
    assert person.controller.pane.length == person.window.length_slider.length == 16
    person.press(Key.Key_Space)
    person.until(lambda: person.controller.pane.length > 16)
    person.press(Key.Key_Space)
    assert person.controller.centre.picture.coverage.queries == person.controller.pane.length


def test_the_strip_and_the_picture_agree_on_the_locked_token(person):
    pointer.click(person.window.pane_view.pattern_view, person.place(15, 3))
    strip = person.window.token_strip
    data = person.controller.window.token_strip._chips.data if hasattr(strip, "_chips") else None
    assert person.controller.pane.locked == 15
    assert person.window.pane_view.pattern_view.locked() == 15
    assert person.window.pane_view.bucket_view is not None
    if data is not None:
        assert data.locked == 15
        assert list(data.reads) == list(range(16))
        assert list(data.read_by) == list(range(15, 24))
    strip.token_clicked.emit(4)
    assert person.window.pane_view.pattern_view.locked() == person.controller.pane.locked == 4
    person.press(Key.Key_Escape)
    assert person.window.pane_view.pattern_view.locked() is None


def test_weights_are_those_of_the_run(person):
    person.press(Key.Key_2, Qt.KeyboardModifier.ControlModifier)
    view = person.window.pane_view.pattern_view
    person.until(lambda: view._weights is not None and view._weights.values.size)
    values, rows, columns = view._weights.values, view._weights.row_edges, view._weights.column_edges
    assert (rows[0], rows[-1], columns[0], columns[-1]) == (0, 24, 0, 24)
    np.testing.assert_allclose(np.nansum(values, axis=1), 1, atol=1e-5)
    assert (np.isnan(values) == ~np.tri(24, dtype=bool)).all()
    first = values.copy()
    person.controller.set_menu("head", "1")
    person.until(
        lambda: view._weights is not None and view._weights.values.size and person.controller.run.traced.head == 1
    )
    person.until(
        lambda: (
            view._weights.values.shape == first.shape and not np.allclose(view._weights.values, first, equal_nan=True)
        )
    )
    pointer.wheel(view, person.place(12, 3), 6)
    person.until(lambda: view._weights.row_edges.size and view._weights.row_edges[-1] - view._weights.row_edges[0] < 24)
    person.press(Key.Key_0)


def test_buckets_of_a_reformer(person):
    person.bot.mouseClick(
        person.window.variant_bar.row.buttons[list(variants()).index("reformer")], Qt.MouseButton.LeftButton
    )
    person.until_traced()
    person.window.pane_view.pattern_view.setFocus()
    person.press(Key.Key_3, Qt.KeyboardModifier.ControlModifier)
    assert person.window.pane_view.views.currentWidget() is person.window.pane_view.bucket_view
    assert person.window.tabs.currentIndex() == 2
    person.press(Key.Key_Home)
    assert person.controller.playback.state.seconds == 0
    person.press(Key.Key_Space)
    assert person.controller.playback.state.playing
    person.press(Key.Key_Space)
    person.bot.mouseClick(person.window.variant_bar.row.buttons[0], Qt.MouseButton.LeftButton)
    person.until_traced()
    assert person.window.pane_view.views.currentWidget() is person.window.pane_view.pattern_view


def test_the_round_of_the_buckets_is_the_session_s(person):
    controller, pane = person.controller, person.window.pane_view
    controller.set(variant="reformer", view="buckets", hash_round=2)
    person.until_traced()
    assert pane.bucket_view.playhead.round == 2
    pane.bucket_view.setFocus()
    person.press(Key.Key_BracketLeft)
    assert controller.pane.hash_round == 1
    controller.undo()
    assert controller.pane.hash_round == pane.bucket_view.playhead.round == 2


def test_buckets_stay_while_a_shorter_text_is_on_its_way(person, monkeypatch):
    """The tokens of the new run are there before its buckets: the old buckets keep their own."""
    controller = person.controller
    controller.set(variant="reformer", view="buckets", length=128)
    person.until_traced()
    shown = []
    monkeypatch.setattr(person.window.pane_view.bucket_view, "set_data", shown.append)
    monkeypatch.setattr(controller.client, "run", lambda *_: 999_999)
    controller.set(length=16)
    controller.ask_for_run()
    controller.replies.take(Tokenised(999_999, np.zeros(16, dtype=np.int32), 16, cut=False))
    assert len(shown[-1].tokens) == shown[-1].labels.shape[1] == 128
    monkeypatch.undo()
    controller.ask_for_run()
    person.until_traced()


def test_a_head_chosen_while_the_run_is_on_its_way_is_the_one_shown(person):
    person.controller.set(variant="reformer", length=40)
    person.controller.ask_for_run()
    person.controller.set(head=2)
    person.until(lambda: person.controller.run.traced and person.controller.run.traced.head == 2)
    assert person.controller.centre.picture.coverage.count() == person.controller.run.traced.pairs_kept


def test_one_token_and_lengths_below_the_window(person):
    person.type_text("a")
    person.until_traced()
    for variant in ("longformer", "reformer", "full"):
        person.controller.set(variant=variant, length=8)
        person.until_finished()
        assert person.controller.run.failed is None
        assert person.controller.run.refused is None
        assert person.window.message_bar.sentence == ""


def test_weights_are_asked_of_the_run_that_is_in_view(person):
    """Another length is drawn at once, before its run is there; the run before has no such rows."""
    person.controller.set(view="weights", locked=3)
    person.until_finished()
    for length in (96, 16, 1024):
        person.controller.set(length=length)
        person.until_finished()
        assert person.window.message_bar.sentence == ""
    values = person.window.pane_view.pattern_view.weights.values
    assert np.isfinite(values).any()


def test_without_text_nothing_of_the_text_before_is_shown(person):
    person.controller.set(variant="reformer", view="buckets")
    person.until_finished()
    person.type_text("")
    person.until(lambda: person.controller.run.failed)
    assert person.window.pane_view.bucket_view._scene is None
    assert not person.window.token_strip.chips.data().tokens
    assert {cell.reading.look for cell in person.window.live_panel.cells} == {"failed"}


@pytest.mark.parametrize(
    ("variant", "view"),
    [
        ("longformer", "pattern"),
        ("reformer", "buckets"),
        ("full", "key-mass"),
        ("sparse-transformer", "fold"),
        ("linear-transformer", "products"),
    ],
)
def test_another_theme_is_the_whole_pictures(person, variant, view):
    """As it would be had it been made in that theme; what a picture's data say of colours too."""
    person.controller.set_theme("dark")
    person.controller.set(variant=variant, view=view)
    person.until_finished()
    person.until(lambda: person.controller.centre.study.whole)
    person.controller.set_theme("light")
    widget = person.controller.centre.widget()
    changed = widget.grab().toImage()
    person.controller.set(view="weights")
    person.until_finished()
    person.controller.set(view=view)
    person.until(lambda: person.controller.centre.study.whole)
    assert widget.grab().toImage() == changed
    person.controller.set_theme("dark")


def test_no_text_is_said_until_there_is_one(person):
    person.window.text_panel.editor.clear()
    person.until(lambda: person.window.message_bar.sentence)
    assert "There is no text" in person.window.message_bar.sentence
    assert person.controller.centre.picture.coverage.queries == 24
    person.type_text("words again")
    person.until_traced()
    assert person.window.message_bar.sentence == ""


def test_what_would_not_fit_is_refused_and_may_be_overridden(person):
    person.controller.set(length=1_048_576)
    person.until(lambda: person.controller.run.refused is not None)
    sentence = person.window.message_bar.sentence
    assert "1,048,576 tokens would" in sentence
    assert person.window.message_bar._action.text() == "Run anyway"
    assert person.controller.centre.picture.coverage.queries == 1_048_576
    person.bot.mouseClick(person.window.message_bar._action, Qt.MouseButton.LeftButton)
    assert person.controller.client.runs[0].over_budget
    person.commands.stop_run()
    person.until(lambda: person.window.variant_bar.status.kind == "live")
    assert person.controller.client.runs == {}
    person.controller.set(length=24)
    person.until_traced()
    assert person.window.message_bar.sentence == ""


def test_a_stopped_run_stays_stopped(person):
    person.controller.set(length=1024)
    person.until_traced()
    person.press(Key.Key_Period, Qt.KeyboardModifier.ControlModifier)
    person.until(lambda: person.window.variant_bar.status.kind == "live")
    assert person.controller.run.finished
    assert not person.controller.client.busy
    person.press(Key.Key_F6)
    person.until_finished()
    assert "variant" in person.controller.run.measurements


def test_late_replies_are_dropped(person):
    person.until_finished()
    run, picture = person.controller.run, person.controller.centre.picture
    for late in (Traced(run.run_id - 1, 0, (), 1, 1), Failed(run.run_id + 1, Problem("empty_text"))):
        person.controller.replies.take(late)
    assert person.controller.run is run
    assert person.controller.centre.picture is picture


def test_the_saved_picture_is_what_is_seen_and_carries_its_card(person, tmp_path):
    person.until_finished()
    person.commands.save_picture_to(tmp_path / "one.png")
    person.commands.save_picture_to(tmp_path / "two.png")
    image = QImage(str(tmp_path / "one.png"))
    assert (image.width(), image.height()) == (1600, 1000)
    assert '"variant": "full"' in image.text("Attnscope")
    assert "measured" in image.text("Attnscope") or "torch" in image.text("Attnscope")
    assert (tmp_path / "one.png").read_bytes() == (tmp_path / "two.png").read_bytes()


def exported(person, path, choose):
    """What the dialog writes, once ``choose`` has set its controls; the engine answers meanwhile."""
    person.window.activateWindow()
    person.bot.waitUntil(person.window.isActiveWindow)
    person.bot.keyClick(person.window, Key.Key_E, Qt.KeyboardModifier.ControlModifier)
    shown = (each for each in QApplication.topLevelWidgets() if each.isVisible())
    dialog = next(each for each in shown if isinstance(each, ExportDialog))
    dialog.activateWindow()
    dialog.name.setText(str(path))
    person.bot.keyClick(dialog.name, Key.Key_Tab)
    choose(dialog)
    dialog.draw_preview()
    person.bot.keyClick(dialog, Key.Key_Return)
    assert not dialog.isVisible(), dialog.said.text()
    return path


def test_the_engine_runs_the_lengths_of_a_film_and_gives_what_the_steps_recorded(person, tmp_path):
    person.controller.set_variant("reformer")
    person.until_finished()
    run_id = person.controller.run.run_id

    def film(dialog):
        form = dialog.option_widgets["film"]
        form.over.setCurrentIndex(1)
        form.lengths.last.setValue(16)
        for box, value in ((form.width_box, 160), (form.height_box, 120), (form.fps, 5)):
            box.setValue(value)
        dialog.draw_preview()
        form.seconds.setValue(1)

    with Image.open(exported(person, tmp_path / "growing.apng", film)) as image:
        assert json.loads(image.text["Attnscope"])["run at"] == [8, 10, 11, 13, 16]

    def steps(dialog):
        form = dialog.option_widgets["data"]
        form.view.setCurrentIndex(form.view.findData("steps"))
        form.queries.last.setValue(9)

    with np.load(exported(person, tmp_path / "steps.npz", steps)) as stored:
        assert stored["hash.labels"].shape[-1] == 10
    assert person.controller.run.run_id == run_id, "the window's own run is left as it is"
    assert person.controller.client.runs.keys() == {person.controller.active.number}


def test_choosing_a_mask_that_cannot_be_shows_why(person):
    person.controller.set_variant("linformer")
    person.until_finished()
    assert not person.controller.pane.causal
    person.controller.set_menu("mask", "causal")
    assert not person.controller.pane.causal
    assert person.controller.centre.view == "looking-ahead"
    assert "cannot run causal" in person.window.message_bar.sentence
    person.until(lambda: person.controller.centre.study.whole)
    assert person.window.pane_view.study_view.panels


def test_weights_are_chosen_in_the_menu_and_named_on_the_card(person):
    """Those of full attention for a variant that has its own: the picture, the sentence and the card follow."""
    controller, about = person.controller, person.window.about
    controller.set_variant("longformer")
    person.until_finished()
    weights = lambda: dict(controller.run.measurements["variant"].card)["weights"]  # noqa: E731
    assert weights() == "longformer"
    assert "trained with this attention" in about.text()
    menu = next(each for each in person.window.variant_bar.menus if "weights" in each.text())
    assert "own weights" in menu.text()
    next(action for action in menu.menu().actions() if action.text() == "weights of Full").trigger()
    person.until_finished()
    assert weights() == "full"
    assert "with Full attention; Longformer replaces it" in about.text()
    assert "weights of Full" in menu.text()


def test_losses_tint_the_text_while_they_are_looked_at(person):
    person.until_finished()
    controller, chips = person.controller, person.window.token_strip.chips
    controller.set(view="loss-by-position")
    person.until(lambda: controller.centre.study.whole)
    assert "tint = nats" in chips.data().caption
    assert len(chips.data().strengths) == controller.pane.length
    assert chips.data().strengths[0] == 0  # nobody foretells the first
    controller.set(view="pattern")
    assert "tint" not in chips.data().caption


def test_a_study_is_asked_for_when_looked_at_and_follows_the_locked_token(person):
    person.until_finished()
    controller = person.controller
    controller.set(view="receptive-field")
    person.until(lambda: controller.centre.study.whole)
    first = controller.centre.study.id
    controller.set(logarithmic=True)
    assert controller.centre.study.id == first
    controller.lock(10)
    assert controller.centre.study.id != first
    person.until(lambda: controller.centre.study.whole)
    assert "token 10" in str(controller.centre.study.panels[0].title)
    controller.set(view="key-mass")
    person.until(lambda: controller.centre.study.whole)
    before = controller.centre.study.id
    controller.lock(12)
    assert controller.centre.study.id == before


def test_the_views_of_each_variant_draw(person):
    for name, view in (
        ("sparse-transformer", "fold"),
        ("transformer-xl", "segments"),
        ("linear-transformer", "state"),
        ("performer", "state"),
        ("linformer", "products"),
    ):
        person.controller.set_variant(name)
        person.controller.set_view(view)
        person.until_finished()
        assert person.controller.centre.view == view
        widget = person.window.pane_view.views.currentWidget()
        assert widget is person.window.pane_view.widget_of(view)
        assert widget.grab().toImage() != person.blank(widget)
