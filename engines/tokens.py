"""Text -> tokens: the bytes that are needed and no more, and a readable text for every piece.

Byte-level BPE: every byte has a piece, so no text is unknown. A piece that is only part of a character is shown as its
bytes, ‹E5 A4›, never as a replacement character.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TextIO, overload

import numpy as np

from engines.messages import TextSource
from engines.problems import Problem
from engines.samples import read_pixels

if TYPE_CHECKING:
    from tokenizers import Tokenizer  # the window reads pieces here, and has no use for the tokenizer itself

CHUNK_CHARACTERS = 4096  # so that a short length over a long text waits for little
LARGEST_FILE_BYTES = 50_000_000
BINARY_PROBE_BYTES = 8192
UNREADABLE = re.compile("[\udc80-\udcff\ufffd]+")  # bytes that are no character, as surrogateescape decodes them


@dataclass(frozen=True)
class Tokens:
    """ids [position]; ``text_tokens`` is how many the text gave before repeating; ``cut`` says that it had more."""

    ids: np.ndarray
    text_tokens: int
    cut: bool
    notes: tuple[Problem, ...] = ()


def tokenise(
    source: TextSource, length: int, tokenizer: Tokenizer, check_cancelled: Callable[[], None] = lambda: None
) -> Tokens:
    """Exactly ``length`` tokens of the text: cut where it is longer, repeated where it is shorter."""
    if source.image:
        pixels = pixel_ids(source.image, tokenizer)
        note = Problem("pixels_not_text")
        return Tokens(np.resize(pixels, length), min(len(pixels), length), len(pixels) > length, (note,))
    notes: list[Problem] = []
    chunks = file_chunks(Path(source.path), notes) if source.path else text_chunks(source.text, notes)
    parts: list[np.ndarray] = []
    count, cut = 0, False
    for chunk in chunks:
        if count >= length:
            cut = True
            break
        check_cancelled()
        parts.append(np.array(tokenizer.encode_batch_fast([chunk])[0].ids, dtype=np.int32))
        count += len(parts[-1])
    if count == 0:
        raise Problem("empty_text")
    ids = np.concatenate(parts)
    return Tokens(np.resize(ids, length), text_tokens=min(count, length), cut=cut or count > length, notes=tuple(notes))


def pixel_ids(image: str, tokenizer: Tokenizer) -> np.ndarray:
    """The tokens of a sample image, row by row: for each pixel the one whose piece is the byte of its shade."""
    character = {byte: sign for sign, byte in byte_of_character().items()}
    ids = np.array([tokenizer.token_to_id(character[byte]) for byte in range(256)], dtype=np.int32)
    return ids[read_pixels(image).reshape(-1)]


def text_chunks(text: str, notes: list[Problem]) -> Iterator[str]:
    """The text in chunks that tokenise as the whole would, wherever ``seam`` finds a place to cut."""
    clean = without_surrogates(text)
    if clean != text:
        notes.append(Problem("lone_surrogates"))
    start = 0
    while start < len(clean):
        stop = start + CHUNK_CHARACTERS
        if stop < len(clean):
            stop = seam(clean, start, stop)
        yield clean[start:stop]
        start = stop


def without_surrogates(text: str) -> str:
    """The text with each half of a surrogate pair, which is no character, as “?”."""
    return text.encode("utf-8", errors="replace").decode("utf-8")


def seam(text: str, start: int, stop: int) -> int:
    """Where to cut text[start:stop] so that no piece crosses: before its last run of spaces or lines.

    A word begins with its space and a run of whitespace is split by what follows it, so both belong to the right. A
    text without any is cut at ``stop``, where one piece may come out as two.
    """
    for place in range(stop - 1, start, -1):
        if text[place] in " \n" and not text[place - 1].isspace():
            return place
    return stop


def file_chunks(path: Path, notes: list[Problem]) -> Iterator[str]:
    """A file's text, read a chunk at a time; what is not UTF-8 becomes “?” and is said once."""
    try:
        size = path.stat().st_size
        if size > LARGEST_FILE_BYTES:
            raise Problem("file_too_large", path=str(path), megabytes=round(size / 1e6), largest=50)
        with path.open("rb") as file:
            if b"\0" in file.read(BINARY_PROBE_BYTES):
                raise Problem("binary_file", path=str(path))
        with path.open(encoding="utf-8-sig", errors="surrogateescape") as text_file:
            yield from decoded(text_file, notes)
    except OSError as error:
        raise Problem("cannot_read_file", path=str(path), reason=error.strerror or str(error)) from None


def decoded(file: TextIO, notes: list[Problem]) -> Iterator[str]:
    """A text file in chunks, cut as ``text_chunks`` cuts; bytes that are no text arrive as lone surrogates."""
    rest, noted = "", False
    while block := file.read(CHUNK_CHARACTERS):
        clean = without_surrogates(block)
        if clean != block and not noted:
            notes.append(Problem("not_utf8"))
            noted = True
        rest += clean
        stop = seam(rest, 0, len(rest))
        yield rest[:stop]
        rest = rest[stop:]
    if rest:
        yield rest


def byte_of_character() -> dict[str, int]:
    """The byte-level alphabet: the printable character that stands for each byte in a piece's name."""
    printable = [*range(33, 127), *range(161, 173), *range(174, 256)]
    table = {chr(byte): byte for byte in printable}
    others = [byte for byte in range(256) if byte not in set(printable)]
    table.update({chr(256 + i): byte for i, byte in enumerate(others)})
    return table


def readable_pieces(tokenizer: Tokenizer) -> tuple[str, ...]:
    """A readable text for every piece of the vocabulary, by id; whitespace is kept, the widgets make it visible."""
    table = byte_of_character()
    names = [tokenizer.id_to_token(i) or "" for i in range(tokenizer.get_vocab_size())]
    return tuple(readable(bytes(table[character] for character in name)) for name in names)


def readable(raw: bytes) -> str:
    """Bytes as text; those that are not whole characters, or only the replacement character, as ‹hex›."""
    text = raw.decode("utf-8", errors="surrogateescape")
    return UNREADABLE.sub(lambda found: f"‹{found[0].encode('utf-8', 'surrogateescape').hex(' ').upper()}›", text)


class Pieces(Sequence[str]):
    """The readable piece at each position; made when asked for, so that a million tokens cost nothing."""

    def __init__(self, ids: np.ndarray, pieces: Sequence[str]) -> None:
        self._ids, self._pieces = ids, pieces

    def __len__(self) -> int:
        return len(self._ids)

    @overload
    def __getitem__(self, position: int) -> str: ...
    @overload
    def __getitem__(self, position: slice) -> list[str]: ...
    def __getitem__(self, position: int | slice) -> str | list[str]:
        if isinstance(position, slice):
            return [self._pieces[i] for i in self._ids[position]]
        return self._pieces[self._ids[position]]
