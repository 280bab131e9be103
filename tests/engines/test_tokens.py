"""Text -> tokens: the right number, nothing lost, only the needed bytes, and every piece readable."""

from __future__ import annotations

import io
import os
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engines import tokens
from engines.messages import TextSource
from engines.problems import Problem
from engines.samples import read_sample, samples
from engines.tokens import (
    CHUNK_CHARACTERS,
    Pieces,
    byte_of_character,
    decoded,
    readable,
    readable_pieces,
    seam,
    text_chunks,
    tokenise,
    without_surrogates,
)
from engines.weights import HostModel, shipped_model

TOKENIZER = shipped_model().tokenizer
PIECES = readable_pieces(TOKENIZER)
ALPHABET = byte_of_character()


def raw_bytes(ids: np.ndarray) -> bytes:
    """The text's bytes, put together from the names of its pieces."""
    return b"".join(bytes(ALPHABET[sign] for sign in TOKENIZER.id_to_token(int(i))) for i in ids)


def own_tokens(text: str) -> np.ndarray:
    """All tokens of a text, once."""
    found = tokenise(TextSource(text), 1 << 16, TOKENIZER)
    return found.ids[: found.text_tokens]


@given(st.text(min_size=1))
def test_any_text_comes_back(text):
    ids = own_tokens(text)
    assert raw_bytes(ids).decode() == without_surrogates(text)
    assert TOKENIZER.decode(ids.tolist(), skip_special_tokens=False) == without_surrogates(text)


@given(st.text(min_size=1))
def test_readable_pieces_are_the_text_where_no_character_is_broken(text):
    shown = "".join(Pieces(own_tokens(text), PIECES))
    assert "\ufffd" not in shown
    assert "‹" in shown or shown == text


@given(st.text(alphabet="אבגדשלום مرحبا 👩‍👩‍👧‍👦🏳️‍🌈é\u202e\u0301", min_size=1))
def test_right_to_left_and_emoji(text):
    assert raw_bytes(own_tokens(text)).decode() == text


@given(st.binary(max_size=12))
def test_bytes_that_are_no_character_are_shown_as_hex(raw):
    shown = readable(raw)
    assert "\ufffd" not in shown
    shown.encode()  # no halves of a pair
    try:
        expected = raw.decode().replace("\ufffd", "‹EF BF BD›")
    except UnicodeDecodeError:
        assert "‹" in shown
    else:
        assert shown == expected


def test_fragments():
    assert readable("天".encode()[:2]) == "‹E5 A4›"
    assert readable(b" a\xe5\xa4b") == " a‹E5 A4›b"
    assert readable("天".encode()) == "天"
    assert readable("\ufffd".encode()) == "‹EF BF BD›"


def test_every_piece_is_readable_and_every_byte_has_one():
    assert len(PIECES) == TOKENIZER.get_vocab_size()
    assert all(piece and "\ufffd" not in piece for piece in PIECES)
    assert sorted(ALPHABET.values()) == list(range(256))
    assert all(TOKENIZER.token_to_id(sign) is not None for sign in ALPHABET)


@pytest.mark.parametrize("length", [8, 9, 1000])
def test_exact_length(length):
    text = "It was the best of times"
    whole = own_tokens(text)
    found = tokenise(TextSource(text), length, TOKENIZER)
    assert found.ids.dtype == np.int32
    assert found.ids.tolist() == [int(whole[i % len(whole)]) for i in range(length)]
    assert found.text_tokens == min(length, len(whole))
    assert found.cut == (len(whole) > length)
    assert found.notes == ()


def test_a_text_of_exactly_the_length_is_neither_cut_nor_repeated():
    whole = own_tokens("one two three four five six seven eight")
    found = tokenise(TextSource("one two three four five six seven eight"), len(whole), TOKENIZER)
    assert found.text_tokens == len(whole)
    assert not found.cut


def test_one_token_fills_any_length():
    found = tokenise(TextSource("a"), 100, TOKENIZER)
    assert found.text_tokens == 1
    assert set(found.ids.tolist()) == {TOKENIZER.token_to_id("a")}


def test_chunks_tokenise_as_the_whole():
    for sample in samples():
        text = read_sample(sample.id)[: 5 * CHUNK_CHARACTERS]
        assert own_tokens(text).tolist() == TOKENIZER.encode(text).ids[: 1 << 16]


words = st.text(alphabet="ab 天'1.\n\t ", max_size=60)


@given(words, st.integers(0, 60))
def test_a_seam_between_a_word_and_a_space_crosses_no_piece(text, stop):
    place = seam(text, 0, min(stop, len(text)))
    if place < min(stop, len(text)):
        halves = [TOKENIZER.encode(part).ids for part in (text[:place], text[place:])]
        assert halves[0] + halves[1] == TOKENIZER.encode(text).ids


@given(st.text(alphabet="ab 天\n", max_size=200))
def test_chunks_join_to_the_text(text):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tokens, "CHUNK_CHARACTERS", 16)
        assert "".join(text_chunks(text, [])) == text
        assert "".join(decoded(io.StringIO(text, newline=""), [])) == text


