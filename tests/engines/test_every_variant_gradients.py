"""Gradients of every variant there is: against finite differences, and in memory linear in the length."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
import torch
from torch import Tensor

from engines.problems import Problem
from engines.trace import Segments, Trace
from engines.variant import Inputs, Mask, Parameters, Value, Variant
from engines.variants import variants
from tests.engines.backward_memory import backward_peak
from tests.engines.test_every_variant import every_mask, every_variant, supports

LENGTH, HEADS, WIDTH = 13, 2, 4
STEP = 1e-5
STENCIL = ((1, 8 / 12), (-1, -8 / 12), (2, -1 / 12), (-2, 1 / 12))  # steps and weights: exact to the fourth power
TOLERANCE = 1e-7  # of that difference in float64
SMALL = 3  # windows, chunks, features … at most this many, so that a short sequence has several of each


def settings_of(variant: Variant) -> Iterator[dict[str, Value]]:
    """Small sizes; then besides these every other choice of every parameter, one at a time."""
    small: dict[str, Value] = {}
    for setting in variant.settings:
        at_most = max(SMALL, int(setting.minimum or 0))
        if setting.kind == "integer":
            small[setting.name] = min(int(setting.default), at_most)
        elif setting.kind == "integers":
            small[setting.name] = tuple(min(each, at_most) for each in setting.default)
    yield small
    for setting in variant.settings:
        others: tuple[Value, ...] = (not setting.default,) if setting.kind == "flag" else setting.choices
        yield from ({**small, setting.name: other} for other in others if other != setting.default)


def cases() -> Iterator[object]:
    for variant in variants().values():
        for number, settings in enumerate(settings_of(variant)):
            changed = list(settings.items())[-1] if number else ("small", "sizes")
            for causal in (True, False):
                if supports(variant, causal):
                    name = "-".join(map(str, (variant.name, Mask(causal).name, *changed)))
                    yield pytest.param(variant, variant.parameters(**settings), Mask(causal), id=name)


def drawn() -> Inputs:
    generator = torch.Generator().manual_seed(11)
    return Inputs(*torch.randn(3, 1, HEADS, LENGTH, WIDTH, generator=generator, dtype=torch.float64))


def output_of(variant: Variant, parameters: Parameters, mask: Mask, inputs: Inputs) -> tuple[Tensor, Trace]:
    trace = Trace()
    output, _ = variant.attend(inputs, parameters, mask, generator=torch.Generator().manual_seed(5), record=trace)
    return output, trace


def gradient_reaches(trace: Trace, name: str) -> Tensor:
    """Which outputs [position, query] a position's gradient comes from: where states are cached, its segment's alone.

    Of a query that is every output, because no query is cached.
    """
    segment = LENGTH
    for step in trace.steps:
        if isinstance(step.data, Segments) and name != "q":
            segment = step.data.length
    number = torch.arange(LENGTH) // segment
    return number[:, None] == number


def finite_differences(
    variant: Variant, parameters: Parameters, mask: Mask, inputs: Inputs, name: str, direction: Tensor, towards: Tensor
) -> Tensor:
    """The slope of the output's product with ``towards`` when one position moves in its direction: [position].

    All positions are moved at once, each in a batch item of its own.
    """
    positions = torch.arange(LENGTH)
    moved = torch.zeros(LENGTH, HEADS, LENGTH, WIDTH, dtype=torch.float64)
    moved[positions, :, positions] = STEP * direction[0].transpose(0, 1)
    batch = len(STENCIL) * LENGTH
    items = Inputs(*(x.expand(batch, -1, -1, -1).clone() for x in (inputs.q, inputs.k, inputs.v)))
    getattr(items, name).add_(torch.cat([steps * moved for steps, _ in STENCIL]))
    if mask.key_lengths is not None:
        mask = replace(mask, key_lengths=mask.key_lengths * batch)
    output, trace = output_of(variant, parameters, mask, items)
    values = (output * towards).sum((1, 3)).unflatten(0, (len(STENCIL), LENGTH))  # [step, position moved, query]
    slopes = torch.einsum("s,spq->pq", torch.tensor([each for _, each in STENCIL], dtype=torch.float64), values) / STEP
    return (slopes * gradient_reaches(trace, name)).sum(1)


def check_gradients(variant: Variant, parameters: Parameters, mask: Mask) -> None:
    inputs = drawn()
    for tensor in (inputs.q, inputs.k, inputs.v):
        tensor.requires_grad_()
    output, _ = output_of(variant, parameters, mask, inputs)
    generator = torch.Generator().manual_seed(12)
    towards = torch.randn(output.shape, generator=generator, dtype=torch.float64)
    tensors = (inputs.q, inputs.k, inputs.v)
    gradients = torch.autograd.grad((output * towards).sum(), tensors, allow_unused=True, materialize_grads=True)
    with torch.no_grad():
        still, _ = output_of(variant, parameters, mask, inputs)
        torch.testing.assert_close(output, still, rtol=0, atol=1e-12)
        for name, gradient in zip("qkv", gradients, strict=True):
            direction = torch.randn(gradient.shape, generator=generator, dtype=torch.float64)
            slopes = finite_differences(variant, parameters, mask, inputs, name, direction, towards)
            found = (gradient * direction).sum((0, 1, 3))
            torch.testing.assert_close(found, slopes, rtol=TOLERANCE, atol=TOLERANCE, msg=lambda m, n=name: f"{n}: {m}")


@pytest.mark.parametrize(("variant", "parameters", "mask"), list(cases()))
def test_gradients_are_the_slopes_of_the_output(variant, parameters, mask):
    check_gradients(variant, parameters, mask)


@every_variant
@every_mask
@pytest.mark.parametrize("length", [LENGTH, 9, 0])
def test_gradients_with_padding(variant, causal, length):
    """Where a variant takes no padding, it says so."""
    if not supports(variant, causal):
        return
    small = variant.parameters(**next(settings_of(variant)))
    try:
        check_gradients(variant, small, Mask(causal, key_lengths=(length,)))
    except Problem as problem:
        if problem.code != "mask_not_supported":
            raise


@every_variant
@every_mask
def test_backward_memory_grows_linearly(variant, causal):
    if not supports(variant, causal):
        return
    short, long = (backward_peak(variant, variant.parameters(), length, causal) for length in (8192, 16384))
    assert short < long <= 2.2 * short
    assert long < 16384 * 16384
