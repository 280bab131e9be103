"""Text that must fit."""

from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtGui import QFont, QFontMetrics

from widgets.lettering import elided, lettering, pixels, whole_parts, wrapped


def test_points_are_the_same_pixels_on_every_platform():
    assert [pixels(points) for points in (8.5, 9.5, 11.0, 20.0)] == [11, 13, 15, 27]


def test_digits_have_one_width(qapp):
    metrics = QFontMetrics(lettering(QFont(), 20, bold=True))
    assert len({metrics.horizontalAdvance(digit) for digit in "0123456789"}) == 1


def test_parts_are_kept_together(qapp):
    font = lettering(QFont(), 8.5)
    width = QFontMetrics(font).horizontalAdvance("textbook 270 MB · 7.1×")
    assert wrapped("textbook 270 MB · 7.1× smaller", font, width, 2) == ["textbook 270 MB", "7.1× smaller"]
    assert wrapped("short", font, width, 2) == ["short"]
    assert wrapped("", font, width, 2) == []


def test_chinese_breaks_between_any_two_characters_but_before_no_comma(qapp):
    font = lettering(QFont(), 8.5)
    width = QFontMetrics(font).horizontalAdvance("相似度为 1，无法")
    first, second = wrapped("相似度为 1，无法区分，", font, width, 2)
    assert (first, second) == ("相似度为 1，无法", "区分，")
    width = QFontMetrics(font).horizontalAdvance("即词元 19 与")
    assert wrapped("即词元 19 与 35，编码相同", font, width, 3)[0] == "即词元 19 与"
    width = QFontMetrics(font).horizontalAdvance("编码相同")
    assert wrapped("编码相同，相似", font, width, 2)[0] == "编码相"


@given(st.text("ab 话说天下·…é", max_size=60), st.integers(20, 200), st.integers(1, 4))
def test_no_line_is_wider_than_it_may_be(qapp, text, width, most):
    font = lettering(QFont(), 8.5)
    metrics = QFontMetrics(font)
    lines = wrapped(text, font, width, most)
    assert len(lines) <= most
    assert all(metrics.horizontalAdvance(line) <= width or len(line) <= 1 for line in lines)
    assert metrics.horizontalAdvance(elided(text, font, width)) <= width


@given(st.lists(st.text("ab 3.×", min_size=1, max_size=12), min_size=1, max_size=4), st.floats(0, 400))
def test_parts_that_do_not_fit_are_left_out_whole(qapp, parts, width):
    font = lettering(QFont(), 10)
    text = " · ".join(parts)
    kept = whole_parts(text, font, width)
    assert QFontMetrics(font).horizontalAdvance(kept) <= max(width, QFontMetrics(font).horizontalAdvance("…"))
    if QFontMetrics(font).horizontalAdvance(parts[0]) <= width:
        assert text.startswith(kept)
        assert kept.split(" · ") == parts[: len(kept.split(" · "))]
