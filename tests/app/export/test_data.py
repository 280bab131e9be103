"""Data behind a picture: read back bit by bit from every format, and equal to the engine's own arrays."""

import errno
import json
import os

import numpy as np
import pytest
from pyarrow import parquet

from app import presenters
from app.export import data as data_module
from app.export.data import DataOptions, data_of_scene, data_of_steps, data_of_view
from app.export.data_files import MOST_AS_TEXT, WRITERS, save_data
from app.export.scene_of_run import pane_of, scene_of
from app.theme import THEMES
from engines.headless import study_answer
from engines.messages import WeightsSlice
from engines.notebook import trace_of
from engines.problems import Problem
from engines.variants import variant_named
from tests.app.runs import run_of

LIGHT = THEMES["light"]
PART = DataOptions(range(3, 20), range(1, 33))
TABLES = (".csv", ".parquet")


def view_data(variant, view, options=PART, head=2, **settings):
    run = run_of(variant, causal="causal" in variant_named(variant).masks, **settings)
    scene = scene_of(run, pane_of(run.prepared.spec, view), LIGHT)
    return data_of_view(run, scene, options)


def steps_data(variant, wanted=(), options=DataOptions(), **settings):  # noqa: B008, it is frozen
    return data_of_steps(run_of(variant, **settings), wanted, options)


def read_back(path, data):
    """(arrays by name with what their axes begin at, card) as other programs read the file; dense again."""
    if path.suffix == ".npz":
        with np.load(path, allow_pickle=False) as stored:
            return {name: stored[name] for name in stored.files if name != "card"}, json.loads(str(stored["card"]))
    if path.suffix == ".json":
        content = json.loads(path.read_text(encoding="utf-8"))
        stored = {name: np.array(each["values"], each["dtype"]) for name, each in content["arrays"].items()}
        return stored, content["card"]
    (array,) = data.arrays
    if path.suffix == ".parquet":
        table = parquet.read_table(path)
        card = json.loads(table.schema.metadata[b"attnscope"])
        columns = {name: table[name].to_numpy() for name in table.column_names}
    else:
        lines = path.read_text(encoding="utf-8").splitlines()
        assert lines[0] == "# Attnscope"
        card = json.loads(lines[1].removeprefix("# card "))
        names = [name.strip('"') for name in lines[2].split(",")]
        rows = [line.split(",") for line in lines[3:]]
        columns = {name: np.array([row[at] for row in rows]) for at, name in enumerate(names)}
    assert list(columns) == [*array.axes, array.name]
    values = np.full(array.values.shape, np.nan if array.values.dtype.kind == "f" else -1, array.values.dtype)
    places = (columns[axis].astype(int) - start for axis, start in zip(array.axes, array.starts, strict=True))
    values[tuple(places)] = columns[array.name].astype(array.values.dtype)
    return {array.name: values}, card


def same(one, other):
    return one.dtype == other.dtype and one.shape == other.shape and one.tobytes() == other.tobytes()


# What is in it ------------------------------------------------------------------------------------------------------


def test_weights_are_the_engines_in_the_range_and_nowhere_else():
    (weight,) = view_data("longformer", "weights").arrays
    edges = np.arange(3, 21), np.arange(1, 34)
    expected = run_of("longformer").cells(WeightsSlice(0, 0, 0, 2, *edges)).values
    assert same(weight.values, expected)
    assert (weight.axes, weight.starts) == (("query", "key"), (3, 1))


def test_what_a_window_knows_gives_the_same():
    """Its weights come in cells, which are single pairs here."""
    run = run_of("longformer")
    scene = scene_of(run, pane_of(run.prepared.spec, "weights"), LIGHT)
    cells = run.cells(WeightsSlice(0, 0, 0, 2, np.arange(3, 21), np.arange(1, 34))).values
    ours, theirs = data_of_scene(scene, run.pattern(2), {}, PART, cells), data_of_view(run, scene, PART)
    assert same(ours.arrays[0].values, theirs.arrays[0].values)
    assert ours.kind == theirs.kind == "weights"


def test_the_pattern_says_which_part_keeps_each_pair():
    data = view_data("longformer", "pattern")
    pattern, (part,) = run_of("longformer").pattern(2), data.arrays
    for query in range(3, 20):
        for key in range(1, 33):
            number = part.values[query - 3, key - 1]
            assert pattern.reason(query, key) == ("" if number < 0 else data.card["parts"][number])


