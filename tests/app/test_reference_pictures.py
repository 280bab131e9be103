"""Every view in every theme against the picture of it that somebody looked at."""

import numpy as np
import pytest
from PySide6.QtGui import QImage

from app.theme import FIGURE_THEMES, THEMES
from app.views import difference_views, view_names
from tests.app.reference_pictures import PICTURES, VIEWS, drawn, path_of, pixels

MEAN_TOLERANCE = 1.0  # of 255: edges are smoothed a little differently from one processor to the next
STRAY_SHARE, STRAY = 0.01, 48.0  # so many pixels may differ by more than this: a hair that moved


@pytest.mark.parametrize(("variant", "view", "theme"), PICTURES)
def test_a_view_looks_as_it_did(qapp, variant, view, theme):
    kept = QImage(str(path_of(variant, view, theme)))
    now = drawn(variant, view, theme)
    assert now.size() == kept.size()
    difference = np.abs(pixels(now) - pixels(kept)).max(-1)
    assert difference.mean() < MEAN_TOLERANCE
    assert (difference > STRAY).mean() < STRAY_SHARE


def test_no_view_and_no_theme_is_missing():
    assert {view for _, view in VIEWS} == {*view_names(), *(view.name for view in difference_views())}
    assert {theme for *_, theme in PICTURES} == {*THEMES, *FIGURE_THEMES}


def test_the_comparison_would_notice(qapp):
    first, second = (pixels(QImage(str(path_of("reformer", view, "print")))) for view in ("pattern", "buckets"))
    assert np.abs(first - second).max(-1).mean() > 10 * MEAN_TOLERANCE
