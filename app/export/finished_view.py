"""Any view of a finished run, once all its steps are done: a widget of its own, no window needed."""

from __future__ import annotations

import numpy as np

from app import presenters, view_presenters
from app.export.headless import known_of
from app.export.image import Paintable
from app.export.moving_views import MOVING, AsOnScreen, locked_of, moving_view
from app.scene import Scene
from app.session import Pane, Text
from app.study_presenter import study_panels
from app.timeline import Moment
from app.views import kinds_of, views_of
from engines.finished_run import FinishedRun
from engines.headless import study_answer
from engines.messages import ModelInfo, RunSpec, WeightsSlice
from engines.problems import Problem
from engines.variants import variant_named
from widgets.pattern_view import PatternView
from widgets.plots.plot_data import StudyData
from widgets.study_view import StudyView
from widgets.view_data import Theme

MOST_CELLS = 1024  # of weights, across and down


def pane_of(spec: RunSpec, view: str, locked: int = -1, logarithmic: bool = False) -> Pane:
    """What the window would show of a run."""
    source = spec.text
    if source.image:
        text = Text("sample", source.image)
    else:
        text = Text("file", source.path) if source.path else Text("typed", source.text)
    return Pane(
        variant=spec.variant,
        text=text,
        settings={spec.variant: dict(spec.parameters)},
        length=spec.length,
        causal=spec.causal,
        layer=spec.layer,
        head=spec.head,
        seed=spec.seed,
        device=spec.device,
        dtype=spec.dtype,
        view=view,
        locked=locked,
        logarithmic=logarithmic,
        weights=spec.weights,
    )


def scene_of(run: FinishedRun, pane: Pane, theme: Theme) -> Scene:
    """The run as the window would know it, its steps not being played; numbers for tokens where it had no text."""
    known, prepared = known_of(run, pane.head), run.prepared
    if prepared.model is not None:
        model = prepared.model.info()
        tokens = presenters.token_texts(known, model)
    else:
        model = ModelInfo(1, prepared.shape.heads, prepared.shape.head_width, ())
        tokens = [str(position) for position in range(prepared.shape.keys)]
    return Scene(0, pane, theme, model, known, known, tokens, tokens, fresh=True)


def finished_view(run: FinishedRun, scene: Scene) -> Paintable:
    """The view that the scene's pane shows; a Problem where the run has none of that name."""
    pane = scene.pane
    check_view(scene)
    if pane.view in MOVING:
        view = moving_view(scene, run.exact_pattern(pane.head))
        view.move(Moment(len(scene.known.steps) - 1, 1.0, 1.0), 1.0)
        return view.widget.view if isinstance(view.widget, AsOnScreen) else view.widget
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