def test_buckets_are_what_the_view_draws():
    run = run_of("reformer", chunk_length=8)
    scene = scene_of(run, pane_of(run.prepared.spec, "buckets"), LIGHT)
    drawn = presenters.buckets_data(scene.pane, scene.known, scene.known_tokens)
    arrays = {each.name: each for each in data_of_view(run, scene, PART).arrays}
    assert np.array_equal(arrays["labels"].values, drawn.labels[:, 3:20])
    assert arrays["labels"].starts == (0, 3)
    assert np.array_equal(arrays["order"].values, drawn.order)
    assert np.array_equal(arrays["round_share"].values, drawn.round_share[:, 3:20])


@pytest.mark.parametrize(
    ("variant", "view", "names"),
    [
        ("linear-transformer", "state", {"state", "normaliser", "positions", "added_row", "added_column"}),
        ("transformer-xl", "segments", {"shares", "edges", "work_cached", "work_again"}),
        ("sparse-transformer", "fold", {"part_of"}),
        ("linformer", "products", {"extents"}),
    ],
)
def test_every_other_view_gives_its_arrays(variant, view, names):
    data = view_data(variant, view)
    assert {each.name for each in data.arrays} == names
    for each in data.arrays:
        assert len(each.axes) == len(each.starts) == each.values.ndim
        assert each.values.size


def test_moments_of_a_state_are_cut_to_the_range():
    arrays = {each.name: each.values for each in view_data("linear-transformer", "state").arrays}
    assert arrays["positions"].min() >= 3
    assert arrays["positions"].max() < 20
    assert len(arrays["state"]) == len(arrays["positions"])


def test_studies_give_the_arrays_of_their_panels():
    run = run_of("longformer")
    scene = scene_of(run, pane_of(run.prepared.spec, "key-mass"), LIGHT)
    panels = study_answer(run, "key-mass", 2)
    data = data_of_view(run, scene, DataOptions(), panels)
    arrays = {each.name: each.values for each in data.arrays}
    assert np.array_equal(arrays["1.lines.0.y"], panels[0].data.lines[0].y)
    assert data.card["panels"][0]["title"] == str(panels[0].title)


def test_steps_are_at_full_precision_for_all_heads():
    run = run_of("reformer", chunk_length=8)
    recorded = {step.name: step.data for step in run.steps}
    arrays = {each.name: each.values for each in steps_data("reformer", chunk_length=8).arrays}
    assert same(arrays["hash.labels"], recorded["hash"].labels.numpy())
    assert same(arrays["sort.positions"], recorded["sort"].positions.numpy())
    assert same(arrays["output.values"], recorded["output"].values.numpy())
    (cut,) = steps_data("reformer", ("output",), PART, chunk_length=8).arrays
    assert same(cut.values, recorded["output"].values[:, 3:20].numpy())
    assert cut.starts == (0, 3, 0)


# Formats ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("extension", list(WRITERS))
@pytest.mark.parametrize("view", ["weights", "pattern"])
def test_pairs_come_back_bit_for_bit_from_every_format(tmp_path, extension, view):
    data, path = view_data("longformer", view), tmp_path / f"data{extension}"
    assert save_data(data, path) == path
    arrays, card = read_back(path, data)
    (array,) = data.arrays
    assert same(arrays[array.name], array.values)
    assert (card["variant"], card["data"], card["tokens"]) == ("longformer", view, 40)
    assert (card["queries"], card["keys"]) == ("3:20", "1:33")
    assert card["axes"] == {array.name: [["query", 3], ["key", 1]]}
    assert "".join(card["query tokens"]).startswith("明月光")
    assert os.listdir(tmp_path) == [path.name]


@pytest.mark.parametrize("extension", list(WRITERS))
@pytest.mark.parametrize("array", ["hash.labels", "attend.normaliser", "output.values"])
def test_arrays_of_steps_come_back_bit_for_bit_from_every_format(tmp_path, extension, array):
    options = DataOptions(range(1, 9), array=array)
    data, path = steps_data("reformer", (), options, chunk_length=8), tmp_path / f"data{extension}"
    save_data(data, path)
    arrays, card = read_back(path, data)
    assert same(arrays[array], data.arrays[0].values)
    assert card["steps"]["hash"] == "groups"


