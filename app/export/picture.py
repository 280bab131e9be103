"""The window's picture as a figure: made anew in the figure's theme from what the window knows, with what it shows."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from app.export.caption import caption_of, title_of
from app.export.findings import Findings
from app.export.formats import file_and_format
from app.export.image import Figure, Paintable
from app.export.look import SCREEN_DPI, SCREEN_SIZE, Look
from app.export.page import BODY_POINTS
from app.export.panes_view import lettered, panes_view, title_of_panes
from app.export.scene_view import chosen, figure_theme, view_of
from app.export.still import page_of, save_still
from app.views import difference_views
from engines.problems import Problem

if TYPE_CHECKING:
    from app.controller import Controller
    from app.pane_run import PaneRun
    from engines.patterns import Pattern

SCREEN_LOOK = Look(SCREEN_SIZE[0] / SCREEN_DPI, SCREEN_SIZE[1] / SCREEN_DPI, BODY_POINTS, SCREEN_DPI)


def figure_of_view(controller: Controller, look: Look = SCREEN_LOOK, exact: bool = True) -> Figure:
    """What the window shows now: its view, zoom, locked token and playhead, in the look's theme.

    ``exact`` counts the pairs of a pattern anew where the window counts them in cells, which may take seconds. A
    Problem where the picture is of an earlier run.
    """
    several = look.all_panes and len(controller.panes) > 1
    shown = controller.panes if several else [controller.active]
    views = [view_of_pane(made, replace(look, caption=look.caption or several), exact) for made in shown]
    panes = [made.pane for made in shown]
    captions = [caption_of(made.pane, made.scene().known, view_told(made), made.recorded) for made in shown]
    theme = figure_theme(look.theme, panes[0].variant)
    told = lettered(captions) if several else captions[0]
    title = (title_of_panes(panes) if several else title_of(panes[0])) if look.title else ""
    view = panes_view(views, panes, theme) if several else views[0]
    cards = [metadata_of_pane(made) for made in shown]
    return Figure(view, title, told if look.caption else "", theme, {"panes": cards} if several else cards[0], told)


def view_told(made: PaneRun) -> str:
    """The view that a pane shows; the first shows its own pattern where the others are held against it."""
    view, apart = made.centre.view, {each.name for each in difference_views()}
    return "pattern" if made.first is None and view in apart else view


def view_of_pane(made: PaneRun, look: Look, exact: bool) -> Paintable:
    """A pane's view made anew; a Problem where its picture is of an earlier run."""
    scene, centre = made.scene(), made.centre
    if scene.known.traced is not None and not scene.fresh and (centre.view != "pattern" or centre.stale):
        raise Problem("picture_not_ready")
    scene = replace(scene, theme=figure_theme(look.theme, scene.pane.variant))
    return view_of(centre.view, scene, findings_of(made, look, exact))


def findings_of(made: PaneRun, look: Look, exact: bool) -> Findings:
    """What the window has found of a pane's run, and the part of it that is in view."""
    centre, view = made.centre, made.view.pattern_view
    pattern: Pattern | None = centre.pattern
    if pattern is not None and exact:
        pattern = pattern.exactly()
    panels = chosen(centre.study.panels, look.panel) if centre.study.study == centre.view else ()
    return Findings(pattern, view.weights, centre.weights.every, panels, view.viewport(), look.caption)


def metadata_of(controller: Controller) -> dict[str, object]:
    """The card of the active pane."""
    return metadata_of_pane(controller.active)


def metadata_of_pane(made: PaneRun) -> dict[str, object]:
    """The run's settings, and the cards of what was measured."""
    pane = made.pane
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
        **({"recorded": made.recorded} if made.recorded else {}),
        "measurements": {name: dict(each.card) for name, each in made.run.measurements.items()},
    }


def save_picture(controller: Controller, path: Path) -> Path:
    """Save the present view in the format that the extension says, else as PNG; the path that was written."""
    path, format_ = file_and_format(path)
    figure = figure_of_view(controller)
    return save_still(figure, page_of(SCREEN_LOOK, figure), format_, path)
