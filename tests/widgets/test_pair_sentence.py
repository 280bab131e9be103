"""A pair of tokens in words."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from widgets.pair_sentence import pair_sentence
from widgets.preview_pattern import WindowAndFirst, preview_pattern
from widgets.view_data import PatternData, WeightsData

DATA = preview_pattern(2000, 8, "#56b4e9", first=1)


def test_kept_and_why() -> None:
    assert pair_sentence(DATA, None, 5, 3) == "query 5 “·times” → key 3 “·best”: kept (sliding window)"
    assert pair_sentence(DATA, None, 1500, 0).endswith("→ key 0 “It”: kept (first tokens)")
    assert pair_sentence(DATA, None, 1500, 0).startswith("query 1,500 ")


def test_not_kept_and_masked_are_told_apart() -> None:
    assert pair_sentence(DATA, None, 500, 100).endswith(": not kept")
    assert pair_sentence(DATA, None, 5, 6).endswith(": masked, the key comes later")
    assert pair_sentence(replace(DATA, causal=False), None, 5, 6).endswith(": not kept")


def test_a_cell_of_several_pairs_tells_its_share() -> None:
    assert pair_sentence(DATA, None, 500, 100, (500, 501, 100, 101)).endswith(": not kept")
    told = pair_sentence(DATA, None, 500, 490, (500, 520, 490, 500))
    kept = sum(bool(DATA.coverage.reason(query, key)) for query in range(500, 520) for key in range(490, 500))
    assert told.endswith(f"; here {kept / 2:g} % of 200 pairs")


def test_weights_of_one_pair_of_many_and_of_none() -> None:
    values = np.array([[0.25, np.nan]], dtype=np.float32)
    one = WeightsData(values, np.array([5, 6]), np.array([3, 4, 5]), 1.0)
    assert pair_sentence(DATA, one, 5, 3).endswith("kept (sliding window), weight 0.25")
    assert pair_sentence(DATA, one, 5, 4).endswith("kept (sliding window)")
    assert pair_sentence(DATA, one, 50, 49).endswith("kept (sliding window)")
    many = WeightsData(values, np.array([4, 8]), np.array([2, 4, 6]), 1.0)
    assert pair_sentence(DATA, many, 5, 3).endswith(", 0.25 in this cell of 4 × 2 pairs")


def test_queries_that_begin_later_are_named_by_their_own_token() -> None:
    later = PatternData(WindowAndFirst(4, 10, 3), True, DATA.tokens, "#56b4e9", query_offset=6)
    assert pair_sentence(later, None, 0, 5) == "query 6 “,” → key 5 “·times”: kept (sliding window)"
    assert pair_sentence(later, None, 0, 7).endswith("masked, the key comes later")


def test_fewer_tokens_than_positions() -> None:
    short = replace(DATA, tokens=("It",))
    assert pair_sentence(short, None, 5, 0) == "query 5 → key 0 “It”: kept (first tokens)"