def test_empty_text():
    with pytest.raises(Problem, match="no text") as caught:
        tokenise(TextSource(""), 64, TOKENIZER)
    assert caught.value.code == "empty_text"


def test_lone_surrogates_are_read_as_question_marks_and_said():
    found = tokenise(TextSource("a\ud83db\udc00"), 8, TOKENIZER)
    assert raw_bytes(found.ids[: found.text_tokens]) == b"a?b?"
    assert [note.code for note in found.notes] == ["lone_surrogates"]


def test_a_cancelled_run_stops_tokenising():
    class Stopped(Exception):
        pass

    def stop() -> None:
        raise Stopped

    with pytest.raises(Stopped):
        tokenise(TextSource("some text"), 64, TOKENIZER, stop)


def test_five_megabytes_without_a_space():
    line = "abcdefghijklmnopqrstuvwxyz0123456789" * (5_000_000 // 36)
    found = tokenise(TextSource(line), 1024, TOKENIZER)
    assert found.cut
    assert line.encode().startswith(raw_bytes(found.ids))


def file_of(folder: Path, raw: bytes) -> TextSource:
    path = folder / "text.txt"
    path.write_bytes(raw)
    return TextSource(path=str(path))


def test_a_file_is_read_as_its_text(tmp_path):
    text = ("The cat sat. 床前明月光，\n\n  疑是地上霜。" * 3000)[: 4 * CHUNK_CHARACTERS]
    found = tokenise(file_of(tmp_path, text.encode()), 1 << 16, TOKENIZER)
    assert found.ids.tolist() == tokenise(TextSource(text), 1 << 16, TOKENIZER).ids.tolist()
    assert found.notes == ()


def test_a_byte_order_mark_is_no_text(tmp_path):
    found = tokenise(file_of(tmp_path, b"\xef\xbb\xbfabc"), 8, TOKENIZER)
    assert raw_bytes(found.ids[: found.text_tokens]) == b"abc"


def test_a_file_that_is_not_utf8_is_said_once(tmp_path):
    found = tokenise(file_of(tmp_path, b"caf\xe9 " * 5000), 1 << 15, TOKENIZER)
    assert raw_bytes(found.ids[: found.text_tokens]) == b"caf? " * 5000
    assert [note.code for note in found.notes] == ["not_utf8"]


def refused(source: TextSource) -> Problem:
    with pytest.raises(Problem) as caught:
        tokenise(source, 64, TOKENIZER)
    assert str(caught.value)
    return caught.value


def test_files_that_cannot_be(tmp_path):
    assert refused(file_of(tmp_path, b"")).code == "empty_text"
    assert refused(file_of(tmp_path, b"PNG\0\0")).code == "binary_file"
    assert refused(TextSource(path=str(tmp_path / "missing"))).code == "cannot_read_file"
    assert refused(TextSource(path=str(tmp_path))).code == "cannot_read_file"


def sparse(path: Path, beginning: bytes, size: int) -> TextSource:
    """A file of that size of which only the beginning is on the disk."""
    with path.open("wb") as file:
        file.write(beginning)
        file.truncate(size)
    return TextSource(path=str(path))


def test_the_largest_file(tmp_path):
    assert refused(sparse(tmp_path / "large", b"text ", 50_000_001)).code == "file_too_large"
    tokenise(sparse(tmp_path / "fits", b"text " * 10_000, 50_000_000), 64, TOKENIZER)


def test_only_the_needed_bytes_are_read(tmp_path, monkeypatch):
    source = sparse(tmp_path / "big", b"text " * 100_000, 49_000_000)
    opened: list[io.BufferedReader] = []
    read: list[int] = []
    real = io.open

    class Counting(io.FileIO):
        def readinto(self, buffer):  # type: ignore[no-untyped-def]
            count = super().readinto(buffer)
            read.append(count or 0)
            return count

    def counted(path, mode="r", *rest, **named):  # type: ignore[no-untyped-def]
        opened.append(buffered := io.BufferedReader(Counting(os.fspath(path)), 8192))
        if "b" in mode:
            return buffered
        return io.TextIOWrapper(buffered, named.get("encoding"), named.get("errors"))

    monkeypatch.setattr(io, "open", counted)
    tokenise(source, 64, TOKENIZER)
    monkeypatch.setattr(io, "open", real)
    assert len(opened) == 2
    assert 0 < sum(read) < 100_000


def test_pieces_are_made_when_asked_for(model: HostModel):
    ids = np.array([1, 2, 3, 2], dtype=np.int32)
    pieces = Pieces(ids, PIECES)
    assert len(pieces) == 4
    assert pieces[1] == PIECES[2]
    assert pieces[1:3] == [PIECES[2], PIECES[3]]
    assert list(pieces) == [PIECES[i] for i in ids]
    assert model.info().pieces == PIECES
