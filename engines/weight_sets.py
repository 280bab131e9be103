"""Which weights ship, what each was trained with, and which of them a run takes.

Reads the cards alone, so that the window, too, knows what is true of the weights in use; no torch.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

from engines.problems import Problem
from engines.variant import Parameters, Value, Variant

HOST, TOKENIZER = "host_model", "tokenizer.json"
OWN, FULL = "own", "full"
CHOICES = (OWN, FULL)
"""Weights that were trained with the variant, or those that were trained with full attention, for any variant. Any
other choice is a folder of somebody's own, as ``python -m engines.train`` writes it."""
DIGEST = re.compile(r"sha256 [0-9a-f]{64}")
"""How weights of somebody's own are named where no folder may be: by what is in their files."""


@dataclass(frozen=True)
class WeightSet:
    """A file of weights, as its card tells of it. ``parameters`` are those of the variant it was trained with;
    ``folder`` is where it lies, empty for those that ship."""

    name: str
    trained_with: str
    direction: str
    trained_length: int
    tokens: int
    parameters: Mapping[str, Value]
    folder: str = ""

    def serves(self, variant: Variant, parameters: Parameters) -> bool:
        """Whether it was trained with this variant, as far as the choice of weights goes."""
        learned = (setting for setting in variant.settings if setting.learned)
        return self.trained_with == variant.name and all(
            self.parameters.get(setting.name, setting.default) == parameters[setting.name] for setting in learned
        )

    def other_values(self, variant: Variant, parameters: Parameters) -> dict[str, Value]:
        """The values it was trained with of those parameters that now have another one."""
        shared = (name for name in parameters if name in self.parameters and not is_learned(variant, name))
        return {name: self.parameters[name] for name in shared if self.parameters[name] != parameters[name]}


def is_learned(variant: Variant, name: str) -> bool:
    return any(setting.name == name and setting.learned for setting in variant.settings)


def set_of(name: str, card: Mapping[str, Any], folder: str = "") -> WeightSet:
    """What a card says of the weights beside it; KeyError or TypeError where it says too little."""
    given = card.get("variant_parameters", {})
    return WeightSet(
        name=name,
        trained_with=str(card["trained_with"]),
        direction=str(card["direction"]),
        trained_length=int(card["shape"]["trained_length"]),
        tokens=int(card.get("tokens", 0)),
        parameters={key: tuple(value) if isinstance(value, list) else value for key, value in given.items()},
        folder=folder,
    )


@cache
def shipped_sets() -> Mapping[str, WeightSet]:
    """All that ship, by name; the host model first."""
    with as_file(files("resources") / "weights") as folder:
        return sets_in(folder)


def opened_sets(path: str) -> Mapping[str, WeightSet]:
    """The weights of a folder of somebody's own; a Problem where there are none."""
    try:
        cards = sorted((str(card), card.stat().st_mtime_ns) for card in Path(path).glob("*.json"))
    except (OSError, ValueError):
        cards = []
    found = _read_once(path, tuple(cards))
    if not found:
        raise Problem("no_weights_there", path=path)
    return found


@lru_cache(maxsize=8)
def _read_once(path: str, cards: tuple[tuple[str, int], ...]) -> Mapping[str, WeightSet]:
    """``cards`` with their times: a folder that was trained anew is read anew."""
    return sets_in(Path(path), path) if cards else {}


def digest_of(weights: WeightSet) -> str:
    """Of weights of somebody's own: tensors, card and tokenizer, wherever they lie; empty for those that ship.

    A Problem where a file cannot be read.
    """
    if not weights.folder:
        return ""
    folder = Path(weights.folder)
    files = (folder / f"{weights.name}.safetensors", folder / f"{weights.name}.json", folder / TOKENIZER)
    try:
        states = ((str(file), file.stat()) for file in files)
        return _digest_once(tuple((path, state.st_mtime_ns, state.st_size) for path, state in states))
    except OSError as error:
        raise Problem("weights_unreadable", path=str(error.filename), reason=error.strerror or str(error)) from None


@lru_cache(maxsize=8)
def _digest_once(files: tuple[tuple[str, int, int], ...]) -> str:
    """``files`` with times and sizes: what was trained anew is read anew."""
    whole = hashlib.sha256()
    for path, _, _ in files:
        with open(path, "rb") as file:
            whole.update(hashlib.file_digest(file, "sha256").digest())
    return f"sha256 {whole.hexdigest()}"


def sets_in(folder: Path, named: str = "") -> Mapping[str, WeightSet]:
    """The weights of a folder: every card that has its tensors beside it. One that cannot be read is left out."""
    found = {}
    for path in sorted(folder.glob("*.safetensors"), key=lambda path: (path.stem != HOST, path.stem)):
        try:
            card = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
            found[path.stem] = set_of(path.stem, card, named)
        except (OSError, ValueError, KeyError, TypeError):
            continue
    return found


def continued_sets(causal: bool) -> tuple[WeightSet, ...]:
    """Those that were trained on with a variant in place, of one direction."""
    direction = "causal" if causal else "bidirectional"
    return tuple(each for name, each in shipped_sets().items() if name != HOST and each.direction == direction)


def own_sets(
    variant: Variant, parameters: Parameters, sets: Mapping[str, WeightSet] | None = None
) -> tuple[WeightSet, ...]:
    """Those that were trained with the variant, besides the host model; of the sets that ship if none are given."""
    among = shipped_sets() if sets is None else sets
    return tuple(each for name, each in among.items() if name != HOST and each.serves(variant, parameters))


def set_for(variant: Variant, parameters: Parameters, causal: bool, choice: str) -> WeightSet:
    """The weights that a run takes; its own if there are any, in its direction if there are such.

    Falls back to weights trained with full attention, and at last to the host model. A Problem where ``choice`` is a
    folder without weights.
    """
    from engines.variants import variant_named

    sets = shipped_sets() if choice in CHOICES else opened_sets(choice)
    full = variant_named("full")
    own = () if choice == FULL else own_sets(variant, parameters, sets)
    candidates = own or own_sets(full, full.parameters(), sets)
    direction = "causal" if causal else "bidirectional"
    same = [each for each in candidates if each.direction == direction]
    found = next(iter(same or candidates), None) or sets.get(HOST)
    return found or next(iter(sets.values()), nothing_known())


def nothing_known() -> WeightSet:
    """Where no card can be read: the engine says what is wrong with the files."""
    return WeightSet(HOST, "full", "causal", 0, 0, {})
