"""Undo and redo, held against a plain list of everything that was."""

from dataclasses import replace
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from app.history import MOST, TOGETHER_SECONDS, Document, History, Moment
from app.session import Session

SESSIONS = [replace(Session(), panes=(replace(Session().pane, length=n),)) for n in range(8, 8 + 60)]
LENGTHS = [Moment(session) for session in SESSIONS]
steps = st.lists(st.sampled_from(["change", "undo", "redo"]), max_size=50)


@given(steps)
def test_undo_and_redo_walk_through_everything_that_was(steps):
    history, present, seen, place = History(), LENGTHS[0], [LENGTHS[0]], 0
    for number, step in enumerate(steps):
        if step == "change":
            history = history.recorded(present, frozenset({"length"}), 10.0 * number)
            present = LENGTHS[number + 1]
            seen, place = [*seen[: place + 1], present], place + 1
        elif step == "undo":
            history, present = history.undone(present)
            place = max(place - 1, 0)
        else:
            history, present = history.redone(present)
            place = min(place + 1, len(seen) - 1)
        assert present is seen[place]


def test_a_drag_is_one_change():
    history = History()
    for number in range(5):
        history = history.recorded(LENGTHS[number], frozenset({"length"}), number * TOGETHER_SECONDS / 2)
    history = history.recorded(LENGTHS[5], frozenset({"head"}), 3.0)
    assert history.past == (LENGTHS[0], LENGTHS[5])


def test_a_change_after_an_undo_is_its_own():
    history = History().recorded(LENGTHS[0], frozenset({"length"}), 0.0)
    history, _ = history.undone(LENGTHS[1])
    history = history.recorded(LENGTHS[0], frozenset({"length"}), 0.1)
    assert history.past == (LENGTHS[0],)
    assert history.future == ()


def test_the_past_has_an_end():
    history = History()
    for number in range(MOST + 20):
        history = history.recorded(LENGTHS[number % 50], frozenset({"length"}), 10.0 * number)
    assert len(history.past) == MOST


def test_what_was_saved_is_so_in_every_moment_of_its_document():
    old, new, other = Document(), Document(Path("a"), SESSIONS[1]), Document(Path("b"), SESSIONS[2])
    history = History((Moment(SESSIONS[0], old), Moment(SESSIONS[2], other)), (Moment(SESSIONS[3], old),))
    saved = history.saved_as(old, new)
    assert [each.document for each in saved.past] == [new, other]
    assert [each.document for each in saved.future] == [new]
    assert [each.session for each in saved.past] == [SESSIONS[0], SESSIONS[2]]
