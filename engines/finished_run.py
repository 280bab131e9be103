"""A run whose steps are there: what the window, the command line and the exporter ask of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from engines.attention_cells import attention_cells, refined_cells
from engines.messages import Traced, WeightsReply, WeightsSlice
from engines.patterns import HashedChunks, Pattern
from engines.run import Prepared
from engines.trace import Groups, Matrix, Order, PairValues, StateOverTime, Step
from engines.variants import is_from_outside

if TYPE_CHECKING:
    from torch import Tensor

COUNTED_AHEAD = 16_384  # from this length on, counting pairs would make the picture wait
PYRAMID_CELLS = 2048


@dataclass(frozen=True)
class FinishedRun:
    """The trace itself; it stays in the engine, and gives slices of itself."""

    prepared: Prepared
    steps: tuple[Step, ...]
    patterns: dict[int, Pattern] = field(default_factory=dict)  # head -> pattern, made when first asked for

    def pattern(self, head: int) -> Pattern:
        """Which pairs a head keeps."""
        if head not in self.patterns:
            self.patterns[head] = self.exact_pattern(head)
        return self.patterns[head]

    def exact_pattern(self, head: int) -> Pattern:
        """The same pairs, counted anew for every rectangle: for files, which may take their time."""
        shape = replace(self.prepared.shape, head=head)
        return self.prepared.variant.pattern(shape, self.prepared.parameters, self.steps)

    def output(self, head: int) -> Tensor:
        """The output of a head, [query, feature]."""
        data = self.steps[-1].data
        assert isinstance(data, Matrix)
        return data.values[head]

    def output_errors(
        self, head: int, other: FinishedRun, other_head: int
    ) -> tuple[float | None, NDArray[np.float32] | None]:
        """‖own − other‖ / ‖other‖ over all features of a head each: of all queries together, and [query] of each.

        None where the shapes differ or there is nothing to divide by; nan for a query of which that is true.
        """
        own, reference = self.output(head).double().cpu(), other.output(other_head).double().cpu()
        if own.shape != reference.shape:
            return None, None
        apart, norms = (own - reference).norm(dim=-1).numpy(), reference.norm(dim=-1).numpy()
        whole = float(np.linalg.norm(norms))
        each = np.divide(apart, norms, out=np.full_like(norms, np.nan), where=norms > 0).astype(np.float32)
        return (float(np.linalg.norm(apart)) / whole if whole else None), each

    @property
    def sends_pattern(self) -> bool:
        """Whether the window could not make the pattern, or only slowly: it depends on the data, or on other code."""
        variant = self.prepared.variant
        return variant.pattern_needs_steps or is_from_outside(variant.name)

    def traced(self, run_id: int, head: int) -> Traced:
        """The steps with the small structure of one head, and its pairs."""
        prepared, shape = self.prepared, replace(self.prepared.shape, head=head)
        pattern = self.pattern(head)
        if isinstance(pattern, HashedChunks) and pattern.pyramid is None and shape.queries >= COUNTED_AHEAD:
            pattern = self.patterns[head] = replace(pattern, pyramid=pattern.build_pyramid(PYRAMID_CELLS))
        return Traced(
            run_id,
            head,
            tuple(for_one_head(step, head) for step in self.steps),
            pairs_kept=pattern.count(),
            pairs_computed=prepared.variant.computed_pairs(shape, prepared.parameters),
            pattern=pattern if self.sends_pattern else None,
        )

    def refined_cells(
        self, request: WeightsSlice, check_cancelled: Callable[[], None]
    ) -> Iterator[WeightsReply | None]:
        """The same cells, ever better, until every query row is summed."""
        edges = request.row_edges, request.column_edges
        pattern, told = self.pattern(request.head), None
        better = refined_cells(self.prepared, self.steps, pattern, request.head, *edges, check_cancelled)
        for cells, every in better:
            if every and (cells is not told or every == 1):
                yield WeightsReply(request.id, request.head, cells, *edges, every)
            else:
                yield None
            told = cells

    def cells(self, request: WeightsSlice, check_cancelled: Callable[[], None] = lambda: None) -> WeightsReply:
        """Attention weights in the cells that a picture shows."""
        cells, every = attention_cells(
            self.prepared,
            self.steps,
            self.pattern(request.head),
            request.head,
            request.row_edges,
            request.column_edges,
            check_cancelled,
        )
        return WeightsReply(request.id, request.head, cells, request.row_edges, request.column_edges, every)


def for_one_head(step: Step, head: int) -> Step:
    """A step with one head's small structure as numpy; of a matrix only the name crosses."""
    data = step.data
    if isinstance(data, Groups):
        return Step(step.name, Groups(_numpy(data.labels, head, np.int32), data.count))
    if isinstance(data, Order):
        return Step(step.name, Order(_numpy(data.positions, head, np.int32)))
    if isinstance(data, PairValues):
        return Step(step.name, PairValues(_numpy(data.normaliser, head, np.float32)))
    if isinstance(data, Matrix):
        return Step(step.name, Matrix(_numpy(data.values[..., :0, :0], head, np.float32)))
    if isinstance(data, StateOverTime):
        return Step(step.name, state_for_one_head(data, head))
    return step


def state_for_one_head(data: StateOverTime, head: int) -> StateOverTime:
    """A running state with one head's values as numpy."""
    values = (data.state, data.normaliser, data.added_row, data.added_column)
    state, normaliser, added_row, added_column = (_numpy(each, head, np.float32) for each in values)
    positions: Any = np.asarray(data.positions.cpu())
    sizes = data.state_bytes, data.cache_bytes_per_token
    difference = None if data.difference is None else _numpy(data.difference, head, np.float64)
    return StateOverTime(state, normaliser, positions, added_row, added_column, *sizes, difference)


def _numpy(tensor: Tensor, head: int, dtype: type[np.generic]) -> Any:
    """One head of a tensor [head, …] as numpy, the head axis kept; numpy knows no bfloat16."""
    one = tensor[head : head + 1].detach()
    return (one.float() if one.is_floating_point() else one).cpu().numpy().astype(dtype)
