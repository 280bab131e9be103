"""What a study is: a question about a finished run that costs more than the run, answered when somebody looks.

A run's own steps come from ``attend`` itself. Whatever must be computed besides (singular values, the error of an
estimate, how far information travels) is a study: it has the run's own q, k and v, is never inside a timing, and
answers in panels of a closed set of kinds that describe data. General studies are the files of ``engines/studies``;
a variant lists those of its own in ``Variant.studies``.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Literal

import numpy as np

from engines.trace import Products
from engines.words import NO_WORDS as NO_WORDS
from engines.words import Words as Words

if TYPE_CHECKING:
    from engines.finished_run import FinishedRun
    from engines.messages import Measurement
    from engines.variant import Variant


@dataclass(frozen=True)
class Line:
    """One line of a curve: float ``x`` and ``y`` [point]; ``low`` and ``high`` [point] bound its band, if it has one.

    ``look`` is "line", "dashed" (a model or a published figure, not measured here), "points" or "bars" (each bar stands
    at x, from 0). Lines with the same ``colour`` number are drawn in the same colour; −1 is the variant's own, −2, −3 …
    are paler shades of it, and the name of a variant is that one's.
    """

    label: str
    x: np.ndarray
    y: np.ndarray
    low: np.ndarray | None = None
    high: np.ndarray | None = None
    look: Literal["line", "dashed", "points", "bars"] = "line"
    colour: int | str = -1


@dataclass(frozen=True)
class Mark:
    """A value on the x axis that means something: k, the window, this length."""

    label: str
    x: float


@dataclass(frozen=True)
class Curve:
    """Lines on the same axes."""

    x_label: str
    y_label: str
    lines: tuple[Line, ...]
    marks: tuple[Mark, ...] = ()
    logarithmic_x: bool = False
    logarithmic_y: bool = False


@dataclass(frozen=True)
class Cloud:
    """Points ``x`` and ``y`` [point] of one kind; ``colour`` as for a line."""

    label: str
    x: np.ndarray
    y: np.ndarray
    colour: int = -1


@dataclass(frozen=True)
class Scatter:
    """Clouds of points on the same axes; ``diagonal`` draws x = y, where a perfect estimate would lie."""

    x_label: str
    y_label: str
    clouds: tuple[Cloud, ...]
    diagonal: bool = False
    logarithmic: bool = False


@dataclass(frozen=True)
class HeatMap:
    """Values [row, column] as colours, nan where there is none; ``diverging`` puts 0 in the middle of the ramp.

    ``row_edges`` and ``column_edges`` are the integer positions between which the cells lie; None counts cells.
    """

    values: np.ndarray
    row_label: str
    column_label: str
    row_edges: np.ndarray | None = None
    column_edges: np.ndarray | None = None
    diverging: bool = False


@dataclass(frozen=True)
class Reach:
    """Which tokens can reach one token, layer by layer.

    ``shares`` [layer + 1, bin]: the share of the positions of each bin whose state entering that layer can reach the
    token ``target`` of the last layer's output; the last row is the target alone. ``edges`` [bin + 1] are integer
    positions. ``segment`` is the length of a segment, 0 where there is none; states before ``cached_before`` were
    cached, without gradient.
    """

    shares: np.ndarray
    edges: np.ndarray
    target: int
    segment: int = 0
    cached_before: int = 0


@dataclass(frozen=True)
class Quantity:
    """One number with its unit and how it was obtained; ``share`` says that it is a share, 0 … 1."""

    name: str
    value: float
    unit: str = ""
    share: bool = False
    card: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Quantities:
    """A few numbers that belong together."""

    numbers: tuple[Quantity, ...]


PanelData = Curve | Scatter | HeatMap | Reach | Products | Quantities


@dataclass(frozen=True)
class TokenValues:
    """A number for each token of the run, nan where there is none: ``values`` [position]; they tint the text."""

    label: str
    values: np.ndarray


@dataclass(frozen=True)
class Panel:
    """One picture of a study's answer. ``reconstructed`` marks what no run computes: made for display alone.

    ``tokens`` tint the text while the study is looked at.
    """

    title: Words
    data: PanelData
    note: Words = NO_WORDS
    reconstructed: bool = False
    tokens: TokenValues | None = None


@dataclass(frozen=True)
class Question:
    """What is asked about: a run, one of its heads, and the locked token (−1: none).

    ``fused``: what has been measured by now of full attention, fused, on inputs of the run's sizes; None: nothing yet.
    """

    run: FinishedRun
    head: int
    locked: int
    check_cancelled: Callable[[], None] = lambda: None
    fused: Callable[[], Measurement | None] = lambda: None


def head_of_layer(question: Question) -> Words:
    """Which head is asked about, as a card says it."""
    return Words("{head} of layer {layer}", {"head": question.head + 1, "layer": question.run.prepared.spec.layer + 1})


def some_of(part: int, whole: int) -> Words:
    """How many of all, as a card says it."""
    return Words("{part} of {whole}", {"part": f"{part:,}", "whole": f"{whole:,}"})


class Study(ABC):
    """A question and how it is answered. One file each."""

    name: ClassVar[str]  # as on the command line: "key-mass"
    label: ClassVar[str]  # as on a tab: "Key mass"
    help: ClassVar[str]  # what it shows, one sentence
    order: ClassVar[int] = 0  # among the studies of one variant
    follows_locked: ClassVar[bool] = False  # asked anew when another token is locked

    def applies(self, variant: Variant, causal: bool) -> bool:
        """Whether the question makes sense for a variant under a mask."""
        return True

    @abstractmethod
    def answer(self, question: Question) -> Iterator[tuple[Panel, ...]]:
        """Answers, each better than the one before, the last one whole; a few milliseconds to 0.2 s of work between.

        Between two of them other requests are served, so a long computation yields what it has.
        """
