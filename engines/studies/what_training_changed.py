"""What training changed: one head of the same layer on the same text, before and after training with the variant.

Before: weights trained with full attention, the variant put in place. After: weights trained on with the variant. The
pictures are the weights that the variant gives, implied ones where it makes none; the numbers say how spread and how
near they are, and how close the variant comes to exact attention on the queries, keys and values of each.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from engines.finished_run import FinishedRun
from engines.run import prepare
from engines.studies.closeness import STUDY as CLOSENESS
from engines.study import HeatMap, Panel, Quantities, Quantity, Question, Study
from engines.trace import Trace
from engines.variant import Variant
from engines.weight_sets import FULL, OWN, set_for
from engines.words import Words, english

if TYPE_CHECKING:
    import torch
else:
    from engines.lazy_torch import torch

TOKENS = 512  # the first ones of the text
CELLS = 128
NEAR = 64
BEFORE_TITLE, AFTER_TITLE = english("Head {head} before training"), english("Head {head} after training")
BEFORE_NUMBERS = english("Before training, first {n} tokens")
AFTER_NUMBERS = english("After training, first {n} tokens")
BEFORE = english(
    "Before: weights trained with full attention, the variant put in place. The first {n} tokens of the text."
)
AFTER = english("After: weights trained on with the variant in place. The first {n} tokens of the text.")


class WhatTrainingChanged(Study):
    name = "what-training-changed"
    label = "Training"
    help = "One head before and after training with this attention: where it looks, and how well the variant follows"
    order = 43

    def applies(self, variant: Variant, causal: bool) -> bool:
        """Where there are weights of its own that are not those of full attention."""
        parameters = variant.parameters()
        own, of_full = (set_for(variant, parameters, causal, choice) for choice in (OWN, FULL))
        return own.serves(variant, parameters) and own != of_full

    def answer(self, question: Question) -> Iterator[tuple[Panel, ...]]:
        """The head before, the head after, then the numbers of both."""
        pictures: list[Panel] = []
        numbers: list[Panel] = []
        for weights, when, note in ((FULL, "before", BEFORE), (OWN, "after", AFTER)):
            question.check_cancelled()
            run = rerun(question, weights)
            shares = weights_of_head(run, question.head)
            pictures.append(picture(shares, question.head, when, note, run.prepared.variant.implied_weights))
            yield (*pictures, *numbers)
            numbers.append(numbers_of(question, run, shares, when))
            yield (*pictures, *numbers)


def rerun(question: Question, weights: str) -> FinishedRun:
    """The question's run on other weights, its first tokens alone."""
    from engines.headless import model_on
    from engines.run import weights_of

    given = question.run.prepared
    spec = replace(given.spec, length=min(given.spec.length, TOKENS), weights=weights)
    model = model_on(spec.device, spec.dtype, weights_of(spec))
    tokens = replace(given.tokens, ids=given.tokens.ids[: spec.length])
    prepared = prepare(spec, model, tokens=tokens)
    recorder = Trace()
    prepared.attend(recorder)
    return FinishedRun(prepared, tuple(recorder.steps))


def weights_of_head(run: FinishedRun, head: int) -> np.ndarray:
    """What the variant gives each pair of one head, [query, key]; 0 where it keeps none."""
    prepared, every = run.prepared, np.arange(run.prepared.shape.queries)
    rows = torch.from_numpy(every).to(prepared.inputs.q.device)
    with torch.no_grad():
        weights = prepared.variant.weights(prepared.inputs, prepared.parameters, run.steps, head, rows, rows)
    return np.where(run.pattern(head).kept(every, every), weights.double().cpu().numpy(), 0.0)


def picture(shares: np.ndarray, head: int, when: str, note: str, implied: bool) -> Panel:
    """The head's weights, averaged over the queries of a row and summed over the keys of a column."""
    n = len(shares)
    edges = np.linspace(0, n, min(n, CELLS) + 1).astype(np.int64)
    cells = np.add.reduceat(np.add.reduceat(shares, edges[:-1], 0), edges[:-1], 1) / np.diff(edges)[:, None]
    heat = HeatMap(cells.astype(np.float32), "query", "key", edges, edges)
    title = Words(BEFORE_TITLE if when == "before" else AFTER_TITLE, {"head": head + 1})
    return Panel(title, heat, Words(note, {"n": f"{n:,}"}), reconstructed=implied)


def numbers_of(question: Question, run: FinishedRun, shares: np.ndarray, when: str) -> Panel:
    """How spread the head is, how near it looks, and how close the variant comes to it."""
    positions = np.arange(len(shares))
    near = np.abs(positions[:, None] - positions[None, :]) <= NEAR
    *_, closeness = CLOSENESS.answer(replace(question, run=run))
    found = closeness[0].data
    assert isinstance(found, Quantities)
    numbers = (
        Quantity("entropy, of its maximum", entropy_share(shares, run.prepared.mask.causal), share=True),
        Quantity(Words("mass within {n} tokens", {"n": NEAR}), float((shares * near).sum(1).mean()), share=True),
        *found.numbers,
    )
    title = Words(BEFORE_NUMBERS if when == "before" else AFTER_NUMBERS, {"n": f"{len(shares):,}"})
    return Panel(title, Quantities(numbers))


def entropy_share(shares: np.ndarray, causal: bool) -> float:
    """The mean entropy of the queries' weights, of the largest that each could have; negative weights count as 0."""
    shares = np.maximum(shares, 0) / np.maximum(np.maximum(shares, 0).sum(1, keepdims=True), 1e-30)
    logs = np.log(np.where(shares > 0, shares, 1.0))
    most = np.log(np.arange(1, len(shares) + 1) if causal else np.full(len(shares), len(shares)))
    several = most > 0
    return float((-(shares * logs).sum(1)[several] / most[several]).mean())


STUDY = WhatTrainingChanged()
