"""Stored runs in a file: what was written is read again, and nothing else can be read from it."""

from __future__ import annotations

import contextlib
import io
import json
import pickle
import zipfile
from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.records import packed
from app.stored_file import FORMAT, LARGEST_BYTES, MANIFEST, file_of, read_runs
from app.stored_runs import StoredRun, StoredRuns
from engines.headless import study_answer
from engines.messages import Answer, Measurement, MemoryTimeline, WeightsReply, WeightsSlice
from engines.problems import Problem
from engines.variants import variant_named, variants
from tests.app.runs import SETTINGS, known_of, model, run_of


def stored(name: str, length: int = 40, **more: object) -> StoredRun:
    """A small run, with measurements as the engine sends them."""
    run = run_of(name, length, "causal" in variant_named(name).masks, **SETTINGS.get(name, {}))
    card = (("device", "cpu"), ("repeats", "5"))
    measured = Measurement("variant", length, 0.001, 0.0, 5, 4096, "measured", card, name, name)
    memory = MemoryTimeline(((0.0, 10), (0.5, 20)), (("attend", 0.0, 0.5),))
    known = replace(known_of(run), measurements={"variant": measured}, memory=memory, finished=True)
    return StoredRun(known, model(), "a machine, 2026-11-26 01:00", **more)


@cache
def rich() -> StoredRun:
    """With weights and the answer of a study."""
    run = run_of("reformer", 40, **SETTINGS.get("reformer", {}))
    edges = np.arange(0, 41, 4)
    answer = Answer(3, "key-mass", study_answer(run, "key-mass", head=2), whole=True)
    reach = Answer(4, "receptive-field", study_answer(run, "receptive-field", head=2, locked=7), whole=True)
    return stored("reformer", weights=run.cells(WeightsSlice(0, 0, 0, 2, edges, edges)), answers=(answer, reach))


@cache
def rich_members() -> dict[str, bytes]:
    """Its file, unpacked."""
    with zipfile.ZipFile(io.BytesIO(file_of([rich()]))) as file:
        return {name: file.read(name) for name in file.namelist()}


def same(one: StoredRun, other: StoredRun) -> bool:
    """Everything but the patterns, which are made anew."""
    found = []
    for each in (one, other):
        arrays: list[np.ndarray] = []
        traced = replace(each.run.traced, pattern=None)
        text = json.dumps(packed(replace(each, run=replace(each.run, traced=traced)), arrays))
        found.append((text, [(array.dtype, array.shape, array.tobytes()) for array in arrays]))
    return found[0] == found[1]


@pytest.mark.parametrize("name", list(variants()))
def test_what_was_written_is_read_again(name):
    before = stored(name)
    (after,) = read_runs(file_of([before]), "a file")
    assert same(before, after)
    assert after.key == before.key
    assert list(after.tokens) == list(before.tokens)
    if before.run.traced.pattern is not None:
        assert after.run.traced.pattern.count() == before.run.traced.pairs_kept
    assert file_of([after]) == file_of([before])


def test_weights_and_answers_are_read_again():
    (after,) = read_runs(file_of([rich()]), "a file")
    assert same(rich(), after)
    assert isinstance(after.weights, WeightsReply)
    assert str(after.answers[0].panels[0].title) == str(rich().answers[0].panels[0].title)


def test_the_manifest_is_readable_and_names_no_python():
    with zipfile.ZipFile(io.BytesIO(file_of([rich()]))) as file:
        manifest = json.loads(file.read(MANIFEST))
        assert manifest["format"] == FORMAT
        assert manifest["runs"][0]["fields"]["run"]["fields"]["spec"]["fields"]["variant"] == "reformer"
        assert b"pickle" not in b"".join(file.read(name) for name in file.namelist())


# What is no such file -------------------------------------------------------------------------------------------------


def remade(change, members=None) -> bytes:
    """The file with its manifest changed, and members instead of its own."""
    manifest = json.loads(rich_members()[MANIFEST])
    changed = {MANIFEST: json.dumps(change(manifest) or manifest), **(members or {})}
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as new:
        for name, content in (rich_members() | changed).items():
            how = zipfile.ZIP_DEFLATED if len(content) > 1_000_000 else zipfile.ZIP_STORED
            new.writestr(name, content, how, compresslevel=1)
    return out.getvalue()


def npy(array: np.ndarray, header: dict | None = None, pickled: bool = False) -> bytes:
    out = io.BytesIO()
    if header:
        np.lib.format.write_array_header_1_0(out, header)
        out.write(array.tobytes())
    else:
        np.lib.format.write_array(out, array, allow_pickle=pickled)
    return out.getvalue()


WHOLE = file_of([stored("linear-transformer", 16)])


class Trap:
    def __reduce__(self):
        return pytest.fail, ("code of the file was run",)


def setting(*path: str, **values: object) -> bytes:
    """The file with other values in a record of its first run: ``path`` leads there, by the names of fields."""

    def change(manifest):
        record = manifest["runs"][0]
        for name in path:
            record = record["fields"][name] if isinstance(record, dict) else record[int(name)]
        record["fields"].update(values)

    return remade(change)


def with_array(content: bytes) -> bytes:
    return remade(lambda manifest: None, {"0.npy": content})


