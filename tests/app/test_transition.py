"""What moves between two scenes: it begins where one is, ends where the other is, and never leaves the way."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QObject

from app.session import Pane, Play, Session
from app.stored_runs import StoredRuns, bytes_of
from app.transition import Transition, way_between
from tests.app.runs import known_of, model, run_of

lengths = st.integers(8, 65_536)
shares = st.floats(0, 1)


@given(lengths, lengths, shares, shares, st.lists(shares, min_size=1))
def test_length_and_playhead_go_from_one_to_the_other(first, last, share, other, moments):
    start = Session((Pane(length=first),), play=Play(share=share))
    end = Session((Pane(length=last, locked=3),), play=Play(share=other))
    at = way_between(start, end)
    if at is None:
        assert (first, share) == (last, other)
        return
    assert at(0.0).pane.length == first
    assert at(1.0) == end
    for moment in moments:
        assert min(first, last) <= at(moment).pane.length <= max(first, last)
        assert min(share, other) - 1e-9 <= at(moment).play.share <= max(share, other) + 1e-9


def test_a_part_in_view_grows_out_of_the_whole():
    start, end = Session((Pane(length=100),)), Session((Pane(length=100, zoom=(10.0, 20.0, 10.0, 20.0)),))
    at = way_between(start, end)
    assert at(0.0).pane.zoom == (0.0, 100.0, 0.0, 100.0)
    assert at(0.5).pane.zoom == (5.0, 60.0, 5.0, 60.0)
    assert at(1.0).pane.zoom == end.pane.zoom


def test_other_panes_do_not_move_into_each_other():
    assert way_between(Session((Pane("full"),)), Session((Pane("reformer"),))) is None
    assert way_between(Session((Pane(),)), Session((Pane(), Pane()))) is None
    assert way_between(Session((Pane(head=1),)), Session((Pane(head=2, length=99),))) is None


def test_a_transition_that_is_cut_short_is_at_its_end(qapp):
    parent, shown = QObject(), []
    transition = Transition(shown.append, parent)
    start, end = Session((Pane(length=8),)), Session((Pane(length=800),))
    transition.go(start, end)
    assert end not in shown
    transition.finish()
    assert shown[-1] == end
    transition.animated = False
    transition.go(end, start)
    assert shown[-1] == start


def test_a_run_is_found_again_by_what_it_was_asked_for(monkeypatch):
    run = known_of(run_of("longformer"))
    stored = StoredRuns("a machine")
    stored.keep(run, model())
    found = stored.find(run.spec, run.traced.head)
    assert found.run is run
    assert found.recorded.startswith("a machine, ")
    assert stored.find(replace(run.spec, length=run.spec.length + 1), run.traced.head) is None
    assert stored.find(run.spec, run.traced.head + 1) is None


def test_the_oldest_runs_go_where_the_room_does_not_suffice(monkeypatch):
    monkeypatch.setattr("app.stored_runs.LARGEST_BYTES", 1)
    stored = StoredRuns()
    first, second = known_of(run_of("longformer")), known_of(run_of("reformer"))
    assert bytes_of(second) > 1
    stored.keep(first, model())
    stored.keep(second, model())
    assert list(stored.runs) == [(second.spec, second.traced.head)]
