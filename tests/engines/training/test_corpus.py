"""The texts to train on: blocks held out, batches drawn."""

from __future__ import annotations

import numpy as np
import pytest

from engines.training.corpus import (
    BLOCK_BYTES,
    Recipe,
    Source,
    draw,
    language_of,
    read_source,
    split,
    text_files,
    train_tokenizer,
)

ENGLISH = "the cat sat on the mat and the dog sat on the cat. " * 40
CHINESE = "床前明月光，疑是地上霜。舉頭望明月，低頭思故鄉。" * 40


def source(name: str, language: str, size: int, first: int = 0) -> Source:
    return Source(name, language, (np.arange(size) % 100 + first).astype(np.uint16), (), 0, "")


def test_block_50_of_each_100_is_held_out():
    marks = [f"{block:05d}".encode().ljust(BLOCK_BYTES, b".") for block in range(151)]
    train, held_out = split(b"".join(marks))
    assert [text[:5] for text in held_out] == ["00050", "00150"]
    assert [int(text[:5]) for text in train] == [block for block in range(151) if block not in (50, 150)]


def test_a_file_of_fewer_than_51_blocks_holds_nothing_out():
    train, held_out = split(b"a" * (50 * BLOCK_BYTES))
    assert (len(train), held_out) == (50, [])


def test_a_character_cut_by_an_edge_is_dropped():
    raw = b"a" * (BLOCK_BYTES - 1) + "天".encode() + b"b"
    assert split(raw)[0] == ["a" * (BLOCK_BYTES - 1), "b"]


def test_languages():
    assert language_of(ENGLISH) == "english"
    assert language_of(CHINESE) == "chinese"
    assert language_of("") == "english"


def test_licences_and_empty_files_are_no_training_text(tmp_path):
    for name, text in {"b.txt": "b", "a.txt": "a", "LICENSE-a.txt": "x", "README.txt": "x", "empty.txt": ""}.items():
        (tmp_path / name).write_text(text)
    assert [path.name for path in text_files(tmp_path)] == ["a.txt", "b.txt"]


def test_a_folder_without_texts(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"expected \.txt files"):
        text_files(tmp_path)


def test_a_source_and_its_tokenizer(tmp_path):
    path = tmp_path / "tang.txt"
    path.write_text(CHINESE, encoding="utf-8")
    tokenizer = train_tokenizer([path], 280)
    assert tokenizer.get_vocab_size() <= 280
    read = read_source(path, tokenizer)
    assert (read.name, read.language, read.held_out, read.held_out_bytes) == ("tang", "chinese", (), 0)
    assert tokenizer.decode(read.train.tolist()) == CHINESE
    assert tokenizer.decode(tokenizer.encode("never seen: ж\n").ids) == "never seen: ж\n"


def test_a_batch_of_plain_text_is_half_english_half_chinese():
    sources = [source("en", "english", 5000), source("zh", "chinese", 3000, first=200)]
    ids, learnable = draw(sources, Recipe(8, 96, 0.0, 0.0), 300, np.random.default_rng(0))
    assert ids.shape == (8, 97)
    assert learnable.shape == (8, 96)
    assert learnable.all()
    assert (ids[::2] < 100).all()
    assert (ids[1::2] >= 200).all()


def test_repeated_pieces_are_learnable_from_their_second_saying():
    ids, learnable = draw([source("en", "english", 5000)], Recipe(16, 96, 1.0, 0.0), 300, np.random.default_rng(1))
    for row, mask in zip(ids, learnable, strict=True):
        period = int(np.argmax(mask)) + 1
        assert 96 // 8 <= period <= 96 // 2
        assert (row[period:] == row[:-period]).all()
        assert mask[period - 1 :].all()


def test_copied_spans_come_again():
    sources = [Source("en", "english", np.arange(5000).astype(np.uint16), (), 0, "")]
    ids, learnable = draw(sources, Recipe(16, 96, 0.0, 1.0), 5000, np.random.default_rng(2))
    assert learnable.all()
    assert all(len(set(row.tolist())) <= 97 - 8 for row in ids)


def test_the_same_seed_draws_the_same():
    sources = [source("en", "english", 5000)]
    first, second = (draw(sources, Recipe(4, 96, 0.3, 0.3), 300, np.random.default_rng((7, 3))) for _ in range(2))
    assert (first[0] == second[0]).all()
    assert (first[1] == second[1]).all()
