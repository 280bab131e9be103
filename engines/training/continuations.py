"""The host model read on with a variant in place: what each set of weights that ships was trained with.

All read the same texts in the same order, equally many of them and with the same seed, so that what differs between
two of them is the attention alone. Sizes suit texts of the trained length: a reader sees windows, segments, strides and
buckets that leave something out there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from engines.host_model import ModelShape
from engines.training.corpus import Recipe
from engines.training.run import Progress
from engines.variant import Parameters, Variant
from engines.variant_model import VariantModel
from engines.variants import variant_named

if TYPE_CHECKING:
    import torch
    from torch import Tensor
else:
    from engines.lazy_torch import torch

READING = Recipe(sequences=4, length=1024, repeated=0.08, copied=0.04)
TOTAL_TOKENS = 4_000_000
PEAK_RATE, WARM_UP_STEPS, LAST_RATE = 1.5e-3, 50, 0.02


@dataclass(frozen=True)
class Continuation:
    """One set of weights: the variant in place, its parameters, and which way it looks."""

    name: str  # of its files
    variant: str
    settings: Mapping[str, object] = field(default_factory=dict)
    causal: bool = True

    def parameters(self) -> Parameters:
        return variant_named(self.variant).parameters(**self.settings)

    @property
    def direction(self) -> str:
        return "causal" if self.causal else "bidirectional"

    @property
    def objective(self) -> str:
        return "next token" if self.causal else "masked tokens"


CONTINUATIONS = {
    each.name: each
    for each in (
        Continuation("full", "full"),
        Continuation("linear-transformer", "linear-transformer"),
        Continuation("performer", "performer", {"m": 128}),
        Continuation("longformer", "longformer",
                     {"window": (64, 128, 256, 512), "dilation": (1, 1, 2, 2), "dilated_from": 3,
                      "global_tokens": "none"}),
        Continuation("reformer", "reformer", {"chunk_length": 32, "rounds": 2}),
        Continuation("transformer-xl", "transformer-xl", {"segment": 128, "memory": 128}),
        Continuation("sparse-strided", "sparse-transformer", {"scheme": "strided", "stride": 32}),
        Continuation("sparse-fixed", "sparse-transformer", {"scheme": "fixed", "stride": 32, "summary": 8}),
        Continuation("attention-sinks", "attention-sinks", {"sinks": 4, "window": 128}),
        Continuation("bigbird", "bigbird", {"block": 16, "random_blocks": 2}),
        Continuation("full-shared-qk", "full", {"shared_qk": True}),
        Continuation("full-bidirectional", "full", causal=False),
        Continuation("linformer", "linformer", {"k": 32, "sharing": "key-value"}, causal=False),
    )
}  # fmt: skip


def rate_at(progress: Progress, total_tokens: int) -> float:
    """Warm up, then fall linearly to 2 %."""
    done = progress.tokens / total_tokens
    return PEAK_RATE * min(1.0, (progress.step + 1) / WARM_UP_STEPS) * (1 - (1 - LAST_RATE) * done)


@dataclass(frozen=True)
class ContinuedTask:
    """A host model's weights, trained on with a variant in place. ``base`` says which weights those were."""

    continuation: Continuation
    start: Mapping[str, Tensor]
    start_shape: ModelShape
    base: str
    blank_piece: int
    total_tokens: int = TOTAL_TOKENS
    seed: int = 0
    recipe_of_all: Recipe = READING

    @property
    def name(self) -> str:
        return self.continuation.name

    @property
    def shape(self) -> ModelShape:
        return replace(self.start_shape, trained_length=self.recipe_of_all.length)

    @property
    def variant(self) -> Variant:
        return variant_named(self.continuation.variant)

    def identity(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "parameters": {name: str(value) for name, value in self.continuation.parameters().items()},
            "base": self.base,
            "total_tokens": self.total_tokens,
            "seed": self.seed,
        }

    def initial_weights(self) -> Mapping[str, Tensor]:
        """The host model's, and what the variant needs besides, drawn."""
        generator = torch.Generator().manual_seed(self.seed)
        own: dict[str, Tensor] = {}
        for layer in range(self.shape.layers):
            drawn = self.variant.layer_weights(self.shape, self.continuation.parameters(), generator)
            own |= {f"layers.{layer}.{name}": tensor for name, tensor in drawn.items()}
        like = self.start["embedding"]
        return {**self.start, **{name: tensor.to(like.device, like.dtype) for name, tensor in own.items()}}

    def model(self, weights: Mapping[str, Tensor]) -> VariantModel:
        continuation = self.continuation
        return VariantModel(
            weights, self.shape, self.variant, continuation.parameters(), continuation.causal, self.blank_piece
        )

    def recipe(self, progress: Progress) -> Recipe:
        return self.recipe_of_all

    def rate(self, progress: Progress) -> float:
        return rate_at(progress, self.total_tokens)
