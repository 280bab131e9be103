"""What must hold for every variant there is, whatever it does."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import nullcontext

import pytest
import torch
from torch import Tensor
from torch._subclasses.fake_tensor import FakeTensorMode

from engines.trace import SILENT, Cancelled, Matrix, Pairs, PairValues, Recorder, Trace
from engines.variant import Inputs, Mask, Parameters, Shape, Variant
from engines.variants import variants
from tests.engines.plain_attention import plain_attention

DEVICES = ["cpu", *(["cuda"] if torch.cuda.is_available() else [])]
TOLERANCE = {"cpu": 1e-9, "cuda": 2e-5}
MOST_BLOCKS = ("linear-transformer",)  # at a million tokens, by their defaults: see that test

every_variant = pytest.mark.parametrize("variant", variants().values(), ids=lambda variant: variant.name)
every_mask = pytest.mark.parametrize("causal", [True, False], ids=["causal", "bidirectional"])
every_device = pytest.mark.parametrize("device", DEVICES)


@pytest.fixture(autouse=True, scope="module")
def one_thread() -> Iterator[None]:
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


def drawn(
    length: int, heads: int = 2, width: int = 16, device: str = "cpu", dtype: torch.dtype | None = None
) -> Inputs:
    generator = torch.Generator().manual_seed(length)
    dtype = dtype or (torch.float64 if device == "cpu" else torch.float32)
    return Inputs(*torch.randn(3, 1, heads, length, width, generator=generator, dtype=torch.float64).to(device, dtype))


def attend(variant: Variant, inputs: Inputs, causal: bool, record: Recorder = SILENT) -> Tensor:
    generator = torch.Generator(inputs.q.device).manual_seed(3)
    output, _ = variant.attend(inputs, variant.parameters(), Mask(causal), generator=generator, record=record)
    return output


def supports(variant: Variant, causal: bool) -> bool:
    return Mask(causal).name in variant.masks


def normalised(trace: Trace) -> bool:
    """Whether the weights are a softmax, whose normaliser was recorded."""
    return any(isinstance(step.data, PairValues) for step in trace.steps)


@every_variant
@pytest.mark.parametrize("length", [1, 8, 65_536])
def test_what_is_left_to_it_has_a_word_and_comes_to_a_number(variant: Variant, length: int) -> None:
    left = [setting for setting in variant.settings if setting.zero]
    assert {setting.name for setting in left} == set(variant.automatic(variant.parameters(), length))
    for setting in left:
        parameters = variant.parameters(**{setting.name: setting.zero})
        assert parameters[setting.name] == 0
        assert setting.in_words(0) == setting.zero
        assert setting.zero in setting.expected
        given = variant.parameters(**{setting.name: variant.automatic(parameters, length)[setting.name]})
        shape = Shape(length, length)
        assert variant.cost(shape, given) == variant.cost(shape, parameters)


@every_variant
def test_it_says_who_it_is(variant):
    assert variants()[variant.name] is variant
    assert variant.label
    assert variant.summary
    assert variant.complexity.startswith("O(")
    assert set(variant.masks) <= {"causal", "bidirectional"}
    parameters = variant.parameters()
    assert isinstance(parameters, Parameters)
    for setting in variant.settings:
        assert setting.check(setting.default) == parameters[setting.name]
        assert setting.label
        assert setting.help
    assert len({other.order for other in variants().values()}) == len(variants())


@every_variant
@every_mask
@every_device
@pytest.mark.parametrize("length", [1, 2, 3, 8, 65, 257, 1001])
def test_shape_steps_and_determinism(variant, causal, device, length):
    if not supports(variant, causal):
        return
    inputs, trace = drawn(length, device=device), Trace()
    silent = attend(variant, inputs, causal)
    traced = attend(variant, inputs, causal, trace)
    assert silent.shape == inputs.q.shape
    assert silent.dtype == inputs.q.dtype
    assert silent.isfinite().all()
    assert torch.equal(silent, traced)
    assert tuple(step.name for step in trace.steps) == variant.step_names
    told = {type(step.data) for step in trace.steps}
    assert {kind for kind in told if not issubclass(kind, Matrix | Pairs | PairValues)} == set(variant.records)
    last = trace.steps[-1].data
    assert isinstance(last, Matrix)
    assert torch.equal(last.values, silent[0])


@every_variant
@every_mask
@every_device
@pytest.mark.parametrize("length", [1, 8, 83, 301])
def test_output_pattern_and_weights_agree(variant, causal, device, length):
    if not supports(variant, causal):
        return
    inputs, parameters, trace = drawn(length, heads=3, device=device), variant.parameters(), Trace()
    output = attend(variant, inputs, causal, trace)
    if not normalised(trace):
        return
    every = torch.arange(length, device=device)
    for head in range(3):
        shape = Shape(length, length, heads=3, head_width=16, head=head, causal=causal)
        pattern = variant.pattern(shape, parameters, trace.steps)
        kept = torch.from_numpy(pattern.kept(every.cpu().numpy(), every.cpu().numpy()))
        assert pattern.count() == kept.sum()
        assert not causal or not kept.triu(1).any()
        scores = variant.scores(inputs, parameters, head, every, every).cpu()
        one = (x[:, head, None].cpu() for x in (inputs.q, inputs.k, inputs.v))
        expected, _ = plain_attention(*one, kept, scores[None, None])
        torch.testing.assert_close(output[0, head].cpu().double(), expected[0, 0], rtol=0, atol=TOLERANCE[device])
        weights = variant.weights(inputs, parameters, trace.steps, head, every, every).cpu() * kept
        ones = torch.ones(length, dtype=weights.dtype)
        torch.testing.assert_close(weights.sum(-1), ones, rtol=0, atol=TOLERANCE[device])
        if not variant.pattern_needs_steps:
            assert variant.computed_pairs(shape, parameters) >= kept.sum()


@every_variant
@every_mask
def test_causal_outputs_do_not_depend_on_later_tokens(variant, causal):
    if not causal or not supports(variant, causal) or variant.pattern_needs_steps:
        return
    inputs = drawn(200)
    before = attend(variant, inputs, causal)
    for tensor in (inputs.q, inputs.k, inputs.v):
        tensor[:, :, 120:] += 1
    torch.testing.assert_close(attend(variant, inputs, causal)[:, :, :120], before[:, :, :120], rtol=0, atol=1e-12)


def peak_bytes(variant: Variant, length: int, causal: bool) -> int:
    """The highest sum of live allocations during one run, inputs not counted."""
    inputs = drawn(length, heads=1, width=8, dtype=torch.float32)
    with torch.profiler.profile(activities=[torch.profiler.ProfilerActivity.CPU], profile_memory=True) as profile:
        attend(variant, inputs, causal)
    live = peak = 0
    for event in profile.profiler.kineto_results.events():
        if event.name() == "[memory]":
            live += event.nbytes()
            peak = max(peak, live)
    return peak


@every_variant
@every_mask
def test_memory_grows_linearly(variant, causal):
    if not supports(variant, causal):
        return
    short, long = peak_bytes(variant, 8192, causal), peak_bytes(variant, 16384, causal)
    assert short < long <= 2.2 * short
    assert long < 16384 * 16384


@every_variant
def test_a_million_tokens_without_data(variant):
    """Fake tensors, which take the very path of a CPU run. Each operation costs them about 0.1 ms, whatever its size.

    With the most blocks that is 16 s; there the meta device, three times as fast, stands in: the same shapes and
    sizes, but not the branches that ask for a device, which fake tensors cover at 4,096.
    """
    causal = "causal" in variant.masks
    fake = variant.name not in MOST_BLOCKS
    with FakeTensorMode() if fake else nullcontext():
        q, k, v = (torch.empty(1, 1, 1 << 20, 64, device="cpu" if fake else "meta") for _ in range(3))
        output, _ = variant.attend(Inputs(q, k, v), variant.parameters(), Mask(causal), generator=torch.Generator())
        assert output.shape == q.shape


@every_variant
@every_mask
def test_fake_tensors(variant, causal):
    if not supports(variant, causal):
        return
    with FakeTensorMode():
        q, k, v = (torch.empty(1, 1, 4096, 64) for _ in range(3))
        output, _ = variant.attend(Inputs(q, k, v), variant.parameters(), Mask(causal), generator=torch.Generator())
        assert output.shape == q.shape


@every_variant
@every_mask
@pytest.mark.parametrize("questions", [0, 2])
def test_a_run_can_be_cancelled(variant, causal, questions):
    """At the first question at the latest; and, where there are more, at a later one."""
    if not supports(variant, causal):
        return
    asked: list[int] = []
    inputs = drawn(6000, heads=1, width=8, dtype=torch.float32)
    attend(variant, inputs, causal, Trace(lambda: bool(asked.append(1))))
    limit = min(questions, len(asked) - 1)
    asked.clear()
    trace = Trace(lambda: asked.append(1) or len(asked) > limit)
    with pytest.raises(Cancelled):
        attend(variant, inputs, causal, trace)
    assert "output" not in [step.name for step in trace.steps]
