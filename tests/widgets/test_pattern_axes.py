"""The labels of the keys, above a pattern of any width."""

from itertools import pairwise

import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QFont

from widgets.lettering import lettering
from widgets.pattern_axes import key_labels
from widgets.pattern_layout import laid_out
from widgets.themes import DARK
from widgets.viewport import Viewport, whole


@pytest.mark.parametrize("width", [190, 214, 230, 330, 900])
@pytest.mark.parametrize(
    "view", [whole(96, 96), whole(4096, 4096), whole(1 << 20, 1 << 20), Viewport(4001, 4990, 0, 989)]
)
def test_keys_are_told_at_both_ends_apart_and_inside(qapp, width, view):
    keys = 1 << 20
    layout = laid_out(QRectF(0, 0, width, 900), keys, keys, False, 1.0)
    found = key_labels(layout, view, lettering(QFont(), DARK.small_points))
    shares = [(x - layout.plot.left()) / layout.plot.width() for x, _, _ in found]
    assert shares[0] <= 0.3
    assert shares[-1] >= 0.7
    assert all(one.right() + 6 <= other.left() for (*_, one), (*_, other) in pairwise(found))
    assert all(layout.plot.left() - 1 <= box.left() <= box.right() <= width for *_, box in found)
