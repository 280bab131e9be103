"""Between what the user does and what is shown: a new session, what it changes, what is shown beside the pictures."""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable, Sequence
from dataclasses import replace

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QApplication

from app import panels
from app.centre import Centre
from app.engine_client import EngineClient
from app.history import Document, History, Moment
from app.main_window import MainWindow
from app.measured_points import MeasuredPoints
from app.pane_run import PaneRun
from app.playing import Playing
from app.problem_words import sentence
from app.replies import Replies
from app.run_state import RunState
from app.session import Pane, Play, Session, Text, changed
from app.session_changes import PLAYED, differences, stayers
from app.storage import Storage
from app.stored_runs import StoredRuns
from app.surroundings import PANE_FIELDS, Surroundings
from app.theme import apply, theme_named
from app.theme_choice import SYSTEM
from app.timeline import Timeline
from engines.messages import (
    Budget,
    Machine,
    ModelInfo,
    Settings,
)
from engines.problems import Problem
from engines.samples import read_pixels, sample_named
from engines.variant import Value
from engines.variants import variant_named
from widgets.pane_area import MOST_PANES
from widgets.pane_view import PaneView

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
    """Keeps the session, and a ``PaneRun`` for each of its panes; the panels speak of the active one."""

    session_changed = Signal()
    numbers_changed = Signal()
    document_changed = Signal()  # undo or redo has led to a session of another file

    def __init__(
        self,
        window: MainWindow,
        client: EngineClient,
        storage: Storage,
        session: Session,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(window)
        self.window, self.client, self.storage, self.clock = window, client, storage, clock
        self.session = session
        self.theme = theme_named(session.theme)
        self.history = History()
        self.document = Document()
        self.points = MeasuredPoints(storage.points_path)
        self.model: ModelInfo | None = None  # told of last
        self.machine: Machine | None = None
        self.playing = Playing(self)
        self.playback = self.playing.playback
        self.numbers = itertools.count()
        self.panes: list[PaneRun] = []
        self.around = Surroundings(self)
        self.stored = StoredRuns()
        self.keep_timer = QTimer(self)
        self.keep_timer.setSingleShot(True)
        self.keep_timer.setInterval(KEEP_DELAY_MILLISECONDS)
        self.keep_timer.timeout.connect(self.keep)
        self.replies = Replies(self)
        client.replied.connect(self.replies.take)
        client.status_changed.connect(self.show_status)
        client.problem.connect(self.show_problem)
        client.set_settings(Settings(self.session.budget))
        for index, pane in enumerate(self.session.panes):
            view = window.pane_area.panes[0] if index == 0 else window.pane_area.insert(index)
            self.panes.append(self.pane_run(pane, view))
        window.pane_area.set_active(self.session.active)

    def pane_run(self, pane: Pane, view: PaneView) -> PaneRun:
        made = PaneRun(next(self.numbers), pane, view, self.client, self.theme, self.stored)
        made.model = self.model
        made.problem.connect(self.show_problem)
        made.asked.connect(lambda: self.around.show_numbers_of(made, stale=True))
        made.numbers_changed.connect(lambda: self.around.show_numbers_of(made, stale=False))
        self.connect_view(made)
        return made

    def connect_view(self, made: PaneRun) -> None:
        """What somebody does in a pane makes it the active one."""
        view = made.view
        view.token_clicked.connect(self.lock)
        view.round_changed.connect(lambda index: self.set(hash_round=index))
        view.pattern_view.row_locked.connect(lambda row: self.set(locked=row))
        view.pattern_view.zoomed.connect(lambda zoom: self.set(zoom=zoom))

    # The active pane ----------------------------------------------------------------------------------------------

    @property
    def pane(self) -> Pane:
        return self.session.pane

    @property
    def active(self) -> PaneRun:
        return self.panes[self.session.active]

    @property
    def run(self) -> RunState:
        return self.active.run

    @property
    def centre(self) -> Centre:
        return self.active.centre

    @property
    def tokens(self) -> Sequence[str]:
        return self.active.tokens

    @property
    def timeline(self) -> Timeline:
        return self.active.timeline

    # Sessions -----------------------------------------------------------------------------------------------------

    def change(self, pane: Pane, play: Play | None = None) -> None:
        """Replace the active pane, and how it plays."""
        if changed(self.pane, pane) & {"length", "text"} and pane.locked >= pane.length:
            pane = replace(pane, locked=-1)
        self.set_session(replace(self.session.with_pane(pane), play=play or self.session.play))

    def set_session(self, session: Session, record: bool = True, apart: bool = False) -> None:
        """Replace the session; one place compares old and new, and shows and asks for what is now missing.

        ``record``: undo leads back. ``apart``: even where the same had been changed a moment ago.
        """
        before, self.session = self.session, session
        things = differences(before, session)
        if not things:
            return
        if record and things != {"active"}:
            was = Moment(replace(before, play=self.playing.captured()), self.document)
            self.history = self.history.recorded(was, things, self.clock(), apart)
        self.keep_timer.start()
        for key in ("bad_parameter", *(TEXT_PROBLEMS if "text" in things else ())):
            self.window.message_bar.clear(key)  # what was wrong has been changed
        if "budget" in things:
            self.take_budget()
        if "theme" in things:
            self.take_theme()
        if "panes" in things:
            self.match_panes()
        self.seat_panes()
        told = PANE_FIELDS if things & {"active", "panes", "theme"} else frozenset()
        for index, (made, pane) in enumerate(zip(self.panes, session.panes, strict=True)):
            changes = made.change(pane) if pane != made.pane else frozenset()
            if index == session.active:
                told |= changes
            if index == 0 and changes:
                self.show_differences()
        self.window.pane_area.set_active(session.active)
        if things & PLAYED:
            self.playing.take(session.play)
        self.around.show(told)
        self.session_changed.emit()

    def match_panes(self) -> None:
        """A pane that stays keeps its run and its picture; others come and go."""
        wanted, area = self.session.panes, self.window.pane_area
        kept = stayers([made.pane for made in self.panes], wanted)
        for index in reversed(range(len(self.panes))):
            if index not in kept:
                self.panes.pop(index).end()
                area.remove(index)
        for index, one in enumerate(kept):
            if one is None:
                self.panes.insert(index, self.pane_run(wanted[index], area.insert(index)))
        for index, one in enumerate(kept):  # once all are there: what a pane asks for is shown beside the active one
            if one is None:
                self.panes[index].begin(self.playing.share())

    def seat_panes(self) -> None:
        """Tell every pane whether it is alone, and which one it is held against."""
        several = len(self.panes) > 1
        for made in self.panes:
            first = self.panes[0] if made is not self.panes[0] else None
            if (made.several, made.first) != (several, first):
                made.several, made.first = several, first
                made.refresh_picture()

    def show_differences(self) -> None:
        """The first pane is another one: what the others are held against has changed."""
        for made in self.panes[1:]:
            if made.centre.view in ("difference", "weights-difference"):
                made.refresh_picture()
                made.ask_for_weights()

    def remember(self, session: Session) -> None:
        """Undo leads back to this session: what follows is one change."""
        moment = Moment(session, self.document)
        self.history = self.history.recorded(moment, frozenset(), self.clock(), apart=True)

    def undo(self) -> None:
        self.history, moment = self.history.undone(Moment(self.captured(), self.document))
        self.go_to(moment)

    def redo(self) -> None:
        self.history, moment = self.history.redone(Moment(self.captured(), self.document))
        self.go_to(moment)

    def go_to(self, moment: Moment) -> None:
        """Show the session, which from now on belongs to the file that it belonged to."""
        before, self.document = self.document, moment.document
        self.set_session(moment.session, record=False)
        if self.document is not before:
            self.document_changed.emit()

    # What the user does -------------------------------------------------------------------------------------------

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
        self.change(self.pane_of_variant(name))

    def pane_of_variant(self, name: str) -> Pane:
        """The active pane with another variant; where that has not its mask, with the other one."""
        variant, causal = variant_named(name), self.pane.causal
        causal = causal if ("causal" if causal else "bidirectional") in variant.masks else not causal
        return replace(self.pane, variant=name, causal=causal)

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

    def show_active_numbers(self) -> None:
        """What no message says any more is said beside the numbers."""
        if self.panes:
            self.around.show_numbers_of(self.active, stale=False)

    def set_budget(self, budget: Budget) -> None:
        """What one call may take; what was refused under the old budget is asked again."""
        self.set_session(replace(self.session, budget=budget))

    def set_theme(self, name: str) -> None:
        self.set_session(replace(self.session, theme=name))

    def override(self) -> None:
        """Run what was refused."""
        self.active.ask_for_run(over_budget=True)

    def stop_run(self) -> None:
        self.active.stop()

    def ask_for_run(self) -> None:
        self.active.ask_for_run()

    # Panes --------------------------------------------------------------------------------------------------------

    def activate(self, index: int) -> None:
        """Turn to a pane: the panels, menus and tabs speak of it."""
        if index != self.session.active:
            self.set_session(replace(self.session, active=index))

    def add_pane(self, pane: Pane) -> None:
        """One more pane beside the active one, up to the most there may be."""
        if len(self.session.panes) < MOST_PANES:
            self.set_session(self.session.with_another_pane(pane))

    def remove_pane(self, index: int) -> None:
        self.set_session(self.session.without_pane(index))

    # Showing ------------------------------------------------------------------------------------------------------

    def show_everything(self) -> None:
        """The first picture, from the session alone."""
        for made in self.panes:
            made.begin(self.playing.share())
        self.seat_panes()
        self.around.show(PANE_FIELDS)
        self.playing.restore(self.session.play)
        self.show_storage_problem()

    def take_theme(self) -> None:
        """Another theme, for the whole application."""
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        self.theme = theme_named(self.session.theme)
        apply(application, self.theme)
        for made in self.panes:
            made.set_theme(self.theme)
            made.refresh_picture()  # its data name colours

    def follow_system(self) -> None:
        """The system has another colour scheme: it is taken where the session follows it."""
        if self.session.theme == SYSTEM:
            self.take_theme()
            self.around.show(PANE_FIELDS)

    def take_budget(self) -> None:
        self.client.set_settings(Settings(self.session.budget, self.playback.state.playing))
        for made in self.panes:
            if made.run.refused:
                made.ask_for_run()

    def show_status(self, status: str) -> None:
        panels.show_status(self.window, status, self.machine)
        if status == "starting":
            self.use_stored()

    def use_stored(self) -> None:
        """What was recorded is all there is until the engine is live."""
        if not self.client.is_live:
            for made in self.panes:
                made.use_stored()
            self.around.show_headings()
            self.around.show_tabs()
            self.around.show_strip()

    def show_problem(self, problem: Problem, key: str = "", action: str = "") -> None:
        """One sentence in the bar, with the key it is taken away by; the same one twice shows once."""
        if problem.code == "engine_does_not_start":
            action = self.tr("Try again")
        self.window.message_bar.show_message(sentence(problem), action, key or problem.code)

    def captured(self) -> Session:
        """The session with the playhead where it is now."""
        return replace(self.session, play=self.playing.captured())

    def keep(self) -> None:
        """Save text and settings, so that the next start finds them."""
        self.storage.save_session(self.captured())
        self.show_storage_problem()

    def show_storage_problem(self) -> None:
        """What went wrong with the files of the window's own, once."""
        problem, self.storage.problem = self.storage.problem, None
        if problem is not None:
            self.show_problem(problem)
