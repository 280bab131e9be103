"""Python files that draw saved data: what they read and prepare is what the view shows, and all of them draw."""

import runpy
import warnings
from collections.abc import Mapping
from dataclasses import dataclass, replace

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib import pyplot
from matplotlib.figure import Figure
from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage, QPainter

from app.export.data import Data, DataOptions, data_of_scene, data_of_steps, data_of_view
from app.export.data_files import WRITERS, save_data
from app.export.look import Look
from app.export.scene_of_run import beside_of, finished_view, pane_of, scene_of
from app.export.scene_view import figure_theme
from app.export.snippets.snippet import save_snippet
from app.theme import FIGURE_THEMES, THEMES
from app.views import difference_views, step_views
from app.weights_difference import difference_of
from engines.step_arrays import weights_between
from engines.variants import variant_named
from tests.app.reference_pictures import LOCKED, VIEWS, answer
from tests.app.runs import SETTINGS, run_of
from widgets.bucket_layout import round_layout
from widgets.fold_view import cell_colours
from widgets.state_view import signed_colours

LIGHT = THEMES["light"]
WHOLE = DataOptions()
TITLE = "A title with “quotes” and \\ in it"


@dataclass(frozen=True)
class Snippet:
    """What a written file reads and prepares; ``names`` are its constants and functions."""

    data: Data
    names: Mapping[str, object]
    arrays: dict[str, np.ndarray]
    card: dict[str, object]
    prepared: object

    def figure(self) -> Figure:
        return self.drawn()[0]

    def drawn(self) -> tuple[Figure, np.ndarray]:
        """The figure and its pixels, with all that matplotlib has to object; of fonts it takes those that are there."""
        with warnings.catch_warnings(), mpl.rc_context():
            mpl.use("agg")
            warnings.simplefilter("error")
            warnings.filterwarnings("ignore", "Glyph .* missing from font")
            figure = self.names["draw"](self.arrays, self.card)
            figure.canvas.draw()
        pixels = np.array(figure.canvas.buffer_rgba())
        pyplot.close(figure)
        return figure, pixels


def snippet_of(data, folder, extension=".npz", theme=LIGHT, look=Look()):  # noqa: B008, it is frozen
    path = save_data(data, folder / f"data{extension}")
    beside = save_snippet(data, path, TITLE, theme, look)
    assert beside.name == f"data{extension}.py"
    names = runpy.run_path(str(beside))
    arrays, card = names["load"]()
    return Snippet(data, names, arrays, card, names["prepare"](arrays, card))


def data_of(variant, view, options=WHOLE, theme=LIGHT, locked=-1, logarithmic=False):
    """The data of a view or a study of a short run."""
    if view in {each.name for each in difference_views()}:
        return data_apart(view, theme, options, locked)
    run = run_of(variant, causal="causal" in variant_named(variant).masks, **SETTINGS.get(variant, {}))
    scene = scene_of(run, pane_of(run.prepared.spec, view, locked, logarithmic), theme)
    panels = () if view in {each.name for each in step_views()} else answer(variant, view)
    return data_of_view(run, scene, options, panels)


def data_apart(view, theme=LIGHT, options=WHOLE, locked=-1):
    """What sets Longformer apart from Full."""
    runs = [run_of(name) for name in ("full", "longformer")]
    panes = [pane_of(run.prepared.spec, view, locked) for run in runs]
    scene = replace(scene_of(runs[1], panes[1], theme), beside=beside_of(runs[0], panes[0]))
    weights = None
    if view == "weights-difference":
        first, own = (weights_between(run, 2, range(40), range(40)) for run in runs)
        weights = difference_of(own, first)
    return data_of_scene(scene, runs[1].pattern(2), {"causal": True}, options, weights)


def same(one, other):
    return one.dtype == other.dtype and one.shape == other.shape and one.tobytes() == other.tobytes()


def channels(colour):
    return [int(colour[at : at + 2], 16) for at in (1, 3, 5)]


def first_array(data):
    return data.arrays[0].values


