"""Every picture's data against what it stands for, written out, at a small number of tokens."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app import presenters
from app.run_state import RunState
from app.session import Pane
from engines.messages import Tokenised, WeightsSlice
from engines.trace import Groups, Order, PairValues
from engines.variants import variant_named, variants
from tests.app.runs import WORDS, known_of, model, pane_of, run_of
from tests.engines.test_patterns_hashed import targets, with_last_resort
from widgets.bucket_layout import BucketStage
from widgets.themes import DARK

RUNS = [
    ("full", {}),
    ("longformer", {"window": 6, "dilation": "1 2 3", "global_tokens": "chosen", "chosen_tokens": "0 7"}),
    ("longformer", {"window": 512, "global_tokens": "none"}),
    ("reformer", {"chunk_length": 7, "rounds": 3}),
    ("reformer", {"chunk_length": 64, "rounds": 1, "buckets": 1}),
]


@pytest.fixture(params=[True, False], ids=["causal", "bidirectional"])
def causal(request):
    return request.param


@pytest.fixture(params=RUNS, ids=lambda each: "-".join([each[0], *map(str, each[1].values())]))
def run(request, causal):
    name, settings = request.param
    return run_of(name, 40, causal, **settings)


@pytest.fixture
def hashed(causal):
    return run_of("reformer", 40, causal, chunk_length=7, rounds=3)


# Patterns -----------------------------------------------------------------------------------------------------------


def test_the_pattern_drawn_is_the_pattern_that_ran(run):
    spec, everywhere = run.prepared.spec, np.arange(40)
    pane, known = pane_of(run), known_of(run)
    drawn = presenters.pattern_of(pane, known, model())
    kept = run.pattern(spec.head).kept(everywhere, everywhere)
    data = presenters.pattern_data(pane, drawn, "words", presenters.token_texts(known, model()), DARK)
    edges = np.arange(41)
    assert (data.coverage.coverage(edges, edges) == kept).all()
    assert known.traced.pairs_kept == kept.sum()
    assert known.traced.pairs_computed >= kept.sum()
    assert (data.causal, len(data.tokens), data.query_offset) == (spec.causal, 40, 0)
    coarse = np.array([0, 3, 11, 12, 40])
    expected = np.add.reduceat(np.add.reduceat(kept.astype(float), coarse[:-1], 0), coarse[:-1], 1)
    expected /= np.outer(np.diff(coarse), np.diff(coarse))
    np.testing.assert_allclose(data.coverage.coverage(coarse, coarse), expected, atol=1e-6)


def test_a_pattern_that_depends_on_the_data_waits_for_it(hashed):
    pane = pane_of(hashed)
    assert presenters.pattern_of(pane, RunState(), model()) is None
    other = known_of(run_of("full", 40))
    assert presenters.pattern_of(pane, other, model()) is None


def test_a_pattern_of_no_data_needs_no_engine():
    for name in ("full", "longformer"):
        assert presenters.pattern_of(Pane(name, length=12), RunState(), None).queries == 12


def test_a_pattern_of_no_data_and_its_parts_are_made_once_for_the_same_sizes():
    pane = Pane("longformer", {"longformer": {"window": 4}}, length=12)
    first, again = (presenters.pattern_of(replace(pane, locked=locked), RunState(), None) for locked in (1, 2))
    assert first is again
    assert presenters.pattern_of(replace(pane, length=13), RunState(), None) is not first
    drawn = [presenters.pattern_data(pane, each, "", (), DARK) for each in (first, again)]
    assert drawn[0] == drawn[1]


def test_the_caption_says_the_share(run):
    spec = run.prepared.spec
    allowed = 40 * 41 // 2 if spec.causal else 1600
    pattern = run.pattern(spec.head)
    caption = presenters.pattern_caption(pane_of(run), pattern)
    assert f"{presenters.percent(pattern.count(), allowed)} %" in caption
    assert ("causal" in caption) == spec.causal


@given(st.integers(0, 10**12), st.integers(1, 10**12))
def test_a_share_never_reads_as_nothing_or_as_all(part, whole):
    part = min(part, whole)
    text = presenters.percent(part, whole)
    assert (float(text) == 0) == (part == 0)
    assert "e" not in text or part / whole < 1e-5
    assert abs(float(text) - 100 * part / whole) <= max(0.05, 0.05 * 100 * part / whole)
    assert len(text) <= 8


@pytest.mark.parametrize(
    ("part", "whole", "text"),
    [
        (0, 5, "0.0"),
        (5, 5, "100"),
        (1, 3, "33.3"),
        (1, 30, "3.33"),
        (1, 10_000, "0.01"),
        (0, 0, "0.0"),
        (9999, 10_000, "100"),
    ],
)
def test_shares_as_people_read_them(part, whole, text):
    assert presenters.percent(part, whole) == text


def test_only_changed_parameters_are_named():
    longformer = variants()["longformer"]
    assert (
        presenters.parameters_in_words(longformer, longformer.parameters())
        == f"window {longformer.settings[0].default[0]}"
    )
    changed = longformer.parameters(window="16 48", global_tokens="none")
    assert presenters.parameters_in_words(longformer, changed) == "window 16, 48, global tokens none"


# Weights ------------------------------------------------------------------------------------------------------------


def test_weights_drawn_are_those_of_the_definition(run):
    """Kept pairs only; each query's weights sum to 1."""
    spec, edges = run.prepared.spec, np.arange(41)
    reply = run.cells(WeightsSlice(5, 0, 0, spec.head, edges, edges))
    data = presenters.weights_data(reply, 0.5, True)
    kept = run.pattern(spec.head).kept(np.arange(40), np.arange(40))
    assert (np.isnan(data.values) == ~kept).all()
    np.testing.assert_allclose(np.nansum(data.values, axis=1), 1, atol=1e-5)
    assert (data.largest, data.logarithmic) == (0.5, True)


