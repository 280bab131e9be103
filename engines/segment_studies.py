"""What is asked of a run in segments: what the cache saves, and why positions must be relative.

Paper: Dai et al. 2019, "Transformer-XL", section 3.2 (evaluation), section 3.3 (positions) and table 9 (speed).
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from engines import host_model
from engines.fused import fused_attention
from engines.measure import rest
from engines.relative_positions import sinusoids
from engines.segmented import Layout, segment_attention
from engines.study import Curve, HeatMap, Line, Panel, Question, Study
from engines.words import Words, english

if TYPE_CHECKING:
    import torch
    from torch import Tensor

    from engines.weights import HostModel
else:
    from engines.lazy_torch import torch

CONTEXTS = (100, 200, 400, 800, 1800, 2800, 3800)
PUBLISHED = {800: 363.0, 1800: 773.0, 2800: 1409.0, 3800: 1874.0}  # table 9
REPEATS, SECONDS_A_POINT = 5, 2.0
RAN = english(
    "Measured now on {device}: all {layers} layers of the shipped model, {heads} heads × {width}, float32, medians of "
    "up to {repeats} runs in turn. Again: the whole context is read for each token. Cached: a segment as long as the "
    "context reads the cached one before it; its time is shared by its tokens."
)
RAN_ON_REPEATED_TEXT = english(
    "Measured now on {device}: all {layers} layers of the shipped model, {heads} heads × {width}, float32, medians of "
    "up to {repeats} runs in turn. Again: the whole context is read for each token. Cached: a segment as long as the "
    "context reads the cached one before it; its time is shared by its tokens. This text is too short for the longer "
    "contexts, and is repeated."
)
SHOWN_CELLS, SHOWN_SEGMENTS = 192, 3


@dataclass(frozen=True)
class Point:
    """Seconds for a new token at one length of context, both ways."""

    context: int
    again: float
    cached: float


def read_again(model: HostModel, ids: Tensor, check_cancelled: Callable[[], None]) -> Tensor:
    """Scores of the token after ``ids`` [1, position]: the whole context through all layers."""

    def attend(layer: int, q: Tensor, k: Tensor, v: Tensor) -> Tensor:
        check_cancelled()
        return fused_attention(q, k, v, causal=True)[0]

    hidden = host_model.forward(model.weights, model.shape, ids, attend)
    return host_model.logits(model.weights, hidden[:, -1])


def read_segment(
    model: HostModel, ids: Tensor, caches: tuple[tuple[Tensor, Tensor], ...], check_cancelled: Callable[[], None]
) -> tuple[Tensor, tuple[tuple[Tensor, Tensor], ...]]:
    """Scores [1, position, piece] after every token of ``ids``, a segment that reads the cached one before it.

    Returns them with the keys and values of this segment, for the next one. ``caches`` is empty before the first.
    """
    weights, shape, length = model.weights, model.shape, ids.shape[1]
    before = caches[0][0].shape[2] if caches else 0
    positions = torch.arange(before, before + length, device=ids.device)
    layout, kept = Layout(length, before, origin=before, offset=before), []
    hidden = host_model.embed(weights, ids)
    for layer in range(shape.layers):
        check_cancelled()
        q, k, v = host_model.queries_keys_values(weights, shape, layer, hidden, positions)
        kept.append((k, v))
        if caches:
            k, v = (torch.cat([old, new], 2) for old, new in zip(caches[layer], (k, v), strict=True))
        output, normaliser = torch.empty_like(q), torch.empty(q.shape[:3], device=q.device)
        segment_attention(q[0], k[0], v[0], layout, None, output[0], normaliser[0], check_cancelled)
        hidden = host_model.after_attention(weights, layer, hidden, output)
    hidden = host_model.normalise(hidden, weights["final_norm"])
    return host_model.logits(weights, hidden), tuple(kept)


def seconds_of(run: Callable[[], object], device: str) -> float:
    """Seconds of one run, until the device is done."""

    def wait() -> None:
        if device.startswith("cuda"):
            torch.cuda.synchronize(device)

    wait()
    start = time.perf_counter()
    run()
    wait()
    return time.perf_counter() - start


def measured(
    model: HostModel, ids: np.ndarray, context: int, device: str, check_cancelled: Callable[[], None]
) -> Iterator[Point]:
    """Both ways at one length of context, in turn: medians of ever more repeats, after one that does not count.

    On the tokens ``ids``, from the start again where they are too few.
    """
    tokens = torch.from_numpy(np.resize(ids, 2 * context)).to(device, torch.int64)[None]
    first, second = tokens[:, :context], tokens[:, context:]
    again: list[float] = []
    cached: list[float] = []
    with torch.no_grad():
        _, caches = read_segment(model, first, (), check_cancelled)
        read_again(model, first, check_cancelled)
        read_segment(model, second, caches, check_cancelled)
    while len(again) < REPEATS and sum(again) + sum(cached) < SECONDS_A_POINT:
        rest()
        with torch.no_grad():
            again.append(seconds_of(lambda: read_again(model, first, check_cancelled), device))
            cached.append(seconds_of(lambda: read_segment(model, second, caches, check_cancelled), device))
        yield Point(context, statistics.median(again), statistics.median(cached) / context)


class CachedOrAgain(Study):
    """The paper's evaluation both ways, run here."""

    name = "cached-or-again"
    label = "Cached or again"
    help = "Time for each new token, with cached states and by reading the whole context again; measured now."
    order = 0

    def answer(self, question: Question) -> Iterator[tuple[Panel, ...]]:
        from engines.weights import shipped_model

        spec = question.run.prepared.spec
        ids = np.asarray(question.run.prepared.tokens.ids)
        model = shipped_model().to(spec.device, "float32")
        points: dict[int, Point] = {}
        for context in CONTEXTS:
            for point in measured(model, ids, context, spec.device, question.check_cancelled):
                question.check_cancelled()
                points[context] = point
                yield speed_panels(list(points.values()), model, spec.device, repeated=2 * context > len(ids))


