"""Pieces on chips and in sentences."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from widgets.piece_text import quoted, readable, stands_upright


@pytest.mark.parametrize(
    ("piece", "shown", "named"),
    [
        (" was", "was", "“·was”"),
        ("  ", "··", "“··”"),
        ("\n", "↵", "“↵”"),
        ("\t", "⇥", "“⇥”"),
        ("\u3000", "␣", "“␣”"),
        ("a b", "a b", "“a·b”"),
        ("", "∅", "“∅”"),
        ("北京", "北京", "“北京”"),
        ("\u200b", "⟨200B⟩", "“⟨200B⟩”"),
        ("\ud800", "⟨D800⟩", "“⟨D800⟩”"),
        ("👩\u200d👧", "👩\u200d👧", "“👩\u200d👧”"),
    ],
)
def test_white_space_and_signs_without_a_picture(piece: str, shown: str, named: str) -> None:
    assert readable(piece) == shown
    assert quoted(piece) == named


@given(st.text(st.characters(), max_size=12))
def test_something_is_always_shown(piece: str) -> None:
    assert readable(piece).strip()
    readable(piece).encode()  # no lone surrogates are left


def test_only_wide_signs_stand_upright() -> None:
    assert stands_upright("北京")
    assert not stands_upright("北a")
