"""Owns the engine process: request ids, stale replies dropped, cancelling, starting again when it ends.

A blocking thread reads the pipe and emits a signal; another writes, because the pipe blocks once the engine stops
reading. The engine is started from the main thread: on Linux it is killed when that thread ends.
"""

from __future__ import annotations

import contextlib
import itertools
import queue
import signal
import threading
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer, Signal

from engines.description import GROUP
from engines.engine_process import main as engine_main
from engines.messages import (
    AddVariant,
    Cancel,
    Failed,
    Forget,
    Idle,
    Progress,
    Ready,
    Refused,
    Reply,
    Request,
    Run,
    RunSpec,
    Settings,
    VariantAdded,
)
from engines.problems import Problem
from engines.variants import is_from_outside, variant_named

if TYPE_CHECKING:
    from multiprocessing.connection import Connection
    from multiprocessing.process import BaseProcess

GIVE_UP_MILLISECONDS = 500
LOADING_SECONDS = 20  # what a file that was added may take
ENDS_ALLOWED = 2  # of the engine, in one and the same run of a variant from outside
FAILED_STARTS_ALLOWED, KILLED_STARTS_ALLOWED = 3, 40
"""Ends before it was live, in a row: by itself it will fail again; somebody who kills it may stop doing so."""


@dataclass
class Engine:
    """One life of the engine process."""

    generation: int
    process: BaseProcess
    connection: Connection
    outbox: queue.SimpleQueue[Request | None]
    ready: bool = False
    reader: threading.Thread | None = None


