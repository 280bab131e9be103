"""Figures of a finished run without a window."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from app import presenters
from app.export.caption import caption_of, title_of
from app.export.formats import file_and_format
from app.export.image import Figure
from app.export.look import Look
from app.export.panes_view import lettered, panes_view, title_of_panes, with_one_scale
from app.export.scene_view import Findings, chosen, figure_theme, view_of
from app.export.still import page_of, save_still
from app.run_state import RunState, kind_of
from app.scene import Scene
from app.session import Pane
from app.theme import application_font
from app.timeline import Moment, Timeline
from app.views import View, kinds_of, views_of
from engines.finished_run import FinishedRun
from engines.headless import study_answer
from engines.messages import Tokenised, WeightsSlice
from engines.problems import Problem
from engines.variants import variant_named
from widgets.view_data import WeightsData
from widgets.viewport import Viewport

MOST_CELLS = 2000  # of weights, across and down


def application() -> QApplication:
    """The application that fonts and widgets need; one without a screen where there is none yet."""
    there = QGuiApplication.instance()
    if there is None:
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
        there = QApplication([])
    assert isinstance(there, QApplication)
    return there


def save_figure(figure: Figure, path: Path | str, look: Look | None = None, named: str = "") -> Path:
    """Draw the figure into a file, whole or not at all; the path that was written.

    The format is the one ``named``, else what the extension says, which is added where there is none.
    """
    path, format_ = file_and_format(Path(path), named)
    return save_still(figure, page_of(look or Look(), figure), format_, path)


def known_of(run: FinishedRun, head: int) -> RunState:
    """The run as the window would know it."""
    tokens = run.prepared.tokens
    told = Tokenised(0, tokens.ids, tokens.text_tokens, tokens.cut, tokens.notes)
    return RunState(spec=run.prepared.spec, tokens=told, traced=run.traced(0, head))


def figure_of(run: FinishedRun, pane: Pane, look: Look | None = None, step: str = "") -> Figure:
    """The pane's view with its title, caption and metadata, once ``step`` is done; the last one where none is named."""
    look = look or Look()
    scene, found = found_in(run, pane, look)
    scene = replace(scene, moment=Moment(step_index(scene.known, step), 1.0, 1.0))
    told = caption_of(pane, scene.known)
    return Figure(
        view_of(pane.view, scene, found),
        title_of(pane) if look.title else "",
        told if look.caption else "",
        scene.theme,
        metadata_of(run),
        told,
    )


def figure_of_panes(
    runs: Sequence[FinishedRun], panes: Sequence[Pane], look: Look, share: float = 1.0, caption: str = ""
) -> Figure:
    """Panes beside each other as one figure, one pane as itself, when a share 0…1 of their steps has been played.

    A pane that has not the view shows its pattern, as in the window. ``caption`` stands below, where there is one.
    """
    shown = [
        pane if pane.view in view_names_of(run, pane) else replace(pane, view="pattern")
        for run, pane in zip(runs, panes, strict=True)
    ]
    told_apart = look if len(shown) == 1 else replace(look, caption=True)  # the figure's caption tells of all
    made = [found_in(run, pane, told_apart) for run, pane in zip(runs, shown, strict=True)]
    weights = with_one_scale([found.weights for _, found in made])
    views = []
    for (scene, found), weighed_ in zip(made, weights, strict=True):
        timeline = Timeline.of((step.name, kind_of(step.data)) for step in scene.known.steps)
        scene = replace(scene, moment=timeline.at(share * timeline.duration), story=min(share, 1.0))
        views.append(view_of(scene.pane.view, scene, replace(found, weights=weighed_)))
    theme, several = figure_theme(look.theme, shown[0].variant), len(shown) > 1
    captions = [caption_of(scene.pane, scene.known) for scene, _ in made]
    told = caption or (lettered(captions) if several else captions[0])
    title = title_of_panes(shown) if several else title_of(shown[0])
    cards = [metadata_of(run) for run in runs]
    return Figure(
        panes_view(views, shown, theme) if several else views[0],
        title if look.title else "",
        told if look.caption or caption else "",
        theme,
        {"panes": cards} if several else cards[0],
        told,
    )


def view_names_of(run: FinishedRun, pane: Pane) -> dict[str, View]:
    """The views that a run has, by name."""
    return {view.name: view for view in views_of(pane, kinds_of(run.steps))}


def found_in(run: FinishedRun, pane: Pane, look: Look) -> tuple[Scene, Findings]:
    """The pane's scene, its steps done, and what its view draws besides; a Problem where the run has not that view."""
    theme = figure_theme(look.theme, pane.variant)
    application().setFont(application_font(theme))
    views = view_names_of(run, pane)
    if pane.view not in views:
        label = variant_named(pane.variant).label
        raise Problem("view_not_there", variant=label, view=pane.view, choices=", ".join(views))
    assert run.prepared.model is not None  # it was run on a text
    model, known = run.prepared.model.info(), known_of(run, pane.head)
    tokens = presenters.token_texts(known, model)
    scene = Scene(0, pane, theme, model, known, known, tokens, tokens, fresh=True)
    part = Viewport(*pane.zoom) if pane.zoom else None
    if views[pane.view].study:
        answer = study_answer(run, pane.view, pane.head, pane.locked)
        return scene, Findings(panels=chosen(answer, look.panel))
    weights, every = weighed(run, pane) if pane.view == "weights" else (None, 1)
    pattern = run.exact_pattern(pane.head)
    return scene, Findings(pattern, weights, every, viewport=part, captioned=look.caption)


def weighed(run: FinishedRun, pane: Pane) -> tuple[WeightsData, int]:
    """The weights of the whole square in cells; of so many query rows those of one."""
    edges = np.unique(np.linspace(0, pane.length, min(pane.length, MOST_CELLS) + 1).astype(np.int64))
    reply = run.cells(WeightsSlice(0, 0, 0, pane.head, edges, edges))
    largest = float(np.nanmax(reply.values, initial=0.0))
    return presenters.weights_data(reply, largest, pane.logarithmic), reply.every


def step_index(known: RunState, name: str) -> int:
    """The place of a step; a Problem that lists the names where there is no such step."""
    names = [step.name for step in known.steps]
    if not name:
        return len(names) - 1
    if name not in names:
        raise Problem("unknown_step", name=name, choices=", ".join(names))
    return names.index(name)


def metadata_of(run: FinishedRun) -> dict[str, object]:
    """What the picture shows, for the file's metadata: what anybody needs to make it again."""
    spec = run.prepared.spec
    return {
        "variant": spec.variant,
        "parameters": dict(spec.parameters),
        "tokens": spec.length,
        "causal": spec.causal,
        "layer": spec.layer + 1,
        "head": spec.head + 1,
        "seed": spec.seed,
        "weights": run.prepared.model.name if run.prepared.model else "none",
        "device": spec.device,
        "dtype": spec.dtype,
    }
