"""What a new session changes: names of what differs, and which panes go on from which. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields

from app.session import Pane, Session, changed

PLAYED = frozenset({"mode", "speed", "loop"})
"""What is set of how it plays; the playhead moves on its own."""


def differences(old: Session, new: Session) -> frozenset[str]:
    """Names of what differs: of the session's own fields, and of the panes'."""
    own = {each.name for each in fields(Session)} - {"panes", "play"}
    names = {name for name in own if getattr(old, name) != getattr(new, name)}
    names |= {name for name in PLAYED if getattr(old.play, name) != getattr(new.play, name)}
    if len(old.panes) != len(new.panes):
        return frozenset(names | {"panes"})
    for before, after in zip(old.panes, new.panes, strict=True):
        names |= changed(before, after)
    return frozenset(names)


def stayers(old: Sequence[Pane], new: Sequence[Pane]) -> list[int | None]:
    """For each new pane the place of the old one that it goes on from; None for one that is added.

    Equal panes at both ends stay; those between go on in their order.
    """
    shorter = min(len(old), len(new))
    head = next((i for i in range(shorter) if old[i] != new[i]), shorter)
    tail = next((i for i in range(shorter - head) if old[-1 - i] != new[-1 - i]), shorter - head)
    between = list(range(head, len(old) - tail))
    middle: list[int | None] = [*between, *[None] * len(new)][: len(new) - head - tail]
    return [*range(head), *middle, *range(len(old) - tail, len(old))]
