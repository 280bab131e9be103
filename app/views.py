"""The views of the picture: which there are for a run, in the order of their tabs. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from PySide6.QtCore import QCoreApplication

from app.run_state import KINDS, kind_of
from app.session import Pane, image_width
from engines.studies import general_studies, studies_of
from engines.trace import Step
from engines.variant import Shape, Variant
from engines.variants import variant_named, variants
from widgets.given_words import said

STEP_VIEWS: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "buckets": frozenset({"groups", "order", "blocks"}),
        "segments": frozenset({"segments"}),
        "state": frozenset({"state"}),
        "products": frozenset({"products"}),
    }
)
"""A view made from a run's own steps -> the kinds of step it needs."""

CLOSENESS = next(study for study in general_studies() if study.name == "closeness")
BESIDE = frozenset({CLOSENESS.name})
"""Studies that are shown beside every picture, not in place of it."""


@dataclass(frozen=True)
class View:
    """One tab. ``study`` says that the engine is asked for it when somebody looks."""

    name: str
    label: str
    help: str
    study: bool = False


def tr(text: str) -> str:
    return QCoreApplication.translate("views", text)


def step_views() -> tuple[View, ...]:
    """The views of a run's own steps."""
    return (
        View("pattern", tr("Pattern"), tr("Which pairs are kept")),
        View("weights", tr("Weights"), tr("The attention weights")),
        View("buckets", tr("Buckets"), tr("Hash, sort, chunk, attend")),
        View("fold", tr("Grid"), tr("The positions folded into a grid, as the locked token sees them")),
        View("segments", tr("Segments"), tr("Segments through the layers, and what is cached")),
        View("state", tr("State"), tr("The running state, filling token by token")),
        View("products", tr("Products"), tr("The matrices that are multiplied")),
    )


def difference_views() -> tuple[View, ...]:
    """Offered where several panes are compared."""
    return (
        View("difference", tr("Difference"), tr("Pairs that this pane or the first one alone keeps")),
        View("weights-difference", tr("Weights a − b"), tr("This pane’s weights minus the first one’s")),
    )


def view_names() -> tuple[str, ...]:
    """Every view there is, of any variant."""
    own = (study for variant in variants().values() for study in variant.studies)
    names = [*(view.name for view in step_views()), *(study.name for study in (*own, *general_studies()))]
    return tuple(name for name in dict.fromkeys(names) if name not in BESIDE)


def kinds_of(steps: Iterable[Step]) -> frozenset[str]:
    return frozenset(kind_of(step.data) for step in steps)


def declared_kinds(variant: Variant) -> frozenset[str]:
    """Kinds of the steps that a variant says it records, before any run; none where it does not say."""
    return frozenset(KINDS[record] for record in variant.records)


def views_of(pane: Pane, kinds: frozenset[str]) -> tuple[View, ...]:
    """The views of a pane whose run has steps of these kinds."""
    variant = variant_named(pane.variant)
    shape = Shape(pane.length, pane.length, layer=pane.layer, head=pane.head, causal=pane.causal)
    folds = image_width(pane) > 0 or variant.fold_width(shape, pane.parameters()) > 1
    own = tuple(
        view
        for view in step_views()
        if (folds if view.name == "fold" else STEP_VIEWS.get(view.name, frozenset()) <= kinds)
    )
    asked = tuple(
        View(study.name, said(study.label), said(study.help), study=True)
        for study in studies_of(variant, pane.causal)
        if study.name not in BESIDE
    )
    return own + asked
