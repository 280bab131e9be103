"""Reformer against its definition written out: every round's pairs, their union, one softmax over it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor
from torch._subclasses.fake_tensor import FakeTensorMode

import engines.bucket_chunks as bucket_chunks
import engines.bucket_places as bucket_places
from engines.hashing import bucket_count, draw_rotations
from engines.problems import Problem
from engines.trace import Cancelled, Step, Trace
from engines.unit_keys import inverse_norms
from engines.variant import Inputs, Mask, Parameters, Shape
from engines.variants.reformer import VARIANT, chunk_in_use, hash_factors
from tests.engines.plain_attention import plain_attention

TOLERANCE = {torch.float64: 1e-9, torch.float32: 2e-5}
DEVICES = ["cpu", *(["cuda"] if torch.cuda.is_available() else [])]


def peak_bytes(work: Callable[[], object]) -> int:
    """The largest number of bytes held at once, by the allocator's own events."""
    with torch.profiler.profile(activities=[torch.profiler.ProfilerActivity.CPU], profile_memory=True) as profile:
        work()
    events = (event for event in profile.profiler.kineto_results.events() if event.name() == "[memory]")
    held = peak = 0
    for event in sorted(events, key=lambda event: event.start_ns()):
        held += event.nbytes()
        peak = max(peak, held)
    return peak


def drawn(length: int, batch: int = 1, heads: int = 2, width: int = 16, seed: int = 0, spread: float = 1.0) -> Inputs:
    """Float64 queries and values; ``spread`` below 1 makes queries alike, so that buckets fill unevenly."""
    generator = torch.Generator().manual_seed(seed)
    q, v, common = (
        torch.randn(batch, heads, size, width, generator=generator, dtype=torch.float64) for size in (length, length, 1)
    )
    return Inputs(2 * (spread * q + (1 - spread) * common), torch.full_like(q, torch.nan), v)


def with_rotations(inputs: Inputs, parameters: Parameters, seed: int = 0) -> Inputs:
    _, heads, length, width = inputs.q.shape
    factors = hash_factors(parameters, length)
    generator = torch.Generator().manual_seed(seed)
    rotations = draw_rotations(heads, parameters.rounds, width, factors, generator, inputs.q)
    return Inputs(inputs.q, inputs.k, inputs.v, extras={"rotations": rotations})


