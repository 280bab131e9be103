"""A slider's places and a parameter's values belong together."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from widgets.slider_scale import SliderScale


@st.composite
def scales(draw):
    whole = draw(st.booleans())
    low = draw(st.integers(-100, 5000)) if whole else draw(st.floats(-10, 100))
    width = draw(st.integers(1, 10**6)) if whole else draw(st.floats(0.01, 10**6))
    return SliderScale(low, low + width, whole)


@given(scales(), st.data())
def test_values_stay_in_range_and_never_fall(scale, data):
    places = sorted(data.draw(st.lists(st.integers(0, scale.places), min_size=2, max_size=20)))
    values = [scale.value(place) for place in places]
    assert values == sorted(values)
    assert all(scale.low <= value <= scale.high for value in values)
    if scale.whole:
        assert all(value == int(value) for value in values)


@given(scales())
def test_the_ends_are_reached(scale):
    assert scale.value(0) == scale.low
    assert scale.value(scale.places) == scale.high
    assert scale.place(scale.low) == 0
    assert scale.place(scale.high) == scale.places


@given(scales(), st.floats(-1e7, 1e7))
def test_every_value_has_a_place(scale, value):
    assert 0 <= scale.place(value) <= scale.places


def test_a_small_range_has_a_place_for_every_whole_number():
    scale = SliderScale(1, 8, True)
    assert [scale.value(place) for place in range(scale.places + 1)] == list(range(1, 9))
    assert [scale.place(value) for value in range(1, 9)] == list(range(8))


def test_a_wide_range_feels_logarithmic_and_hits_round_values():
    scale = SliderScale(1, 4096, True)
    assert scale.logarithmic
    assert scale.place(64) == pytest.approx(scale.places / 2, abs=1)
    reached = {scale.value(place) for place in range(scale.places + 1)}
    assert {1, 2, 3, 8, 16, 64, 128, 144, 160, 512, 1024, 4096} <= reached
    assert 137 not in reached


def test_zero_keeps_a_place_of_its_own():
    scale = SliderScale(0, 4096, True)
    assert scale.value(0) == 0
    assert scale.place(0) == 0
    assert scale.place(1) == 1
