"""What the user has chosen, as one frozen value of panes, replaced whole; what changed between two; load and save."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from types import MappingProxyType
from typing import Any, Literal

from engines.messages import Budget, RunSpec, TextSource
from engines.problems import Problem
from engines.samples import sample_named, source_of
from engines.variant import Parameters, Value
from engines.variants import variant_named
from engines.weight_sets import OWN, WeightSet, set_for

FORMAT = 1
DEFAULT_SAMPLE = "tale-of-two-cities"
DEFAULT_VARIANT = "longformer"

LONGEST_PATH = 4096
DTYPES = ("float32", "bfloat16", "float16")


@dataclass(frozen=True)
class Text:
    """Where the text comes from: ``value`` is a sample's id, the words themselves, or a path."""

    kind: Literal["sample", "typed", "file"] = "sample"
    value: str = DEFAULT_SAMPLE

    def source(self) -> TextSource:
        """What the engine reads."""
        if self.kind == "file":
            return TextSource(path=self.value)
        return source_of(self.value) if self.kind == "sample" else TextSource(text=self.value)


@dataclass(frozen=True)
class Pane:
    """One picture: what runs, on which text, and how it is looked at.

    ``settings`` keeps the parameters that were changed, per variant, so that going back to a variant finds them again.
    """

    variant: str = DEFAULT_VARIANT
    settings: Mapping[str, Mapping[str, Value]] = field(default_factory=dict)
    text: Text = field(default_factory=Text)
    length: int = 64
    causal: bool = True
    layer: int = 1
    head: int = 0
    seed: int = 0
    device: str = "cpu"
    dtype: str = "float32"
    view: str = "pattern"  # a view of the run's steps, or a study's name
    locked: int = -1
    logarithmic: bool = False
    hash_round: int = 0
    weights: str = OWN

    def parameters(self) -> Parameters:
        """The chosen variant's parameters, checked."""
        return variant_named(self.variant).parameters(**self.settings.get(self.variant, {}))

    def with_parameter(self, name: str, value: Value) -> Pane:
        """The pane with one parameter of the chosen variant changed; a Problem where the value cannot be."""
        own = {**self.settings.get(self.variant, {}), name: value}
        checked = variant_named(self.variant).parameters(**own)
        return replace(self, settings={**self.settings, self.variant: {**own, name: checked[name]}})

    def spec(self) -> RunSpec:
        """What the engine is asked to run."""
        return RunSpec(
            variant=self.variant,
            text=self.text.source(),
            length=self.length,
            parameters=tuple(self.parameters().items()),
            causal=self.causal,
            layer=self.layer,
            head=self.head,
            seed=self.seed,
            device=self.device,
            dtype=self.dtype,
            weights=self.weights,
        )

    def weight_set(self) -> WeightSet:
        """The weights that it runs with."""
        variant, parameters = variant_named(self.variant), self.parameters()
        try:
            return set_for(variant, parameters, self.causal, self.weights)
        except Problem:  # a folder that is gone: the engine says so when it runs
            return set_for(variant, parameters, self.causal, OWN)


@dataclass(frozen=True)
class Session:
    """Everything the user has chosen."""

    panes: tuple[Pane, ...] = (Pane(),)
    active: int = 0
    budget: Budget = field(default_factory=Budget)

    @property
    def pane(self) -> Pane:
        return self.panes[self.active]

    def with_pane(self, pane: Pane) -> Session:
        """The session with its active pane replaced."""
        return replace(self, panes=(*self.panes[: self.active], pane, *self.panes[self.active + 1 :]))


def image_width(pane: Pane) -> int:
    """The width in pixels of the image that is the pane's text; 0 where it is a text."""
    return sample_named(pane.text.value).width if pane.text.kind == "sample" else 0


RUN_FIELDS = frozenset(
    {"variant", "settings", "text", "length", "causal", "layer", "seed", "device", "dtype", "weights"}
)
"""A change in one of these needs a new run; the others are only ways of looking."""


def changed(old: Pane, new: Pane) -> frozenset[str]:
    """Names of the fields that differ."""
    names = {f.name for f in fields(Pane) if getattr(old, f.name) != getattr(new, f.name)}
    if "settings" in names and old.variant == new.variant and old.parameters() == new.parameters():
        names.discard("settings")
    return frozenset(names)


