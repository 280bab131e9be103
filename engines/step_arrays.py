"""The arrays of a run as numpy, at full precision and with named axes: what its steps recorded, and its weights.

Only what is asked for is copied or computed: memory is that of the result and of one tile.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from engines.attention_cells import tile_weights
from engines.finished_run import FinishedRun
from engines.messages import ArraysReply, SentArray, StepArrays
from engines.patterns import Pattern
from engines.problems import Problem
from engines.trace import Groups, Matrix, Order, PairValues, StateOverTime, Step, StepData

if TYPE_CHECKING:
    from torch import Tensor


@dataclass(frozen=True, eq=False)
class NamedArray:
    """``values`` with a name for each axis, and the number at which each axis begins to count."""

    name: str
    values: np.ndarray
    axes: tuple[str, ...]
    starts: tuple[int, ...]


def never() -> None:
    """Nobody gives up."""


def as_numpy(values: Tensor | np.ndarray) -> np.ndarray:
    """The same numbers as numpy, not copied where they need not be, and so not to be written into.

    bfloat16, which numpy has not, comes as float32, which holds each of its numbers exactly.
    """
    if isinstance(values, np.ndarray):
        return values
    on_cpu = values.detach().cpu()
    shared: np.ndarray = (on_cpu.float() if str(on_cpu.dtype) == "torch.bfloat16" else on_cpu).numpy()
    shared.flags.writeable = False
    return shared


def fields_of(data: StepData) -> dict[str, tuple[Tensor | np.ndarray, tuple[str, ...]]]:
    """The arrays of a step's data by the names of their fields, with the names of their axes."""
    if isinstance(data, Matrix):
        return {"values": (data.values, ("head", "position", "feature")[: data.values.ndim])}
    if isinstance(data, PairValues):
        rounds = data.normaliser.ndim == 3
        return {"normaliser": (data.normaliser, ("head", "round", "position") if rounds else ("head", "position"))}
    if isinstance(data, Groups):
        return {"labels": (data.labels, ("head", "round", "position"))}
    if isinstance(data, Order):
        return {"positions": (data.positions, ("head", "round", "place"))}
    if isinstance(data, StateOverTime):
        found: dict[str, tuple[Tensor | np.ndarray, tuple[str, ...]]] = {
            "state": (data.state, ("head", "moment", "row", "column")),
            "normaliser": (data.normaliser, ("head", "moment", "row")),
            "positions": (data.positions, ("moment",)),
            "added_row": (data.added_row, ("head", "moment", "row")),
            "added_column": (data.added_column, ("head", "moment", "column")),
        }
        return found if data.difference is None else {**found, "difference": (data.difference, ("head",))}
    return {}


def step_arrays(
    steps: Sequence[Step], length: int, rows: range | None = None, wanted: Sequence[str] = ()
) -> tuple[NamedArray, ...]:
    """The arrays of some steps, "step.field" each; of all of them where none is named. All heads.

    Axes of ``length`` positions are cut to ``rows``, and so are the moments of a running state; others stay whole. A
    Problem for a step that is not there.
    """
    names = [step.name for step in steps]
    for name in wanted:
        if name not in names:
            raise Problem("unknown_step", name=name, choices=", ".join(names))
    rows = rows or range(length)
    return tuple(
        cut for step in steps if not wanted or step.name in wanted for cut in arrays_of_step(step, length, rows)
    )


def arrays_of_step(step: Step, length: int, rows: range) -> Iterator[NamedArray]:
    moments = slice(None)
    if isinstance(step.data, StateOverTime):
        at = as_numpy(step.data.positions)
        moments = slice(*np.searchsorted(at, (rows.start, rows.stop)).tolist())
    for field, (values, axes) in fields_of(step.data).items():
        cuts, starts, named = [], [], []
        for axis, size in zip(axes, values.shape, strict=True):
            is_position = axis == "position" and size == length
            cut = slice(rows.start, rows.stop) if is_position else moments if axis == "moment" else slice(None)
            cuts.append(cut)
            starts.append(cut.start or 0)
            named.append("row" if axis == "position" and not is_position else axis)
        yield NamedArray(f"{step.name}.{field}", as_numpy(values[tuple(cuts)]), tuple(named), tuple(starts))


def sent_arrays(run: FinishedRun, request: StepArrays) -> ArraysReply:
    """The arrays that are asked for, as they cross to the window."""
    rows = range(request.start, request.stop)
    found = step_arrays(run.steps, run.prepared.shape.queries, rows)
    return ArraysReply(
        request.id,
        tuple(
            SentArray(
                each.name,
                each.values.shape,
                each.values.dtype.name,
                each.axes,
                each.starts,
                each.values if request.values else None,
            )
            for each in found
            if request.array in ("", each.name)
        ),
    )


def received(sent: SentArray) -> NamedArray:
    """What was sent; where only the shape was, zeros that take no room."""
    nothing = np.broadcast_to(np.zeros((), sent.dtype), sent.shape)
    return NamedArray(sent.name, nothing if sent.values is None else sent.values, sent.axes, sent.starts)


def weights_between(
    run: FinishedRun, head: int, rows: range, columns: range, check_cancelled: Callable[[], None] = never
) -> np.ndarray:
    """Attention weights [rows, columns] of one head as the run computed them; nan where the pair is not kept.

    float32, or float64 where the run was in that. Variants that compute no weights have theirs reconstructed.
    """
    double = str(run.prepared.inputs.q.dtype) == "torch.float64"
    weights = np.full((len(rows), len(columns)), np.nan, np.float64 if double else np.float32)
    for tile in run.pattern(head).tiles(np.arange(rows.start, rows.stop), columns):
        check_cancelled()
        values = as_numpy(tile_weights(run.prepared, run.steps, head, tile))
        places = np.ix_(tile.rows - rows.start, tile.columns - columns.start)
        weights[places] = values if tile.kept is None else np.where(tile.kept, values, weights[places])
    return weights


def kept_between(pattern: Pattern, rows: range, columns: range) -> tuple[np.ndarray, np.ndarray]:
    """(whether each pair is kept: bool; the number of the piece that keeps it, −1 for none: int8), [rows, columns]."""
    queries, keys = np.arange(rows.start, rows.stop), np.arange(columns.start, columns.stop)
    part = np.full((len(queries), len(keys)), -1, np.int8)
    for number, name in enumerate(pattern.pieces):
        part[pattern.only((name,)).kept(queries, keys)] = number
    return part >= 0, part
