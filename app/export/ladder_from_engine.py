"""The film of growing length where every length has to be run: the window's engine runs them, one after the other."""

from __future__ import annotations

from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from app import presenters
from app.export.engine_replies import heard
from app.export.film_of_length import (
    LadderFilm,
    card_of_lengths,
    check_played,
    lengths_checked,
    rungs,
)
from app.export.film_of_panes import figure_of_runs
from app.export.film_of_window import shown_pane
from app.export.findings import Findings
from app.export.image import Figure
from app.export.look import Look
from app.export.picture import findings_of, metadata_of_pane
from app.export.progress import Progress
from app.export.scene_of_run import edges_of, strongest
from app.run_state import RunState
from app.scene import Scene
from app.session import Pane
from app.theme import worn
from engines.messages import (
    Failed,
    ModelInfo,
    Refused,
    Reply,
    Tokenised,
    Traced,
    WeightsReply,
    WeightsSlice,
)
from engines.problems import Problem
from widgets.view_data import Theme

if TYPE_CHECKING:
    from app.controller import Controller
    from app.pane_run import PaneRun

FILM_PANE = -1  # what the engine calls a run that no pane shows
MOST_CELLS = 512  # of weights, across and down: as many lengths are kept until the film is written
AWAITED = Progress(0.0, waiting=True)


def tr(text: str) -> str:
    return QCoreApplication.translate("films", text)


@dataclass(frozen=True)
class AwaitedFilm:
    """Stands for a film whose lengths are still to be run: as long as that one, and showing the present picture."""

    present: Figure
    stop: float
    start: float = 0.0
    card: Mapping[str, object] = field(default_factory=dict)

    def at(self, seconds: float) -> tuple[object, Figure]:
        """The present picture."""
        return "present", self.present


def awaited_film(controller: Controller, filmed: Sequence[PaneRun], theme: Theme, first: int, last: int) -> AwaitedFilm:
    """What the dialog shows before the lengths are run; a Problem where they cannot be."""
    lengths = checked_lengths(controller, filmed, first, last)
    found = []
    for made in filmed:
        pane = shown_pane(made)
        scene = replace(made.scene(), pane=pane, theme=worn(theme, pane.variant), moment=None, story=1.0)
        found.append((scene, findings_of(made, Look(), exact=False)))
    figure = figure_of_runs(found, found[0][0].pane.length, theme)
    words = tr("{count} lengths will be run; this is the present one").format(count=len(rungs(first, last)))
    return AwaitedFilm(replace(figure, caption=words), lengths)


def checked_lengths(controller: Controller, filmed: Sequence[PaneRun], first: int, last: int) -> float:
    """Seconds of the lengths' timeline; a Problem where a view is none of a run's, or there is no engine."""
    for made in filmed:
        check_played(shown_pane(made))
    lengths = lengths_checked(first, last)
    if not controller.client.is_live or any(made.run.traced is None for made in filmed):
        raise Problem("film_needs_a_run")
    return lengths.duration


def ladder_film(
    controller: Controller, filmed: Sequence[PaneRun], theme: Theme, first: int, last: int
) -> Generator[Progress, None, LadderFilm]:
    """Run every length of the film; whoever gives up meanwhile ends the run that is on its way, too."""
    checked_lengths(controller, filmed, first, last)
    panes = [shown_pane(made) for made in filmed]
    steps, figures = rungs(first, last), {}
    ladder = Ladder(controller, theme)
    try:
        with heard(controller.client) as ladder.replies:
            for number, length in enumerate(steps):
                words = tr("length {n} of {count}: {tokens} tokens")
                told = words.format(n=number + 1, count=len(steps), tokens=f"{length:,}")
                yield Progress(number / len(steps), told)
                ladder.told = Progress(number / len(steps), told, waiting=True)
                found = []
                for pane in panes:
                    found.append((yield from ladder.found(replace(pane, length=length, zoom=()))))
                figures[length] = figure_of_runs(found, length, theme)
    finally:
        controller.client.forget(FILM_PANE)
    cards = [card_of_lengths(metadata_of_pane(made)) for made in filmed]
    card = cards[0] if len(cards) == 1 else {"panes": cards}
    return LadderFilm(panes[0].view, card, first, last, figures.__getitem__)


class Ladder:
    """Runs one length after the other; ``told`` is said while it waits."""

    def __init__(self, controller: Controller, theme: Theme) -> None:
        self.client, self.theme = controller.client, theme
        self.engine = self.client.engine
        self.model: ModelInfo | None = controller.active.model
        self.replies: list[Reply] = []
        self.told = AWAITED

    def found(self, pane: Pane) -> Generator[Progress, None, tuple[Scene, Findings]]:
        """What the picture of a run at the pane's length shows, all steps done."""
        spec = replace(pane.spec(), head=pane.head)
        run_id = self.client.run(FILM_PANE, spec, measured=False)
        known = RunState(run_id=run_id, spec=spec)
        while known.traced is None:
            reply = yield from self.reply(run_id)
            known = known.after(reply)
            if isinstance(reply, Tokenised):
                self.model = reply.model or self.model
        tokens = presenters.token_texts(known, self.model)
        scene = Scene(0, pane, worn(self.theme, pane.variant), self.model, known, known, tokens, tokens, fresh=True)
        found = Findings(presenters.pattern_of(pane, known, self.model))
        if pane.view == "weights":
            reply = yield from self.weights(pane, run_id)
            largest = strongest(reply.values)
            found = replace(found, weights=presenters.weights_data(reply, largest, pane.logarithmic))
        return scene, found

    def weights(self, pane: Pane, run_id: int) -> Generator[Progress, None, WeightsReply]:
        """The run's weights, every row of them."""
        edges = edges_of(0, pane.length, pane.length, MOST_CELLS)
        asked = self.client.ask(WeightsSlice(0, FILM_PANE, run_id, pane.head, edges, edges))
        while True:
            reply = yield from self.reply(asked)
            if isinstance(reply, WeightsReply) and reply.every == 1:
                return reply

    def reply(self, asked: int) -> Generator[Progress, None, Reply]:
        """The next reply to a question; a Problem where it cannot be answered."""
        while True:
            while self.replies:
                reply = self.replies.pop(0)
                if getattr(reply, "id", None) != asked:
                    continue
                if isinstance(reply, Refused | Failed):
                    raise reply.problem
                if isinstance(reply, Tokenised | Traced | WeightsReply):
                    return reply
            if self.client.engine is not self.engine:
                raise Problem("film_needs_a_run")
            yield self.told
