"""Panes beside each other, and undo: by real keys and clicks, without an engine."""

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from app.engine_client import EngineClient
from app.session import Pane, Session
from app.session_changes import stayers
from engines.messages import OutputsCompared, Refused
from engines.problems import Problem
from tests.app.runs import known_of, model, run_of
from widgets.pane_area import MOST_PANES, places


def key(window, qtbot, key, modifier=Qt.KeyboardModifier.ControlModifier):
    qtbot.keyClick(window.pane_view.pattern_view, key, modifier)


def variants_of(controller):
    return [pane.variant for pane in controller.session.panes]


def test_panes_come_and_go_by_key(qtbot, window, controller):
    first = controller.pane.variant
    key(window, qtbot, Qt.Key.Key_N)
    key(window, qtbot, Qt.Key.Key_D)
    assert len(controller.panes) == len(window.pane_area.panes) == 3
    assert variants_of(controller)[0] == first
    assert variants_of(controller)[1] == variants_of(controller)[2] != first
    key(window, qtbot, Qt.Key.Key_W)
    key(window, qtbot, Qt.Key.Key_W)
    assert variants_of(controller) == [first]
    key(window, qtbot, Qt.Key.Key_W)
    assert variants_of(controller) == [first]


def test_there_are_at_most_four(qtbot, window, controller):
    for _ in range(6):
        key(window, qtbot, Qt.Key.Key_N)
    assert len(set(variants_of(controller))) == len(controller.panes) == MOST_PANES


def test_each_pane_draws_its_own_variant_at_one_length_and_one_locked_token(qtbot, window, controller):
    key(window, qtbot, Qt.Key.Key_N)
    controller.set_variant("full")
    controller.set(length=40, locked=7)
    first, second = window.pane_area.panes
    for made in controller.panes:
        assert made.centre.picture.coverage.queries == 40
    assert first.pattern_view.locked() == second.pattern_view.locked() == 7
    assert first.header.isVisibleTo(window)
    read = [len(made.centre.pattern.keys_of(39)) for made in controller.panes]
    assert read[0] < read[1] == 40


def test_a_click_into_a_pane_makes_the_panels_speak_of_it(qtbot, window, controller):
    key(window, qtbot, Qt.Key.Key_N)
    other = controller.pane.variant
    window.pane_area.moving.stop()
    window.pane_area.move_panes(1.0)
    QTest.mouseClick(window.pane_area.panes[0].header, Qt.MouseButton.LeftButton, pos=QPoint(40, 10))
    assert controller.session.active == 0
    assert controller.pane.variant != other
    window.length_slider.length_changed.emit(33)
    assert {pane.length for pane in controller.session.panes} == {33}
    qtbot.keyClick(window.pane_view.pattern_view, Qt.Key.Key_F4)
    assert controller.pane.variant == other


def test_a_view_that_takes_another_s_place_turns_to_no_pane(qtbot, window, controller):
    """The focus goes from one widget of a pane to another by itself; the pane that is worked in stays."""
    controller.change(replace(controller.pane, variant="reformer"))
    key(window, qtbot, Qt.Key.Key_D)
    window.pane_area.panes[0].pattern_view.setFocus()
    controller.activate(1)
    controller.panes[0].view.show_view("buckets")
    assert controller.session.active == 1
    assert window.pane_area.panes[0].bucket_view.hasFocus()
    qtbot.keyClick(window.pane_area.panes[0].bucket_view, Qt.Key.Key_Tab)
    window.pane_area.panes[0].bucket_view.setFocus(Qt.FocusReason.TabFocusReason)
    assert controller.session.active == 0


def test_the_cross_closes_its_pane(qtbot, window, controller):
    key(window, qtbot, Qt.Key.Key_N)
    kept = controller.pane.variant
    window.pane_area.panes[0].header.cross.click()
    assert variants_of(controller) == [kept]


def test_zooming_one_zooms_all(qtbot, window, controller):
    key(window, qtbot, Qt.Key.Key_D)
    qtbot.keyClick(window.pane_view.pattern_view, Qt.Key.Key_Plus)
    views = [pane.pattern_view.viewport() for pane in window.pane_area.panes]
    assert views[0] == views[1]
    assert views[0].width < 64
    qtbot.keyClick(window.pane_view.pattern_view, Qt.Key.Key_0)
    assert window.pane_area.panes[0].pattern_view.viewport().width == 64