# Every picture ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("locked", [-1, LOCKED])
@pytest.mark.parametrize(("variant", "view"), VIEWS)
def test_every_view_is_drawn_under_its_title(qapp, tmp_path, variant, view, locked):
    figure, pixels = snippet_of(data_of(variant, view, locked=locked), tmp_path).drawn()
    assert figure.get_suptitle() == TITLE
    assert len(np.unique(pixels.reshape(-1, 4), axis=0)) > 3


@pytest.mark.parametrize("theme", FIGURE_THEMES)
def test_a_figure_is_in_the_colours_of_its_theme(qapp, tmp_path, theme):
    worn = figure_theme(theme, "longformer")
    figure = snippet_of(data_of("longformer", "pattern", theme=worn), tmp_path, theme=worn).figure()
    assert (np.round(np.array(figure.get_facecolor()[:3]) * 255) == channels(worn.background)).all()


@pytest.mark.parametrize(("width", "points"), [(3.3, 7.0), (7.0, 9.0)])
def test_a_figure_is_as_wide_as_the_page_and_in_its_type(qapp, tmp_path, width, points):
    snippet = snippet_of(data_of("reformer", "buckets", locked=30), tmp_path, look=Look(width, type_points=points))
    assert snippet.figure().get_size_inches()[0] == width
    assert snippet.names["STYLE"]["font.size"] == points


# Pairs --------------------------------------------------------------------------------------------------------------


def shown_pixels(widget, size=900):
    """(the widget's picture, where the middle of a pair lies in it)"""
    whole = QRectF(0, 0, size, size)
    image = QImage(size, size, QImage.Format.Format_RGB32)
    painter = QPainter(image)
    widget.paint_onto(painter, whole)
    painter.end()
    layout = widget._scene.laid_out(whole, 1.0)
    return image, lambda query, key: layout.place(widget.viewport(), key + 0.5, query + 0.5)


@pytest.mark.parametrize("extension", WRITERS)
@pytest.mark.parametrize(("view", "logarithmic"), [("weights", False), ("weights", True), ("pattern", False)])
def test_a_snippet_prepares_the_colours_that_the_window_shows(qapp, tmp_path, extension, view, logarithmic):
    run = run_of("longformer")
    scene = scene_of(run, pane_of(run.prepared.spec, view, logarithmic=logarithmic), LIGHT)
    data = data_of_view(run, scene, WHOLE)
    snippet = snippet_of(data, tmp_path, extension)
    cells, side, query, key, _ = snippet.prepared
    assert (side, query, key) == (1, 0, 0)
    assert same(next(iter(snippet.arrays.values())), first_array(data))
    image, place_of = shown_pixels(finished_view(run, scene))
    for row in range(0, 40, 3):
        for column in range(0, row + 1, 2):
            place = place_of(row, column)
            shown = image.pixelColor(int(place.x()), int(place.y()))
            expected = np.round(cells[row, column] * 255)
            assert np.abs(expected - (shown.red(), shown.green(), shown.blue())).max() <= 4, (row, column)


def test_pairs_that_the_mask_forbids_are_in_its_colour(qapp, tmp_path):
    snippet = snippet_of(data_of("longformer", "pattern", DataOptions(range(10, 30), range(5, 40))), tmp_path)
    cells, _, query, key, _ = snippet.prepared
    ahead = np.arange(5, 40)[None] > np.arange(10, 30)[:, None]
    assert (query, key) == (10, 5)
    assert ((np.round(cells * 255) == channels(snippet.names["MASKED"])).all(2) == ahead).all()


@pytest.mark.parametrize("view", ["pattern", "weights"])
def test_a_long_text_is_drawn_in_cells_of_many_pairs(qapp, tmp_path, view):
    data = data_of("longformer", view)
    snippet = snippet_of(data, tmp_path)
    prepare = snippet.names["prepare"]
    prepare.__globals__["MOST_CELLS"] = 16
    cells, side, *_, largest = prepare(snippet.arrays, snippet.card)
    assert (side, cells.shape) == (3, (14, 14, 3))
    values = first_array(data)
    if view == "weights":
        slow = np.array([[np.nansum(values[r : r + 3, c : c + 3]) for c in range(0, 40, 3)] for r in range(0, 40, 3)])
        rows = np.array([len(values[r : r + 3]) for r in range(0, 40, 3)])
        assert np.isclose(largest, (slow / rows[:, None]).max())
        return
    kept = np.array([[(values[r : r + 3, c : c + 3] >= 0).any() for c in range(0, 40, 3)] for r in range(0, 40, 3)])
    ground = np.array(channels(LIGHT.background))
    below = np.tril(np.ones((14, 14), bool))
    assert ((np.abs(cells * 255 - ground).sum(2) > 20) == kept)[below].all()
    snippet.figure()


