"""The data behind a picture: what a view draws, or what a run's steps recorded, as named arrays in a chosen range.

Nothing larger than the range is ever made. ``app.export.data_files`` writes it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass, replace
from types import MappingProxyType

import numpy as np

from app import presenters, view_presenters
from app.export.data_of_pairs import PAIR_VIEWS, Pairs, pairs_of
from app.export.headless import metadata_of
from app.run_state import kind_of
from app.scene import Scene
from app.study_presenter import study_panels
from app.theme import variant_colour
from engines.finished_run import FinishedRun
from engines.notebook import too_large, within
from engines.patterns import Pattern
from engines.problems import Problem
from engines.step_arrays import NamedArray, never, step_arrays, weights_between
from engines.study import Panel
from engines.trace import Products, Step
from engines.variants import variant_named
from widgets.plots.plot_data import PlotPanel
from widgets.view_data import BucketsData, FoldData, SegmentsData, StateData


@dataclass(frozen=True)
class BucketRound:
    """Buckets, and the round whose story is told, from 0."""

    data: BucketsData
    number: int


Record = BucketsData | StateData | SegmentsData | FoldData | Products
Drawn = Pairs | BucketRound | StateData | SegmentsData | FoldData | tuple[PlotPanel, ...]
MOST_VALUES = 1 << 24  # of a rectangle of pairs, or of all arrays together

AXES: Mapping[type, Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        BucketsData: {
            "labels": ("round", "position"),
            "order": ("round", "place"),
            "round_share": ("round", "position"),
        },
        StateData: {
            "state": ("moment", "row", "column"),
            "normaliser": ("moment", "row"),
            "positions": ("moment",),
            "added_row": ("moment", "row"),
            "added_column": ("moment", "column"),
        },
        SegmentsData: {
            "shares": ("layer", "bin"),
            "edges": ("edge",),
            "work_cached": ("bin",),
            "work_again": ("bin",),
        },
        FoldData: {"part_of": ("position",), "shades": ("position",)},
    }
)
"""The arrays of what a view draws, with the names of their axes."""


@dataclass(frozen=True)
class DataOptions:
    """Which part: ``rows`` are queries, or positions; ``columns`` keys; None for all. ``array``: one of them alone."""

    rows: range | None = None
    columns: range | None = None
    array: str = ""


@dataclass(frozen=True)
class Data:
    """Named arrays and the card that says what they are of. ``kind`` is the view's name, or "steps".

    ``drawn`` is what the view's widget is given, in the scene's theme: a snippet takes its words and colours from it.
    None where no view draws them.
    """

    kind: str
    arrays: tuple[NamedArray, ...]
    card: Mapping[str, object]
    drawn: Drawn | None = None

    @property
    def pairs(self) -> bool:
        """Whether the arrays are of pairs, of which only those that are kept matter."""
        return isinstance(self.drawn, Pairs)


def checked_rectangle(options: DataOptions, queries: int, keys: int) -> tuple[range, range]:
    """Rows and columns of pairs; a Problem where they leave the text, or are too many."""
    rows, columns = within("queries", options.rows, queries), within("keys", options.columns, keys)
    if len(rows) * len(columns) > MOST_VALUES:
        raise too_large(len(rows), len(columns), MOST_VALUES)
    return rows, columns


def data_of_view(
    run: FinishedRun,
    scene: Scene,
    options: DataOptions,
    panels: Sequence[Panel] = (),
    check_cancelled: Callable[[], None] = never,
) -> Data:
    """What the view of the scene's pane shows of a run; ``panels`` is the answer, where it is a study."""
    pane, weights = scene.pane, None
    if pane.view == "weights":
        shape = run.prepared.shape
        rows, columns = checked_rectangle(options, shape.queries, shape.keys)
        weights = weights_between(run, pane.head, rows, columns, check_cancelled)
    return data_of_scene(scene, run.pattern(pane.head), metadata_of(run, pane.head), options, weights, panels)


