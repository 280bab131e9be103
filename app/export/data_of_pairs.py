"""The data behind a picture of pairs: which are kept and by which part, their weights, and what sets panes apart."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from app import presenters
from app.difference import own_difference, weights_caption
from app.scene import Scene
from app.theme import variant_colour
from app.weights_difference import colours_of
from engines.patterns import Pattern
from engines.problems import Problem
from engines.step_arrays import NamedArray, kept_between
from engines.variants import variant_named
from widgets.given_words import said
from widgets.pattern_axes import translate

PAIR_VIEWS = ("pattern", "weights", "difference", "weights-difference")
MOST_TEXTS = 512  # tokens that are spelled out in the card


@dataclass(frozen=True)
class Pairs:
    """What the arrays of pairs do not say: the picture in words, the locked row (−1 for none), names and colours.

    ``parts`` are those of a pattern, in the array's order; none for weights. ``signed`` are the colours of both ends
    of differences of weights.
    """

    caption: str
    locked: int = -1
    parts: tuple[tuple[str, str], ...] = ()
    signed: tuple[str, str] | None = None
    logarithmic: bool = False


def pairs_of(
    scene: Scene, pattern: Pattern, rows: range, columns: range, weights: np.ndarray | None
) -> tuple[NamedArray, Pairs, dict[str, object]]:
    """The array [rows, columns] of the scene's view of pairs, what draws it, and what the card says of it.

    ``weights`` are those of the range, or this pane's less the first one's, nan where none is kept.
    """
    card: dict[str, object] = {
        "queries": f"{rows.start}:{rows.stop}",
        "keys": f"{columns.start}:{columns.stop}",
    }
    if len(rows) + len(columns) <= MOST_TEXTS and len(scene.tokens) >= max(rows.stop, columns.stop):
        card["query tokens"] = [scene.tokens[at] for at in rows]
        card["key tokens"] = [scene.tokens[at] for at in columns]
    if scene.pane.view == "difference":
        values, drawn, names = kept_by_whom(scene, pattern, rows, columns)
    elif weights is None:
        values, drawn, names = kept_by_part(scene, pattern, rows, columns)
    else:
        values, drawn, names = weights, drawn_weights(scene, pattern), ()
    name = "part" if names else "difference" if drawn.signed else "weight"
    array = NamedArray(name, values, ("query", "key"), (rows.start, columns.start))
    drawn = replace(drawn, locked=scene.pane.locked)
    return array, drawn, {**card, **({"parts": list(names)} if names else {})}


def kept_by_part(
    scene: Scene, pattern: Pattern, rows: range, columns: range
) -> tuple[np.ndarray, Pairs, tuple[str, ...]]:
    """Which part of the pattern keeps each pair, −1 for none."""
    own = variant_colour(variant_named(scene.pane.variant).order, scene.theme)
    parts = presenters.pattern_parts(pattern, own, scene.theme)
    shown = tuple((said(part.name), part.colour) for part in parts) or ((translate("kept"), own),)
    part = kept_between(pattern, rows, columns)[1]
    return part, Pairs(presenters.pattern_caption(scene.pane, pattern), parts=shown), tuple(pattern.pieces)


def kept_by_whom(
    scene: Scene, pattern: Pattern, rows: range, columns: range
) -> tuple[np.ndarray, Pairs, tuple[str, ...]]:
    """Which pairs both keep, the first pane's pattern alone, or this one alone; a Problem where the sizes differ."""
    beside = scene.beside
    shown = own_difference(scene, pattern, beside) if beside is not None else None
    if beside is None or shown is None:
        raise Problem("no_arrays", choices="pattern, weights")
    first, own = (kept_between(each, rows, columns)[0] for each in (beside.pattern, pattern))
    part = np.select([first & own, first, own], [0, 1, 2], -1).astype(np.int8)
    parts = tuple((said(each.name), each.colour) for each in shown.parts)
    return part, Pairs(shown.caption, parts=parts), tuple(each.name for each in shown.parts)


def drawn_weights(scene: Scene, pattern: Pattern) -> Pairs:
    """How weights are drawn, or their differences where the view is that of the differences."""
    beside = scene.beside
    if scene.pane.view == "weights-difference" and beside is not None:
        return Pairs(weights_caption(scene, beside), signed=colours_of(scene, beside))
    words = presenters.weights_words(scene.pane, "weights", 1)
    return Pairs(presenters.pattern_caption(scene.pane, pattern) + words, logarithmic=scene.pane.logarithmic)
