"""Panes beside each other, and undo: by real keys and clicks, without an engine."""

from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from app.difference import both, either, only, own_difference, told_apart
from app.engine_client import EngineClient
from app.export.scene_of_run import beside_of, pane_of, scene_of
from app.session import Pane, Session
from app.session_changes import stayers
from app.theme import FIGURE_THEMES, THEMES, variant_colour
from app.weights_difference import colours_of, difference_of
from engines.messages import OutputsCompared, Refused, WeightsReply, WeightsSlice
from engines.problems import Problem
from tests.app.runs import known_of, model, run_of
from widgets.colour_ramp import LEVELS, NOTHING, rgb, signed_table
from widgets.pane_area import MOST_PANES, places
from widgets.pattern_axes import bar_ticks
from widgets.pattern_picture import weight_indexes
from widgets.themes import DARK
from widgets.view_data import WeightsData


@dataclass(frozen=True)
class Drawn:
    """A pattern as somebody would draw it: a square of pairs."""

    mask: np.ndarray

    def keys_of(self, query):
        return np.flatnonzero(self.mask[query])


def from_mask(mask):
    return Drawn(mask)


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


def test_the_difference_view_shows_what_each_keeps_alone(qtbot, window, controller):
    controller.set(length=48)
    assert "difference" not in [view.name for view in controller.centre.views]
    key(window, qtbot, Qt.Key.Key_N)
    controller.set_variant("full")
    controller.set_view("difference")
    own, other = (made.centre.pattern for made in controller.panes)
    shown = window.pane_area.panes[1].pattern_view._data
    edges = np.arange(49)
    parts = {part.name: part.coverage.coverage(edges, edges) for part in shown.parts}
    a, b = (pattern.coverage(edges, edges) > 0 for pattern in (own, other))
    np.testing.assert_array_equal(parts["both"] > 0, a & b)
    np.testing.assert_array_equal(parts["only Longformer"] > 0, a & ~b)
    np.testing.assert_array_equal(parts["only Full"] > 0, b & ~a)
    assert window.pane_area.panes[0].pattern_view._data.coverage == own
    controller.activate(0)
    assert "difference" in [view.name for view in controller.centre.views]
    controller.set_parameter("window", "8")
    narrower = window.pane_area.panes[1].pattern_view._data.parts[2].coverage.coverage(edges, edges)
    assert (narrower > 0).sum() > (parts["only Full"] > 0).sum()
    key(window, qtbot, Qt.Key.Key_W)
    assert controller.centre.view == "pattern"


@given(st.integers(2, 40), st.data())
def test_a_difference_is_that_of_the_sets(n, data):
    kept = [np.array(data.draw(st.lists(st.integers(0, n - 1), min_size=n, max_size=n))) for _ in range(2)]
    a, b = (from_mask(np.arange(n)[:, None] >= each[None, :]) for each in kept)
    query = data.draw(st.integers(0, n - 1))
    sets = [set(each.keys_of(query)) for each in (a, b)]
    assert set(both(a, b).keys_of(query)) == sets[0] & sets[1]
    assert set(only(a, b).keys_of(query)) == sets[0] - sets[1]
    assert set(either(a, b).keys_of(query)) == sets[0] | sets[1]


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


@pytest.mark.parametrize("theme", [*THEMES.values(), *FIGURE_THEMES.values()], ids=lambda theme: theme.name)
@pytest.mark.parametrize("first", range(10))
def test_both_and_each_alone_are_told_apart_in_every_theme(theme, first):
    for own in range(10):
        wanted = theme.muted, variant_colour(first, theme), variant_colour(own, theme)
        chosen = told_apart(wanted, theme)
        apart = [np.abs(rgb(a) - rgb(b)).sum() for a, b in combinations((*chosen, theme.background), 2)]
        assert min(apart) >= (160 if theme.name == "print-grey" else 90), "greys are 53 of 255 apart"
        if theme.name != "print-grey":
            assert chosen[2] == wanted[2], "the pane's own colour stays"


