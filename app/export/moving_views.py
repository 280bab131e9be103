"""A scene's view at any moment of its steps: the window's widgets and presenters, moved by the same pure time."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from PySide6.QtCore import QCoreApplication, QRectF
from PySide6.QtGui import QPainter

from app import presenters, view_presenters
from app.export.findings import Findings
from app.export.image import Paintable
from app.export.remembered import Remembered
from app.reveal import revealed
from app.scene import Scene
from app.theme import variant_colour
from app.timeline import Moment
from engines.patterns import HashedChunks, Pattern
from engines.problems import Problem
from engines.variants import variant_named
from widgets.bucket_view import BucketView
from widgets.fold_view import FoldView
from widgets.pattern_view import PatternView
from widgets.segment_view import SegmentView
from widgets.state_view import StateView


@dataclass(frozen=True)
class MovingView:
    """A view's widget. ``move`` puts it at a moment, and a share 0…1 of the whole story, and returns what the picture
    depends on: equal values, equal pixels."""

    widget: Paintable
    move: Callable[[Moment, float], object]


@dataclass(frozen=True)
class AsOnScreen:
    """A pattern laid out as the window lays it out, whatever would suit a still picture better."""

    view: PatternView

    def paint_onto(self, painter: QPainter, rect: QRectF) -> None:
        self.view.frame_onto(painter, rect)


def tr(text: str) -> str:
    return QCoreApplication.translate("films", text)


def filmed_view(scene: Scene, pattern: Pattern) -> MovingView:
    """The view that the scene's pane shows, for a film; a Problem where it does not move with the steps."""
    view = scene.pane.view
    if view not in MOVING:
        label = variant_named(scene.pane.variant).label
        raise Problem("view_does_not_move", variant=label, view=view, choices=", ".join(MOVING))
    if view != "pattern":
        return MOVING[view](scene, Findings(pattern))
    exact = replace(pattern, pyramid=None) if isinstance(pattern, HashedChunks) else pattern  # a film may take its time
    remembered: Pattern = Remembered(exact)  # type: ignore[assignment]  # as much of one as a sweep asks for
    moving = moving_pattern(scene, Findings(pattern), remembered)
    assert isinstance(moving.widget, PatternView)
    return MovingView(AsOnScreen(moving.widget), moving.move)


def moving_pattern(scene: Scene, found: Findings, counted: Pattern | None = None) -> MovingView:
    """The pairs kept so far; row by row while a step is played. ``counted`` is drawn in place of the pattern."""
    pane, steps, pattern = scene.pane, scene.known.steps, found.pattern
    assert pattern is not None
    drawn = counted or pattern
    caption = presenters.pattern_caption(pane, pattern) + presenters.weights_words(pane, pane.view, found.every)
    caption = "" if found.captioned else caption
    widget = PatternView()
    widget.set_theme(scene.theme)
    widget.set_locked(locked_of(scene))

    def move(moment: Moment, story: float) -> object:
        shown = revealed(drawn, steps, moment.step, moment.eased)
        widget.set_data(presenters.pattern_data(pane, shown, caption, scene.tokens, scene.theme))
        return shown

    return MovingView(widget, move)


def moving_buckets(scene: Scene, found: Findings) -> MovingView:
    """Tokens on their way through buckets, order and chunks."""
    data = presenters.buckets_data(scene.pane, scene.known, scene.known_tokens)
    widget = BucketView(scene.theme)
    widget.set_data(data)
    widget.set_round(scene.pane.hash_round)
    widget.set_locked(locked_of(scene))

    def move(moment: Moment, story: float) -> object:
        stage = presenters.bucket_stage(scene.known.steps, moment.step, moment.eased)
        widget.set_time(*stage)
        return stage

    return MovingView(widget, move)


def moving_state(scene: Scene, found: Findings) -> MovingView:
    """The running state, token by token."""
    widget = StateView(scene.theme)
    widget.set_data(view_presenters.state_data(scene))
    return MovingView(widget, lambda moment, story: by_story(widget, story))


def moving_fold(scene: Scene, found: Findings) -> MovingView:
    """The grid of positions, as the locked token sees it."""
    assert found.pattern is not None
    colour = variant_colour(variant_named(scene.pane.variant).order, scene.theme)
    parts = presenters.pattern_parts(found.pattern, colour, scene.theme)
    widget = FoldView(scene.theme)
    widget.set_data(view_presenters.fold_data(scene, found.pattern, parts, view_presenters.shades_of(scene)))
    return MovingView(widget, lambda moment, story: by_story(widget, story))


def by_story(widget: StateView | FoldView, story: float) -> object:
    widget.set_fraction(story)
    return story


def moving_segments(scene: Scene, found: Findings) -> MovingView:
    """The segments as far as the text has been read; at the end, the cone of the locked token."""
    pattern = found.pattern
    assert pattern is not None
    widget = SegmentView(scene.theme)
    last = pattern.queries - 1
    locked = locked_of(scene)

    def move(moment: Moment, story: float) -> object:
        target = int(story * last) if story < 1 or locked is None else locked
        widget.set_data(view_presenters.segments_data(scene, pattern, target))
        return target

    return MovingView(widget, move)


def locked_of(scene: Scene) -> int | None:
    """The locked token, where it is within the text."""
    return scene.pane.locked if 0 <= scene.pane.locked < scene.pane.length else None


MOVING: Mapping[str, Callable[[Scene, Findings], MovingView]] = {
    "pattern": moving_pattern,
    "buckets": moving_buckets,
    "fold": moving_fold,
    "segments": moving_segments,
    "state": moving_state,
}
"""The views that move while the steps are played. All but buckets and state need the pattern among the findings."""
