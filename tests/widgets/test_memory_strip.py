"""Memory through one pass: no peak is ever lost."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QPoint
from PySide6.QtGui import QFontMetrics

from widgets.lettering import lettering
from widgets.memory_strip import MemoryStrip, _made_up, column_peaks
from widgets.view_data import MemoryPhase


def slow_column_peaks(seconds, sizes, start, stop, columns):
    """The definition: in every span, the value carried into it and every value that begins in it."""
    edges = np.linspace(start, stop, columns + 1)
    result = []
    for column in range(columns):
        left, right = edges[column], edges[column + 1]
        before = [size for second, size in zip(seconds, sizes, strict=True) if second <= left]
        last = column == columns - 1
        within = [
            size
            for second, size in zip(seconds, sizes, strict=True)
            if left <= second < right or (last and second == right)
        ]
        result.append(max([*before[-1:], *within, 0]))
    return result


@given(
    st.lists(st.tuples(st.integers(0, 1000), st.integers(0, 10**12)), min_size=1, max_size=60),
    st.integers(1, 50),
)
def test_column_peaks_against_the_definition(samples, columns):
    samples = sorted(samples, key=lambda sample: sample[0])
    seconds = np.array([second / 1000 for second, _ in samples])
    sizes = np.array([size for _, size in samples], dtype=np.int64)
    found = column_peaks(seconds, sizes, 0.0, 1.0, columns)
    assert found.tolist() == slow_column_peaks(seconds, sizes, 0.0, 1.0, columns)
    assert found.max() == sizes.max()


@pytest.fixture
def strip(qtbot):
    strip = MemoryStrip()
    qtbot.addWidget(strip)
    strip.resize(384, 152)
    strip.set_phases(_made_up())
    strip.show()
    qtbot.waitExposed(strip)
    return strip


def test_the_pointer_finds_phases(strip, qtbot):
    plot = strip.plot_rect()
    y = round(plot.center().y())
    qtbot.mouseMove(strip, QPoint(round(plot.left() + plot.width() * 0.5), y))
    assert strip._hovered == 3
    assert "38.0 MB" in strip.tooltip(3)
    assert "attend" in strip.tooltip(3)
    assert strip.phase_at(2) is None


def test_a_phase_inherits_what_was_allocated_before_it(strip):
    strip.set_phases(
        (MemoryPhase("first", 0.0, 1.0, ((0.0, 100),)), MemoryPhase("second", 1.0, 2.0, ((1.5, 10),))),
    )
    assert "100 B" in strip.tooltip(1)
    assert strip.accessibleDescription() == "first: 100 B; second: 100 B"


def test_a_phase_thinner_than_a_pixel_is_still_found(strip):
    phases = (
        MemoryPhase("a", 0.0, 0.5, ((0.0, 10),)),
        MemoryPhase("spike", 0.5, 0.5 + 1e-9, ((0.5, 10**9),)),
        MemoryPhase("b", 0.5 + 1e-9, 1.0, ((0.5 + 1e-9, 10),)),
    )
    strip.set_phases(phases)
    plot = strip.plot_rect()
    assert strip.phase_at(plot.left() + plot.width() / 2) == 1
    assert not strip.grab().isNull()


@pytest.mark.parametrize("phases", [(), (MemoryPhase("none", 0.0, 0.0, ()),), (MemoryPhase("zero", 0, 1, ((0, 0),)),)])
def test_nothing_to_show_is_drawn_as_that(strip, phases):
    strip.set_phases(phases)
    assert not strip.grab().isNull()


def test_stale_is_dimmed(strip):
    fresh = strip.grab().toImage()
    strip.set_phases(_made_up(), stale=True)
    assert strip.grab().toImage() != fresh


def strip_of(strip, borders, names, peak_in):
    """Phases between ``borders``; the highest step is the one of the phase ``peak_in``."""
    spans = zip(names, pairwise(borders), strict=True)
    strip.set_phases(
        tuple(
            MemoryPhase(name, start / 1e3, stop / 1e3, ((start / 1e3, 34_100 if index == peak_in else 1_000 + index),))
            for index, (name, (start, stop)) in enumerate(spans)
        )
    )


@given(
    st.lists(st.integers(1, 60), min_size=1, max_size=7),
    st.integers(0, 6),
    st.sampled_from([200, 252, 363, 900]),
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_words_keep_apart_and_off_the_curve(strip, lengths, peak_in, width):
    strip.resize(width, 152)
    names = ("project", "hash", "sort", "attend", "combine", "global", "write")[: len(lengths)]
    strip_of(strip, [0, *np.cumsum(lengths).tolist()], names, peak_in % len(lengths))
    plot, places = strip.plot_rect(), strip.name_places()
    for index, place in places.items():
        metrics = QFontMetrics(lettering(strip.font(), strip._theme.small_points))
        assert place.width() == metrics.horizontalAdvance(names[index]), "whole"
        assert plot.left() <= place.left() <= place.right() <= plot.right() + 1e-6
        assert place.bottom() <= plot.top()
        stop = strip._x(strip._phases[index].stop_seconds)
        assert place.right() <= stop + 1e-6
    assert all(one.right() + 5 <= other.left() + 1e-6 for one, other in pairwise(places.values()))
    words = strip.peak_words()
    assert words.top() >= plot.bottom()
    assert plot.left() + 12 < words.left() <= words.right() < plot.right() - 12
    assert plot.left() <= strip.peak_place().x() <= plot.right()


def test_a_narrow_last_phase_is_named_at_the_end_and_no_border_runs_through_it(strip):
    strip_of(strip, [0, 40, 70, 98, 100], ("hash", "sort", "attend", "combine"), 3)
    places = strip.name_places()
    assert list(places) == [0, 1, 2, 3]
    assert places[3].right() == strip.plot_rect().right()
    border = strip._x(0.098)
    assert places[3].left() < border < places[3].right()
    image = strip.grab().toImage()
    above = [
        image.pixelColor(round(border), y).name() for y in range(round(places[3].top()) - 6, round(places[3].top()))
    ]
    assert len(set(above)) == 1


def test_a_name_without_room_is_left_out_whole(strip):
    strip_of(strip, [0, 50, 51, 52, 100], ("first", "a long name", "another", "last"), 0)
    assert list(strip.name_places()) == [0, 3]
