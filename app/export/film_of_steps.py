"""The film of a run's steps: the view as the window shows it while they are played."""

from __future__ import annotations

from collections.abc import Mapping

from app.export.image import Figure
from app.export.moving_views import filmed_view, tr
from app.run_state import kind_of
from app.scene import Scene
from app.timeline import Timeline
from engines.patterns import Pattern
from engines.problems import Problem
from engines.variants import variant_named
from widgets.given_words import said


class StepsFilm:
    """From the beginning of step ``first`` to the end of step ``last``, by name; empty: of all.

    ``pattern`` is that of the scene's run and head. A Problem where there is no such step, the last comes before the
    first, or the view does not move.
    """

    def __init__(
        self, scene: Scene, pattern: Pattern, card: Mapping[str, object], first: str = "", last: str = ""
    ) -> None:
        steps = scene.known.steps
        self.names = [step.name for step in steps]
        self.timeline = Timeline.of((step.name, kind_of(step.data)) for step in steps)
        self.whole = self.timeline.duration
        begin, end = self._place(first or self.names[0]), self._place(last or self.names[-1])
        if end < begin:
            raise Problem("film_backwards", first=first, last=last)
        self.start, self.stop = self.timeline.steps[begin].start_seconds, self.timeline.steps[end].stop_seconds
        self.card = {
            **card,
            "film": "over steps",
            "view": scene.pane.view,
            "from": self.names[begin],
            "to": self.names[end],
        }
        self._scene, self._last_step = scene, end
        self._view = filmed_view(scene, pattern)
        pane, label = scene.pane, variant_named(scene.pane.variant).label
        self._title = tr("{variant} · {tokens} tokens · layer {layer}, head {head}").format(
            variant=label, tokens=f"{pane.length:,}", layer=pane.layer + 1, head=pane.head + 1
        )

    def _place(self, name: str) -> int:
        if name not in self.names:
            raise Problem("unknown_step", name=name, choices=", ".join(self.names))
        return self.names.index(name)

    def at(self, seconds: float) -> tuple[object, Figure]:
        """The picture at a time of the steps' timeline, with the step's name below."""
        moment = self.timeline.at(seconds)
        if moment.step > self._last_step:  # a boundary belongs to the step that begins there, which is not in the film
            moment = self.timeline.end_of(self._last_step)
        depends_on = self._view.move(moment, min(seconds / self.timeline.duration, 1.0))
        caption = tr("step {number} of {count}: {name}").format(
            number=moment.step + 1, count=len(self.names), name=said(self.names[moment.step])
        )
        if self._scene.recorded:
            caption += " · " + tr("recorded on {where}").format(where=self._scene.recorded)
        figure = Figure(self._view.widget, self._title, caption, self._scene.theme, self.card)
        return (depends_on, moment.step), figure