def data_of_scene(
    scene: Scene,
    pattern: Pattern,
    card: Mapping[str, object],
    options: DataOptions,
    weights: np.ndarray | None = None,
    panels: Sequence[Panel] = (),
) -> Data:
    """The same from what a window knows; ``weights`` [rows, columns] are those of the range, nan where none is kept.

    In the view of their differences they are this pane's less the first one's.
    """
    view, said = scene.pane.view, {**card, "data": scene.pane.view}
    if view in PAIR_VIEWS:
        rows, columns = checked_rectangle(options, pattern.queries, pattern.keys)
        array, drawn, told = pairs_of(scene, pattern, rows, columns, weights)
        return Data(view, (array,), {**said, **told}, drawn)
    rows = within("positions", options.rows, scene.pane.length)
    if panels:
        shown = [words_of(panel) for panel in panels]
        plots = study_panels(tuple(panels), variant_named(scene.pane.variant), scene.theme)
        data = Data(view, panel_arrays(panels), {**said, "panels": shown}, plots)
        return chosen(data, options, said)
    record = record_of(scene, pattern)
    return chosen(Data(view, record_arrays(record, rows), said, drawn_of(scene, record, rows)), options, said)


def record_arrays(record: Record | None, rows: range) -> tuple[NamedArray, ...]:
    """The arrays of what the view's widget is given; positions and moments cut to ``rows``."""
    if isinstance(record, Products):
        return (extents_of("extents", record),)
    if record is None:
        raise Problem("no_arrays", choices="other views")
    found = []
    for name, axes in AXES[type(record)].items():
        values = getattr(record, name)
        if values is not None:
            first = record.first if isinstance(record, FoldData) else 0
            found.append(cut_array(name, np.asarray(values), axes, rows, getattr(record, "positions", None), first))
    return tuple(found)


def extents_of(name: str, products: Products) -> NamedArray:
    """How large each matrix is."""
    extents = [(each.rows, each.columns) for each in products.extents]
    return NamedArray(name, np.array(extents), ("matrix", "rows and columns"), (0, 0))


def record_of(scene: Scene, pattern: Pattern) -> Record | None:
    view = scene.pane.view
    if view == "buckets":
        return presenters.buckets_data(scene.pane, scene.known, scene.known_tokens)
    if view == "state":
        return view_presenters.state_data(scene)
    if view == "segments":
        locked = scene.pane.locked
        return view_presenters.segments_data(scene, pattern, locked if locked >= 0 else pattern.queries - 1)
    if view == "fold":
        own = variant_colour(variant_named(scene.pane.variant).order, scene.theme)
        parts = presenters.pattern_parts(pattern, own, scene.theme)
        return view_presenters.fold_data(scene, pattern, parts, view_presenters.shades_of(scene))
    return next((step.data for step in scene.known.steps if isinstance(step.data, Products)), None)


def drawn_of(scene: Scene, record: Record | None, rows: range) -> Drawn | None:
    """What the view's widget is given; of a grid only the positions in ``rows``."""
    if isinstance(record, Products):
        study = view_presenters.products_study(scene)
        return study.panels if study is not None else None
    if isinstance(record, BucketsData):
        return BucketRound(record, min(scene.pane.hash_round, len(record.labels) - 1))
    if not isinstance(record, FoldData):
        return record
    start, stop = (min(max(each - record.first, 0), len(record.part_of)) for each in (rows.start, rows.stop))
    return replace(
        record,
        tokens=record.tokens[start:stop],
        part_of=record.part_of[start:stop],
        shades=record.shades if record.shades is None else record.shades[start:stop],
        locked=record.locked - start if start <= record.locked < stop else -1,
        first=record.first + start,
    )


def cut_array(
    name: str, values: np.ndarray, axes: tuple[str, ...], rows: range, positions: np.ndarray | None, first: int = 0
) -> NamedArray:
    """An array with its positions, which begin at ``first``, and its moments, cut to the range."""
    cuts: list[slice] = []
    starts: list[int] = []
    for axis in axes:
        if axis == "position":
            cuts.append(slice(max(rows.start - first, 0), max(rows.stop - first, 0)))
        elif axis == "moment" and positions is not None:
            cuts.append(slice(*np.searchsorted(positions, (rows.start, rows.stop)).tolist()))
        else:
            cuts.append(slice(None))
        starts.append((cuts[-1].start or 0) + (first if axis == "position" else 0))
    return NamedArray(name, values[tuple(cuts)], axes, tuple(starts))