class EngineClient(QObject):
    """Signals arrive in the window's thread: ``replied`` with each reply that is not stale."""

    replied = Signal(object)
    status_changed = Signal(str)  # "starting", "live", "busy", "stopped"
    problem = Signal(object)
    _arrived = Signal(int, object)
    _ended = Signal(int)

    def __init__(self, threads: int | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.threads = threads
        self.ids = itertools.count(1)
        self.engine: Engine | None = None
        self.runs: dict[int, Run] = {}  # pane -> its last run, made again after a restart
        self.busy: set[int] = set()  # ids of runs that are not finished
        self.answered: set[int] = set()  # ids among them that had a reply
        self.additions: dict[int, AddVariant] = {}  # files that somebody added; after a restart they are added again
        self.loading = 0  # id of the one whose code runs now
        self.ends: dict[int, int] = {}  # id of a run -> how often the engine ended in it
        self.settings = Settings()
        self.failed_starts = 0
        self.closing = False
        self.gave_up = False  # it died at once, again and again; only ``revive`` starts it now
        self._arrived.connect(self.take)
        self._ended.connect(self.take_end)

    # Life ---------------------------------------------------------------------------------------------------------

    def start(self) -> None:
        """Start the engine; its ``Ready`` comes as a reply."""
        import multiprocessing  # here, after the window's first paint, which would wait for them
        from importlib.metadata import entry_points

        context = multiprocessing.get_context("spawn")
        ours, theirs = context.Pipe()
        doubted = self.failed_starts + 1 == FAILED_STARTS_ALLOWED and any(entry_points(group=GROUP))
        arguments = (theirs, self.threads, False) if doubted else (theirs, self.threads)  # without packages' variants
        process = context.Process(target=engine_main, args=arguments, daemon=True, name="attnscope-engine")
        process.start()
        theirs.close()  # so that the engine's end shows as the end of the pipe
        generation = self.engine.generation + 1 if self.engine else 1
        self.engine = Engine(generation, process, ours, queue.SimpleQueue())
        self.loading = 0
        self.engine.reader = threading.Thread(target=self.read, args=(self.engine,), daemon=True)
        self.engine.reader.start()
        threading.Thread(target=self.write, args=(self.engine,), daemon=True).start()
        self.status_changed.emit("starting")

    def read(self, engine: Engine) -> None:
        """In a thread: pass on every reply until the pipe ends."""
        with contextlib.suppress(RuntimeError):  # the window went first
            while True:
                try:
                    reply = engine.connection.recv()
                except (EOFError, OSError):
                    self._ended.emit(engine.generation)
                    return
                self._arrived.emit(engine.generation, reply)

    def write(self, engine: Engine) -> None:
        """In a thread: send every request; the reader notices when the engine is gone."""
        while (request := engine.outbox.get()) is not None:
            try:
                engine.connection.send(request)
            except OSError:
                return

    def revive(self) -> None:
        """Start an engine that was given up: somebody asks for another try."""
        if self.gave_up:
            self.gave_up = False
            self.failed_starts = 0
            self.start()

    def stop(self) -> None:
        """End the engine, for good."""
        self.closing = True
        self.end_process()
        self.status_changed.emit("stopped")

    def end_process(self) -> None:
        if self.engine:
            self.engine.outbox.put(None)
            self.engine.process.kill()
            self.engine.process.join(2)
            if self.engine.reader:
                self.engine.reader.join(1)  # it signals this object, which may go next
            with contextlib.suppress(OSError):
                self.engine.connection.close()

    def restart(self) -> None:
        """End the engine and start it again; the last runs are made again once it is live."""
        self.end_process()
        self.start()

    # Requests -----------------------------------------------------------------------------------------------------

    def run(self, pane: int, spec: RunSpec, over_budget: bool = False, measured: bool = True) -> int:
        """Ask for a run; what ran before for this pane is no longer wanted."""
        request = Run(next(self.ids), pane, spec, over_budget, measured)
        before = self.runs.get(pane)
        self.runs[pane] = request
        self.busy = {request.id} | (self.busy - ({before.id} if before else set()))
        self.answered &= self.busy
        self.send(request)
        self.status_changed.emit("busy" if self.engine and self.engine.ready else "starting")
        if before is not None and (before.over_budget or is_from_outside(before.spec.variant)):
            QTimer.singleShot(GIVE_UP_MILLISECONDS, lambda: self.give_up_on(request, self.is_served(request)))
        return request.id

    def is_served(self, request: Run) -> bool:
        """Whether a run has begun, or is no longer wanted."""
        return request.id in self.answered or self.runs.get(request.pane) is not request

    def cancel(self, pane: int) -> None:
        """Give up the pane's run: by the flag, and, where that does not help in time, by ending the engine."""
        request = self.runs.pop(pane, None)
        if request and request.id in self.busy:
            self.send(Cancel(pane, request.id))
            QTimer.singleShot(GIVE_UP_MILLISECONDS, lambda: self.give_up_on(request, request.id not in self.busy))

    @property
    def is_live(self) -> bool:
        """Whether the engine answers; what is asked before that is made once it does."""
        return self.engine is not None and self.engine.ready

    def forget(self, pane: int) -> None:
        """The pane is gone: give up its run, and let the engine's memory of it go."""
        request = self.runs.pop(pane, None)
        self.busy -= {request.id} if request else set()
        self.send(Forget(pane))

    def give_up_on(self, request: Run, answered: bool) -> None:
        """End an engine that has been asked for too long: to begin a request, or to let go of it."""
        if self.engine and self.engine.ready and not answered:
            self.busy.discard(request.id)
            self.restart()

    def add_variant(self, path: str) -> int:
        """Ask for a file's variant, now or once the engine is live; answered by ``VariantAdded`` or ``Failed``."""
        request = AddVariant(next(self.ids), path)
        self.additions[request.id] = request
        self.send(request)
        return request.id

    def leave_out(self, request_id: int, code: str) -> None:
        """A file that cannot be loaded is not asked for again; it is said as if the engine had."""
        path = Path(self.additions.pop(request_id).path).name
        self.loading = 0
        self.replied.emit(Failed(request_id, Problem(code, path=path, seconds=LOADING_SECONDS)))

    def give_up_loading(self, request_id: int, generation: int) -> None:
        """A file whose code has run for too long: start the engine again without it."""
        if self.loading == request_id and self.engine and self.engine.generation == generation:
            self.leave_out(request_id, "variant_file_stuck")
            self.restart()

    def ask(self, request: Any) -> int:
        """Send a slice request under a new id."""
        numbered = replace(request, id=next(self.ids))
        self.send(numbered)
        return int(numbered.id)

    def set_settings(self, settings: Settings) -> None:
        if settings != self.settings:
            self.settings = settings
            self.send(settings)

    def send(self, request: Request) -> None:
        if self.engine is not None and self.engine.ready:
            self.engine.outbox.put(request)

    # Replies ------------------------------------------------------------------------------------------------------

    def take(self, generation: int, reply: Reply) -> None:
        if self.engine is None or generation != self.engine.generation or self.closing:
            return
        if isinstance(reply, Failed) and reply.id == 0:  # the engine cannot work at all, for example without weights
            self.status_changed.emit("stopped")
            self.problem.emit(reply.problem)
            return
        if isinstance(reply, Ready):
            self.engine.ready, self.failed_starts = True, 0
            self.engine.outbox.put(self.settings)
            for addition in self.additions.values():
                self.engine.outbox.put(addition)
            self.busy, self.answered = {request.id for request in self.runs.values()}, set()
            for request in self.runs.values():
                self.engine.outbox.put(request)
        elif reply.id in self.additions:
            self.take_addition(reply)
        elif reply.id in self.busy:
            self.answered.add(reply.id)
            if isinstance(reply, Idle | Refused | Failed):
                self.busy.discard(reply.id)
        self.status_changed.emit("busy" if self.busy else "live")
        self.replied.emit(reply)

    def take_addition(self, reply: Reply) -> None:
        """What has become of a file that was added: its code begins to run, it is there, or it cannot be."""
        if isinstance(reply, Progress) and self.engine:
            self.loading, generation = reply.id, self.engine.generation
            QTimer.singleShot(1000 * LOADING_SECONDS, lambda: self.give_up_loading(reply.id, generation))
        elif isinstance(reply, VariantAdded):
            self.loading, path = 0, self.additions[reply.id].path
            kept = {number: each for number, each in self.additions.items() if number == reply.id or each.path != path}
            self.additions = kept  # an earlier state of the same file
        elif isinstance(reply, Failed):
            self.loading = 0
            del self.additions[reply.id]

    def take_end(self, generation: int) -> None:
        """The engine ended by itself, or was killed: start it again, unless it dies again and again at once."""
        if self.closing or self.engine is None or generation != self.engine.generation:
            return
        self.engine.process.join(1)  # its pipe has ended; its exit status follows
        was_ready = self.engine.ready
        self.failed_starts += not was_ready
        killed = self.engine.process.exitcode == -signal.SIGKILL if hasattr(signal, "SIGKILL") else False
        self.runs = {
            pane: request
            for pane, request in self.runs.items()
            if not (request.over_budget and request.id in self.busy)  # it may have been what was too much
        }
        if self.loading:
            self.leave_out(self.loading, "variant_file_fatal")
        self.give_up_fatal_runs()
        if self.failed_starts >= (KILLED_STARTS_ALLOWED if killed else FAILED_STARTS_ALLOWED):
            self.gave_up = True
            self.status_changed.emit("stopped")
            self.problem.emit(Problem("engine_does_not_start"))
            return
        if was_ready:
            self.problem.emit(Problem("engine_stopped"))
        self.restart()

    def give_up_fatal_runs(self) -> None:
        """A run of a variant from outside in which the engine ended again is not asked for a third time."""
        for pane, request in list(self.runs.items()):
            if request.id in self.busy and is_from_outside(request.spec.variant):
                self.ends[request.id] = self.ends.get(request.id, 0) + 1
                if self.ends[request.id] >= ENDS_ALLOWED:
                    del self.runs[pane]
                    label = variant_named(request.spec.variant).label
                    self.replied.emit(Failed(request.id, Problem("variant_ended_engine", label=label)))
