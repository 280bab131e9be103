"""What sets a pane apart from the first one: pairs, weights, outputs; in the window and as they are drawn."""

from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt

from app.difference import both, either, only, own_difference, told_apart
from app.engine_client import EngineClient
from app.export.scene_of_run import beside_of, pane_of, scene_of
from app.session import Pane, Session
from app.theme import FIGURE_THEMES, THEMES, variant_colour
from app.weights_difference import colours_of, difference_of
from engines.messages import OutputsCompared, WeightsReply, WeightsSlice
from tests.app.runs import known_of, model, run_of
from widgets.colour_bar import bar_ticks
from widgets.colour_ramp import LEVELS, NOTHING, rgb, signed_table
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


def test_the_difference_view_shows_what_each_keeps_alone(qtbot, window, controller):
    controller.set(length=48)
    assert "difference" not in [view.name for view in controller.centre.views]
    qtbot.keyClick(window.pane_view.pattern_view, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
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
    qtbot.keyClick(window.pane_view.pattern_view, Qt.Key.Key_W, Qt.KeyboardModifier.ControlModifier)
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


@pytest.mark.parametrize("theme", [*THEMES.values(), *FIGURE_THEMES.values()], ids=lambda theme: theme.name)
@pytest.mark.parametrize("first", range(10))
def test_both_and_each_alone_are_told_apart_in_every_theme(theme, first):
    for own in range(10):
        wanted = theme.muted, variant_colour(first, theme), variant_colour(own, theme)
        chosen = told_apart(wanted, theme)
        apart = [np.abs(rgb(a) - rgb(b)).sum() for a, b in combinations((*chosen, theme.background), 2)]
        assert min(apart) >= (160 if theme.name == "print-grey" else 90), "greys are 53 of 255 apart"
        if theme.name != "print-grey":
            assert chosen[2] == wanted[2], "the pane’s own colour stays"


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
