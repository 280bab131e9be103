"""Axes: every value has one place, ticks are round and few, and odd values break nothing."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from widgets.plots.scale import (
    Scale,
    all_doubling,
    all_whole,
    placeable,
    scale_of,
    ticks,
    value_text,
    without_place,
)

anything = st.floats(width=64, allow_nan=True, allow_infinity=True)
values = st.lists(anything, max_size=12).map(np.array)


@given(st.lists(values, max_size=3), st.booleans(), st.booleans())
def test_every_scale_is_one_and_holds_what_has_a_place(arrays, logarithmic, rests_on_zero):
    with np.errstate(all="ignore"):
        scale = scale_of(arrays, logarithmic, rests_on_zero=rests_on_zero)
    assert not math.isnan(scale.low)
    assert scale.low < scale.high
    assert scale.low > 0 or not logarithmic
    for array in arrays:
        for value in placeable(array, logarithmic):
            assert scale.low <= value <= scale.high or math.isinf(scale.high - scale.low)


@given(st.floats(-1e12, 1e12), st.floats(1e-9, 1e12), st.integers(2, 12), st.booleans(), st.booleans(), st.booleans())
def test_ticks_lie_on_the_axis_ascend_and_are_few(low, span, most, logarithmic, whole, doubling):
    low = abs(low) + 1e-9 if logarithmic else low
    whole = whole and span >= 1
    if low + span == low:
        return
    scale = Scale(low, low + span, logarithmic)
    found = ticks(scale, most, whole, doubling)
    places = [value for value, _ in found]
    assert places == sorted(set(places))
    assert len(found) <= 2 * most + 2
    slack = 1e-6 * max(abs(scale.low), abs(scale.high))
    assert all(scale.low - slack <= value <= scale.high + slack for value in places)
    if not logarithmic and not whole and span > 1e-3 * max(abs(scale.low), abs(scale.high)):
        assert len(found) >= 2
    if whole and not logarithmic:
        assert all(value == round(value) for value in places)


@given(st.floats(-1e6, 1e6), st.floats(1e-6, 1e6), st.integers(2, 12), st.booleans(), st.booleans())
def test_both_ends_of_an_axis_are_told(low, span, most, logarithmic, doubling):
    low = abs(low) + 1e-6 if logarithmic else low
    scale = Scale(low, low + span, logarithmic)
    doubling = doubling and scale.high / scale.low >= 16
    if span < 1e-3 * max(abs(scale.low), abs(scale.high)):
        return
    found = ticks(scale, most, doubling=doubling)
    shares = [scale.share(value) for value, _ in found]
    assert shares[0] <= 0.45
    assert shares[-1] >= 0.55
    assert shares[-1] - shares[0] >= 0.25
    labels = [label for _, label in found]
    assert len(set(labels)) == len(labels)


def test_where_no_even_spacing_reaches_the_top_another_does():
    assert [label for _, label in ticks(Scale(0, 8.6), 2)] == ["0", "8"]
    assert [label for _, label in ticks(Scale(0, 0.97), 2)] == ["0.0", "0.8"]
    assert [label for _, label in ticks(Scale(0, 0.97), 3)] == ["0.0", "0.4", "0.8"]
    assert [label for _, label in ticks(Scale(0.9, 60, True), 2)] == ["1", "5", "20"]
    assert [label for _, label in ticks(Scale(1, 10**5, True), 2)] == ["10", "10,000"]
    assert [label for _, label in ticks(Scale(1, 2**20, True), 4, doubling=True)] == ["1", "64", "4K", "256K"]


def test_labels_of_one_axis_differ_and_use_one_power():
    tiny = [label for _, label in ticks(Scale(0, 7.3e-7), 5)]
    assert tiny == ["0", "2·10⁻⁷", "4·10⁻⁷", "6·10⁻⁷"]
    assert [label for _, label in ticks(Scale(-1, 1), 4)] == ["−1.0", "−0.5", "0.0", "0.5", "1.0"]
    assert [label for _, label in ticks(Scale(1, 1024, True), 11, doubling=True)][-1] == "1K"
    assert [label for _, label in ticks(Scale(0.9e-6, 1.1, True), 4)] == ["10⁻⁶", "10⁻⁴", "10⁻²", "10⁰"]
    assert [label for _, label in ticks(Scale(0.9e-3, 1100, True), 4)] == ["0.001", "0.1", "10", "1,000"]


def test_shares_run_from_0_to_1_and_have_no_place_for_what_has_none():
    scale = Scale(0.01, 100, True)
    shares = scale.shares(np.array([0.01, 1, 100, 0, -3, np.nan, np.inf]))
    np.testing.assert_allclose(shares[:3], [0, 0.5, 1])
    assert np.isnan(shares[3:]).all()
    assert scale.value(0.5) == pytest.approx(1)
    assert Scale(-2, 2).share(1) == 0.75


def test_quantities_that_are_never_negative_begin_at_zero_where_that_costs_little():
    assert scale_of([np.array([0.1, 1])]).low == 0
    assert scale_of([np.array([0.9, 1])]).low > 0.8
    assert scale_of([np.array([0.9, 1])], rests_on_zero=True).low == 0
    assert scale_of([np.array([-2.0, -1])], rests_on_zero=True).high == 0


def test_what_values_are():
    assert all_whole([np.array([1, 2.0, np.nan])])
    assert not all_whole([np.array([1.5])])
    assert all_doubling([np.array([8, 16, 1024])])
    assert not all_doubling([np.array([8, 12])])
    assert without_place(np.array([0, -1, 2, np.nan]), True) == 2


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (0.0, "0"), (-0.5, "−0.5"), (65536.0, "65,536"), (3.14159, "3.14"), (2.5e-6, "2.50·10⁻⁶"),
        (math.nan, "–"), (math.inf, "∞"), (-math.inf, "−∞"), (1e12, "1.00·10¹²"),
    ],
)  # fmt: skip
def test_a_readout_has_no_letter_e(value, words):
    assert value_text(value) == words
