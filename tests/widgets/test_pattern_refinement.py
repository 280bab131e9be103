"""A view that rests becomes exact by and by; one that moves starts anew."""

import numpy as np
import pytest

from tests.widgets.test_pattern_path import Kept
from widgets.pattern_refinement import Refinement
from widgets.pattern_view import PatternView
from widgets.themes import DARK
from widgets.view_data import PatternData
from widgets.viewport import Viewport


class Coarse(Kept):
    """Half of everything at first; exact, row of cells by row of cells, when asked for more."""

    exact_from = 0  # rows of fewer pairs than this are exact at once
    steps = 0

    def coverage(self, row_edges, column_edges):
        return np.full((len(row_edges) - 1, len(column_edges) - 1), 0.5, np.float32)

    def exact_for(self, row_edges, column_edges):
        return len(row_edges) - 1 <= self.exact_from

    def exact_coverage_slices(self, row_edges, column_edges):
        shares, exact = self.coverage(row_edges, column_edges), Kept.coverage(self, row_edges, column_edges)
        for row in range(len(shares)):
            shares = shares.copy()
            shares[row] = exact[row]
            self.steps += 1
            yield shares


@pytest.fixture
def pattern():
    return Coarse(np.random.default_rng(0).random((300, 300)) < 0.3)


def test_at_rest_the_picture_becomes_exact(qtbot, pattern):
    view = PatternView()
    qtbot.addWidget(view)
    view.set_theme(DARK)
    view.set_data(PatternData(pattern, False, (), "#ff8800", caption="c", caption_while_coarse=" coarse"))
    view.resize(300, 330)
    view.show()
    first = view.grab().toImage()
    qtbot.waitUntil(lambda: view._refinement.exact)
    refined = view.grab().toImage()
    exact = PatternView()
    qtbot.addWidget(exact)
    exact.set_theme(DARK)
    exact.set_data(PatternData(Kept(pattern.matrix), False, (), "#ff8800", caption="c"))
    exact.resize(300, 330)
    exact.show()
    inside = view._layout().plot.toRect().adjusted(4, 4, -4, -4)  # the frame tells where the focus is
    assert refined.copy(inside) == exact.grab().toImage().copy(inside)
    assert refined.copy(inside) != first.copy(inside)


def test_a_view_that_moves_starts_anew_and_one_that_is_exact_asks_for_nothing(qtbot, pattern):
    view = PatternView()
    qtbot.addWidget(view)
    view.set_theme(DARK)
    view.set_data(PatternData(pattern, False, (), "#ff8800"))
    view.resize(300, 330)
    view.show()
    qtbot.waitUntil(lambda: view._refinement.exact)
    pattern.exact_from = 50
    view.set_viewport(Viewport(0, 20, 0, 20))
    view.grab()
    assert view._refinement.exact
    steps = pattern.steps
    view.set_viewport(Viewport(0, 200, 0, 200))
    view.grab()
    assert not view._refinement.exact
    qtbot.waitUntil(lambda: view._refinement.exact)
    assert pattern.steps > steps


def test_nothing_to_refine(qtbot):
    view = PatternView()
    qtbot.addWidget(view)
    refinement = Refinement(view)
    refinement.stop()
    refinement._begin()
    refinement._go_on()
    assert not refinement.exact


def test_data_that_says_the_same_is_not_counted_again(qtbot, pattern):
    counted = []
    pattern.coverage = lambda rows, columns: counted.append(1) or Kept.coverage(pattern, rows, columns)
    pattern.exact_from = 10_000
    view = PatternView()
    qtbot.addWidget(view)
    view.set_theme(DARK)
    view.set_data(PatternData(pattern, False, (), "#ff8800", caption="c"))
    view.resize(300, 330)
    view.show()
    view.grab()
    once = len(counted)
    view.set_data(PatternData(pattern, False, (), "#ff8800", caption="c"))
    view.set_locked(3)
    view.grab()
    assert len(counted) == once > 0
    view.set_data(PatternData(pattern, False, (), "#ff8800", caption="another"))
    view.grab()
    assert len(counted) > once
