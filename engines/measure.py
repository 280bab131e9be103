"""Measuring: one function, Point -> Measurement, for readouts, commands and benchmarks.

Time: warm-up, then repeats until the spread is small or the budget is spent; the median and the interquartile range,
device synchronised. Memory: the allocator's own peak in a separate pass (CUDA: its peak counter, reset before; CPU: the
profiler's allocation events). Never one pass for both. What is measured is ``attend`` alone: the chosen layer, all
heads, inputs resident.
"""

from __future__ import annotations

import datetime
import os
import platform
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from engines.messages import Measurement, MemoryTimeline
from engines.run import Prepared
from engines.trace import SILENT, Recorder
from engines.variant import Mask, Parameters, Shape, Variant
from engines.variants import variant_named
from engines.words import Words, english

if TYPE_CHECKING:
    import torch
    from torch import Tensor
else:
    from engines.lazy_torch import torch

os.environ.setdefault("KINETO_LOG_LEVEL", "6")  # the profiler would announce itself on standard error

FEWEST_REPEATS, MOST_REPEATS = 5, 30
REST_SECONDS = 0.06  # a window needs about so much to paint a number
SMALL_SPREAD = 0.02


@dataclass(frozen=True)
class Times:
    """Repeated timings in seconds."""

    seconds: tuple[float, ...]

    @property
    def median(self) -> float:
        return float(np.median(self.seconds))

    @property
    def spread(self) -> float:
        """Interquartile range in seconds."""
        return float(np.subtract(*np.percentile(self.seconds, (75, 25))))

    @property
    def undisturbed(self) -> float:
        """Seconds that all would have taken, had each been as fast as the fastest."""
        return len(self.seconds) * min(self.seconds)

    @property
    def settled(self) -> bool:
        return len(self.seconds) >= FEWEST_REPEATS and self.spread <= SMALL_SPREAD * self.median


def synchronise(device: str) -> None:
    if device.startswith("cuda"):
        torch.cuda.synchronize(device)


def rest() -> None:
    """Before a timing: whoever was told the last number paints it, and takes processors from what is timed."""
    time.sleep(REST_SECONDS)


def timed(call: Callable[[], object], device: str) -> float:
    """Seconds of one call."""
    synchronise(device)
    start = time.perf_counter()
    call()
    synchronise(device)
    return time.perf_counter() - start


def time_repeatedly(call: Callable[[], object], device: str, budget_seconds: float) -> Iterator[Times]:
    """Time ``call`` again and again, giving all timings so far after each, until they settle or the budget is spent.

    The first is the warm-up: it is given, so that a reader sees a number at once, and dropped when the second is there.
    """
    started = time.perf_counter()
    warm_up = timed(call, device)
    yield Times((warm_up,))
    seconds: tuple[float, ...] = ()
    while len(seconds) < MOST_REPEATS and (not seconds or time.perf_counter() - started < budget_seconds):
        seconds = (*seconds, timed(call, device))
        times = Times(seconds)
        yield times
        if times.settled:
            return


class PhaseMarks:
    """A recorder that keeps nothing but marks the phases for the profiler."""

    step, check_cancelled = SILENT.step, SILENT.check_cancelled

    def phase(self, name: str) -> Any:
        return torch.autograd.profiler.record_function("phase:" + name)


def measure_memory(call: Callable[[Recorder], object], device: str) -> tuple[int, MemoryTimeline]:
    """Peak bytes that one call allocates beyond what was there before it, and how they came and went."""
    if device.startswith("cuda"):
        synchronise(device)
        torch.cuda.reset_peak_memory_stats(device)
        before = torch.cuda.memory_allocated(device)
        call(SILENT)
        synchronise(device)
        return torch.cuda.max_memory_allocated(device) - before, MemoryTimeline((), ())
    return measure_memory_on_cpu(call)


def measure_memory_on_cpu(call: Callable[[Recorder], object]) -> tuple[int, MemoryTimeline]:
    """From the profiler's allocation events, kernel workspace included; exact to the byte."""
    from torch._C._profiler import ProfilerActivity, _ExperimentalConfig

    profiler: Any = torch.autograd  # its enable and disable calls carry no types; ``profile()`` costs 138 ms a time
    config = profiler.ProfilerConfig(
        profiler.ProfilerState.KINETO, False, True, False, False, False, _ExperimentalConfig()
    )
    activities = {ProfilerActivity.CPU}
    profiler._prepare_profiler(config, activities)
    profiler._enable_profiler(config, activities)
    try:
        kept = call(PhaseMarks())
    finally:
        result = profiler._disable_profiler()
    events = result.events()
    changes = sorted((e.start_ns(), e.nbytes()) for e in events if e.name() == "[memory]")
    phases = sorted((e.start_ns(), e.end_ns(), e.name()[6:]) for e in events if e.name().startswith("phase:"))
    del kept
    start = min([moment for moment, _ in changes] + [moment for moment, _, _ in phases], default=0)
    allocated = np.cumsum([size for _, size in changes]) if changes else np.zeros(1, dtype=np.int64)
    timeline = MemoryTimeline(
        changes=tuple(
            ((moment - start) / 1e9, int(held)) for (moment, _), held in zip(changes, allocated, strict=False)
        ),
        phases=tuple((name, (begin - start) / 1e9, (end - start) / 1e9) for begin, end, name in phases),
    )
    return max(int(allocated.max()), 0), timeline


