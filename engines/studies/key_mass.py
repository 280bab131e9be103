"""How few keys matter: the softmax mass of the strongest keys, against how many they are.

Exact rows of the softmax over all keys, sorted; the observation that sparse and hashed attention start from (Kitaev
et al. 2020, section 2: "for each query we only need to consider a small subset of 32 or 64 closest keys").
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from engines.exact_softmax import SAMPLED, ExactSoftmax, scores_of_its_own, spread
from engines.study import Curve, Line, Mark, Panel, Quantities, Quantity, Question, Study, head_of_layer, some_of
from engines.words import Words, english

ALL_UP_TO = 1024
PAIRS_AT_ONCE = 1 << 20
POINTS = 96
SHARES = (0.5, 0.9, 0.99)
FEW = 64


@dataclass
class SortedMass:
    """The mass of the keys of each rank, summed over the queries seen so far."""

    keys: int
    ranks: np.ndarray
    total: np.ndarray = field(init=False)  # [keys]
    cumulative: list[np.ndarray] = field(default_factory=list)  # per query, at the ranks

    def __post_init__(self) -> None:
        self.total = np.zeros(self.keys)

    def add(self, weights: np.ndarray) -> None:
        """Weights [query, key] of further queries."""
        ordered = np.sort(weights, 1)[:, ::-1]
        self.total += ordered.sum(0, dtype=np.float64)
        starts = np.concatenate([[0], self.ranks[:-1]])
        self.cumulative.extend(np.cumsum(np.add.reduceat(ordered, starts, 1, dtype=np.float64), 1))

    @property
    def queries(self) -> int:
        return len(self.cumulative)

    @property
    def mean(self) -> np.ndarray:
        """The mean mass of the r + 1 strongest keys, [keys]."""
        return np.cumsum(self.total) / max(1, self.queries)

    def keys_for(self, share: float) -> int:
        """How many keys an average query needs for a share of its mass."""
        mean = self.mean
        return min(int(np.searchsorted(mean, share * mean[-1] * (1 - 1e-9))) + 1, self.keys)


class KeyMass(Study):
    name = "key-mass"
    label = "Key mass"
    help = "How much of the softmax mass the strongest keys of a query hold, against how many keys that is"
    order = 20

    def answer(self, question: Question) -> Iterator[tuple[Panel, ...]]:
        """The chosen head first, a block of queries at a time; then the other heads, whole ones."""
        prepared, chosen = question.run.prepared, question.head
        heads = [chosen, *(head for head in range(prepared.shape.heads) if head != chosen)]
        curves: dict[str, tuple[int, SortedMass]] = {}
        plain = scores_of_its_own(prepared, chosen)
        for head in heads:
            mass = SortedMass(prepared.shape.keys, log_ranks(prepared.shape.keys))
            for _ in masses(question, ExactSoftmax(prepared, head, own=True), mass):
                if head == chosen:
                    curves[Words("head {n}", {"n": head + 1})] = head, mass
                yield panels(question, curves) if curves else ()
            curves[Words("head {n}", {"n": head + 1})] = head, mass
        if plain:
            mass = SortedMass(prepared.shape.keys, log_ranks(prepared.shape.keys))
            for _ in masses(question, ExactSoftmax(prepared, chosen), mass):
                yield panels(question, curves)
            curves[Words("head {n}, q·kᵀ/√d", {"n": chosen + 1})] = -1, mass
        yield panels(question, curves)


def masses(question: Question, exact: ExactSoftmax, mass: SortedMass) -> Iterator[None]:
    """Add the sampled queries, a block at a time, in an order in which any first part is a fair sample."""
    queries = exact.prepared.shape.queries
    rows = spread(queries, ALL_UP_TO if queries <= ALL_UP_TO else SAMPLED)
    rows = np.random.default_rng(0).permutation(rows)
    at_once = max(1, PAIRS_AT_ONCE // exact.keys)
    for start in range(0, len(rows), at_once):
        question.check_cancelled()
        mass.add(exact.weights(rows[start : start + at_once]).cpu().numpy())
        yield


def log_ranks(keys: int) -> np.ndarray:
    """Ranks 1 … keys, evenly spaced on a logarithmic axis."""
    return np.unique(np.geomspace(1, keys, POINTS).round().astype(np.int64))


def panels(question: Question, curves: dict[str, tuple[int, SortedMass]]) -> tuple[Panel, ...]:
    chosen = curves[f"head {question.head + 1}"][1]
    lines = tuple(line_of(label, head, mass, question.head) for label, (head, mass) in curves.items())
    marks = tuple(Mark(f"{100 * share:.0f} %", chosen.keys_for(share)) for share in SHARES)
    curve = Curve("keys, the strongest first", "share of the softmax mass", lines, marks, logarithmic_x=True)
    return (
        Panel(Words("How few keys matter, layer {layer}", {"layer": question.run.prepared.spec.layer + 1}), curve,
              said(question, chosen)),
        Panel(Words("Keys that an average query of head {head} needs", {"head": question.head + 1}),
              numbers(question, chosen)),
    )  # fmt: skip


def line_of(label: str, head: int, mass: SortedMass, chosen: int) -> Line:
    """A head's line (−1: the chosen one's with plain scores); each other head in a colour of its own."""
    y = mass.mean[mass.ranks - 1]
    if head < 0:
        return Line(label, mass.ranks, y, look="dashed")
    if head != chosen:
        return Line(label, mass.ranks, y, colour=head - (head > chosen))
    low, high = np.quantile(np.array(mass.cumulative), (0.1, 0.9), axis=0)
    return Line(label, mass.ranks, y, low, high)


def said(question: Question, mass: SortedMass) -> Words:
    few = min(FEW, max(1, mass.keys // 8))
    return Words(
        "{keys:,} of {length:,} keys hold {percent:.1f} % of the softmax mass of an average query of head {head}. "
        "Exact softmax over all keys the mask allows, for {rows:,} of {queries:,} queries; band: 10 to 90 % of them.",
        {
            "keys": few,
            "length": mass.keys,
            "percent": 100 * float(mass.mean[few - 1]),
            "head": question.head + 1,
            "rows": mass.queries,
            "queries": question.run.prepared.shape.queries,
        },
    )


def numbers(question: Question, mass: SortedMass) -> Quantities:
    prepared = question.run.prepared
    card = (
        ("what", english("from the mean curve of the exact softmax, scores as the variant computes them")),
        ("queries", some_of(mass.queries, prepared.shape.queries)),
        ("head", head_of_layer(question)),
        ("mask", prepared.mask.name),
    )
    return Quantities(
        tuple(
            Quantity(
                Words("keys for {share} % of the mass", {"share": f"{100 * share:.0f}"}),
                mass.keys_for(share),
                "key" if mass.keys_for(share) == 1 else "keys",
                card=card,
            )
            for share in SHARES
        )
    )


STUDY = KeyMass()