@pytest.mark.parametrize("extension", [".npz", ".json"])
def test_all_arrays_of_a_run_fit_into_one_file(tmp_path, extension):
    data, path = steps_data("performer"), tmp_path / f"data{extension}"
    save_data(data, path)
    arrays, _ = read_back(path, data)
    assert set(arrays) == {each.name for each in data.arrays}
    for each in data.arrays:
        assert same(arrays[each.name], each.values)


@pytest.mark.parametrize("extension", list(WRITERS))
def test_infinities_and_doubles_come_back(tmp_path, extension):
    run = trace_of(*np.random.default_rng(0).standard_normal((3, 1, 9, 4)), "full").run
    data = data_of_steps(run, ("softmax",), DataOptions())
    (array,) = data.arrays
    values = array.values.copy()
    values[0, 2], values[0, 3] = -np.inf, np.inf
    odd = data_module.Data("steps", (data_module.NamedArray(array.name, values, array.axes, array.starts),), data.card)
    save_data(odd, path := tmp_path / f"data{extension}")
    assert values.dtype == np.float64
    assert same(read_back(path, odd)[0][array.name], values)


def test_nothing_is_pickled_and_a_name_without_an_extension_gets_one(tmp_path):
    path = save_data(view_data("longformer", "weights"), tmp_path / "weights")
    assert path.name == "weights.npz"
    np.load(path, allow_pickle=False)["card"]


@pytest.mark.parametrize("extension", TABLES)
def test_a_table_holds_one_array(tmp_path, extension):
    with pytest.raises(Problem) as refused:
        save_data(steps_data("reformer", chunk_length=8), tmp_path / f"data{extension}")
    assert refused.value.code == "one_table"
    assert "hash.labels" in str(refused.value)


# What cannot be -----------------------------------------------------------------------------------------------------


def test_a_range_that_is_too_large_is_refused_with_the_largest(monkeypatch):
    monkeypatch.setattr(data_module, "weights_between", None)  # it is refused before anything is computed
    monkeypatch.setattr(data_module, "MOST_VALUES", 100)
    with pytest.raises(Problem) as refused:
        view_data("longformer", "weights")
    assert refused.value.code == "range_too_large"
    assert "10 × 10" in str(refused.value)
    with pytest.raises(Problem) as refused:
        steps_data("longformer")
    assert refused.value.code == "too_many_values"


def test_text_holds_less(tmp_path, monkeypatch):
    monkeypatch.setattr("app.export.data_files.MOST_AS_TEXT", 400)
    assert MOST_AS_TEXT > 400
    data = view_data("longformer", "weights")
    with pytest.raises(Problem) as refused:
        save_data(data, tmp_path / "data.csv")
    assert "20 × 20" in str(refused.value)
    save_data(data, tmp_path / "data.npz")


@pytest.mark.parametrize(
    ("call", "code"),
    [
        (lambda: view_data("longformer", "weights", DataOptions(range(5, 5))), "bad_range"),
        (lambda: view_data("longformer", "weights", DataOptions(None, range(41))), "bad_range"),
        (lambda: steps_data("longformer", ("none",)), "unknown_step"),
        (lambda: steps_data("longformer", ("window",)), "no_arrays"),
        (lambda: steps_data("longformer", (), DataOptions(array="none")), "unknown_array"),
    ],
)
def test_what_is_not_there_is_said(call, code):
    with pytest.raises(Problem) as refused:
        call()
    assert refused.value.code == code
    assert str(refused.value)


def test_another_extension_is_refused(tmp_path):
    with pytest.raises(Problem) as refused:
        save_data(view_data("longformer", "weights"), tmp_path / "data.xlsx")
    assert refused.value.code == "unknown_extension"


@pytest.mark.parametrize("extension", list(WRITERS))
def test_a_full_disk_leaves_the_old_file_and_says_so(tmp_path, monkeypatch, extension):
    path = tmp_path / f"data{extension}"
    path.write_bytes(b"what was there")

    def full(handle):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(Problem) as refused:
        save_data(view_data("longformer", "weights"), path)
    assert os.strerror(errno.ENOSPC) in str(refused.value)
    assert path.read_bytes() == b"what was there"
    assert os.listdir(tmp_path) == [path.name]
