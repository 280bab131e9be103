"""What is measured and counted of a run -> live readings, memory phases, points of the cost chart. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

from PySide6.QtCore import QCoreApplication

from app.measured_points import MeasuredPoint
from app.presenters import allowed_pairs, percent
from app.run_state import RunState
from app.theme import variant_colour
from engines.messages import Measurement, MemoryTimeline
from engines.study import Panel, Quantities
from engines.variants import variant_named, variants
from widgets.counts import count_text
from widgets.given_words import said
from widgets.quantities import bytes_text, error_text, percent_text, seconds_text
from widgets.view_data import Card, CostPoint, MemoryPhase, Reading, Theme

Number = TypeVar("Number", int, float)


def tr(text: str) -> str:
    return QCoreApplication.translate("presenters", text)


def readings(run: RunState, closeness: tuple[Panel, ...] = (), whole: bool = True) -> tuple[Reading, ...]:
    """The live panel: time, peak memory, pairs kept, pairs computed; and how close to exact the output is."""
    return (time_reading(run), memory_reading(run), *pair_readings(run), *closeness_readings(run, closeness, whole))


def closeness_readings(run: RunState, panels: tuple[Panel, ...], whole: bool) -> tuple[Reading, Reading]:
    """Output error and softmax mass found, from the study's panel; until the ``whole`` sample is in, as pending."""
    pending, known_as = run.without_result, "measured" if whole else "pending"
    numbers = [each for panel in panels if isinstance(panel.data, Quantities) for each in panel.data.numbers]
    known = {number.name: number for number in numbers}
    error, mass = (known.get(name) for name in ("output error", "softmax mass found"))
    own = known.get("output error, own scores")
    notes = (tr("with its own scores {share} %").format(share=error_text(own.value)),) if own else ()
    titles = tr("output error"), tr("softmax mass found")
    first = Reading(titles[0], "–", "", pending)
    if error is not None:
        first = Reading(titles[0], error_text(error.value), "%", known_as, notes, Card(error.card))
    second = Reading(titles[1], "–", "", pending)
    if mass is not None:
        second = Reading(titles[1], percent_text(mass.value), "%", known_as, (), Card(mass.card))
    elif error is not None:
        second = Reading(titles[1], "–", "", "measured", (tr("it keeps no pairs"),))
    return first, second


def split_unit(text: str) -> tuple[str, str]:
    value, _, unit = text.partition(" ")
    return value, unit


def ratio(other: float, own: float, less: str, more: str, alike: str) -> str:
    """ "4.6× faster", "540× faster" or "1.3× slower": the digits that a measurement bears, in one of two templates.

    ``alike`` where those digits tell no difference.
    """
    factor, template = (other / own, less) if other >= own else (own / other, more)
    if factor < 1.05:
        return alike
    return template.format(factor=f"{factor:,.{1 if factor < 99.95 else 0}f}")


def beside_baselines(
    run: RunState,
    own: Number,
    of: Callable[[Measurement], Number | None],
    text: Callable[[Number], str],
    words: tuple[str, str, str],
) -> tuple[str, ...]:
    """A line for each baseline: the ratio to it in words, its name, its number; ≈ where that is predicted.

    Full attention is held against the other implementation alone: twice the same would only show how times scatter.
    """
    lines = []
    spec = run.spec
    itself = dict(spec.parameters).get("implementation") if spec is not None and spec.variant == "full" else None
    for name in ("fused", "textbook"):
        measurement = run.measurements.get(name) if name != itself else None
        other = of(measurement) if measurement else None
        if measurement is not None and other:
            sign = "≈ " if measurement.kind == "predicted" else ""
            lines.append(f"{ratio(other, own, *words)} · {said(name)} {sign}{text(other)}")
    return tuple(lines)


def time_reading(run: RunState) -> Reading:
    own = run.measurements.get("variant")
    title = tr("time")
    if own is None or own.seconds is None:
        return Reading(title, "–", "", run.without_result)
    value, unit = split_unit(seconds_text(own.seconds))
    words = tr("{factor}× faster"), tr("{factor}× slower"), tr("as fast")
    notes = beside_baselines(run, own.seconds, lambda each: each.seconds, seconds_text, words)
    runs = tr("1 run") if own.repeats == 1 else tr("median of {n}").format(n=own.repeats)
    return Reading(f"{title} · {runs}", value, unit, own.kind, notes, Card(own.card))


