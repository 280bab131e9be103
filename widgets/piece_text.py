"""How a piece of text is written on a chip or an axis: white space and signs without a picture become readable."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

_MARKS = {" ": "·", "\n": "↵", "\r": "↵", "\t": "⇥", "\u3000": "␣", "\u00a0": "⍽"}
_EMPTY = "∅"


@lru_cache(maxsize=65536)
def readable(piece: str) -> str:
    """A piece as a chip shows it. A space before a word is left out: nearly every word has one."""
    if not piece:
        return _EMPTY
    word = piece.removeprefix(" ")
    if not word.strip():
        return "".join(_mark(sign) for sign in piece)
    return "".join(_mark(sign) if sign != " " else sign for sign in word)


@lru_cache(maxsize=65536)
def quoted(piece: str) -> str:
    """A piece as a sentence names it, with every space marked."""
    return "“" + ("".join(_mark(sign) for sign in piece) or _EMPTY) + "”"


@lru_cache(maxsize=65536)
def stands_upright(text: str) -> bool:
    """Whether a text is made of wide signs only (Chinese, Japanese, Korean), which turn their heads in no direction."""
    return all(unicodedata.east_asian_width(sign) in "WF" for sign in text)


def _mark(sign: str) -> str:
    if sign in _MARKS:
        return _MARKS[sign]
    kind = unicodedata.category(sign)
    # A joiner or a variation mark inside an emoji belongs to its neighbours and stays.
    if kind in ("Cc", "Cs", "Co", "Cn", "Zl", "Zp") or (kind == "Cf" and sign != "\u200d"):
        return f"⟨{ord(sign):X}⟩"
    return "·" if kind == "Zs" else sign
