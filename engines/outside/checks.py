"""What a variant from outside hands back, checked before anybody relies on it; each fault is one plain reason.

Steps and panels must be of the kinds and shapes that widgets draw, patterns of the run's size and made of the pieces of
``engines.patterns``: the window unpickles what crosses, and must not load anybody's code, nor torch, to do so.
"""

from __future__ import annotations

import io
import pickle
from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np

from engines.patterns import Pattern
from engines.study import Curve, HeatMap, Panel, PanelData, Quantities, Reach, Scatter
from engines.trace import (
    Blocks,
    Extent,
    Groups,
    Matrix,
    Order,
    Pairs,
    PairValues,
    Products,
    Segments,
    StateOverTime,
    StepData,
)
from engines.variant import Shape

if TYPE_CHECKING:
    import torch
else:
    from engines.lazy_torch import torch

PLAIN_MODULES = frozenset({"engines", "numpy", "builtins", "collections", "copyreg", "functools", "_codecs"})
"""Whose classes may cross: the window has them loaded."""

Sizes = tuple[int | None, ...]


class Wrong(Exception):
    """What a variant from outside did wrong, in words."""


def require(holds: object, reason: str) -> None:
    if not holds:
        raise Wrong(reason)


class PlainUnpickler(pickle.Unpickler):
    """Reads nothing but plain data and the records of this house."""

    def find_class(self, module: str, name: str) -> Any:
        require(module.partition(".")[0] in PLAIN_MODULES, f"{module}.{name} is in it")
        return super().find_class(module, name)


def check_crosses(what: str, value: object) -> None:
    """Wrong where the window could not read a value without loading code that is not its own."""
    try:
        PlainUnpickler(io.BytesIO(pickle.dumps(value, pickle.HIGHEST_PROTOCOL))).load()
    except Exception as error:
        raise Wrong(f"{what} cannot be sent to the window: {error}") from None


# Tensors and steps --------------------------------------------------------------------------------------------------


def check_tensor(what: str, value: object, *sizes: int | None) -> None:
    """Wrong where a value is no tensor of these sizes; None stands for any."""
    require(isinstance(value, torch.Tensor), f"{what} should be a tensor, but is {type(value).__name__}")
    check_sizes(what, tuple(value.shape), sizes)  # type: ignore[attr-defined]


def check_sizes(what: str, arrived: tuple[int, ...], expected: Sizes) -> None:
    fits = len(arrived) == len(expected) and all(e in (None, a) for a, e in zip(arrived, expected, strict=True))
    words = ", ".join("any" if size is None else str(size) for size in expected)
    require(fits, f"{what} should have shape [{words}], but has {list(arrived)}")


def whole(value: object, least: int = 0) -> bool:
    return type(value) is int and value >= least


def check_matrix(data: Matrix, heads: int, n: int) -> None:
    check_tensor("values", data.values, heads, None, None)


def check_pairs(data: Pairs, heads: int, n: int) -> None:
    require(all_strings(data.pieces), "the names of its pieces should be text")


def check_pair_values(data: PairValues, heads: int, n: int) -> None:
    rounds = (None,) if isinstance(data.normaliser, torch.Tensor) and data.normaliser.ndim == 3 else ()
    check_tensor("the normaliser", data.normaliser, heads, *rounds, n)


def check_groups(data: Groups, heads: int, n: int) -> None:
    check_tensor("labels", data.labels, heads, None, n)
    require(data.labels.shape[1] and not data.labels.is_floating_point(), "labels should be whole numbers, in rounds")
    low, high = int(data.labels.min()), int(data.labels.max())
    require(whole(data.count, 1), "count should be a whole number of at least 1")
    require(low >= 0 and high < data.count, f"labels should be from 0 to {data.count - 1}, but are {low} to {high}")


def check_order(data: Order, heads: int, n: int) -> None:
    check_tensor("positions", data.positions, heads, None, n)
    every = torch.arange(n, device=data.positions.device)
    require(
        data.positions.shape[1] and bool((data.positions.sort(-1).values == every).all()),
        "positions should be a permutation in each round",
    )


def check_blocks(data: Blocks, heads: int, n: int) -> None:
    require(whole(data.length, 1) and whole(data.look_back), "length and look-back should be whole numbers")


def check_segments(data: Segments, heads: int, n: int) -> None:
    require(whole(data.length, 1) and whole(data.memory), "length and memory should be whole numbers")


def check_products(data: Products, heads: int, n: int) -> None:
    roles = ("input", "computed", "output", "never made")
    for extent in data.extents:
        sized = type(extent) is Extent and whole(extent.rows) and whole(extent.columns)
        named = sized and all_strings((extent.name, extent.role, extent.by)) and extent.role in roles
        named = named and extent.sign in ("", "·", "=", "→")
        require(named, f"this is no extent: {extent!r}")


def check_state(data: StateOverTime, heads: int, n: int) -> None:
    check_tensor("the state", data.state, heads, None, None, None)
    _, moments, rows, columns = data.state.shape
    check_tensor("the normaliser", data.normaliser, heads, moments, rows)
    check_tensor("the added row", data.added_row, heads, moments, rows)
    check_tensor("the added column", data.added_column, heads, moments, columns)
    check_tensor("positions", data.positions, moments)
    positions = data.positions.tolist()
    require(
        positions and positions == sorted(set(positions)) and positions[0] >= 0 and positions[-1] < n,
        f"positions should ascend within 0 to {n - 1}",
    )
    require(whole(data.state_bytes) and whole(data.cache_bytes_per_token), "bytes should be whole numbers")
    if data.difference is not None:
        check_tensor("the difference", data.difference, heads)


