"""Stairs in closed form are the ends that a loop over the queries lists."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from engines.patterns.interval_ends import ListedEnds, StairEnds


@settings(max_examples=200)
@given(
    st.integers(0, 60),
    st.integers(1, 20),
    st.integers(-50, 50),
    st.tuples(st.integers(0, 40), st.integers(0, 40)),
    st.integers(0, 45),
)
def test_stairs_are_what_a_loop_lists(size: int, step: int, shift: int, limits: tuple[int, int], offset: int) -> None:
    low, high = sorted(limits)
    stairs = StairEnds(size, step, shift, low, high, offset)
    listed = [min(max((row + offset) // step * step + shift, low), high) for row in range(size)]
    ends = ListedEnds(np.array(listed, np.int64))
    assert stairs.all().tolist() == ends.all().tolist() == listed
    assert stairs.total() == ends.total() == sum(listed)
    keys, rows = np.arange(-3, 130), np.arange(size + 1)
    assert stairs.below(keys).tolist() == ends.below(keys).tolist()
    assert stairs.sums(rows).tolist() == ends.sums(rows).tolist() == [sum(listed[:row]) for row in rows]
