"""Ranges and ticks of log–log axes."""

import math
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from widgets.log_axes import LogAxis, decade_ticks, length_axis, length_ticks, value_axis


def test_share_is_a_logarithm():
    axis = LogAxis(1, 100)
    assert [axis.share(value) for value in (1, 10, 100)] == pytest.approx([0, 0.5, 1])


def test_default_ticks_are_the_ones_of_the_papers():
    assert length_ticks(length_axis([])) == [512, 2048, 8192, 32768, 131072, 524288]


@given(st.lists(st.integers(1, 1 << 20), min_size=1))
def test_every_length_lies_on_the_axis(lengths):
    axis = length_axis(lengths)
    assert all(-1e-9 <= axis.share(n) <= 1 + 1e-9 for n in lengths)
    assert all(-1e-9 <= axis.share(n) <= 1 + 1e-9 for n in length_ticks(axis))
    assert 512 in length_ticks(axis)


@given(st.lists(st.floats(1e-7, 1e13), min_size=1), st.floats(1, 12))
def test_every_value_lies_on_the_axis_below_its_top(values, most):
    axis = value_axis(values)
    assert all(-1e-6 <= axis.share(value) < 1 for value in values)
    ticks = decade_ticks(axis, most)
    shares = [axis.share(tick) for tick in ticks]
    assert len(ticks) >= 2
    assert len(ticks) == 2 or min(after - before for before, after in pairwise(shares)) >= 1 / most - 1e-9
    assert all(math.isclose(math.log10(tick), round(math.log10(tick)), abs_tol=1e-9) for tick in ticks)


def test_nothing_measured_still_gives_an_axis():
    assert value_axis([]) == value_axis([0.0])
