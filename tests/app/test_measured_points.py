"""Measurements kept between starts, and which of them may stand in one chart."""

import json
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from app.measured_points import MOST_POINTS, MeasuredPoints
from engines.messages import Measurement
from engines.words import Words

CARD = (
    ("parameters", "window 512"),
    ("mask", "causal"),
    ("heads × dim", "4 × 32"),
    ("dtype", "float32"),
    ("device", "cpu"),
    ("threads", "2"),
    ("torch", "2.13.0"),
)


def measured(n=64, seconds=0.5, variant="longformer", **card):
    rows = tuple((name, card.get(name, value)) for name, value in CARD)
    return Measurement("variant", n, seconds, 0.01, 3, 1000, "measured", rows, variant, variant.title())


def values(points, like):
    return sorted(
        (each.measurement.variant, each.measurement.n, each.measurement.seconds) for each in points.comparable(like)
    )


def test_points_come_back(tmp_path):
    path = tmp_path / "folder" / "points.jsonl"
    first = MeasuredPoints(path)
    for n in (64, 128, 256):
        first.add(measured(n))
    again = MeasuredPoints(path)
    assert again.points == first.points
    assert values(again, measured()) == [("longformer", n, 0.5) for n in (64, 128, 256)]


def test_what_was_measured_comes_back_as_words(tmp_path):
    what = Words("attend of {label}, layer {layer}, all heads, batch 1", {"label": "Full", "layer": 2})
    one = measured()
    MeasuredPoints(tmp_path / "points").add(replace(one, card=(("what", what), *one.card)))
    (again,) = MeasuredPoints(tmp_path / "points").points.values()
    back = dict(again.measurement.card)["what"]
    assert (back, back.template, back.values) == (what, what.template, {"label": "Full", "layer": "2"})


def test_a_newer_point_of_the_same_length_replaces(tmp_path):
    points = MeasuredPoints(tmp_path / "points.jsonl")
    points.add(measured(64, 0.5))
    points.add(measured(64, 0.25))
    assert values(points, measured()) == [("longformer", 64, 0.25)]
    assert values(MeasuredPoints(tmp_path / "points.jsonl"), measured()) == [("longformer", 64, 0.25)]


def test_what_is_predicted_or_unfinished_is_not_kept():
    points = MeasuredPoints(None)
    points.add(replace(measured(), kind="predicted"))
    points.add(replace(measured(), peak_bytes=None))
    assert not points.points


def test_only_equal_circumstances_stand_together():
    points = MeasuredPoints(None)
    for name in ("mask", "heads × dim", "dtype", "device", "threads", "torch"):
        points.add(measured(64, **{name: "other"}))
    points.add(measured(128))
    assert values(points, measured()) == [("longformer", 128, 0.5)]


def test_without_a_measurement_the_last_ones_of_its_mask_stay():
    points = MeasuredPoints(None)
    assert points.comparable(None, "causal") == []
    points.add(measured(128, mask="causal"))
    shown = points.comparable(measured(mask="causal"))
    assert points.comparable(None, "causal") == shown != []
    assert points.comparable(None, "bidirectional") == []
    points.add(measured(256, mask="bidirectional"))
    assert [each.measurement.n for each in points.comparable(None, "bidirectional")] == [256]
    assert points.comparable(None, "causal") == shown


def test_one_line_a_variant_with_the_present_parameters():
    points = MeasuredPoints(None)
    points.add(measured(64, 1.0, parameters="window 16"))
    points.add(measured(64, 2.0, parameters="window 512"))
    points.add(measured(64, 3.0, variant="reformer", parameters="rounds 2"))
    points.add(measured(64, 4.0, variant="reformer", parameters="rounds 4"))
    present = measured(parameters="window 16")
    assert values(points, present) == [("longformer", 64, 1.0), ("reformer", 64, 4.0)]


def test_both_textbook_and_fused_full_attention_have_a_line():
    points = MeasuredPoints(None)
    points.add(measured(64, 1.0, variant="full", parameters="kernel textbook"))
    points.add(measured(64, 2.0, variant="full", parameters="kernel fused"))
    assert values(points, measured()) == [("full", 64, 1.0), ("full", 64, 2.0)]


@given(st.lists(st.text() | st.binary().map(lambda raw: raw.decode("latin-1")), max_size=5))
def test_lines_that_are_no_measurement_are_passed_over(tmp_path_factory, lines):
    path = tmp_path_factory.mktemp("points") / "points.jsonl"
    good = MeasuredPoints(path)
    good.add(measured())
    with path.open("a", encoding="utf-8", errors="replace") as file:
        file.write("\n".join(lines) + "\n")
    assert list(MeasuredPoints(path).points) == list(good.points)


def test_hostile_lines_are_passed_over(tmp_path):
    path = tmp_path / "points.jsonl"
    good = json.loads(json.dumps({**measured().__dict__}))
    hostile = [
        {**good, "n": "many"},
        {**good, "n": -1},
        {**good, "seconds": "fast"},
        {**good, "seconds": -1.0},
        {**good, "seconds": float("nan")},
        {**good, "peak_bytes": "all"},
        {**good, "card": 3},
        {**good, "card": [[1]]},
        {**good, "kind": 7},
        {**good, "variant": []},
        {**good, "label": {}},
        {**good, "more": 1},
        [],
        3,
    ]
    path.write_text("\n".join(map(json.dumps, hostile)) + "\n" + "[" * 100_000, encoding="utf-8")
    assert not MeasuredPoints(path).points


def test_no_more_than_the_latest_are_read(tmp_path):
    path = tmp_path / "points.jsonl"
    line = json.dumps(measured().__dict__)
    path.write_text((line + "\n") * (MOST_POINTS - 1) + json.dumps(measured(128).__dict__) + "\n", encoding="utf-8")
    assert len(MeasuredPoints(path).points) == 2


def test_a_place_that_cannot_be_written_costs_only_the_memory(tmp_path):
    (tmp_path / "file").write_text("in the way")
    points = MeasuredPoints(tmp_path / "file" / "points.jsonl")
    points.add(measured())
    assert values(points, measured()) == [("longformer", 64, 0.5)]
