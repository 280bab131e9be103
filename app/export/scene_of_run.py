"""A finished run as the window would know it: its pane, its scene, and what its view draws besides. No window."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from app import presenters
from app.difference import Beside
from app.export.findings import Findings
from app.export.image import Paintable
from app.export.recorded_run import RecordedRun
from app.export.scene_view import chosen, view_of
from app.run_state import RunState
from app.scene import Scene
from app.session import Pane, Text
from app.views import View, difference_views, kinds_of, views_of
from app.weights_difference import colours_of, difference_of
from engines.finished_run import FinishedRun
from engines.headless import own_measurement, study_answer
from engines.messages import Budget, Measurement, ModelInfo, RunSpec, Tokenised, WeightsReply, WeightsSlice
from engines.patterns import Pattern
from engines.problems import Problem
from engines.study import Panel
from engines.variants import variant_named
from widgets.given_words import said
from widgets.view_data import Theme, WeightsData
from widgets.viewport import Viewport

MOST_CELLS = 2000  # of weights, across and down

AnyRun = FinishedRun | RecordedRun
"""A run that the engine has made here and now, or one that was recorded."""


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


def known_of(run: AnyRun, head: int) -> RunState:
    """The run as the window would know it."""
    if isinstance(run, RecordedRun):
        return run.stored.run
    tokens = run.prepared.tokens
    told = Tokenised(0, tokens.ids, tokens.text_tokens, tokens.cut, tokens.notes)
    return RunState(spec=run.prepared.spec, tokens=told, traced=run.traced(0, head))


def scene_of(run: AnyRun, pane: Pane, theme: Theme) -> Scene:
    """The scene of a run, its steps not being played; numbers for tokens where it had no text."""
    known = known_of(run, pane.head)
    if isinstance(run, RecordedRun):
        stored, tokens = run.stored, run.stored.tokens
        where = stored.recorded_in_words
        return Scene(0, pane, theme, stored.model, known, known, tokens, tokens, fresh=True, recorded=where)
    prepared = run.prepared
    if prepared.model is not None:
        model = prepared.model.info()
        tokens = presenters.token_texts(known, model)
    else:
        model = ModelInfo(1, prepared.shape.heads, prepared.shape.head_width, ())
        tokens = [str(position) for position in range(prepared.shape.keys)]
    return Scene(0, pane, theme, model, known, known, tokens, tokens, fresh=True)


def finished_view(run: AnyRun, scene: Scene) -> Paintable:
    """The view that the scene's pane shows, all steps done; a Problem where the run has none of that name."""
    return view_of(scene.pane.view, scene, findings_of(run, scene))


def findings_of(
    run: AnyRun, scene: Scene, panel: int = 0, captioned: bool = False, first: AnyRun | None = None
) -> Findings:
    """What the view of the scene's pane draws besides; a Problem where the run has not that view.

    ``panel`` of a study, 0 for all; ``captioned`` where the figure says in words what is seen; ``first`` is the run
    behind what the scene stands beside.
    """
    pane = scene.pane
    view = check_view(scene)
    if view.study:
        return Findings(panels=chosen(answer_in_view(run, pane), panel))
    weights, every = None, 1
    if pane.view == "weights":
        reply = weights_in_view(run, pane)
        weights, every = presenters.weights_data(reply, strongest(reply.values), pane.logarithmic), reply.every
    elif pane.view == "weights-difference" and first is not None:
        weights = weights_apart(run, first, scene)
    part = Viewport(*pane.zoom) if pane.zoom else None
    return Findings(pattern_of_run(run, pane), weights, every, viewport=part, captioned=captioned)


def pattern_of_run(run: AnyRun, pane: Pane) -> Pattern:
    """The pairs that the pane's head keeps, counted anew for every rectangle."""
    return run.pattern(pane) if isinstance(run, RecordedRun) else run.exact_pattern(pane.head)


def answer_in_view(run: AnyRun, pane: Pane) -> tuple[Panel, ...]:
    """The whole answer of the study that the pane shows."""
    if isinstance(run, RecordedRun):
        return run.answer(pane)
    return study_answer(run, pane.view, pane.head, pane.locked)


def measurement_of(run: AnyRun, budget: Budget) -> Measurement:
    """Time and peak memory of the run's variant alone: measured within the budget, or as they were recorded."""
    if not isinstance(run, RecordedRun):
        return own_measurement(run, budget)
    found = run.measurement()
    assert found is not None
    return found


def weights_in_view(run: AnyRun, pane: Pane) -> WeightsReply:
    """The weights of the part in view, in cells where it is long; of many query rows those of some."""
    if isinstance(run, RecordedRun):
        recorded = run.weights_in_view(pane)
        assert recorded is not None
        return recorded
    x0, x1, y0, y1 = pane.zoom or (0, pane.length, 0, pane.length)
    return run.cells(WeightsSlice(0, 0, 0, pane.head, edges_of(y0, y1, pane.length), edges_of(x0, x1, pane.length)))


def edges_of(start: float, stop: float, length: int, most: int = 0) -> np.ndarray:
    """Integer edges of at most so many cells over whole tokens; 0: ``MOST_CELLS``."""
    low, high = max(int(np.floor(start)), 0), min(int(np.ceil(stop)), length)
    return np.unique(np.linspace(low, high, min(high - low, most or MOST_CELLS) + 1).astype(np.int64))


def strongest(values: np.ndarray) -> float:
    return float(np.nanmax(np.abs(values), initial=0.0))


def weights_apart(run: AnyRun, first: AnyRun, scene: Scene) -> WeightsData:
    """The weights of the scene's pane minus those of what it stands beside, in the same cells."""
    assert scene.beside is not None
    own = weights_in_view(run, scene.pane)
    other = weights_in_view(first, replace(scene.pane, head=scene.beside.head))
    values = difference_of(own.values, other.values)
    signed = colours_of(scene, scene.beside)
    return WeightsData(values, own.row_edges, own.column_edges, strongest(values), signed=signed)


def beside_of(run: AnyRun, pane: Pane) -> Beside:
    """What another pane is held against."""
    variant = variant_named(pane.variant)
    return Beside(said(variant.label), pattern_of_run(run, pane), variant.order, head=pane.head)


def check_view(scene: Scene) -> View:
    """The view of the scene's pane; a Problem where the run has none of that name."""
    pane = scene.pane
    compared = difference_views() if scene.beside is not None else ()
    views = {view.name: view for view in (*views_of(pane, kinds_of(scene.known.steps)), *compared)}
    if pane.view not in views:
        label = variant_named(pane.variant).label
        raise Problem("view_not_there", variant=label, view=pane.view, choices=", ".join(views))
    return views[pane.view]
