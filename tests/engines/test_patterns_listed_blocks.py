"""Listed blocks against boolean matrices written out."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engines.patterns import Pieces
from engines.patterns.listed_blocks import ListedBlocks
from tests.engines.test_patterns import SIZES, check


@settings(max_examples=150)
@given(SIZES, SIZES, st.integers(1, 9), st.integers(1, 3), st.data())
def test_listed_blocks(queries: int, keys: int, length: int, places: int, data: st.DataObject) -> None:
    blocks, key_blocks = -(-queries // length), -(-keys // length)
    listed = np.full((blocks, places), -1)
    for block in range(blocks):
        chosen = data.draw(st.lists(st.integers(0, key_blocks - 1), unique=True, max_size=places))
        listed[block, : len(chosen)] = chosen
    i, j = np.arange(queries)[:, None] // length, np.arange(keys) // length
    matrix = (listed[i] == j[:, None]).any(-1) & (j >= 0)
    check(Pieces(queries, keys, False, (ListedBlocks("random", queries, keys, length, listed),)), matrix, data)


@pytest.mark.parametrize("listed", [[[0, 0]], [[2, -1]], [[0, 1], [0, 1]]])
def test_wrong_lists_are_refused(listed: list[list[int]]) -> None:
    with pytest.raises(ValueError, match="distinct blocks"):
        ListedBlocks("random", 4, 8, 4, np.array(listed))
