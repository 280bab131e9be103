"""Undo and redo: the sessions before and after the present one. Pure; the clock's time is passed in."""

from __future__ import annotations

from dataclasses import dataclass, replace

from app.session import Session

MOST = 200
TOGETHER_SECONDS = 1.0  # changes of one thing that follow each other within this are one: a drag, a word being typed


@dataclass(frozen=True)
class History:
    """``past`` and ``future`` with the nearest last. ``thing`` is what changed last, at ``seconds`` of the clock."""

    past: tuple[Session, ...] = ()
    future: tuple[Session, ...] = ()
    thing: frozenset[str] = frozenset()
    seconds: float = float("-inf")

    def recorded(self, before: Session, thing: frozenset[str], seconds: float, apart: bool = False) -> History:
        """After a change of ``thing`` from the session ``before``; what had been undone is gone.

        ``apart``: never one with what changed before or after it.
        """
        if apart:
            return History((*self.past, before)[-MOST:])
        if thing == self.thing and seconds - self.seconds < TOGETHER_SECONDS and self.past and not self.future:
            return replace(self, seconds=seconds)
        return History((*self.past, before)[-MOST:], (), thing, seconds)

    def undone(self, present: Session) -> tuple[History, Session]:
        """One step back; where there is none, nothing changes."""
        if not self.past:
            return self, present
        return History(self.past[:-1], (*self.future, present)), self.past[-1]

    def redone(self, present: Session) -> tuple[History, Session]:
        """One step forward again; where there is none, nothing changes."""
        if not self.future:
            return self, present
        return History((*self.past, present), self.future[:-1]), self.future[-1]