def test_the_locked_row_and_what_the_colours_mean_are_drawn(qapp, tmp_path):
    snippet = snippet_of(data_of("longformer", "pattern", locked=30), tmp_path)
    (axes,) = snippet.figure().axes
    assert any(patch.get_bbox().bounds == (-0.5, 29.5, 40.0, 1.0) for patch in axes.patches)
    words = [text.get_text() for text in axes.get_legend().get_texts()]
    assert words == [*snippet.card["parts"], "not kept", "masked"]


def test_logarithmic_weights_have_a_logarithmic_scale(qapp, tmp_path):
    figures = [snippet_of(data_of("full", "weights", logarithmic=each), tmp_path).figure() for each in (False, True)]
    assert [figure.axes[1].get_yscale() for figure in figures] == ["linear", "log"]
    assert [figure.axes[1].get_title("right") for figure in figures] == ["weight", "weight, log"]


def test_a_difference_says_who_keeps_each_pair(qapp, tmp_path):
    data = data_apart("difference", options=DataOptions(range(40), range(30)))
    full, longformer = (run_of(name).pattern(2).kept(np.arange(40), np.arange(30)) for name in ("full", "longformer"))
    assert np.array_equal(first_array(data), np.select([full & longformer, full, longformer], [0, 1, 2], -1))
    assert data.card["parts"] == ["both", "only Full", "only Longformer"]
    snippet = snippet_of(data, tmp_path, ".parquet")
    colours = [colour for _, colour in snippet.names["PARTS"]]
    assert len(set(colours)) == 3
    cells = np.round(snippet.prepared[0] * 255)
    for part, colour in enumerate(colours):
        inside = first_array(data) == part
        assert (cells[inside] == channels(colour)).all()
    snippet.figure()


@pytest.mark.parametrize("theme", ["light", "print-grey"])
def test_differences_of_weights_are_in_the_colours_of_both_ends(qapp, tmp_path, theme):
    data = data_apart("weights-difference", THEMES.get(theme) or FIGURE_THEMES[theme])
    snippet = snippet_of(data, tmp_path, theme=FIGURE_THEMES[theme])
    cells, *_, largest = snippet.prepared
    values = first_array(data)
    assert np.isclose(largest, np.nanmax(np.abs(values)))
    row, column = np.unravel_index(np.nanargmin(values), values.shape)
    least = channels(snippet.names["RAMP"][0])
    if values[row, column] == -largest:
        assert np.abs(cells[row, column] * 255 - least).max() <= 1
    assert snippet.figure().axes[1].get_title("right") == "a − b"


# Studies ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("extension", [".npz", ".json"])
def test_a_snippet_draws_the_lines_of_a_study_as_the_figure_does(qapp, tmp_path, extension):
    snippet = snippet_of(data_of("longformer", "key-mass"), tmp_path, extension)
    prepared, names, drawn = snippet.prepared, snippet.names, snippet.data.drawn
    panel, values = prepared[0]
    curve = drawn[0].plot
    assert (panel["title"], panel["x"]["label"], panel["y"]["label"]) == (drawn[0].title, curve.x_label, curve.y_label)
    assert (panel["x"]["scale"], panel["y"]["scale"]) == ("log", "linear")
    assert [(line["label"], line["colour"], line["look"]) for line in panel["lines"]] == [
        (line.label, line.colour, line.look) for line in curve.lines
    ]
    assert len({line["colour"] for line in panel["lines"]}) == len(curve.lines)
    assert [(label, x) for label, x, _ in panel["marks"]] == [(mark.label, mark.x) for mark in curve.marks]
    middles = [middle for *_, middle in panel["marks"]]
    assert 0 < middles[0] < middles[1] < middles[2] < 1
    for number, line in enumerate(curve.lines):
        assert np.array_equal(values[f"lines.{number}.x"], line.x)
        assert np.array_equal(values[f"lines.{number}.y"], line.y)
    assert sorted(place for row in names["ROWS"] for place in row) == list(range(len(drawn)))