# Tokens -------------------------------------------------------------------------------------------------------------


def test_tokens_are_the_text(run):
    texts = presenters.token_texts(known_of(run), model())
    assert len(texts) == 40
    assert "\ufffd" not in "".join(texts)
    assert "It" in "".join(texts)
    assert presenters.token_texts(RunState(), model()) == ()
    assert presenters.token_texts(known_of(run), None) == ()


def test_the_strip_shows_whom_the_locked_token_reads(run):
    known, spec = known_of(run), run.prepared.spec
    tokens, pattern = presenters.token_texts(known, model()), run.pattern(spec.head)
    kept = pattern.kept(np.arange(40), np.arange(40))
    for position in (0, 13, 39):
        data = presenters.token_strip_data(pane_of(run, locked=position), known, pattern, tokens)
        assert data.locked == position
        assert list(data.reads) == list(np.flatnonzero(kept[position]))
        assert list(data.read_by) == list(np.flatnonzero(kept[:, position]))
    for nowhere in (-1, 40):
        data = presenters.token_strip_data(pane_of(run, locked=nowhere), known, pattern, tokens)
        assert (data.locked, data.reads, data.read_by) == (None, None, None)


def test_the_strip_is_tinted_by_the_bucket_of_the_chosen_round(hashed):
    known = known_of(hashed)
    labels = next(step.data for step in known.steps if isinstance(step.data, Groups)).labels[0]
    tokens = presenters.token_texts(known, model())
    for chosen, shown in ((0, 0), (2, 2), (9, 2)):
        data = presenters.token_strip_data(pane_of(hashed, hash_round=chosen), known, None, tokens)
        assert (data.categories == labels[shown]).all()
        assert f"round {shown + 1}" in data.caption
    plain = known_of(run_of("full", 40))
    assert presenters.token_strip_data(Pane("full"), plain, None, tokens).categories is None


def test_blocks_that_compute_more_than_is_allowed_say_so():
    assert presenters.percent(273, 136) == "201"
    assert presenters.percent(136, 136) == "100"


def test_the_caption_says_what_is_not_drawn_pair_by_pair(hashed):
    pattern = hashed.pattern(0)
    counted = replace(pattern, pyramid=pattern.build_pyramid(8))
    exact, coarse = (presenters.pattern_data(pane_of(hashed), each, "", (), DARK) for each in (pattern, counted))
    assert exact.caption_while_coarse == ""
    assert "counted in cells" in coarse.caption_while_coarse
    pane = pane_of(hashed)
    assert presenters.weights_words(pane, "weights", 1) == ""
    assert presenters.weights_words(pane, "pattern", 64) == ""
    assert presenters.weights_words(pane, "weights", 64) == " · weights of every 64th query"


def test_the_locked_tokens_weights_tint_the_strip():
    run = run_of("full", 24)
    tokens = presenters.token_texts(known_of(run), model())
    row = np.linspace(0, 0.5, 24, dtype=np.float32)
    data = presenters.token_strip_data(pane_of(run, locked=23), known_of(run), run.pattern(0), tokens, row)
    assert data.categories is None
    np.testing.assert_allclose(data.strengths, row / row.max())
    assert data.caption == "24 tokens · tint = weight, strongest 0.5"
    for locked, weights in ((-1, row), (23, row[:5]), (23, None)):  # nobody locked, an older length, not there yet
        data = presenters.token_strip_data(pane_of(run, locked=locked), known_of(run), run.pattern(0), tokens, weights)
        assert data.strengths is None