@dataclass(frozen=True)
class Point:
    """What is measured: one variant's ``attend`` on resident inputs. ``series`` is its part in the comparison."""

    series: str
    prepared: Prepared
    threads: int
    while_animating: bool = False

    def card(self, repeats: int) -> tuple[tuple[str, str], ...]:
        """How the number was obtained; it travels with the number."""
        spec, shape = self.prepared.spec, self.prepared.shape
        values = self.prepared.parameters
        parameters = ", ".join(
            f"{each.name} {each.in_words(values[each.name])}" for each in self.prepared.variant.settings
        )
        rows = {
            "what": Words(
                "attend of {label}, layer {layer}, all heads, batch 1",
                {"label": self.prepared.variant.label, "layer": spec.layer + 1},
            ),
            "parameters": parameters or english("none"),
            "mask": self.prepared.mask.name,
            "weights": self.prepared.model.name if self.prepared.model else english("none: random q, k and v"),
            "tokens": f"{shape.queries:,}",
            "heads × dim": f"{shape.heads} × {shape.head_width}",
            "dtype": spec.dtype,
            "device": spec.device if spec.device != "cpu" else f"cpu ({processor_name()})",
            "threads": str(self.threads),
            "torch": torch.version.__version__,
            "repeats": str(repeats),
            "seed": str(spec.seed),
            "date": datetime.date.today().isoformat(),
        }
        if self.while_animating:
            rows["note"] = english("while animating")
        return tuple(rows.items())

    def measurement(self, times: Times | None, peak_bytes: int | None, kind: str = "measured") -> Measurement:
        variant = self.prepared.variant
        return Measurement(
            series=self.series,
            n=self.prepared.shape.queries,
            seconds=times.median if times else None,
            spread_seconds=times.spread if times else 0.0,
            repeats=len(times.seconds) if times else 0,
            peak_bytes=peak_bytes,
            kind=kind,
            card=self.card(len(times.seconds) if times else 0),
            variant=variant.name,
            label=variant.label,
        )


def measure(point: Point, budget_seconds: float = 2.0) -> Measurement:
    """Time and peak memory of a point, to the end."""
    call = point.prepared.attend
    times = list(time_repeatedly(call, point.prepared.spec.device, budget_seconds))[-1]
    peak_bytes, _ = measure_memory(call, point.prepared.spec.device)
    return point.measurement(times, peak_bytes)


def baseline(prepared: Prepared, implementation: str) -> Prepared:
    """Full attention on the very q, k, v of a run: "fused" or "textbook"."""
    full = variant_named("full")
    spec = replace(prepared.spec, variant="full", parameters=(("implementation", implementation),))
    return replace(prepared, spec=spec, variant=full, parameters=full.parameters(implementation=implementation))


def predicted(known: Measurement, from_flops: float, to_flops: float, n: int) -> Measurement:
    """A measured time scaled by the ratio of operations: a prediction, and marked as one; memory is not predicted."""
    ratio = to_flops / from_flops
    how = Words("predicted from {n} tokens by the ratio of operations", {"n": f"{known.n:,}"})
    card = {"how": how, **dict(known.card)}
    return replace(
        known,
        n=n,
        seconds=known.seconds * ratio if known.seconds is not None else None,
        spread_seconds=known.spread_seconds * ratio,
        peak_bytes=None,
        kind="predicted",
        card=tuple((card | {"tokens": f"{n:,}"}).items()),
    )


def random_prepared(
    variant: Variant, parameters: Parameters, shape: Shape, device: str = "cpu", dtype: str = "float32", seed: int = 0
) -> Prepared:
    """A run on random inputs of a shape: for benchmarks, where only the sizes matter."""
    from engines.messages import RunSpec, TextSource
    from engines.tokens import Tokens
    from engines.variant import Inputs

    generator = torch.Generator(device=device).manual_seed(seed)

    def draw(positions: int) -> Tensor:
        size = (1, shape.heads, positions, shape.head_width)
        return torch.randn(size, generator=generator, device=device, dtype=getattr(torch, dtype))

    inputs = Inputs(draw(shape.queries), draw(shape.keys), draw(shape.keys), layer=shape.layer)
    spec = RunSpec(
        variant.name, TextSource(), shape.queries, tuple(parameters.items()), shape.causal, shape.layer, shape.head,
        seed, device, dtype,
    )  # fmt: skip
    tokens = Tokens(np.zeros(shape.queries, dtype=np.int32), shape.queries, cut=False)
    return Prepared(spec, variant, parameters, Mask(causal=shape.causal), tokens, inputs)


def processor_name() -> str:
    """What the processor calls itself, where the system says so."""
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as file:
            for line in file:
                if line.startswith("model name"):
                    return line.split(":", 1)[1].strip()
    except OSError:
        pass
    return platform.processor() or platform.machine()
