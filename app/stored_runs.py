"""Finished runs that are kept, so that a scene goes on where the engine does not: what was recorded, and says so."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, fields, is_dataclass, replace

import numpy as np
from PySide6.QtCore import QCoreApplication

from app.presenters import token_texts
from app.run_state import RunState
from engines.messages import Answer, ModelInfo, RunSpec, WeightsReply
from engines.problems import Problem
from engines.weight_sets import CHOICES

LARGEST_BYTES = 20_000_000

Key = tuple[RunSpec, int]
"""A run, and the head of it whose structure is there."""

Portable = Callable[[RunSpec], RunSpec]
"""A request without what only this machine knows, so that it is found again on another one."""


@dataclass(frozen=True)
class StoredRun:
    """A run with all that its picture needs; ``recorded`` tells where and when it ran.

    ``weights`` are the newest that were drawn of it, ``answers`` the newest of each study that was looked at.
    """

    run: RunState
    model: ModelInfo
    recorded: str
    weights: WeightsReply | None = None
    answers: tuple[Answer, ...] = ()

    @property
    def tokens(self) -> Sequence[str]:
        """The readable piece at each position."""
        return token_texts(self.run, self.model)

    @property
    def key(self) -> Key:
        assert self.run.spec is not None
        assert self.run.traced is not None
        return self.run.spec, self.run.traced.head

    @property
    def of_unopened_weights(self) -> bool:
        """Whether it was made with weights of somebody's own, which its pane has not."""
        assert self.run.tokens is not None
        return bool(self.run.tokens.weights) and self.key[0].weights in CHOICES

    @property
    def recorded_in_words(self) -> str:
        """Where and when it was recorded; and, where that is so, that the weights are not those that are open."""
        if not self.of_unopened_weights:
            return self.recorded
        words = QCoreApplication.translate("PaneRun", "{where}, with weights not open here")
        return words.format(where=self.recorded)

    def with_answer(self, answer: Answer) -> StoredRun:
        others = tuple(each for each in self.answers if each.study != answer.study)
        return replace(self, answers=(*others, answer))


class StoredRuns:
    """The newest runs, as many as fit into ``LARGEST_BYTES`` of arrays; and those that came from a file.

    ``later`` reads more of those when they are first needed. ``unopened`` are the portable requests of panes whose
    session names weights that were not opened: theirs may be shown for them, and say so.
    """

    def __init__(self, machine: str = "", portable: Portable = lambda spec: spec) -> None:
        self.machine, self.portable = machine, portable
        self.runs: dict[Key, StoredRun] = {}
        self.loaded: dict[Key, StoredRun] = {}
        self.later: Callable[[], Iterable[StoredRun]] | None = None
        self.unopened: frozenset[RunSpec] = frozenset()

    def keep(self, run: RunState, model: ModelInfo | None) -> None:
        """Keep a run that has steps; the oldest go where the room does not suffice."""
        if run.spec is None or run.traced is None or model is None:
            return
        recorded = f"{self.machine}, {time.strftime('%Y-%m-%d %H:%M')}"
        stored = StoredRun(run, model, recorded)
        before = self.runs.pop(stored.key, None)
        if before is not None and before.run.run_id == run.run_id:
            stored = replace(stored, weights=before.weights, answers=before.answers)
        self.runs[stored.key] = stored
        self.make_room()

    def keep_weights(self, run: RunState, weights: WeightsReply) -> None:
        """Keep what was drawn of a run that is kept."""
        key = key_of(run)
        stored = self.runs.get(key) if key else None
        if stored is not None and weights.head == stored.key[1]:
            self.runs[stored.key] = replace(stored, weights=weights)
            self.make_room()

    def keep_answer(self, run: RunState, answer: Answer) -> None:
        key = key_of(run)
        stored = self.runs.get(key) if key else None
        if stored is not None and answer.whole:
            self.runs[stored.key] = stored.with_answer(answer)
            self.make_room()

    def make_room(self) -> None:
        while len(self.runs) > 1 and self.size_bytes > LARGEST_BYTES:
            del self.runs[next(iter(self.runs))]

    @property
    def size_bytes(self) -> int:
        """Of all arrays that are kept of one's own runs."""
        return sum(map(bytes_of, self.runs.values()))

    def load(self, stored: Iterable[StoredRun]) -> None:
        """Runs from a file: shown where the engine is not there, unless there are some of one's own."""
        self.loaded |= {each.key: each for each in stored}

    def find(self, spec: RunSpec, head: int) -> StoredRun | None:
        """What was recorded of this very run."""
        if (spec, head) not in self.runs and self.later is not None:
            later, self.later = self.later, None
            self.load(later())
        own = self.runs.get((spec, head))
        if own is not None or not self.loaded:
            return own
        try:
            asked = self.portable(spec)
        except Problem:  # its text is gone, or its weights
            return None
        found = self.loaded.get((asked, head)) or self.of_other_weights(asked, head)
        return replace(found, run=replace(found.run, spec=spec)) if found is not None else None

    def of_other_weights(self, asked: RunSpec, head: int) -> StoredRun | None:
        """The run of a pane whose weights were not opened, if the file has just one that it can be."""
        if asked not in self.unopened:
            return None
        same = [
            each
            for (spec, of), each in self.loaded.items()
            if of == head and replace(spec, weights="") == replace(asked, weights="") and spec.weights not in CHOICES
        ]
        return same[0] if len(same) == 1 else None


def key_of(run: RunState) -> Key | None:
    return (run.spec, run.traced.head) if run.spec is not None and run.traced is not None else None


def bytes_of(value: object) -> int:
    """Bytes of the arrays in a record."""
    if isinstance(value, np.ndarray):
        return value.nbytes
    if isinstance(value, tuple | list):
        return sum(map(bytes_of, value))
    if is_dataclass(value) and not isinstance(value, type):
        return sum(bytes_of(getattr(value, each.name)) for each in fields(value))
    return 0
