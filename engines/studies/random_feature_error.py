"""Random features: how well they estimate the softmax kernel on this text's queries and keys, and what it costs.

Choromanski et al. 2021 show errors on random inputs (figure 4) and prove them for single pairs (lemma 2). Here both are
asked of the run's own q and k: pairs drawn evenly from those the mask allows, m growing, several drawings of the
random vectors for each.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from engines.fused import fused_attention
from engines.random_features import KINDS, draw_features, expected_squared_error, features_of
from engines.study import Cloud, Curve, Line, Mark, Panel, Quantities, Quantity, Question, Scatter, Study
from engines.variant import Inputs, Mask
from engines.words import NO_WORDS, Words, english

if TYPE_CHECKING:
    import torch
    from torch import Tensor
else:
    from engines.lazy_torch import torch

PAIRS = 300
CLOUDS = (16, 64, 256, 1024)
COUNTS = (16, 32, 64, 128, 256, 512, 1024)
DRAWINGS, DRAWINGS_OF_OUTPUTS = 10, 5
TOKENS = 1024
LOW, HIGH = 10, 90  # percentiles of the drawings, which bound the bands

Choice = tuple[str, bool]  # kind, orthogonal
CHOICES: tuple[Choice, ...] = (
    ("positive", True),
    ("positive", False),
    ("hyperbolic", True),
    ("trigonometric", True),
    ("trigonometric", False),
)


@dataclass(frozen=True)
class Sample:
    """Pairs of one head: q and k [pair, feature], scaled by d^−¼, in float64; and exp(q·k/√d) of each."""

    q: Tensor
    k: Tensor
    exact: Tensor


@dataclass
class Errors:
    """What was found so far: for each choice, each m's errors, one for each drawing."""

    by_choice: dict[Choice, dict[int, np.ndarray]] = field(default_factory=dict)

    def add(self, choice: Choice, count: int, errors: np.ndarray) -> None:
        self.by_choice.setdefault(choice, {})[count] = errors

    def lines(self, own: Choice) -> tuple[Line, ...]:
        """Medians over the drawings with their bands; the run's own choice in the variant's colour."""
        found = []
        for choice, errors in self.by_choice.items():
            low, middle, high = np.percentile(np.stack(list(errors.values())), (LOW, 50, HIGH), axis=1)
            colour = -1 if choice == own else CHOICES.index(choice)
            found.append(Line(in_words(choice), np.array(list(errors)), middle, low, high, colour=colour))
        return tuple(found)


def in_words(choice: Choice) -> Words:
    kind, orthogonal = choice
    return Words("{kind}, orthogonal" if orthogonal else "{kind}, independent", {"kind": kind})


class RandomFeatureError(Study):
    name = "random-features"
    label = "Random features"
    help = "Exact softmax kernel against its estimate on this text’s queries and keys, and the error as m grows"
    order = 0

    def answer(self, question: Question) -> Iterator[tuple[Panel, ...]]:
        """Clouds first, each as it is there; then both errors, for a larger and larger m."""
        sample, clouds = sampled_pairs(question), []
        for count in CLOUDS:
            question.check_cancelled()
            clouds.append(cloud_panel(question, sample, count))
            yield tuple(clouds)
        shown = (*clouds, needed_panel(sample))
        yield shown
        for curves in growing_curves(question, sample):
            question.check_cancelled()
            yield shown + curves


def growing_curves(question: Question, sample: Sample) -> Iterator[tuple[Panel, ...]]:
    """The two errors against m, as soon as there are two values of m; nothing new after each step between."""
    parameters = question.run.prepared.parameters
    own: Choice = (parameters.features, parameters.orthogonal)
    comparison, kernel, factors, outputs = OutputComparison.of(question), Errors(), Errors(), Errors()
    marks = (Mark("m", parameters.m),)
    panels: tuple[Panel, ...] = ()
    for done, count in enumerate(sorted({*COUNTS, min(parameters.m, COUNTS[-1])})):
        for choice in dict.fromkeys((*CHOICES, own)):
            ratios = estimated_ratios(question, sample, choice, count)
            kernel.add(choice, count, median_of_pairs((ratios - 1).abs()))
            if choice[0] != "trigonometric":  # whose estimates may be below 0, and no factor of anything
                factors.add(choice, count, median_of_pairs(ratios.log().abs().exp()))
            yield panels
            outputs.add(choice, count, comparison.errors(question, choice, count))
            yield panels
        if done:
            panels = (
                kernel_panel(kernel.lines(own), marks),
                factor_panel(factors.lines(own), marks),
                output_panel(outputs.lines(own), marks, comparison.tokens),
            )
    yield panels


