"""What hashing does to the tokens of one head, as numbers: places, chunks, who reads whom, sizes. Pure numpy."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

import numpy as np

from widgets.view_data import BucketsData


class BucketStage(IntEnum):
    """The chapters of the story, in order. A later one keeps what the earlier ones brought."""

    TOKENS = 0
    HASH = 1
    SORT = 2
    CHUNK = 3
    ATTEND = 4
    ROUNDS = 5


def amount(at: BucketStage, stage: BucketStage, fraction: float) -> float:
    """How far the chapter ``at`` has come, 0…1, when the playhead is at ``fraction`` of ``stage``."""
    if stage != at:
        return 1.0 if stage > at else 0.0
    return min(max(fraction, 0.0), 1.0)


@dataclass(frozen=True)
class RoundLayout:
    """One round of hashing.

    ``labels`` [position] bucket of each token, −1 for none; ``order`` [place] position of the token at each place,
    −1 for padding; ``places`` [position] its inverse; ``sorted_labels`` [place].
    """

    labels: np.ndarray
    order: np.ndarray
    places: np.ndarray
    sorted_labels: np.ndarray
    chunk_length: int
    look_back: int
    causal: bool

    @property
    def slots(self) -> int:
        """Places to draw, padding included; at least the number of tokens."""
        return max(len(self.order), len(self.labels))

    @property
    def chunk_count(self) -> int:
        """Chunks, the last of which may be shorter."""
        return -(-len(self.order) // self.chunk_length)

    def chunk_of(self, position: int) -> int:
        """The chunk that the token lies in."""
        return int(self.places[position]) // self.chunk_length

    def reach_of(self, position: int) -> tuple[int, int]:
        """Places [start, stop) of the token's own chunk and the ``look_back`` chunks before it."""
        chunk = self.chunk_of(position)
        start = max(chunk - self.look_back, 0) * self.chunk_length
        return start, min((chunk + 1) * self.chunk_length, len(self.order))

    def reads(self, position: int) -> np.ndarray:
        """Positions that the token reads, ascending: its bucket, its reach, the past only where causal.

        Itself only where it has no other (Kitaev et al., 2020, section 2).
        """
        start, stop = self.reach_of(position)
        near = self.order[start:stop]
        near = near[(near >= 0) & (near != position)]
        near = near[self.labels[near] == self.labels[position]]
        if self.causal:
            near = near[near < position]
        return np.sort(near) if len(near) else np.array([position], dtype=self.order.dtype)


def round_layout(data: BucketsData, index: int) -> RoundLayout:
    """The round's places. Raises ValueError where the order is not a permutation of the positions (and padding)."""
    labels = np.asarray(data.labels[index])
    order = np.asarray(data.order[index])
    filled = np.flatnonzero((order >= 0) & (order < len(labels)))
    places = np.full(len(labels), -1, dtype=np.int64)
    places[order[filled]] = filled
    if len(filled) != len(labels) or (places < 0).any():
        raise ValueError(f"expected an order of {len(labels)} tokens, got {len(filled)} places with a token")
    # A place beyond the tokens is padding, however it is marked.
    order = np.where((order >= 0) & (order < len(labels)), order, -1)
    sorted_labels = np.where(order >= 0, labels[np.maximum(order, 0)], -1)
    return RoundLayout(
        labels, order, places, sorted_labels, max(int(data.chunk_length), 1), data.look_back, data.causal
    )


def bucket_sizes(labels: np.ndarray, bucket_count: int) -> np.ndarray:
    """Tokens in each bucket: int64 [bucket]."""
    return np.bincount(labels[labels >= 0], minlength=bucket_count)


def runs(sorted_labels: np.ndarray) -> list[tuple[int, int, int]]:
    """(bucket, start place, stop place) of each stretch of equal labels; padding is left out."""
    if not len(sorted_labels):
        return []
    cuts = np.flatnonzero(np.diff(sorted_labels)) + 1
    starts = np.concatenate(([0], cuts))
    stops = np.concatenate((cuts, [len(sorted_labels)]))
    return [
        (int(sorted_labels[start]), int(start), int(stop))
        for start, stop in zip(starts, stops, strict=True)
        if sorted_labels[start] >= 0
    ]


def flight_progress(time: float) -> tuple[float, float]:
    """Shares (across, down) of a flight at ``time`` 0…1 along the cubic curve with controls at half the height.

    Both depend on the time alone, never on the token: all tokens in flight are at one height.
    """
    t = min(max(time, 0.0), 1.0)
    across = t * t * (3.0 - 2.0 * t)
    down = 1.5 * t * (1.0 - t) + t * t * t  # 3·½·(1−t)²t + 3·½·(1−t)t² + t³
    return across, down


def tokens_read_over_rounds(rounds: list[RoundLayout], position: int) -> int:
    """How many different tokens other than itself the token reads over all rounds."""
    return len(np.setdiff1d(np.concatenate([layout.reads(position) for layout in rounds]), [position]))
