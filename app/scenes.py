"""Scenes of a session: recorded, ordered, told apart; and captions whose numbers come from the runs."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from app.presenters import allowed_pairs, percent
from app.run_state import RunState
from app.session import Session, StageScene
from engines.messages import Budget
from engines.variants import variant_named
from widgets.given_words import said
from widgets.quantities import bytes_text, seconds_text, three_digits

if TYPE_CHECKING:
    from app.controller import Controller
    from app.presenting import Presenting

FIELD = re.compile(r"\{([a-z]+)([1-4]?)\}")
UNKNOWN = "…"


def state_of(session: Session) -> Session:
    """What a scene keeps of a session: all but its scenes."""
    return replace(session, scenes=())


def shown(session: Session, index: int) -> Session:
    """The session as scene ``index`` has it; scenes and budget stay."""
    return replace(session.scenes[index].state, scenes=session.scenes, budget=session.budget)


def place_of(session: Session, place: int) -> int:
    """The scene that a session shows: the one at ``place`` where that is one of them, else the first; −1 for none.

    Scenes that are alike but for the playhead are told apart by it.
    """
    now = without_playhead(session)
    alike = [at for at, scene in enumerate(session.scenes) if without_playhead(scene.state) == now]
    exact = [at for at in alike if session.scenes[at].state.play.share == session.play.share] or alike
    return place if place in exact else next(iter(exact), -1)


def without_playhead(session: Session) -> Session:
    """What a scene says of the picture: not its playhead, the active pane or the budget, which are the window's."""
    play = replace(session.play, share=1.0)
    return replace(session, scenes=(), active=0, budget=Budget(), play=play)


def with_scenes(session: Session, scenes: Sequence[StageScene]) -> Session:
    return replace(session, scenes=tuple(scenes))


def recorded(session: Session, now: Session, name: str, place: int) -> Session:
    """The state ``now`` as a new scene at ``place``."""
    scenes = list(session.scenes)
    scenes.insert(place, StageScene(name, state_of(now)))
    return with_scenes(session, scenes)


def updated(session: Session, place: int, **values: object) -> Session:
    """A scene with another name, state, caption or notes."""
    scenes = list(session.scenes)
    scenes[place] = replace(scenes[place], **values)  # type: ignore[arg-type]
    return with_scenes(session, scenes)


def duplicated(session: Session, place: int) -> Session:
    scenes = list(session.scenes)
    scenes.insert(place + 1, scenes[place])
    return with_scenes(session, scenes)


def moved(session: Session, place: int, to: int) -> Session:
    scenes = list(session.scenes)
    scenes.insert(to, scenes.pop(place))
    return with_scenes(session, scenes)


def without(session: Session, place: int) -> Session:
    return with_scenes(session, [*session.scenes[:place], *session.scenes[place + 1 :]])


def caption_text(caption: str, session: Session, runs: Sequence[RunState]) -> str:
    """The caption with its numbers: {kept} of the first pane, {kept2} of the second, and so on.

    There are name, tokens, rounds, kept, computed (shares of the allowed pairs), pairs, time, memory, and slower and
    larger, times the first pane's. A number that is not there yet is "…"; other braces stay as they are.
    """

    def value(found: re.Match[str]) -> str:
        index = int(found[2] or 1) - 1
        if index >= len(runs):
            return UNKNOWN
        values = values_of(session, index, runs[index], runs[0])
        return values.get(found[1], UNKNOWN) if found[1] in NAMES else found[0]

    return FIELD.sub(value, said(caption))


NAMES = frozenset({"name", "tokens", "rounds", "kept", "computed", "pairs", "time", "memory", "slower", "larger"})


def values_of(session: Session, index: int, run: RunState, first: RunState) -> Mapping[str, str]:
    """What is known of a pane's run, in words."""
    pane = session.panes[index]
    values = {"name": said(variant_named(pane.variant).label), "tokens": f"{pane.length:,}"}
    parameters = dict(pane.parameters().items())
    if "rounds" in parameters:
        values["rounds"] = str(parameters["rounds"])
    if run.traced is not None and run.spec is not None:
        allowed = allowed_pairs(run.spec.length, run.spec.causal)
        values["kept"] = percent(run.traced.pairs_kept, allowed) + " %"
        values["computed"] = percent(run.traced.pairs_computed, allowed) + " %"
        values["pairs"] = f"{run.traced.pairs_kept:,}"
    own, other = run.measurements.get("variant"), first.measurements.get("variant")
    if own is not None and own.seconds is not None:
        values["time"] = seconds_text(own.seconds)
        if other is not None and other.seconds:
            values["slower"] = three_digits(own.seconds / other.seconds)
    if own is not None and own.peak_bytes is not None:
        values["memory"] = bytes_text(own.peak_bytes)
        if other is not None and other.peak_bytes:
            values["larger"] = three_digits(own.peak_bytes / other.peak_bytes)
    return values


def record_scene(controller: Controller, presenting: Presenting) -> None:
    """The present state as a new scene after the chosen one, named after what it shows."""
    session = controller.session
    names = " | ".join(variant_named(pane.variant).label for pane in session.panes)
    place = presenting.place + 1 if presenting.place >= 0 else len(session.scenes)
    presenting.place = place
    controller.set_session(recorded(session, controller.captured(), names, place), apart=True)
