"""Figures of a finished run without a window."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from app.export.caption import caption_of, title_of
from app.export.formats import file_and_format
from app.export.image import Figure
from app.export.look import Look
from app.export.panes_view import lettered, panes_view, title_of_panes, with_one_scale
from app.export.recorded_run import RecordedRun
from app.export.scene_of_run import AnyRun, beside_of, check_view, findings_of, scene_of
from app.export.scene_view import figure_theme, view_of
from app.export.still import page_of, save_still
from app.run_state import RunState, kind_of
from app.scene import Scene
from app.session import Pane
from app.theme import application_font
from app.timeline import Moment, Timeline
from engines.finished_run import FinishedRun
from engines.problems import Problem
from engines.variants import variant_named
from engines.weight_sets import set_for


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


def figure_of(run: FinishedRun, pane: Pane, look: Look | None = None, step: str = "") -> Figure:
    """The pane's view with its title, caption and metadata, once ``step`` is done; the last one where none is named."""
    look = look or Look()
    scene = scene_in(run, pane, look)
    found = findings_of(run, scene, look.panel, look.caption)
    scene = after_step(scene, step)
    told = caption_of(pane, scene.known)
    return Figure(
        view_of(pane.view, scene, found),
        title_of(pane) if look.title else "",
        told if look.caption else "",
        scene.theme,
        metadata_of(run, pane.head),
        told,
    )


def figure_of_panes(
    runs: Sequence[AnyRun],
    panes: Sequence[Pane],
    look: Look,
    share: float = 1.0,
    caption: str = "",
    step: str = "",
) -> Figure:
    """Panes beside each other as one figure, one pane as itself: a share 0…1 of their steps played, or ``step`` done.

    As in the window a pane that has not the view shows its pattern, and the first one what the others are held against:
    its pattern, or its weights. ``caption`` stands below, where there is one.
    """
    several = len(panes) > 1
    scenes, findings = [], []
    for number, (run, pane) in enumerate(zip(runs, panes, strict=True)):
        if several and not number and pane.view == "weights-difference":
            pane = replace(pane, view="weights")
        scene = scene_in(run, pane, look)
        if number:
            scene = replace(scene, beside=beside_of(runs[0], panes[0]))
        scene = with_a_view_it_has(scene)
        scene = after_step(scene, step) if step else at_share(scene, share)
        findings.append(findings_of(run, scene, look.panel, look.caption or several, runs[0]))
        scenes.append(scene)
    weights = with_one_scale([found.weights for found in findings])
    views = [
        view_of(scene.pane.view, scene, replace(found, weights=weighed))
        for scene, found, weighed in zip(scenes, findings, weights, strict=True)
    ]
    shown = [scene.pane for scene in scenes]
    theme = figure_theme(look.theme, shown[0].variant)
    captions = [caption_of(scene.pane, scene.known, recorded=scene.recorded) for scene in scenes]
    told = caption or (lettered(captions) if several else captions[0])
    title = title_of_panes(shown) if several else title_of(shown[0])
    cards = [metadata_of(run, pane.head) for run, pane in zip(runs, panes, strict=True)]
    return Figure(
        panes_view(views, shown, theme) if several else views[0],
        title if look.title else "",
        told if look.caption or caption else "",
        theme,
        {"panes": cards} if several else cards[0],
        told,
    )


def scene_in(run: AnyRun, pane: Pane, look: Look) -> Scene:
    """The pane's scene in the look's theme."""
    theme = figure_theme(look.theme, pane.variant)
    application().setFont(application_font(theme))
    return scene_of(run, pane, theme)


def with_a_view_it_has(scene: Scene) -> Scene:
    """The scene with its pane's view, or with its pattern where the run has not that view."""
    try:
        check_view(scene)
    except Problem:
        return replace(scene, pane=replace(scene.pane, view="pattern"))
    return scene


def at_share(scene: Scene, share: float) -> Scene:
    """The scene when a share 0…1 of its steps has been played."""
    timeline = Timeline.of((step.name, kind_of(step.data)) for step in scene.known.steps)
    return replace(scene, moment=timeline.at(share * timeline.duration), story=min(share, 1.0))


def after_step(scene: Scene, step: str) -> Scene:
    """The scene once a step is done, the last one where none is named."""
    return replace(scene, moment=Moment(step_index(scene.known, step), 1.0, 1.0))


def step_index(known: RunState, name: str) -> int:
    """The place of a step; a Problem that lists the names where there is no such step."""
    names = [step.name for step in known.steps]
    if not name:
        return len(names) - 1
    if name not in names:
        raise Problem("unknown_step", name=name, choices=", ".join(names))
    return names.index(name)


def metadata_of(run: AnyRun, head: int | None = None) -> dict[str, object]:
    """What the picture shows, for the file's metadata: what anybody needs to make it again. ``head`` from 0: the one
    that is shown, where it is not the run's."""
    spec = run.stored.key[0] if isinstance(run, RecordedRun) else run.prepared.spec
    return {
        "variant": spec.variant,
        "parameters": dict(spec.parameters),
        "tokens": spec.length,
        "causal": spec.causal,
        "layer": spec.layer + 1,
        "head": (spec.head if head is None else head) + 1,
        "seed": spec.seed,
        "weights": weights_name(run),
        "device": spec.device,
        "dtype": spec.dtype,
        **({"recorded": run.stored.recorded_in_words} if isinstance(run, RecordedRun) else {}),
    }


def weights_name(run: AnyRun) -> str:
    """What the weights are called that it was made with; those of somebody's own by their digest, where it was
    recorded."""
    if not isinstance(run, RecordedRun):
        return run.prepared.model.name if run.prepared.model else "none"
    spec, tokens = run.stored.key[0], run.stored.run.tokens
    if tokens is not None and tokens.weights:
        return tokens.weights
    variant = variant_named(spec.variant)
    return set_for(variant, variant.parameters(**dict(spec.parameters)), spec.causal, spec.weights).name
