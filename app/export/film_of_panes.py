"""Several panes in one film, beside each other as the window has them, and all at the same share of their stories."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from app.export.film import Film
from app.export.film_of_length import LengthFilm, filmed_figure, length_in_title, title_at
from app.export.film_of_steps import StepsFilm
from app.export.findings import Findings
from app.export.image import Figure
from app.export.moving_views import tr
from app.export.panes_view import Panel, PanesView, lettered, pane_title, title_of_panes, with_one_scale
from app.scene import Scene
from app.session import Pane
from engines.problems import Problem
from widgets.view_data import Theme

APART = "   "  # between what the panes say, on one line


class PanesFilm:
    """The films of panes, one of which leads: its story is told, and the others are as far in theirs.

    ``title`` names what stands above at a time of the story.
    """

    def __init__(
        self,
        films: Sequence[StepsFilm | LengthFilm],
        panes: Sequence[Pane],
        theme: Theme,
        title: Callable[[float], str],
        lead: int = 0,
    ) -> None:
        self._films, self._panes, self._theme, self._title = films, panes, theme, title
        self._lead = films[lead]
        self.start, self.stop = self._lead.start, self._lead.stop
        self.card = {"panes": [film.card for film in films]}

    def at(self, seconds: float) -> tuple[object, Figure]:
        """All pictures at a time of the story that leads."""
        share = seconds / self._lead.whole
        found = [film.at(seconds if film is self._lead else share * film.whole) for film in self._films]
        figures = [figure for _, figure in found]
        key = tuple(each for each, _ in found)
        return key, beside_each_other(figures, self._panes, self._theme, self._title(seconds), self.card)


def beside_each_other(
    figures: Sequence[Figure], panes: Sequence[Pane], theme: Theme, title: str, card: Mapping[str, object]
) -> Figure:
    """The figures of panes as one; what all of them say below is said once."""
    panels = tuple(Panel(figure.view, pane_title(pane, panes)) for figure, pane in zip(figures, panes, strict=True))
    captions = [figure.caption for figure in figures]
    told = captions[0] if len(set(captions)) == 1 else lettered(captions, APART)
    return Figure(PanesView(panels, theme), title, told, theme, card)


def film_of_stories(
    make: Callable[[int, Pane, bool], StepsFilm], panes: Sequence[Pane], theme: Theme, lead: int = 0
) -> Film:
    """The film of the panes' steps; of one pane its own. ``make`` is given a pane's place, the pane, and whether it
    leads.

    A pane whose view does not move shows its pattern; a Problem where it is the one that leads.
    """
    films = [made_to_move(make, place, pane, place == lead) for place, pane in enumerate(panes)]
    return films[0] if len(films) == 1 else PanesFilm(films, panes, theme, lambda _: title_of_panes(panes), lead)


def made_to_move(make: Callable[[int, Pane, bool], StepsFilm], place: int, pane: Pane, leads: bool) -> StepsFilm:
    try:
        return make(place, pane, leads)
    except Problem as problem:
        if leads or problem.code not in ("view_does_not_move", "view_not_there"):
            raise
        return make(place, replace(pane, view="pattern"), leads)


def film_of_lengths(films: Sequence[LengthFilm], panes: Sequence[Pane], theme: Theme) -> Film:
    """The film of patterns that grow together; of one pane its own."""
    if len(films) == 1:
        return films[0]
    return PanesFilm(films, panes, theme, lambda seconds: title_of_lengths(panes, films[0].lengths.length_at(seconds)))


def title_of_lengths(panes: Sequence[Pane], length: int) -> str:
    """What all panes have in common, the length last, so that nothing else moves as it grows."""
    first = panes[0]
    if len(panes) == 1:
        return title_at(first, length)
    if any((pane.layer, pane.head) != (first.layer, first.head) for pane in panes):
        return length_in_title(length)
    words = tr("layer {layer}, head {head} · {tokens}")
    return words.format(layer=first.layer + 1, head=first.head + 1, tokens=length_in_title(length))


def figure_of_runs(found: Sequence[tuple[Scene, Findings]], length: int, theme: Theme) -> Figure:
    """The panes' views of finished runs at one length, laid out so that they do not jump from one to the next; weights
    have one scale of colours."""
    weights = with_one_scale([each.weights for _, each in found])
    figures = [
        filmed_figure(scene, replace(each, weights=weighed))
        for (scene, each), weighed in zip(found, weights, strict=True)
    ]
    panes = [scene.pane for scene, _ in found]
    title = title_of_lengths(panes, length)
    return (
        replace(figures[0], title=title) if len(figures) == 1 else beside_each_other(figures, panes, theme, title, {})
    )
