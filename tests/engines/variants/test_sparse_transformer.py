"""The Sparse Transformer against the paper's sets, written out over all pairs."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import Tensor

from engines import factorised, windowed
from engines.problems import Problem
from engines.trace import Trace
from engines.variant import Inputs, Mask, Parameters, Shape
from engines.variants.full import VARIANT as FULL
from engines.variants.sparse_transformer import VARIANT
from tests.engines.backward_memory import backward_peak
from tests.engines.plain_attention import allowed, plain_attention

TOLERANCE = {torch.float64: 1e-9, torch.float32: 2e-5}


def strided_sets(i: int, l: int, official: bool) -> tuple[set[int], set[int]]:  # noqa: E741
    """A(1) and A(2) of query i, as the paper prints them."""
    first = set(range(max(0, i - l + official), i + 1))
    return first, {j for j in range(i + 1) if (i - j) % l == 0}


def fixed_sets(i: int, l: int, c: int) -> tuple[set[int], set[int]]:  # noqa: E741
    first = {j for j in range(i + 1) if j // l == i // l}
    return first, {j for j in range(i + 1) if j % l in set(range(l - c, l))}


def sets_of_query(i: int, parameters: Parameters, length: int) -> tuple[set[int], set[int]]:
    stride = parameters.stride or max(1, round(length**0.5))
    if parameters.scheme == "strided":
        return strided_sets(i, stride, parameters.official_window)
    return fixed_sets(i, stride, min(stride, parameters.summary))


def which(parameters: Parameters, layer: int, head: int) -> slice:
    """Of the two sets, those that a head reads."""
    if parameters.heads == "merged":
        return slice(0, 2)
    number = (layer if parameters.heads == "interleaved" else head) % 2
    return slice(number, number + 1)


def kept_pairs(parameters: Parameters, mask: Mask, layer: int, heads: int, queries: int, keys: int) -> Tensor:
    kept = torch.zeros(1, heads, queries, keys, dtype=torch.bool)
    length = max(queries + mask.query_offset, keys)
    for query in range(queries):
        sets = sets_of_query(query + mask.query_offset, parameters, length)
        for head in range(heads):
            chosen = set().union(*sets[which(parameters, layer, head)])
            kept[0, head, query, [key for key in chosen if key < keys]] = True
    return kept & allowed(mask, queries, keys)


def drawn(
    queries: int, keys: int | None = None, batch: int = 1, heads: int = 2, width: int = 16, seed: int = 0,
    dtype: torch.dtype = torch.float64, layer: int = 0,
) -> Inputs:  # fmt: skip
    generator = torch.Generator().manual_seed(seed)
    keys = queries if keys is None else keys
    sizes = (queries, keys, keys)
    return Inputs(
        *(torch.randn(batch, heads, n, width, generator=generator, dtype=torch.float64).to(dtype) for n in sizes), layer
    )


def check(inputs: Inputs, mask: Mask, **settings: object) -> None:
    parameters = VARIANT.parameters(**settings)
    trace = Trace()
    output, _ = VARIANT.attend(inputs, parameters, mask, record=trace)
    kept = kept_pairs(parameters, mask, inputs.layer, inputs.q.shape[1], inputs.q.shape[2], inputs.k.shape[2])
    expected, normaliser = plain_attention(inputs.q, inputs.k, inputs.v, kept)
    tolerance = TOLERANCE[inputs.q.dtype]
    assert (output.double() - expected).abs().max() <= tolerance
    torch.testing.assert_close(trace["softmax"].normaliser.double(), normaliser[0], rtol=0, atol=tolerance)


SCHEMES = [
    {"scheme": "strided"},
    {"scheme": "strided", "official_window": True},
    {"scheme": "fixed", "summary": 3},
]
HEADS = ["merged", "interleaved", "one pattern per head"]

every_scheme = pytest.mark.parametrize("scheme", SCHEMES, ids=["strided", "official", "fixed"])
every_kind_of_heads = pytest.mark.parametrize("heads", HEADS)


@every_scheme
@pytest.mark.parametrize("dtype", [torch.float64, torch.float32])
@pytest.mark.parametrize(("length", "stride"), [(1, 8), (2, 1), (31, 4), (129, 16), (355, 0), (355, 1), (200, 128),
                                                (130, 13), (100, 1000)])  # fmt: skip
def test_the_definition_at_several_lengths(length, stride, dtype, scheme):
    check(drawn(length, dtype=dtype, seed=length), Mask(True), stride=stride, **scheme)


@every_scheme
@every_kind_of_heads
@pytest.mark.parametrize("layer", [0, 1])
def test_heads_and_layers(layer, heads, scheme):
    check(drawn(83, heads=3, layer=layer), Mask(True), stride=7, heads=heads, **scheme)


@every_scheme
@every_kind_of_heads
def test_the_definition_over_several_tiles(monkeypatch, heads, scheme):
    monkeypatch.setattr(windowed, "ROWS_AT_ONCE", 64)
    monkeypatch.setattr(factorised, "ROWS_AT_ONCE", 24)
    monkeypatch.setattr(factorised, "PLACES_AT_ONCE", 8)
    for stride in (3, 10, 41):
        check(drawn(167, heads=2, width=8, layer=1), Mask(True), stride=stride, heads=heads, **scheme)


@every_scheme
@every_kind_of_heads
@pytest.mark.parametrize("stride", [5, 40])
def test_padding(stride, heads, scheme):
    mask = Mask(True, key_lengths=(101, 77, 4, 1, 0))
    check(drawn(101, batch=5, width=8), mask, stride=stride, heads=heads, **scheme)


@every_scheme
@every_kind_of_heads
@pytest.mark.parametrize(("queries", "keys", "offset"), [(40, 100, 60), (1, 100, 99), (100, 40, 0), (70, 90, 11)])
def test_other_queries_than_keys(queries, keys, offset, heads, scheme):
    check(drawn(queries, keys), Mask(True, query_offset=offset), stride=9, heads=heads, **scheme)


@pytest.mark.parametrize("heads", [1, 3, 8])
@every_scheme
def test_seeds_and_head_counts(scheme, heads):
    check(drawn(75, heads=heads, seed=heads, dtype=torch.float32), Mask(True), heads="one pattern per head", **scheme)


@every_scheme
def test_strided_and_broadcast_inputs(scheme):
    whole = torch.randn(1, 64, 2, 16, dtype=torch.float64).transpose(1, 2)
    spread = torch.randn(1, 2, 16, 64, dtype=torch.float64).transpose(2, 3)
    check(Inputs(whole, spread, whole), Mask(True), **scheme)


@every_scheme
def test_a_stride_beyond_the_text_equals_full(scheme):
    inputs = drawn(211)
    output, _ = VARIANT.attend(inputs, VARIANT.parameters(stride=4096, **scheme), Mask(True))
    full, _ = FULL.attend(inputs, FULL.parameters(), Mask(True))
    torch.testing.assert_close(output, full, rtol=0, atol=1e-12)


def pattern_matrix(length: int, layer: int = 0, head: int = 0, **settings: object) -> np.ndarray:
    shape, every = Shape(length, length, layer=layer, head=head), np.arange(length)
    return VARIANT.pattern(shape, VARIANT.parameters(**settings)).kept(every, every)


@pytest.mark.parametrize("length", [1, 9, 64, 100, 199])
@pytest.mark.parametrize("stride", [0, 1, 2, 7, 8, 16, 300])
@pytest.mark.parametrize("heads", ["merged", "one pattern per head"])
def test_the_sets_are_counted_exactly(heads, stride, length):
    for scheme in ({"official_window": False}, {"official_window": True}, {"scheme": "fixed", "summary": 1},
                   {"scheme": "fixed", "summary": 5}):  # fmt: skip
        parameters = VARIANT.parameters(stride=stride, heads=heads, **scheme)
        for head in range(1 if heads == "merged" else 2):
            pattern = VARIANT.pattern(Shape(length, length, head=head), parameters)
            total = 0
            for query in range(length):
                chosen = set().union(*sets_of_query(query, parameters, length)[which(parameters, 0, head)])
                assert pattern.keys_of(query).tolist() == sorted(chosen)
                total += len(chosen)
            assert pattern.count() == total
            assert VARIANT.computed_pairs(Shape(length, length, head=head), parameters) >= total


@every_scheme
@pytest.mark.parametrize("length", [64, 81, 150])
def test_any_earlier_token_is_joined_within_three_steps(length, scheme):
    past = np.tri(length, dtype=bool)
    merged = pattern_matrix(length, **scheme) | np.eye(length, dtype=bool)
    assert (merged @ merged @ merged == past).all()
    first, second = (
        pattern_matrix(length, layer=layer, heads="interleaved", **scheme) | np.eye(length, dtype=bool)
        for layer in (0, 1)
    )
    assert (first @ second @ first == past).all()


@every_scheme
def test_the_pieces_have_names_and_no_pair_in_common(scheme):
    pattern = VARIANT.pattern(Shape(100, 100), VARIANT.parameters(**scheme))
    assert pattern.pieces == (("block", "summary") if scheme["scheme"] == "fixed" else ("local", "stride"))
    assert sum(pattern.only([name]).count() for name in pattern.pieces) == pattern.count()


def test_the_grid_is_as_wide_as_the_stride():
    assert VARIANT.fold_width(Shape(1024, 1024), VARIANT.parameters(stride=32)) == 32
    assert VARIANT.fold_width(Shape(1000, 1000), VARIANT.parameters(stride=0)) == 32


@every_scheme
@every_kind_of_heads
def test_gradients(heads, scheme):
    mask = Mask(True, key_lengths=(90, 61), query_offset=3)
    inputs = drawn(87, 90, batch=2, heads=2, width=8, layer=1)
    tensors = [x.requires_grad_() for x in (inputs.q, inputs.k, inputs.v)]
    parameters = VARIANT.parameters(stride=8, heads=heads, **scheme)
    output, _ = VARIANT.attend(inputs, parameters, mask)
    through = torch.randn(output.shape, generator=torch.Generator().manual_seed(1), dtype=torch.float64)
    ours = torch.autograd.grad(output, tensors, through)
    expected, _ = plain_attention(*tensors, kept_pairs(parameters, mask, 1, 2, 87, 90))
    for mine, theirs in zip(ours, torch.autograd.grad(expected, tensors, through), strict=True):
        torch.testing.assert_close(mine, theirs, rtol=0, atol=1e-9)


@every_scheme
def test_backward_allocates_in_proportion_to_the_length(scheme):
    parameters = VARIANT.parameters(stride=64, **scheme)
    short, long = (backward_peak(VARIANT, parameters, length) for length in (8192, 16384))
    assert short < long <= 2.2 * short


def test_looking_ahead_is_refused_with_the_reason():
    with pytest.raises(Problem, match="earlier tokens"):
        VARIANT.attend(drawn(8), VARIANT.parameters(), Mask())


ABSURD = {
    "stride": [-1, 2**21, 2.5, "", "√n"],
    "summary": [0, -3],
    "scheme": ["zigzag"],
    "heads": ["some"],
    "official_window": ["perhaps"],
}


@pytest.mark.parametrize("settings", [{name: value} for name, values in ABSURD.items() for value in values])
def test_absurd_parameters_are_refused(settings):
    with pytest.raises(Problem):
        VARIANT.parameters(**settings)
