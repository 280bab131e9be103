"""A host model with a variant in place: hidden states, losses of both kinds, and the weights of its heads."""

from __future__ import annotations

import pytest
import torch

from engines import host_model
from engines.host_model import ModelShape, initial_weights
from engines.trace import PairValues
from engines.variant_model import VariantModel, with_hidden_pieces
from engines.variants import variant_named, variants

SHAPE = ModelShape(layers=2, heads=2, width=16, feed_forward=32, vocabulary=50, trained_length=64)
WEIGHTS = initial_weights(SHAPE, torch.Generator().manual_seed(0))
IDS = torch.randint(0, 50, (3, 40), generator=torch.Generator().manual_seed(1))
EVERY = torch.ones_like(IDS, dtype=torch.bool)


def model(name: str = "full", causal: bool = True, **settings: object) -> VariantModel:
    variant = variant_named(name)
    return VariantModel(WEIGHTS, SHAPE, variant, variant.parameters(**settings), causal, blank_piece=7)


def plain_hidden(ids: torch.Tensor, causal: bool) -> torch.Tensor:
    def attend(layer: int, q: torch.Tensor, k: torch.Tensor, v: torch.Tensor) -> torch.Tensor:
        return torch.nn.functional.scaled_dot_product_attention(q, k, v, is_causal=causal)

    return host_model.forward(WEIGHTS, SHAPE, ids, attend)


@pytest.mark.parametrize("causal", [True, False])
def test_with_full_attention_it_is_the_host_model(causal):
    torch.testing.assert_close(model(causal=causal).hidden(IDS), plain_hidden(IDS, causal))


def test_a_causal_model_is_asked_for_every_next_piece():
    nats, asked = model().losses(IDS, EVERY)
    scores = host_model.logits(WEIGHTS, plain_hidden(IDS[:, :-1], True)).log_softmax(-1)
    expected = -scores.gather(-1, IDS[:, 1:, None])[..., 0]
    assert not asked[:, 0].any()
    assert asked[:, 1:].all()
    torch.testing.assert_close(nats.view(3, 39), expected)


def test_only_what_can_be_known_is_asked_for():
    learnable = EVERY.clone()
    learnable[:, :30] = False
    nats, asked = model().losses(IDS, learnable)
    assert asked.sum() == len(nats) == 30
    assert not asked[:, :30].any()


def test_a_model_that_looks_both_ways_is_asked_for_hidden_pieces():
    nats, asked = model(causal=False).losses(IDS, EVERY, seed=3)
    hidden, read = with_hidden_pieces(IDS, 50, 7, seed=3)
    assert torch.equal(asked, hidden)
    scores = host_model.logits(WEIGHTS, plain_hidden(read, False)).log_softmax(-1)
    torch.testing.assert_close(nats, -scores.gather(-1, IDS[..., None])[..., 0][hidden])


def test_pieces_are_hidden_as_in_bert():
    ids = torch.full((200, 500), 20)
    hidden, read = with_hidden_pieces(ids, 50, 7, seed=0)
    assert float(hidden.float().mean()) == pytest.approx(0.15, abs=0.005)
    assert torch.equal(read[~hidden], ids[~hidden])
    of_hidden = read[hidden]
    assert float((of_hidden == 7).float().mean()) == pytest.approx(0.8 + 0.1 / 50, abs=0.01)
    assert float((of_hidden == 20).float().mean()) == pytest.approx(0.1 + 0.1 / 50, abs=0.01)
    assert len(of_hidden.unique()) == 50
    assert torch.equal(read, with_hidden_pieces(ids, 50, 7, seed=0)[1])
    assert not torch.equal(read, with_hidden_pieces(ids, 50, 7, seed=1)[1])


@pytest.mark.parametrize("variant", variants().values(), ids=lambda variant: variant.name)
def test_weights_of_heads(variant):
    """They are those that made the output: rows of a softmax sum to 1, and all of them give the output again."""
    causal = "causal" in variant.masks
    with_variant = VariantModel(WEIGHTS, SHAPE, variant, variant.parameters(), causal)
    seen = []

    def watch(inputs, steps):
        for head in range(2):
            weights = with_variant.attention_weights(inputs, steps, head)
            assert weights.shape == (40, 40)
            assert not causal or not weights.triu(1).any()
            if any(isinstance(step.data, PairValues) for step in steps):
                torch.testing.assert_close(weights.sum(-1), torch.ones(40), rtol=0, atol=1e-4)
            torch.testing.assert_close(weights @ inputs.v[0, head], steps[-1].data.values[head], rtol=0, atol=1e-4)
            seen.append((inputs.layer, head))

    with torch.no_grad():
        with_variant.hidden(IDS[:1], watch=watch)
    assert seen == [(0, 0), (0, 1), (1, 0), (1, 1)]