def test_several_panes_come_at_once_while_the_engine_is_live(window, controller, monkeypatch):
    monkeypatch.setattr(EngineClient, "is_live", True)
    controller.set_session(Session(tuple(Pane(name) for name in ("full", "longformer", "bigbird")), active=2))
    assert [made.run.spec.variant for made in controller.panes[1:]] == ["longformer", "bigbird"]


def test_a_text_is_for_all_panes_or_for_one(qtbot, window, controller):
    key(window, qtbot, Qt.Key.Key_D)
    controller.set_sample("hamlet")
    assert len({pane.text for pane in controller.session.panes}) == 1
    key(window, qtbot, Qt.Key.Key_T, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    controller.set_sample("tale-of-two-cities")
    assert len({pane.text for pane in controller.session.panes}) == 2


def settled(session):
    """The session, wherever its playhead is."""
    return replace(session, play=replace(session.play, share=1.0))


def test_undo_takes_back_whatever_was_set_and_redo_sets_it_again(qtbot, window, controller):
    redo = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    transport = window.transport
    seen = [controller.session]
    for change in (
        lambda: transport.speed_changed.emit(2.0),
        lambda: transport.loop_changed.emit(True),
        lambda: transport.mode_changed.emit("length"),
        lambda: transport.mode_changed.emit("steps"),
        lambda: controller.set_variant("reformer"),
        lambda: controller.set_parameter("rounds", 2),
        lambda: controller.set(length=100),
        lambda: controller.set(locked=3),
        lambda: controller.set_theme("light"),
        lambda: controller.add_pane(replace(controller.pane, variant="full")),
        lambda: controller.set_sample("hamlet"),
        lambda: controller.remove_pane(0),
    ):
        change()
        seen.append(controller.session)
    for before in reversed(seen[:-1]):
        key(window, qtbot, Qt.Key.Key_Z)
        assert settled(controller.session) == settled(before)
        assert settled(controller.captured()) == settled(before)
        assert [made.pane for made in controller.panes] == list(before.panes)
        assert controller.theme.name == before.theme
    key(window, qtbot, Qt.Key.Key_Z)
    for after in seen[1:]:
        key(window, qtbot, Qt.Key.Key_Z, redo)
        assert settled(controller.session) == settled(after)
        assert settled(controller.captured()) == settled(after)
    assert len(window.pane_area.panes) == 1


@pytest.mark.parametrize("count", range(1, MOST_PANES + 1))
@pytest.mark.parametrize("size", [(400, 300), (761, 503), (1040, 560), (2000, 1000)])
def test_panes_fill_the_area_without_overlap(count, size):
    found = places(count, *size)
    assert max(place.right() for place in found) == size[0] - 1
    assert max(place.bottom() for place in found) == size[1] - 1
    assert not any(a.intersects(b) for i, a in enumerate(found) for b in found[i + 1 :])
    assert max(place.width() for place in found) - min(place.width() for place in found) <= 1
    rows, columns = ({(place.y(), place.x())[at] for place in found} for at in (0, 1))
    assert len(rows) * len(columns) - count <= 1, "never three above one"


def test_equal_panes_at_both_ends_stay():
    a, b, c, d = (Pane(length=n) for n in (8, 9, 10, 11))
    assert stayers([a, b], [a, c, b]) == [0, None, 1]
    assert stayers([a, b, c], [a, c]) == [0, 2]
    assert stayers([a], [a, a]) == [0, None]
    assert stayers([a, b], [c, d]) == [0, 1]
    assert stayers([a, b, c], [d]) == [0]
    assert stayers([a], [b, c, d]) == [0, None, None]


def test_what_was_told_of_a_run_that_is_no_longer_wanted_is_told_no_more(window, controller):
    controller.set_session(Session((Pane("full", length=40), Pane("longformer", length=40))))
    for made in controller.panes:
        made.timer.stop()
        made.run = replace(known_of(run_of(made.pane.variant, 40)), run_id=made.number + 50)
    controller.around.show_headings()
    other = controller.panes[1]
    errors = np.linspace(0, 0.5, 40, dtype=np.float32)
    controller.replies.take(OutputsCompared(other.comparison_id, 0.25, errors))
    assert "25" in window.pane_area.panes[1].header.heading.numbers
    controller.set(length=41)
    other.ask_for_run()
    controller.around.show_headings()
    assert window.pane_area.panes[1].header.heading.numbers == ""


def test_how_far_an_output_is_away_goes_with_its_run(window, controller, monkeypatch):
    monkeypatch.setattr(EngineClient, "ask", lambda client, request: 1000)
    controller.set_session(Session((Pane("full", length=40), Pane("longformer", length=40)), active=1))
    for made in controller.panes:
        made.timer.stop()
        made.run = replace(known_of(run_of(made.pane.variant, 40)), run_id=made.number + 50)
    controller.around.show_headings()
    controller.panes[1].take(OutputsCompared(1000, 0.5))
    controller.around.show_headings()
    assert "output 50.0 % from the first’s" in controller.panes[1].view.header.heading.numbers
    controller.panes[1].run = replace(controller.panes[1].run, traced=None, failed=Problem("empty_text"))
    controller.around.show_headings()
    assert "away" not in controller.panes[1].view.header.heading.numbers
    assert not controller.panes[1].take(OutputsCompared(1000, 0.25))


@pytest.mark.parametrize(
    ("variant", "view"), [("reformer", "buckets"), ("transformer-xl", "segments"), ("linear-transformer", "state")]
)
def test_a_view_of_an_earlier_run_says_so(window, controller, variant, view):
    controller.set_session(Session((Pane(variant, length=40, view=view),)))
    made, mark = controller.active, window.pane_view.stale
    made.timer.stop()
    made.run = replace(known_of(run_of(variant, 40)), run_id=50)
    made.model = model()
    made.refresh_picture()
    assert not mark.isVisible()
    controller.set(length=4096)
    made.ask_for_run()
    made.refresh_picture()
    assert mark.isVisible()
    if view == "segments":
        assert made.view.segment_view.data.length == 40  # nothing of the length that is not there yet
    assert made.view.widget_of(view).geometry().contains(mark.geometry())
    controller.set_view("pattern")
    assert not mark.isVisible()


@pytest.mark.parametrize(
    ("variant", "view"), [("reformer", "buckets"), ("reformer", "pattern"), ("linear-transformer", "state")]
)
def test_what_was_refused_has_no_picture_of_an_earlier_length(window, controller, variant, view):
    controller.set_session(Session((Pane(variant, length=40, view=view),)))
    made = controller.active
    made.timer.stop()
    made.run = replace(known_of(run_of(variant, 40)), run_id=50)
    made.model = model()
    made.refresh_picture()
    controller.set(length=65_536)
    made.ask_for_run()
    refusal = Problem("over_budget_time", label="Full", n="65,536", duration="9 min", budget=2.0)
    made.run = replace(made.run, refused=refusal, finished=True)
    made.refresh_picture()
    shown = made.view.widget_of(view)
    assert made.centre.view == view, "its tab stays"
    assert (shown.data if view == "state" else shown._scene) is None
    assert not window.pane_view.stale.isVisible()


def test_a_refusal_is_told_beside_the_numbers_once_its_message_is_put_away(window, controller, qtbot):
    made = controller.active
    made.timer.stop()
    refusal = Problem("over_budget_time", label="Full", n="1,048,576", duration="9 min", budget=2.0)
    made.run = replace(made.run, run_id=77)
    controller.replies.show(made, made_take(made, Refused(77, refusal)))
    assert window.live_panel._refusal.isHidden()
    qtbot.mouseClick(window.message_bar._dismiss, Qt.MouseButton.LeftButton)
    assert window.live_panel._sentence.text() == str(refusal)
    assert window.live_panel._override.isVisible()


def test_a_refusal_is_told_beside_the_numbers_when_another_message_takes_its_place(window, controller):
    made = controller.active
    made.timer.stop()
    refusal = Problem("over_budget_time", label="Full", n="1,048,576", duration="9 min", budget=2.0)
    made.run = replace(made.run, run_id=77)
    controller.replies.show(made, made_take(made, Refused(77, refusal)))
    window.message_bar.show_message("Saved.", good=True)
    assert window.live_panel._sentence.text() == str(refusal)
    window.message_bar.clear()
    assert window.live_panel._sentence.text() == str(refusal)


def made_take(made, reply):
    assert made.take(reply)
    return reply
