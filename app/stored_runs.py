"""Finished runs kept in memory, so that a scene goes on where the engine does not: what was recorded, and says so."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, fields, is_dataclass

import numpy as np

from app.run_state import RunState
from engines.messages import ModelInfo, RunSpec

LARGEST_BYTES = 20_000_000


@dataclass(frozen=True)
class StoredRun:
    """A run with all that its picture needs; ``recorded`` tells where and when it ran."""

    run: RunState
    tokens: Sequence[str]
    model: ModelInfo | None
    recorded: str


class StoredRuns:
    """The newest runs, as many as fit into ``LARGEST_BYTES`` of arrays."""

    def __init__(self, machine: str = "") -> None:
        self.machine = machine
        self.runs: dict[tuple[RunSpec, int], StoredRun] = {}

    def keep(self, run: RunState, tokens: Sequence[str], model: ModelInfo | None) -> None:
        """Keep a run that has steps; the oldest go where the room does not suffice."""
        if run.spec is None or run.traced is None:
            return
        key = run.spec, run.traced.head
        self.runs.pop(key, None)
        recorded = f"{self.machine}, {time.strftime('%Y-%m-%d %H:%M')}"
        self.runs[key] = StoredRun(run, tokens, model, recorded)
        while len(self.runs) > 1 and sum(bytes_of(each.run) for each in self.runs.values()) > LARGEST_BYTES:
            del self.runs[next(iter(self.runs))]

    def find(self, spec: RunSpec, head: int) -> StoredRun | None:
        """What was recorded of this very run."""
        return self.runs.get((spec, head))


def bytes_of(value: object) -> int:
    """Bytes of the arrays in a record."""
    if isinstance(value, np.ndarray):
        return value.nbytes
    if isinstance(value, tuple | list):
        return sum(map(bytes_of, value))
    if is_dataclass(value) and not isinstance(value, type):
        return sum(bytes_of(getattr(value, each.name)) for each in fields(value))
    return 0