def memory_reading(run: RunState) -> Reading:
    own = run.measurements.get("variant")
    title = tr("peak memory")
    if own is None or own.peak_bytes is None:
        return Reading(title, "–", "", run.without_result)
    value, unit = split_unit(bytes_text(own.peak_bytes))
    words = tr("{factor}× smaller"), tr("{factor}× larger"), tr("as large")
    notes = beside_baselines(run, own.peak_bytes, lambda each: each.peak_bytes, bytes_text, words)
    return Reading(title, value, unit, own.kind, notes, Card(own.card))


def pair_readings(run: RunState) -> tuple[Reading, Reading]:
    kept, computed = tr("pairs kept"), tr("pairs computed")
    if run.traced is None or run.spec is None:
        look = run.without_result
        return Reading(kept, "–", "", look), Reading(computed, "–", "", look)
    allowed = allowed_pairs(run.spec.length, run.spec.causal)
    how = tr("counted exactly, head {n}").format(n=run.traced.head + 1)
    card = Card((("what", how), ("tokens", f"{run.spec.length:,}")))
    of = tr("{part} of {whole}")
    if variant_named(run.spec.variant).implied_weights:
        products = tr("{count} products of positions").format(count=count_text(run.traced.pairs_computed))
        share = percent(run.traced.pairs_computed, allowed)
        return (
            Reading(kept, "–", "", "measured", (tr("every pair is implied"),), card),
            Reading(computed, share, "%", "measured", (products,), card),
        )
    return (
        Reading(
            kept,
            percent(run.traced.pairs_kept, allowed),
            "%",
            "measured",
            (of.format(part=count_text(run.traced.pairs_kept), whole=count_text(allowed)),),
            card,
        ),
        Reading(
            computed,
            percent(run.traced.pairs_computed, allowed),
            "%",
            "measured",
            (tr("{count} in whole blocks").format(count=count_text(run.traced.pairs_computed)),),
            card,
        ),
    )


def memory_phases(timeline: MemoryTimeline | None) -> tuple[MemoryPhase, ...]:
    """Memory through one pass, a piece a phase; what happens between two phases belongs to the one before."""
    if timeline is None or not timeline.phases:
        return ()
    phases = merged(timeline.phases)
    end = max(phases[-1][2], timeline.changes[-1][0] if timeline.changes else 0.0)
    starts = [phase[1] for phase in phases]
    stops = [*starts[1:], end]
    result = []
    for (name, _, _), start, stop in zip(phases, starts, stops, strict=True):
        before = [held for moment, held in timeline.changes if moment <= start]
        inside = [(moment, held) for moment, held in timeline.changes if start < moment <= stop]
        result.append(MemoryPhase(said(name), start, stop, ((start, before[-1] if before else 0), *inside)))
    return tuple(result)


def merged(phases: Iterable[tuple[str, float, float]]) -> list[tuple[str, float, float]]:
    """Phases of one name that follow each other (one for each block of work) as one."""
    result: list[tuple[str, float, float]] = []
    for name, start, stop in phases:
        if result and result[-1][0] == name:
            result[-1] = (name, result[-1][1], stop)
        else:
            result.append((name, start, stop))
    return result


def series_name(measurement: Measurement) -> str:
    """The line of the cost chart that a measurement belongs to, as short as on the variants' chips."""
    if measurement.variant == "full":
        return tr("Full, textbook") if is_textbook(measurement) else tr("Full, fused")
    known = variants().get(measurement.variant)
    return said(known.short_label) if known and known.short_label else said(measurement.label)


def is_textbook(measurement: Measurement) -> bool:
    return "textbook" in dict(measurement.card).get("parameters", "")


def cost_points(points: Iterable[MeasuredPoint], run: RunState, theme: Theme) -> tuple[CostPoint, ...]:
    """The chart's points: those comparable with the present run, and what is predicted for it now.

    The variants are in the order of the menu, so that none moves in the legend when another is measured.
    """
    orders = {variant.name: variant.order for variant in variants().values()}
    chosen = [point.measurement for point in points]
    chosen += [each for each in run.measurements.values() if each.kind == "predicted"]
    chosen.sort(key=lambda each: (orders.get(each.variant, len(orders)), is_textbook(each)))
    return tuple(
        CostPoint(
            series=series_name(each),
            colour=theme.text if is_textbook(each) else variant_colour(orders.get(each.variant, 9), theme),
            n=each.n,
            seconds=each.seconds,
            peak_bytes=each.peak_bytes,
            kind=each.kind,
            card=Card(each.card),
            hollow=is_textbook(each),
        )
        for each in chosen
    )
