"""Texts to train on: reading a folder, holding blocks out, drawing sequences.

Held out: block 50 of every 100 blocks of 64 KB in each file; a file with fewer than 51 blocks has none.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers

BLOCK_BYTES = 64 * 1024
HELD_OUT_EVERY, HELD_OUT_AT = 100, 50


@dataclass(frozen=True)
class Source:
    """One file of the corpus, in pieces. ``held_out`` keeps blocks apart so that no window straddles two."""

    name: str
    language: str  # "english" or "chinese"
    train: np.ndarray  # [pieces] uint16
    held_out: tuple[np.ndarray, ...]
    held_out_bytes: int
    sha256: str


def split(raw: bytes) -> tuple[list[str], list[str]]:
    """A file's bytes -> (training blocks, held-out blocks) as text; characters cut by a block's edge are dropped."""
    train: list[str] = []
    held_out: list[str] = []
    for start in range(0, len(raw), BLOCK_BYTES):
        text = raw[start : start + BLOCK_BYTES].decode("utf-8", errors="ignore")
        (held_out if start // BLOCK_BYTES % HELD_OUT_EVERY == HELD_OUT_AT else train).append(text)
    return train, held_out


def language_of(text: str) -> str:
    """Chinese where ideographs are more than a third of the characters, else English."""
    sample = text[:20_000]
    ideographs = sum("一" <= character <= "鿿" for character in sample)
    return "chinese" if 3 * ideographs > len(sample) else "english"


def text_files(folder: Path) -> list[Path]:
    """The ``.txt`` files of a folder that hold anything, by name; licences are not training text."""
    texts = (path for path in folder.glob("*.txt") if not path.name.upper().startswith(("LICENSE", "README")))
    files = sorted(path for path in texts if path.stat().st_size)
    if not files:
        raise FileNotFoundError(f"expected .txt files to train on in {folder}, found none; name another folder")
    return files


def train_tokenizer(files: Sequence[Path], vocabulary: int) -> Tokenizer:
    """A byte-level BPE of ``vocabulary`` pieces: every byte has a piece, so no text is ever unknown."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=vocabulary, initial_alphabet=pre_tokenizers.ByteLevel.alphabet(), show_progress=False
    )
    blocks = (block for path in files for block in split(path.read_bytes())[0])
    tokenizer.train_from_iterator(blocks, trainer)
    return tokenizer


def encoded(tokenizer: Tokenizer, blocks: list[str]) -> list[np.ndarray]:
    """Blocks of text as pieces, uint16."""
    return [np.array(encoding.ids, dtype=np.uint16) for encoding in tokenizer.encode_batch(blocks)]


def read_source(path: Path, tokenizer: Tokenizer) -> Source:
    """Tokenise one file, its held-out blocks apart."""
    raw = path.read_bytes()
    train, held_out = split(raw)
    return Source(
        name=path.stem,
        language=language_of(train[0]),
        train=np.concatenate(encoded(tokenizer, train)),
        held_out=tuple(encoded(tokenizer, held_out)),
        held_out_bytes=sum(len(block.encode()) for block in held_out),
        sha256=hashlib.sha256(raw).hexdigest(),
    )


@dataclass(frozen=True)
class Recipe:
    """How a training batch is drawn: its size, and the share of sequences that teach copying."""

    sequences: int
    length: int
    repeated: float  # share made of random pieces said twice or more
    copied: float  # share of real text in which a span comes again


def draw(
    sources: Sequence[Source], recipe: Recipe, vocabulary: int, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """One batch: ids [sequences, length + 1] and a mask [sequences, length] of the targets that can be learnt.

    Half the sequences are English, half Chinese; within a language a file is drawn by the square root of its size.
    """
    ids = np.empty((recipe.sequences, recipe.length + 1), dtype=np.int64)
    learnable = np.ones((recipe.sequences, recipe.length), dtype=bool)
    for row in range(recipe.sequences):
        kind = rng.random()
        if kind < recipe.repeated:
            period = int(rng.integers(recipe.length // 8, recipe.length // 2 + 1))
            pieces = rng.integers(0, vocabulary, period)
            ids[row] = np.resize(pieces, recipe.length + 1)
            learnable[row, : period - 1] = False  # random pieces cannot be foretold; only their copies can
            continue
        language = ("english", "chinese")[row % 2]
        candidates = [source for source in sources if source.language == language] or list(sources)
        weights = np.sqrt([len(source.train) for source in candidates])
        source = candidates[rng.choice(len(candidates), p=weights / weights.sum())]
        start = int(rng.integers(0, len(source.train) - recipe.length))
        ids[row] = source.train[start : start + recipe.length + 1]
        if kind < recipe.repeated + recipe.copied:
            span = int(rng.integers(8, recipe.length // 3))
            begin = int(rng.integers(0, recipe.length - 2 * span))
            again = int(rng.integers(begin + span, recipe.length + 1 - span))
            ids[row, again : again + span] = ids[row, begin : begin + span]
    return ids, learnable