def speed_panels(points: list[Point], model: HostModel, device: str, repeated: bool) -> tuple[Panel, ...]:
    """Seconds for a new token, and how many times as fast the cache is."""
    contexts = np.array([point.context for point in points], dtype=float)
    again, cached = (np.array([getattr(point, way) for point in points]) for way in ("again", "cached"))
    x_label = english("context, tokens")
    seconds = Curve(
        x_label,
        "ms for a new token",
        (
            Line("whole context read again", contexts, 1e3 * again, colour=0),
            Line("states of the last segment cached", contexts, 1e3 * cached),
        ),
        logarithmic_x=True,
        logarithmic_y=True,
    )
    at, speed_up = np.array(list(PUBLISHED), dtype=float), np.array(list(PUBLISHED.values()))
    faster = Curve(
        x_label,
        "times as fast",
        (
            Line("measured here", contexts, again / cached),
            Line("as published", at, speed_up, look="dashed"),
        ),
        logarithmic_x=True,
        logarithmic_y=True,
    )
    values = {
        "device": device,
        "layers": model.shape.layers,
        "heads": model.shape.heads,
        "width": model.shape.head_width,
        "repeats": REPEATS,
    }
    ran = Words(RAN_ON_REPEATED_TEXT if repeated else RAN, values)
    paper = Words(
        "Dashed: Dai et al. 2019, table 9, a larger model on other hardware. The speed-up of long contexts comes near "
        "half the context: one reading of {context} tokens gives one new token, or, over twice the keys, {context} of "
        "them.",
        {"context": f"{points[-1].context:,}"},
    )
    return (Panel(Words("A new token, both ways"), seconds, ran), Panel(Words("Speed-up"), faster, paper))


class CollidingPositions(Study):
    """Absolute positions that start anew in every segment, beside distances."""

    name = "colliding-positions"
    label = "Why relative"
    help = "Positions that start anew in every segment cannot be told apart; distances can."
    order = 1

    def answer(self, question: Question) -> Iterator[tuple[Panel, ...]]:
        prepared = question.run.prepared
        shape, length = prepared.shape, int(prepared.parameters.segment)
        shown = shown_positions(shape.keys, length)
        width = shape.heads * shape.head_width
        question.check_cancelled()
        yield position_panels(shown, length, width, shape.keys)


def shown_positions(keys: int, length: int) -> np.ndarray:
    """Positions [cell] of the last segments of a run, the same places in each; of the first two where it has but one.

    As many segments as can be read, three at most; of a long segment every so many positions.
    """
    segments = max(2, -(-keys // length))
    count = min(SHOWN_SEGMENTS, segments)
    step = -(-count * length // SHOWN_CELLS)
    within = np.arange(0, length, step)
    starts = (segments - count + np.arange(count)) * length
    return (starts[:, None] + within).ravel()


def position_panels(shown: np.ndarray, length: int, width: int, keys: int) -> tuple[Panel, ...]:
    """How alike positions are, 1 for the same: restarted in each segment, and as distances; ``keys``: of the text."""
    positions = torch.from_numpy(shown)
    restarted = sinusoids(positions % length, width)
    absolute = (restarted @ restarted.T / (width / 2)).numpy()
    distance = positions[:, None] - positions[None, :]
    here = sinusoids(torch.zeros(1), width)[0]
    relative = (sinusoids(distance.clamp(min=0).ravel(), width) @ here / (width / 2)).reshape(distance.shape).numpy()
    later = distance.numpy() < 0
    last = (int(shown[-1]) // length + 1) * length
    edges = np.append(shown, last).astype(np.int64)
    panels = []
    for title, values, note in (
        (Words("Positions by segment"), absolute, _collision(shown, length, keys)),
        (
            Words("Distances"),
            relative,
            Words(
                "The likeness of the distance between query and key to distance 0. A distance goes on growing across "
                "the border of a segment, so that a cached key is never taken for one of this segment."
            ),
        ),
    ):
        cells = np.where(later, np.nan, values).astype(np.float32)
        panels.append(Panel(title, HeatMap(cells, "query", "key", edges, edges), note, reconstructed=True))
    return tuple(panels)


def _collision(shown: np.ndarray, length: int, keys: int) -> Words:
    """Two positions of neighbouring segments that have the same code; and whether the text is as long as is drawn."""
    place, drawn = min(3, length - 1), (int(shown[-1]) // length + 1) * length
    first = int(shown[0]) + place
    values = {"place": place, "first": f"{first:,}", "second": f"{first + length:,}"}
    if first + length >= keys:
        return Words(
            "Position {place} of a segment and position {place} of the next have the same code: their likeness is 1, "
            "and they cannot be told apart. So would it be with tokens {first} and {second}, and with every pair one "
            "segment apart, the lines beside the diagonal, were the text {drawn} tokens long; it has {keys}.",
            {**values, "drawn": f"{drawn:,}", "keys": f"{keys:,}"},
        )
    return Words(
        "Position {place} of a segment and position {place} of the next, tokens {first} and {second} of the text, have "
        "the same code: their likeness is 1, and they cannot be told apart. So it is with every pair one segment "
        "apart: the lines beside the diagonal.",
        values,
    )


CACHED_OR_AGAIN, COLLIDING_POSITIONS = CachedOrAgain(), CollidingPositions()
