"""What the plots accept: frozen records of numpy arrays, with colours and words already chosen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from widgets.view_data import Card

LineLook = Literal["line", "dashed", "points", "bars", "hollow line", "hollow points"]


@dataclass(frozen=True)
class PlotLine:
    """One line: ``x`` and ``y`` [point], with a band between ``low`` and ``high`` where they are given.

    The hollow looks tell a line from another one of its colour.
    """

    label: str
    x: np.ndarray
    y: np.ndarray
    colour: str
    low: np.ndarray | None = None
    high: np.ndarray | None = None
    look: LineLook = "line"


@dataclass(frozen=True)
class PlotMark:
    """A dashed upright at ``x`` with its name."""

    label: str
    x: float


@dataclass(frozen=True)
class CurveData:
    """Lines on the same axes."""

    x_label: str
    y_label: str
    lines: tuple[PlotLine, ...]
    marks: tuple[PlotMark, ...] = ()
    logarithmic_x: bool = False
    logarithmic_y: bool = False


@dataclass(frozen=True)
class PlotCloud:
    """Points ``x`` and ``y`` [point] of one colour."""

    label: str
    x: np.ndarray
    y: np.ndarray
    colour: str


@dataclass(frozen=True)
class ScatterData:
    """Clouds on the same axes; ``diagonal`` draws x = y."""

    x_label: str
    y_label: str
    clouds: tuple[PlotCloud, ...]
    diagonal: bool = False
    logarithmic: bool = False


@dataclass(frozen=True)
class HeatMapData:
    """Values [row, column] as colours, nan where there is none; edges are the integer positions between cells."""

    values: np.ndarray
    row_label: str
    column_label: str
    row_edges: np.ndarray | None = None
    column_edges: np.ndarray | None = None
    diverging: bool = False


@dataclass(frozen=True)
class ReachData:
    """Who can reach the token ``target`` through the layers: ``shares`` [layer + 1, bin] between ``edges`` [bin + 1].

    The last row is the target itself. Tokens before ``cached_before`` are cached states, in segments of ``segment``
    (0: no segments).
    """

    shares: np.ndarray
    edges: np.ndarray
    target: int
    colour: str
    segment: int = 0
    cached_before: int = 0


@dataclass(frozen=True)
class ExtentData:
    """A matrix by its size; ``role`` is "input", "computed", "output" or "never made".

    ``sign`` stands before it ("·", "=", "→"), and ``by`` above an arrow; without a sign it begins a line of its own.
    """

    name: str
    rows: int
    columns: int
    role: str
    sign: str = ""
    by: str = ""


@dataclass(frozen=True)
class ProductsData:
    """Products of matrices, a line (A · B = C) after another, drawn to scale."""

    extents: tuple[ExtentData, ...]
    colour: str


@dataclass(frozen=True)
class NumberData:
    """One number as text, with its card."""

    name: str
    value: str
    unit: str = ""
    card: Card | None = None


@dataclass(frozen=True)
class NumbersData:
    """A few numbers that belong together."""

    numbers: tuple[NumberData, ...]


Plot = CurveData | ScatterData | HeatMapData | ReachData | ProductsData | NumbersData


@dataclass(frozen=True)
class PlotPanel:
    """One picture with its title and what must be said of it."""

    title: str
    plot: Plot
    note: str = ""
    reconstructed: bool = False


@dataclass(frozen=True)
class StudyData:
    """A study's answer. ``stale``: of an earlier run; ``working``: a better one is being computed."""

    panels: tuple[PlotPanel, ...]
    help: str = ""
    stale: bool = False
    working: bool = False
