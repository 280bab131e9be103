"""The host model against its equations written out for single numbers."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from engines import host_model
from engines.host_model import HostLayer, ModelShape, initial_weights

SHAPE = ModelShape(layers=2, heads=2, width=8, feed_forward=12, vocabulary=20, trained_length=16)
WEIGHTS = {name: tensor.double() for name, tensor in initial_weights(SHAPE, torch.Generator().manual_seed(1)).items()}


def test_initial_weights():
    large = ModelShape(layers=8, heads=4, width=256, feed_forward=512, vocabulary=1000, trained_length=16)
    weights = initial_weights(large, torch.Generator().manual_seed(0))
    assert {name: tuple(tensor.shape) for name, tensor in weights.items()} == large.parameter_shapes()
    assert float(weights["layers.0.query"].std()) == pytest.approx(1 / 16, rel=0.02)
    assert float(weights["layers.0.output"].std()) == pytest.approx(1 / 16 / 4, rel=0.02)
    assert float(weights["layers.0.down"].std()) == pytest.approx(1 / math.sqrt(512) / 4, rel=0.02)
    assert (weights["final_norm"] == 1).all()


def test_embedding_is_scaled_by_the_root_of_the_width():
    hidden = host_model.embed(WEIGHTS, torch.tensor([[3, 0]]))
    torch.testing.assert_close(hidden[0, 0], WEIGHTS["embedding"][3] * math.sqrt(8))


def test_rotation_turns_each_pair_by_its_angle():
    x = torch.randn(1, 1, 5, 6, dtype=torch.float64, generator=torch.Generator().manual_seed(0))
    turned = host_model.rotate(x, *(t.double() for t in host_model.rotary(torch.arange(5), 6)))
    for position in range(5):
        for i in range(3):
            angle = position * 10_000 ** (-2 * i / 6)
            a, b = float(x[0, 0, position, i]), float(x[0, 0, position, i + 3])
            expected = (a * math.cos(angle) - b * math.sin(angle), b * math.cos(angle) + a * math.sin(angle))
            found = float(turned[0, 0, position, i]), float(turned[0, 0, position, i + 3])
            assert found == pytest.approx(expected, abs=1e-6)


@given(st.integers(0, 200), st.integers(0, 200))
def test_rotated_scores_depend_on_the_distance_alone(position, shift):
    generator = torch.Generator().manual_seed(2)
    q, k = torch.randn(2, 1, 1, 1, 8, dtype=torch.float64, generator=generator)

    def score(at: int, other: int) -> float:
        tables = [host_model.rotary(torch.tensor([p]), 8) for p in (at, other)]
        a, b = (host_model.rotate(x, *(t.double() for t in table)) for x, table in zip((q, k), tables, strict=True))
        return float((a * b).sum())

    assert score(position, 7) == pytest.approx(score(position + shift, 7 + shift), abs=1e-3)


def test_splitting_and_merging_heads():
    x = torch.arange(2 * 3 * 8).reshape(2, 3, 8)
    split = host_model.split_heads(x, 2)
    assert split.shape == (2, 2, 3, 4)
    assert split[1, 1, 2].tolist() == x[1, 2, 4:].tolist()
    assert torch.equal(host_model.merge_heads(split), x)


def test_a_block_after_attention():
    generator = torch.Generator().manual_seed(3)
    hidden, attended = torch.randn(1, 3, 8, generator=generator), torch.randn(1, 2, 3, 4, generator=generator)
    hidden, attended = hidden.double(), attended.double()
    found = host_model.after_attention(WEIGHTS, 1, hidden, attended)
    for position in range(3):
        x = hidden[0, position] + WEIGHTS["layers.1.output"] @ torch.cat(list(attended[0, :, position]))
        norm = (x - x.mean()) / torch.sqrt(((x - x.mean()) ** 2).mean() + 1e-5)
        wide = WEIGHTS["layers.1.up"] @ (norm * WEIGHTS["layers.1.feed_forward_norm"])
        gelu = wide * 0.5 * (1 + torch.erf(wide / math.sqrt(2)))
        torch.testing.assert_close(found[0, position], x + WEIGHTS["layers.1.down"] @ gelu)


def test_forward_is_layer_after_layer():
    ids = torch.tensor([[1, 5, 2, 19]])
    calls = []

    def first_value(layer, q, k, v):
        calls.append((layer, tuple(q.shape)))
        return v[:, :, :1].expand_as(v)

    final = host_model.forward(WEIGHTS, SHAPE, ids, first_value)
    hidden = host_model.embed(WEIGHTS, ids)
    for index in range(2):
        _, _, v = HostLayer(WEIGHTS, SHAPE, index).queries_keys_values(hidden)
        hidden = host_model.after_attention(WEIGHTS, index, hidden, v[:, :, :1].expand_as(v))
    torch.testing.assert_close(final, host_model.normalise(hidden, WEIGHTS["final_norm"]))
    assert calls == [(0, (1, 2, 4, 4)), (1, (1, 2, 4, 4))]
    assert host_model.logits(WEIGHTS, final).shape == (1, 4, 20)


def test_rotary_tables_are_the_nearest_float32():
    """Exactly, so that a run and the same run later rotate by the same numbers."""
    positions = torch.arange(3000)
    cosines, sines = host_model.rotary(positions, 32)
    frequencies = 10_000.0 ** (-2 * torch.arange(16, dtype=torch.float32) / 32)
    angles = (positions.float()[:, None] * frequencies).numpy().astype(np.float64)
    assert np.array_equal(cosines.numpy(), np.cos(angles).astype(np.float32))
    assert np.array_equal(sines.numpy(), np.sin(angles).astype(np.float32))
