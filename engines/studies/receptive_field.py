"""Who can reach the locked token: its receptive field, layer by layer, exactly and at any length.

A token of the last layer's output depends on the keys that it reads there, on its own state (the residual stream), and
through those on whatever they read one layer below. Every head counts. Sets of positions grow layer by layer, in time
linear in the length: nothing is queries × keys.
"""

from __future__ import annotations

import weakref
from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass, fields, is_dataclass, replace

import numpy as np

from engines.finished_run import FinishedRun
from engines.layer_steps import steps_of_layers
from engines.patterns import Pattern, Pieces
from engines.run import Prepared
from engines.study import Curve, Line, Panel, Quantities, Quantity, Question, Reach, Study
from engines.trace import Segments, Step
from engines.words import Words, english

BINS = 512
DEEP = 16

Panels = tuple[Panel, ...]
StepsOfLayer = Callable[[int], Sequence[Step]]


@dataclass(frozen=True)
class Field:
    """``members`` [layer + 1, position]: whose state entering that layer reaches ``target`` of the last output."""

    members: tuple[np.ndarray, ...]
    target: int
    most: int  # how many the mask allows at all

    @property
    def counts(self) -> list[int]:
        """How many tokens reach it through 0, 1, … layers."""
        return [int(each.sum()) for each in reversed(self.members)]

    @property
    def farthest(self) -> int:
        """The distance of the farthest token that reaches it through all layers."""
        reaching = np.flatnonzero(self.members[0])
        return int(max(self.target - reaching[0], reaching[-1] - self.target))

    @property
    def layers_for_all(self) -> int | None:
        """The fewest layers through which every allowed token reaches it; None where these do not suffice."""
        return next((layers for layers, count in enumerate(self.counts) if count == self.most), None)


class ReceptiveField(Study):
    name = "receptive-field"
    label = "Reach"
    help = "Which tokens can reach the locked token through the layers of the model"
    order = 10
    follows_locked = True

    def __init__(self) -> None:
        self._kept: tuple[weakref.ref[Prepared], list[tuple[Step, ...]]] | None = None

    def answer(self, question: Question) -> Iterator[Panels]:
        """From this layer's own steps first; where other layers' pairs differ with the data, then from those."""
        run, prepared = question.run, question.run.prepared
        depth = prepared.model.shape.layers if prepared.model else prepared.spec.layer + 1
        field = yield from grown(question, depth, lambda layer: run.steps, ())
        if not prepared.variant.pattern_needs_steps:
            deep = None
            if field.layers_for_all is None and depth < DEEP:
                deep = yield from grown(question, DEEP, lambda layer: run.steps, panels(question, field, EXACT))
            yield panels(question, field, EXACT, deep)
            return
        so_far = panels(question, field, ONE_LAYER)
        yield so_far
        if prepared.model:
            steps = yield from self._steps(question, so_far)
            field = yield from grown(question, depth, lambda layer: steps[layer], so_far)
            yield panels(question, field, OWN_PAIRS)

    def _steps(self, question: Question, so_far: Panels) -> Generator[Panels, None, list[tuple[Step, ...]]]:
        """Each layer's steps; the last run's are kept, since the next locked token asks for them again."""
        prepared = question.run.prepared
        if self._kept and self._kept[0]() is prepared:
            return self._kept[1]
        steps = []
        for of_layer in steps_of_layers(prepared, question.check_cancelled):
            steps.append(of_layer)
            yield so_far
        self._kept = weakref.ref(prepared), steps
        return steps


def grown(question: Question, layers: int, steps: StepsOfLayer, so_far: Panels) -> Generator[Panels, None, Field]:
    """The field of the question's token under so many layers, from the last layer down; yields while it works."""
    shape, mask = question.run.prepared.shape, question.run.prepared.mask
    offset = shape.keys - shape.queries if mask.query_offset == 0 else mask.query_offset
    locked = question.locked if 0 <= question.locked < shape.queries else shape.queries - 1
    target = locked + offset
    reaching = np.zeros(shape.keys, np.bool_)
    reaching[target] = True
    seen_at_all = target + 1 if mask.causal else shape.keys
    if mask.key_lengths is not None:
        seen_at_all = min(seen_at_all, mask.key_lengths[0])
    field = Field((reaching,), target, seen_at_all)
    for layer in reversed(range(layers)):
        members = field.members[0].copy()
        if field.layers_for_all is None:
            readers = members[offset : offset + shape.queries].copy()
            for pattern in patterns_of(question.run, layer, steps(layer)):
                question.check_cancelled()
                members |= pattern.reached(readers)
                yield so_far
        field = replace(field, members=(members, *field.members))
    return field


