"""Figures of a finished run without a window."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from app import presenters
from app.export.caption import caption_of, title_of
from app.export.formats import file_and_format
from app.export.image import Figure
from app.export.look import Look
from app.export.scene_view import Findings, chosen, figure_theme, view_of
from app.export.still import page_of, save_still
from app.run_state import RunState
from app.scene import Scene
from app.session import Pane
from app.theme import application_font
from app.timeline import Moment
from app.views import kinds_of, views_of
from engines.finished_run import FinishedRun
from engines.headless import study_answer
from engines.messages import Tokenised, WeightsSlice
from engines.problems import Problem
from engines.variants import variant_named
from widgets.view_data import WeightsData

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
    theme = figure_theme(look.theme, pane.variant)
    application().setFont(application_font(theme))
    variant, known = variant_named(pane.variant), known_of(run, pane.head)
    views = {view.name: view for view in views_of(pane, kinds_of(known.steps))}
    if pane.view not in views:
        raise Problem("view_not_there", variant=variant.label, view=pane.view, choices=", ".join(views))
    assert run.prepared.model is not None  # it was run on a text
    model = run.prepared.model.info()
    tokens = presenters.token_texts(known, model)
    moment = Moment(step_index(known, step), 1.0, 1.0)
    scene = Scene(0, pane, theme, model, known, known, tokens, tokens, fresh=True, moment=moment)
    if views[pane.view].study:
        answer = study_answer(run, pane.view, pane.head, pane.locked)
        found = Findings(panels=chosen(answer, look.panel))
    else:
        weights, every = weighed(run, pane) if pane.view == "weights" else (None, 1)
        found = Findings(run.exact_pattern(pane.head), weights, every, captioned=look.caption)
    told = caption_of(pane, known)
    return Figure(
        view_of(pane.view, scene, found),
        title_of(pane) if look.title else "",
        told if look.caption else "",
        theme,
        metadata_of(run),
        told,
    )


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
