"""The scenes of a session as figures, with no window: what each shows, and its caption with the runs' own numbers."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import asdict, replace

from app.export.caption import with_sources
from app.export.headless import figure_of_panes
from app.export.image import Figure
from app.export.look import Look
from app.export.recorded_run import RecordedRun, recorded_run, recorded_runs
from app.export.scene_of_run import AnyRun, known_of, measurement_of
from app.run_state import RunState
from app.scenes import FIELD, caption_text, state_of
from app.session import Pane, Session, StageScene
from app.session_options import chosen
from app.stored_runs import StoredRuns
from engines.messages import Budget, Measurement

MEASURED = frozenset({"time", "memory", "slower", "larger"})
BESIDE_THE_FIRST = frozenset({"slower", "larger"})
LONGEST_NAME = 60

Run = Callable[[Pane], AnyRun]


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
    state, panes = scene.state, drawn_panes(scene, number)
    share = state.play.share if state.play.mode == "steps" else 1.0
    measured, runs = measurements_of(scene, run), [run(pane) for pane in panes]
    caption = ""
    if scene.caption:
        recorded = [each.stored.recorded_in_words for each in runs if isinstance(each, RecordedRun)]
        caption = with_sources(caption_text(scene.caption, state, runs_told(scene, run, measured)), recorded)
    figure = figure_of_panes(runs, panes, look, share, caption)
    cards = [{"pane": place + 1, **asdict(each), "card": dict(each.card)} for place, each in measured.items()]
    told = {"scene": scene.name, "caption": figure.told, **({"measurements": cards} if cards else {})}
    return replace(figure, caption=figure.caption if drawn else "", metadata={**figure.metadata, **told})


def drawn_panes(scene: StageScene, number: int) -> Sequence[Pane]:
    """The pane of a number from 1, all of them for 0; a Problem where there is no such pane."""
    panes = scene.state.panes
    place = chosen("pane", number, panes)
    return panes[place : place + 1] if number else panes


def recorded_scene(scene: StageScene, stored: StoredRuns, number: int = 0) -> Run | None:
    """The runs of a scene from what was recorded; None where that is not all that the scene draws and tells: what was
    recorded is not mixed with what is made now."""
    panes, drawn, measured = scene.state.panes, drawn_panes(scene, number), measured_places(scene)
    told = [panes[place] for _, place in named_in(scene.caption) if place < len(panes)]
    if recorded_runs(stored, (*drawn, *told, *(panes[place] for place in measured))) is None:
        return None

    def find(pane: Pane) -> RecordedRun:
        run = recorded_run(stored, pane)
        assert run is not None
        return run

    whole = all(find(pane).holds(pane, compared=place > 0) for place, pane in enumerate(drawn))
    return find if whole and all(find(panes[place]).measurement() is not None for place in measured) else None


def named_in(caption: str) -> Sequence[tuple[str, int]]:
    """The fields of a caption, with the place from 0 of the pane that each tells of."""
    return [(name, int(pane or 1) - 1) for name, pane in FIELD.findall(caption)]


def measured_places(scene: StageScene) -> set[int]:
    """The places of the panes whose time or memory the caption tells, or holds another's against."""
    fields = named_in(scene.caption)
    places = {place for name, place in fields if name in MEASURED}
    places |= {0 for name, _ in fields if name in BESIDE_THE_FIRST}
    return {place for place in places if place < len(scene.state.panes)}


def measurements_of(scene: StageScene, run: Run) -> dict[int, Measurement]:
    """Time and memory of the panes whose numbers the caption tells, by their places; nothing else is measured."""
    budget: Budget = scene.state.budget
    return {place: measurement_of(run(scene.state.panes[place]), budget) for place in sorted(measured_places(scene))}


def runs_told(scene: StageScene, run: Run, measured: dict[int, Measurement]) -> list[RunState]:
    """What the caption can tell of; of a pane that it does not name, nothing."""
    places = {place for _, place in named_in(scene.caption)} | measured.keys()
    return [
        replace(known_of(run(pane), pane.head), measurements={"variant": measured[place]} if place in measured else {})
        if place in places
        else RunState()
        for place, pane in enumerate(scene.state.panes)
    ]
