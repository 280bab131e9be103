"""From one state to the next on the stage: what can move, moves. Pure but for the timer at the end."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QEasingCurve, QObject, QVariantAnimation

from app.session import Pane, Session

MILLISECONDS = 900


def way_between(start: Session, end: Session) -> Callable[[float], Session] | None:
    """The sessions on the way at shares 0…1; None where nothing can move: other panes, or the same state.

    Lengths grow by equal factors in equal times; a part in view moves and grows likewise; the playhead moves evenly.
    """
    if len(start.panes) != len(end.panes) or any(
        resting(old) != resting(new) for old, new in zip(start.panes, end.panes, strict=True)
    ):
        return None
    lengths = start.pane.length, end.pane.length
    zooms = [part_of(session) for session in (start, end)]
    shares = start.play.share, end.play.share
    if lengths[0] == lengths[1] and zooms[0] == zooms[1] and shares[0] == shares[1]:
        return None

    def at(share: float) -> Session:
        if share >= 1:
            return end
        length = round(math.exp(mixed(math.log(lengths[0]), math.log(lengths[1]), share)))
        zoom = tuple(mixed(a, b, share) for a, b in zip(*zooms, strict=True)) if zooms[0] != zooms[1] else ()
        panes = tuple(replace(pane, length=length, zoom=zoom or pane.zoom) for pane in end.panes)
        return replace(end, panes=panes, play=replace(end.play, share=mixed(*shares, share)))

    return at


def resting(pane: Pane) -> Pane:
    """The pane without what can move."""
    return replace(pane, length=8, zoom=(), locked=-1)


def part_of(session: Session) -> tuple[float, ...]:
    """What is in view, in tokens."""
    pane = session.pane
    return pane.zoom or (0.0, float(pane.length), 0.0, float(pane.length))


def mixed(start: float, end: float, share: float) -> float:
    return start + (end - start) * share


class Transition(QObject):
    """Moves from where a session is to another; ``show`` gets each session on the way, the last at the end."""

    def __init__(self, show: Callable[[Session], None], parent: QObject) -> None:
        super().__init__(parent)
        self.show = show
        self.at: Callable[[float], Session] | None = None
        self.animated = True
        self.moving = QVariantAnimation(self)
        self.moving.setDuration(MILLISECONDS)
        self.moving.setEasingCurve(QEasingCurve.Type.InOutCubic)
        self.moving.setStartValue(0.0)
        self.moving.setEndValue(1.0)
        self.moving.valueChanged.connect(lambda share: self.at and self.show(self.at(share)))

    def go(self, start: Session, end: Session) -> None:
        """Start moving; at once where nothing can move, or nothing should."""
        self.finish()
        self.at = way_between(start, end) if self.animated else None
        if self.at is None:
            self.show(end)
        else:
            self.moving.start()

    def set_animated(self, animated: bool) -> None:
        """Whether anything moves on the way; what is on it is there now."""
        self.animated = animated
        self.finish()

    def stop(self) -> None:
        """Stay where it is."""
        self.moving.stop()

    def finish(self) -> None:
        """Be there now."""
        if self.moving.state() == QVariantAnimation.State.Running:
            self.moving.stop()
            if self.at is not None:
                self.show(self.at(1.0))
