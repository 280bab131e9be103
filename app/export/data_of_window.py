"""The data behind what the window shows: from what it knows, and weights pair by pair from the engine."""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

import numpy as np
from PySide6.QtCore import QCoreApplication, QObject, Signal

from app.export.data import Data, DataOptions, checked_rectangle, data_of_scene, steps_data
from app.export.engine_replies import heard
from app.export.picture import metadata_of
from app.export.progress import Progress
from app.views import difference_views, kinds_of, views_of
from app.weights_difference import difference_of
from engines.messages import ArraysReply, DropSlice, Failed, StepArrays, WeightsReply, WeightsSlice
from engines.notebook import within
from engines.problems import Problem
from engines.step_arrays import NamedArray, received
from widgets.view_data import Theme

if TYPE_CHECKING:
    from app.controller import Controller
    from app.pane_run import PaneRun
    from engines.messages import Reply

STEPS = "steps"  # what the steps recorded, which no view shows
PURPOSE = "data"  # of the weights that are asked for
Found = TypeVar("Found")


def views_with_data(controller: Controller) -> dict[str, str]:
    """The views whose data the window can get, by name -> label, and the steps; a study only while it is looked at."""
    scene, centre = controller.active.scene(), controller.centre
    views = views_of(scene.pane, kinds_of(scene.known.steps))
    views += difference_views() if scene.beside is not None else ()
    answered = centre.study.study if centre.study.panels else ""
    shown = {view.name: view.label for view in views if not view.study or view.name in (answered, centre.view)}
    return {**shown, STEPS: QCoreApplication.translate("data", "The steps’ arrays")}


def data_of_window(
    controller: Controller,
    view: str,
    options: DataOptions,
    weights: np.ndarray | None = None,
    theme: Theme | None = None,
) -> Data:
    """What a view draws of the active pane's run; ``weights`` [rows, columns] for the weights.

    ``theme`` is that of the figure whose words and colours go with them; the window's where there is none.

    A Problem where the run is not there yet, or the range is none.
    """
    scene, centre = controller.active.scene(), controller.centre
    pattern = centre.pattern
    if pattern is None or centre.stale or (view != "pattern" and not scene.fresh):
        raise Problem("data_needs_a_run")
    scene = replace(scene, pane=replace(scene.pane, view=view), theme=theme or scene.theme)
    panels = centre.study.panels if centre.study.study == view else ()
    return data_of_scene(scene, pattern, metadata_of(controller), options, weights, panels)


def weights_from_engine(
    controller: Controller, options: DataOptions, of: PaneRun | None = None
) -> Generator[Progress, None, np.ndarray]:
    """Ask for the weights of the range, pair by pair: float32 [rows, columns], nan where none is kept.

    Of the active pane, or ``of`` another. Whoever gives up while it waits ends the engine's refining of them, too.
    """
    made = of or controller.active
    length = checked_run(controller, made)
    rows, columns = checked_rectangle(options, length, length)
    across, down = (np.arange(each.start, each.stop + 1) for each in (columns, rows))
    asked = WeightsSlice(0, made.number, made.run.run_id, made.pane.head, down, across, PURPOSE)

    def whole(reply: Reply) -> np.ndarray | None:
        return reply.values if isinstance(reply, WeightsReply) and reply.every == 1 else None

    there = False
    try:
        values = yield from answered(controller, asked, whole, made)
        there = True
    finally:
        if not there:
            controller.client.send(DropSlice(made.number, PURPOSE))
    return values


def steps_from_engine(controller: Controller, options: DataOptions) -> Generator[Progress, None, Data]:
    """Ask for what the steps recorded in the range; a Problem where that is too much, before any of it is sent."""
    asked = steps_request(controller, options, values=False)
    shapes = yield from answered(controller, asked, arrays_in)
    data_of_arrays(controller, shapes, options)
    arrays = yield from answered(controller, replace(asked, values=True, array=options.array), arrays_in)
    return data_of_arrays(controller, arrays, options)


def steps_request(controller: Controller, options: DataOptions, values: bool) -> StepArrays:
    """The question for the steps' arrays; a Problem where there is no run, or no such range."""
    rows = within("positions", options.rows, checked_run(controller))
    made = controller.active
    return StepArrays(0, made.number, made.run.run_id, rows.start, rows.stop, values=values)


def arrays_in(reply: Reply) -> tuple[NamedArray, ...] | None:
    return tuple(map(received, reply.arrays)) if isinstance(reply, ArraysReply) else None


def data_of_arrays(controller: Controller, arrays: tuple[NamedArray, ...], options: DataOptions) -> Data:
    """What the steps recorded, with its card; a Problem where it is too much, or there is no such array."""
    rows = within("positions", options.rows, controller.pane.length)
    return steps_data(arrays, controller.run.steps, rows, metadata_of(controller), options)


def weights_apart_from_engine(controller: Controller, options: DataOptions) -> Generator[Progress, None, np.ndarray]:
    """The active pane's weights less the first one's, as ``weights_from_engine`` gives each."""
    own = yield from weights_from_engine(controller, options)
    first = yield from weights_from_engine(controller, options, controller.panes[0])
    return difference_of(own, first)


def checked_run(controller: Controller, made: PaneRun | None = None) -> int:
    """The length of a pane's run, the active one's by itself; a Problem where the engine has none to ask of."""
    run = (made or controller.active).run
    if run.traced is None or run.spec is None or not controller.client.is_live:
        raise Problem("data_needs_a_run")
    return run.spec.length


def answered(
    controller: Controller,
    request: WeightsSlice | StepArrays,
    wanted: Callable[[Reply], Found | None],
    of: PaneRun | None = None,
) -> Generator[Progress, None, Found]:
    """Ask the engine, and wait for the reply that is ``wanted``; a Problem where the run goes meanwhile."""
    client, made = controller.client, of or controller.active
    run_id = made.run.run_id
    with heard(client) as replies:
        asked, engine = client.ask(request), client.engine
        while True:
            yield Progress(0.1, waiting=True)
            while replies:
                reply = replies.pop(0)
                if getattr(reply, "id", 0) != asked:
                    continue
                if isinstance(reply, Failed):
                    raise reply.problem
                if (found := wanted(reply)) is not None:
                    return found
            if client.engine is not engine or made.run.run_id != run_id:
                raise Problem("data_needs_a_run")


class StepsKnown(QObject):
    """What the steps' arrays are, asked of the engine while the dialog is open. ``arrived`` when they are told."""

    arrived = Signal()

    def __init__(self, controller: Controller, parent: QObject) -> None:
        super().__init__(parent)
        self.controller, self.asked = controller, 0
        self.request: StepArrays | None = None
        self.arrays: tuple[NamedArray, ...] = ()
        controller.client.replied.connect(self.take)

    def of(self, options: DataOptions) -> tuple[NamedArray, ...]:
        """The arrays of a range, without their values; none yet until the engine has told."""
        request = steps_request(self.controller, options, values=False)
        if request != self.request:
            self.request, self.arrays = request, ()
            self.asked = self.controller.client.ask(request)
        return self.arrays

    def take(self, reply: Reply) -> None:
        if isinstance(reply, ArraysReply) and reply.id == self.asked:
            self.arrays = tuple(map(received, reply.arrays))
            self.arrived.emit()
