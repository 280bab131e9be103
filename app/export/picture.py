"""The window's picture as a figure: made anew in the figure's theme from what the window knows, with what it shows."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from app.export.caption import caption_of, title_of
from app.export.formats import file_and_format
from app.export.image import Figure
from app.export.look import SCREEN_DPI, SCREEN_SIZE, Look
from app.export.page import BODY_POINTS
from app.export.scene_view import Findings, chosen, figure_theme, view_of
from app.export.still import page_of, save_still
from engines.problems import Problem

if TYPE_CHECKING:
    from app.controller import Controller
    from engines.patterns import Pattern

SCREEN_LOOK = Look(SCREEN_SIZE[0] / SCREEN_DPI, SCREEN_SIZE[1] / SCREEN_DPI, BODY_POINTS, SCREEN_DPI)


def figure_of_view(controller: Controller, look: Look = SCREEN_LOOK, exact: bool = True) -> Figure:
    """What the window shows now: its view, zoom, locked token and playhead, in the look's theme.

    ``exact`` counts the pairs of a pattern anew where the window counts them in cells, which may take seconds. A
    Problem where the picture is of an earlier run.
    """
    scene, centre = controller.active.scene(), controller.centre
    if scene.known.traced is not None and not scene.fresh and (centre.view != "pattern" or centre.stale):
        raise Problem("picture_not_ready")
    scene = replace(scene, theme=figure_theme(look.theme, scene.pane.variant))
    told = caption_of(scene.pane, scene.known, centre.view)
    return Figure(
        view_of(centre.view, scene, findings_of(controller, look, exact)),
        title_of(scene.pane) if look.title else "",
        told if look.caption else "",
        scene.theme,
        metadata_of(controller),
        told,
    )


def findings_of(controller: Controller, look: Look, exact: bool) -> Findings:
    """What the window has found of its run, and the part of it that is in view."""
    centre, view = controller.centre, controller.active.view.pattern_view
    pattern: Pattern | None = centre.pattern
    if pattern is not None and exact:
        pattern = pattern.exactly()
    panels = chosen(centre.study.panels, look.panel) if centre.study.study == centre.view else ()
    return Findings(pattern, view.weights, centre.weights.every, panels, view.viewport(), look.caption)


def metadata_of(controller: Controller) -> dict[str, object]:
    """The run's settings, and the cards of what was measured."""
    pane = controller.pane
    return {
        "variant": pane.variant,
        "parameters": dict(pane.parameters()),
        "tokens": pane.length,
        "causal": pane.causal,
        "layer": pane.layer + 1,
        "head": pane.head + 1,
        "seed": pane.seed,
        "device": pane.device,
        "dtype": pane.dtype,
        "measurements": {name: dict(each.card) for name, each in controller.run.measurements.items()},
    }


def save_picture(controller: Controller, path: Path) -> Path:
    """Save the present view in the format that the extension says, else as PNG; the path that was written."""
    path, format_ = file_and_format(path)
    figure = figure_of_view(controller)
    return save_still(figure, page_of(SCREEN_LOOK, figure), format_, path)
