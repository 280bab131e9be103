"""What one pattern keeps and another does not, at any zoom. Pure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import combinations, product
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QCoreApplication

from app.presenters import allowed_pairs, percent
from app.theme import variant_colour
from engines.patterns import Pattern
from engines.variants import variant_named
from widgets.colour_ramp import rgb
from widgets.given_words import said
from widgets.style_sheet import mixed
from widgets.view_data import Coverage, PatternData, PatternPart, Theme

if TYPE_CHECKING:
    from app.scene import Scene

Three = tuple[str, str, str]
QUIET = 0.5  # how far the colour of what both keep lies towards the background: what differs stands out
ALIKE, GREYS_ALIKE = 90, 170
"""Sums of the differences of red, green and blue below which colours, and greys, are hard to tell apart."""

Combined = Callable[[np.ndarray, np.ndarray], np.ndarray]


def tr(text: str) -> str:
    return QCoreApplication.translate("difference", text)


@dataclass(frozen=True)
class Combination:
    """Two patterns of the same sizes made one: ``shares`` of their coverages, ``positions`` of what a token reads.

    In a cell of one pair shares are 0 or 1, and what is drawn is the set itself. In a larger cell the difference of two
    shares is drawn: pairs that one keeps and pairs that the other keeps instead cancel there.
    """

    first: Coverage
    second: Coverage
    shares: Combined
    positions: Combined

    @property
    def queries(self) -> int:
        return self.first.queries

    @property
    def keys(self) -> int:
        return self.first.keys

    def coverage(self, row_edges: np.ndarray, column_edges: np.ndarray) -> np.ndarray:
        return self.shares(*(each.coverage(row_edges, column_edges) for each in (self.first, self.second)))

    def reason(self, query: int, key: int) -> str:
        return ""

    def keys_of(self, query: int) -> np.ndarray:
        return self.positions(self.first.keys_of(query), self.second.keys_of(query))

    def queries_of(self, key: int) -> np.ndarray:
        return self.positions(self.first.queries_of(key), self.second.queries_of(key))


def both(first: Coverage, second: Coverage) -> Combination:
    return Combination(first, second, np.minimum, np.intersect1d)


def either(first: Coverage, second: Coverage) -> Combination:
    return Combination(first, second, np.maximum, np.union1d)


def only(first: Coverage, second: Coverage) -> Combination:
    """What the first keeps and the second does not."""
    return Combination(first, second, lambda a, b: np.maximum(a - b, 0), lambda a, b: np.setdiff1d(a, b))


@dataclass(frozen=True)
class Beside:
    """What a pane is held against: the first pane's pattern, and its run, a head of it; ``run_id`` 0 for none yet.

    ``order`` is that of its variant, by which a theme has its colour; ``unmade`` that its run will not come.
    """

    label: str
    pattern: Pattern
    order: int
    number: int = 0
    run_id: int = 0
    head: int = 0
    unmade: bool = False


def own_difference(scene: Scene, pattern: Pattern, beside: Beside, stale: bool = False) -> PatternData | None:
    """The pattern of a scene's pane held against the first pane's."""
    variant = variant_named(scene.pane.variant)
    own = Beside(said(variant.label), pattern, variant.order)
    return difference_data(beside, own, scene.pane.causal, scene.tokens, scene.theme, stale)


def weights_caption(scene: Scene, beside: Beside) -> str:
    """The difference of the weights in words."""
    own = said(variant_named(scene.pane.variant).label)
    return tr("Weights of {own} minus those of {first}").format(own=own, first=beside.label)


def no_difference(beside: Beside) -> str:
    """Why there are no weights to take away."""
    return tr("No difference of weights: the run of {first} was not made.").format(first=beside.label)


def output_distance(beside: Beside) -> str:
    """What tints the text where differences are shown."""
    return tr("output’s distance from that of {first}, relative").format(first=beside.label)


def told_apart(three: Three, theme: Theme) -> Three:
    """The colours of both, of the first alone and of this one, as near to what they are as lets each be told from the
    others and from the ground: those of one variant, or greys, may be too much alike."""

    enough = GREYS_ALIKE if theme.signed else ALIKE

    def fits(wanted: Three) -> tuple[float, ...]:
        colours = [rgb(each) for each in (*wanted, theme.background)]
        least = min(float(np.abs(a - b).sum()) for a, b in combinations(colours, 2))
        return min(least, enough), *(wanted[at] == three[at] for at in (2, 1, 0))  # this one's own stays longest

    if fits(three)[0] >= enough:
        return three
    shared = dict.fromkeys((three[0], theme.muted, theme.text, theme.line))
    one, other = (dict.fromkeys((own, *theme.categories)) for own in three[1:])
    return max(product(shared, one, other), key=fits)


def difference_data(
    beside: Beside, own: Beside, causal: bool, tokens: object, theme: Theme, stale: bool
) -> PatternData | None:
    """Three parts: kept by both, by the first alone, by this one alone; None where the sizes differ."""
    a, b = beside.pattern, own.pattern
    if (a.queries, a.keys) != (b.queries, b.keys):
        return None
    first, second = tr("only {name}").format(name=beside.label), tr("only {name}").format(name=own.label)
    if beside.label == own.label:
        first, second = tr("only the first"), tr("only this")
    colour = variant_colour(own.order, theme)
    three = mixed(theme.muted, theme.background, QUIET), variant_colour(beside.order, theme), colour
    colours = told_apart(three, theme)
    allowed = allowed_pairs(a.queries, causal)
    caption = tr("{first} keeps {one} %, {second} {other} % of the pairs").format(
        first=beside.label, one=percent(a.count(), allowed), second=own.label, other=percent(b.count(), allowed)
    )
    coarse = tr(" · zoomed out: difference of the shares kept")
    return PatternData(
        either(a, b),
        causal,
        tokens,  # type: ignore[arg-type]
        colour,
        stale=stale,
        caption=caption + (coarse if a.keys > 512 else ""),
        parts=(
            PatternPart(tr("both"), both(a, b), colours[0]),
            PatternPart(first, only(a, b), colours[1]),
            PatternPart(second, only(b, a), colours[2]),
        ),
    )