def panel_arrays(panels: Sequence[Panel]) -> tuple[NamedArray, ...]:
    """The arrays of a study's panels, by the panel's number and the way to the array: "1.lines.0.x"."""
    return tuple(each for number, panel in enumerate(panels, 1) for each in arrays_within(f"{number}", panel.data))


def arrays_within(name: str, value: object) -> Sequence[NamedArray]:
    if isinstance(value, np.ndarray):
        axes = tuple(f"axis {number}" for number in range(value.ndim))
        return [NamedArray(name, value, axes, (0,) * value.ndim)]
    if isinstance(value, tuple):
        return [each for at, item in enumerate(value) for each in arrays_within(f"{name}.{at}", item)]
    if isinstance(value, Products):
        return [extents_of(f"{name}.extents", value)]
    if is_dataclass(value):
        own = ((each.name, getattr(value, each.name)) for each in fields(value))
        return [each for field, item in own for each in arrays_within(f"{name}.{field}", item)]
    if isinstance(value, float | int) and not isinstance(value, bool) and name.endswith(".value"):
        return [NamedArray(name, np.array([value]), ("axis 0",), (0,))]
    return []


def words_of(panel: Panel) -> Mapping[str, object]:
    """What a panel is called, and what its lines are."""
    data = panel.data
    parts = getattr(data, "lines", None) or getattr(data, "clouds", None) or getattr(data, "numbers", None) or ()
    labels = [str(getattr(part, "label", "") or getattr(part, "name", "")) for part in parts]
    return {"title": str(panel.title), "kind": type(data).__name__, "parts": labels}


def data_of_steps(run: FinishedRun, wanted: Sequence[str], options: DataOptions) -> Data:
    """What some steps recorded, all of them where none is named: all heads, full precision, positions in the range."""
    length = run.prepared.shape.queries
    rows = within("positions", options.rows, length)
    return steps_data(step_arrays(run.steps, length, rows, wanted), run.steps, rows, metadata_of(run), options)


def steps_data(
    arrays: tuple[NamedArray, ...],
    steps: Sequence[Step],
    rows: range,
    card: Mapping[str, object],
    options: DataOptions,
) -> Data:
    """The same from arrays that were cut to the range ``rows`` already."""
    kinds = {step.name: kind_of(step.data) for step in steps}
    said = {**card, "data": "steps", "steps": kinds, "positions": f"{rows.start}:{rows.stop}"}
    return chosen(Data("steps", arrays, said), options, kinds)


def chosen(data: Data, options: DataOptions, choices: Mapping[str, object]) -> Data:
    """The one array that the options name, or all; a Problem where there is none, or too many values."""
    names = [each.name for each in data.arrays]
    if not names:
        raise Problem("no_arrays", choices=", ".join(choices))
    if options.array and options.array not in names:
        raise Problem("unknown_array", name=options.array, choices=", ".join(names))
    arrays = tuple(each for each in data.arrays if options.array in ("", each.name))
    apart = isinstance(data.drawn, tuple) and len(arrays) < len(names)  # one array is no panel
    one = replace(data, arrays=arrays, drawn=None if apart else data.drawn)
    check_total(one, MOST_VALUES)
    return one


def check_total(data: Data, most: int) -> None:
    """A Problem with the largest possible range where there are more values than ``most``."""
    total = sum(each.values.size for each in data.arrays)
    if total <= most:
        return
    if data.pairs:
        rows, columns = data.arrays[0].values.shape
        raise too_large(rows, columns, most)
    axes = [(axis, size) for each in data.arrays for axis, size in zip(each.axes, each.values.shape, strict=True)]
    positions = max((size for axis, size in axes if axis in ("position", "moment")), default=0)
    fit = f"{positions * most // total:,}"
    raise Problem("too_many_values", values=f"{total:,}", most=f"{most:,}", fit=fit)
