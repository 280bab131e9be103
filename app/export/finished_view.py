"""Any view of a finished run, once all its steps are done: a widget of its own, no window needed."""

from __future__ import annotations

import numpy as np

from app import presenters, view_presenters
from app.export.image import Paintable
from app.export.moving_views import MOVING, locked_of, moving_view
from app.scene import Scene
from app.study_presenter import study_panels
from app.timeline import Moment
from app.views import kinds_of, views_of
from engines.finished_run import FinishedRun
from engines.headless import study_answer
from engines.messages import WeightsSlice
from engines.problems import Problem
from engines.variants import variant_named
from widgets.pattern_view import PatternView
from widgets.plots.plot_data import StudyData
from widgets.study_view import StudyView

MOST_CELLS = 1024  # of weights, across and down


def finished_view(run: FinishedRun, scene: Scene) -> Paintable:
    """The view that the scene's pane shows; a Problem where the run has none of that name."""
    pane = scene.pane
    check_view(scene)
    if pane.view in MOVING:
        view = moving_view(scene, run.exact_pattern(pane.head))
        view.move(Moment(len(scene.known.steps) - 1, 1.0, 1.0), 1.0)
        return view.widget
    if pane.view == "weights":
        return weights_view(run, scene)
    if pane.view == "products":
        data = view_presenters.products_study(scene)
    else:
        panels = study_answer(run, pane.view, pane.head, pane.locked)
        data = StudyData(study_panels(panels, variant_named(pane.variant), scene.theme))
    study = StudyView()
    study.set_theme(scene.theme)
    study.set_data(data)
    return study


def weights_view(run: FinishedRun, scene: Scene) -> PatternView:
    """The weights of the whole square, in cells where the text is long."""
    pane, n = scene.pane, scene.pane.length
    edges = np.unique(np.linspace(0, n, min(n, MOST_CELLS) + 1).astype(np.int64))
    reply = run.cells(WeightsSlice(0, 0, 0, pane.head, edges, edges))
    pattern = run.exact_pattern(pane.head)
    caption = presenters.pattern_caption(pane, pattern) + presenters.weights_words(pane, pane.view, reply.every)
    view = PatternView()
    view.set_theme(scene.theme)
    view.set_data(presenters.pattern_data(pane, pattern, caption, scene.tokens, scene.theme))
    largest = float(np.nanmax(reply.values, initial=0.0))
    view.set_weights(presenters.weights_data(reply, largest, pane.logarithmic))
    view.set_locked(locked_of(scene))
    return view


def check_view(scene: Scene) -> None:
    """A Problem where the run has not the pane's view."""
    pane = scene.pane
    names = [view.name for view in views_of(pane, kinds_of(scene.known.steps))]
    if pane.view not in names:
        label = variant_named(pane.variant).label
        raise Problem("view_not_there", variant=label, view=pane.view, choices=", ".join(names))
