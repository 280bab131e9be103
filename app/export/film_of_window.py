"""The film of what the window shows: its scenes, filmed with widgets of their own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from app.export.film import Film
from app.export.film_of_length import LengthFilm, card_of_lengths
from app.export.film_of_panes import film_of_lengths, film_of_stories
from app.export.film_of_steps import StepsFilm
from app.export.picture import metadata_of_pane, view_told
from app.session import Pane
from app.theme import worn
from engines.problems import Problem

if TYPE_CHECKING:
    from app.controller import Controller
    from app.pane_run import PaneRun
    from app.scene import Scene
    from widgets.view_data import Theme


def film_of_view(
    controller: Controller,
    over: str = "steps",
    first: str = "",
    last: str = "",
    theme: Theme | None = None,
    all_panes: bool = False,
) -> Film:
    """The film of the window's view over "steps", by name, or over "length", in tokens; empty: as the window plays it.

    ``theme`` is the film's, where it is not the window's; ``all_panes`` beside each other, or the active one alone.
    A Problem where a run is not there yet, the view does not move, or its lengths would have to be run.
    """
    filmed = filmed_panes(controller, all_panes)
    panes, lead = [shown_pane(made) for made in filmed], filmed.index(controller.active)
    background = theme or controller.active.scene().theme
    if over != "length":

        def make(place: int, pane: Pane, leads: bool) -> StepsFilm:
            span = (first, last) if leads else ("", "")
            return steps_of(filmed[place], pane, theme, *span)

        return film_of_stories(make, panes, background, lead)
    try:
        lengths = int(first or controller.playing.lengths.n_min), int(last or controller.playing.lengths.n_max)
    except ValueError:
        raise Problem("bad_length", length=f"{first} … {last}") from None
    films = [
        LengthFilm(scene_of(made, pane, theme), card_of_lengths(metadata_of_pane(made)), *lengths)
        for made, pane in zip(filmed, panes, strict=True)
    ]
    return film_of_lengths(films, panes, background)


def steps_of(made: PaneRun, pane: Pane, theme: Theme | None, first: str, last: str) -> StepsFilm:
    """The film of a pane's run; a Problem where it is not the one that is wanted."""
    scene, pattern = scene_of(made, pane, theme), made.centre.pattern
    if not scene.fresh or pattern is None:
        raise Problem("film_needs_a_run")
    return StepsFilm(scene, pattern, metadata_of_pane(made), first, last)


def scene_of(made: PaneRun, pane: Pane, theme: Theme | None) -> Scene:
    """The pane's scene in the film's theme."""
    scene = made.scene()
    return replace(scene, pane=pane, theme=worn(theme, pane.variant) if theme else scene.theme)


def filmed_panes(controller: Controller, all_panes: bool) -> Sequence[PaneRun]:
    return controller.panes if all_panes else [controller.active]


def shown_pane(made: PaneRun) -> Pane:
    """The pane with the view that it shows."""
    return replace(made.pane, view=view_told(made))
