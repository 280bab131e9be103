"""State or cache: what must be held, and how long it takes, to write one more token.

Softmax attention keeps every key and value; a variant whose past is a running state keeps that alone. Sizes are exact
counts. Times are measured here: one more token, all heads of the layer, against a cache of n keys and values and from
the state after n tokens. The text repeats where it is shorter than n, which changes neither.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from engines.fused import fused_attention
from engines.measure import rest, timed
from engines.study import Curve, Line, Mark, Panel, Quantities, Quantity, Question, Study
from engines.variant import Inputs, Mask, Shape, State, Variant
from engines.words import NO_WORDS, Words, english

if TYPE_CHECKING:
    import torch
    from torch import Tensor

    from engines.run import Prepared
else:
    from engines.lazy_torch import torch

LENGTHS = tuple(2**power for power in range(21))
DECODED_LENGTHS = (64, 256, 1024, 4096, 16_384, 65_536)
CACHE_BUDGET = 1 << 26  # bytes of keys and values that a measurement may hold
COMPARED, AT_ONCE = 4096, 256
REPEATS = 11


class StateOrCache(Study):
    name = "state-or-cache"
    label = "State or cache"
    help = "What is kept for the next token, and how long that token takes, with a running state and with a cache"
    order = 1

    def applies(self, variant: Variant, causal: bool) -> bool:
        """Token by token there is only the past."""
        return causal

    def answer(self, question: Question) -> Iterator[tuple[Panel, ...]]:
        """Sizes at once, then a point of the times after another, then the difference, text further and further."""
        prepared = question.run.prepared
        sizes = sizes_panel(prepared)
        yield (sizes,)
        times: list[Decoded] = []
        for length in decoded_lengths(prepared):
            question.check_cancelled()
            so_far = (sizes, times_panel(times)) if times else (sizes,)
            token = NextToken.after(prepared, length)
            yield so_far
            with_state = token.times(token.from_state)
            yield so_far
            times.append(Decoded(length, with_state, token.times(token.from_cache)))
            yield sizes, times_panel(times)
        for compared, difference in differences(question):
            yield sizes, times_panel(times), numbers_panel(prepared, times, compared, difference)


def sizes_panel(prepared: Prepared) -> Panel:
    """Bytes for the next token against the number of tokens so far, all heads of one layer."""
    state, cache = (np.array([count(prepared, n) for n in LENGTHS], dtype=np.float64) for count in (held, cached))
    crossing = float(LENGTHS[0] * state[0] / cache[0])
    lines = (
        Line("running state", np.array(LENGTHS), state),
        Line("keys and values", np.array(LENGTHS), cache, colour=0),
    )
    marks = (Mark("this length", prepared.shape.keys), Mark("same size", crossing))
    return Panel(
        Words("Kept for the next token"),
        Curve("tokens so far", "bytes, all heads", lines, marks, logarithmic_x=True, logarithmic_y=True),
        Words("{smaller}; exact counts, one layer", {"smaller": smaller_side(crossing)}),
    )


def smaller_side(crossing: float) -> Words:
    """Which is the smaller one on which side of ``crossing`` tokens, where both are of one size."""
    if crossing < 1:
        return Words("At every length the state is the smaller one")
    return Words("Up to {crossing} tokens the cache is the smaller one", {"crossing": f"{math.ceil(crossing) - 1:,}"})


def held(prepared: Prepared, length: int) -> int:
    """Bytes of the variant's state after ``length`` tokens."""
    shape = replace(prepared.shape, queries=length, keys=length)
    return prepared.variant.state_bytes(shape, prepared.parameters, prepared.inputs.k.element_size())


def cached(prepared: Prepared, length: int) -> int:
    """Bytes of all keys and values of ``length`` tokens."""
    shape: Shape = replace(prepared.shape, queries=length, keys=length)
    return Variant.state_bytes(prepared.variant, shape, prepared.parameters, prepared.inputs.k.element_size())


@dataclass(frozen=True)
class Decoded:
    """Seconds of one more token after ``length``, each repeat."""

    length: int
    with_state: tuple[float, ...]
    with_cache: tuple[float, ...]


def decoded_lengths(prepared: Prepared) -> tuple[int, ...]:
    return tuple(n for n in DECODED_LENGTHS if cached(prepared, n) <= CACHE_BUDGET)