SPEC, IDS, PANEL = ("run", "spec"), ("run", "tokens"), ("answers", "0", "panels", "0")
HUGE = {"descr": "<f8", "fortran_order": False, "shape": (2**40,)}
CODE = b"\x93NUMPY\x01\x00\x20\x00__import__('os').abort()       \n"
HOSTILE = {
    "empty": b"",
    "no zip": b"PK\x03\x04 and then nothing",
    "a pickle": pickle.dumps([1, 2, 3]),
    "cut": WHOLE[:-200],
    "newer": remade(lambda manifest: manifest.update(format=99)),
    "no format": remade(lambda manifest: manifest.pop("format") and None),
    "format is text": remade(lambda manifest: manifest.update(format="1")),
    "deep": remade(lambda manifest: manifest.update(runs=json.loads("[" * 900 + "]" * 900))),
    "deeper": remade(lambda manifest: None, {MANIFEST: "[" * 200_000}),
    "unknown class": remade(lambda manifest: manifest["runs"][0].update(record="Popen")),
    "missing field": remade(lambda manifest: manifest["runs"][0]["fields"].pop("recorded") and None),
    "another field": setting(shell="rm"),
    "wrong type": setting(recorded=7),
    "a page of a place": setting(recorded="x" * 1000),
    "a place of two lines": setting(recorded="here\nand there"),
    "another class": setting(model={"map": []}),
    "no such array": setting(*IDS, ids={"array": 999}),
    "wrong array": setting(*IDS, ids={"array": 1}),
    "a path": setting(*IDS, ids={"array": "../0"}),
    "length": setting(*SPEC, length=2**40),
    "variant": setting(*SPEC, variant="../../etc"),
    "parameter": setting(*SPEC, parameters=[["rounds", -3]]),
    "a template that reaches": setting(*PANEL, title={"words": "{a.__class__.__init__}", "values": {"a": "x"}}),
    "a template that grows": setting(*PANEL, title={"words": "{a:>999999999}", "values": {"a": "x"}}),
    "objects in an array": with_array(npy(np.array([Trap()], dtype=object), pickled=True)),
    "a huge shape": with_array(npy(np.zeros(1), HUGE)),
    "code in a header": with_array(CODE),
    "a bomb": with_array(bytes(LARGEST_BYTES)),
}


@pytest.mark.parametrize("what", list(HOSTILE))
def test_a_hostile_file_gets_one_sentence(what):
    with pytest.raises(Problem) as caught:
        read_runs(HOSTILE[what], "a file")
    sentence = str(caught.value)
    assert ("a file" in sentence) or ("newer Attnscope" in sentence)
    assert len(sentence) < 300
    assert "\n" not in sentence


def places_of(value, path=()):
    """Every place in the manifest."""
    yield path
    if isinstance(value, dict | list):
        for key in value if isinstance(value, dict) else range(len(value)):
            yield from places_of(value[key], (*path, key))


JUNK = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**70), 2**70),
    st.floats(),
    st.text(max_size=5),
    st.lists(st.integers(), max_size=3),
    st.sampled_from(
        [
            {"array": 0},
            {"array": 3},
            {"words": "{x}", "values": {}},
            {"problem": "empty_text", "values": {}},
            {"record": "Blocks", "fields": {"length": 0, "look_back": -1}},
            {"number": "nan"},
            {"map": [["a", 1]]},
        ]
    ),
)
PLAIN = json.loads(rich_members()[MANIFEST])
PLACES = [place for place in places_of(PLAIN) if place and "pieces" not in place]


@settings(max_examples=120, deadline=None)
@given(st.sampled_from(PLACES), JUNK)
def test_a_changed_manifest_is_read_or_refused(place, junk):
    """Whatever stands anywhere in it: a run that can be drawn, or one sentence."""

    def change(manifest):
        inner = manifest
        for key in place[:-1]:
            inner = inner[key]
        inner[place[-1]] = junk

    with contextlib.suppress(Problem):
        for each in read_runs(remade(change), "a file"):
            assert len(each.tokens) == each.key[0].length
            file_of([each])


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_a_damaged_file_is_read_or_refused(data):
    content = bytearray(WHOLE)
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, len(content)))
    for damaged in (bytes(content), bytes(content[:cut])):
        with contextlib.suppress(Problem):
            assert all(len(each.tokens) == each.key[0].length for each in read_runs(damaged, "a file"))


# In memory ------------------------------------------------------------------------------------------------------------


def test_ones_own_run_goes_before_a_loaded_one():
    own, loaded = stored("longformer"), stored("longformer")
    runs = StoredRuns("here")
    runs.load([loaded])
    assert runs.find(*own.key).recorded == loaded.recorded
    runs.keep(own.run, own.model)
    assert runs.find(*own.key).recorded.startswith("here")


def test_those_of_later_are_read_once_when_they_are_needed():
    own, asked = stored("longformer"), []
    runs = StoredRuns("here")
    runs.later = lambda: asked.append(1) or [own]
    assert runs.find(own.key[0], 99) is None
    assert runs.find(*own.key).recorded == own.recorded
    assert asked == [1]


def test_weights_and_answers_belong_to_their_run():
    whole = rich()
    runs = StoredRuns("here")
    runs.keep_weights(whole.run, whole.weights)
    runs.keep(whole.run, whole.model)
    runs.keep_weights(whole.run, whole.weights)
    for answer in (*whole.answers, replace(whole.answers[0], whole=False), whole.answers[0]):
        runs.keep_answer(whole.run, answer)
    found = runs.find(*whole.key)
    assert found.weights is whole.weights
    assert sorted(each.study for each in found.answers) == ["key-mass", "receptive-field"]
    runs.keep(replace(whole.run, run_id=99), whole.model)
    assert runs.find(*whole.key).weights is None
