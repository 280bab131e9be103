"""Which weights ship, what each was trained with, and which of them a run takes.

Reads the cards alone, so that the window, too, knows what is true of the weights in use; no torch.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

from engines.problems import Problem
from engines.variant import Parameters, Value, Variant

HOST = "host_model"
OWN, FULL = "own", "full"
CHOICES = (OWN, FULL)
"""Weights that were trained with the variant, or those that were trained with full attention, for any variant."""


@dataclass(frozen=True)
class WeightSet:
    """A file of weights, as its card tells of it. ``parameters`` are those of the variant it was trained with."""

    name: str
    trained_with: str
    direction: str
    trained_length: int
    tokens: int
    parameters: Mapping[str, Value]

    def serves(self, variant: Variant, parameters: Parameters) -> bool:
        """Whether it was trained with this variant, as far as the choice of weights goes."""
        learned = (setting.name for setting in variant.settings if setting.learned)
        return self.trained_with == variant.name and all(
            self.parameters.get(name, variant.parameters()[name]) == parameters[name] for name in learned
        )

    def other_values(self, variant: Variant, parameters: Parameters) -> dict[str, Value]:
        """The values it was trained with of those parameters that now have another one."""
        shared = (name for name in parameters if name in self.parameters and not is_learned(variant, name))
        return {name: self.parameters[name] for name in shared if self.parameters[name] != parameters[name]}


def is_learned(variant: Variant, name: str) -> bool:
    return any(setting.name == name and setting.learned for setting in variant.settings)


def set_of(name: str, card: Mapping[str, Any]) -> WeightSet:
    """What a card says of the weights beside it; KeyError or TypeError where it says too little."""
    given = card.get("variant_parameters", {})
    return WeightSet(
        name=name,
        trained_with=str(card["trained_with"]),
        direction=str(card["direction"]),
        trained_length=int(card["shape"]["trained_length"]),
        tokens=int(card.get("tokens", 0)),
        parameters={key: tuple(value) if isinstance(value, list) else value for key, value in given.items()},
    )


@cache
def shipped_sets() -> Mapping[str, WeightSet]:
    """All that ship, by name; the host model first."""
    with as_file(files("resources") / "weights") as folder:
        return sets_in(folder)


def sets_in(folder: Path) -> Mapping[str, WeightSet]:
    """The weights of a folder: every card that has its tensors beside it. One that cannot be read is left out."""
    found = {}
    for path in sorted(folder.glob("*.safetensors"), key=lambda path: (path.stem != HOST, path.stem)):
        try:
            found[path.stem] = set_of(path.stem, json.loads(path.with_suffix(".json").read_text(encoding="utf-8")))
        except (OSError, ValueError, KeyError, TypeError):
            continue
    return found


def continued_sets(causal: bool) -> tuple[WeightSet, ...]:
    """Those that were trained on with a variant in place, of one direction."""
    direction = "causal" if causal else "bidirectional"
    return tuple(each for name, each in shipped_sets().items() if name != HOST and each.direction == direction)


def own_sets(variant: Variant, parameters: Parameters) -> tuple[WeightSet, ...]:
    """Those that were trained with the variant, besides the host model."""
    return tuple(each for name, each in shipped_sets().items() if name != HOST and each.serves(variant, parameters))


def set_for(variant: Variant, parameters: Parameters, causal: bool, choice: str) -> WeightSet:
    """The weights that a run takes; its own if there are any, in its direction if there are such.

    Falls back to weights trained with full attention, and at last to the host model.
    """
    if choice not in CHOICES:
        raise Problem("unknown_weights", name=choice, choices=", ".join(CHOICES))
    from engines.variants import variant_named

    direction = "causal" if causal else "bidirectional"
    full = variant_named("full")
    of_full = own_sets(full, full.parameters())
    candidates = (own_sets(variant, parameters) if choice == OWN else ()) or of_full
    same = [each for each in candidates if each.direction == direction]
    found = next(iter(same or candidates), None)
    return found or shipped_sets().get(HOST) or nothing_known()


def nothing_known() -> WeightSet:
    """Where no card can be read: the engine says what is wrong with the files."""
    return WeightSet(HOST, "full", "causal", 0, 0, {})
