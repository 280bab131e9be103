"""What is known of a pane's run so far, as one frozen value; each reply of the engine gives the next value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from engines.messages import (
    Failed,
    Idle,
    Measured,
    Measurement,
    MemoryTimeline,
    Progress,
    Refused,
    Reply,
    RunSpec,
    Tokenised,
    Traced,
)
from engines.problems import Problem
from engines.trace import (
    Blocks,
    Groups,
    Order,
    Pairs,
    PairValues,
    Products,
    Segments,
    StateOverTime,
    Step,
    StepData,
)

KINDS: Mapping[type, str] = MappingProxyType(
    {
        Groups: "groups",
        Order: "order",
        Blocks: "blocks",
        Pairs: "pairs",
        PairValues: "pair values",
        Segments: "segments",
        StateOverTime: "state",
        Products: "products",
    }
)


def kind_of(data: StepData) -> str:
    """The kind of a step's data, as the timeline names it."""
    return KINDS.get(type(data), "matrix")


@dataclass(frozen=True)
class RunState:
    """One run: what was asked, and what has come back. ``run_id`` 0 stands for nothing asked yet."""

    run_id: int = 0
    spec: RunSpec | None = None
    tokens: Tokenised | None = None
    traced: Traced | None = None
    measurements: Mapping[str, Measurement] = field(default_factory=dict)
    memory: MemoryTimeline | None = None
    refused: Problem | None = None
    failed: Problem | None = None
    progress: Progress | None = None
    finished: bool = False

    @property
    def steps(self) -> tuple[Step, ...]:
        return self.traced.steps if self.traced else ()

    @property
    def without_result(self) -> str:
        """What a number looks like that this run has not brought: "pending", "refused", "failed" or "absent"."""
        if self.has_no_text:
            return "absent"
        return "refused" if self.refused else "failed" if self.failed else "pending"

    @property
    def has_no_text(self) -> bool:
        """Whether there was nothing to run on: no run failed."""
        return self.failed is not None and self.failed.code == "empty_text"

    @property
    def never_comes(self) -> bool:
        """Whether it was not made, and is not on its way: what was there before it is no picture of it."""
        return self.refused is not None or self.has_no_text

    def after(self, reply: Reply) -> RunState:
        """The next value; a reply to another run changes nothing."""
        if getattr(reply, "id", None) != self.run_id:
            return self
        if isinstance(reply, Tokenised):
            return replace(self, tokens=reply)
        if isinstance(reply, Traced):
            return replace(self, traced=reply, progress=None)
        if isinstance(reply, Measured):
            known = {**self.measurements, reply.measurement.series: reply.measurement}
            return replace(self, measurements=known, memory=reply.memory or self.memory)
        if isinstance(reply, Refused):
            return replace(self, refused=reply.problem, finished=True)
        if isinstance(reply, Failed):
            return replace(self, failed=reply.problem, finished=True, progress=None)
        if isinstance(reply, Progress):
            return replace(self, progress=reply)
        if isinstance(reply, Idle):
            return replace(self, finished=True)
        return self
