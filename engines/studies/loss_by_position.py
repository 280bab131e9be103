"""Loss by position: what a memory, sinks or a long window buy, on held-out text and on this one.

On held-out text it is what the cards say, measured when the weights were trained, on texts four times as long as those
of training. On this text it is measured now: every piece's loss, given those before it.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from engines.layer_steps import final_hidden
from engines.study import Curve, Line, Mark, Panel, Question, Study, TokenValues
from engines.weight_sets import continued_sets
from engines.words import Words

if TYPE_CHECKING:
    import torch

    from engines.trained_models import Trained
    from engines.variant import Variant
    from engines.weights import HostModel
else:
    from engines.lazy_torch import torch

ROWS_AT_ONCE = 2048
BINS_AN_OCTAVE = 2
SHOWN_AGAIN = 1.25  # times as many tokens, and the picture is drawn anew
TINTED = 65_536  # tokens; a longer text is not tinted


class LossByPosition(Study):
    name = "loss-by-position"
    label = "Loss"
    help = "How well each next token is foretold, by position: on held-out text, every variant trained, and on this one"
    order = 41

    def applies(self, variant: Variant, causal: bool) -> bool:
        """A model that looks both ways is not asked for the next token."""
        return causal and bool(continued_sets(causal))

    def answer(self, question: Question) -> Iterator[tuple[Panel, ...]]:
        from engines.trained_models import trained  # it brings the tokenizers, which the window has no use for

        prepared = question.run.prepared
        held_out = held_out_panel(list(trained(True)), prepared.variant.name)
        yield (held_out,)
        if prepared.model is None:
            return
        losses, shown = np.full(prepared.shape.queries, np.nan), 0
        for rows, nats in own_losses(question):
            losses[rows] = nats
            if rows.stop > shown * SHOWN_AGAIN or rows.stop == len(losses):
                shown = rows.stop
                yield own_panel(losses, prepared.model, prepared.variant.label), held_out


def held_out_panel(sets: list[Trained], own: str) -> Panel:
    """A line a set; the run's own variant in front."""
    lines = []
    for each in sorted(sets, key=lambda each: each.variant.name == own):
        found = each.card["loss_by_position"]
        edges = np.array(found["edges"], dtype=float)
        middles = np.sqrt(np.maximum(edges[:-1], 4) * edges[1:])
        lines.append(Line(each.label, middles, np.array(found["nats"]), colour=each.variant.name))
    length = sets[0].weights.trained_length if sets else 0
    marks = (Mark("longest in training", length),) if length else ()
    curve = Curve("position in the text", "nats a token", tuple(lines), marks, logarithmic_x=True)
    note = Words(
        "From the cards of the weights: 4,096 tokens each of texts kept out of training; means of each octave."
    )
    return Panel(Words("Loss by position, held-out text"), curve, note)


def own_losses(question: Question) -> Iterator[tuple[slice, np.ndarray]]:
    """Nats of each token of the run's text, given those before it, a block at a time; nan for the first."""
    prepared = question.run.prepared
    model = prepared.model
    assert model is not None
    hidden = final_hidden(prepared, question.check_cancelled)
    ids = torch.from_numpy(prepared.tokens.ids).to(hidden.device, torch.int64)
    for start in range(0, len(ids) - 1, ROWS_AT_ONCE):
        question.check_cancelled()
        stop = min(start + ROWS_AT_ONCE, len(ids) - 1)
        with torch.no_grad():
            scores = hidden[0, start:stop] @ model.weights["embedding"].T
            nats = torch.nn.functional.cross_entropy(scores.float(), ids[start + 1 : stop + 1], reduction="none")
        yield slice(start + 1, stop + 1), nats.cpu().numpy()


def own_panel(losses: np.ndarray, model: HostModel, label: str) -> Panel:
    """This text's losses between edges that grow with the position; every token's beside them."""
    known = int(np.isfinite(losses).sum())
    edges = np.unique(np.geomspace(1, max(2, known + 1), max(2, int(BINS_AN_OCTAVE * np.log2(known + 1)) + 1)).round())
    spans = [slice(int(low), int(high)) for low, high in pairwise(edges) if int(low) < len(losses)]
    means = np.array([np.nanmean(losses[span]) for span in spans])
    middles = np.array([np.sqrt(span.start * max(span.stop - 1, span.start)) for span in spans])
    length = model.shape.trained_length
    marks = (Mark("longest in training", length),) if length < len(losses) else ()
    curve = Curve("position in the text", "nats a token", (Line(label, middles, means),), marks, logarithmic_x=True)
    note = Words(
        "Mean over all tokens but the first: {mean} nats; weights “{weights}”, {variant} in place.",
        {"mean": f"{np.nanmean(losses):.2f}", "weights": model.name, "variant": label},
    )
    tint = TokenValues("nats", losses.astype(np.float32)) if len(losses) <= TINTED else None
    return Panel(Words("Loss by position, this text"), curve, note, tokens=tint)


STUDY = LossByPosition()
