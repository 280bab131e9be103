"""Probes, on attention whose scores are known."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch

from engines import host_model
from engines.host_model import ModelShape, initial_weights
from engines.training import probes
from engines.variant_model import VariantModel
from engines.variants import variant_named

SHAPE = ModelShape(layers=2, heads=2, width=16, feed_forward=32, vocabulary=50, trained_length=64)


def model(weights: dict[str, torch.Tensor]) -> VariantModel:
    full = variant_named("full")
    return VariantModel(weights, SHAPE, full, full.parameters())


def weights(**changed: torch.Tensor) -> dict[str, torch.Tensor]:
    return {**initial_weights(SHAPE, torch.Generator().manual_seed(0)), **changed}


def test_uniform_heads():
    """Queries of zero look at everything alike: 1 / (position + 1) each."""
    flat = weights(**{f"layers.{layer}.query": torch.zeros(16, 16) for layer in range(2)})
    scores = probes.head_scores(model(flat), sequences=3, half=8)
    previous = np.mean([1 / (i + 1) for i in range(1, 16)])
    induction = np.mean([1 / (i + 1) for i in range(8, 16)])
    assert np.allclose(scores.previous_token, previous, atol=1e-6)
    assert np.allclose(scores.induction, induction, atol=1e-6)
    assert scores.best_previous_token == pytest.approx(previous)


def test_scores_against_written_out_attention():
    drawn, half = weights(), 8
    scores = probes.head_scores(model(drawn), sequences=2, half=half, seed=4)
    copy = torch.randint(0, 50, (2, half), generator=torch.Generator().manual_seed(4))
    hidden = host_model.embed(drawn, torch.cat([copy, copy], 1))
    q, k, _ = host_model.queries_keys_values(drawn, SHAPE, 0, hidden, torch.arange(2 * half))
    for head in range(2):
        induction = []
        for row in range(2):
            for i in range(half, 2 * half):
                dots = [math.exp(float(q[row, head, i] @ k[row, head, j]) / math.sqrt(8)) for j in range(i + 1)]
                induction.append(dots[i - half + 1] / sum(dots))
        assert scores.induction[0][head] == pytest.approx(np.mean(induction), abs=1e-5)


def test_a_model_that_knows_nothing_pays_the_logarithm_of_the_vocabulary():
    blank = weights(final_norm=torch.zeros(16))
    scores = probes.head_scores(model(blank), sequences=2, half=8)
    assert scores.first_copy_nats == pytest.approx(math.log(50), abs=1e-5)
    assert scores.second_copy_nats == pytest.approx(math.log(50), abs=1e-5)
    block = np.arange(40, dtype=np.uint16)
    bits = probes.bits_per_byte(model(blank), [block], text_bytes=80, window=10)
    assert bits == pytest.approx(math.log2(50) / 2, abs=1e-5)  # two bytes a piece; a window's first is not scored


def test_batches_are_of_one_length():
    windows = [np.zeros(4), np.zeros(3), np.zeros(4), np.zeros(4)]
    assert sorted(batch.shape for batch in probes.batches_of_equal_length(windows, 2)) == [(1, 3), (1, 4), (2, 4)]