@pytest.mark.parametrize(
    ("variant", "view", "kinds"),
    [
        ("linformer", "low-rank", {"products", "curve", "heat map", "numbers"}),
        ("performer", "random-features", {"scatter", "curve", "numbers"}),
        ("transformer-xl", "receptive-field", {"reach", "curve", "numbers"}),
        ("linformer", "products", {"products"}),
    ],
)
def test_a_snippet_has_what_draws_its_kinds_of_panels_and_nothing_else(qapp, tmp_path, variant, view, kinds):
    snippet = snippet_of(data_of(variant, view), tmp_path)
    prepared, names, drawn = snippet.prepared, snippet.names, snippet.data.drawn
    assert {panel["kind"] for panel, _ in prepared} == set(names["DRAW"]) == kinds
    titles = ["".join(panel["title"].split()) for panel, _ in prepared]  # they are in lines
    assert titles == ["".join(panel.title.split()) for panel in drawn]
    assert all(values for _, values in prepared)


def test_a_snippet_says_the_numbers_of_a_study_from_the_file(qapp, tmp_path):
    snippet = snippet_of(data_of("linformer", "low-rank"), tmp_path)
    prepared, drawn = snippet.prepared, snippet.data.drawn
    panel, values = next(each for each in prepared if each[0]["kind"] == "numbers")
    plot = next(each.plot for each in drawn if each.title == panel["title"])
    said = [
        number["shown"].format(*values[f"numbers.{at}.value"] * number["times"])
        for at, number in enumerate(panel["numbers"])
    ]
    assert said == [number.value for number in plot.numbers]
    assert [number["unit"] for number in panel["numbers"]] == [number.unit for number in plot.numbers]


def test_the_sizes_of_matrices_are_in_the_file(qapp, tmp_path):
    snippet = snippet_of(data_of("linformer", "products"), tmp_path, ".csv")
    prepared, drawn = snippet.prepared, snippet.data.drawn
    panel, values = prepared[0]
    assert values["extents"].tolist() == [[each.rows, each.columns] for each in drawn[0].plot.extents]
    assert [each["name"] for each in panel["matrices"]] == [each.name for each in drawn[0].plot.extents]


# Views --------------------------------------------------------------------------------------------------------------


