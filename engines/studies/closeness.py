"""How close to exact: a run's output against exact softmax attention on the same q, k and v.

Every variant is asked the same three things: the relative error of its output, how much of the exact softmax's mass
the pairs it keeps hold, and what share of the pairs it computes.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from engines.exact_softmax import SAMPLED, ExactSoftmax, allowed_pairs, scores_of_its_own, spread
from engines.patterns import Pattern
from engines.study import Panel, Quantities, Quantity, Question, Study, head_of_layer
from engines.words import NO_WORDS, Words, english

if TYPE_CHECKING:
    pass

PAIRS_BUDGET = 1 << 22  # all queries while the whole square holds no more
PAIRS_AT_ONCE = 1 << 20

Card = tuple[tuple[str, str], ...]


@dataclass
class Comparison:
    """Sums over the queries compared so far."""

    error: float = 0.0
    reference: float = 0.0
    mass: float = 0.0
    queries: int = 0

    @property
    def relative_error(self) -> float:
        return float((self.error / self.reference) ** 0.5) if self.reference else 0.0


class Closeness(Study):
    name = "closeness"
    label = "How close to exact"
    help = "The output against exact softmax attention on the same queries, keys and values"
    order = 30

    def answer(self, question: Question) -> Iterator[tuple[Panel, ...]]:
        """One panel, better with every block of queries."""
        prepared = question.run.prepared
        plain = Comparison()
        for _ in compare(question, ExactSoftmax(prepared, question.head), plain):
            yield (panel(question, plain, None),)
        own = None
        if scores_of_its_own(prepared, question.head):
            own = Comparison()
            for _ in compare(question, ExactSoftmax(prepared, question.head, own=True), own):
                yield (panel(question, plain, None),)
        yield (panel(question, plain, own),)


def compare(question: Question, exact: ExactSoftmax, into: Comparison) -> Iterator[None]:
    """Add blocks of queries to the comparison; in a mixed order, so that any first part is a fair sample."""
    run, shape = question.run, question.run.prepared.shape
    whole = shape.queries * shape.keys <= PAIRS_BUDGET
    rows = np.random.default_rng(0).permutation(spread(shape.queries, shape.queries if whole else SAMPLED))
    output = question.run.output(question.head)
    pattern = None if run.prepared.variant.implied_weights else run.pattern(question.head)
    at_once = max(1, PAIRS_AT_ONCE // shape.keys)
    for start in range(0, len(rows), at_once):
        question.check_cancelled()
        some = np.sort(rows[start : start + at_once])
        weights = exact.weights(some)
        reference = exact.output(weights)
        into.error += float((output[some].to(reference.dtype) - reference).double().square().sum())
        into.reference += float(reference.double().square().sum())
        if pattern is not None:
            into.mass += mass_kept(pattern, some, weights.cpu().numpy())
        into.queries += len(some)
        yield


def mass_kept(pattern: Pattern, rows: np.ndarray, weights: np.ndarray) -> float:
    """Σ over these queries of the weights [query, key] of the keys they keep."""
    return float(sum(weights[at, pattern.keys_of(row)].sum() for at, row in enumerate(rows.tolist())))


def panel(question: Question, plain: Comparison, own: Comparison | None) -> Panel:
    prepared = question.run.prepared
    computed = prepared.variant.computed_pairs(prepared.shape, prepared.parameters)
    numbers = [
        Quantity(
            "output error", plain.relative_error, share=True, card=card_of(question, plain, ERROR, own is not None)
        )
    ]
    if own is not None:
        card = card_of(question, own, OWN_ERROR, True)
        numbers.append(Quantity("output error, own scores", own.relative_error, share=True, card=card))
    if not prepared.variant.implied_weights:
        card = card_of(question, plain, MASS, own is not None)
        numbers.append(Quantity("softmax mass found", plain.mass / max(1, plain.queries), share=True, card=card))
    pairs = {"part": f"{computed:,}", "whole": f"{allowed_pairs(prepared):,}"}
    card = (("what", Words("{part} of the {whole} pairs that the mask allows", pairs)),)
    numbers.append(Quantity("pairs computed", computed / max(1, allowed_pairs(prepared)), share=True, card=card))
    note = NO_PAIRS if prepared.variant.implied_weights else NO_WORDS
    return Panel(
        Words("How close to exact, head {head}", {"head": question.head + 1}), Quantities(tuple(numbers)), note
    )


ERROR = english("‖o − o*‖ / ‖o*‖ with o* = softmax(q·kᵀ/√d)·v over all pairs the mask allows, on the run’s own q, k, v")
OWN_ERROR = english(
    "the same with the variant’s own scores in the softmax over all pairs: what leaving pairs out costs"
)
MASS = english("of the exact softmax’s weights, those of the pairs that the run keeps; mean over queries")
NO_PAIRS = Words("It keeps no pairs: softmax mass found is not defined for it.")


def card_of(question: Question, of: Comparison, what: str, own_scores: bool) -> Card:
    prepared = question.run.prepared
    queries = prepared.shape.queries
    compared = Words("all {n}", {"n": f"{queries:,}"})
    if of.queries != queries:
        compared = Words("{part} of {whole}, evenly spread", {"part": f"{of.queries:,}", "whole": f"{queries:,}"})
    card = (
        ("what", what),
        ("queries", compared),
        ("head", head_of_layer(question)),
        ("tokens", f"{prepared.shape.keys:,}"),
        ("mask", prepared.mask.name),
        ("numbers", prepared.spec.dtype),
    )
    return (
        (*card, ("scores", english("the variant scores pairs by another formula than q·kᵀ/√d"))) if own_scores else card
    )


STUDY = Closeness()
