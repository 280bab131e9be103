"""What made a film, written into the file: MP4 and WebM hold it as a tag, the others get it as a block of their own.

GIF keeps a comment, WebP an XMP packet, APNG a text. They are put in after encoding, a stretch of the file at a time.
"""

from __future__ import annotations

import json
import shutil
import struct
import zlib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import BinaryIO

KEY = "Attnscope"
PNG_BEGINNING = 8 + 25  # signature and IHDR
XMP_FLAG = 0x04


def card_text(card: Mapping[str, object]) -> str:
    """The card as JSON of plain ASCII, which every file can hold."""
    return json.dumps(card, default=str)


def put_card(path: Path, muxer: str, text: str, size: tuple[int, int]) -> None:
    """Write the card's text into a finished GIF, WebP or APNG; the others have it already."""
    put = PUT.get(muxer)
    if put is None:
        return
    copy = path.with_name(path.name + ".card")
    try:
        with path.open("rb") as whole, copy.open("wb") as other:
            put(whole, other, text.encode(), size)
        copy.replace(path)
    finally:
        copy.unlink(missing_ok=True)


def put_in_gif(whole: BinaryIO, other: BinaryIO, text: bytes, size: tuple[int, int]) -> None:
    """A comment extension right behind the table of colours that all frames share."""
    beginning = whole.read(13)
    table = 3 << ((beginning[10] & 7) + 1) if beginning[10] & 0x80 else 0
    other.write(beginning + whole.read(table) + b"\x21\xfe")
    for start in range(0, len(text), 255):
        part = text[start : start + 255]
        other.write(bytes([len(part)]) + part)
    other.write(b"\0")
    shutil.copyfileobj(whole, other)


def put_in_webp(whole: BinaryIO, other: BinaryIO, text: bytes, size: tuple[int, int]) -> None:
    """An XMP packet as the last chunk, and the bit in the first that says so."""
    packet = xmp_packet(text)
    chunk = b"XMP " + struct.pack("<I", len(packet)) + packet + b"\0" * (len(packet) % 2)
    riff, length, webp = struct.unpack("<4sI4s", whole.read(12))
    first = whole.read(18)
    if first.startswith(b"VP8X"):
        first = first[:8] + bytes([first[8] | XMP_FLAG]) + first[9:]
    else:  # nothing moved, and so it was made a still, which has no such beginning
        width, height = ((pixels - 1).to_bytes(3, "little") for pixels in size)
        beginning = b"VP8X" + struct.pack("<II", 10, XMP_FLAG) + width + height
        first, length = beginning + first, length + len(beginning)
    other.write(struct.pack("<4sI4s", riff, length + len(chunk), webp) + first)
    shutil.copyfileobj(whole, other)
    other.write(chunk)


def xmp_packet(text: bytes) -> bytes:
    """The card as the description of an XMP packet."""
    escaped = text.replace(b"&", b"&amp;").replace(b"<", b"&lt;").replace(b">", b"&gt;")
    return (
        b'<?xpacket begin="\xef\xbb\xbf" id="W5M0MpCehiHzreSzNTczkc9d"?>'
        b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        b'<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:description><rdf:Alt>'
        b'<rdf:li xml:lang="x-default">' + escaped + b"</rdf:li></rdf:Alt></dc:description></rdf:Description>"
        b'</rdf:RDF></x:xmpmeta><?xpacket end="w"?>'
    )


def put_in_apng(whole: BinaryIO, other: BinaryIO, text: bytes, size: tuple[int, int]) -> None:
    """A text chunk right behind the header."""
    body = b"tEXt" + KEY.encode() + b"\0" + text
    other.write(whole.read(PNG_BEGINNING))
    other.write(struct.pack(">I", len(body) - 4) + body + struct.pack(">I", zlib.crc32(body)))
    shutil.copyfileobj(whole, other)


PUT: Mapping[str, Callable[[BinaryIO, BinaryIO, bytes, tuple[int, int]], None]] = {
    "gif": put_in_gif,
    "webp": put_in_webp,
    "apng": put_in_apng,
}
