"""Full attention, textbook and fused, against its formula."""

from __future__ import annotations

import pytest
import torch

from engines.problems import Problem
from engines.trace import Trace
from engines.variant import Inputs, Mask, Shape
from engines.variants import full
from engines.variants.full import VARIANT
from tests.engines.plain_attention import allowed, plain_attention

TOLERANCE = {torch.float64: 1e-9, torch.float32: 2e-5}


def drawn(queries: int, keys: int, batch: int = 1, heads: int = 2, seed: int = 0) -> list[torch.Tensor]:
    generator = torch.Generator().manual_seed(seed)
    lengths = (queries, keys, keys)
    return [torch.randn(batch, heads, n, 16, generator=generator, dtype=torch.float64) for n in lengths]


def check(q: torch.Tensor, k: torch.Tensor, v: torch.Tensor, mask: Mask, how: str, dtype: torch.dtype) -> None:
    trace = Trace()
    inputs = Inputs(q.to(dtype), k.to(dtype), v.to(dtype))
    output, state = VARIANT.attend(inputs, VARIANT.parameters(implementation=how), mask, record=trace)
    expected, normaliser = plain_attention(q, k, v, allowed(mask, q.shape[2], k.shape[2]))
    torch.testing.assert_close(output.double(), expected, rtol=0, atol=TOLERANCE[dtype])
    torch.testing.assert_close(trace["softmax"].normaliser.double(), normaliser[0], rtol=0, atol=TOLERANCE[dtype])
    assert state is None


BOTH = pytest.mark.parametrize("how", ["fused", "textbook"])
CAUSAL = pytest.mark.parametrize("causal", [False, True])


@BOTH
@CAUSAL
@pytest.mark.parametrize("dtype", [torch.float64, torch.float32])
@pytest.mark.parametrize("length", [1, 2, 8, 63, 301])
def test_the_formula(length, dtype, causal, how):
    check(*drawn(length, length, heads=1 + length % 3, seed=length), Mask(causal), how, dtype)


@BOTH
@CAUSAL
@pytest.mark.parametrize(("queries", "keys", "offset"), [(40, 100, 60), (1, 100, 99), (100, 40, 0), (70, 90, 11)])
def test_other_queries_than_keys(queries, keys, offset, causal, how):
    check(*drawn(queries, keys), Mask(causal, query_offset=offset), how, torch.float64)


@BOTH
@CAUSAL
def test_padding(causal, how):
    check(*drawn(50, 50, batch=4), Mask(causal, key_lengths=(50, 31, 1, 0)), how, torch.float64)
    check(*drawn(50, 50, batch=2), Mask(causal, key_lengths=(0, 50)), how, torch.float64)


@CAUSAL
def test_blocks_of_rows(monkeypatch, causal):
    monkeypatch.setattr(full, "ROWS_AT_ONCE", 16)
    check(*drawn(70, 90, batch=2), Mask(causal, key_lengths=(90, 44), query_offset=20), "fused", torch.float64)


def test_the_work_of_causal_is_half_and_textbook_holds_the_scores():
    open_, causal = Shape(1000, 1000, causal=False), Shape(1000, 1000, causal=True)
    fused, textbook = VARIANT.parameters(), VARIANT.parameters(implementation="textbook")
    assert VARIANT.cost(open_, fused).flops == 2 * VARIANT.cost(causal, fused).flops == 4 * 1000 * 1000 * 64
    assert VARIANT.cost(open_, textbook).resident_bytes - VARIANT.cost(open_, fused).resident_bytes == 8 * 1000 * 1000


def test_an_unknown_implementation_is_refused():
    with pytest.raises(Problem, match="one of fused, textbook"):
        VARIANT.parameters(implementation="fast")
