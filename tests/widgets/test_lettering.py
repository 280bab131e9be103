"""Text that must fit."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtGui import QFont, QFontMetrics

from widgets.lettering import elided, elided_before_colon, flowed, how_many_fit, lettering, pixels, wrapped


def test_no_number_is_cut_into_another(qapp):
    font = lettering(QFont(), 9)
    text = "Transformer-XL, segment 8,192, memory 8192"
    for width in range(20, 320):
        shown = elided(text, font, width)
        if shown.endswith("…"):
            rest = text[len(shown) - 1 :]
            assert not (shown[-2:-1].isdigit() and rest[:1].isdigit()), shown
            assert not shown.endswith("8,…")
    assert QFontMetrics(font).horizontalAdvance(elided(text, font, 200)) <= 200


def test_whole_settings_give_way_before_a_colon(qapp):
    font = lettering(QFont(), 9)
    text = "Reformer, chunk length 64, hashes 4, seed 1,024: 0.28 % kept"
    shown = {elided_before_colon(text, font, width) for width in range(160, 400)}
    assert "Reformer, chunk length 64, hashes 4, …: 0.28 % kept" in shown
    assert "Reformer, chunk length 64, …: 0.28 % kept" in shown
    assert not any("ha…" in each for each in shown)


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


@given(
    st.lists(st.text("ab 3.×", min_size=1, max_size=12), min_size=1, max_size=6), st.floats(0, 400), st.integers(1, 3)
)
def test_parts_stand_whole_and_in_order_and_what_is_left_out_is_told(qapp, parts, width, most):
    font = lettering(QFont(), 10)
    metrics = QFontMetrics(font)
    lines = flowed(parts, font, width, most)
    assert len(lines) <= most
    assert all(metrics.horizontalAdvance(line) <= max(width, metrics.horizontalAdvance("…")) for line in lines)
    if max(map(metrics.horizontalAdvance, (f"{part} · …" for part in parts))) <= width:
        shown = " · ".join(lines).split(" · ")
        whole = " · ".join(parts).split(" · ")
        assert shown == whole or (shown[-1] == "…" and shown[:-1] == whole[: len(shown) - 1])
        assert most < len(parts) or shown == whole


def test_a_line_takes_as_many_parts_as_fit(qapp):
    font = lettering(QFont(), 10)
    parts = ("14.7 ms (×4.76)", "1.83 MB (×16.4)", "57.1 % of pairs kept")
    width = QFontMetrics(font).horizontalAdvance("14.7 ms (×4.76) · 1.83 MB (×16.4)")
    assert how_many_fit(parts, font, width) == 2
    assert flowed(parts, font, width, 2) == ["14.7 ms (×4.76) · 1.83 MB (×16.4)", "57.1 % of pairs kept"]
    assert flowed(parts, font, width, 1) == ["14.7 ms (×4.76) · …"]
    assert how_many_fit(parts, font, 3) == 0


@pytest.mark.parametrize("colon", [": ", "："])
def test_what_stands_before_the_colon_gives_way(qapp, colon):
    font = lettering(QFont(), 10)
    metrics = QFontMetrics(font)
    said = f"{colon}18.0 % of the pairs kept"
    text = f"Transformer-XL, segment 8192, memory 8192{said}"
    whole = metrics.horizontalAdvance(text)
    assert elided_before_colon(text, font, whole) == text
    shorter = elided_before_colon(text, font, whole - 60)
    assert shorter.endswith("…" + said)
    assert shorter.startswith("Transformer-XL")
    assert metrics.horizontalAdvance(shorter) <= whole - 60
    assert elided_before_colon(text, font, 60).count("…") == 1
    assert metrics.horizontalAdvance(elided_before_colon(text, font, 60)) <= 60
    assert elided_before_colon("no such sign in it, and long", font, 60).endswith("ong")
