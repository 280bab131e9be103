"""A needle in the text: a fact at a chosen distance, asked for at the end. What does each variant still know?

The fact is eight rare pieces in a row, said once, inside this run's own text; at the end all but the last are said
again, and the model is asked for that one. It is found where it is likelier than every other rare piece of any needle:
pieces that the model would expect after any text have no say. Whoever finds it must have carried it over the distance
between. Run now, on the weights that were trained with each variant; needles are drawn from the seed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np

from engines import host_model
from engines.study import Curve, Line, Mark, Panel, Question, Study
from engines.weight_sets import continued_sets
from engines.words import Words, english

if TYPE_CHECKING:
    import torch
    from torch import Tensor

    from engines.trained_models import Trained
    from engines.variant import Variant
else:
    from engines.lazy_torch import torch

DISTANCES = (16, 32, 64, 128, 256, 512, 1024)
NEEDLE = 8
BEFORE = 16  # pieces of text before the needle
TRIALS = 16
RAREST = 0.5  # needles are drawn from the rarer half of the pieces that the text has not


HOW = english(
    "{trials} needles of {pieces} rare pieces at each distance, in this run’s text; found where its last piece is the "
    "likeliest of all {all}. By chance 1 in {all}. Each variant with the weights and sizes of its training."
)
HOW_IN_REPEATED_TEXT = english(
    "{trials} needles of {pieces} rare pieces at each distance, in this run’s text, said again where it is too short; "
    "found where its last piece is the likeliest of all {all}. By chance 1 in {all}. Each variant with the weights and "
    "sizes of its training."
)


class Needle(Study):
    name = "needle"
    label = "Needle"
    help = "A fact is placed in the text and asked for at the end: how far away may it be, for each variant trained?"
    order = 42

    def applies(self, variant: Variant, causal: bool) -> bool:
        """A model that looks both ways is not asked for the next token."""
        return causal and bool(continued_sets(causal))

    def answer(self, question: Question) -> Iterator[tuple[Panel, ...]]:
        """One distance of one variant more each time; the run's own variant first."""
        from engines.trained_models import trained  # it brings the tokenizers, which the window has no use for

        prepared = question.run.prepared
        own = prepared.variant.name
        shares: dict[str, list[float]] = {}
        sets = sorted(trained(True), key=lambda each: each.variant.name != own)
        for each in sets:
            found = shares.setdefault(each.label, [])
            for distance in DISTANCES:
                question.check_cancelled()
                found.append(success(question, each, distance))
                yield (panel(sets, shares, repeated=BEFORE + max(DISTANCES) - NEEDLE > len(prepared.tokens.ids)),)


def haystacks(question: Question, each: Trained, distance: int) -> tuple[Tensor, Tensor]:
    """Texts [trial, position] that end before the asked-for piece, and the needles [trial, piece].

    ``distance`` is from the needle's last piece to the place where it is asked for.
    """
    prepared, seed = question.run.prepared, question.run.prepared.spec.seed
    filler = prepared.tokens.ids.astype(np.int64)
    rng = np.random.default_rng((seed, distance))
    vocabulary = each.card["shape"]["vocabulary"]
    unused = np.setdiff1d(np.arange(int(vocabulary * RAREST), vocabulary), filler)
    pieces = unused if len(unused) >= TRIALS * NEEDLE else np.arange(vocabulary)
    needles = rng.choice(pieces, (TRIALS, NEEDLE), replace=False)
    between = distance - NEEDLE  # the question takes the last pieces of the distance but one
    texts = []
    for number, needle in enumerate(needles):
        words = np.resize(np.roll(filler, -number * (BEFORE + between)), BEFORE + between)
        texts.append(np.concatenate([words[:BEFORE], needle, words[BEFORE:], needle[:-1]]))
    return torch.from_numpy(np.stack(texts)), torch.from_numpy(needles)


def success(question: Question, each: Trained, distance: int) -> float:
    """The share of trials in which the asked-for piece is the likeliest of all needles' pieces."""
    ids, needles = haystacks(question, each, distance)
    model, right = each.model(), 0
    for row, needle in zip(ids, needles, strict=True):
        question.check_cancelled()
        with torch.no_grad():
            hidden = model.hidden(row[None], question.run.prepared.spec.seed)
            scores = host_model.logits(model.weights, hidden[0, -1])
        right += int(needles.flatten()[scores[needles.flatten()].argmax()] == needle[-1])
    return right / len(ids)


def panel(sets: Sequence[Trained], shares: dict[str, list[float]], repeated: bool) -> Panel:
    """``repeated``: whether the text is said again, at the longest distance."""
    lines = tuple(
        Line(
            each.label,
            np.array(DISTANCES[: len(shares[each.label])], dtype=float),
            np.array(shares[each.label]),
            colour=each.variant.name,
        )
        for each in sets
        if shares.get(each.label)
    )
    length = sets[0].weights.trained_length
    values = {"trials": TRIALS, "pieces": NEEDLE, "all": TRIALS * NEEDLE}
    note = Words(HOW_IN_REPEATED_TEXT if repeated else HOW, values)
    curve = Curve("distance, tokens", "share found", lines, (Mark("longest in training", length),), logarithmic_x=True)
    return Panel(Words("Found at the end, by distance"), curve, note)


STUDY = Needle()
