"""Quality against cost: what each variant's attention costs at this length, and how well a model trained with it reads.

Cost is measured now: ``attend`` alone on random inputs of one layer's size, the variant as it was trained. Quality is
the held-out loss on the card of its weights. All were trained on the same texts, equally many, in the same order.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from typing import TYPE_CHECKING

import numpy as np

from engines.measure import measure_memory, random_prepared, rest, time_repeatedly
from engines.study import Curve, Line, Panel, Question, Study
from engines.weight_sets import continued_sets
from engines.words import NO_WORDS, Words, english

if TYPE_CHECKING:
    from engines.run import Prepared
    from engines.trained_models import Trained
    from engines.variant import Shape, Variant

SECONDS_A_CALL, SECONDS_A_POINT = 2.0, 0.4
CALIBRATED_AT = 2048
COST = english(
    "Cost: attention of layer {layer} alone, {heads} heads × {width}, on random queries, keys and values; every "
    "variant with the settings of its training, not those of this run."
)
PREDICTED = english("Predicted: a call would take more than {seconds} s; scaled by operations from one of {n} tokens.")
NO_MEMORY = english(
    "No dot for {names}: a call would take more than {seconds} s, and memory is measured or not given at all."
)
LINE = english("The line: nobody is both cheaper and better.")
TINY = english(
    "Models of {parameters} million parameters, trained on with each variant for {tokens} tokens in texts of {length}: "
    "who is ahead among such tiny ones need not be ahead among large ones."
)


@dataclass(frozen=True)
class Point:
    """One variant: seconds of a call at this length, and its peak; None where it was predicted, not run."""

    of: Trained
    seconds: float
    peak_bytes: int | None


class QualityAndCost(Study):
    name = "quality-and-cost"
    label = "Quality"
    help = "Held-out loss of every variant trained with this mask, against the time and memory it takes at this length"
    order = 40

    def applies(self, variant: Variant, causal: bool) -> bool:
        return bool(continued_sets(causal))

    def answer(self, question: Question) -> Iterator[tuple[Panel, ...]]:
        """One variant more each time."""
        from engines.trained_models import trained  # it brings the tokenizers, which the window has no use for

        points: list[Point] = []
        for each in trained(question.run.prepared.mask.causal):
            question.check_cancelled()
            points.append(measured(question, each))
            points = [refined(question, point) for point in points]
            yield panels(question, points)


def measured(question: Question, each: Trained) -> Point:
    """The cost at the run's length; past the budget the time of a short call, scaled by operations.

    What has been measured of full attention beside the run's own numbers is not measured again.
    """
    known = refined(question, Point(each, 0.0, None))
    if known.peak_bytes is not None:
        return known
    spec, model = question.run.prepared.spec, each.model()
    variant, parameters = model.variant, model.parameters
    shape = replace(question.run.prepared.shape, heads=model.shape.heads, head_width=model.shape.head_width)
    short = replace(shape, queries=min(CALIBRATED_AT, shape.queries), keys=min(CALIBRATED_AT, shape.keys))

    def prepared(of: Shape) -> Prepared:
        return random_prepared(variant, parameters, of, spec.device, spec.dtype)

    seconds = median_seconds(prepared(short), question)
    expected = seconds * variant.cost(shape, parameters).flops / variant.cost(short, parameters).flops
    if expected > SECONDS_A_CALL:
        return Point(each, expected, None)
    whole = prepared(shape)
    return Point(each, median_seconds(whole, question), measure_memory(whole.attend, spec.device)[0])


def refined(question: Question, point: Point) -> Point:
    """The point as measured, where what was predicted has been measured since."""
    found, run = question.fused(), question.run.prepared
    if found is None or found.seconds is None or found.peak_bytes is None or point.peak_bytes is not None:
        return point
    model = point.of.model()
    same = model.variant.name == "full" and model.parameters == model.variant.parameters(implementation="fused")
    if not same or (model.shape.heads, model.shape.head_width) != (run.shape.heads, run.shape.head_width):
        return point
    return Point(point.of, found.seconds, found.peak_bytes)


def median_seconds(prepared: Prepared, question: Question) -> float:
    seconds = 0.0
    rest()
    for times in time_repeatedly(prepared.attend, prepared.spec.device, SECONDS_A_POINT):
        question.check_cancelled()
        seconds = times.median
    return seconds


def panels(question: Question, points: Sequence[Point]) -> tuple[Panel, ...]:
    n = question.run.prepared.shape.queries
    of_time = [(1e6 * point.seconds / n, point) for point in points]
    of_memory = [(point.peak_bytes / 1e6, point) for point in points if point.peak_bytes is not None]
    left_out = [point for point in points if point.peak_bytes is None]
    time = dots(english("µs a token, attention of one layer"), of_time)
    said = [cost_of(question, points[0].of), *([predicted(n)] if left_out else []), *line_in(time)]
    title = Words("Quality against time, {n} tokens", {"n": f"{n:,}"})
    of_it = Panel(title, time, sentences(*said, tiny(points[0].of)))
    if not of_memory:
        return (of_it,)
    memory = dots(english("peak memory of a call, MB"), of_memory)
    title = Words("Quality against memory, {n} tokens", {"n": f"{n:,}"})
    return of_it, Panel(title, memory, sentences(*line_in(memory), *([without(left_out)] if left_out else [])))


def sentences(*said: Words) -> Words:
    """One after the other."""

    def joined(first: Words, second: Words) -> Words:
        return Words("{first} {second}", {"first": first, "second": second})

    return reduce(joined, said) if said else NO_WORDS


def cost_of(question: Question, of: Trained) -> Words:
    shape, model = question.run.prepared.shape, of.model().shape
    return Words(COST, {"layer": shape.layer + 1, "heads": model.heads, "width": model.head_width})


def predicted(n: int) -> Words:
    return Words(PREDICTED, {"seconds": f"{SECONDS_A_CALL:g}", "n": f"{min(CALIBRATED_AT, n):,}"})


def without(points: Sequence[Point]) -> Words:
    """Who has no dot, and why."""
    labels = (point.of.label for point in points)
    names = reduce(lambda first, second: Words("{first}, {second}", {"first": first, "second": second}), labels)
    return Words(NO_MEMORY, {"names": names, "seconds": f"{SECONDS_A_CALL:g}"})


def line_in(curve: Curve) -> list[Words]:
    """What the line says, where one is drawn."""
    return [Words(LINE)] if any(line.look == "line" for line in curve.lines) else []


def tiny(first: Trained) -> Words:
    """What the models are."""
    return Words(
        TINY,
        {
            "parameters": f"{first.card['parameters'] / 1e6:.1f}",
            "tokens": Words("{n} million", {"n": f"{first.card['tokens'] / 1e6:.0f}"}),
            "length": f"{first.weights.trained_length:,}",
        },
    )


def dots(x_label: str, placed: Sequence[tuple[float, Point]]) -> Curve:
    """A dot a variant, and the front of those that no other beats in both."""
    lines = [
        Line(
            point.of.label if point.peak_bytes is not None else Words("{label} (predicted)", {"label": point.of.label}),
            np.array([x]),
            np.array([point.of.bits_per_byte]),
            look="points",
            colour=point.of.variant.name,
        )
        for x, point in placed
    ]
    front = pareto_front([(x, point.of.bits_per_byte) for x, point in placed])
    if len(front) > 1:
        x, y = np.array(front).T
        lines.insert(0, Line("Pareto front", x, y, colour="full"))
    hidden = bool(placed) and placed[0][1].of.card["objective"] != "next token"
    y_label = english("bits per byte of hidden pieces, held out") if hidden else english("bits per byte, held out")
    return Curve(x_label, y_label, tuple(lines), logarithmic_x=True)


def pareto_front(places: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """Those places that no other beats in both, from the cheapest to the best."""
    front: list[tuple[float, float]] = []
    for place in sorted(places):
        if not front or place[1] < front[-1][1]:
            front.append(place)
    return front


STUDY = QualityAndCost()