@dataclass(frozen=True)
class NextToken:
    """One more token of all heads after some others: its q, k and v, the state of those, and a cache of their keys and
    values with a place left for its own."""

    prepared: Prepared
    inputs: Inputs
    state: State | None
    keys: Tensor
    values: Tensor

    @staticmethod
    def after(prepared: Prepared, length: int) -> NextToken:
        """The text's own tokens, again and again where there are fewer than ``length`` + 1."""
        inputs, mask = prepared.inputs, Mask()  # all before the token, whose order does not matter to their sum
        q, k, v = (repeated(x[:1], length + 1) for x in (inputs.q, inputs.k, inputs.v))
        before = Inputs(q[:, :, :1], k[:, :, :length], v[:, :, :length], inputs.layer, inputs.extras)
        token = replace(inputs, q=q[:, :, length:].clone(), k=k[:, :, length:].clone(), v=v[:, :, length:].clone())
        with torch.no_grad():
            _, state = prepared.variant.attend(before, prepared.parameters, mask, generator=prepared.generator())
        return NextToken(prepared, token, state, k, v)

    def from_state(self) -> Tensor:
        prepared = self.prepared
        return prepared.variant.attend(self.inputs, prepared.parameters, Mask(causal=True), state=self.state)[0]

    def from_cache(self) -> Tensor:
        self.keys[:, :, -1:], self.values[:, :, -1:] = self.inputs.k, self.inputs.v
        return fused_attention(self.inputs.q, self.keys, self.values)[0]

    def times(self, call: Callable[[], Tensor]) -> tuple[float, ...]:
        """Seconds of each repeat, after a warm-up; one way after the other, as each would run by itself."""
        rest()
        with torch.no_grad():
            return tuple(timed(call, self.prepared.spec.device) for _ in range(REPEATS + 1))[1:]


def repeated(x: Tensor, length: int) -> Tensor:
    """The positions again and again, [batch, head, length, feature]; a copy."""
    at = torch.arange(length, device=x.device) % x.shape[2]
    return x.index_select(2, at)


def times_panel(times: list[Decoded]) -> Panel:
    """Microseconds of the next token against the number of tokens before it; bands are quartiles."""
    lengths = np.array([point.length for point in times])

    def line(label: str, rows: list[tuple[float, ...]], colour: int) -> Line:
        low, middle, high = np.percentile(1e6 * np.array(rows), (25, 50, 75), axis=1)
        return Line(label, lengths, middle, low, high, colour=colour)

    lines = (
        line(english("from the running state"), [point.with_state for point in times], -1),
        line(english("from a cache, exact softmax"), [point.with_cache for point in times], 0),
    )
    return Panel(
        Words("Time of one more token"),
        Curve("tokens before it", "µs, all heads", lines, logarithmic_x=True, logarithmic_y=True),
        Words(
            "Measured here, attention of one layer alone; medians and quartiles of {repeats}. "
            "A text that is shorter is repeated",
            {"repeats": REPEATS},
        ),
    )


def differences(question: Question) -> Iterator[tuple[int, float]]:
    """The recurrence against the run's parallel form: how many tokens so far, and the largest difference among them."""
    prepared = question.run.prepared
    length = min(COMPARED, prepared.shape.keys)
    extras, layer = prepared.inputs.extras, prepared.inputs.layer
    q, k, v = (x[:1, :, :length] for x in (prepared.inputs.q, prepared.inputs.k, prepared.inputs.v))
    attend, parameters, mask = prepared.variant.attend, prepared.parameters, Mask(causal=True)
    state, largest = None, 0.0
    with torch.no_grad():
        parallel, _ = attend(Inputs(q, k, v, layer, extras), parameters, mask, generator=prepared.generator())
    for start in range(0, length, AT_ONCE):
        question.check_cancelled()
        stop = min(start + AT_ONCE, length)
        with torch.no_grad():
            for i in range(start, stop):
                one = slice(i, i + 1)
                token = Inputs(q[:, :, one], k[:, :, one], v[:, :, one], layer, extras)
                row, state = attend(token, parameters, mask, state=state)
                largest = max(largest, float((row - parallel[:, :, i : i + 1]).abs().max()))
        yield stop, largest


def numbers_panel(prepared: Prepared, times: list[Decoded], compared: int, difference: float) -> Panel:
    length = prepared.shape.keys
    state, cache = held(prepared, length), cached(prepared, length)
    how = (
        (
            "what",
            english("largest |o − o′| over all heads: o token by token from the state, o′ in chunks, in parallel"),
        ),
        ("tokens", f"{compared:,}"),
        ("dtype", prepared.spec.dtype),
    )
    numbers = [
        Quantity("running state", state, "bytes"),
        Quantity("keys and values", cache, "bytes", card=(("tokens", f"{length:,}"),)),
        Quantity("recurrence against parallel, largest difference", difference, card=how),
    ]
    if times:
        nearest = min(times, key=lambda point: abs(math.log(point.length / length)))
        numbers.append(
            Quantity(
                Words("one more token after {n}, cache over state", {"n": f"{nearest.length:,}"}),
                statistics.median(nearest.with_cache) / statistics.median(nearest.with_state),
                "×",
                card=(("tokens before it", f"{nearest.length:,}"), ("repeats", str(REPEATS))),
            )
        )
    note = NO_WORDS
    if compared < length:
        note = Words("Compared on the first {compared} tokens", {"compared": f"{compared:,}"})
    return Panel(Words("At this length"), Quantities(tuple(numbers)), note)
