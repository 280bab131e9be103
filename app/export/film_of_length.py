"""The film of growing length. Where the pattern does not depend on the data, it follows every frame; all else must be
run, and so is run at a ladder of lengths, each of which is shown until the next."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from app import presenters
from app.export.findings import Findings
from app.export.image import Figure
from app.export.moving_views import AsOnScreen, tr
from app.export.scene_view import view_of
from app.scene import Scene
from app.session import Pane
from app.timeline import LengthTimeline
from app.views import step_views
from engines.problems import Problem
from engines.run import LONGEST, SHORTEST
from engines.variants import variant_named
from widgets.pattern_view import PatternView

RUNGS_A_DOUBLING = 4
LONGEST_RUN = 4096  # where each length has to be run and none is named: soon done


def follows_every_frame(pane: Pane) -> bool:
    """Whether the pane's view can be drawn at any length without a run."""
    return pane.view == "pattern" and not variant_named(pane.variant).pattern_needs_steps


def lengths_checked(first: int, last: int) -> LengthTimeline:
    """The timeline from one length to another; a Problem where they are no lengths, or do not grow."""
    for length in (first, last):
        if not SHORTEST <= length <= LONGEST:
            raise Problem("bad_length", length=length)
    if last <= first:
        raise Problem("film_backwards", first=f"{first:,}", last=f"{last:,}")
    return LengthTimeline(first, last)


def card_of_lengths(card: Mapping[str, object]) -> Mapping[str, object]:
    """The card of a run without what is true of its one length alone."""
    return {name: value for name, value in card.items() if name not in ("tokens", "measurements")}


def check_played(pane: Pane) -> None:
    """A Problem where the view is an answer to a question, which is asked of one run."""
    played = [view.name for view in step_views()]
    if pane.view not in played:
        label = variant_named(pane.variant).label
        raise Problem("view_does_not_move", variant=label, view=pane.view, choices=", ".join(played))


def filmed_figure(scene: Scene, found: Findings) -> Figure:
    """The view of a scene, laid out so that it does not jump from one length to the next."""
    view = view_of(scene.pane.view, scene, found)
    return Figure(AsOnScreen(view) if isinstance(view, PatternView) else view, "", "", scene.theme, {})


def title_at(pane: Pane, length: int) -> str:
    """The length last, so that nothing else moves as it grows."""
    return tr("{variant} · layer {layer}, head {head} · {tokens}").format(
        variant=variant_named(pane.variant).label,
        tokens=length_in_title(length),
        layer=pane.layer + 1,
        head=pane.head + 1,
    )


def length_in_title(length: int) -> str:
    return tr("{tokens} tokens").format(tokens=f"{length:,}")


class LengthFilm:
    """The pattern at every length from ``first`` to ``last`` tokens, as the window plays it.

    ``scene`` has the tokens of at least the longest, or none. A Problem where the view needs runs.
    """

    def __init__(self, scene: Scene, card: Mapping[str, object], first: int, last: int) -> None:
        if not follows_every_frame(scene.pane):
            raise Problem("film_needs_runs", view=scene.pane.view)
        self.lengths = lengths_checked(first, last)
        self.start, self.stop = 0.0, self.lengths.duration
        self.whole = self.stop
        self.card = {**card, "film": "over length", "view": scene.pane.view, "from": first, "to": last}
        self._scene = scene
        self._view = PatternView()
        self._view.set_theme(scene.theme)

    def at(self, seconds: float) -> tuple[object, Figure]:
        """The picture at a time of the lengths' timeline."""
        length, scene = self.lengths.length_at(seconds), self._scene
        pane = replace(scene.pane, length=length)
        pattern = presenters.pattern_of(pane, scene.known, scene.model)
        assert pattern is not None
        caption = presenters.pattern_caption(pane, pattern)
        self._view.set_data(presenters.pattern_data(pane, pattern, caption, scene.tokens, scene.theme))
        self._view.set_locked(pane.locked if 0 <= pane.locked < length else None)
        return length, Figure(AsOnScreen(self._view), title_at(pane, length), "", scene.theme, self.card)


class LadderFilm:
    """Runs at a ladder of lengths, each shown until the next. ``draw`` runs one, and gives its figure and title."""

    def __init__(
        self, view: str, card: Mapping[str, object], first: int, last: int, draw: Callable[[int], Figure]
    ) -> None:
        self.lengths = lengths_checked(first, last)
        self.start, self.stop = 0.0, self.lengths.duration
        self.rungs = rungs(first, last)
        self.card = {**card, "film": "over length", "view": view, "from": first, "to": last, "run at": self.rungs}
        self._draw = draw
        self._drawn: tuple[int, Figure] | None = None

    def at(self, seconds: float) -> tuple[object, Figure]:
        """The picture of the longest run so far; the last one at the end."""
        length = self.rungs[bisect_right(self.rungs, self.lengths.length_at(seconds)) - 1]
        if self._drawn is None or self._drawn[0] != length:
            told = tr("{count} lengths were run; each is shown until the next.").format(count=len(self.rungs))
            figure = replace(self._draw(length), caption=told)
            self._drawn = length, figure
        return self._drawn


def rungs(first: int, last: int) -> Sequence[int]:
    """Lengths from ``first`` to ``last``, both among them, about four in each doubling."""
    steps, length = [], float(first)
    while round(length) < last:
        steps.append(round(length))
        length *= 2 ** (1 / RUNGS_A_DOUBLING)
    return tuple(dict.fromkeys((*steps, last)))
