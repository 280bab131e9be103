"""Between what the user does and what is shown: a new session, what it changes, what must be asked, what is drawn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from PySide6.QtCore import QObject, QTimer

from app import panels, presenters
from app.centre import Centre
from app.engine_client import EngineClient
from app.main_window import MainWindow
from app.measured_points import MeasuredPoints
from app.playback import Playback, PlaybackState
from app.run_state import RunState, kind_of
from app.scene import Scene
from app.session import Pane, Session, Text, changed, needs_run
from app.storage import Storage
from app.study_requests import StudyRequests
from app.theme import variant_colour
from app.timeline import LengthTimeline, Timeline
from app.views import CLOSENESS
from engines.messages import (
    Answer,
    Budget,
    Failed,
    HeadStructure,
    Machine,
    Measured,
    ModelInfo,
    Progress,
    Ready,
    Refused,
    Reply,
    Settings,
    Tokenised,
    Traced,
    WeightsReply,
)
from engines.problems import Problem
from engines.samples import read_pixels, sample_named
from engines.variant import Value
from engines.variants import variant_named
from widgets.given_words import said
from widgets.view_data import Theme

RUN_DELAY_MILLISECONDS = 60  # so that a drag asks for the length it ends at, not for each on the way
KEEP_DELAY_MILLISECONDS = 800
TEXT_PROBLEMS = (
    "pixels_not_text",
    "cannot_read_file",
    "binary_file",
    "file_too_large",
    "empty_file",
    "not_utf8",
    "lone_surrogates",
)


class Controller(QObject):
    def __init__(self, window: MainWindow, client: EngineClient, storage: Storage, theme: Theme) -> None:
        super().__init__(window)
        self.window, self.client, self.storage, self.theme = window, client, storage, theme
        self.session: Session = storage.load_session()
        self.points = MeasuredPoints(storage.points_path)
        self.run = RunState()
        self.model: ModelInfo | None = None
        self.machine: Machine | None = None
        self.stale_run = RunState()  # the run before, whose picture stays until the new one is there
        self.tokens: Sequence[str] = ()
        self.stale_tokens: Sequence[str] = ()
        self.centre = Centre(window, client)
        self.timeline: Timeline | None = None
        self.lengths = LengthTimeline(8, 65_536)
        self.mode = "steps"
        self.met_tokens = False  # the text turns to tokens once, when the first are there
        self.playback = Playback(parent=self)
        self.closeness = StudyRequests(client, "beside")
        self.run_timer = self.single_shot(RUN_DELAY_MILLISECONDS, self.ask_for_run)
        self.keep_timer = self.single_shot(KEEP_DELAY_MILLISECONDS, self.keep)
        self.playback.changed.connect(self.show_moment)
        client.replied.connect(self.take)
        client.status_changed.connect(self.show_status)
        client.problem.connect(self.show_problem)
        client.set_settings(Settings(self.session.budget))

    def single_shot(self, milliseconds: int, slot: object) -> QTimer:
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.setInterval(milliseconds)
        timer.timeout.connect(slot)
        return timer

    @property
    def pane(self) -> Pane:
        return self.session.pane

    # What the user does -------------------------------------------------------------------------------------------

    def change(self, pane: Pane) -> None:
        """Replace the active pane; one place compares old and new, and asks for what is now missing."""
        old = self.pane
        fields = changed(old, pane)
        if not fields:
            return
        self.session = self.session.with_pane(pane)
        self.keep_timer.start()
        for key in ("bad_parameter", *(TEXT_PROBLEMS if "text" in fields else ())):
            self.window.message_bar.clear(key)  # what was wrong has been changed
        if fields & {"length", "text"} and pane.locked >= pane.length:
            self.session = self.session.with_pane(replace(pane, locked=-1))
        if needs_run(old, pane):
            self.run_timer.start()
        if "head" in fields and not needs_run(old, pane) and self.run.traced:
            self.client.ask(HeadStructure(0, self.session.active, self.run.run_id, pane.head))
        self.refresh(fields)

    def set(self, **values: object) -> None:
        self.change(replace(self.pane, **values))  # type: ignore[arg-type]

    def set_parameter(self, name: str, value: object) -> None:
        """A parameter of the form; what cannot be is said, and nothing changes."""
        try:
            if name == "seed":
                self.set(seed=int(str(value)))
            else:
                parameter: Value = value  # type: ignore[assignment]
                self.change(self.pane.with_parameter(name, parameter))
        except Problem as problem:
            self.show_problem(problem)
            panels.show_form(self.window, self.pane)

    def set_variant(self, name: str) -> None:
        variant = variant_named(name)
        causal = (
            self.pane.causal
            if ("causal" if self.pane.causal else "bidirectional") in variant.masks
            else not self.pane.causal
        )
        self.set(variant=name, causal=causal)

    def set_menu(self, group: str, choice: str) -> None:
        """A choice of the drop-downs."""
        if group in ("layer", "head"):
            self.set(**{group: int(choice)})
        elif group == "mask" and choice not in (variant := variant_named(self.pane.variant)).masks:
            self.set_view(variant.mask_study)
            reason = {"variant": variant.label, "mask": choice, "reason": variant.mask_reason}
            self.show_problem(Problem("mask_not_supported", **reason), "bad_parameter")
        elif group == "mask":
            self.set(causal=choice == "causal")
        elif group == "device":
            self.set(device=choice, dtype="float32")
        elif group in ("dtype", "weights"):
            self.set(**{group: choice})

    def set_view(self, view: str) -> None:
        self.set(view=view)

    def set_sample(self, name: str) -> None:
        """A bundled text; an image comes whole, as long as it has pixels."""
        pixels = read_pixels(name).size if sample_named(name).width else 0
        self.set(text=Text("sample", name), length=pixels or self.pane.length)

    def lock(self, position: int) -> None:
        self.set(locked=position if position != self.pane.locked else -1)

    def act_on_message(self, key: str) -> None:
        """The button of a message: start the engine once more, or run what was refused."""
        if key == "engine_does_not_start":
            self.client.revive()
            self.window.message_bar.clear(key)
        else:
            self.override()

    def set_budget(self, budget: Budget) -> None:
        """What one call may take; what was refused under the old budget is asked again."""
        self.session = replace(self.session, budget=budget)
        self.client.set_settings(Settings(budget, self.playback.state.playing))
        self.keep_timer.start()
        if self.run.refused:
            self.ask_for_run()

    def override(self) -> None:
        """Run what was refused."""
        self.start_run(over_budget=True)

    def stop_run(self) -> None:
        """Give up what the engine computes; it stays given up when the engine has to be started again."""
        self.run_timer.stop()
        self.run = replace(self.run, finished=True, progress=None)
        self.client.cancel(self.session.active)

    # Runs ---------------------------------------------------------------------------------------------------------

    def ask_for_run(self) -> None:
        self.start_run(over_budget=False)

    def start_run(self, over_budget: bool) -> None:
        """Ask the engine; what is shown stays, marked stale, until the new is there."""
        try:
            spec = self.pane.spec()
        except Problem as problem:
            self.show_problem(problem)
            return
        run_id = self.client.run(self.session.active, spec, over_budget)
        if self.run.traced:
            self.stale_run, self.stale_tokens = self.run, self.tokens
        if self.stale_run.spec and self.stale_run.spec.variant != spec.variant:
            self.stale_run = RunState()  # another variant's steps would tell something false
        self.run = RunState(run_id=run_id, spec=spec)
        self.show_numbers(stale=True)

    def take(self, reply: Reply) -> None:
        """A reply of the engine."""
        if isinstance(reply, Ready):
            self.model, self.machine = reply.model, reply.machine
            self.show_menus()
            again = self.client.runs.get(self.session.active)
            if again is not None:
                self.run = replace(self.run, run_id=again.id, finished=False)
            elif not self.run.finished:
                self.ask_for_run()
            return
        if isinstance(reply, WeightsReply):
            self.centre.take_weights(reply, self.scene())
            return
        if isinstance(reply, Answer | Failed) and self.closeness.take(reply):
            self.show_numbers(stale=False)
            return
        if isinstance(reply, Answer | Failed) and self.centre.take_answer(reply, self.scene()):
            if isinstance(reply, Failed):
                self.show_problem(reply.problem)
            return
        if isinstance(reply, Failed) and reply.id == self.centre.weights.picture_id:
            self.show_problem(reply.problem)
        before = self.run
        self.run = self.run.after(reply)
        if self.run is before:
            return
        if isinstance(reply, Tokenised):
            if reply.model is not None:
                self.model = reply.model
                self.show_menus()
            self.tokens = presenters.token_texts(self.run, self.model)
            if not self.window.text_panel.shows_tokens() and before.tokens is None and not self.met_tokens:
                self.window.text_panel.show_tokens(True)
            self.met_tokens = True
            self.window.length_slider.set_note(presenters.length_note(self.run))
            for note in reply.notes:
                self.show_problem(note)
            self.refresh_picture()
        elif isinstance(reply, Traced):
            self.take_trace()
        elif isinstance(reply, Measured):
            self.points.add(reply.measurement)
            self.show_numbers(stale=False)
            panels.show_costs(self.window, self.points, self.run, self.pane, self.theme)
        elif isinstance(reply, Refused | Failed):
            self.show_numbers(stale=False)
            self.show_problem(reply.problem, "run", self.tr("Run anyway") if isinstance(reply, Refused) else "")
            self.refresh_picture()
        elif isinstance(reply, Progress):
            self.window.variant_bar.set_status("measuring", f"{said(reply.doing)} {100 * reply.fraction:.0f} %")

    def take_trace(self) -> None:
        for key in ("run", "engine_stopped"):
            self.window.message_bar.clear(key)
        if self.run.traced and self.run.traced.head != self.pane.head:  # chosen while the run was on its way
            self.client.ask(HeadStructure(0, self.session.active, self.run.run_id, self.pane.head))
        steps = tuple((step.name, kind_of(step.data)) for step in self.run.steps)
        self.set_timeline(Timeline.of(steps))
        self.show_numbers(stale=False)
        self.refresh_picture()
        self.ask_for_weights()
        self.ask_for_row()

    # Pictures -----------------------------------------------------------------------------------------------------

    def refresh(self, fields: frozenset[str]) -> None:
        """Show what changed."""
        window, pane = self.window, self.pane
        if "variant" in fields:
            self.wear_accent()
            names = variant_named(pane.variant).step_names  # until the run tells what its steps are made of
            if self.timeline is None or tuple(step.name for step in self.timeline.steps) != tuple(names):
                self.set_timeline(Timeline.of((name, "matrix") for name in names))
        if fields & {"variant", "settings", "seed"}:
            panels.show_form(window, pane)
        if fields & {"variant", "settings", "causal", "layer", "length", "weights"}:
            panels.show_about(window, pane, self.theme)
        if fields & {"variant", "settings", "device", "dtype", "causal", "layer", "head", "weights"}:
            panels.show_bar(window, pane, self.theme)
            self.show_menus()
        if "length" in fields:
            window.length_slider.set_length(pane.length)
            window.cost_chart.set_length(pane.length)
        if fields & {"view", "head", "variant", "settings", "text", "layer", "seed", "causal", "weights"}:
            self.centre.forget_weights()
        if "text" in fields:
            panels.show_text(window, pane)
        self.refresh_picture()
        if fields & {"view", "head", "logarithmic"}:
            self.ask_for_weights()
        if fields & {"view", "head", "locked"}:
            self.ask_for_row()

    def scene(self) -> Scene:
        """All that the picture depends on, as it is now."""
        playing_steps = self.timeline is not None and self.mode == "steps"
        moment, story = None, 1.0
        if self.timeline and playing_steps:
            moment = self.timeline.at(self.playback.state.seconds)
            story = min(self.playback.state.seconds / self.timeline.duration, 1.0)
        fresh = self.run.traced is not None and not self.run_timer.isActive()
        known, tokens = (self.run, self.tokens) if self.run.traced else (self.stale_run, self.stale_tokens)
        return Scene(
            number=self.session.active,
            pane=self.pane,
            theme=self.theme,
            model=self.model,
            run=self.run,
            known=known,
            tokens=self.tokens,
            known_tokens=tokens,
            fresh=fresh,
            moment=moment,
            story=story,
        )

    def refresh_picture(self) -> None:
        scene = self.scene()
        self.centre.show(scene)
        if self.closeness.ask(scene, CLOSENESS):
            self.show_numbers(stale=True)

    def ask_for_weights(self, *edges: np.ndarray) -> None:
        self.centre.ask_for_weights(self.scene(), *edges)

    def ask_for_row(self) -> None:
        self.centre.ask_for_row(self.scene())

    # Playing ------------------------------------------------------------------------------------------------------

    def set_timeline(self, timeline: Timeline) -> None:
        """Other steps to play; the same ones keep the playhead where it is."""
        if timeline != self.timeline:
            self.timeline = timeline
            if self.mode == "steps":
                self.set_mode("steps")

    def set_mode(self, mode: str) -> None:
        """Play the steps, or the growing length."""
        self.mode = mode
        self.window.transport.set_mode(mode)
        if mode == "steps" and self.timeline:
            self.playback.set_boundaries(self.timeline.boundaries)
            self.window.transport.set_steps(self.timeline.steps)
            self.playback.end()
        elif mode == "length":
            self.playback.set_boundaries(self.lengths.boundaries)
            self.window.transport.set_steps(self.lengths.steps)

    def show_moment(self, state: PlaybackState) -> None:
        """The playhead moved."""
        transport = self.window.transport
        transport.set_playhead(state.seconds)
        transport.set_playing(state.playing)
        transport.set_speed(state.speed)
        transport.set_loop(state.loop)
        self.client.set_settings(Settings(self.session.budget, state.playing))
        if self.mode == "length":
            length = self.lengths.length_at(state.seconds)
            self.set(length=length)
        elif self.timeline and self.run.traced:
            self.centre.show_moment(self.scene())

    def show_numbers(self, stale: bool) -> None:
        """The live numbers; those of closeness belong to the run and head that were asked about."""
        known = () if self.closeness.stale else self.closeness.panels
        panels.show_numbers(self.window, self.run, known, stale)

    # Showing ------------------------------------------------------------------------------------------------------

    def show_everything(self) -> None:
        """The first picture, from the session alone."""
        everything = frozenset(
            {"variant", "settings", "causal", "layer", "length", "text", "view", "head", "device", "locked"}
        )
        self.refresh(everything)
        self.show_numbers(stale=False)
        self.show_storage_problem()

    def wear_accent(self) -> None:
        """The window in its theme, with the chosen variant's colour as accent."""
        colour = variant_colour(variant_named(self.pane.variant).order, self.theme)
        self.theme = replace(self.theme, accent=colour)
        self.window.set_theme(self.theme)

    def set_theme(self, theme: Theme) -> None:
        """Another theme, while the window is open."""
        self.theme = theme
        self.show_everything()
        panels.show_costs(self.window, self.points, self.run, self.pane, theme)

    def show_menus(self) -> None:
        """What can be chosen is known once the engine is live."""
        if self.model and self.machine:
            panels.show_menus(self.window, self.pane, self.model, self.machine)

    def show_status(self, status: str) -> None:
        panels.show_status(self.window, status, self.machine)

    def show_problem(self, problem: Problem, key: str = "", action: str = "") -> None:
        """One sentence in the bar, with the key it is taken away by; the same one twice shows once."""
        if problem.code == "engine_does_not_start":
            action = self.tr("Try again")
        self.window.message_bar.show_message(panels.sentence(problem), action, key or problem.code)

    def keep(self) -> None:
        """Save text and settings, so that the next start finds them."""
        self.storage.save_session(self.session)
        self.show_storage_problem()

    def show_storage_problem(self) -> None:
        """What went wrong with the files of the window's own, once."""
        problem, self.storage.problem = self.storage.problem, None
        if problem is not None:
            self.show_problem(problem)