def sampled_pairs(question: Question) -> Sample:
    """Pairs drawn evenly from those that the mask allows."""
    inputs, mask = question.run.prepared.inputs, question.run.prepared.mask
    q, k = inputs.q[0, question.head], inputs.k[0, question.head]
    chance = np.random.default_rng(0)
    rows = chance.integers(0, q.shape[0], PAIRS)
    if mask.causal:  # a query sees more keys the later it stands: the later of two positions
        rows = np.maximum(rows, chance.integers(0, q.shape[0], PAIRS))
    columns = np.floor(chance.random(PAIRS) * np.where(mask.causal, rows + 1, k.shape[0])).astype(np.int64)
    scale = q.shape[-1] ** -0.25
    q, k = (scale * x[torch.from_numpy(at).to(x.device)].double() for x, at in ((q, rows), (k, columns)))
    return Sample(q, k, torch.exp((q * k).sum(-1)))


def drawings(question: Question, choice: Choice, count: int, how_many: int, width: int) -> Tensor:
    """ω [drawing, count, width], in float64; the same ones each time that they are asked for."""
    device, norms = question.run.prepared.inputs.q.device, question.run.prepared.parameters.norms
    generator = torch.Generator(device).manual_seed(question.run.prepared.spec.seed + 1)
    like = torch.empty(0, dtype=torch.float64, device=device)
    return draw_features(how_many, count, width, choice[1], norms, generator, like)


def estimates(sample: Sample, omega: Tensor, kind: str) -> Tensor:
    """φ(q)ᵀφ(k) of each pair for each drawing, [drawing, pair]."""
    return torch.stack([(features_of(sample.q, one, kind) * features_of(sample.k, one, kind)).sum(-1) for one in omega])


def cloud_panel(question: Question, sample: Sample, count: int) -> Panel:
    """Estimates of one drawing, with the run's own kind of features, against the exact kernel."""
    parameters = question.run.prepared.parameters
    choice = (parameters.features, parameters.orthogonal)
    omega = drawings(question, choice, count, 1, sample.q.shape[-1])
    exact, found = sample.exact.cpu().numpy(), estimates(sample, omega, parameters.features)[0].cpu().numpy()
    shown = found > 0
    note = NO_WORDS
    if not shown.all():
        note = Words(
            "{below} of {pairs} estimates are below 0 and not drawn", {"below": int((~shown).sum()), "pairs": PAIRS}
        )
    return Panel(
        Words("m = {m}, head {head}", {"m": f"{count:,}", "head": question.head + 1}),
        Scatter(
            "exp(q·k/√d), exact",
            "estimate",
            (Cloud("pairs of this text", exact[shown], found[shown]),),
            diagonal=True,
            logarithmic=True,
        ),
        note,
    )


def estimated_ratios(question: Question, sample: Sample, choice: Choice, count: int) -> Tensor:
    """Estimate / exact, [drawing, pair]."""
    omega = drawings(question, choice, count, DRAWINGS, sample.q.shape[-1])
    return estimates(sample, omega, choice[0]) / sample.exact


def median_of_pairs(errors: Tensor) -> np.ndarray:
    """The median pair's error, for each drawing.

    A mean would be that of the few pairs whose errors are largest, and another one with every drawing.
    """
    return np.asarray(errors.median(-1).values.cpu().numpy())


