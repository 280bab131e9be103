"""A pattern while it is being played: queries above the sweep already keep the new pairs, those below the old ones."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from engines.patterns import Pattern
from engines.trace import Pairs, PairValues, Step


@dataclass(frozen=True)
class Sweep:
    """Rows before ``limit`` keep ``after``, the others ``before``; None keeps nothing. A Coverage for the picture."""

    before: Pattern | None
    after: Pattern
    limit: int

    @property
    def queries(self) -> int:
        return self.after.queries

    @property
    def keys(self) -> int:
        return self.after.keys

    @property
    def pieces(self) -> tuple[str, ...]:
        return self.after.pieces

    def only(self, names: Iterable[str]) -> Sweep:
        """The same moment of some of the pieces."""
        wanted = tuple(names)
        before = self.before.only(wanted) if self.before is not None else None
        return Sweep(before, self.after.only(wanted), self.limit)

    def coverage(self, row_edges: np.ndarray, column_edges: np.ndarray) -> np.ndarray:
        """Exact, as the two patterns are: the band that the limit cuts is counted in its two parts."""
        rows = np.asarray(row_edges)
        above, below = np.minimum(rows, self.limit), np.maximum(rows, self.limit)
        height = np.maximum(np.diff(rows), 1)[:, None]
        covered = self.after.coverage(above, column_edges) * (np.diff(above)[:, None] / height)
        if self.before is not None:
            covered = covered + self.before.coverage(below, column_edges) * (np.diff(below)[:, None] / height)
        return covered.astype(np.float32)

    def at(self, query: int) -> Pattern | None:
        return self.after if query < self.limit else self.before

    def reason(self, query: int, key: int) -> str:
        pattern = self.at(query)
        return pattern.reason(query, key) if pattern else ""

    def keys_of(self, query: int) -> np.ndarray:
        pattern = self.at(query)
        return pattern.keys_of(query) if pattern else np.zeros(0, dtype=np.int64)

    def queries_of(self, key: int) -> np.ndarray:
        early = self.after.queries_of(key)
        late = self.before.queries_of(key) if self.before else np.zeros(0, dtype=np.int64)
        return np.concatenate([early[early < self.limit], late[late >= self.limit]])


def kept_after(pattern: Pattern, steps: Sequence[Step], index: int) -> Pattern | None:
    """What is kept once step ``index`` is done: the pieces named so far; all, once weights are computed; None before.

    A variant that names no pieces keeps nothing until its first weights, and one that computes none until its output.
    """
    done = [step.data for step in steps[: index + 1]]
    named = [data.pieces for data in done if isinstance(data, Pairs)]
    if any(isinstance(data, PairValues) for data in done) or index >= len(steps) - 1:
        return pattern
    if not named:
        return None
    wanted = [piece for piece in pattern.pieces if piece in named[-1]]
    return pattern if len(wanted) == len(pattern.pieces) else pattern.only(wanted)


def revealed(pattern: Pattern, steps: Sequence[Step], index: int, fraction: float) -> Pattern | Sweep:
    """The pattern when the playhead is at ``fraction`` of step ``index``."""
    before = kept_after(pattern, steps, index - 1) if index > 0 else None
    after = kept_after(pattern, steps, index)
    if after is None:
        return Sweep(None, pattern, 0)
    if before is after or fraction >= 1:
        return after
    return Sweep(before, after, round(fraction * pattern.queries))
