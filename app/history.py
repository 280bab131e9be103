"""Undo and redo: the sessions before and after the present one. Pure; the clock's time is passed in."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path

from app.session import Session

MOST = 200
TOGETHER_SECONDS = 1.0  # changes of one thing that follow each other within this are one: a drag, a word being typed


@dataclass(frozen=True)
class Document:
    """The file that a session belongs to, and the session as that has it; None where there is no such file."""

    path: Path | None = None
    saved: Session | None = None


@dataclass(frozen=True)
class Moment:
    """What undo leads back to: a session, and the file that it belonged to."""

    session: Session
    document: Document = field(default_factory=Document)


@dataclass(frozen=True)
class History:
    """``past`` and ``future`` with the nearest last. ``thing`` is what changed last, at ``seconds`` of the clock."""

    past: tuple[Moment, ...] = ()
    future: tuple[Moment, ...] = ()
    thing: frozenset[str] = frozenset()
    seconds: float = float("-inf")

    def recorded(self, before: Moment, thing: frozenset[str], seconds: float, apart: bool = False) -> History:
        """After a change of ``thing`` from what was ``before``; what had been undone is gone.

        ``apart``: never one with what changed before or after it.
        """
        if apart:
            return History((*self.past, before)[-MOST:])
        if thing == self.thing and seconds - self.seconds < TOGETHER_SECONDS and self.past and not self.future:
            return replace(self, seconds=seconds)
        return History((*self.past, before)[-MOST:], (), thing, seconds)

    def undone(self, present: Moment) -> tuple[History, Moment]:
        """One step back; where there is none, nothing changes."""
        if not self.past:
            return self, present
        return History(self.past[:-1], (*self.future, present)), self.past[-1]

    def redone(self, present: Moment) -> tuple[History, Moment]:
        """One step forward again; where there is none, nothing changes."""
        if not self.future:
            return self, present
        return History((*self.past, present), self.future[:-1]), self.future[-1]

    def saved_as(self, before: Document, after: Document) -> History:
        """The session was written to a file; the other moments of its document belong to that from now on."""
        past, future = (
            tuple(replace(each, document=after) if each.document.path == before.path else each for each in moments)
            for moments in (self.past, self.future)
        )
        return replace(self, past=past, future=future)
