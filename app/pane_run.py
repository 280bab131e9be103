"""One pane at work: its run asked for and followed, its picture drawn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from PySide6.QtCore import QObject, QTimer, Signal

from app import presenters
from app.centre import Centre
from app.difference import Beside
from app.engine_client import EngineClient
from app.run_state import RunState, kind_of
from app.scene import Scene
from app.session import Pane, changed, needs_run
from app.stored_runs import StoredRun, StoredRuns
from app.study_requests import StudyRequests
from app.theme import worn
from app.timeline import Timeline
from app.views import CLOSENESS
from engines.messages import (
    Answer,
    CompareOutputs,
    Failed,
    HeadStructure,
    Measured,
    ModelInfo,
    OutputsCompared,
    Reply,
    Tokenised,
    Traced,
    WeightsReply,
)
from engines.problems import Problem
from engines.study import Panel
from engines.variants import variant_named
from widgets.given_words import said
from widgets.pane_view import PaneView
from widgets.view_data import Theme

RUN_DELAY_MILLISECONDS = 60  # so that a drag asks for the length it ends at, not for each on the way


class PaneRun(QObject):
    """``number`` names the pane to the engine, and is never another one's. ``problem`` is a sentence for a person."""

    problem = Signal(object)
    asked = Signal()  # for a run
    numbers_changed = Signal()

    def __init__(
        self, number: int, pane: Pane, view: PaneView, client: EngineClient, theme: Theme, stored: StoredRuns
    ) -> None:
        super().__init__(view)
        self.number, self.pane, self.view, self.client, self.stored = number, pane, view, client, stored
        self.shown_stored: StoredRun | None = None  # what is shown while the engine is not there
        self.theme = theme
        self.model: ModelInfo | None = None
        self.run = RunState()
        self.stale_run = RunState()  # the run before, whose picture stays until the new one is there
        self.tokens: Sequence[str] = ()
        self.stale_tokens: Sequence[str] = ()
        self.compared: OutputsCompared | None = None  # with the first pane's output, for these two runs and heads
        self.comparison: CompareOutputs | None = None  # the question that it answers, or will
        self.comparison_id = 0
        self.several = False  # other panes stand beside this one
        self.first: PaneRun | None = None  # the pane that this one is held against
        self.share: float | None = 1.0  # of the timeline that has been played; None where no steps are played
        self.timeline = self.expected_timeline()
        self.centre = Centre(view, client)
        self.closeness = StudyRequests(client, "beside")
        self.timer = QTimer(self)
        self.timer.setSingleShot(True)
        self.timer.setInterval(RUN_DELAY_MILLISECONDS)
        self.timer.timeout.connect(self.ask_for_run)
        view.pattern_view.viewport_changed.connect(self.ask_for_weights)

    def expected_timeline(self) -> Timeline:
        """Until the run tells what its steps are made of."""
        return Timeline.of((name, "matrix") for name in variant_named(self.pane.variant).step_names)

    # What is shown ------------------------------------------------------------------------------------------------

    def change(self, pane: Pane) -> frozenset[str]:
        """Another value: ask for what is now missing, and draw; the fields that differ."""
        old, self.pane = self.pane, pane
        fields = changed(old, pane)
        if needs_run(old, pane):
            self.timer.start()
        elif "head" in fields and self.model is not None and pane.head >= self.model.heads:
            self.problem.emit(Problem("bad_layer", what="head", value=pane.head, largest=self.model.heads - 1))
        elif "head" in fields and self.run.traced:
            self.client.ask(HeadStructure(0, self.number, self.run.run_id, pane.head))
        if "variant" in fields and tuple(s.name for s in self.timeline.steps) != variant_named(pane.variant).step_names:
            self.timeline = self.expected_timeline()
        self.refresh(fields)
        return fields

    def refresh(self, fields: frozenset[str]) -> None:
        """Draw what changed, and ask for the weights that it needs."""
        if "variant" in fields:
            self.set_theme(self.theme)
        if fields & {"view", "head", "variant", "settings", "text", "layer", "seed", "causal", "weights"}:
            self.centre.forget_weights()
        if fields != {"zoom"}:
            self.refresh_picture()
        if "zoom" in fields:
            self.view.pattern_view.show_part(self.pane.zoom)
        if fields & {"view", "head", "logarithmic"}:
            self.ask_for_weights()
        if fields & {"view", "head", "locked"}:
            self.centre.ask_for_row(self.scene())
        if "view" in fields and self.shown_stored is not None:
            self.centre.show_stored(self.shown_stored, self.scene())

    def begin(self, share: float | None) -> None:
        """The first picture, and the run behind it."""
        self.share = share
        self.set_theme(self.theme)
        self.refresh(frozenset({"view", "zoom"}))
        if self.client.is_live:
            self.ask_for_run()
        else:
            self.use_stored()

    def end(self) -> None:
        """The pane goes: nothing more is asked, and the engine forgets its run."""
        self.timer.stop()
        self.client.forget(self.number)

    def set_theme(self, theme: Theme) -> None:
        """A theme, worn with the variant's colour as accent."""
        self.theme = worn(theme, self.pane.variant)
        self.view.set_theme(self.theme)

    @property
    def recorded(self) -> str:
        """Where and when the run was made that is shown while the engine is not there; empty while it is."""
        return self.shown_stored.recorded_in_words if self.shown_stored is not None else ""

    @property
    def of_unopened_weights(self) -> bool:
        """Whether what is shown was recorded with weights that the pane has not."""
        return self.shown_stored is not None and self.shown_stored.of_unopened_weights

    @property
    def is_fresh(self) -> bool:
        """Whether the run that is there is the one that is wanted."""
        return self.run.traced is not None and not self.timer.isActive()

    def scene(self) -> Scene:
        """All that the picture depends on, as it is now."""
        moment, story = None, 1.0
        if self.share is not None:
            moment = self.timeline.at(self.share * self.timeline.duration)
            story = min(self.share, 1.0)
        awaited = self.run.traced is None and self.run.failed is None and not self.run.never_comes
        known, tokens = (self.stale_run, self.stale_tokens) if awaited else (self.run, self.tokens)
        pane = self.pane
        if self.several and self.first is None and pane.view == "weights-difference":
            pane = replace(pane, view="weights")  # of which the others show what differs
        return Scene(
            number=self.number,
            pane=pane,
            theme=self.theme,
            model=self.model,
            run=self.run,
            known=known,
            tokens=self.tokens,
            known_tokens=tokens,
            fresh=self.is_fresh,
            moment=moment,
            story=story,
            recorded=self.recorded,
            several=self.several,
            beside=self.first.as_beside() if self.first is not None else None,
        )

    def as_beside(self) -> Beside | None:
        """What another pane is held against: this one's pattern."""
        variant, pattern = variant_named(self.pane.variant), self.centre.pattern
        if pattern is None:
            return None
        run_id = self.run.run_id if self.is_fresh else 0
        unmade = self.run.never_comes or self.run.failed is not None
        return Beside(said(variant.label), pattern, variant.order, self.number, run_id, self.pane.head, unmade)

    def refresh_picture(self) -> None:
        scene = self.scene()
        self.centre.show(scene)
        if self.closeness.ask(scene, CLOSENESS):
            self.numbers_changed.emit()

    def show_moment(self, share: float | None) -> None:
        """The playhead moved."""
        self.share = share
        if share is not None and self.run.traced:
            self.centre.show_moment(self.scene())

    def ask_for_weights(self, *edges: np.ndarray) -> None:
        self.centre.ask_for_weights(self.scene(), *edges)

    # Its run ------------------------------------------------------------------------------------------------------

    def ask_for_run(self, over_budget: bool = False) -> None:
        """Ask the engine; what is shown stays, marked stale, until the new is there."""
        try:
            spec = self.pane.spec()
        except Problem as problem:
            self.problem.emit(problem)
            return
        run_id = self.client.run(self.number, spec, over_budget)
        if self.run.traced:
            self.stale_run, self.stale_tokens = self.run, self.tokens
        if self.stale_run.spec and self.stale_run.spec.variant != spec.variant:
            self.stale_run = RunState()  # another variant's steps would tell something false
        self.run, self.shown_stored = RunState(run_id=run_id, spec=spec), None
        self.asked.emit()
        if not self.client.is_live:
            self.use_stored()

    def use_stored(self) -> None:
        """Show what was recorded of this very run, and say so, until the engine has made it again."""
        try:
            spec = self.run.spec or self.pane.spec()
        except Problem:  # it will be said when the run is asked for
            return
        found = self.stored.find(spec, self.pane.head)
        if found is None:
            return
        self.shown_stored, self.tokens = found, found.tokens
        self.model = found.model or self.model
        self.run = replace(found.run, run_id=self.run.run_id)
        if found.run.steps:
            self.timeline = Timeline.of((step.name, kind_of(step.data)) for step in found.run.steps)
        self.refresh_picture()
        self.centre.show_stored(found, self.scene())
        self.numbers_changed.emit()

    def ask_again(self) -> None:
        """The engine has been started: what it makes again has another id, and what it never had is asked for."""
        again = self.client.runs.get(self.number)
        if again is not None:
            self.run = replace(self.run, run_id=again.id, finished=False)
        elif not self.run.finished or self.recorded:
            self.ask_for_run()

    @property
    def idle(self) -> bool:
        """Whether nothing is asked for, and nothing computed."""
        return self.run.finished and not self.timer.isActive()

    def stop(self) -> None:
        """Give up what the engine computes; it stays given up when the engine has to be started again."""
        self.timer.stop()
        self.run = replace(self.run, finished=True, progress=None)
        self.client.cancel(self.number)

    def compare_outputs(self) -> None:
        """Ask how far the output lies from the first pane's, once both are there; the same is not asked twice.

        What was told of runs that are no longer wanted is told no more.
        """
        first = self.first
        if first is None or self.run.traced is None or first.run.traced is None:
            self.comparison = self.compared = None
            return
        own, other = (self.number, self.run.run_id, self.pane.head), (first.number, first.run.run_id, first.pane.head)
        asked = CompareOutputs(0, *own, *other)
        if asked != self.comparison:
            self.comparison, self.compared = asked, None
            self.comparison_id = self.client.ask(asked)

    def take(self, reply: Reply) -> bool:
        """A reply of the engine; whether it was to this pane."""
        if isinstance(reply, OutputsCompared):
            mine = self.comparison is not None and reply.id == self.comparison_id
            self.compared = reply if mine else self.compared
            return mine
        if isinstance(reply, WeightsReply):
            if reply.id == self.centre.weights.picture_id:
                self.stored.keep_weights(self.run, reply)
            return self.centre.take_weights(reply, self.scene())
        if isinstance(reply, Answer | Failed):
            if self.closeness.take(reply):
                self.numbers_changed.emit()
                return True
            if self.centre.take_answer(reply, self.scene()) or reply.id == self.centre.weights.picture_id:
                if isinstance(reply, Failed):
                    self.problem.emit(reply.problem)
                elif not self.centre.study.stale:
                    self.stored.keep_answer(self.run, reply)
                return True
        before, self.run = self.run, self.run.after(reply)
        if self.run is before:
            return False
        if isinstance(reply, Tokenised):
            self.tokens = presenters.token_texts(self.run, self.model)
            self.refresh_picture()
        elif isinstance(reply, Failed) and self.run.tokens is None:
            self.tokens = ()  # those of the text before would belong to no text that is there
        elif isinstance(reply, Traced):
            self.shown_stored = None
            self.take_trace()
        if isinstance(reply, Traced | Measured):
            self.stored.keep(self.run, self.model)
        return True

    def take_trace(self) -> None:
        if self.run.traced and self.run.traced.head != self.pane.head:  # chosen while the run was on its way
            self.client.ask(HeadStructure(0, self.number, self.run.run_id, self.pane.head))
        self.timeline = Timeline.of((step.name, kind_of(step.data)) for step in self.run.steps)
        self.refresh_picture()
        self.ask_for_weights()
        self.centre.ask_for_row(self.scene())

    def known_closeness(self) -> tuple[Panel, ...]:
        """How close to exact; it belongs to the run and head that were asked about."""
        return () if self.closeness.stale else self.closeness.panels
