"""What a pane among others is, how it differs from them, and its numbers beside the first one's. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QCoreApplication

from app.presenters import allowed_pairs, percent, setting_in_words, value_in_words
from app.run_state import RunState
from app.session import Pane
from app.theme import variant_colour
from engines.samples import sample_named
from engines.variants import variant_named
from engines.weight_sets import CHOICES
from widgets.given_words import said
from widgets.pane_header import PaneHeading
from widgets.quantities import bytes_text, error_text, seconds_text, three_digits
from widgets.view_data import Theme


def tr(text: str) -> str:
    return QCoreApplication.translate("panes", text)


def pane_heading(
    pane: Pane,
    run: RunState,
    panes: Sequence[Pane],
    first: RunState,
    index: int,
    theme: Theme,
    recorded: str = "",
    output_error: float | None = None,
) -> PaneHeading:
    """The head line of pane ``index``; ``first`` is the run of the pane that all are held against.

    ``recorded`` says where and when the run was made that is shown while the engine is not there; ``output_error`` is
    how far its output lies from the first pane's, relative to that.
    """
    variant = variant_named(pane.variant)
    marks = [tr("recorded on {where}").format(where=recorded)] if recorded else []
    details = " · ".join((*marks, *differing(pane, panes)))
    numbers = " · ".join(numbers_of(run, first if index else RunState(), output_error))
    return PaneHeading(said(variant.label), details, numbers, variant_colour(variant.order, theme))


def differing(pane: Pane, panes: Sequence[Pane]) -> tuple[str, ...]:
    """What tells the pane from the others: parameters that differ among panes of its variant, and ways of running."""
    parts = []
    same = [other for other in panes if other.variant == pane.variant]
    own = pane.parameters()
    for setting in variant_named(pane.variant).settings:
        if any(other.parameters()[setting.name] != own[setting.name] for other in same):
            parts.append(setting_in_words(said(setting.label), value_in_words(own[setting.name], setting.zero)))
    weights = pane.weights if pane.weights in CHOICES else Path(pane.weights).name
    ways = {
        "layer": tr("layer {n}").format(n=pane.layer + 1),
        "head": tr("head {n}").format(n=pane.head + 1),
        "seed": tr("seed {n}").format(n=pane.seed),
        "causal": tr("causal") if pane.causal else tr("bidirectional"),
        "weights": tr("weights {name}").format(name=weights),
        "text": text_name(pane),
        "device": pane.device,
        "dtype": pane.dtype,
    }
    parts += [words for name, words in ways.items() if any(getattr(o, name) != getattr(pane, name) for o in panes)]
    return tuple(parts)


def text_name(pane: Pane) -> str:
    """A few words that tell texts apart."""
    if pane.text.kind == "sample":
        return said(sample_named(pane.text.value).title)
    return Path(pane.text.value).name if pane.text.kind == "file" else "“" + pane.text.value.strip()[:24] + "…”"


def numbers_of(run: RunState, first: RunState, output_error: float | None = None) -> tuple[str, ...]:
    """Time and peak memory, with their ratio to the first pane's where both were measured, the output's distance from
    that one's, and the share of pairs: last, because it also stands below the pattern."""
    parts = [] if run.refused is None and run.failed is None else [tr("not run")]
    own, other = run.measurements.get("variant"), first.measurements.get("variant")
    if own is not None and own.seconds:
        parts.append(seconds_text(own.seconds) + ratio(own.seconds, other.seconds if other else None))
    if own is not None and own.peak_bytes:
        parts.append(bytes_text(own.peak_bytes) + ratio(own.peak_bytes, other.peak_bytes if other else None))
    if output_error is not None:
        parts.append(tr("output {share} % from the first’s").format(share=error_text(output_error)))
    if run.traced is not None and run.spec is not None and not variant_named(run.spec.variant).implied_weights:
        share = percent(run.traced.pairs_kept, allowed_pairs(run.spec.length, run.spec.causal))
        parts.append(tr("{share} % of pairs kept").format(share=share))
    return tuple(parts)


def ratio(own: float, first: float | None) -> str:
    """How many times the first pane's."""
    factor = own / first if first else 0.0
    if not factor:
        return ""
    return f" (×{factor:.2f})" if 0.1 <= factor < 1 else f" (×{three_digits(factor)})"
