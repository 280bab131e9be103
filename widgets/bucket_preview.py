"""The bucket view by itself, with made-up vectors: ``python -m widgets.bucket_preview``."""

from __future__ import annotations

import sys

import numpy as np
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget

from widgets.bucket_layout import BucketStage
from widgets.bucket_view import BucketView
from widgets.preview import preview
from widgets.view_data import BucketsData, Theme

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


def playing_view(theme: Theme) -> QWidget:
    """The view, playing the story round and round."""
    view = BucketView(theme)
    view.set_data(made_up_buckets(int(sys.argv[1]) if sys.argv[1:] and sys.argv[1].isdigit() else 64, locked=40))
    view.resize(900, 720)
    frames = iter(range(10**9))

    def tick() -> None:
        seconds = next(frames) / 60.0
        view.set_time(int(seconds / 2.0) % len(BucketStage), seconds / 2.0 % 1.0)

    timer = QTimer(view)
    timer.timeout.connect(tick)
    timer.start(16)
    return view


if __name__ == "__main__":
    preview(playing_view)
