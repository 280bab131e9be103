"""Places, chunks and reading of hashed tokens, against formulas that look at every pair."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from widgets.bucket_columns import bundles, category_counts, columns_for, stacked_strip
from widgets.bucket_layout import (
    BucketStage,
    amount,
    bucket_sizes,
    flight_progress,
    round_layout,
    runs,
    tokens_read_over_rounds,
)
from widgets.view_data import BucketsData


@st.composite
def buckets(draw):
    """A few rounds of random labels, sorted, with padding places at the end now and then."""
    n, rounds = draw(st.integers(1, 40)), draw(st.integers(1, 3))
    count, chunk = draw(st.integers(1, 6)), draw(st.integers(1, 9))
    labels = np.array(
        draw(st.lists(st.lists(st.integers(0, count - 1), min_size=n, max_size=n), min_size=rounds, max_size=rounds))
    )
    order = np.argsort(labels, axis=1, kind="stable")
    padding = draw(st.integers(0, 5))
    order = np.concatenate([order, np.full((rounds, padding), -1)], axis=1)
    return BucketsData(
        [f"t{i}" for i in range(n)], labels, order, count, chunk, draw(st.integers(0, 2)), draw(st.booleans())
    )


def reads_by_definition(data, round_index, i):
    place = {int(p): s for s, p in enumerate(data.order[round_index]) if p >= 0}
    m = data.chunk_length
    kept = [
        j
        for j in range(data.labels.shape[1])
        if j != i
        and data.labels[round_index, j] == data.labels[round_index, i]
        and place[i] // m - data.look_back <= place[j] // m <= place[i] // m
        and (j < i or not data.causal)
    ]
    return kept or [i]


@given(buckets())
def test_reads_what_the_definition_reads(data):
    for r in range(data.labels.shape[0]):
        layout = round_layout(data, r)
        for i in range(data.labels.shape[1]):
            assert layout.reads(i).tolist() == reads_by_definition(data, r, i)


@given(buckets())
def test_places_invert_the_order_and_sort_by_bucket_then_position(data):
    layout = round_layout(data, 0)
    tokens = range(data.labels.shape[1])
    by_hand = sorted(tokens, key=lambda i: (data.labels[0, i], i))
    assert [by_hand.index(i) for i in tokens] == layout.places.tolist()
    assert layout.sorted_labels[layout.places].tolist() == data.labels[0].tolist()
    assert all(layout.chunk_of(i) == layout.places[i] // data.chunk_length for i in tokens)


@given(buckets())
def test_rounds_together_read_the_union(data):
    layouts = [round_layout(data, r) for r in range(data.labels.shape[0])]
    for i in range(data.labels.shape[1]):
        union = {j for r in range(len(layouts)) for j in reads_by_definition(data, r, i)} - {i}
        assert tokens_read_over_rounds(layouts, i) == len(union)


@given(buckets())
def test_runs_and_sizes_count_every_token_once(data):
    layout = round_layout(data, 0)
    sizes = bucket_sizes(layout.labels, data.bucket_count)
    assert sizes.sum() == data.labels.shape[1]
    assert [(b, stop - start) for b, start, stop in runs(layout.sorted_labels)] == [
        (b, size) for b, size in enumerate(sizes.tolist()) if size
    ]


@pytest.mark.parametrize("order", [[0, 0, 1], [0, 1, -1], [0, 1, 5]])
def test_an_order_that_misses_a_token_is_refused(order):
    data = BucketsData(["a", "b", "c"], np.zeros((1, 3), int), np.array([order]), 1, 2, 1, True)
    with pytest.raises(ValueError, match="3 tokens"):
        round_layout(data, 0)


def test_chapters_keep_what_came_before():
    assert amount(BucketStage.SORT, BucketStage.HASH, 0.9) == 0.0
    assert amount(BucketStage.SORT, BucketStage.SORT, 0.3) == 0.3
    assert amount(BucketStage.SORT, BucketStage.CHUNK, 0.0) == 1.0


@given(st.floats(0, 1))
def test_a_flight_follows_its_cubic_curve(t):
    across, down = flight_progress(t)
    controls = [(0.0, 0.0), (0.0, 0.5), (1.0, 0.5), (1.0, 1.0)]
    weights = [(1 - t) ** 3, 3 * (1 - t) ** 2 * t, 3 * (1 - t) * t**2, t**3]
    assert across == pytest.approx(sum(w * x for w, (x, _) in zip(weights, controls, strict=True)), abs=1e-12)
    assert down == pytest.approx(sum(w * y for w, (_, y) in zip(weights, controls, strict=True)), abs=1e-12)


@given(st.integers(1, 5000), st.integers(1, 900))
def test_columns_are_equal_and_fit(slots, pixels):
    columns = columns_for(slots, pixels)
    assert columns.count <= pixels
    assert (columns.count - 1) * columns.tokens_each < slots <= columns.count * columns.tokens_each


@given(st.lists(st.integers(0, 3), min_size=1, max_size=300), st.integers(1, 40))
def test_columns_count_each_token_once(categories, pixels):
    columns = columns_for(len(categories), pixels)
    counts = category_counts(np.arange(len(categories)), np.array(categories), columns, 4)
    for c in range(columns.count):
        inside = categories[c * columns.tokens_each : (c + 1) * columns.tokens_each]
        assert counts[c].tolist() == [inside.count(k) for k in range(4)]


def test_a_strip_shows_the_exact_mix():
    palette = np.array([0xFF0000FF, 0xFF00FF00, 0xFFFF0000], dtype=np.uint32)
    strip = stacked_strip(np.array([[1, 3, 0], [0, 0, 4], [2, 1, 1]]), 8, palette)
    shares = [[int((strip[:, c] == colour).sum()) for colour in palette] for c in range(3)]
    assert shares == [[2, 6, 0], [0, 0, 8], [4, 2, 2]]


def test_a_strip_in_flight_is_as_opaque_as_it_is_full():
    palette = np.array([0xFFFFFFFF], dtype=np.uint32)
    strip = stacked_strip(np.array([[0], [2], [4], [8]]), 2, palette, full=4)
    assert (strip[0] >> 24).tolist() == [0, 127, 255, 255]
    assert strip[0, 1] == 0x7F7F7F7F  # premultiplied


@given(st.permutations(range(60)))
def test_bundles_hold_every_flight_once(places):
    palette = np.array([0xFF102030, 0xFF405060], dtype=np.uint32)
    categories = np.arange(60) % 2
    grouped = bundles(np.array(places), categories, 60, (4, 6), palette)
    assert grouped.counts.sum() == 60
    for index in range(len(grouped.counts)):
        members = [
            i
            for i, p in enumerate(places)
            if (i * 4 // 60 + 0.5) / 4 == grouped.sources[index] and (p * 6 // 60 + 0.5) / 6 == grouped.targets[index]
        ]
        assert len(members) == grouped.counts[index]
        reds = [0x10 if categories[i] == 0 else 0x40 for i in members]
        assert grouped.colours[index, 0] == pytest.approx(np.mean(reds))