# Buckets ------------------------------------------------------------------------------------------------------------


def test_buckets_are_those_recorded_and_give_the_kept_pairs(hashed):
    spec, known = hashed.prepared.spec, known_of(hashed)
    data = presenters.buckets_data(pane_of(hashed), known, presenters.token_texts(known, model()))
    steps = {type(step.data): step.data for step in hashed.steps if not isinstance(step.data, PairValues)}
    assert (data.labels == np.asarray(steps[Groups].labels[spec.head])).all()
    assert (data.order == np.asarray(steps[Order].positions[spec.head])).all()
    assert (data.chunk_length, data.look_back, data.causal) == (7, 1, spec.causal)
    assert data.labels.max() < data.bucket_count
    assert data.labels.min() >= 0
    union = np.zeros((40, 40), bool)
    for labels, order in zip(data.labels, data.order, strict=True):
        assert sorted(order[order >= 0]) == list(range(40))
        union |= targets(labels, order, data.chunk_length, data.causal, data.look_back, False)
    assert (
        with_last_resort(union, {"order": data.order}) == hashed.pattern(spec.head).kept(np.arange(40), np.arange(40))
    ).all()


def test_the_rounds_share_each_output_between_them(hashed):
    known = known_of(hashed)
    data = presenters.buckets_data(pane_of(hashed), known, presenters.token_texts(known, model()))
    assert data.round_share.shape == (3, 40)
    assert (data.round_share >= 0).all()
    labels, order = data.labels, data.order
    alone = [~targets(one, places, 7, data.causal, 1, False).any(1) for one, places in zip(labels, order, strict=True)]
    np.testing.assert_allclose(data.round_share.sum(0), ~np.all(alone, axis=0), atol=1e-5)
    for number in range(3):
        others = [alone[i] for i in range(3) if i != number]
        assert (data.round_share[number][alone[number] & ~np.all(others, axis=0)] < 1e-5).all()


def test_there_are_no_buckets_where_nothing_is_hashed():
    known = known_of(run_of("longformer", 40))
    assert presenters.buckets_data(Pane(), known, ()) is None
    assert presenters.buckets_data(Pane(), RunState(), ()) is None
    assert not presenters.bucket_view_possible(known)
    assert presenters.round_count(known) == 0
    assert presenters.round_share([]) is None


def test_the_story_of_the_buckets_follows_the_steps(hashed):
    known = known_of(hashed)
    assert presenters.bucket_view_possible(known)
    assert presenters.round_count(known) == 3
    assert [step.name for step in known.steps] == list(variants()["reformer"].step_names)
    told = [presenters.bucket_stage(known.steps, index, 0.25) for index in range(len(known.steps))]
    expected = ["TOKENS", "HASH", "SORT", "CHUNK", "ATTEND", "ROUNDS", "ROUNDS"]
    assert told == [(BucketStage[name], 0.25 if index < 6 else 1.0) for index, name in enumerate(expected)]


# Forms and sentences ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", list(variants()))
def test_the_form_has_every_parameter_and_the_seed(name):
    pane = Pane(name, seed=5)
    fields = presenters.form_fields(pane)
    settings = variants()[name].settings
    assert [each.name for each in fields] == [*(each.name for each in settings), "seed"]
    for field, setting in zip(fields, settings, strict=False):
        assert (field.kind, field.value, field.choices) == (setting.kind, setting.default, setting.choices)
        assert field.help
        assert field.label
    assert fields[-1].value == 5


@pytest.mark.parametrize(
    ("own", "length", "cut", "note"),
    [
        (64, 64, True, "longer text, cut"),
        (64, 64, False, "whole text"),
        (16, 24, False, "text repeats 1.5×"),
        (16, 1600, False, "text repeats 100×"),
    ],
)
def test_what_happened_to_the_text(own, length, cut, note):
    tokens = Tokenised(1, np.zeros(length, np.int32), own, cut)
    assert presenters.length_note(RunState(tokens=tokens)) == note
    assert presenters.length_note(RunState()) == ""


def test_the_words_of_the_text_survive():
    known = known_of(run_of("full", 40))
    whole = "".join(presenters.token_texts(known, model()))
    assert whole.startswith(WORDS[:4]) or "‹" in whole


def test_a_parameters_sign_keeps_its_case():
    bigbird = variant_named("bigbird")
    assert presenters.parameters_in_words(bigbird, bigbird.parameters(block=4)) == "block B 4"
