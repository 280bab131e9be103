"""What the user has chosen, as one frozen value of panes, replaced whole; and what changed between two. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Literal

from engines.messages import Budget, RunSpec, TextSource
from engines.problems import Problem
from engines.samples import sample_named, source_of
from engines.variant import Parameters, Value
from engines.variants import variant_named
from engines.weight_sets import OWN, WeightSet, set_for

DEFAULT_SAMPLE = "tale-of-two-cities"
DEFAULT_VARIANT = "longformer"


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
    zoom: tuple[float, ...] = ()  # x0, x1, y0, y1 of the pairs in view, in tokens; empty for all of them

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
class Play:
    """What the transport plays ("steps" or "length"), and at which share 0…1 of it the playhead stands."""

    mode: str = "steps"
    share: float = 1.0
    speed: float = 1.0
    loop: bool = False


LINKED = ("view", "length", "locked", "logarithmic", "zoom")
"""What all panes have in common, so that they can be compared; one that has not the view shows its pattern."""


@dataclass(frozen=True)
class StageScene:
    """A state of everything under a name, for the stage. ``caption`` may name numbers of the runs in braces; ``notes``
    are for the speaker alone. The state has no scenes of its own."""

    name: str
    state: Session
    caption: str = ""
    notes: str = ""


@dataclass(frozen=True)
class Session:
    """Everything the user has chosen. ``one_text``: a text that is chosen is chosen for all panes."""

    panes: tuple[Pane, ...] = (Pane(),)
    active: int = 0
    budget: Budget = field(default_factory=Budget)
    play: Play = field(default_factory=Play)
    theme: str = "dark"
    one_text: bool = True
    scenes: tuple[StageScene, ...] = ()

    @property
    def pane(self) -> Pane:
        return self.panes[self.active]

    def with_pane(self, pane: Pane) -> Session:
        """The session with its active pane replaced, and what all panes have in common set in the others."""
        common = {name: getattr(pane, name) for name in LINKED}
        if self.one_text and pane.text != self.pane.text:
            common["text"] = pane.text
        others = tuple(replace(each, **common) for each in self.panes)
        return replace(self, panes=(*others[: self.active], pane, *others[self.active + 1 :]))

    def with_another_pane(self, pane: Pane) -> Session:
        """One more pane after the active one, and active now."""
        place = self.active + 1
        return replace(self, panes=(*self.panes[:place], pane, *self.panes[place:]), active=place)

    def without_pane(self, index: int) -> Session:
        """The session without one of its panes; the last one stays."""
        if len(self.panes) == 1:
            return self
        active = self.active - (self.active > index or self.active == len(self.panes) - 1)
        return replace(self, panes=(*self.panes[:index], *self.panes[index + 1 :]), active=max(0, active))


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
