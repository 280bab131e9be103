"""The window with its engine, driven as a person would."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt

from engines.messages import Failed, Tokenised, Traced
from engines.problems import Problem
from engines.variants import variants
from tests.widgets import pointer

Key = Qt.Key


def test_it_is_live_and_every_number_comes(person):
    person.until_finished()
    assert person.window.variant_bar.status.kind == "live"
    assert [cell.reading.look for cell in person.window.live_panel.cells] == ["measured"] * 6
    for cell in person.window.live_panel.cells[:2]:
        assert len(cell.reading.notes) == 1, "full attention is held against its other implementation alone"
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
    assert {cell.reading.look for cell in person.window.live_panel.cells} == {"absent"}


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
