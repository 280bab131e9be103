"""Memory through one pass: no peak is ever lost."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint

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
