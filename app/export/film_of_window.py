"""The film of what the window shows: its scene, filmed with widgets of its own."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from app.export.film import Film
from app.export.film_of_length import LengthFilm, card_of_lengths
from app.export.film_of_steps import StepsFilm
from app.export.picture import metadata_of
from engines.problems import Problem

if TYPE_CHECKING:
    from app.controller import Controller
    from widgets.view_data import Theme


def film_of_view(
    controller: Controller, over: str = "steps", first: str = "", last: str = "", theme: Theme | None = None
) -> Film:
    """The film of the window's view over "steps", by name, or over "length", in tokens; empty: as the window plays it.

    ``theme`` is the film's, where it is not the window's.
    A Problem where the run is not there yet, the view does not move, or its lengths would have to be run.
    """
    scene, card = controller.active.scene(), metadata_of(controller)
    scene = replace(scene, pane=replace(scene.pane, view=controller.centre.view), theme=theme or scene.theme)
    if over == "length":
        try:
            lengths = int(first or controller.playing.lengths.n_min), int(last or controller.playing.lengths.n_max)
        except ValueError:
            raise Problem("bad_length", length=f"{first} … {last}") from None
        return LengthFilm(scene, card_of_lengths(card), *lengths)
    pattern = controller.centre.pattern
    if not scene.fresh or pattern is None:
        raise Problem("film_needs_a_run")
    return StepsFilm(scene, pattern, card, first, last)