def test_a_snippet_draws_segments_and_the_cone(qapp, tmp_path):
    snippet = snippet_of(data_of("transformer-xl", "segments", locked=30), tmp_path)
    (colours, ends), names, drawn = snippet.prepared, snippet.names, snippet.data.drawn
    target, own = drawn.target, names["rgb"](drawn.colour)
    assert target == 30
    assert np.array_equal(colours[-1, target], own)
    reaches = drawn.shares > 0
    now = slice(target // 8 * 8, target // 8 * 8 + 8)
    assert np.array_equal((colours[:, now] == own).all(2), reaches[:, now])
    for layer, end in enumerate(ends):
        inside = np.flatnonzero(reaches[layer])
        assert end == (drawn.edges[inside[0]], drawn.edges[inside[-1] + 1])


def test_a_snippet_draws_the_state_in_signed_colours(qapp, tmp_path):
    snippet = snippet_of(data_of("performer", "state", locked=30), tmp_path)
    pictures, names, drawn = snippet.prepared, snippet.names, snippet.data.drawn
    values, largest = pictures["state"]
    assert np.array_equal(values, drawn.state[-1])
    packed = signed_colours(values, largest, LIGHT, drawn.colour)
    shown = np.stack([packed >> shift & 0xFF for shift in (16, 8, 0)], -1)
    assert np.abs(names["signed"](values, largest) * 255 - shown).max() <= 0.5 + 1e-6
    assert names["FIRST"] + len(names["TOKENS"]) == drawn.length


def test_a_snippet_sorts_the_buckets_and_knows_who_is_read(qapp, tmp_path):
    snippet = snippet_of(data_of("reformer", "buckets", locked=30), tmp_path)
    (labels, order, sorted_labels, read), names, drawn = snippet.prepared, snippet.names, snippet.data.drawn
    layout = round_layout(drawn.data, 0)
    assert np.array_equal(labels, layout.labels)
    assert np.array_equal(order, layout.order)
    assert np.array_equal(sorted_labels, layout.sorted_labels)
    expected = layout.reads(30)
    assert sorted(read) == ([] if expected.tolist() == [30] else expected.tolist())
    assert names["LOCKED"] == 30


def test_the_story_is_that_of_the_round_in_view(qapp, tmp_path):
    run = run_of("reformer", **SETTINGS["reformer"])
    pane = replace(pane_of(run.prepared.spec, "buckets"), hash_round=1)
    snippet = snippet_of(data_of_view(run, scene_of(run, pane, LIGHT), WHOLE), tmp_path)
    labels, *_ = snippet.prepared
    assert np.array_equal(labels, snippet.arrays["labels"][1])
    assert not np.array_equal(labels, snippet.arrays["labels"][0])
    assert snippet.names["ROUND_NAME"] == "round 2 of 2"


def test_buckets_of_a_part_of_the_text_are_told_of_the_rest(qapp, tmp_path):
    data = data_of("reformer", "buckets", DataOptions(range(8, 24)), locked=30)
    snippet = snippet_of(data, tmp_path)
    labels, order, sorted_labels, read = snippet.prepared
    assert np.array_equal(labels[8:24], data.drawn.data.labels[0, 8:24])
    assert (labels[:8] == -1).all()
    assert (labels[24:] == -1).all()
    assert len(read) == 0
    assert ((sorted_labels >= 0) == ((order >= 8) & (order < 24))).all()
    snippet.figure()


@pytest.mark.parametrize("first", [0, 19])
def test_a_snippet_folds_the_positions_in_the_figures_colours(qapp, tmp_path, first):
    whole = data_of("sparse-transformer", "fold", locked=30).drawn
    data = data_of("sparse-transformer", "fold", DataOptions(range(first, 40)), locked=30)
    snippet = snippet_of(data, tmp_path)
    cells, before = snippet.prepared
    above = first // 8
    assert (before, cells.shape) == (first % 8, (5 - above, 8, 3))
    expected = cell_colours(whole, LIGHT, len(whole.parts))
    for position in range(first, 40):
        row, column = divmod(position, 8)
        assert np.abs(cells[row - above, column] * 255 - expected[row, column]).max() < 1e-6
    assert (snippet.names["LOCKED"], snippet.names["CAPTION"]) == (30 - first, whole.caption)
    snippet.figure()


# What no view draws -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("array", ["1.lines.0.y", "1.lines.0.low"])
@pytest.mark.parametrize("extension", WRITERS)
def test_one_array_of_a_study_is_drawn(qapp, tmp_path, array, extension):
    data = data_of("longformer", "key-mass", DataOptions(array=array))
    snippet = snippet_of(data, tmp_path, extension)
    assert same(snippet.arrays[array], first_array(data))
    snippet.figure()


def test_one_array_alone_is_drawn_plainly(qapp, tmp_path):
    snippet = snippet_of(data_of("performer", "state", DataOptions(array="normaliser")), tmp_path)
    assert [(name, axes) for name, _, axes in snippet.prepared] == [("normaliser", ["moment", "row"])]
    snippet.figure()


@pytest.mark.parametrize("steps", [("output",), ()])
def test_the_steps_arrays_are_drawn(qapp, tmp_path, steps):
    data = data_of_steps(run_of("reformer", chunk_length=8), steps, WHOLE)
    snippet = snippet_of(data, tmp_path)
    assert [name for name, *_ in snippet.prepared] == [each.name for each in data.arrays]
    figure = snippet.figure()
    assert len({axes.get_title("left") for axes in figure.axes} - {""}) == len(data.arrays)