def needs_run(old: Pane, new: Pane) -> bool:
    return bool(changed(old, new) & RUN_FIELDS)


def to_json(session: Session) -> str:
    """The session as readable text."""
    return json.dumps({"format": FORMAT, **asdict(session)}, indent=1, ensure_ascii=False, default=dict)


def from_json(text: str) -> Session:
    """A session from its text; a Problem where it is not one. Nothing in it is run, and no file is read."""
    try:
        raw = json.loads(text)
        if raw["format"] != FORMAT:
            raise ValueError(f"format {raw['format']}")
        panes = tuple(pane_from(each) for each in raw["panes"])
        active = raw["active"]
        if type(active) is not int or not 0 <= active < len(panes):
            raise ValueError(f"active is {active!r}")
        return Session(panes, active, budget_from(raw["budget"]))
    except Problem as problem:
        raise Problem("bad_session", reason=shortened(str(problem))) from None
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError) as error:
        raise Problem("bad_session", reason=shortened(str(error)) or type(error).__name__) from None


def shortened(reason: str) -> str:
    """What was wrong, short enough for one line, and without anything that is no text."""
    return " ".join(reason.encode("utf-8", errors="replace").decode("utf-8").split())[:80].rstrip(" .")


def budget_from(raw: Mapping[str, Any]) -> Budget:
    """A budget from its dictionary: seconds above 0, a share of the memory above 0 and up to 1."""
    seconds, share = (float(raw[each.name]) for each in fields(Budget))
    if not (0 < seconds < float("inf") and 0 < share <= 1):
        raise ValueError(f"budget is {seconds} s and {share}")
    return Budget(seconds, share)


VIEW_NAME = re.compile(r"[a-z][a-z0-9-]{0,40}")
"""What a view may be called; one that a run does not have is shown as its pattern."""

RANGES: Mapping[str, tuple[int, int]] = MappingProxyType(
    {
        "length": (1, 1_048_576),
        "layer": (0, 1023),
        "head": (0, 1023),
        "seed": (0, 2**31),
        "locked": (-1, 1_048_575),
        "hash_round": (0, 1023),
    }
)
"""What a stored number may be, whatever the model; the engine checks layer and head against the one there is."""


def pane_from(raw: Mapping[str, Any]) -> Pane:
    """A pane from its dictionary, each value of the type and in the range it must have, each parameter checked."""
    plain = {}
    for each in fields(Pane):
        value = raw.get(each.name, Pane.weights) if each.name == "weights" else raw[each.name]  # older files lack it
        low, high = RANGES.get(each.name, (0, 0))
        if each.name not in ("settings", "text"):
            if type(value) is not type(getattr(Pane(), each.name)) or (
                each.name in RANGES and not low <= value <= high
            ):
                raise ValueError(f"{each.name} is {value!r}")
            plain[each.name] = value
    if (
        not VIEW_NAME.fullmatch(plain["view"])
        or plain["dtype"] not in DTYPES
        or not 0 < len(plain["weights"]) < LONGEST_PATH
    ):
        raise ValueError(f"view is {plain['view']!r}, dtype is {plain['dtype']!r}, weights are {plain['weights']!r}")
    variant_named(plain["variant"])
    return Pane(text=text_from(raw["text"]), settings=settings_from(raw["settings"]), **plain)


def text_from(raw: Mapping[str, Any]) -> Text:
    """A text from its dictionary; a sample must be one that ships."""
    text = Text(**raw)
    if text.kind not in ("sample", "typed", "file") or not isinstance(text.value, str):
        raise ValueError(f"text is {text.kind!r}")
    if text.kind == "sample":
        sample_named(text.value)
    return text


def settings_from(raw: Mapping[str, Mapping[str, Any]]) -> dict[str, dict[str, Value]]:
    """The changed parameters of every variant, checked."""
    settings = {}
    for name, own in raw.items():
        given = {key: tuple(value) if isinstance(value, list) else value for key, value in own.items()}
        checked = variant_named(name).parameters(**given)
        settings[name] = {key: checked[key] for key in given}
    return settings
