"""Engine processes that follow a script, for what a real one does only when it is ill. They load no torch."""

from __future__ import annotations

import os
import signal
import threading
from multiprocessing.connection import Connection

from engines.messages import Cancel, Idle, Progress, Ready, Run
from engines.problems import Problem


def dies_at_once(connection: Connection, threads: int | None = None) -> None:
    os._exit(1)


def is_killed_at_once(connection: Connection, threads: int | None = None) -> None:
    os.kill(os.getpid(), getattr(signal, "SIGKILL", signal.SIGTERM))


def without_weights(connection: Connection, threads: int | None = None) -> None:
    """Says what is wrong, and stays."""
    from engines.messages import Failed

    connection.send(Failed(0, Problem("weights_damaged", path="host_model.safetensors", reason="cut short")))
    connection.recv()
    threading.Event().wait()


def never_answers(connection: Connection, threads: int | None = None) -> None:
    """Live, then stuck in a computation."""
    connection.send(Ready(None, None))  # type: ignore[arg-type]
    threading.Event().wait()


def obeys(connection: Connection, threads: int | None = None) -> None:
    """Begins every run, and goes on until it is cancelled."""
    connection.send(Ready(None, None))  # type: ignore[arg-type]
    while True:
        request = connection.recv()
        if isinstance(request, Run):
            connection.send(Progress(request.id, str(os.getpid()), 0.5))
        elif isinstance(request, Cancel):
            connection.send(Idle(request.id))
