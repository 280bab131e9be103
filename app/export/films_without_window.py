"""Films of runs that are made here, without a window."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from app.export.film import Film
from app.export.film_of_length import (
    LONGEST_RUN,
    LadderFilm,
    LengthFilm,
    check_played,
    filmed_figure,
    follows_every_frame,
)
from app.export.film_of_steps import StepsFilm
from app.export.headless import metadata_of
from app.export.image import Figure
from app.export.scene_of_run import check_view, findings_of, scene_of
from app.scene import Scene
from app.session import Pane
from engines.finished_run import FinishedRun
from engines.messages import RunSpec
from engines.tokens import Pieces, tokenise
from engines.weights import HostModel
from widgets.view_data import Theme

SHORTEST_FILMED, LONGEST_FILMED = 8, 65_536  # of a film where no lengths are named: the window's

Run = Callable[[RunSpec], FinishedRun]


def film_of_steps(run: FinishedRun, pane: Pane, theme: Theme, first: str = "", last: str = "") -> StepsFilm:
    """The film of a run's steps, from one to another by name; a Problem where the view is not there, or still."""
    scene = scene_of(run, pane, theme)
    check_view(scene)
    return StepsFilm(scene, run.exact_pattern(pane.head), metadata_of(run, pane.head), first, last)


def film_of_length(
    spec: RunSpec,
    pane: Pane,
    theme: Theme,
    model: HostModel,
    run: Run,
    first: int = 0,
    last: int = 0,
) -> Film:
    """The film of growing length, 0 for the usual ones; ``run`` is called at each length that must be run."""
    first = first or SHORTEST_FILMED
    if follows_every_frame(pane):
        last = last or LONGEST_FILMED
        info = model.info()
        tokens = Pieces(tokenise(spec.text, last, model.tokenizer).ids, info.pieces)
        scene = Scene(0, pane, theme, info, tokens=tokens)
        return LengthFilm(scene, card_of(spec, model), first, last)
    last = last or LONGEST_RUN
    check_played(pane)

    def made(length: int) -> Figure:
        return figure_at(run(replace(spec, length=length)), replace(pane, length=length), theme)

    return LadderFilm(pane, card_of(spec, model), first, last, made)


def figure_at(run: FinishedRun, pane: Pane, theme: Theme) -> Figure:
    """The view of a run whose steps are done."""
    scene = scene_of(run, pane, theme)
    return filmed_figure(scene, findings_of(run, scene))


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