@pytest.mark.parametrize("name", FIGURE_THEMES)
def test_a_figure_of_a_difference_has_its_own_themes_colours(name):
    runs = [run_of(each) for each in ("full", "longformer")]
    panes = [pane_of(run.prepared.spec, "difference") for run in runs]
    dark, own = (
        replace(scene_of(runs[1], panes[1], theme), beside=beside_of(runs[0], panes[0]))
        for theme in (THEMES["dark"], FIGURE_THEMES[name])
    )
    turned = replace(dark, theme=FIGURE_THEMES[name])
    drawn = [own_difference(scene, runs[1].pattern(2), scene.beside) for scene in (turned, own)]
    assert [part.colour for part in drawn[0].parts] == [part.colour for part in drawn[1].parts]
    assert colours_of(turned, turned.beside) == colours_of(own, own.beside)


def test_equal_panes_at_both_ends_stay():
    a, b, c, d = (Pane(length=n) for n in (8, 9, 10, 11))
    assert stayers([a, b], [a, c, b]) == [0, None, 1]
    assert stayers([a, b, c], [a, c]) == [0, 2]
    assert stayers([a], [a, a]) == [0, None]
    assert stayers([a, b], [c, d]) == [0, 1]
    assert stayers([a, b, c], [d]) == [0]
    assert stayers([a], [b, c, d]) == [0, None, None]


def test_weights_are_subtracted_where_either_keeps_the_pair():
    own = np.array([[0.5, np.nan], [np.nan, 0.25]], dtype=np.float32)
    other = np.array([[0.25, 0.5], [np.nan, np.nan]], dtype=np.float32)
    expected = np.array([[0.25, -0.5], [np.nan, 0.25]], dtype=np.float32)
    np.testing.assert_array_equal(difference_of(own, other), expected)


def test_a_difference_of_weights_has_a_colour_for_each_sign():
    values = np.array([[-0.5, 0.0, 0.5, np.nan]], dtype=np.float32)
    weights = WeightsData(values, np.arange(2), np.arange(5), 0.5, signed=("#0000ff", "#ff0000"))
    low, middle, high, nothing = weight_indexes(weights)[0]
    table = signed_table(DARK, ("#0000ff", "#ff0000"))
    assert (low, high, nothing) == (1, LEVELS, NOTHING)
    assert table[low] == 0xFF0000FF
    assert table[high] == 0xFFFF0000
    assert table[middle] != table[nothing]
    assert [label for _, label in bar_ticks(weights)] == ["−0.5", "−0.125", "0", "0.125", "0.5"]


def test_both_panes_are_asked_for_the_same_cells(window, controller, monkeypatch):
    asked = []
    monkeypatch.setattr(EngineClient, "ask", lambda client, request: asked.append(request) or len(asked) + 1000)
    controller.set_session(Session((Pane("full", length=40), Pane("longformer", length=40)), active=1))
    for made in controller.panes:
        made.timer.stop()
        made.run = replace(known_of(run_of(made.pane.variant, 40)), run_id=made.number + 50)
    asked.clear()
    controller.set_view("weights-difference")
    own, *slices = [each for each in asked if isinstance(each, WeightsSlice)]
    assert (own.pane, own.purpose) == (0, "picture")  # the first pane shows its weights, which the other's differ from
    assert [(each.pane, each.run_id) for each in slices] == [(1, 51), (0, 50)]
    edges = slices[0].row_edges, slices[0].column_edges
    numbers = [1001 + next(at for at, each in enumerate(asked) if each is one) for one in slices]
    for number, value in zip(numbers, (0.5, 0.125), strict=True):
        shape = len(edges[0]) - 1, len(edges[1]) - 1
        reply = WeightsReply(number, 0, np.full(shape, value, dtype=np.float32), *edges, 1)
        assert controller.panes[1].take(reply)
    drawn = window.pane_area.panes[1].pattern_view._weights
    assert drawn.signed
    assert np.unique(drawn.values).tolist() == [0.375]


