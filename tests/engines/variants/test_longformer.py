"""Longformer against its definition written out over all pairs."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor

from engines import global_tokens, windowed
from engines.problems import Problem
from engines.trace import Trace
from engines.variant import Inputs, Mask, Parameters, Shape, entry
from engines.variants.full import VARIANT as FULL
from engines.variants.longformer import VARIANT, global_positions
from engines.windowed import Window, computed_pairs
from tests.engines.plain_attention import allowed, plain_attention

TOLERANCE = {torch.float64: 1e-9, torch.float32: 2e-5}


def kept_pairs(parameters: Parameters, mask: Mask, layer: int, heads: int, queries: int, keys: int) -> Tensor:
    """The definition: |distance| up to w/2 times the dilation and a multiple of it, or one of the two is global."""
    query = torch.arange(queries)[:, None] + mask.query_offset
    key = torch.arange(keys)[None, :]
    is_global = set(global_positions(parameters, max(queries + mask.query_offset, keys)))
    reads_all = torch.tensor([[int(p) in is_global] for p in query[:, 0]])
    read_by_all = torch.tensor([[int(p) in is_global for p in key[0]]])
    half = entry(parameters.window, layer) // 2
    pairs = []
    for head in range(heads):
        step = entry(parameters.dilation, head)
        distance = key - query
        pairs.append(((distance % step == 0) & (distance.abs() <= half * step)) | reads_all | read_by_all)
    return torch.stack(pairs)[None] & allowed(mask, queries, keys)


def definition(inputs: Inputs, parameters: Parameters, mask: Mask) -> tuple[Tensor, Tensor]:
    """Plain attention over the kept pairs; global rows from the global projections."""
    queries, keys = inputs.q.shape[2], inputs.k.shape[2]
    kept = kept_pairs(parameters, mask, inputs.layer, inputs.q.shape[1], queries, keys)
    local = plain_attention(inputs.q, inputs.k, inputs.v, kept)
    whole = plain_attention(
        inputs.extras.get("global_query", inputs.q),
        inputs.extras.get("global_key", inputs.k),
        inputs.extras.get("global_value", inputs.v),
        kept,
    )
    is_global = set(global_positions(parameters, max(queries + mask.query_offset, keys)))
    rows = torch.tensor([query + mask.query_offset in is_global for query in range(queries)])
    return torch.where(rows[:, None], whole[0], local[0]), torch.where(rows, whole[1], local[1])


def drawn(
    queries: int, keys: int | None = None, batch: int = 1, heads: int = 2, width: int = 16, seed: int = 0,
    dtype: torch.dtype = torch.float64, layer: int = 0, own: bool = True,
) -> Inputs:  # fmt: skip
    generator = torch.Generator().manual_seed(seed)
    keys = queries if keys is None else keys

    def draw(length: int) -> Tensor:
        return torch.randn(batch, heads, length, width, generator=generator, dtype=torch.float64).to(dtype)

    extras = {"global_query": draw(queries), "global_key": draw(keys), "global_value": draw(keys)} if own else {}
    return Inputs(draw(queries), draw(keys), draw(keys), layer, extras)


def check(inputs: Inputs, mask: Mask, **settings: object) -> None:
    parameters = VARIANT.parameters(**settings)
    trace = Trace()
    output, _ = VARIANT.attend(inputs, parameters, mask, record=trace)
    expected, normaliser = definition(inputs, parameters, mask)
    tolerance = TOLERANCE[inputs.q.dtype]
    assert (output.double() - expected).abs().max() <= tolerance
    torch.testing.assert_close(trace["softmax"].normaliser.double(), normaliser[0], rtol=0, atol=tolerance)


GLOBALS = [
    {"global_tokens": "none"},
    {"global_tokens": "first"},
    {"global_tokens": "chosen", "chosen_tokens": (0, 3, 50, 51, 400, 10**9)},
    {"global_tokens": "every k-th", "global_every": 37},
]


@pytest.mark.parametrize("causal", [False, True])
@pytest.mark.parametrize("globals_", GLOBALS, ids=lambda settings: settings["global_tokens"])
@pytest.mark.parametrize("dtype", [torch.float64, torch.float32])
@pytest.mark.parametrize("length", [1, 2, 8, 31, 129, 355])
def test_the_definition_at_several_lengths(length, dtype, globals_, causal):
    check(drawn(length, dtype=dtype, seed=length), Mask(causal), window=24, **globals_)


@pytest.mark.parametrize("causal", [False, True])
@pytest.mark.parametrize("globals_", GLOBALS, ids=lambda settings: settings["global_tokens"])
def test_the_definition_over_several_groups_of_blocks(monkeypatch, globals_, causal):
    monkeypatch.setattr(windowed, "ROWS_AT_ONCE", 128)
    monkeypatch.setattr(global_tokens, "ROWS_AT_ONCE", 128)
    monkeypatch.setattr(global_tokens, "PAIRS_AT_ONCE", 1000)
    check(drawn(901, heads=1, width=8), Mask(causal), window=130, **globals_)


@pytest.mark.parametrize("causal", [False, True])
@pytest.mark.parametrize("dtype", [torch.float64, torch.float32])
@pytest.mark.parametrize("settings", [{"dilation": (1, 3)}, *GLOBALS], ids=str)
def test_the_definition_head_by_head(monkeypatch, settings, dtype, causal):
    monkeypatch.setattr(windowed, "PAIRS_BY_HEAD", 1)
    monkeypatch.setattr(windowed, "ROWS_AT_ONCE", 128)
    mask = Mask(causal, key_lengths=(501, 437, 0))
    check(drawn(501, batch=3, width=8, dtype=dtype), mask, window=70, **settings)


@pytest.mark.parametrize("causal", [False, True])
@pytest.mark.parametrize("window", [2, 18, 40, 64, 66, 560])
def test_windows_about_as_wide_as_a_block_head_by_head(monkeypatch, window, causal):
    monkeypatch.setattr(windowed, "PAIRS_BY_HEAD", 1)
    check(drawn(1001, heads=1, width=8), Mask(causal), window=window, global_tokens="none")


@pytest.mark.parametrize("dilation", [1, 2])
@pytest.mark.parametrize("pairs_by_head", [1, 1 << 60])
def test_the_output_is_the_same_where_nobody_keeps_the_normaliser(monkeypatch, pairs_by_head, dilation):
    monkeypatch.setattr(windowed, "PAIRS_BY_HEAD", pairs_by_head)
    inputs, mask = drawn(700, batch=2, dtype=torch.float32), Mask(key_lengths=(700, 20))
    parameters = VARIANT.parameters(window=80, dilation=dilation, global_tokens="none")
    silent, _ = VARIANT.attend(inputs, parameters, mask)
    recorded, _ = VARIANT.attend(inputs, parameters, mask, record=Trace())
    assert torch.equal(silent, recorded)


@pytest.mark.parametrize("causal", [False, True])
@pytest.mark.parametrize("globals_", GLOBALS, ids=lambda settings: settings["global_tokens"])
@pytest.mark.parametrize("dilation", [(2,), (1, 1, 3), (1, 4, 4, 1), (1, 2, 7, 400)])
def test_dilation_per_head(dilation, globals_, causal):
    check(drawn(211, heads=4), Mask(causal), window=18, dilation=dilation, **globals_)


def test_dilation_with_groups_of_blocks(monkeypatch):
    monkeypatch.setattr(windowed, "ROWS_AT_ONCE", 64)
    check(drawn(601, heads=1, width=8), Mask(), window=32, dilation=2, global_tokens="first")


def test_long_text_in_groups_of_the_usual_size():
    check(drawn(3001, heads=1, width=8), Mask(True), window=64, global_tokens="every k-th", global_every=100)


@pytest.mark.parametrize("layer", [0, 1, 2, 5])
def test_windows_per_layer(layer):
    check(drawn(90, layer=layer), Mask(), window=(4, 16, 40))


@pytest.mark.parametrize("causal", [False, True])
@pytest.mark.parametrize("globals_", GLOBALS, ids=lambda settings: settings["global_tokens"])
@pytest.mark.parametrize("dilation", [1, 3])
def test_padding(dilation, globals_, causal):
    inputs = drawn(200, batch=4)
    mask = Mask(causal, key_lengths=(200, 137, 1, 0))
    check(inputs, mask, window=12, dilation=dilation, **globals_)


@pytest.mark.parametrize("causal", [False, True])
@pytest.mark.parametrize("globals_", GLOBALS, ids=lambda settings: settings["global_tokens"])
@pytest.mark.parametrize("dilation", [1, 3])
@pytest.mark.parametrize(("queries", "keys", "offset"), [(40, 100, 60), (1, 100, 99), (100, 40, 0), (70, 90, 11)])
def test_other_queries_than_keys(queries, keys, offset, dilation, globals_, causal):
    mask = Mask(causal, query_offset=offset)
    check(drawn(queries, keys), mask, window=14, dilation=dilation, **globals_)


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize("heads", [1, 3, 8])
def test_seeds_and_head_counts(seed, heads):
    check(drawn(75, heads=heads, seed=seed, dtype=torch.float32, own=False), Mask(True), window=10)


@pytest.mark.parametrize("window", [2, 3, 600, 1500, 2**21])
def test_any_window(window):
    check(drawn(601), Mask(), window=window)


def test_strided_and_broadcast_inputs():
    whole = torch.randn(1, 64, 2, 16, dtype=torch.float64).transpose(1, 2)
    spread = torch.randn(1, 2, 16, 64, dtype=torch.float64).transpose(2, 3)
    check(Inputs(whole, spread, whole), Mask(), window=8)


@pytest.mark.parametrize("causal", [False, True])
@pytest.mark.parametrize("length", [1, 100, 513])
def test_a_window_of_twice_the_length_equals_full(length, causal):
    inputs = drawn(length, own=False)
    output, _ = VARIANT.attend(inputs, VARIANT.parameters(window=max(2, 2 * length)), Mask(causal))
    full, _ = FULL.attend(inputs, FULL.parameters(), Mask(causal))
    torch.testing.assert_close(output, full, rtol=0, atol=1e-12)


def test_all_tokens_global_equals_full_with_the_global_projections():
    inputs = drawn(70)
    parameters = VARIANT.parameters(window=4, global_tokens="every k-th", global_every=1)
    output, _ = VARIANT.attend(inputs, parameters, Mask())
    extras = inputs.extras
    full = Inputs(extras["global_query"], extras["global_key"], extras["global_value"])
    torch.testing.assert_close(output, FULL.attend(full, FULL.parameters(), Mask())[0], rtol=0, atol=1e-12)


def test_nothing_leaks_from_later_tokens():
    inputs, parameters = drawn(120), VARIANT.parameters(window=20, global_tokens="every k-th", global_every=25)
    before, _ = VARIANT.attend(inputs, parameters, Mask(True))
    for tensor in (inputs.q, inputs.k, inputs.v, *inputs.extras.values()):
        tensor[:, :, 60:] += 1.0
    after, _ = VARIANT.attend(inputs, parameters, Mask(True))
    assert torch.equal(before[:, :, :60], after[:, :, :60])


@pytest.mark.parametrize("settings", [{"window": 0}, {"window": -4}, {"dilation": 0}, {"global_every": 0},
                                      {"window": 10**12}, {"chosen_tokens": (-1,)}])  # fmt: skip
def test_absurd_parameters_are_refused(settings):
    with pytest.raises(Problem):
        VARIANT.parameters(**settings)


@pytest.mark.parametrize("causal", [False, True])
@pytest.mark.parametrize("globals_", GLOBALS, ids=lambda settings: settings["global_tokens"])
def test_scores_and_weights_are_those_computed(globals_, causal):
    inputs, parameters = drawn(60, heads=3), VARIANT.parameters(window=10, dilation=(1, 2), **globals_)
    trace = Trace()
    output, _ = VARIANT.attend(inputs, parameters, Mask(causal), record=trace)
    kept = kept_pairs(parameters, Mask(causal), 0, 3, 60, 60)[0]
    rows, columns = torch.arange(3, 60), torch.arange(60)
    is_global = set(global_positions(parameters, 60))
    for head in range(3):
        weights = VARIANT.weights(inputs, parameters, trace.steps, head, rows, columns) * kept[head][3:]
        torch.testing.assert_close(weights.sum(-1), torch.ones(57, dtype=torch.float64))
        read = [inputs.extras["global_value"] if int(row) in is_global else inputs.v for row in rows]
        values = torch.stack([weights[i] @ v[0, head] for i, v in enumerate(read)])
        torch.testing.assert_close(values, output[0, head, 3:])


@pytest.mark.parametrize("causal", [False, True])
@pytest.mark.parametrize("globals_", GLOBALS, ids=lambda settings: settings["global_tokens"])
@pytest.mark.parametrize("dilation", [(1,), (1, 3)])
def test_gradients(dilation, globals_, causal):
    inputs = drawn(150, batch=2, width=8)
    leaves = [inputs.q, inputs.k, inputs.v, *inputs.extras.values()]
    for leaf in leaves:
        leaf.requires_grad_()
    parameters = VARIANT.parameters(window=14, dilation=dilation, **globals_)
    mask = Mask(causal, key_lengths=(150, 90))
    seed = torch.randn(inputs.q.shape, generator=torch.Generator().manual_seed(1), dtype=torch.float64)
    output, _ = VARIANT.attend(inputs, parameters, mask)
    found = torch.autograd.grad((output * seed).sum(), leaves, allow_unused=True)
    expected = torch.autograd.grad((definition(inputs, parameters, mask)[0] * seed).sum(), leaves, allow_unused=True)
    for ours, plain in zip(found, expected, strict=True):
        torch.testing.assert_close(ours, plain, rtol=0, atol=1e-9)


def test_the_blocks_compute_little_more_than_the_window():
    window = Window(256, 256)
    pairs = computed_pairs(window, 16384, 16384)
    assert 16384 * 513 * 0.95 < pairs < 16384 * 513 * 1.2
    shape = Shape(16384, 16384)
    of_variant = VARIANT.computed_pairs(shape, VARIANT.parameters(window=512, global_tokens="none"))
    assert of_variant == computed_pairs(Window(256, 0), 16384, 16384)


@pytest.mark.parametrize("globals_", GLOBALS, ids=lambda settings: settings["global_tokens"])
def test_at_least_the_kept_pairs_are_computed(globals_):
    for length in (1, 9, 300):
        for causal in (True, False):
            parameters = VARIANT.parameters(window=20, dilation=2, **globals_)
            shape = Shape(length, length, causal=causal)
            kept = kept_pairs(parameters, Mask(causal), 0, 1, length, length).sum()
            assert VARIANT.computed_pairs(shape, parameters) >= kept