def needed_panel(sample: Sample) -> Panel:
    """What the paper's formula says of these pairs: m for a root mean squared error of a tenth of the kernel."""
    numbers = [
        Quantity(
            Words("m for 10 % error, {kind}", {"kind": kind}),
            float((expected_squared_error(sample.q, sample.k, 1, kind) / sample.exact.square()).median()) / 0.1**2,
            card=(("how", english("from the published squared error of independent vectors; median over the pairs")),),
        )
        for kind in KINDS
    ]
    together = float((sample.q + sample.k).square().sum(-1).median())
    numbers.append(
        Quantity("|q + k|²/√d, median", together, card=(("what", english("the error grows as its exponential")),))
    )
    return Panel(
        Words("Random vectors that these pairs would need"),
        Quantities(tuple(numbers)),
        Words("Root mean squared error of the median pair, by the formula of the paper’s lemma 2"),
    )


def kernel_panel(lines: tuple[Line, ...], marks: tuple[Mark, ...]) -> Panel:
    return Panel(
        Words("Error of the kernel’s estimate, this text’s pairs"),
        Curve(
            "random vectors m",
            "|estimate / exact − 1|, median pair",
            lines,
            marks,
            logarithmic_x=True,
            logarithmic_y=True,
        ),
        Words(
            "{pairs} pairs, {drawings} drawings of the random vectors; lines are medians over the drawings, bands hold "
            "80 % of them",
            {"pairs": PAIRS, "drawings": DRAWINGS},
        ),
    )


def factor_panel(lines: tuple[Line, ...], marks: tuple[Mark, ...]) -> Panel:
    return Panel(
        Words("By what factor the estimate misses, positive features"),
        Curve("random vectors m", "factor, median pair", lines, marks, logarithmic_x=True, logarithmic_y=True),
        Words("Too large or too small by that factor; 1 is exact. The same pairs and drawings"),
    )


@dataclass(frozen=True)
class OutputComparison:
    """One head's q, k, v [1, 1, token, feature] of the first tokens, and exact softmax attention on them."""

    q: Tensor
    k: Tensor
    v: Tensor
    exact: Tensor
    causal: bool

    @staticmethod
    def of(question: Question) -> OutputComparison:
        prepared, head = question.run.prepared, question.head
        q, k, v = (
            x[:1, head : head + 1, :TOKENS].float() for x in (prepared.inputs.q, prepared.inputs.k, prepared.inputs.v)
        )
        exact, _ = fused_attention(q, k, v, causal=prepared.mask.causal)
        return OutputComparison(q, k, v, exact, prepared.mask.causal)

    @property
    def tokens(self) -> int:
        return self.q.shape[2]

    def errors(self, question: Question, choice: Choice, count: int) -> np.ndarray:
        """‖o − o*‖ / ‖o*‖ for each drawing; the variant itself runs, a drawing in the place of each head."""
        prepared = question.run.prepared
        omega = drawings(question, choice, count, DRAWINGS_OF_OUTPUTS, self.q.shape[-1])
        q, k, v = (x.expand(-1, DRAWINGS_OF_OUTPUTS, -1, -1) for x in (self.q, self.k, self.v))
        settings = {**prepared.parameters, "features": choice[0], "orthogonal": choice[1], "m": count}
        parameters = prepared.variant.parameters(**settings)
        with torch.no_grad():
            output, _ = prepared.variant.attend(
                Inputs(q, k, v, extras={"features": omega}), parameters, Mask(self.causal)
            )
        error = (output - self.exact).double().square().sum((0, 2, 3)) / self.exact.double().square().sum()
        return error.sqrt().cpu().numpy()


def output_panel(lines: tuple[Line, ...], marks: tuple[Mark, ...], tokens: int) -> Panel:
    return Panel(
        Words("Error of the output against exact attention, first {tokens} tokens", {"tokens": f"{tokens:,}"}),
        Curve("random vectors m", "|o − o*| / |o*|", lines, marks, logarithmic_x=True, logarithmic_y=True),
        Words(
            "{drawings} drawings. Weights trained with exact softmax rely on sharp differences between keys, which few "
            "random vectors cannot tell: a large error is the truth here",
            {"drawings": DRAWINGS_OF_OUTPUTS},
        ),
    )
