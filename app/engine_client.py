"""Owns the engine process: request ids, stale replies dropped, cancelling, starting again when it ends.

A blocking thread reads the pipe and emits a signal; another writes, because the pipe blocks once the engine stops
reading. The engine is started from the main thread: on Linux it is killed when that thread ends.
"""

from __future__ import annotations

import contextlib
import itertools
import multiprocessing
import queue
import signal
import threading
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from engines.engine_process import main as engine_main
from engines.messages import Cancel, Failed, Idle, Ready, Refused, Reply, Request, Run, RunSpec, Settings
from engines.problems import Problem

GIVE_UP_MILLISECONDS = 500
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
        self.settings = Settings()
        self.failed_starts = 0
        self.closing = False
        self.gave_up = False  # it died at once, again and again; only ``revive`` starts it now
        self._arrived.connect(self.take)
        self._ended.connect(self.take_end)

    # Life ---------------------------------------------------------------------------------------------------------

    def start(self) -> None:
        """Start the engine; its ``Ready`` comes as a reply."""
        context = multiprocessing.get_context("spawn")
        ours, theirs = context.Pipe()
        process = context.Process(target=engine_main, args=(theirs, self.threads), daemon=True, name="attnscope-engine")
        process.start()
        theirs.close()  # so that the engine's end shows as the end of the pipe
        generation = self.engine.generation + 1 if self.engine else 1
        self.engine = Engine(generation, process, ours, queue.SimpleQueue())
        threading.Thread(target=self.read, args=(self.engine,), daemon=True).start()
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
            with contextlib.suppress(OSError):
                self.engine.connection.close()

    def restart(self) -> None:
        """End the engine and start it again; the last runs are made again once it is live."""
        self.end_process()
        self.start()

    # Requests -----------------------------------------------------------------------------------------------------

    def run(self, pane: int, spec: RunSpec, over_budget: bool = False) -> int:
        """Ask for a run; what ran before for this pane is no longer wanted."""
        request = Run(next(self.ids), pane, spec, over_budget)
        before = self.runs.get(pane)
        self.runs[pane] = request
        self.busy = {request.id} | (self.busy - ({before.id} if before else set()))
        self.answered &= self.busy
        self.send(request)
        self.status_changed.emit("busy" if self.engine and self.engine.ready else "starting")
        if before is not None and before.over_budget:
            QTimer.singleShot(GIVE_UP_MILLISECONDS, lambda: self.give_up_on(request, request.id in self.answered))
        return request.id

    def cancel(self, pane: int) -> None:
        """Give up the pane's run: by the flag, and, where that does not help in time, by ending the engine."""
        request = self.runs.pop(pane, None)
        if request and request.id in self.busy:
            self.send(Cancel(pane, request.id))
            QTimer.singleShot(GIVE_UP_MILLISECONDS, lambda: self.give_up_on(request, request.id not in self.busy))

    def give_up_on(self, request: Run, answered: bool) -> None:
        """End an engine that has been asked for too long: to begin a request, or to let go of it."""
        if self.engine and self.engine.ready and not answered:
            self.busy.discard(request.id)
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
        if self.engine and self.engine.ready:
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
            self.busy, self.answered = {request.id for request in self.runs.values()}, set()
            for request in self.runs.values():
                self.engine.outbox.put(request)
        elif reply.id in self.busy:
            self.answered.add(reply.id)
            if isinstance(reply, Idle | Refused | Failed):
                self.busy.discard(reply.id)
        self.status_changed.emit("busy" if self.busy else "live")
        self.replied.emit(reply)

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
        if self.failed_starts >= (KILLED_STARTS_ALLOWED if killed else FAILED_STARTS_ALLOWED):
            self.gave_up = True
            self.status_changed.emit("stopped")
            self.problem.emit(Problem("engine_does_not_start"))
            return
        if was_ready:
            self.problem.emit(Problem("engine_stopped"))
        self.restart()
