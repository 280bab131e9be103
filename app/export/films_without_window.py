"""Films of runs that are made here, without a window."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from app.export.film import Film
from app.export.film_of_length import (
    LONGEST_RUN,
    LadderFilm,
    LengthFilm,
    check_played,
    follows_every_frame,
)
from app.export.film_of_panes import figure_of_runs, film_of_lengths, film_of_stories
from app.export.film_of_steps import StepsFilm
from app.export.headless import metadata_of, with_a_view_it_has
from app.export.image import Figure
from app.export.scene_of_run import AnyRun, check_view, findings_of, pattern_of_run, scene_of
from app.scene import Scene
from app.session import Pane
from app.theme import worn
from engines.finished_run import FinishedRun
from engines.messages import RunSpec
from engines.tokens import Pieces, tokenise
from engines.weights import HostModel
from widgets.view_data import Theme

SHORTEST_FILMED, LONGEST_FILMED = 8, 65_536  # of a film where no lengths are named: the window's

Run = Callable[[RunSpec], FinishedRun]


def film_of_steps(run: AnyRun, pane: Pane, theme: Theme, first: str = "", last: str = "") -> StepsFilm:
    """The film of a run's steps, from one to another by name; a Problem where the view is not there, or still."""
    scene = scene_of(run, pane, theme)
    check_view(scene)
    return StepsFilm(scene, pattern_of_run(run, pane), metadata_of(run, pane.head), first, last)


def film_of_steps_of_panes(
    runs: Sequence[AnyRun], panes: Sequence[Pane], theme: Theme, lead: int = 0, first: str = "", last: str = ""
) -> Film:
    """The film of the steps of runs beside each other; the steps named are those of the pane that leads."""

    def make(place: int, pane: Pane, leads: bool) -> StepsFilm:
        span = (first, last) if leads else ("", "")
        return film_of_steps(runs[place], pane, worn(theme, pane.variant), *span)

    return film_of_stories(make, panes, theme, lead)


def film_of_length(
    specs: Sequence[RunSpec],
    panes: Sequence[Pane],
    theme: Theme,
    models: Sequence[HostModel],
    run: Run,
    first: int = 0,
    last: int = 0,
) -> Film:
    """The film of growing length of panes beside each other, 0 for the usual ones; ``run`` is called for each pane at
    each length that must be run, which are all of them where one pane's must be."""
    first, last = first or SHORTEST_FILMED, last or longest_filmed(panes)
    cards = [card_of(spec, model) for spec, model in zip(specs, models, strict=True)]
    if all(follows_every_frame(pane) for pane in panes):
        films = [
            LengthFilm(untraced(spec, pane, worn(theme, pane.variant), model, last), card, first, last)
            for spec, pane, model, card in zip(specs, panes, models, cards, strict=True)
        ]
        return film_of_lengths(films, panes, theme)
    for pane in panes:
        check_played(pane)

    def made(length: int) -> Figure:
        found = []
        for spec, pane in zip(specs, panes, strict=True):
            finished = run(replace(spec, length=length))
            scene = scene_of(finished, replace(pane, length=length), worn(theme, pane.variant))
            scene = with_a_view_it_has(scene) if len(panes) > 1 else scene
            found.append((scene, findings_of(finished, scene)))
        return figure_of_runs(found, length, theme)

    card = cards[0] if len(cards) == 1 else {"panes": cards}
    return LadderFilm(panes[0].view, card, first, last, made)


def longest_filmed(panes: Sequence[Pane]) -> int:
    """The last length of a film of which none is named."""
    return LONGEST_FILMED if all(follows_every_frame(pane) for pane in panes) else LONGEST_RUN


def untraced(spec: RunSpec, pane: Pane, theme: Theme, model: HostModel, longest: int) -> Scene:
    """The scene of a pane that was never run, with so many tokens of its text."""
    info = model.info()
    tokens = Pieces(tokenise(spec.text, longest, model.tokenizer).ids, info.pieces)
    return Scene(0, pane, theme, info, tokens=tokens)


def card_of(spec: RunSpec, model: HostModel) -> Mapping[str, object]:
    """What a film of several runs says of all of them."""
    return {
        "variant": spec.variant,
        "parameters": dict(spec.parameters),
        "causal": spec.causal,
        "layer": spec.layer + 1,
        "head": spec.head + 1,
        "seed": spec.seed,
        "weights": model.name,
        "device": spec.device,
        "dtype": spec.dtype,
    }
