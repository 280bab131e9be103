"""The picture of a pane: which views its run has, what the chosen one shows, and the tokens that go with it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from app import presenters, view_presenters
from app.difference import no_difference, output_distance, own_difference, weights_caption
from app.engine_client import EngineClient
from app.reveal import Sweep, revealed
from app.scene import Scene
from app.stored_runs import StoredRun
from app.study_presenter import study_panels
from app.study_requests import StudyRequests, study_of
from app.views import STEP_VIEWS, View, declared_kinds, difference_views, kinds_of, views_of
from app.weights_difference import WeightsDifference, colours_of
from app.weights_requests import WeightsRequests
from engines.messages import Answer, Failed, WeightsReply
from engines.patterns import Pattern
from engines.study import TokenValues
from engines.variants import variant_named
from widgets.given_words import said
from widgets.pane_view import PaneView
from widgets.plots.plot_data import StudyData
from widgets.view_data import PatternData, TokenStripData

if TYPE_CHECKING:
    from widgets.pane_view import ViewWidget


UNMARKED = frozenset({"buckets", "segments", "state"})
"""Views of a run's steps whose widgets do not say themselves that they show an earlier run."""


class Centre:
    def __init__(self, pane_view: PaneView, client: EngineClient) -> None:
        self.pane_view = pane_view
        self.weights = WeightsRequests(client, pane_view.pattern_view)
        self.difference = WeightsDifference(client, pane_view.pattern_view)
        self.study = StudyRequests(client, "picture")
        self.views: tuple[View, ...] = ()
        self.view = "pattern"  # the one that is shown
        self.kinds: dict[str, frozenset[str]] = {}  # variant -> kinds of its steps, so that its tabs stay
        self.pattern: Pattern | None = None
        self.caption = ""
        self.pictured_variant = ""
        self.stale = False  # the picture is of an earlier run
        self.picture: PatternData | None = None

    # Views there are ----------------------------------------------------------------------------------------------

    def choose_view(self, scene: Scene) -> None:
        """The views that this run has; where it has not the chosen one, the pattern is shown."""
        pane = scene.pane
        if scene.run.traced and scene.run.spec is not None and scene.run.spec.variant == pane.variant:
            self.kinds[pane.variant] = kinds_of(scene.run.steps)
        told = scene.run.refused or scene.run.failed  # there are no steps to wait for
        assumed = frozenset() if told else STEP_VIEWS.get(pane.view, frozenset())
        declared = declared_kinds(variant_named(pane.variant))  # until a run tells what its steps are
        self.views = views_of(pane, self.kinds.get(pane.variant, declared or assumed))
        if scene.several:
            self.views = (*self.views[:2], *difference_views(), *self.views[2:])
        self.view = pane.view if pane.view in (view.name for view in self.views) else "pattern"
        self.pane_view.show_view(self.view)

    def widget(self) -> ViewWidget:
        """The widget that draws the view that is shown."""
        return self.pane_view.widget_of(self.view)

    # Everything ---------------------------------------------------------------------------------------------------

    def show(self, scene: Scene) -> None:
        """The chosen view, from what is known now."""
        pattern = presenters.pattern_of(scene.pane, scene.known, scene.model)
        data_dependent = variant_named(scene.pane.variant).pattern_needs_steps
        self.stale = pattern is None or (data_dependent and not scene.fresh)
        if pattern is not None:
            self.pattern, self.caption = pattern, presenters.pattern_caption(scene.pane, pattern)
            self.pictured_variant = scene.pane.variant
        self.choose_view(scene)
        if pattern is None and (scene.pane.variant != self.pictured_variant or scene.run.never_comes):
            self.pattern = self.picture = None  # that of another variant, or length, would tell something false
        self.show_view(scene)
        self.pane_view.stale.set_shown(self.view in UNMARKED and scene.known.traced is not None and not scene.fresh)
        self.pane_view.pattern_view.set_locked(scene.pane.locked if scene.pane.locked >= 0 else None)

    def show_view(self, scene: Scene) -> None:
        """What the shown view's widget draws."""
        self.show_pattern(scene)
        if self.view == "difference":
            self.show_difference(scene)
        elif self.view == "buckets":
            data = presenters.buckets_data(scene.pane, scene.known, scene.known_tokens)
            self.pane_view.bucket_view.set_data(data)
            self.pane_view.bucket_view.set_round(scene.pane.hash_round)
            self.pane_view.bucket_view.set_locked(scene.pane.locked if scene.pane.locked >= 0 else None)
            self.show_moment(scene)
        elif self.view == "products":
            self.pane_view.study_view.set_data(view_presenters.products_study(scene))
        elif self.view == "fold" and self.pattern is not None and self.picture is not None:
            shades = view_presenters.shades_of(scene)
            grid = view_presenters.fold_data(scene, self.pattern, self.picture.parts, shades)
            self.pane_view.fold_view.set_data(None if scene.run.has_no_text else grid)
        elif self.view == "state":
            self.pane_view.state_view.set_data(view_presenters.state_data(scene))
            self.show_moment(scene)
        elif self.view == "segments":
            self.show_moment(scene)
        elif (study := study_of(scene)) is not None and self.view == study.name:
            self.study.ask(scene, study)
            self.show_study(scene)

    def show_moment(self, scene: Scene) -> None:
        """The playhead moved."""
        if scene.moment is None:
            return
        if self.view == "state":
            self.pane_view.state_view.set_fraction(scene.story)
        elif self.view == "fold":
            self.pane_view.fold_view.set_fraction(scene.story)
        elif self.view == "segments":
            self.show_segments(scene)
        elif self.view == "buckets":
            stage = presenters.bucket_stage(scene.known.steps, scene.moment.step, scene.moment.eased)
            self.pane_view.bucket_view.set_time(*stage)
        if self.view in ("pattern", "weights"):
            self.show_pattern(scene)

    def show_difference(self, scene: Scene) -> None:
        """What this pane keeps and the first does not, and the other way round; the first shows its own."""
        if scene.beside is None or self.pattern is None:
            return
        data = own_difference(scene, self.pattern, scene.beside, self.stale)
        self.pane_view.pattern_view.set_data(data)

    # Views --------------------------------------------------------------------------------------------------------

    def show_pattern(self, scene: Scene) -> None:
        """The pattern as far as the playhead has come; a stale one stays as it was, and is marked."""
        if self.stale and self.picture is not None:
            self.picture = replace(self.picture, stale=True)
        elif self.pattern is not None:
            shown: Pattern | Sweep = self.pattern
            if scene.moment is not None and scene.run.traced:
                shown = revealed(self.pattern, scene.run.steps, scene.moment.step, scene.moment.eased)
            if self.picture is not None and self.picture.coverage == shown:
                shown = self.picture.coverage  # the same pairs: the widget keeps what it has drawn
            caption = self.caption + presenters.weights_words(scene.pane, self.view, self.weights.every)
            if self.view == "weights-difference" and scene.beside is not None:
                self.difference.wear(colours_of(scene, scene.beside))
                awaited = self.difference.drawn is None
                caption = self.caption if awaited else weights_caption(scene, scene.beside)
            self.picture = presenters.pattern_data(scene.pane, shown, caption, scene.tokens, scene.theme)
        missing = scene.run.refused is not None or scene.run.failed is not None
        unweighed = self.view in ("weights", "weights-difference") and missing
        why = presenters.why_empty(scene.pane, scene.run)
        if self.view == "weights-difference" and not unweighed and scene.beside is not None and scene.beside.unmade:
            unweighed, why = True, no_difference(scene.beside)
        for widget in self.pane_view.view_widgets():
            widget.set_why_empty(why)
        self.pane_view.pattern_view.set_data(None if unweighed else self.picture)

    def show_segments(self, scene: Scene) -> None:
        """The segments as far as the text has been read; at the end, the cone of the locked token."""
        if self.pattern is None or scene.known.spec is None:
            self.pane_view.segment_view.set_data(None)
            return
        if self.pattern.queries != scene.known.spec.length:
            return  # the pattern is of a run that is not there yet: what is shown is the earlier one
        last = scene.known.spec.length - 1
        target = int(scene.story * last)
        if scene.story >= 1 and 0 <= scene.pane.locked <= last:
            target = scene.pane.locked
        self.pane_view.segment_view.set_data(view_presenters.segments_data(scene, self.pattern, target))

    def show_study(self, scene: Scene) -> None:
        """The answer so far of the study that is looked at."""
        study = study_of(scene)
        if study is None or self.view != study.name:
            return
        known = self.study.panels if self.study.study == study.name and scene.run.failed is None else ()
        panels = study_panels(known, variant_named(scene.pane.variant), scene.theme)
        stale = self.study.stale or not scene.fresh
        data = StudyData(panels, said(study.help), stale, working=not self.study.whole)
        self.pane_view.study_view.set_data(data if panels else None)
        self.pane_view.study_view.set_why_empty(view_presenters.why_no_answer(scene, self.study.whole))

    def strip_data(self, scene: Scene, errors: np.ndarray | None = None) -> TokenStripData:
        """The text as tokens, with what the locked one reads; its weights tint the others where weights are shown.

        ``errors`` [position], of the output against the first pane's, tint them where differences are.
        """
        row = self.weights.row if self.view == "weights" else None
        asked = study_of(scene)
        panels = self.study.panels if asked is not None and asked.name == self.view == self.study.study else ()
        values = next((panel.tokens for panel in panels if panel.tokens is not None), None)
        if errors is not None and scene.beside and self.view in (view.name for view in difference_views()):
            values = TokenValues(output_distance(scene.beside), errors)
        return presenters.token_strip_data(scene.pane, scene.known, self.pattern, scene.tokens, row, values)

    # What is asked of the engine ----------------------------------------------------------------------------------

    def forget_weights(self) -> None:
        self.weights.forget()
        self.difference.forget()

    def ask_for_weights(self, scene: Scene, *edges: np.ndarray) -> None:
        """The weights of the cells in view; of all the view shows, where no edges are given.

        Not while a new run is on its way: the picture may be of its length already, and the old run has none such.
        """
        if not scene.fresh:
            return
        if self.view == "weights-difference":
            self.difference.ask(scene, *edges)
        self.weights.ask_for_cells(scene.number, scene.pane, scene.run, *edges)

    def ask_for_row(self, scene: Scene) -> None:
        if scene.fresh:
            self.weights.ask_for_row(scene.number, scene.pane, scene.run)

    def take_weights(self, reply: WeightsReply, scene: Scene) -> bool:
        """Weights of cells or of the locked row; whether they were asked for here."""
        if self.difference.take(reply):
            self.show_pattern(scene)  # whose caption may say now what is seen
            return True
        every = self.weights.every
        mine = self.weights.take(reply, scene.pane)
        if self.weights.every != every:  # the caption says it
            self.show_pattern(scene)
        return mine

    def show_stored(self, stored: StoredRun, scene: Scene) -> None:
        """What was recorded beside the run's steps: the weights that were drawn, and answers of studies."""
        if stored.weights is not None and scene.pane.view == "weights":
            self.weights.show(stored.weights, scene.pane)
            self.show_pattern(scene)
        for answer in stored.answers:
            self.study.recall(answer)
        self.show_study(scene)

    def take_answer(self, reply: Answer | Failed, scene: Scene) -> bool:
        """A study's answer, or that it has none; whether it was asked for here."""
        mine = self.study.take(reply)
        if mine:
            self.show_study(scene)
        return mine
