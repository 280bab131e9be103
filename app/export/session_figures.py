"""The scenes of a session as figures, with no window: what each shows, and its caption with the runs' own numbers."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import asdict, replace

from app.export.headless import figure_of_panes
from app.export.image import Figure
from app.export.look import Look
from app.export.scene_of_run import known_of
from app.run_state import RunState
from app.scenes import FIELD, caption_text, state_of
from app.session import Pane, Session, StageScene
from app.session_options import chosen
from engines.finished_run import FinishedRun
from engines.headless import own_measurement
from engines.messages import Budget, Measurement

MEASURED = frozenset({"time", "memory", "slower", "larger"})
BESIDE_THE_FIRST = frozenset({"slower", "larger"})
LONGEST_NAME = 60

Run = Callable[[Pane], FinishedRun]


def scenes_of(session: Session, name: str) -> tuple[StageScene, ...]:
    """The session's scenes; where it has none, its present state under ``name``."""
    return session.scenes or (present(session, name),)


def present(session: Session, name: str) -> StageScene:
    return StageScene(name, state_of(session))


def file_stem(number: int, count: int, name: str) -> str:
    """ "03-a-hash-from-the-sphere": scenes in their order, under names that every file system takes."""
    words = re.sub(r"[\W_]+", "-", name).strip("-").lower()[:LONGEST_NAME].rstrip("-")
    digits = max(2, len(str(count)))
    return "-".join(filter(None, (f"{number:0{digits}d}", words)))


def figure_of_scene(scene: StageScene, look: Look, run: Run, number: int = 0, drawn: bool = True) -> Figure:
    """A scene as it stands on the stage: views, zoom, locked token, playhead, and its caption.

    ``number`` from 1 is one pane alone, 0 all of them as one figure; the caption stands below where it is ``drawn``,
    and in the metadata always. A Problem where there is no such pane, or a run cannot be made.
    """
    state = scene.state
    place = chosen("pane", number, state.panes)
    panes = state.panes[place : place + 1] if number else state.panes
    share = state.play.share if state.play.mode == "steps" else 1.0
    measured = measurements_of(scene, run)
    caption = caption_text(scene.caption, state, runs_told(scene, run, measured)) if scene.caption else ""
    figure = figure_of_panes([run(pane) for pane in panes], panes, look, share, caption)
    cards = [{"pane": place + 1, **asdict(each), "card": dict(each.card)} for place, each in measured.items()]
    told = {"scene": scene.name, "caption": figure.told, **({"measurements": cards} if cards else {})}
    return replace(figure, caption=figure.caption if drawn else "", metadata={**figure.metadata, **told})


def named_in(caption: str) -> Sequence[tuple[str, int]]:
    """The fields of a caption, with the place from 0 of the pane that each tells of."""
    return [(name, int(pane or 1) - 1) for name, pane in FIELD.findall(caption)]


def measurements_of(scene: StageScene, run: Run) -> dict[int, Measurement]:
    """Time and memory of the panes whose numbers the caption tells, by their places; nothing else is measured."""
    fields = named_in(scene.caption)
    places = {place for name, place in fields if name in MEASURED}
    places |= {0 for name, _ in fields if name in BESIDE_THE_FIRST}
    budget: Budget = scene.state.budget
    panes = scene.state.panes
    return {place: own_measurement(run(panes[place]), budget) for place in sorted(places) if place < len(panes)}


def runs_told(scene: StageScene, run: Run, measured: dict[int, Measurement]) -> list[RunState]:
    """What the caption can tell of; of a pane that it does not name, nothing."""
    places = {place for _, place in named_in(scene.caption)} | measured.keys()
    return [
        replace(known_of(run(pane), pane.head), measurements={"variant": measured[place]} if place in measured else {})
        if place in places
        else RunState()
        for place, pane in enumerate(scene.state.panes)
    ]
