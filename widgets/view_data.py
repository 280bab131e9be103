"""The frozen records that widgets accept. Arrays are numpy; positions from 0; sizes in bytes, times in seconds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np


@dataclass(frozen=True)
class Theme:
    """Every colour and type size a widget may use. Colours are "#rrggbb"; type sizes are points."""

    name: str
    background: str  # behind the pictures
    surface: str  # panels
    raised: str  # controls, chips at rest
    line: str  # separators, axes
    text: str
    muted: str  # secondary text; at least 4.5 : 1 on surface
    accent: str  # the chosen variant's colour
    focus: str
    warning: str
    measured: str  # marks of measured numbers
    predicted: str  # marks of predicted ones
    masked: str  # a pair that the mask forbids: visibly not a zero
    categories: tuple[str, ...]  # buckets and groups, in order; they repeat
    sequential: tuple[str, ...]  # stops of the ramp for values, from none to most
    title_points: float = 11.0
    body_points: float = 9.5
    small_points: float = 8.5
    number_points: float = 20.0
    faintness: float = 0.45  # how far the ink of what is disabled is on its way from ``muted`` to ``surface``
    positive: str = "#2cb58e"  # all is well: the engine is live
    signed: tuple[str, ...] = ()  # below zero, zero, above; empty where the groups' hues tell them apart


class Coverage(Protocol):
    """A pattern as a picture asks for it. Read-only, so that frozen patterns fit."""

    @property
    def queries(self) -> int: ...

    @property
    def keys(self) -> int: ...

    def coverage(self, row_edges: np.ndarray, column_edges: np.ndarray) -> np.ndarray:
        """Exact share 0…1 of kept pairs in each rectangle between integer edges: float32 [rows, columns]."""

    def reason(self, query: int, key: int) -> str:
        """Which piece keeps the pair; empty where none does."""

    def keys_of(self, query: int) -> np.ndarray:
        """Positions that the query reads, ascending."""

    def queries_of(self, key: int) -> np.ndarray:
        """Positions that read the key, ascending."""


@dataclass(frozen=True)
class PatternPart:
    """One named part of a pattern, in its own colour; parts share no pair."""

    name: str
    coverage: Coverage
    colour: str


@dataclass(frozen=True)
class PatternData:
    """What the pattern view draws. ``causal`` marks the upper triangle as forbidden rather than empty.

    ``parts`` split the pattern into named parts with a colour each; empty where it is drawn in one colour.
    """

    coverage: Coverage
    causal: bool
    tokens: Sequence[str]  # readable piece of each position; may be lazy
    colour: str
    stale: bool = False
    caption: str = ""  # the picture in words: "Reformer, 4 rounds: 3.1 % of pairs kept"
    caption_while_coarse: str = ""  # what is added to it while the picture is counted in coarse cells
    query_offset: int = 0  # position of the first query among the keys
    parts: tuple[PatternPart, ...] = ()


@dataclass(frozen=True)
class WeightsData:
    """Attention weights for the cells between integer edges: [rows, columns], nan where the pair is not kept.

    ``signed``: they are differences from −largest to largest, in the colours of the two ends, by the root of their
    size. ``name`` stands above their scale, where it is not the usual one.
    """

    values: np.ndarray
    row_edges: np.ndarray
    column_edges: np.ndarray
    largest: float  # of the whole picture, so that colours do not jump while panning
    logarithmic: bool = False
    signed: tuple[str, str] | None = None
    name: str = ""


@dataclass(frozen=True)
class TokenStripData:
    """The text in tokens. ``tint`` is a category per token (−1 for none) or a strength 0…1 per token."""

    tokens: Sequence[str]
    categories: np.ndarray | None = None  # [position] int
    strengths: np.ndarray | None = None  # [position] float, 0…1
    locked: int | None = None
    reads: np.ndarray | None = None  # positions that the locked token reads
    read_by: np.ndarray | None = None  # positions that read the locked token
    caption: str = ""


@dataclass(frozen=True)
class BucketsData:
    """One head of a hashed attention, every round: labels and order [round, position], −1 for padding places."""

    tokens: Sequence[str]
    labels: np.ndarray  # [round, position] bucket of each token
    order: np.ndarray  # [round, place] original position of the token at each place
    bucket_count: int
    chunk_length: int
    look_back: int
    causal: bool
    round_share: np.ndarray | None = None  # [round, position] share of each round in the output
    locked: int | None = None


@dataclass(frozen=True)
class SegmentsData:
    """A sequence in segments, through the layers, as a recurrence with cached states computes it.

    ``shares`` [layer + 1, bin] between ``edges`` [bin + 1]: the share of positions whose state entering that layer can
    reach the token ``target``; the last row is the target alone. ``work_cached`` and ``work_again`` [bin]: pairs
    computed up to the end of each bin with the cache, and by reading the whole context again for each token.
    """

    tokens: Sequence[str]
    length: int
    segment: int
    memory: int
    shares: np.ndarray
    edges: np.ndarray
    target: int
    work_cached: np.ndarray
    work_again: np.ndarray
    colour: str
    caption: str = ""


@dataclass(frozen=True)
class StateData:
    """A running state of one head after each of some ``positions`` [moment], ascending.

    ``state`` [moment, row, column], ``normaliser`` [moment, row]; the token at a moment added the outer product of
    ``added_row`` [moment, row] and ``added_column`` [moment, column]. Bytes are of all heads.
    """

    tokens: Sequence[str]
    state: np.ndarray
    normaliser: np.ndarray
    positions: np.ndarray
    added_row: np.ndarray
    added_column: np.ndarray
    state_bytes: int
    cache_bytes_per_token: int
    length: int
    colour: str
    difference: float | None = None  # largest, between the recurrence and the parallel form, on this text
    caption: str = ""


@dataclass(frozen=True)
class FoldData:
    """Positions folded row by row into a grid of ``width`` columns, as the locked token sees them.

    ``parts`` name the parts of the pattern with their colours; ``part_of`` [cell] is the part through which the
    locked token reads the position, −1 for none. ``shades`` [cell] 0 … 1 is the picture beneath, if there is one.
    The cells are positions from ``first`` on, and so are ``tokens`` and, below 0 where nothing is, ``locked``.
    """

    tokens: Sequence[str]
    width: int
    locked: int
    part_of: np.ndarray
    parts: tuple[tuple[str, str], ...]
    shades: np.ndarray | None = None
    caption: str = ""
    first: int = 0


@dataclass(frozen=True)
class Card:
    """How a number was obtained; shown on hover and carried into exports. Pairs of (name, value), in order."""

    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Reading:
    """One live number.

    ``look`` is "measured", "predicted", "reconstructed", "pending", "refused", "failed" or "absent".
    """

    title: str
    value: str
    unit: str
    look: str
    notes: tuple[str, ...] = ()  # for example ratios to the baselines, a line each
    card: Card | None = None


@dataclass(frozen=True)
class CostPoint:
    """One point of the cost chart. ``kind`` is "measured", "predicted" or "out of memory".

    The points of a series are ``hollow`` where its colour alone might not tell it from another.
    """

    series: str  # variant's label
    colour: str
    n: int
    seconds: float | None
    peak_bytes: int | None
    kind: str
    card: Card | None = None
    hollow: bool = False


@dataclass(frozen=True)
class MemoryPhase:
    """Memory through one pass: the highest allocated bytes within a phase of the algorithm."""

    name: str
    start_seconds: float
    stop_seconds: float
    bytes_over_time: tuple[tuple[float, int], ...]  # (seconds, allocated bytes), a step function


@dataclass(frozen=True)
class FormField:
    """One control of the parameter form, made from a variant's parameter."""

    name: str
    kind: str  # integer, real, choice, flag, integers, tokens
    label: str
    help: str
    value: object
    minimum: float | None = None
    maximum: float | None = None
    choices: tuple[str, ...] = ()
    unit: str = ""
    disabled_because: str = ""
    zero: str = ""  # the word for 0, where 0 leaves the choice to the variant
    comes_to: int | None = None  # what it then is, where that is known


@dataclass(frozen=True)
class TimelineStep:
    """A named stretch of the timeline that the transport bar shows."""

    name: str
    start_seconds: float
    stop_seconds: float


@dataclass(frozen=True)
class VariantChip:
    """One variant as the top bar offers it. ``disabled_because`` is a sentence; empty where it can be chosen."""

    name: str
    label: str
    colour: str
    disabled_because: str = ""


@dataclass(frozen=True)
class MenuChoice:
    """One entry of a drop-down; where it cannot be chosen, ``disabled_because`` says why."""

    name: str
    label: str
    disabled_because: str = ""


@dataclass(frozen=True)
class MenuGroup:
    """One question of a drop-down, with exactly one answer chosen: layer, head, mask, device, dtype."""

    name: str
    title: str
    choices: tuple[MenuChoice, ...]
    chosen: str


@dataclass(frozen=True)
class SampleText:
    """A bundled text as the menu lists it; texts of one language stand together."""

    name: str
    title: str
    language: str
