"""Requests and replies between the window's process and the engine's; all frozen, all picklable, no torch.

Every request carries an id; a reply names the id it answers, and the window drops replies whose id is old. Requests
carry the pane they belong to, so that several pictures can stand side by side.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from engines.description import VariantDescription
from engines.patterns import Pattern
from engines.problems import Problem
from engines.study import Panel
from engines.trace import Step
from engines.variant import Value


@dataclass(frozen=True)
class TextSource:
    """The text to run on: the words themselves, or a file of which only the needed bytes are read, or the id of a
    sample image, whose pixels are the tokens."""

    text: str = ""
    path: str = ""
    image: str = ""


@dataclass(frozen=True)
class RunSpec:
    """All that a run depends on: the same value gives the same trace, so a trace can be made again after a restart."""

    variant: str
    text: TextSource
    length: int
    parameters: tuple[tuple[str, Value], ...] = ()
    causal: bool = True
    layer: int = 0
    head: int = 0
    seed: int = 0
    device: str = "cpu"
    dtype: str = "float32"
    weights: str = "own"  # one of engines.weight_sets.CHOICES, or a folder


@dataclass(frozen=True)
class Budget:
    """What one call may take before it is refused: seconds, and a share 0…1 of the memory that is free."""

    seconds: float = 2.0
    memory_share: float = 0.7


# Requests -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Run:
    """Make this trace, and measure it where that is wanted. ``over_budget`` runs what would be refused."""

    id: int
    pane: int
    spec: RunSpec
    over_budget: bool = False
    measured: bool = True


@dataclass(frozen=True)
class WeightsSlice:
    """Attention weights of the pane's last run in the cells between integer edges."""

    id: int
    pane: int
    run_id: int
    head: int
    row_edges: np.ndarray
    column_edges: np.ndarray
    purpose: str = "picture"  # the newest slice of each purpose wins


@dataclass(frozen=True)
class DropSlice:
    """Nobody waits any more for the pane's weights of a purpose: what refines them is given up."""

    pane: int
    purpose: str


@dataclass(frozen=True)
class StepArrays:
    """The arrays that the steps of the pane's last run recorded, of all heads, at full precision.

    Positions from ``start`` to before ``stop``; ``array`` names one of them alone, "step.field". Without ``values``
    only what they are is told.
    """

    id: int
    pane: int
    run_id: int
    start: int
    stop: int
    array: str = ""
    values: bool = True


@dataclass(frozen=True)
class HeadStructure:
    """The small recorded structure (groups, orders, normalisers) of another head of the pane's last run."""

    id: int
    pane: int
    run_id: int
    head: int


@dataclass(frozen=True)
class Ask:
    """A study of the pane's last run, by name, about a head and the locked token (−1: none)."""

    id: int
    pane: int
    run_id: int
    study: str
    head: int
    locked: int
    purpose: str = "picture"  # the newest question of each purpose wins


@dataclass(frozen=True)
class CompareOutputs:
    """How far the output of a pane's last run lies from that of another pane's, a head of each."""

    id: int
    pane: int
    run_id: int
    head: int
    other: int
    other_run_id: int
    other_head: int


@dataclass(frozen=True)
class Cancel:
    """Give up what runs for this pane; ``Idle`` with the run's id says that it was given up."""

    pane: int
    id: int = 0


@dataclass(frozen=True)
class Forget:
    """The pane is gone: give up what runs for it, and its last run."""

    pane: int


@dataclass(frozen=True)
class Settings:
    """The budget, and whether the window is animating (both share the processor's cores)."""

    budget: Budget = field(default_factory=Budget)
    animating: bool = False


@dataclass(frozen=True)
class AddVariant:
    """Run a Python file, and add the variant that it defines: somebody picked it, and was told that it runs."""

    id: int
    path: str


Request = (
    Run
    | WeightsSlice
    | DropSlice
    | StepArrays
    | HeadStructure
    | Ask
    | CompareOutputs
    | Cancel
    | Forget
    | Settings
    | AddVariant
)

# Replies ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Choice:
    """Something a person may choose; ``unavailable`` says why it cannot be, empty where it can."""

    name: str
    unavailable: str = ""


@dataclass(frozen=True)
class Machine:
    """Where the engine runs: devices and their dtypes, threads, memory in bytes, versions."""

    devices: tuple[Choice, ...]
    dtypes: tuple[tuple[str, tuple[Choice, ...]], ...]  # per device
    threads: int
    total_bytes: int
    torch_version: str
    processor: str


