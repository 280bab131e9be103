"""The maths of what is in view: cells, zoom, borders, ticks."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from widgets.viewport import Viewport, cell_edges, cell_pixels, nice_positions, whole

COUNTS = st.integers(1, 1_048_576)


@st.composite
def spans(draw: st.DrawFn) -> tuple[float, float, int, int]:
    """(start, stop, pixels, count) of an axis."""
    count = draw(COUNTS)
    width = draw(st.floats(min(1.0, count), count))
    start = draw(st.floats(0, 1)) * (count - width)
    return start, min(start + width, count), draw(st.integers(1, 1500)), count


@given(spans())
def test_cells_fill_the_view_and_none_is_empty(span: tuple[float, float, int, int]) -> None:
    start, stop, pixels, count = span
    edges = cell_edges(start, stop, pixels, count)
    places = cell_pixels(edges, start, stop, pixels)
    assert np.all(np.diff(edges) > 0)
    assert edges[0] >= 0
    assert edges[-1] <= count
    assert abs(edges[0] - start) < 1 + 1e-6
    assert abs(edges[-1] - stop) < 1 + 1e-6
    assert len(edges) - 1 <= max(pixels, math.ceil(stop) - math.floor(start))
    assert places[0] == 0
    assert places[-1] == pixels
    assert np.all(np.diff(places) >= 0)
    assert len(places) == len(edges)


@pytest.mark.parametrize(("count", "pixels"), [(1, 1), (1, 700), (8, 8), (8, 7), (700, 700), (1_048_576, 701)])
def test_whole_view_reaches_both_ends(count: int, pixels: int) -> None:
    edges = cell_edges(0.0, float(count), pixels, count)
    assert edges[0] == 0
    assert edges[-1] == count
    assert len(edges) - 1 == min(count, pixels)


@given(COUNTS, COUNTS, st.lists(st.tuples(st.floats(0.2, 5), st.floats(0, 1), st.floats(0, 1)), max_size=12))
def test_zooming_in_keeps_the_point_and_the_borders(
    queries: int, keys: int, steps: list[tuple[float, float, float]]
) -> None:
    view = whole(queries, keys)
    for factor, across, down in steps:
        x, y = view.x0 + across * view.width, view.y0 + down * view.height
        after = view.zoomed(factor, x, y, queries, keys)
        assert -1e-6 <= after.x0 <= after.x1 <= keys + 1e-6
        assert -1e-6 <= after.y0 <= after.y1 <= queries + 1e-6
        assert after.height * keys == pytest.approx(after.width * queries)
        if factor <= 1:
            assert after.x0 + across * after.width == pytest.approx(x, rel=1e-9, abs=1e-6)
            assert after.y0 + down * after.height == pytest.approx(y, rel=1e-9, abs=1e-6)
        view = after


def test_zoom_ends_at_a_few_tokens_and_at_the_whole() -> None:
    view = whole(1000, 1000)
    assert view.zoomed(1e-9, 500, 500, 1000, 1000).width == pytest.approx(3)
    assert view.zoomed(1e9, 500, 500, 1000, 1000) == view
    assert whole(1, 1).zoomed(0.1, 0.5, 0.5, 1, 1) == whole(1, 1)


def test_panning_stops_at_the_border() -> None:
    view = Viewport(10, 20, 10, 20)
    assert view.panned(-50, 3, 100, 100) == Viewport(0, 10, 13, 23)
    assert view.panned(500, 500, 100, 100) == Viewport(90, 100, 90, 100)


def test_clamping_follows_a_shorter_text_and_its_proportions() -> None:
    assert Viewport(500, 600, 500, 600).clamped(200, 200) == Viewport(100, 200, 100, 200)
    assert Viewport(0, 100, 0, 100).clamped(50, 200) == Viewport(0, 100, 0, 25)


@given(spans(), st.integers(0, 12))
def test_ticks_are_few_inside_and_round(span: tuple[float, float, int, int], most: int) -> None:
    start, stop, _, _ = span
    ticks = nice_positions(start, stop, most)
    assert len(ticks) <= most + 1
    assert all(start <= tick + 0.5 <= stop for tick in ticks)
    assert list(ticks) == sorted(set(ticks))
    if len(ticks) > 2:
        step = int(ticks[1] - ticks[0])
        assert step in {factor * 10**power for factor in (1, 2, 4, 5, 8) for power in range(8)}
        assert np.all(ticks % step == 0)
        assert np.all(np.diff(ticks) == step)


@given(spans(), st.integers(1, 12))
def test_the_first_and_the_last_region_of_an_axis_have_a_tick(span: tuple[float, float, int, int], most: int) -> None:
    start, stop, _, _ = span
    ticks = nice_positions(start, stop, most)
    if stop - start >= 4:
        assert ticks[0] + 0.5 - start <= 0.3 * (stop - start)
        assert stop - ticks[-1] - 0.5 <= 0.3 * (stop - start)


@pytest.mark.parametrize(
    ("stop", "most", "found"),
    [
        (4096, 1, [0, 4000]),
        (4096, 2, [0, 2000, 4000]),
        (4096, 3, [0, 2000, 4000]),
        (65_536, 1, [0, 50_000]),
        (65_536, 0, [0]),
        (16, 2, [0, 14]),
        (40, 3, [0, 10, 20, 30]),
        (1, 3, [0]),
    ],
)
def test_ticks_from_the_first_token_on(stop: int, most: int, found: list[int]) -> None:
    assert nice_positions(0, stop, most).tolist() == found
