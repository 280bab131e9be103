"""A view made anew for a figure, in the figure's theme, from a scene and what was found of its run."""

from __future__ import annotations

from dataclasses import dataclass, replace

from app import presenters, view_presenters
from app.difference import own_difference
from app.export.image import Paintable
from app.reveal import revealed
from app.scene import Scene
from app.study_presenter import study_panels
from app.theme import FIGURE_THEMES, variant_colour
from engines.patterns import Pattern
from engines.problems import Problem
from engines.study import Panel
from engines.variants import variant_named
from widgets.bucket_view import BucketView
from widgets.fold_view import FoldView
from widgets.pattern_view import PatternView
from widgets.plots.plot_data import StudyData
from widgets.segment_view import SegmentView
from widgets.state_view import StateView
from widgets.study_view import StudyView
from widgets.view_data import PatternData, Theme, WeightsData
from widgets.viewport import Viewport


@dataclass(frozen=True)
class Findings:
    """What a view draws besides the scene: the pairs kept, weights, a study's panels; and the part that is in view.

    ``every``: of so many query rows the weights of one are drawn. ``viewport`` None: the whole pattern.
    ``captioned``: the figure has its caption below, and the view need not say the same.
    """

    pattern: Pattern | None = None
    weights: WeightsData | None = None
    every: int = 1
    panels: tuple[Panel, ...] = ()
    viewport: Viewport | None = None
    captioned: bool = False


def figure_theme(name: str, variant: str) -> Theme:
    """A theme of figures with the variant's colour as accent; all letters of one size, which the page sets."""
    theme, paper = FIGURE_THEMES[name], FIGURE_THEMES["print"]
    return replace(
        theme,
        accent=variant_colour(variant_named(variant).order, theme),
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
    """The view of a scene; the scene's theme is the figure's."""
    if view == "buckets":
        return bucket_view(scene)
    if view == "state":
        state = StateView(scene.theme)
        state.set_data(view_presenters.state_data(scene))
        state.set_fraction(scene.story)
        return state
    if view == "products":
        return study_view(view_presenters.products_study(scene), scene.theme)
    if view in ("segments", "fold") and found.pattern is not None:
        return segment_view(scene, found.pattern) if view == "segments" else fold_view(scene, found.pattern)
    if view in ("pattern", "weights", "difference", "weights-difference"):
        return pattern_view(view, scene, found)
    panels = study_panels(found.panels, variant_named(scene.pane.variant), scene.theme)
    return study_view(StudyData(panels) if panels else None, scene.theme)


def pattern_view(view: str, scene: Scene, found: Findings) -> PatternView:
    """The pattern as far as it is played, or its weights."""
    picture = PatternView()
    picture.set_theme(scene.theme)
    picture.set_data(pattern_data(view, scene, found))
    picture.set_weights(found.weights if view in ("weights", "weights-difference") else None)
    picture.set_locked(locked_of(scene))
    if found.viewport is not None:
        picture.set_viewport(found.viewport)
    return picture


def pattern_data(view: str, scene: Scene, found: Findings) -> PatternData | None:
    if found.pattern is None:
        return None
    pane, moment = scene.pane, scene.moment
    if view == "difference" and scene.beside is not None:
        return own_difference(scene, found.pattern, scene.beside)
    shown = revealed(found.pattern, scene.known.steps, moment.step, moment.eased) if moment else found.pattern
    caption = presenters.pattern_caption(pane, found.pattern) + presenters.weights_words(pane, view, found.every)
    own = "" if found.captioned else caption
    return presenters.pattern_data(pane, shown, own, scene.tokens, scene.theme)


def bucket_view(scene: Scene) -> BucketView:
    """The buckets as far as they are played."""
    buckets = BucketView(scene.theme)
    buckets.set_data(presenters.buckets_data(scene.pane, scene.known, scene.known_tokens))
    buckets.set_round(scene.pane.hash_round)
    buckets.set_locked(locked_of(scene))
    last = len(scene.known.steps) - 1
    step, eased = (scene.moment.step, scene.moment.eased) if scene.moment else (last, 1.0)
    buckets.set_time(*presenters.bucket_stage(scene.known.steps, step, eased))
    return buckets


def segment_view(scene: Scene, pattern: Pattern) -> SegmentView:
    """The segments as far as the text has been read; at the end, the cone of the locked token."""
    last = pattern.queries - 1
    target = int(scene.story * last)
    if scene.story >= 1 and 0 <= scene.pane.locked <= last:
        target = scene.pane.locked
    view = SegmentView(scene.theme)
    view.set_data(view_presenters.segments_data(scene, pattern, target))
    return view


def fold_view(scene: Scene, pattern: Pattern) -> FoldView:
    colour = variant_colour(variant_named(scene.pane.variant).order, scene.theme)
    parts = presenters.pattern_parts(pattern, colour, scene.theme)
    view = FoldView(scene.theme)
    view.set_data(view_presenters.fold_data(scene, pattern, parts, view_presenters.shades_of(scene)))
    view.set_fraction(scene.story)
    return view


def study_view(data: StudyData | None, theme: Theme) -> StudyView:
    view = StudyView()
    view.set_theme(theme)
    view.set_data(data)
    return view


def locked_of(scene: Scene) -> int | None:
    return scene.pane.locked if scene.pane.locked >= 0 else None
