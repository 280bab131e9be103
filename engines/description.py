"""A variant from outside as the window knows it: what it declares, as plain data, never its code.

The file or package that defines it is loaded in the engine process alone. What that sends is a ``VariantDescription``;
in the window's process a ``DescribedVariant`` is made from it, so that menus, forms, colours and tabs read it like any
other. Its pattern comes with each run, and it never runs there.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Never

from engines.study import Panel, Question, Study
from engines.trace import SILENT, Recorder, Step
from engines.variant import Cost, Inputs, Mask, Paper, Parameter, Parameters, Shape, State, Variant

if TYPE_CHECKING:
    import torch
    from torch import Tensor

    from engines.patterns import Pattern

GROUP = "attnscope.variants"
"""The entry points by which installed packages offer variants."""

DECLARED = (
    "name",
    "label",
    "short_label",
    "order",
    "paper",
    "summary",
    "complexity",
    "settings",
    "masks",
    "step_names",
    "weights_note",
    "mask_reason",
    "mask_study",
    "implied_weights",
)
"""What a variant declares about itself, besides its studies."""


@dataclass(frozen=True)
class StudyDescription:
    """A study of a variant's own: its words, and the masks under which it applies."""

    name: str
    label: str
    help: str
    order: int
    follows_locked: bool
    masks: tuple[str, ...]


@dataclass(frozen=True)
class VariantDescription:
    """What a variant declares, and ``source``, the file or the entry point it is from."""

    source: str
    name: str
    label: str
    short_label: str
    order: int
    paper: Paper
    summary: str
    complexity: str
    settings: tuple[Parameter, ...]
    masks: tuple[str, ...]
    step_names: tuple[str, ...]
    weights_note: str
    mask_reason: str
    mask_study: str
    implied_weights: bool
    studies: tuple[StudyDescription, ...]


def in_words(source: str) -> str:
    """A source as people are told it: of a file, the name alone."""
    return Path(source).name if Path(source).is_absolute() else source


def describe(variant: Variant, source: str) -> VariantDescription:
    """What crosses to the window's process."""
    studies = tuple(describe_study(study, variant) for study in variant.studies)
    return VariantDescription(source, **{name: getattr(variant, name) for name in DECLARED}, studies=studies)


def describe_study(study: Study, variant: Variant) -> StudyDescription:
    masks = tuple(mask for mask in variant.masks if study.applies(variant, mask == "causal"))
    return StudyDescription(study.name, study.label, study.help, study.order, study.follows_locked, masks)


class DescribedStudy(Study):
    """A study that the engine answers."""

    def __init__(self, description: StudyDescription) -> None:
        self.description = description
        for name in ("name", "label", "help", "order", "follows_locked"):
            setattr(self, name, getattr(description, name))

    def applies(self, variant: Variant, causal: bool) -> bool:
        return ("causal" if causal else "bidirectional") in self.description.masks

    def answer(self, question: Question) -> Iterator[tuple[Panel, ...]]:
        not_here(self.description.label)


class DescribedVariant(Variant):
    """A variant that the engine process has; here there is only what it declares."""

    def __init__(self, description: VariantDescription) -> None:
        self.source = description.source
        for name in DECLARED:
            setattr(self, name, getattr(description, name))
        studies = tuple(DescribedStudy(study) for study in description.studies)
        setattr(self, "studies", studies)  # noqa: B010 - each description makes a variant; the class has none

    def attend(
        self,
        inputs: Inputs,
        parameters: Parameters,
        mask: Mask,
        state: State | None = None,
        generator: torch.Generator | None = None,
        record: Recorder = SILENT,
    ) -> tuple[Tensor, State | None]:
        not_here(self.label)

    def pattern(self, shape: Shape, parameters: Parameters, steps: Sequence[Step] = ()) -> Pattern:
        not_here(self.label)

    @property
    def pattern_needs_steps(self) -> bool:
        """The engine sends it with the steps."""
        return True

    def cost(self, shape: Shape, parameters: Parameters) -> Cost:
        not_here(self.label)


def not_here(label: str) -> Never:
    raise AssertionError(f"{label} runs in the engine process; here is only what it declares")
