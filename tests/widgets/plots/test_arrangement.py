"""Panels fill the view, keep apart, and stand in their order."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from widgets.plots.arrangement import AROUND, GAP, LEAST_WIDTH, Wish, arrange

WIDE, SQUARE = (1.5, 3.4), (0.85, 1.2)
wishes = st.builds(
    lambda aspects, least, compact: Wish(aspects, lambda width: least, compact),
    st.sampled_from([WIDE, SQUARE]),
    st.floats(80, 400),
    st.booleans(),
)


def plot(aspects=WIDE, least=150.0):
    return Wish(aspects, lambda width: least)


@given(st.lists(wishes, max_size=8), st.floats(200, 3840), st.floats(100, 2160))
def test_panels_lie_within_the_page_apart_from_each_other_and_as_tall_as_they_need(panels, width, height):
    arranged = arrange(panels, width, height)
    assert len(arranged.places) == len(panels)
    for place, wish in zip(arranged.places, panels, strict=True):
        assert place.x >= 0
        assert place.x + place.width <= width + 1e-6
        assert place.y + place.height <= arranged.height + 1e-6
        assert place.height >= wish.least_height(place.width) - 1e-6
    for index, one in enumerate(arranged.places):
        for other in arranged.places[:index]:
            beside = one.x >= other.x + other.width + GAP - 1e-6 or other.x >= one.x + one.width + GAP - 1e-6
            below = one.y >= other.y + other.height + GAP - 1e-6 or other.y >= one.y + one.height + GAP - 1e-6
            assert beside or below
    plots = [place for place, wish in zip(arranged.places, panels, strict=True) if not wish.compact]
    assert plots == sorted(plots, key=lambda place: (place.y, place.x))
    if arranged.height <= height and any(wish.aspects == WIDE for wish in panels if not wish.compact):
        assert abs(arranged.height - height) < 1e-6  # plots fill the view, but squares alone do not


def test_squares_are_no_higher_than_they_make_use_of():
    places = arrange([plot(SQUARE)] * 4 + [plot(WIDE)] * 2, 1400, 1200).places
    assert places[0].height <= (places[0].width - AROUND[0]) / SQUARE[0] + AROUND[1] + 1e-6
    assert places[-1].y + places[-1].height == 1200
    (alone,) = arrange([plot(SQUARE)], 400, 1200).places
    assert alone.height < 600


def test_one_panel_has_the_whole_two_stand_side_by_side_and_four_in_a_square():
    assert [(p.width, p.height) for p in arrange([plot()], 900, 500).places] == [(900, 500)]
    first, second = arrange([plot(SQUARE), plot(SQUARE)], 1000, 500).places
    assert first.y == second.y
    assert first.width == second.width
    first, second = arrange([plot(WIDE), plot((1.3, 3.4))], 1000, 620).places
    assert first.y == second.y
    four = arrange([plot()] * 4, 1200, 700).places
    assert len({place.x for place in four}) == len({place.y for place in four}) == 2


def test_squares_of_one_series_share_a_row():
    places = arrange([plot(SQUARE)] * 4 + [plot(WIDE)] * 2, 1060, 560).places
    assert len({place.y for place in places[:4]}) == 1
    assert places[4].y == places[5].y > places[0].y


@pytest.mark.parametrize("width", [660.0, 678.0, 900.0, 1400.0])
@pytest.mark.parametrize("wide", [0, 2, 3])
def test_squares_of_one_series_are_equally_large(width, wide):
    places = arrange([plot(SQUARE, 250.0)] * 4 + [plot(WIDE)] * wide, width, 700).places
    sides = [min(place.width - AROUND[0], place.height - AROUND[1]) for place in places[:4]]
    assert max(sides) <= 1.02 * min(sides)


def test_a_wide_one_stands_above_two_square_ones():
    wide, left, right = arrange([plot(WIDE), plot(SQUARE), plot(SQUARE)], 1000, 800).places
    assert wide.width == 1000
    assert wide.y < left.y == right.y


def test_narrow_views_stack_and_scroll():
    arranged = arrange([plot()] * 3, 380, 300)
    assert {place.x for place in arranged.places} == {0}
    assert arranged.height > 300
    beside = arrange([plot()] * 2, 2 * LEAST_WIDTH + GAP + 1, 160)
    assert beside.places[0].y == beside.places[1].y


def test_strips_take_their_own_height_and_leave_the_rest():
    strip = Wish(WIDE, lambda width: 90.0, compact=True)
    chart, numbers = arrange([plot(), strip], 900, 600).places
    assert (numbers.height, numbers.width) == (90, 900)
    assert chart.height == 600 - 90 - GAP
    numbers, chart = arrange([strip, plot()], 900, 600).places
    assert numbers.y == 0 < chart.y
