"""What a run leaves behind: steps, each of one of a closed set of kinds that describe data, never a variant.

``attend`` hands each step to a recorder as it happens. The silent recorder keeps nothing and costs nothing, and the
output is bit-identical with any recorder: what is drawn is what was measured.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from torch import Tensor


@dataclass(frozen=True)
class Matrix:
    """Values [head, position, feature], for example q, or the output."""

    values: Tensor


@dataclass(frozen=True)
class Pairs:
    """Pairs that are kept from this step on: the pieces of the variant's pattern, by name."""

    pieces: tuple[str, ...]


@dataclass(frozen=True)
class PairValues:
    """Attention weights of the kept pairs, held as their normaliser: w_ij = exp(score_ij − normaliser_i).

    ``normaliser`` is the log-sum-exp over the kept keys, [head, position], or [head, round, position].
    """

    normaliser: Tensor


@dataclass(frozen=True)
class Groups:
    """A group for each token, for example its hash bucket: labels [head, round, position] in 0 … count − 1."""

    labels: Tensor
    count: int


@dataclass(frozen=True)
class Order:
    """A permutation: ``positions`` [head, round, place] is the original position of the token at each place."""

    positions: Tensor


@dataclass(frozen=True)
class Blocks:
    """The order cut into blocks of ``length`` places; a block reads itself and ``look_back`` blocks before it."""

    length: int
    look_back: int


@dataclass(frozen=True)
class Segments:
    """The sequence cut into segments of ``length`` positions, computed one after the other.

    A segment reads itself and the ``memory`` positions before it, whose states were cached when they were computed:
    no gradient flows back into them.
    """

    length: int
    memory: int


@dataclass(frozen=True)
class Extent:
    """A matrix by its size alone. ``role`` is "input", "computed", "output", or "never made".

    ``sign`` stands before it: "·", "=", or "→" where more is done than multiplying, which ``by`` names (softmax).
    A matrix without a sign begins a line of its own.
    """

    name: str
    rows: int
    columns: int
    role: str = "computed"
    sign: str = ""
    by: str = ""


@dataclass(frozen=True)
class Products:
    """Products of matrices, a line (A · B = C) after another, in the order in which they are made; drawn to scale.

    What is never made has a line of its own.
    """

    extents: tuple[Extent, ...]


@dataclass(frozen=True)
class StateOverTime:
    """A running state after each of some positions: what all tokens so far have become.

    ``state`` [head, moment, row, column] and ``normaliser`` [head, moment, row] are the state after ``positions``
    [moment], ascending; the token at that position added the outer product of ``added_row`` [head, moment, row] and
    ``added_column`` [head, moment, column]. ``state_bytes`` is held for the next token at any length, all heads;
    ``cache_bytes_per_token`` is what a cache of keys and values would hold for each token. ``difference`` [head] is the
    largest between what the state gives at those positions and the run's output; None where it gives no output.
    """

    state: Tensor
    normaliser: Tensor
    positions: Tensor
    added_row: Tensor
    added_column: Tensor
    state_bytes: int
    cache_bytes_per_token: int
    difference: Tensor | None = None


StepData = Matrix | Pairs | PairValues | Groups | Order | Blocks | Segments | Products | StateOverTime


@dataclass(frozen=True)
class Step:
    """One named step of a run. ``name`` is the paper's word for it."""

    name: str
    data: StepData


class Recorder(Protocol):
    """What ``attend`` tells while it runs."""

    def step(self, name: str, make: Callable[[], StepData]) -> None:
        """A step is done; ``make`` builds its data, and is not called by a recorder that keeps nothing."""

    def phase(self, name: str) -> AbstractContextManager[object]:
        """The code inside belongs to the phase ``name``; memory is attributed to it."""

    def check_cancelled(self) -> None:
        """Called between blocks; raises ``Cancelled`` when the run is no longer wanted."""


class Cancelled(Exception):
    """The run was given up; nothing is wrong."""


_NOTHING = nullcontext()


class Silent:
    """Keeps nothing and costs nothing."""

    def step(self, name: str, make: Callable[[], StepData]) -> None:
        pass

    def phase(self, name: str) -> AbstractContextManager[object]:
        return _NOTHING

    def check_cancelled(self) -> None:
        pass


SILENT = Silent()


class Trace:
    """Keeps every step, in the order in which they happened."""

    def __init__(self, cancelled: Callable[[], bool] = lambda: False) -> None:
        self.steps: list[Step] = []
        self._cancelled = cancelled

    def step(self, name: str, make: Callable[[], StepData]) -> None:
        self.steps.append(Step(name, make()))

    def phase(self, name: str) -> AbstractContextManager[object]:
        return _NOTHING

    def check_cancelled(self) -> None:
        if self._cancelled():
            raise Cancelled

    def __getitem__(self, name: str) -> StepData:
        for step in self.steps:
            if step.name == name:
                return step.data
        raise KeyError(f"no step “{name}” was recorded; there are {[step.name for step in self.steps]}")
