"""Exact rows against torch's softmax over the masked square."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch

from engines.exact_softmax import ExactSoftmax, allowed_pairs, scores_of_its_own, spread
from engines.measure import random_prepared
from engines.run import Prepared
from engines.variant import Mask, Shape
from engines.variants import variants

CAUSAL = Mask(True)


def prepared(name: str = "full", mask: Mask = CAUSAL, queries: int = 33, keys: int = 33) -> Prepared:
    shape = Shape(queries, keys, heads=2, head_width=8, causal=mask.causal)
    variant = variants()[name]
    return replace(random_prepared(variant, variant.parameters(), shape, dtype="float64"), mask=mask)


@pytest.mark.parametrize("mask", [Mask(True), Mask(False), Mask(True, (20,)), Mask(False, (0,)), Mask(True, None, 7)])
def test_rows_are_those_of_the_masked_softmax(mask):
    run = prepared(mask=mask, queries=33 - mask.query_offset)
    q, k, v = run.inputs.q[0, 1], run.inputs.k[0, 1], run.inputs.v[0, 1]
    i, j = torch.arange(len(q))[:, None] + mask.query_offset, torch.arange(33)
    allowed = (j <= i if mask.causal else j >= 0) & (j < (mask.key_lengths or (33,))[0])
    expected = torch.softmax((q @ k.T / 8**0.5).masked_fill(~allowed, float("-inf")), 1).nan_to_num(0)
    exact, rows = ExactSoftmax(run, 1), np.array([0, 3, 21])
    weights = exact.weights(rows)
    torch.testing.assert_close(weights, expected[rows], rtol=0, atol=1e-12)
    torch.testing.assert_close(exact.output(weights), (expected @ v)[rows], rtol=0, atol=1e-12)
    assert allowed_pairs(run) == int(allowed.expand(len(q), 33).sum())


def test_shared_queries_and_keys_are_scores_of_its_own():
    assert scores_of_its_own(prepared("reformer"), 0)
    assert not scores_of_its_own(prepared("full"), 0)
    assert not scores_of_its_own(prepared("longformer"), 0)
    run = prepared("reformer", Mask(False))
    q = run.inputs.q[0, 0]
    expected = torch.softmax(q @ (q / q.norm(dim=1, keepdim=True)).T / 8**0.5, 1)
    torch.testing.assert_close(ExactSoftmax(run, 0, own=True).weights(np.arange(33)), expected, rtol=0, atol=1e-12)


def test_low_precision_is_computed_in_float32():
    run = prepared()
    inputs = replace(run.inputs, q=run.inputs.q.bfloat16(), k=run.inputs.k.bfloat16(), v=run.inputs.v.bfloat16())
    weights = ExactSoftmax(replace(run, inputs=inputs), 0).weights(np.arange(33))
    assert weights.dtype == torch.float32
    torch.testing.assert_close(weights.sum(1), torch.ones(33), rtol=0, atol=1e-6)


@pytest.mark.parametrize("count", [1, 5, 256, 257, 1000, 65_536])
def test_sampled_queries_are_spread_evenly(count):
    rows = spread(count)
    assert len(rows) == min(count, 256)
    assert (np.diff(rows) > 0).all()
    assert rows[0] >= 0
    assert rows[-1] < count
    gaps = np.diff(np.concatenate([[-rows[0] - 1], rows, [2 * count - 1 - rows[-1]]]))
    assert gaps.max() - gaps.min() <= 2
