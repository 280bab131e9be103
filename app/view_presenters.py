"""What the views of running states, segments, grids and products draw, from a run's steps. Pure."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QCoreApplication

from app.problem_words import sentence
from app.scene import Scene
from app.session import image_width
from app.study_presenter import products_data
from app.theme import variant_colour
from engines.patterns import Pattern
from engines.samples import shades
from engines.trace import Products, Segments, StateOverTime
from engines.variant import Shape
from engines.variants import variant_named
from widgets.given_words import said
from widgets.plots.plot_data import PlotPanel, StudyData
from widgets.view_data import FoldData, PatternPart, SegmentsData, StateData

BINS = 512  # cells across a picture of positions
FEWEST_ROWS = 32  # of a fold, that are always drawn
MOST_ROWS_PER_COLUMN = 3  # of more, narrow ones, nothing could be seen


def tr(text: str) -> str:
    return QCoreApplication.translate("studies", text)


def why_no_answer(scene: Scene, whole: bool) -> str:
    """Why a study shows nothing."""
    if scene.run.has_no_text:
        return tr("There is no text yet.")
    if (missing := scene.run.refused or scene.run.failed) is not None:
        return tr("There is nothing to study: the run was not made.") + "\n" + sentence(missing)
    return tr("This could not be computed.") if whole and scene.fresh else tr("Computing…")


def products_study(scene: Scene) -> StudyData | None:
    """The matrices of the run's products, to scale."""
    found = next((step.data for step in scene.known.steps if isinstance(step.data, Products)), None)
    if found is None:
        return None
    variant = variant_named(scene.pane.variant)
    plot = products_data(found, variant_colour(variant.order, scene.theme))
    panel = PlotPanel(tr("What is multiplied"), plot)
    return StudyData((panel,), tr("The matrices that are multiplied, to scale"), not scene.fresh)


def segments_data(scene: Scene, pattern: Pattern, target: int) -> SegmentsData | None:
    """Segments × layers, and who can reach ``target``: the recorded segments and the exact pattern of each layer."""
    found = next((step.data for step in scene.known.steps if isinstance(step.data, Segments)), None)
    if found is None or scene.model is None or target >= pattern.queries:
        return None
    length, layers = pattern.queries, scene.model.layers
    edges = np.unique(np.linspace(0, length, min(length, BINS) + 1).astype(np.int64))
    members = np.zeros(length, np.bool_)
    members[target] = True
    shares = [shares_of(members, edges)]
    for _ in range(layers):
        members = pattern.reached(members)
        shares.append(shares_of(members, edges))
    reached = int(members.sum())
    return SegmentsData(
        tokens=scene.known_tokens,
        length=length,
        segment=found.length,
        memory=found.memory,
        shares=np.stack(shares[::-1]),
        edges=edges,
        target=target,
        work_cached=pairs_cached(edges[1:], found),
        work_again=pairs_again(edges[1:]),
        colour=variant_colour(variant_named(scene.pane.variant).order, scene.theme),
        caption=tr(
            "Token {target} can be reached by {reached} tokens through {layers} layers; a segment holds {length}"
        ).format(target=f"{target:,}", reached=f"{reached:,}", layers=layers, length=f"{found.length:,}"),
    )


def shares_of(members: np.ndarray, edges: np.ndarray) -> np.ndarray:
    """The share of each bin's positions that are members."""
    totals = np.concatenate(([0], np.cumsum(members)))
    return np.diff(totals[edges]) / np.diff(edges)


def pairs_cached(tokens: np.ndarray, segments: Segments) -> np.ndarray:
    """Pairs of one layer and head computed for the first so many tokens, each reading its segment and the memory."""
    n = int(tokens[-1])
    position = np.arange(n)
    start = position // segments.length * segments.length
    each = position - np.maximum(start - segments.memory, 0) + 1
    return np.cumsum(each)[tokens - 1].astype(np.float64)


def pairs_again(tokens: np.ndarray) -> np.ndarray:
    """The same where the whole context is read again for each token: Σ t(t + 1)/2 = t(t + 1)(t + 2)/6."""
    t = tokens.astype(np.float64)
    return t * (t + 1) * (t + 2) / 6


def state_data(scene: Scene) -> StateData | None:
    """The running state over time of the run's head."""
    found = next((step.data for step in scene.known.steps if isinstance(step.data, StateOverTime)), None)
    if found is None or scene.known.spec is None:
        return None
    variant = variant_named(scene.pane.variant)
    return StateData(
        tokens=scene.known_tokens,
        state=np.asarray(found.state)[0],
        normaliser=np.asarray(found.normaliser)[0],
        positions=np.asarray(found.positions),
        added_row=np.asarray(found.added_row)[0],
        added_column=np.asarray(found.added_column)[0],
        state_bytes=found.state_bytes,
        cache_bytes_per_token=found.cache_bytes_per_token,
        length=scene.known.spec.length,
        colour=variant_colour(variant.order, scene.theme),
        difference=None if found.difference is None else float(np.asarray(found.difference)[0]),
        caption=tr("{label}: S ← S + φ(k)vᵀ, z ← z + φ(k), token by token; the past is one matrix").format(
            label=said(variant.label)
        ),
    )


def fold_data(scene: Scene, pattern: Pattern, parts: Sequence[PatternPart], shades: np.ndarray | None) -> FoldData:
    """The locked token's pairs on the grid of the variant's fold; of the last token where none is locked."""
    pane, variant = scene.pane, variant_named(scene.pane.variant)
    shape = Shape(pane.length, pane.length, layer=pane.layer, head=pane.head, causal=pane.causal)
    locked = pane.locked if 0 <= pane.locked < pattern.queries else pattern.queries - 1
    part_of = np.full(pattern.keys, -1)
    own = variant_colour(variant.order, scene.theme)
    named = [(part.name, part.colour) for part in parts] or [(pattern.pieces[0], own)]
    for number, (name, _) in enumerate(named):
        part_of[pattern.only((name,)).keys_of(locked)] = number
    width = image_width(pane) or variant.fold_width(shape, pane.parameters())
    rows = shown_rows(-(-pattern.keys // width), width, locked // width)
    cells = slice(rows.start * width, rows.stop * width)
    caption = tr("{n} positions in rows of {width}: token {locked} reads {reads} of them").format(
        n=f"{pattern.keys:,}", width=f"{width:,}", locked=f"{locked:,}", reads=f"{int((part_of >= 0).sum()):,}"
    )
    if len(rows) * width < pattern.keys:
        caption += tr("; rows {first} to {last} are shown").format(first=f"{rows.start:,}", last=f"{rows.stop - 1:,}")
    tokens, beneath = scene.tokens[cells], shades[cells] if shades is not None else None
    return FoldData(tokens, width, locked - cells.start, part_of[cells], tuple(named), beneath, caption, cells.start)


def shown_rows(rows: int, width: int, locked: int) -> range:
    """The rows of a fold that are drawn: all, or, of many narrow ones, those around the locked token's."""
    most = max(FEWEST_ROWS, MOST_ROWS_PER_COLUMN * width)
    last = max(most, min(rows, locked + 1 + most // 8))
    return range(max(0, last - most), min(last, rows))


def shades_of(scene: Scene) -> np.ndarray | None:
    """The picture beneath the grid, where the text is one: how bright each position is, 0 … 1."""
    return shades(scene.pane.text.value, scene.pane.length) if image_width(scene.pane) else None
