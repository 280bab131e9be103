"""The scale of weights stands beside the plot, or lies below it where that leaves a narrow picture more room."""

import pytest
from PySide6.QtCore import QRectF

from widgets.pattern_layout import SMALL, laid_out


@pytest.mark.parametrize("size", [(230, 390), (345, 560), (480, 640), (720, 560), (1600, 900), (200, 200)])
def test_a_bar_lies_where_the_plot_gains(size):
    rect = QRectF(0, 0, *size)
    with_bar, without = (laid_out(rect, 96, 96, each, 1.0) for each in (True, False))
    bar, plot, words = with_bar.bar, with_bar.plot, with_bar.below
    assert rect.contains(bar)
    assert rect.contains(plot)
    assert not bar.intersects(plot)
    assert not bar.intersects(words)
    assert rect.contains(words)
    if size[1] > 1.3 * size[0]:
        assert bar.top() > plot.bottom()
        assert plot.width() == without.plot.width()  # none of it is spent on the bar
    elif size[0] > size[1]:
        assert bar.left() > plot.right()


def test_a_thumbnail_has_no_bar():
    assert laid_out(QRectF(0, 0, SMALL - 1, 600), 96, 96, True, 1.0).bar is None
