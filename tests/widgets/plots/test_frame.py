"""Thinned lines look the same, and gaps stay gaps."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QRectF

from widgets.plots.dots import PLACED_EXACTLY, density
from widgets.plots.frame import Axis, framed, polyline, thinned
from widgets.plots.scale import Scale
from widgets.themes import DARK


@given(st.integers(2_000, 6_000), st.integers(0, 2**31), st.booleans())
def test_a_thinned_line_reaches_as_high_and_low_in_every_column_of_pixels(count, seed, gaps):
    generator = np.random.default_rng(seed)
    x = np.sort(generator.uniform(0, 100, count))
    y = generator.normal(size=count)
    if gaps:
        y[generator.integers(0, count, 5)] = np.nan
    thin_x, thin_y = thinned(x, y)
    assert len(thin_x) <= 4 * (101 + 12)
    for column in range(100):
        whole, few = y[np.floor(x) == column], thin_y[np.floor(thin_x) == column]
        if np.isfinite(whole).any():
            assert np.nanmax(few) == np.nanmax(whole)
            assert np.nanmin(few) == np.nanmin(whole)
    assert len(polyline(thin_x, thin_y)) == len(polyline(x, y))


def test_few_points_stay_as_they_are():
    x, y = np.arange(30.0), np.arange(30.0)
    assert thinned(x, y)[0] is x
    assert [part.size() for part in polyline(x, np.where(x == 3, np.nan, y))] == [3, 26]
    assert polyline(np.zeros(0), np.zeros(0)) == []


def test_a_square_frame_has_a_square_inside_and_everything_fits(qapp):
    rect = QRectF(10, 20, 500, 300)
    axis = Axis("a name", Scale(0, 1))
    frame = framed(rect, axis, axis, DARK, square=True)
    assert frame.plot.width() == frame.plot.height()
    assert rect.contains(frame.plot)
    x, y = frame.places(np.array([0.0, 1, np.nan]), np.array([0.0, 1, 1]))
    assert (x[0], y[0]) == (frame.plot.left(), frame.plot.bottom())
    assert (x[1], y[1]) == (frame.plot.right(), frame.plot.top())
    assert np.isnan(x[2])


def test_plots_under_one_another_begin_at_one_place_whatever_digits_their_axes_have(qapp):
    rect, positions = QRectF(0, 0, 500, 150), Axis("position", Scale(0, 100))
    lefts = {framed(rect, positions, Axis("", Scale(0, high)), DARK).plot.left() for high in (6, 0.7, 0.065, 0.006)}
    assert len(lefts) == 1


def test_dots_cover_their_area_and_never_more_than_all():
    x, y = np.full(500, 20.3), np.full(500, 15.6)
    one = density(x[:1], y[:1], 40, 30, 4.0, 0.5)
    assert abs(one.sum() / 0.5 - np.pi * 16) < 1.5
    many = density(x, y, 40, 30, 4.0, 0.5)
    assert many.max() <= 1
    assert (many >= one - 1e-12).all()
    assert not density(np.array([-50.0]), np.array([5.0]), 40, 30, 4.0, 0.5).any()


def test_many_dots_look_like_few_at_the_middles_of_their_pixels():
    generator = np.random.default_rng(0)
    x, y = np.floor(generator.uniform(-3, 63, 600)) + 0.5, np.floor(generator.uniform(-3, 43, 600)) + 0.5
    few = density(x, y, 60, 40, 1.5, 0.3)
    times = PLACED_EXACTLY // 600 + 1
    many = density(np.tile(x, times), np.tile(y, times), 60, 40, 1.5, 0.3)
    np.testing.assert_allclose(1 - many, (1 - few) ** times, atol=1e-12)


def test_dots_off_the_picture_leaves_no_trace_on_the_other_side():
    x = np.tile(np.array([-2.5, 62.5]), 5_000)
    assert not density(x, np.full(10_000, 10.0), 60, 40, 1.0, 0.5).any()