def patterns_of(run: FinishedRun, layer: int, steps: Sequence[Step]) -> Iterator[Pattern]:
    """The patterns of a layer's heads, each that several heads share once."""
    prepared, known = run.prepared, set()
    for head in range(prepared.shape.heads):
        pattern = prepared.variant.pattern(replace(prepared.shape, layer=layer, head=head), prepared.parameters, steps)
        if isinstance(pattern, Pieces):
            what = content(pattern)
            if what in known:
                continue
            known.add(what)
        yield pattern


def content(value: object) -> object:
    """Something hashable that is equal for dataclasses of equal content, arrays included."""
    if isinstance(value, np.ndarray):
        return value.shape, value.tobytes()
    if isinstance(value, tuple):
        return tuple(content(each) for each in value)
    if is_dataclass(value):
        return type(value), tuple(content(getattr(value, field.name)) for field in fields(value))
    return value


EXACT = english(
    "Through {layers} layers, {count:,} of the {most:,} tokens that the mask allows can reach token {target:,}; "
    "the farthest is {farthest:,} tokens away. All heads count, and a token always keeps its own state."
)
OWN_PAIRS = english(
    "Through {layers} layers, {count:,} of the {most:,} tokens that the mask allows can reach token {target:,}; "
    "the farthest is {farthest:,} tokens away. All heads count, each layer with the pairs that it found itself."
)
ONE_LAYER = english(
    "Through {layers} layers, {count:,} of the {most:,} tokens that the mask allows can reach token {target:,}; "
    "the farthest is {farthest:,} tokens away. The pairs of layer {layer} stand for those of every layer."
)


def panels(question: Question, field: Field, template: str, deep: Field | None = None) -> Panels:
    values = {
        "layers": len(field.members) - 1,
        "count": field.counts[-1],
        "most": field.most,
        "target": field.target,
        "farthest": field.farthest,
        "layer": question.run.prepared.spec.layer + 1,
    }
    return (
        Panel(Words("Who can reach token {target:,}", values), reach_of(question, field), Words(template, values)),
        Panel(Words("Tokens that can reach it"), curve_of(field, deep)),
        Panel(Words("Reach"), numbers(field, deep)),
    )


def reach_of(question: Question, field: Field) -> Reach:
    size = len(field.members[0])
    edges = np.linspace(0, size, min(BINS, size) + 1).astype(np.int64)
    widths = np.diff(edges)
    shares = np.array([np.add.reduceat(each, edges[:-1], dtype=np.int64) / widths for each in field.members])
    segments = [step.data for step in question.run.steps if isinstance(step.data, Segments)]
    if not segments:
        return Reach(shares, edges, field.target)
    length = segments[-1].length
    return Reach(shares, edges, field.target, length, field.target // length * length)


def curve_of(field: Field, deep: Field | None) -> Curve:
    counts = field.counts
    lines = [Line("the model’s layers", np.arange(len(counts)), np.array(counts))]
    if deep is not None:
        lines.append(
            Line(Words("a model of {n} layers", {"n": DEEP}), np.arange(DEEP + 1), np.array(deep.counts), look="dashed")
        )
    return Curve("layers", "tokens that can reach it", tuple(lines), logarithmic_y=True)


def numbers(field: Field, deep: Field | None) -> Quantities:
    card = (
        ("what", english("sets of positions, grown layer by layer through the exact pairs of every head")),
        ("layers", str(len(field.members) - 1)),
        ("token", f"{field.target:,}"),
    )
    found = [
        Quantity("tokens that can reach it", field.counts[-1], "tokens", card=card),
        Quantity("of the tokens that the mask allows", field.counts[-1] / max(1, field.most), share=True, card=card),
        Quantity("farthest token", field.farthest, "tokens away", card=card),
    ]
    deepest = deep or field
    enough, unit = deepest.layers_for_all, "layers"
    if enough is None:
        enough, unit = len(deepest.members) - 1, english("are not enough")
    found.append(Quantity("layers until every token can reach it", enough, unit, card=card))
    return Quantities(tuple(found))


STUDY = ReceptiveField()
