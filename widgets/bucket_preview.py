"""The bucket view by itself, with made-up vectors: ``python -m widgets.bucket_preview``."""

from __future__ import annotations

import sys

import numpy as np
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from widgets.bucket_layout import BucketStage
from widgets.bucket_view import BucketView
from widgets.view_data import BucketsData, Theme

PREVIEW_THEME = Theme(
    name="preview",
    background="#0d1014",
    surface="#151a20",
    raised="#232a33",
    line="#2a313b",
    text="#e8ecf1",
    muted="#96a0ad",
    accent="#cc79a7",
    focus="#56b4e9",
    warning="#e69f00",
    measured="#e8ecf1",
    predicted="#96a0ad",
    masked="#1a1f26",
    categories=("#cc6fa3", "#56b4e9", "#e69f00", "#2bb288", "#4a90d9", "#ee7733", "#f0e442", "#a688d9"),
    sequential=("#0d1014", "#cc79a7", "#ffffff"),
)
TEXT = """It was the best of times , it was the worst of times , it was the age of wisdom ,
it was the age of foolish ness , 北京 的 秋 天 It was the epoch of belief , it was the season of Light ,
it was the season of Dark ness , 春"""
WORDS = TEXT.split()


def made_up_buckets(
    n: int, chunk_length: int = 8, rounds: int = 4, seed: int = 7, locked: int | None = None, bucket_count: int = 0
) -> BucketsData:
    """Random directions, equal ones for equal words, hashed by argmax[xR; −xR] and sorted by (bucket, position)."""
    generator = np.random.default_rng(seed)
    tokens = [WORDS[i % len(WORDS)] for i in range(n)]
    kinds = {word: generator.normal(size=16) for word in sorted(set(WORDS))}
    x = np.array([kinds[token] for token in tokens]).reshape(n, 16) + 0.6 * generator.normal(size=(n, 16))
    count = bucket_count or max(2 * n // chunk_length // 2 * 2, 2)
    labels = np.empty((rounds, n), dtype=np.int32)
    for r in range(rounds):
        rotated = x @ generator.normal(size=(16, count // 2))
        labels[r] = np.argmax(np.concatenate([rotated, -rotated], axis=1), axis=1)
    order = np.argsort(labels, axis=1, kind="stable")
    share = generator.dirichlet(np.ones(rounds) * 2.0, size=n).T
    return BucketsData(tokens, labels, order, count, chunk_length, 1, True, share, locked)


def main() -> None:
    """Opens a window and plays the story round and round."""
    application = QApplication(sys.argv)
    view = BucketView(PREVIEW_THEME)
    view.set_data(made_up_buckets(int(sys.argv[1]) if len(sys.argv) > 1 else 64, locked=40, bucket_count=8))
    view.resize(900, 720)
    view.show()
    frames = iter(range(10**9))

    def tick() -> None:
        seconds = next(frames) / 60.0
        view.set_time(int(seconds / 2.0) % len(BucketStage), seconds / 2.0 % 1.0)

    timer = QTimer(view)
    timer.timeout.connect(tick)
    timer.start(16)
    application.exec()


if __name__ == "__main__":
    main()
