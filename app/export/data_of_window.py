"""The data behind what the window shows: from what it knows, and weights pair by pair from the engine."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from app.export.data import Data, DataOptions, checked_rectangle, data_of_scene
from app.export.picture import metadata_of
from app.export.progress import Progress
from app.views import kinds_of, views_of
from engines.messages import Failed, WeightsReply, WeightsSlice
from engines.problems import Problem

if TYPE_CHECKING:
    from app.controller import Controller
    from engines.messages import Reply

PAIRS = ("pattern", "weights")


def views_with_data(controller: Controller) -> dict[str, str]:
    """The views whose data the window can get, by name -> label; a study's only while it is looked at."""
    scene, centre = controller.active.scene(), controller.centre
    views = views_of(scene.pane, kinds_of(scene.known.steps))
    answered = centre.study.study if centre.study.panels else ""
    return {view.name: view.label for view in views if not view.study or view.name in (answered, centre.view)}


def data_of_window(controller: Controller, view: str, options: DataOptions, weights: np.ndarray | None = None) -> Data:
    """What a view draws of the active pane's run; ``weights`` [rows, columns] for the weights.

    A Problem where the run is not there yet, or the range is none.
    """
    scene, centre = controller.active.scene(), controller.centre
    pattern = centre.pattern
    if pattern is None or centre.stale or (view != "pattern" and not scene.fresh):
        raise Problem("data_needs_a_run")
    scene = replace(scene, pane=replace(scene.pane, view=view))
    panels = centre.study.panels if centre.study.study == view else ()
    return data_of_scene(scene, pattern, metadata_of(controller), options, weights, panels)


def weights_from_engine(controller: Controller, options: DataOptions) -> Generator[Progress, None, np.ndarray]:
    """Ask for the weights of the range, pair by pair: float32 [rows, columns], nan where none is kept."""
    run, client, made = controller.run, controller.client, controller.active
    if run.traced is None or run.spec is None or not client.is_live:
        raise Problem("data_needs_a_run")
    rows, columns = checked_rectangle(options, run.spec.length, run.spec.length)
    across, down = (np.arange(each.start, each.stop + 1) for each in (columns, rows))
    asked = client.ask(WeightsSlice(0, made.number, run.run_id, controller.pane.head, down, across, "data"))
    engine = client.engine
    replies: list[Reply] = []

    def take(reply: Reply) -> None:
        if getattr(reply, "id", 0) == asked:
            replies.append(reply)

    client.replied.connect(take)
    try:
        while True:
            yield Progress(0.1, waiting=True)
            if client.engine is not engine or made.run.run_id != run.run_id:
                raise Problem("data_needs_a_run")
            last = replies[-1] if replies else None
            if isinstance(last, Failed):
                raise last.problem
            if isinstance(last, WeightsReply) and last.every == 1:
                return last.values
    finally:
        client.replied.disconnect(take)