@dataclass(frozen=True)
class ModelInfo:
    """What all weights that ship have in common: sizes, and the readable text of each piece of the vocabulary."""

    layers: int
    heads: int
    head_width: int
    pieces: tuple[str, ...]


@dataclass(frozen=True)
class Ready:
    """The engine is live; with what it found of variants from installed packages."""

    machine: Machine
    model: ModelInfo
    installed: tuple[VariantDescription, ...] = ()
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True)
class VariantAdded:
    """A file's variant can be run now."""

    id: int
    description: VariantDescription


@dataclass(frozen=True)
class Tokenised:
    """The tokens of a run: ids [position]; how many the text itself gave; sentences about the text, if any.

    ``model`` where the run's weights have other sizes or pieces than those told of last. ``weights`` is the digest of
    weights of somebody's own, empty for those that ship.
    """

    id: int
    ids: np.ndarray
    text_tokens: int
    cut: bool
    notes: tuple[Problem, ...] = ()
    model: ModelInfo | None = None
    weights: str = ""


@dataclass(frozen=True)
class Traced:
    """The steps of a run, with the small structure of one head as numpy arrays whose head axis has length 1.

    ``pairs_kept`` and ``pairs_computed`` are that head's. ``pattern`` is the head's where it depends on the data, with
    its tables made and counted ahead, or where the variant's code is not in the window's process.
    """

    id: int
    head: int
    steps: tuple[Step, ...]
    pairs_kept: int
    pairs_computed: int
    pattern: Pattern | None = None


@dataclass(frozen=True)
class Measurement:
    """Time and peak memory of ``attend`` alone, and how they were obtained (the card: name, value)."""

    series: str  # "variant", "fused" or "textbook"
    n: int
    seconds: float | None
    spread_seconds: float  # interquartile range
    repeats: int
    peak_bytes: int | None
    kind: str  # "measured", "predicted" or "out of memory"
    card: tuple[tuple[str, str], ...]
    variant: str = ""
    label: str = ""


@dataclass(frozen=True)
class MemoryTimeline:
    """Allocated bytes through one pass: (seconds, bytes) after each change; phases as (name, start, stop)."""

    changes: tuple[tuple[float, int], ...]
    phases: tuple[tuple[str, float, float], ...]


@dataclass(frozen=True)
class Measured:
    id: int
    measurement: Measurement
    memory: MemoryTimeline | None = None


@dataclass(frozen=True)
class WeightsReply:
    """Mass that an average query of a row band sends into a column band: float32 [rows, columns]; nan = none kept.

    ``every`` is 1 where all rows were summed, else every so-manieth row was.
    """

    id: int
    head: int
    values: np.ndarray
    row_edges: np.ndarray
    column_edges: np.ndarray
    every: int


@dataclass(frozen=True)
class SentArray:
    """A recorded array with a name for each axis, and the number at which each begins to count; None: its values were
    not asked for."""

    name: str
    shape: tuple[int, ...]
    dtype: str
    axes: tuple[str, ...]
    starts: tuple[int, ...]
    values: np.ndarray | None = None


@dataclass(frozen=True)
class ArraysReply:
    id: int
    arrays: tuple[SentArray, ...]


@dataclass(frozen=True)
class Answer:
    """A study's answer so far; ``whole`` once no better one will come."""

    id: int
    study: str
    panels: tuple[Panel, ...]
    whole: bool


@dataclass(frozen=True)
class OutputsCompared:
    """‖own − other‖ / ‖other‖ (Frobenius) of all queries, and ``errors`` [query] of each; None where shapes differ."""

    id: int
    relative_error: float | None
    errors: np.ndarray | None = None


@dataclass(frozen=True)
class Refused:
    """A run that would not fit; the window offers to run it anyway."""

    id: int
    problem: Problem


@dataclass(frozen=True)
class Failed:
    """A run that could not be done."""

    id: int
    problem: Problem


@dataclass(frozen=True)
class Progress:
    """What the engine is doing for a run, 0…1."""

    id: int
    doing: str
    fraction: float


@dataclass(frozen=True)
class Idle:
    """Everything asked for this run was answered."""

    id: int


Reply = (
    Ready
    | VariantAdded
    | Tokenised
    | Traced
    | Measured
    | WeightsReply
    | ArraysReply
    | Answer
    | OutputsCompared
    | Refused
    | Failed
    | Progress
    | Idle
)
