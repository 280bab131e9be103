"""The models that ship, each as it was trained: for questions that compare them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import as_file, files
from typing import Any

from engines.variant import Variant
from engines.variant_model import VariantModel, blank_piece
from engines.variants import variant_named
from engines.weight_sets import WeightSet, continued_sets, shipped_sets
from engines.weights import load_card, shipped_model
from engines.words import Words


@dataclass(frozen=True)
class Trained:
    """A set of weights, its variant, and what its card says."""

    weights: WeightSet
    variant: Variant
    card: dict[str, Any]

    @property
    def label(self) -> str:
        """The variant's label, and what tells it from others of the same variant."""
        told = []
        for setting in self.variant.settings:
            value = self.weights.parameters.get(setting.name)
            if setting.learned and setting.kind == "choice":
                told.append(str(value))
            elif setting.learned and value is True:
                told.append(setting.label)
        values = {"label": self.variant.label, "told": ", ".join(told)}
        return Words("{label} ({told})", values) if told else self.variant.label

    @property
    def bits_per_byte(self) -> float:
        """Held-out text, the mean of its languages."""
        means = self.card["mean_bits_per_byte"].values()
        return float(sum(means) / len(means))

    def model(self) -> VariantModel:
        return trained_model(self.weights.name)


def trained(causal: bool) -> Sequence[Trained]:
    """Every set that was trained on with a variant in place, of one direction; in the variants' order."""
    sets = continued_sets(causal)
    found = [Trained(each, variant_named(each.trained_with), card_of(each.name)) for each in sets]
    return sorted(found, key=lambda each: (each.variant.order, each.weights.name))


def card_of(name: str) -> dict[str, Any]:
    """The card of a set that ships; a Problem where it cannot be read."""
    with as_file(files("resources") / "weights") as folder:
        return load_card(folder / f"{name}.json")[0]


@lru_cache(maxsize=16)
def trained_model(name: str) -> VariantModel:
    """The weights of that name with the variant and the parameters that they were trained with."""
    loaded, weights = shipped_model(name), shipped_sets()[name]
    variant = variant_named(weights.trained_with)
    return VariantModel(
        loaded.weights,
        loaded.shape,
        variant,
        variant.parameters(**weights.parameters),
        weights.direction == "causal",
        blank_piece(loaded.tokenizer),
    )