def plain_buckets(vectors: Tensor, rotations: Tensor, factors: tuple[int, ...]) -> list[int]:
    """The bucket of each vector [position, feature] of one head in one round."""
    buckets, column = [0] * len(vectors), 0
    for factor in factors:
        rotated = vectors @ rotations[:, column : column + factor // 2]
        found = torch.cat([rotated, -rotated], -1).argmax(-1).tolist()
        buckets = [bucket * factor + each for bucket, each in zip(buckets, found, strict=True)]
        column += factor // 2
    return buckets


def plain_targets(buckets: list[int], chunk: int, causal: bool, end: int, ring: bool = False) -> Tensor:
    """Which pairs one round keeps, but for "itself": boolean [position, position]. Tokens from ``end`` on: none."""
    length = len(buckets)
    order = sorted(range(end), key=lambda position: (buckets[position], position))
    bucket, position = torch.tensor(buckets), torch.arange(length)
    chunk_of = torch.zeros(length, dtype=torch.int64)
    chunk_of[order] = torch.arange(end) // chunk
    is_token = position < end
    steps_back = chunk_of[:, None] - chunk_of
    near = (steps_back == 0) | (steps_back == 1)
    if ring:
        near |= (chunk_of[:, None] == 0) & (chunk_of == -(-length // chunk) - 1)
    targets = (bucket[:, None] == bucket) & near
    targets &= is_token[:, None] & is_token
    return targets & ((position < position[:, None]) if causal else (position != position[:, None]))


def plain_rounds(inputs: Inputs, parameters: Parameters, mask: Mask) -> Tensor:
    """Which pairs each round keeps, but for "itself": boolean [round, batch, head, query, key]."""
    batch, heads, length, _ = inputs.q.shape
    factors, chunk = hash_factors(parameters, length), chunk_in_use(parameters, length)
    targets = torch.zeros(parameters.rounds, batch, heads, length, length, dtype=torch.bool)
    for item in range(batch):
        end = length if mask.key_lengths is None else mask.key_lengths[item]
        for head in range(heads):
            for turn in range(parameters.rounds):
                rotations = inputs.extras["rotations"][head, turn].double()
                buckets = plain_buckets(inputs.q[item, head].double(), rotations, factors)
                targets[turn, item, head] = plain_targets(buckets, chunk, mask.causal, end, parameters.ring)
    return targets


def definition(inputs: Inputs, parameters: Parameters, mask: Mask) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Output, log-normalisers of the rounds (log N_ij taken off), their total, and the union of kept pairs."""
    q, v = inputs.q.double(), inputs.v.double()
    batch, _, length, width = q.shape
    targets = plain_rounds(inputs, parameters, mask)
    keys = q / q.norm(dim=-1, keepdim=True)
    scores = torch.einsum("bhqd,bhkd->bhqk", q, keys) * (1 if parameters.score_scale == "1" else width**-0.5)
    in_rounds = targets.sum(0)
    kept = in_rounds > 0
    times = in_rounds.clamp(min=1).double().log()
    corrected = scores - times if parameters.correction else scores
    rounds = torch.stack([torch.where(one, corrected, -torch.inf).logsumexp(-1) for one in targets], 2)
    is_token = torch.ones(batch, 1, length, dtype=torch.bool)
    if mask.key_lengths is not None:
        is_token = (torch.arange(length) < torch.tensor(mask.key_lengths)[:, None])[:, None]
    kept = kept | torch.diag_embed(~kept.any(-1) & is_token)
    output, total = plain_attention(q, keys, v, kept, scores if parameters.correction else scores + times)
    return output, rounds, total, kept


def run(inputs: Inputs, parameters: Parameters, mask: Mask, **how: object) -> tuple[Tensor, Trace]:
    trace = Trace()
    output, state = VARIANT.attend(inputs, parameters, mask, record=trace, **how)
    assert state is None
    return output, trace


def cast(inputs: Inputs, dtype: torch.dtype, device: str = "cpu") -> Inputs:
    extras = {name: tensor.to(device, dtype) for name, tensor in inputs.extras.items()}
    return Inputs(*(tensor.to(device, dtype) for tensor in (inputs.q, inputs.k, inputs.v)), extras=extras)


def check(
    inputs: Inputs, mask: Mask, dtype: torch.dtype = torch.float64, device: str = "cpu", **values: object
) -> None:
    parameters = VARIANT.parameters(**values)
    inputs = cast(with_rotations(inputs, parameters), dtype, device)
    output, trace = run(inputs, parameters, mask)
    expected, rounds, total, _ = definition(cast(inputs, dtype), parameters, mask)
    tolerance = TOLERANCE[dtype]
    assert (output.cpu().double() - expected).abs().max() <= tolerance
    torch.testing.assert_close(trace["attend"].normaliser.cpu().double(), rounds[0], rtol=0, atol=tolerance)
    torch.testing.assert_close(trace["combine rounds"].normaliser.cpu().double(), total[0], rtol=0, atol=tolerance)


BOTH = pytest.mark.parametrize("causal", [True, False], ids=["causal", "bidirectional"])


@pytest.mark.parametrize("device", DEVICES)
@pytest.mark.parametrize("dtype", [torch.float64, torch.float32], ids=["float64", "float32"])
@BOTH
@pytest.mark.parametrize("length", [1, 2, 3, 8, 31, 129])
def test_the_definition_at_several_lengths(length, causal, dtype, device):
    if device == "cuda" and dtype == torch.float64:
        dtype = torch.float32  # the fused kernel there has no float64
    check(drawn(length, seed=length), Mask(causal), dtype, device, chunk_length=8)


@BOTH
@pytest.mark.parametrize("rounds", [1, 2, 5])
@pytest.mark.parametrize("buckets", [0, 1, 2, 7, 200])
def test_buckets_and_rounds(buckets, rounds, causal):
    check(drawn(70, heads=1, spread=0.6), Mask(causal), chunk_length=6, buckets=buckets, rounds=rounds)


@BOTH
@pytest.mark.parametrize("chunk_length", [2, 3, 16, 64, 65536])
def test_chunk_lengths(chunk_length, causal):
    check(drawn(67, heads=3, spread=0.4), Mask(causal), chunk_length=chunk_length, buckets=4)


@BOTH
@pytest.mark.parametrize(
    "values",
    [
        {"score_scale": "1"},
        {"hashing": "two factors"},
        {"hashing": "one stage", "buckets": 150},
        {"correction": False},
        {"correction": False, "rounds": 1},
        {"ring": True, "buckets": 1},
        {"ring": True, "buckets": 2, "correction": False, "score_scale": "1"},
    ],
)
@pytest.mark.parametrize("dtype", [torch.float64, torch.float32])
def test_the_official_codes_conventions(values, causal, dtype):
    check(drawn(60, heads=1, spread=0.6), Mask(causal), dtype, chunk_length=4, **values)


@pytest.mark.parametrize("spread", [0.0, 0.02, 0.2])
@pytest.mark.parametrize("length", [1, 4, 7, 8, 9, 13, 40])
@pytest.mark.parametrize("correction", [True, False])
def test_a_ring(length, spread, correction):
    """From queries that all share a bucket, so that it closes, to such that seldom do; one, two and more chunks."""
    values = {"chunk_length": 4, "buckets": 2, "rounds": 3, "ring": True, "correction": correction}
    check(drawn(length, heads=4, spread=spread, seed=length), Mask(), **values)
    check(drawn(length, batch=2, heads=2, spread=spread), Mask(key_lengths=(length, length // 2)), **values)


def test_a_ring_closes_only_where_a_bucket_goes_round():
    inputs = drawn(40, spread=0.0)
    one, other = (VARIANT.parameters(chunk_length=8, buckets=2, rounds=2, ring=ring) for ring in (True, False))
    inputs = with_rotations(inputs, one)
    assert not torch.equal(run(inputs, one, Mask())[0], run(inputs, other, Mask())[0])
    assert torch.equal(run(inputs, one, Mask(True))[0], run(inputs, other, Mask(True))[0])


@BOTH
@pytest.mark.parametrize("dtype", [torch.float64, torch.float32])
def test_padding_in_a_batch(dtype, causal):
    inputs = drawn(45, batch=5, spread=0.6)
    check(inputs, Mask(causal, key_lengths=(31, 45, 16, 1, 0)), dtype, chunk_length=8, buckets=6)


@BOTH
@settings(max_examples=15)
@given(
    length=st.integers(1, 40),
    chunk_length=st.integers(2, 20),
    buckets=st.integers(0, 20),
    rounds=st.integers(1, 4),
    seed=st.integers(0, 10**6),
)
def test_the_definition_anywhere(causal, length, chunk_length, buckets, rounds, seed):
    values = {"chunk_length": chunk_length, "buckets": buckets, "rounds": rounds}
    check(drawn(length, heads=1, width=8, seed=seed, spread=0.5), Mask(causal), **values)


@BOTH
@pytest.mark.parametrize("pairs", [1, 300, 5000])
def test_how_the_work_is_cut_changes_nothing(monkeypatch, causal, pairs):
    """Blocks of parts of a chunk, of some chunks, of several rounds, of several heads."""
    monkeypatch.setattr(bucket_chunks, "PAIRS_AT_ONCE", pairs)
    monkeypatch.setattr(bucket_places, "SORTED_AT_ONCE", pairs)
    check(drawn(50, heads=5, spread=0.5), Mask(causal), chunk_length=8, rounds=3)


@BOTH
@pytest.mark.parametrize("values", [{}, {"rounds": 1}, {"correction": False}, {"ring": True, "buckets": 2}])
def test_the_fused_kernel_gives_the_same(monkeypatch, values, causal):
    """The way of a GPU, here on the CPU."""
    monkeypatch.setattr(bucket_chunks, "_fused_is_better", lambda q: True)
    check(drawn(50, heads=2, spread=0.2), Mask(causal), chunk_length=8, **values)
    check(drawn(50, batch=2, spread=0.2), Mask(causal, key_lengths=(50, 21)), chunk_length=8, **values)


@BOTH
@pytest.mark.parametrize("values", [{}, {"rounds": 1}, {"correction": False}, {"ring": True, "buckets": 2}])
@pytest.mark.parametrize("dtype", [torch.float64, torch.float32])
def test_scores_of_any_size_give_the_definition(monkeypatch, dtype, values, causal):
    """Small ones have their exponentials taken as they are, others a maximum taken off first."""
    small = drawn(50, batch=2, spread=0.2)
    check(small, Mask(causal, key_lengths=(50, 21)), dtype, chunk_length=8, **values)
    monkeypatch.setattr(bucket_chunks, "SMALL", 0.0)
    check(small, Mask(causal, key_lengths=(50, 21)), dtype, chunk_length=8, **values)
    monkeypatch.undo()
    check(Inputs(30 * small.q, small.k, small.v), Mask(causal), torch.float64, chunk_length=8, **values)


@pytest.mark.parametrize(("size", "small"), [(19.99, True), (20.01, False), (float("nan"), False)])
def test_small_scores_are_told_by_the_longest_query(size, small):
    q = torch.zeros(1, 3, 4)
    q[0, 1, 2] = 2 * size
    assert (bucket_chunks._largest_score(inverse_norms(q), 0.5) <= bucket_chunks.SMALL) is small


def test_zero_queries_have_small_scores():
    assert bucket_chunks._largest_score(inverse_norms(torch.zeros(1, 3, 4)), 0.5) == 0


@BOTH
def test_keys_that_need_a_wider_integer(causal):
    check(drawn(50, heads=2, width=4), Mask(causal), chunk_length=2, buckets=40_000, rounds=2, hashing="two factors")


@BOTH
def test_one_bucket_in_one_chunk_is_full_attention_with_shared_queries_and_keys(causal):
    inputs = drawn(48)
    parameters = VARIANT.parameters(chunk_length=48, buckets=1, rounds=3)
    output, trace = run(inputs, parameters, Mask(causal))
    others = torch.ones(48, 48, dtype=torch.bool)
    others = others.tril(-1) if causal else ~torch.eye(48, dtype=torch.bool)
    others[0, 0] |= causal  # the first token has nobody else
    keys = inputs.q / inputs.q.norm(dim=-1, keepdim=True)
    expected, total = plain_attention(inputs.q, keys, inputs.v, others)
    assert (output - expected).abs().max() <= 1e-9
    assert (trace["combine rounds"].normaliser - total[0]).abs().max() <= 1e-9


def test_a_token_alone_in_its_bucket_gives_its_own_value_to_the_last_digit():
    inputs = cast(drawn(16, spread=1.0), torch.float32)
    output, trace = run(inputs, VARIANT.parameters(chunk_length=2, buckets=4096, rounds=2), Mask())
    alone = (trace["attend"].normaliser == -torch.inf).all(1)
    assert alone.any()
    assert torch.equal(output[0][alone], inputs.v[0][alone])


def test_rounds_with_the_same_rotations_are_one_round():
    """N_ij = 4 for every pair: what the correction is for."""
    inputs = drawn(90, spread=0.5)
    one = VARIANT.parameters(chunk_length=8, buckets=8, rounds=1)
    four = VARIANT.parameters(chunk_length=8, buckets=8, rounds=4)
    first = with_rotations(inputs, one)
    again = Inputs(inputs.q, inputs.k, inputs.v, extras={"rotations": first.extras["rotations"].repeat(1, 4, 1, 1)})
    expected, _ = run(first, one, Mask(True))
    output, _ = run(again, four, Mask(True))
    assert (output - expected).abs().max() <= 1e-12


@BOTH
def test_padding_does_not_reach_the_tokens(causal):
    parameters = VARIANT.parameters(chunk_length=8, buckets=8)
    inputs = with_rotations(drawn(60, spread=0.5), parameters)
    short = Inputs(*(tensor[:, :, :41] for tensor in (inputs.q, inputs.k, inputs.v)), extras=inputs.extras)
    output, trace = run(inputs, parameters, Mask(causal, key_lengths=(41,)))
    expected, _ = run(short, parameters, Mask(causal))
    assert (output[:, :, :41] - expected).abs().max() <= 1e-12
    assert (output[:, :, 41:] == 0).all()
    assert (trace["sort"].positions[..., 41:] == -1).all()


def test_what_is_recorded():
    inputs = drawn(45, batch=2, heads=3)
    parameters = VARIANT.parameters(chunk_length=8)
    output, trace = run(inputs, parameters, Mask(True), generator=torch.Generator().manual_seed(3))
    assert tuple(step.name for step in trace.steps) == VARIANT.step_names
    count = bucket_count(hash_factors(parameters, 45))
    assert count == 12  # 2n/m
    assert trace["hash"].count == count
    labels, order = trace["hash"].labels, trace["sort"].positions
    assert labels.shape == (3, 4, 45)
    assert 0 <= labels.min() <= labels.max() < count
    assert order.shape == (3, 4, 48)
    assert (order[..., 45:] == -1).all()
    assert torch.equal(order[..., :45].long().sort(-1).values, torch.arange(45).expand(3, 4, -1))
    assert (labels.gather(-1, order[..., :45].long()).diff() >= 0).all()
    assert (trace["share QK"].values.norm(dim=-1) - 1).abs().max() <= 1e-12
    assert trace["chunk"].length == 8
    assert trace["chunk"].look_back == 1
    assert trace["attend"].normaliser.shape == (3, 4, 45)
    assert trace["combine rounds"].normaliser.shape == (3, 45)
    assert torch.equal(trace["output"].values, output[0])
    silent, _ = VARIANT.attend(inputs, parameters, Mask(True), generator=torch.Generator().manual_seed(3))
    assert torch.equal(silent, output)


@BOTH
@pytest.mark.parametrize("arrays", [False, True], ids=["tensors", "numpy"])
@pytest.mark.parametrize("end", [61, 37, 1, 0])
@pytest.mark.parametrize("values", [{}, {"correction": False}, {"ring": True, "buckets": 1, "correction": False}])
def test_pattern_and_weights_are_those_of_the_run(values, causal, arrays, end):
    parameters = VARIANT.parameters(chunk_length=8, rounds=3, **values)
    inputs = with_rotations(drawn(61, spread=0.5), parameters)
    mask = Mask(causal, key_lengths=None if end == 61 else (end,))
    output, trace = run(inputs, parameters, mask)
    _, _, _, kept = definition(inputs, parameters, mask)
    steps = trace.steps
    if arrays:
        hashes, order = trace["hash"], trace["sort"]
        steps = [
            Step("hash", type(hashes)(hashes.labels.numpy(), hashes.count)),
            Step("sort", type(order)(order.positions.numpy())),
        ]
    every = torch.arange(61)
    for head in range(2):
        shape = Shape(61, 61, heads=2, head_width=16, head=head, causal=causal)
        pattern = VARIANT.pattern(shape, parameters, steps)
        mine = torch.from_numpy(pattern.kept(every.numpy(), every.numpy()))
        assert torch.equal(mine, kept[0, head])
        assert pattern.count() == kept[0, head].sum()
        weights = VARIANT.weights(inputs, parameters, trace.steps, head, every, every)
        weights = torch.where(kept[0, head], weights, 0.0)
        tokens = (torch.arange(61) < end).double()
        assert (weights.sum(-1) - tokens).abs().max() <= 1e-12
        assert (weights @ inputs.v[0, head] - output[0, head]).abs().max() <= 1e-9
        some = torch.tensor([60, 3, 8, 8])
        part = VARIANT.weights(inputs, parameters, trace.steps, head, some, every)
        torch.testing.assert_close(torch.where(kept[0, head][some], part, 0.0), weights[some])
    assert VARIANT.pattern_needs_steps


def test_one_seed_gives_one_result_and_another_seed_another():
    inputs, parameters = drawn(60), VARIANT.parameters(chunk_length=8)
    first, again, other = (
        run(inputs, parameters, Mask(True), generator=torch.Generator().manual_seed(seed))[0] for seed in (1, 1, 2)
    )
    assert torch.equal(first, again)
    assert not torch.equal(first, other)


def test_a_run_that_is_no_longer_wanted_stops():
    with pytest.raises(Cancelled):
        VARIANT.attend(drawn(8), VARIANT.parameters(), Mask(), record=Trace(cancelled=lambda: True))


def test_no_tokens_give_no_output():
    inputs = drawn(0)
    output, _ = run(inputs, VARIANT.parameters(), Mask(True))
    assert output.shape == inputs.q.shape


def test_queries_must_be_the_keys():
    inputs = drawn(8)
    with pytest.raises(Problem, match="3 queries against 8 keys"):
        VARIANT.attend(Inputs(inputs.q[:, :, :3], inputs.k, inputs.v), VARIANT.parameters(), Mask())


@pytest.mark.parametrize(("length", "computed"), [(5, 2 * 5 * 10), (64, 2 * 64 * 128), (65, 2 * 128 * 128)])
def test_computed_pairs(length, computed):
    assert VARIANT.computed_pairs(Shape(length, length), VARIANT.parameters(chunk_length=64, rounds=2)) == computed


def test_cost_is_close_to_linear():
    costs = [VARIANT.cost(Shape(n, n, heads=8), VARIANT.parameters(chunk_length=64)) for n in (65_536, 131_072)]
    assert 2 <= costs[1].flops / costs[0].flops < 2.2
    assert costs[1].resident_bytes == 2 * costs[0].resident_bytes


def allocated_bytes(length: int) -> int:
    """The largest number of bytes held at once during ``attend``, by the allocator's own events."""
    inputs = cast(drawn(length, heads=2, width=64), torch.float32)
    parameters = VARIANT.parameters(chunk_length=64, buckets=length // 64)
    return peak_bytes(lambda: VARIANT.attend(inputs, parameters, Mask(True)))


def test_memory_grows_linearly():
    small, large = allocated_bytes(8192), allocated_bytes(16384)
    assert small < 64 * 2**20
    assert large <= 2.05 * small


def test_a_million_tokens_without_a_byte():
    length = 1 << 20
    q = torch.empty(1, 1, length, 64, device="meta")
    output, trace = run(Inputs(q, q, q), VARIANT.parameters(chunk_length=64, rounds=2), Mask(True))
    assert output.shape == q.shape
    assert trace["sort"].positions.shape == (1, 2, length)


def test_fake_tensors():
    with FakeTensorMode():
        q = torch.empty(1, 2, 5000, 64)
        output, _ = VARIANT.attend(Inputs(q, q, q), VARIANT.parameters(), Mask(True, key_lengths=(4000,)))
    assert output.shape == (1, 2, 5000, 64)
