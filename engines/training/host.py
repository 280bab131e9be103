"""The host model from its first step: what it is trained on, how fast, and with what.

The recipe was found by trial: short sequences rich in repetition until induction heads form (they form suddenly), then
longer ones of mostly plain text; see docs/training.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from engines.host_model import ModelShape, initial_weights
from engines.training.corpus import Recipe
from engines.training.run import Progress
from engines.variant_model import VariantModel
from engines.variants import variant_named

if TYPE_CHECKING:
    import torch
    from torch import Tensor
else:
    from engines.lazy_torch import torch

COPYING = Recipe(sequences=16, length=96, repeated=0.35, copied=0.35)
READING = Recipe(sequences=12, length=256, repeated=0.08, copied=0.04)
READING_LONG = Recipe(sequences=6, length=512, repeated=0.08, copied=0.04)
SIZES = {
    "small": ModelShape(layers=4, heads=4, width=128, feed_forward=512, vocabulary=4096, trained_length=512),
    "tiny": ModelShape(layers=2, heads=2, width=64, feed_forward=256, vocabulary=2048, trained_length=512),
    "medium": ModelShape(layers=6, heads=6, width=192, feed_forward=768, vocabulary=4096, trained_length=512),
    "large": ModelShape(layers=8, heads=8, width=512, feed_forward=2048, vocabulary=8192, trained_length=512),
}
PEAK_RATE, WARM_UP_STEPS, LAST_RATE = 3e-3, 100, 0.02


def learning_rate(step: int, done: float) -> float:
    """Warm up, stay until half of the tokens are read, then fall linearly to 2 %. ``done`` in 0…1."""
    rate = PEAK_RATE * min(1.0, (step + 1) / WARM_UP_STEPS)
    return rate if done < 0.5 else rate * (1 - (1 - LAST_RATE) * (done - 0.5) * 2)


def recipe_at(progress: Progress, total_tokens: int) -> Recipe:
    """Copying until induction is found, then reading; the last quarter at full length."""
    if progress.induction_tokens is None:
        return COPYING
    return READING if progress.tokens < 0.75 * total_tokens else READING_LONG


@dataclass(frozen=True)
class HostTask:
    """The host model, with full attention. Its checkpoint is known by its seed."""

    shape: ModelShape
    total_tokens: int
    seed: int
    device: str = "cpu"
    name: str = "host_model"

    def identity(self) -> dict[str, Any]:
        return {"shape": self.shape.as_dict(), "total_tokens": self.total_tokens, "seed": self.seed}

    def initial_weights(self) -> Mapping[str, Tensor]:
        drawn = initial_weights(self.shape, torch.Generator().manual_seed(self.seed))
        return {name: tensor.to(self.device) for name, tensor in drawn.items()}

    def model(self, weights: Mapping[str, Tensor]) -> VariantModel:
        full = variant_named("full")
        return VariantModel(weights, self.shape, full, full.parameters())

    def recipe(self, progress: Progress) -> Recipe:
        return recipe_at(progress, self.total_tokens)

    def rate(self, progress: Progress) -> float:
        return learning_rate(progress.step, progress.tokens / self.total_tokens)