STEP_CHECKS: Mapping[type, Callable[[Any, int, int], None]] = MappingProxyType(
    {
        Matrix: check_matrix,
        Pairs: check_pairs,
        PairValues: check_pair_values,
        Groups: check_groups,
        Order: check_order,
        Blocks: check_blocks,
        Segments: check_segments,
        Products: check_products,
        StateOverTime: check_state,
    }
)


def checked_step(name: str, data: StepData, heads: int, n: int) -> StepData:
    """The data of a recorded step; Wrong where it is of no kind there is, or of another size than the run's."""
    kinds = ", ".join(kind.__name__ for kind in STEP_CHECKS)
    require(type(data) in STEP_CHECKS, f"step “{name}” should be one of {kinds}, but is {type(data).__name__}")
    try:
        STEP_CHECKS[type(data)](data, heads, n)
    except Wrong as wrong:
        raise Wrong(f"step “{name}”: {wrong}") from None
    return data


# Patterns -----------------------------------------------------------------------------------------------------------


def check_pattern(pattern: object, shape: Shape) -> None:
    """Wrong where a pattern is not of the run's size, cannot cross, or fails when it is asked."""
    require(isinstance(pattern, Pattern), f"the pattern should be a Pattern, but is {type(pattern).__name__}")
    assert isinstance(pattern, Pattern)
    check_sizes("the pattern", (pattern.queries, pattern.keys), (shape.queries, shape.keys))
    require(pattern.causal == shape.causal, f"the pattern’s causal should be {shape.causal}")
    require(all_strings(pattern.pieces) and pattern.pieces, "the pattern should have named pieces")
    check_crosses("the pattern (build it from engines.patterns)", pattern)
    try:
        check_answers(pattern)
    except Wrong:
        raise
    except Exception as error:
        raise Wrong(f"the pattern fails: {type(error).__name__}: {error}") from None


def check_answers(pattern: Pattern) -> None:
    """Ask a little of everything that a picture asks."""
    rows, columns = (np.unique(np.linspace(0, size, 9).astype(np.int64)) for size in (pattern.queries, pattern.keys))
    shares = pattern.coverage(rows, columns)
    check_sizes("the pattern’s coverage", shares.shape, (len(rows) - 1, len(columns) - 1))
    require(((shares >= 0) & (shares <= 1)).all(), "the pattern’s coverage should be from 0 to 1")
    kept = pattern.kept(rows[:-1], columns[:-1])
    check_sizes("the pattern’s kept", kept.shape, (len(rows) - 1, len(columns) - 1))
    require(0 <= pattern.count() <= pattern.queries * pattern.keys, "the pattern keeps more pairs than there are")
    for found, size in (
        (pattern.keys_of(pattern.queries - 1), pattern.keys),
        (pattern.queries_of(0), pattern.queries),
    ):
        require(not len(found) or (found.min() >= 0 and found.max() < size), "the pattern lists positions outside")
    check_sizes("the pattern’s readers", pattern.readers(np.ones(pattern.keys, np.bool_)).shape, (pattern.queries,))
    check_sizes("the pattern’s reached", pattern.reached(np.ones(pattern.queries, np.bool_)).shape, (pattern.keys,))


# Studies ------------------------------------------------------------------------------------------------------------


def check_panels(panels: object) -> None:
    """Wrong where a study's answer is not panels of the kinds there are."""
    require(
        isinstance(panels, tuple) and all(isinstance(panel, Panel) for panel in panels), "it should answer in panels"
    )
    assert isinstance(panels, tuple)
    check_crosses("its answer", panels)
    for panel in panels:
        require(isinstance(panel.data, PanelData), f"{type(panel.data).__name__} is no kind of panel")
        str(panel.title), str(panel.note)  # a template with values that are missing fails here
        check_arrays(panel.data)


def check_arrays(data: PanelData) -> None:
    """Arrays that belong together have one length."""
    if isinstance(data, Curve):
        for line in data.lines:
            check_together(line.label, line.x, line.y, line.low, line.high)
    elif isinstance(data, Scatter):
        for cloud in data.clouds:
            check_together(cloud.label, cloud.x, cloud.y)
    elif isinstance(data, HeatMap):
        check_cells("the heat map", data.values, data.row_edges, data.column_edges)
    elif isinstance(data, Reach):
        check_cells("reach", data.shares, None, data.edges)
    elif isinstance(data, Products):
        check_products(data, 0, 0)
    elif isinstance(data, Quantities):
        require(all(isinstance(each.value, int | float) for each in data.numbers), "a quantity should be a number")


def check_together(what: str, x: np.ndarray, *others: np.ndarray | None) -> None:
    for each in (x, *others):
        require(each is None or isinstance(each, np.ndarray), f"“{what}” should be numpy arrays")
        if each is not None:
            check_sizes(f"“{what}”", each.shape, (len(x),))


def check_cells(what: str, values: np.ndarray, *edges: np.ndarray | None) -> None:
    require(isinstance(values, np.ndarray), f"{what} should be a numpy array")
    check_sizes(what, values.shape, (None, None))
    for each, size in zip(edges, values.shape, strict=True):
        if each is not None:
            check_sizes(f"the edges of {what}", np.shape(each), (size + 1,))


def all_strings(values: Iterable[object]) -> bool:
    return isinstance(values, tuple) and all(type(value) is str for value in values)
