"""Tiles of attention: which positions they hold, and how partial results meet."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from engines.tiles import Lattice, NumberedBlocks, Stairs, Tile, attend_tiles, tile_gradients
from tests.engines.plain_attention import plain_attention

LATTICES = [
    Lattice(3, 5),
    Lattice(1, 4, 3),
    Lattice(0, 4, 5, 5, 1),
    Lattice(2, 4, 1, 3, 5),
    Lattice(0, 8, 1, 4, 4),
    Lattice(5, 1, 1, 6, 2),
]


def positions(lattice: Lattice) -> list[list[int]]:
    """The definition."""
    return [
        [lattice.start + group * lattice.group_step + place * lattice.step for place in range(lattice.count)]
        for group in range(lattice.groups)
    ]


@pytest.mark.parametrize("lattice", LATTICES, ids=str)
def test_a_lattice_is_a_view_of_its_positions(lattice):
    for x in (torch.randn(2, 30, 7), torch.randn(30, 2, 7).transpose(0, 1)[:, 2:], torch.randn(2, 30)):
        found = lattice.of(x)
        assert torch.equal(found, x[:, torch.tensor(positions(lattice))])
        assert found.untyped_storage().data_ptr() == x.untyped_storage().data_ptr()


@pytest.mark.parametrize("lattice", LATTICES, ids=str)
def test_what_is_added_to_a_lattice_arrives_at_every_position_as_often_as_it_is_there(lattice):
    share = torch.randn(2, lattice.groups, lattice.count, 7, dtype=torch.float64)
    into, expected = torch.zeros(2, 2, 30, 7, dtype=torch.float64)
    lattice.add(into, share)
    index = torch.tensor(positions(lattice)).flatten()
    expected.index_add_(1, index, share.flatten(1, 2))
    torch.testing.assert_close(into, expected, rtol=0, atol=1e-12)


def test_numbered_blocks_of_each_head():
    blocks = NumberedBlocks(3, np.array([[[0, 2], [1, 2]], [[1, 0], [3, 0]]]))
    x = torch.randn(2, 14, 5, dtype=torch.float64)
    index = torch.tensor(blocks.numbers)[..., None] * 3 + torch.arange(3)
    for head in range(2):
        assert torch.equal(blocks.of(x)[head], x[head][index[head].flatten(1)])
    assert blocks.count == 6
    share = torch.randn(2, 2, 6, 5, dtype=torch.float64)
    into, expected = torch.zeros(2, 2, 14, 5, dtype=torch.float64)
    blocks.add(into, share)
    for head in range(2):
        expected[head].index_add_(0, index[head].flatten(), share[head].flatten(0, 1))
    torch.testing.assert_close(into, expected, rtol=0, atol=1e-12)


@pytest.mark.parametrize("stairs", [Stairs(1), Stairs(4), Stairs(2, 2, 3), Stairs(3, 3, 4, 2)], ids=str)
def test_a_row_keeps_the_columns_below_its_step(stairs):
    bias = stairs.bias(9, 12, torch.empty(0))[0, 0]
    for row in range(9):
        limit = stairs.first + stairs.rise * ((row + stairs.phase) // stairs.run)
        assert (bias[row] == 0).sum() == min(12, limit)
        assert (bias[row, :limit] == 0).all()


def test_tiles_that_share_rows_make_one_softmax():
    q, k, v, through = torch.randn(4, 2, 12, 8, dtype=torch.float64)
    tiles = [
        Tile(Lattice(0, 6, 1, 2, 6), Lattice(0, 4, 1, 2, 6)),
        Tile(Lattice(0, 12), Lattice(4, 2)),
        Tile(Lattice(6, 3), Lattice(0, 3), Stairs(1)),
    ]
    kept = torch.zeros(12, 12, dtype=torch.bool)
    kept[:6, :4] = kept[6:, 6:10] = kept[:, 4:6] = True
    kept[6:9, :3] = torch.ones(3, 3).tril().bool()
    output, normaliser = torch.zeros_like(q), torch.full((2, 12), float("-inf"), dtype=torch.float64)
    asked: list[int] = []
    attend_tiles(tiles, q, k, v, output, normaliser, lambda: asked.append(1))
    assert len(asked) == 3
    leaves = [x[None].requires_grad_() for x in (q, k, v)]
    expected, expected_normaliser = plain_attention(*leaves, kept)
    torch.testing.assert_close(output, expected[0], rtol=0, atol=1e-12)
    torch.testing.assert_close(normaliser, expected_normaliser[0], rtol=0, atol=1e-12)
    grads = [torch.zeros_like(x) for x in (q, k, v)]
    tile_gradients(tiles, q.detach(), k.detach(), v.detach(), output, normaliser, through, grads)
    for mine, theirs in zip(grads, torch.autograd.grad(expected[0], leaves, through), strict=True):
        torch.testing.assert_close(mine, theirs[0], rtol=0, atol=1e-12)
