"""The names of signs in a PDF, mended: a space that is read as a tab would be copied and searched as one."""

from __future__ import annotations

import re

_TABLE = re.compile(rb"begincmap.*?endcmap", re.DOTALL)
_CHARACTERS = re.compile(rb"\[[^\]]*\]")


def spaces_named(pdf: bytes) -> bytes:
    """The document with U+0020 where its tables from glyphs to characters say U+0009; every byte stays in its place.

    Fonts draw both with one glyph, and Qt names a glyph by the first character that has it.
    """

    def named(found: re.Match[bytes]) -> bytes:
        return _CHARACTERS.sub(lambda characters: characters[0].replace(b"<0009>", b"<0020>"), found[0])

    return _TABLE.sub(named, pdf)