def test_differences_and_weights_have_one_colour_scale(window, controller, monkeypatch):
    asked = []
    monkeypatch.setattr(EngineClient, "ask", lambda client, request: asked.append(request) or len(asked) + 1000)
    names = ("full", "longformer", "transformer-xl")
    controller.set_session(Session(tuple(Pane(name, length=40) for name in names)))
    for made in controller.panes:
        made.timer.stop()
        made.run = replace(known_of(run_of(made.pane.variant, 40)), run_id=made.number + 50)
    asked.clear()
    controller.set_view("weights-difference")
    slices = [(1001 + at, each) for at, each in enumerate(asked) if isinstance(each, WeightsSlice)]
    strengths = {"picture": 0.75, "difference": 0.25}
    for number, each in slices:
        shape = len(each.row_edges) - 1, len(each.column_edges) - 1
        value = strengths.get(each.purpose, 0.5 / (1 + slices.index((number, each))))
        values = np.full(shape, value, dtype=np.float32)
        controller.replies.take(WeightsReply(number, each.pane, values, each.row_edges, each.column_edges, 1))
    drawn = [pane.pattern_view.weights for pane in window.pane_area.panes]
    assert [bool(each.signed) for each in drawn] == [False, True, True]
    assert [each.largest for each in drawn] == [0.75] * 3


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


@pytest.mark.parametrize("view", ["difference", "weights-difference", "pattern"])
def test_the_text_is_tinted_by_how_far_each_output_is_from_the_first_panes(window, controller, view):
    controller.set_session(Session((Pane("full", length=40, view=view), Pane("longformer", length=40, view=view)), 1))
    tokens = [f"t{at}" for at in range(40)]
    for made in controller.panes:
        made.timer.stop()
        made.tokens = tokens
        made.run = replace(known_of(run_of(made.pane.variant, 40)), run_id=made.number + 50)
    controller.around.show_headings()
    errors = np.linspace(0, 0.5, 40, dtype=np.float32)
    controller.replies.take(OutputsCompared(controller.panes[1].comparison_id, 0.25, errors))
    active = controller.active
    shown = active.centre.strip_data(active.scene(), active.compared.errors)
    if view == "pattern":
        assert shown.strengths is None
    else:
        np.testing.assert_allclose(shown.strengths, errors / 0.5)
        assert "distance from that of Full" in shown.caption
        assert window.token_strip.chips.data().caption == shown.caption


def test_how_far_an_output_is_away_goes_with_its_run(window, controller, monkeypatch):
    monkeypatch.setattr(EngineClient, "ask", lambda client, request: 1000)
    controller.set_session(Session((Pane("full", length=40), Pane("longformer", length=40)), active=1))
    for made in controller.panes:
        made.timer.stop()
        made.run = replace(known_of(run_of(made.pane.variant, 40)), run_id=made.number + 50)
    controller.around.show_headings()
    controller.panes[1].take(OutputsCompared(1000, 0.5))
    controller.around.show_headings()
    assert "output 50.0 % away" in controller.panes[1].view.header.heading.numbers
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
    made.run = replace(made.run, refused=Problem("over_budget_time"), finished=True)
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


def made_take(made, reply):
    assert made.take(reply)
    return reply


def test_differences_wear_another_themes_colours_and_say_what_is_seen_until_they_are_there(window, controller):
    runs = [run_of("full", 40), run_of("longformer", 40)]
    panes = tuple(Pane(each.prepared.spec.variant, length=40, view="weights-difference") for each in runs)
    controller.set_session(Session(panes, active=1, theme="dark"))
    for number, (made, run) in enumerate(zip(controller.panes, runs, strict=True), 1):
        made.timer.stop()
        made.run, made.model = replace(known_of(run), run_id=50 + number), model()
        made.refresh_picture()
    made = controller.panes[1]
    pattern_view = made.view.pattern_view
    assert "pairs kept" in pattern_view._scene.data.caption, "what is drawn is the pattern yet"
    made.ask_for_weights()
    edges = pattern_view.visible_edges()
    for reply_id, run in zip(made.centre.difference.ids, reversed(runs), strict=True):
        made.take(replace(run.cells(WeightsSlice(reply_id, 0, 0, 0, *edges)), id=reply_id))
    assert "minus" in pattern_view._scene.data.caption
    dark = pattern_view._scene.weights.signed
    controller.set_theme("light")
    assert pattern_view._scene.weights.signed == colours_of(made.scene(), made.scene().beside) != dark
