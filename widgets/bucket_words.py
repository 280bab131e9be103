"""What the bucket view says in words: labels, the caption of each chapter, and what is under the pointer."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QCoreApplication

from widgets.bucket_columns import columns_for
from widgets.bucket_layout import BucketStage, RoundLayout, bucket_sizes, tokens_read_over_rounds
from widgets.piece_text import readable
from widgets.view_data import BucketsData


def say(text: str) -> str:
    """Translated, in the bucket view's context."""
    return QCoreApplication.translate("BucketView", text)


def row_titles(data: BucketsData) -> tuple[str, str, str, str]:
    """What stands above the four rows."""
    before = {0: say("own"), 1: say("own + previous")}.get(
        data.look_back, say("own + {0} before").format(data.look_back)
    )
    return (
        say("1  tokens in order"),
        say("2  hash, one bucket per token"),
        say("3  sort by bucket"),
        say("{0}, attend {1}").format(_chunks(data), before),
    )


def shorter_titles(data: BucketsData, stage: BucketStage) -> tuple[str, ...]:
    """What stands above a row where its title does not fit."""
    if stage != BucketStage.CHUNK:
        return ()
    return _chunks(data), say("4  chunk")


def _chunks(data: BucketsData) -> str:
    """How many, and how long."""
    length = max(data.chunk_length, 1)
    count = -(-data.order.shape[1] // length)
    words = say("4  chunk: 1 chunk of {1} tokens") if count == 1 else say("4  chunk: {0} chunks of {1} tokens")
    return words.format(f"{count:,}", f"{length:,}")


def quoted(data: BucketsData, position: int) -> str:
    """The token in quotation marks."""
    return f"“{readable(data.tokens[position])}”"


def _tokens(count: int) -> str:
    return say("1 token") if count == 1 else say("{0} tokens").format(f"{count:,}")


def reading_sentence(data: BucketsData, layout: RoundLayout, position: int) -> str:
    """Who the locked token reads in this round."""
    name = quoted(data, position)
    reads = layout.reads(position)
    if len(reads) == 1 and reads[0] == position:
        return say("{0} finds no other token of its bucket within reach, so it reads itself.").format(name)
    where = {0: say("in its chunk"), 1: say("in its chunk and the one before")}.get(
        data.look_back, say("in its chunk and the {0} before").format(data.look_back)
    )
    sentence = say("{0} reads {1} of its own bucket {2}").format(name, _tokens(len(reads)), where)
    return sentence + (say(", never the future.") if data.causal else ".")


def rounds_sentence(data: BucketsData, layouts: list[RoundLayout], position: int) -> str:
    """Who the locked token reads over all rounds, and which round counts most."""
    if len(layouts) == 1:
        return say("One round only: a neighbour that fell into another bucket is missed.")
    count = tokens_read_over_rounds(layouts, position)
    if count == 0:
        return say("{0} finds no other token of its bucket within reach in any round, so it reads itself.").format(
            quoted(data, position)
        )
    sentence = say("{0} reads {1} over {2} rounds").format(quoted(data, position), _tokens(count), len(layouts))
    if data.round_share is None:
        return sentence + "."
    share = data.round_share[:, position]
    best = int(np.argmax(share))
    return sentence + say("; round {0} weighs most, {1} %.").format(best + 1, round(float(share[best]) * 100))


def caption(
    data: BucketsData, layouts: list[RoundLayout], shown_round: int, stage: BucketStage, locked: int | None
) -> str:
    """One sentence for the chapter."""
    n, layout = len(layouts[shown_round].labels), layouts[shown_round]
    if stage == BucketStage.TOKENS:
        return say("{0}, in the order of the text.").format(_tokens(n))
    if stage == BucketStage.HASH:
        used = int((bucket_sizes(layout.labels, data.bucket_count) > 0).sum())
        return say("Vectors that point the same way fall into one bucket: {0} of {1} buckets are used.").format(
            f"{used:,}", f"{data.bucket_count:,}"
        )
    if stage == BucketStage.SORT:
        return say("Tokens of one bucket come to lie side by side, still in the order of the text.")
    if stage == BucketStage.CHUNK:
        sizes = bucket_sizes(layout.labels, data.bucket_count)
        return say("Buckets hold {0} to {1} tokens; chunks of {2} make the work even.").format(
            f"{sizes.min():,}", f"{sizes.max():,}", f"{layout.chunk_length:,}"
        )
    if locked is None:
        return say("Click a token to see what it reads.")
    if stage == BucketStage.ATTEND:
        return reading_sentence(data, layout, locked)
    return rounds_sentence(data, layouts, locked)


def column_note(slots: int, width: float) -> str:
    """How many tokens a column stands for; empty where each has a cell."""
    each = columns_for(slots, int(width)).tokens_each
    return say("each column is {0}").format(_tokens(each)) if each > 1 else ""


def token_note(data: BucketsData, layout: RoundLayout, position: int) -> str:
    """What is under the pointer; all numbers count from 0."""
    return say("{0} · position {1} · bucket {2} · place {3} · chunk {4}").format(
        quoted(data, position),
        f"{position:,}",
        f"{int(layout.labels[position]):,}",
        f"{int(layout.places[position]):,}",
        f"{layout.chunk_of(position):,}",
    )
