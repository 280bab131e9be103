"""A view made anew for a figure, in the figure's theme, from a scene and what was found of its run."""

from __future__ import annotations

from dataclasses import replace

from app import presenters, view_presenters
from app.difference import own_difference, weights_caption
from app.export.findings import Findings
from app.export.image import Paintable
from app.export.moving_views import MOVING, locked_of, moving_pattern
from app.scene import Scene
from app.study_presenter import study_panels
from app.theme import FIGURE_THEMES, worn
from app.timeline import Moment
from engines.problems import Problem
from engines.study import Panel
from engines.variants import variant_named
from widgets.pattern_view import PatternView
from widgets.plots.plot_data import StudyData
from widgets.study_view import StudyView
from widgets.view_data import Theme

NEEDS_PATTERN = frozenset({"segments", "fold"})


def figure_theme(name: str, variant: str) -> Theme:
    """A theme of figures with the variant's colour as accent; all letters of one size, which the page sets."""
    theme, paper = FIGURE_THEMES[name], FIGURE_THEMES["print"]
    return replace(
        worn(theme, variant),
        title_points=paper.title_points,
        body_points=paper.body_points,
        small_points=paper.small_points,
        number_points=paper.number_points,
    )


def film_theme(name: str, variant: str) -> Theme:
    """A theme of figures with letters as large as the screen's, whatever the theme is for."""
    theme, screen = figure_theme(name, variant), FIGURE_THEMES["light"]
    return replace(
        theme,
        title_points=screen.title_points,
        body_points=screen.body_points,
        small_points=screen.small_points,
        number_points=screen.number_points,
    )


def chosen(panels: tuple[Panel, ...], number: int) -> tuple[Panel, ...]:
    """All panels for number 0, else the one of that number, from 1; a Problem where there are not so many."""
    if not 0 <= number <= len(panels):
        raise Problem("bad_number", what="panel", smallest=1, largest=len(panels), value=number)
    return panels[number - 1 : number] if number else panels


def view_of(view: str, scene: Scene, found: Findings) -> Paintable:
    """The view of a scene at its moment, all steps done where it has none; the scene's theme is the figure's."""
    scene = replace(scene, pane=replace(scene.pane, view=view))
    if view in ("pattern", "weights", "difference", "weights-difference"):
        return pattern_view(scene, found)
    if view in MOVING and (found.pattern is not None or view not in NEEDS_PATTERN):
        moving = MOVING[view](scene, found)
        moving.move(moment_of(scene), scene.story)
        return moving.widget
    if view == "products":
        return study_view(view_presenters.products_study(scene), scene.theme)
    panels = study_panels(found.panels, variant_named(scene.pane.variant), scene.theme)
    return study_view(StudyData(panels) if panels else None, scene.theme)


def moment_of(scene: Scene) -> Moment:
    """The scene's, or the one at which all steps are done."""
    return scene.moment or Moment(len(scene.known.steps) - 1, 1.0, 1.0)


def pattern_view(scene: Scene, found: Findings) -> PatternView:
    """The pattern as far as it is played, its weights, or what sets it apart from the first pane's."""
    view = scene.pane.view
    picture = drawn_pattern(scene, found)
    picture.set_weights(found.weights if view in ("weights", "weights-difference") else None)
    if found.viewport is not None:
        picture.set_viewport(found.viewport)
    return picture


def drawn_pattern(scene: Scene, found: Findings) -> PatternView:
    """The pairs alone."""
    pane, pattern, beside = scene.pane, found.pattern, scene.beside
    if pattern is not None and pane.view in ("pattern", "weights"):
        moving = moving_pattern(scene, found)
        moving.move(moment_of(scene), scene.story)
        assert isinstance(moving.widget, PatternView)
        return moving.widget
    picture = PatternView()
    picture.set_theme(scene.theme)
    if pattern is not None and beside is not None and pane.view == "difference":
        picture.set_data(own_difference(scene, pattern, beside))
    elif pattern is not None:
        words = weights_caption(scene, beside) if beside is not None else presenters.pattern_caption(pane, pattern)
        caption = "" if found.captioned else words
        picture.set_data(presenters.pattern_data(pane, pattern, caption, scene.tokens, scene.theme))
    picture.set_locked(locked_of(scene))
    return picture


def study_view(data: StudyData | None, theme: Theme) -> StudyView:
    view = StudyView()
    view.set_theme(theme)
    view.set_data(data)
    return view
