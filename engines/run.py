"""A run's way through the engine: text -> tokens -> hidden states -> inputs of the chosen layer -> the variant's steps.

Below the chosen layer the chosen variant runs too, as if the model were built with it. Nothing here is n × n; memory
stays O(n).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from engines import host_model
from engines.host_model import HostLayer
from engines.messages import RunSpec
from engines.problems import Problem
from engines.tokens import Tokens, tokenise
from engines.trace import SILENT, Recorder, Step, Trace
from engines.variant import Inputs, Mask, Parameters, Shape, Variant
from engines.variants import variant_named
from engines.weight_sets import WeightSet, set_for

if TYPE_CHECKING:
    import torch
    from torch import Tensor

    from engines.weights import HostModel  # it brings the tokenizers, which the window's process has no use for
else:
    from engines.lazy_torch import torch

SHORTEST, LONGEST = 8, 1_048_576
ROWS_AT_ONCE = 16_384


@dataclass(frozen=True)
class Prepared:
    """A run that is ready: what ``attend`` of the chosen layer reads, resident on the device."""

    spec: RunSpec
    variant: Variant
    parameters: Parameters
    mask: Mask
    tokens: Tokens
    inputs: Inputs
    model: HostModel | None = None  # whose layer it is; None where the inputs are not from one

    @property
    def shape(self) -> Shape:
        _, heads, queries, width = self.inputs.q.shape
        return Shape(queries, self.inputs.k.shape[2], heads, width, self.spec.layer, self.spec.head, self.mask.causal)

    def generator(self) -> torch.Generator:
        """The generator ``attend`` draws from: the same one each time, so that each repeat does the same work."""
        return generator_for(self.spec.seed, self.spec.layer, self.spec.device)

    def attend(self, record: Recorder = SILENT) -> Tensor:
        """One call of the chosen variant on the chosen layer: what the readouts measure."""
        with torch.no_grad():
            output, _ = self.variant.attend(
                self.inputs, self.parameters, self.mask, generator=self.generator(), record=record
            )
        return output

    def trace(self, cancelled: Callable[[], bool] = lambda: False) -> tuple[Step, ...]:
        """The steps of one call."""
        recorder = Trace(cancelled)
        self.attend(recorder)
        return tuple(recorder.steps)


def weights_of(spec: RunSpec) -> WeightSet:
    """The weights that a spec asks for; a Problem where they, its variant or its parameters cannot be."""
    variant = variant_named(spec.variant)
    return set_for(variant, variant.parameters(**dict(spec.parameters)), spec.causal, spec.weights)


def checked(spec: RunSpec, shape: host_model.ModelShape) -> tuple[Variant, Parameters, Mask]:
    """The variant, parameters and mask of a spec; a Problem for whatever in it cannot be."""
    variant = variant_named(spec.variant)
    parameters = variant.parameters(**dict(spec.parameters))
    if not SHORTEST <= spec.length <= LONGEST:
        raise Problem("bad_length", length=spec.length)
    for what, value, count in (("layer", spec.layer, shape.layers), ("head", spec.head, shape.heads)):
        if not 0 <= value < count:
            raise Problem("bad_layer", what=what, value=value, largest=count - 1)
    mask = Mask(causal=spec.causal)
    variant.check_mask(mask)
    return variant, parameters, mask


def generator_for(seed: int, layer: int, device: str) -> torch.Generator:
    """Each layer draws its own random numbers."""
    return torch.Generator(device=device).manual_seed(seed * 1009 + layer)


def prepare(
    spec: RunSpec,
    model: HostModel,
    cancelled: Callable[[], bool] = lambda: False,
    progress: Callable[[float], None] = lambda fraction: None,
    tokens: Tokens | None = None,
) -> Prepared:
    """Everything up to the chosen layer's ``attend``. ``model`` must be on the spec's device, in its dtype."""
    variant, parameters, mask = checked(spec, model.shape)
    tokens = tokens if tokens is not None else tokenise(spec.text, spec.length, model.tokenizer)
    recorder = Silently(cancelled)
    with torch.no_grad():
        ids = torch.from_numpy(tokens.ids).to(spec.device, torch.int64)[None]
        hidden = host_model.embed(model.weights, ids)
        for index in range(spec.layer + 1):
            progress(index / (spec.layer + 1))
            recorder.check_cancelled()
            layer = HostLayer(model.weights, model.shape, index)
            generator = generator_for(spec.seed, index, spec.device)
            inputs = variant.project(layer, hidden, parameters, generator)
            if index == spec.layer:
                return Prepared(spec, variant, parameters, mask, tokens, inputs, model)
            attended, _ = variant.attend(inputs, parameters, mask, generator=generator, record=recorder)
            del inputs
            hidden = in_blocks_after_attention(model, index, hidden, attended)
    raise AssertionError("unreachable: the chosen layer is within the model")


def in_blocks_after_attention(model: HostModel, index: int, hidden: Tensor, attended: Tensor) -> Tensor:
    """The feed-forward of a layer, in blocks of positions, so that its wide middle is never whole in memory."""
    for start in range(0, hidden.shape[1], ROWS_AT_ONCE):
        rows = slice(start, start + ROWS_AT_ONCE)
        block = host_model.after_attention(model.weights, index, hidden[:, rows], attended[:, :, rows])
        hidden[:, rows] = block
    return hidden


class Silently:
    """Keeps nothing, but stops when the run is no longer wanted."""

    def __init__(self, cancelled: Callable[[], bool]) -> None:
        self._trace = Trace(cancelled)
        self.check_cancelled = self._trace.check_cancelled
        self.step, self.phase = SILENT.step, SILENT.phase
