"""BigBird against its definition written out over all pairs."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import Tensor

from engines.problems import Problem
from engines.trace import Trace
from engines.variant import Inputs, Mask, Parameters, Shape
from engines.variants import bigbird
from engines.variants.bigbird import VARIANT, BlockedText
from engines.variants.full import VARIANT as FULL
from tests.engines.backward_memory import backward_peak
from tests.engines.plain_attention import plain_attention

TOLERANCE = {torch.float64: 1e-9, torch.float32: 2e-5}


def kept_pairs(parameters: Parameters, causal: bool, layer: int, heads: int, length: int) -> Tensor:
    """The definition, query by query: own window, global blocks, drawn blocks; everything for global queries."""
    text, size = BlockedText(parameters, length, causal), parameters.block
    kept = torch.zeros(heads, length, length, dtype=torch.bool)
    for head in range(heads):
        drawn = text.drawn(layer, head)
        for query in range(length):
            own = query // size
            blocks = set(range(own - parameters.neighbours, own + parameters.neighbours + 1))
            blocks |= set(range(parameters.global_blocks)) | set(drawn[own].tolist())
            if own < parameters.global_blocks:
                blocks = set(range(length))
            keys = [key for key in range(length) if key // size in blocks and (key <= query or not causal)]
            kept[head, query, keys] = True
    return kept


def drawn_inputs(
    length: int, batch: int = 1, heads: int = 2, dtype: torch.dtype = torch.float64, layer: int = 0
) -> Inputs:
    generator = torch.Generator().manual_seed(length)
    return Inputs(*torch.randn(3, batch, heads, length, 8, generator=generator, dtype=torch.float64).to(dtype), layer)


def check(inputs: Inputs, causal: bool, **settings: object) -> None:
    parameters, trace = VARIANT.parameters(**settings), Trace()
    output, _ = VARIANT.attend(inputs, parameters, Mask(causal), record=trace)
    kept = kept_pairs(parameters, causal, inputs.layer, inputs.q.shape[1], inputs.q.shape[2])
    expected, normaliser = plain_attention(inputs.q, inputs.k, inputs.v, kept)
    tolerance = TOLERANCE[inputs.q.dtype]
    assert (output.double() - expected).abs().max() <= tolerance
    torch.testing.assert_close(trace["softmax"].normaliser.double(), normaliser[0], rtol=0, atol=tolerance)


SETTINGS = pytest.mark.parametrize(
    "settings",
    [
        {},
        {"block": 5, "neighbours": 2, "global_blocks": 2, "random_blocks": 3, "random_seed": 9},
        {"block": 4, "neighbours": 0, "global_blocks": 0, "random_blocks": 2},
        {"block": 7, "random_blocks": 0},
        {"block": 3, "neighbours": 4, "global_blocks": 6, "random_blocks": 200},
        {"block": 1, "neighbours": 1},
        {"block": 500},
    ],
    ids=str,
)
BOTH = pytest.mark.parametrize("causal", [True, False], ids=["causal", "bidirectional"])


@SETTINGS
@BOTH
@pytest.mark.parametrize("dtype", [torch.float64, torch.float32])
@pytest.mark.parametrize("length", [1, 2, 17, 64, 131])
def test_the_definition(length, dtype, causal, settings):
    check(drawn_inputs(length, dtype=dtype), causal, **settings)


@SETTINGS
@BOTH
def test_the_definition_over_several_tiles(monkeypatch, causal, settings):
    monkeypatch.setattr(bigbird, "ROWS_AT_ONCE", 16)
    check(drawn_inputs(109, heads=3, layer=2), causal, **settings)


@SETTINGS
@BOTH
@pytest.mark.parametrize("length", [1, 24, 93])
def test_the_pattern_is_the_definition(length, causal, settings):
    parameters, every = VARIANT.parameters(**settings), np.arange(length)
    kept = kept_pairs(parameters, causal, 1, 2, length).numpy()
    for head in range(2):
        shape = Shape(length, length, layer=1, head=head, causal=causal)
        pattern = VARIANT.pattern(shape, parameters)
        assert (pattern.kept(every, every) == kept[head]).all()
        assert pattern.count() == kept[head].sum() <= VARIANT.computed_pairs(shape, parameters)
        assert sum(pattern.only([name]).count() for name in pattern.pieces) == pattern.count()


@SETTINGS
@BOTH
@pytest.mark.parametrize("blocks", [1, 2, 5, 23])
def test_random_blocks_are_distinct_and_nowhere_else(blocks, causal, settings):
    parameters = VARIANT.parameters(**{**settings, "block": 4})
    text = BlockedText(parameters, 4 * blocks - 1, causal)
    drawn = text.drawn(0, 0)
    for block, row in enumerate(drawn):
        near = range(block - parameters.neighbours, block + parameters.neighbours + 1)
        free = set(range(parameters.global_blocks, block if causal else text.whole)) - set(near)
        chosen = [number for number in row.tolist() if number >= 0]
        expected = 0 if block < parameters.global_blocks else min(parameters.random_blocks, len(free))
        assert len(chosen) == len(set(chosen)) == expected
        assert set(chosen) <= free


def test_the_draw_follows_seed_layer_and_head_alone():
    text = BlockedText(VARIANT.parameters(), 8 * 100, False)
    other = BlockedText(VARIANT.parameters(random_seed=1), 8 * 100, False)
    assert (text.drawn(1, 2) == BlockedText(VARIANT.parameters(), 8 * 100, False).drawn(1, 2)).all()
    for different in (text.drawn(0, 2), text.drawn(1, 1), other.drawn(1, 2)):
        assert (different != text.drawn(1, 2)).any()


def test_each_free_block_is_drawn_as_often():
    text = BlockedText(VARIANT.parameters(block=1, global_blocks=2, random_blocks=3), 12, False)
    counts = np.zeros((12, 12))
    draws = 4000
    for head in range(draws):
        rows, places = np.nonzero((drawn := text.drawn(0, head)) >= 0)
        np.add.at(counts, (rows, drawn[rows, places]), 1)
    for block in range(2, 12):
        free = [key for key in range(2, 12) if abs(key - block) > 1]
        share = 3 / len(free)
        error = (draws * share * (1 - share)) ** 0.5
        assert (abs(counts[block, free] - draws * share) < 4.5 * error).all()
        assert counts[block].sum() == counts[block, free].sum() == 3 * draws


def test_blocks_beyond_the_text_equal_full():
    inputs = drawn_inputs(70)
    for causal in (True, False):
        output, _ = VARIANT.attend(inputs, VARIANT.parameters(block=6, neighbours=20), Mask(causal))
        full, _ = FULL.attend(inputs, FULL.parameters(), Mask(causal))
        torch.testing.assert_close(output, full, rtol=0, atol=1e-12)


@BOTH
def test_padding_is_a_shorter_text(causal):
    inputs, parameters = drawn_inputs(90, batch=4), VARIANT.parameters()
    output, _ = VARIANT.attend(inputs, parameters, Mask(causal, key_lengths=(90, 61, 1, 0)))
    for item, length in enumerate((90, 61, 1, 0)):
        assert (output[item, :, length:] == 0).all()
        if length:
            alone = Inputs(*(x[item : item + 1, :, :length] for x in (inputs.q, inputs.k, inputs.v)))
            expected, _ = VARIANT.attend(alone, parameters, Mask(causal))
            torch.testing.assert_close(output[item, :, :length], expected[0], rtol=0, atol=1e-12)


def test_a_part_of_a_text_is_refused():
    inputs = drawn_inputs(20)
    with pytest.raises(Problem, match="whole text"):
        VARIANT.attend(Inputs(inputs.q[:, :, 5:], inputs.k, inputs.v), VARIANT.parameters(), Mask(query_offset=5))


@SETTINGS
@BOTH
def test_gradients(causal, settings):
    inputs, parameters = drawn_inputs(83, layer=1), VARIANT.parameters(**settings)
    tensors = [x.requires_grad_() for x in (inputs.q, inputs.k, inputs.v)]
    output, _ = VARIANT.attend(inputs, parameters, Mask(causal))
    through = torch.randn(output.shape, generator=torch.Generator().manual_seed(1), dtype=torch.float64)
    expected, _ = plain_attention(*tensors, kept_pairs(parameters, causal, 1, 2, 83))
    wanted = torch.autograd.grad(expected, tensors, through)
    for mine, theirs in zip(torch.autograd.grad(output, tensors, through), wanted, strict=True):
        torch.testing.assert_close(mine, theirs, rtol=0, atol=1e-9)


@BOTH
def test_gradients_of_padded_texts(causal):
    inputs, parameters = drawn_inputs(60, batch=2), VARIANT.parameters()
    tensors = [x.requires_grad_() for x in (inputs.q, inputs.k, inputs.v)]
    output, _ = VARIANT.attend(inputs, parameters, Mask(causal, key_lengths=(60, 41)))
    found = torch.autograd.grad(output.sum(), tensors)
    alone = Inputs(*(x[1:, :, :41] for x in tensors))
    expected = torch.autograd.grad(VARIANT.attend(alone, parameters, Mask(causal))[0].sum(), tensors)
    for mine, theirs in zip(found, expected, strict=True):
        torch.testing.assert_close(mine[1], theirs[1], rtol=0, atol=1e-12)


@BOTH
def test_backward_allocates_in_proportion_to_the_length(causal):
    parameters = VARIANT.parameters(block=32)
    short, long = (backward_peak(VARIANT, parameters, length, causal) for length in (8192, 16384))
    assert short < long <= 2.2 * short


@pytest.mark.parametrize(
    "settings",
    [{"block": 0}, {"neighbours": -1}, {"global_blocks": 10**7}, {"random_blocks": 1.5}, {"random_seed": -1}],
)
def test_absurd_parameters_are_refused(settings):
    with pytest.raises(Problem):
        VARIANT.parameters(**settings)
