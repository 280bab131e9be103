"""A variant from outside, guarded: what it declares and returns is checked, and what it raises becomes one sentence."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any

from engines.description import describe
from engines.outside.checks import check_panels, check_pattern, check_tensor, checked_step, require
from engines.outside.declared import declared
from engines.outside.guard import file_of, guarded
from engines.study import Panel, Question, Study
from engines.trace import SILENT, Recorder, Step, StepData
from engines.variant import Cost, Inputs, Mask, Parameters, Shape, State, Variant
from engines.variants import place_of

if TYPE_CHECKING:
    import torch
    from torch import Tensor

    from engines.host_model import HostLayer
    from engines.patterns import Pattern


class CheckedSteps:
    """Hands steps on, each checked when it is made."""

    def __init__(self, record: Recorder, inputs: Inputs) -> None:
        self.record, self.sizes = record, (int(inputs.q.shape[1]), int(inputs.q.shape[2]))
        self.phase, self.check_cancelled = record.phase, record.check_cancelled

    def step(self, name: str, make: Callable[[], StepData]) -> None:
        self.record.step(str(name), lambda: checked_step(name, make(), *self.sizes))


class OutsideStudy(Study):
    """A study of such a variant."""

    def __init__(self, own: Study) -> None:
        self.own = own
        for name in ("name", "label", "help", "order", "follows_locked"):
            setattr(self, name, getattr(own, name))

    def applies(self, variant: Variant, causal: bool) -> bool:
        with guarded(self.label, file_of(self.own)):
            return bool(self.own.applies(variant, causal))

    def answer(self, question: Question) -> Iterator[tuple[Panel, ...]]:
        with guarded(self.label, file_of(self.own)):
            for panels in self.own.answer(question):
                check_panels(panels)
                yield panels


class OutsideVariant(Variant):
    """Stands before somebody's variant wherever one is asked for; ``own`` is theirs."""

    def __init__(self, own: Variant, source: str) -> None:
        self.own, self.source = own, source
        found = declared(own, source)
        found |= {"order": place_of(found["name"]), "studies": tuple(OutsideStudy(study) for study in found["studies"])}
        for name, value in found.items():
            setattr(self, name, value)
        self.description = describe(self, source)

    def __getattr__(self, name: str) -> Any:
        """What else it has, for its own studies."""
        return getattr(self.__dict__["own"], name)

    def guard(self) -> AbstractContextManager[None]:
        return guarded(self.label, file_of(self.own))

    def project(self, layer: HostLayer, hidden: Tensor, parameters: Parameters, generator: torch.Generator) -> Inputs:
        with self.guard():
            inputs = self.own.project(layer, hidden, parameters, generator)
            require(isinstance(inputs, Inputs), f"project should return Inputs, but returns {type(inputs).__name__}")
            first = hidden.shape[0], layer.shape.heads
            check_tensor("q", inputs.q, *first, hidden.shape[1], None)
            check_tensor("k", inputs.k, *first, None, None)
            check_tensor("v", inputs.v, *first, inputs.k.shape[2], layer.shape.head_width)
            require(inputs.layer == layer.index, f"the Inputs’ layer should be {layer.index}")
        return inputs

    def attend(
        self,
        inputs: Inputs,
        parameters: Parameters,
        mask: Mask,
        state: State | None = None,
        generator: torch.Generator | None = None,
        record: Recorder = SILENT,
    ) -> tuple[Tensor, State | None]:
        with self.guard():
            result = self.own.attend(inputs, parameters, mask, state, generator, CheckedSteps(record, inputs))
            pair = isinstance(result, tuple) and len(result) == 2
            require(pair, f"attend should return (output, state), but returns {type(result).__name__}")
            output, kept = result
            check_tensor("the output", output, *inputs.q.shape[:3], inputs.v.shape[3])
            require(
                output.dtype == inputs.q.dtype and output.device == inputs.q.device,
                f"the output should be {inputs.q.dtype} on {inputs.q.device}, but is {output.dtype} on {output.device}",
            )
            require(
                kept is None or isinstance(kept, State), f"the state should be a State, but is {type(kept).__name__}"
            )
        return output, kept

    def pattern(self, shape: Shape, parameters: Parameters, steps: Sequence[Step] = ()) -> Pattern:
        with self.guard():
            pattern = self.own.pattern(shape, parameters, steps)
            check_pattern(pattern, shape)
        return pattern

    @property
    def pattern_needs_steps(self) -> bool:
        with self.guard():
            return bool(self.own.pattern_needs_steps)

    def computed_pairs(self, shape: Shape, parameters: Parameters) -> int:
        with self.guard():
            return whole_number("computed_pairs", self.own.computed_pairs(shape, parameters))

    def cost(self, shape: Shape, parameters: Parameters) -> Cost:
        with self.guard():
            cost = self.own.cost(shape, parameters)
            require(isinstance(cost, Cost), f"cost should return a Cost, but returns {type(cost).__name__}")
            flops, held = float(cost.flops), float(cost.resident_bytes)
            positive = 0 < flops < math.inf and 0 < held < math.inf
            require(positive, f"a cost should be above 0, but is {flops:g} operations and {held:g} bytes")
        return Cost(flops, held)

    def state_bytes(self, shape: Shape, parameters: Parameters, bytes_per_value: int = 4) -> int:
        with self.guard():
            return whole_number("state_bytes", self.own.state_bytes(shape, parameters, bytes_per_value))

    def fold_width(self, shape: Shape, parameters: Parameters) -> int:
        with self.guard():
            return whole_number("fold_width", self.own.fold_width(shape, parameters))

    def scores(self, inputs: Inputs, parameters: Parameters, head: int, rows: Tensor, columns: Tensor) -> Tensor:
        with self.guard():
            scores = self.own.scores(inputs, parameters, head, rows, columns)
            check_tensor("the scores", scores, len(rows), len(columns))
        return scores

    def weights(
        self, inputs: Inputs, parameters: Parameters, steps: Sequence[Step], head: int, rows: Tensor, columns: Tensor
    ) -> Tensor:
        with self.guard():
            weights = self.own.weights(inputs, parameters, steps, head, rows, columns)
            check_tensor("the weights", weights, len(rows), len(columns))
        return weights


def whole_number(what: str, value: Any) -> int:
    """A count as an int; Wrong where it is none."""
    counts = value == int(value) >= 0
    require(counts, f"{what} should be a whole number, but is {value}")
    return int(value)
