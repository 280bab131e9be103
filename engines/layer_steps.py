"""What every layer of a model would record, were it built with the chosen variant: a run's layers, one after the other.

A pattern that depends on the data differs from layer to layer, and a layer's data come only from running the layers
below it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from engines import host_model
from engines.host_model import HostLayer
from engines.run import Prepared, generator_for, in_blocks_after_attention
from engines.trace import SILENT, Groups, Matrix, Order, PairValues, Recorder, StateOverTime, Step, StepData
from engines.variant import Inputs

if TYPE_CHECKING:
    import torch
    from torch import Tensor
else:
    from engines.lazy_torch import torch

R = TypeVar("R", bound=Recorder)


class Structure:
    """Keeps what a pattern is made of (groups and orders in 32 bits), not the values that made it."""

    def __init__(self, check_cancelled: Callable[[], None]) -> None:
        self.steps: list[Step] = []
        self.check_cancelled = check_cancelled
        self.phase = SILENT.phase

    def step(self, name: str, make: Callable[[], StepData]) -> None:
        data = make()
        if isinstance(data, Matrix | PairValues | StateOverTime):
            return
        if isinstance(data, Groups):
            data = Groups(small(data.labels), data.count)
        elif isinstance(data, Order):
            data = Order(small(data.positions))
        self.steps.append(Step(name, data))


def small(positions: Tensor) -> Any:
    return positions.detach().cpu().numpy().astype(np.int32)


def layers_of(prepared: Prepared, recorder: Callable[[], R]) -> Iterator[tuple[Inputs, R, Tensor]]:
    """What each layer of the run's model reads, from the lowest, what its recorder kept, and the states after it.

    States are [batch, position, width]; the next layer writes over them. ValueError where the run is of no model.
    """
    model, spec = prepared.model, prepared.spec
    if model is None:
        raise ValueError("expected a run of a host model’s layer")
    with torch.no_grad():
        ids = torch.from_numpy(prepared.tokens.ids).to(spec.device, torch.int64)[None]
        hidden = host_model.embed(model.weights, ids)
        for index in range(model.shape.layers):
            layer, record = HostLayer(model.weights, model.shape, index), recorder()
            generator = generator_for(spec.seed, index, spec.device)
            inputs = prepared.variant.project(layer, hidden, prepared.parameters, generator)
            attended, _ = prepared.variant.attend(
                inputs, prepared.parameters, prepared.mask, generator=generator, record=record
            )
            hidden = in_blocks_after_attention(model, index, hidden, attended)
            yield inputs, record, hidden


def steps_of_layers(prepared: Prepared, check_cancelled: Callable[[], None]) -> Iterator[tuple[Step, ...]]:
    """The structure of each layer of the run's host model, from the lowest; ValueError where it has none."""
    for _, record, _ in layers_of(prepared, lambda: Structure(check_cancelled)):
        yield tuple(record.steps)


def final_hidden(prepared: Prepared, check_cancelled: Callable[[], None]) -> Tensor:
    """The hidden states that the run's model scores the next token with, [batch, position, width]."""
    assert prepared.model is not None
    *_, (_, _, hidden) = layers_of(prepared, lambda: Structure(check_cancelled))
    return host_model.normalise(hidden, prepared.model.weights["final_norm"])
