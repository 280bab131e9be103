"""A study's answer, as the window draws it and as the command line prints it."""

import json
from itertools import pairwise

import numpy as np
import pytest

from app.study_presenter import colour_of, number_data, study_panels
from app.study_text import as_json, as_text
from app.theme import variant_colour
from engines.headless import study_answer
from engines.studies import studies_of
from engines.study import Cloud, Curve, HeatMap, Line, Mark, Panel, Quantities, Quantity, Reach, Scatter, Words
from engines.trace import Extent, Products
from engines.variants import variant_named, variants
from tests.app.runs import run_of
from widgets.colour_ramp import rgb
from widgets.plots.curve_plot import CurvePicture
from widgets.plots.plot_data import CurveData, HeatMapData, NumbersData, ProductsData, ReachData, ScatterData
from widgets.themes import DARK, LIGHT

X = np.array([1.0, 2.0, 4.0])
PANELS = (
    Panel(Words("A curve of {n}", {"n": 3}), Curve("x", "y", (Line("own", X, X), Line("other", X, -X, colour=0)),
          (Mark("k", 2.0),), logarithmic_x=True)),
    Panel(Words("A cloud"), Scatter("x", "y", (Cloud("c", X, X),), diagonal=True)),
    Panel(Words("Heat"), HeatMap(np.array([[0.0, np.nan], [1.0, 2.0]]), "row", "column"), Words("A note"), True),
    Panel(Words("Reach"), Reach(np.array([[1.0, 0.5], [0.0, 1.0]]), np.array([0, 2, 4]), 3)),
    Panel(Words("Sizes"), Products((Extent("Q", 8, 2, "input", "·", "softmax"), Extent("n × n", 8, 8, "never made")))),
    Panel(Words("Numbers"), Quantities((Quantity("a", 0.934, share=True), Quantity("b", 2e-3, "s"),
          Quantity("c", 4096.0, "bytes"), Quantity("d", 12.0, "keys", card=(("what", "counted"),))))),
)  # fmt: skip


def test_each_kind_has_its_plot():
    plots = [panel.plot for panel in study_panels(PANELS, variant_named("longformer"), DARK)]
    assert [type(plot) for plot in plots] == [CurveData, ScatterData, HeatMapData, ReachData, ProductsData, NumbersData]


def test_words_are_filled_and_colours_told_apart():
    curve, _, heat, *_ = study_panels(PANELS, variant_named("longformer"), DARK)
    assert curve.title == "A curve of 3"
    own, other = curve.plot.lines
    assert own.colour != other.colour
    assert (heat.note, heat.reconstructed) == ("A note", True)


def test_a_second_line_of_a_variant_looks_different_and_has_its_own_entry_in_the_legend():
    lines = (
        Line("front", X, X, colour="full"),
        *(Line(label, X, X, look="points", colour="full") for label in ("Full", "Full (shared QK)")),
        *(Line(label, X, X, colour="sparse-transformer") for label in ("fixed", "strided")),
        *(Line(f"head {head}", X, X, colour=0) for head in (2, 3)),
    )
    (panel,) = study_panels((Panel(Words(""), Curve("x", "y", lines)),), variant_named("longformer"), DARK)
    looks = ["line", "points", "hollow points", "line", "hollow line", "line", "line"]
    assert [line.look for line in panel.plot.lines] == looks
    entries = [(entry.words, entry.sign) for entry in CurvePicture(panel.plot, DARK).legend()]
    assert entries == [
        ("front", "line"),
        ("Full", "dot"),
        ("Full (shared QK)", "hollow dot"),
        ("fixed", "line"),
        ("strided", "hollow line"),
        ("head 2, head 3", "line"),
    ]


@pytest.mark.parametrize("theme", [DARK, LIGHT])
def test_what_stands_beside_its_own_line_is_a_paler_shade_of_it(theme):
    ground = rgb(theme.background)
    for own in (variant_colour(order, theme) for order in range(10)):
        shades = [rgb(colour_of(-1 - number, own, theme)) for number in range(5)]
        shares = [(shade - ground) @ (rgb(own) - ground) / ((rgb(own) - ground) ** 2).sum() for shade in shades]
        assert shares[0] == 1
        assert all(after < before for before, after in pairwise(shares))
        assert shares[-1] > 0.3
        for shade, share in zip(shades, shares, strict=True):
            np.testing.assert_allclose(shade, ground + share * (rgb(own) - ground), atol=2)


@pytest.mark.parametrize(
    ("quantity", "value", "unit"),
    [
        (Quantity("a", 0.934, share=True), "93.4", "%"),
        (Quantity("a", 0.0004, share=True), "0.04", "%"),
        (Quantity("a", 1.8e-7, share=True), "<0.001", "%"),  # rounding, as the live numbers say it
        (Quantity("a", 2e-3, "s"), "2.00", "ms"),
        (Quantity("a", 4096.0, "bytes"), "4.10", "kB"),
        (Quantity("a", 12345.0, "keys"), "12,345", "keys"),
        (Quantity("a", 0.123456, ""), "0.123", ""),
    ],
)
def test_numbers_as_people_read_them(quantity, value, unit):
    number = number_data(quantity)
    assert (number.value, number.unit) == (value, unit)


def test_json_holds_every_number_and_nothing_that_is_none():
    told = json.loads(json.dumps(as_json(PANELS), allow_nan=False))
    assert [panel["kind"] for panel in told] == ["Curve", "Scatter", "HeatMap", "Reach", "Products", "Quantities"]
    assert told[0]["data"]["lines"][0]["x"] == [1, 2, 4]
    assert told[2]["data"]["values"] == [[0, None], [1, 2]]


def test_text_tells_each_kind():
    told = [as_text(panel) for panel in PANELS]
    assert "A curve of 3" in told[0]
    assert "1: 1" in told[0]
    assert "3 points" in told[1]
    assert "(reconstructed for display)" in told[2]
    assert "A note" in told[2]
    assert "entering layer 1: 3 tokens" in told[3]
    assert "n × n: 8 × 8 never made" in told[4]
    assert "a: 93.4 %" in told[5]


@pytest.mark.parametrize("name", list(variants()))
def test_every_answer_can_be_told(name):
    causal = "causal" in variants()[name].masks
    run = run_of(name, 40, causal)
    for study in studies_of(variants()[name], causal):
        if study.name in ("cached-or-again", "random-features", "state-or-cache", "quality-and-cost", "needle"):
            continue  # they time, draw or run every model for seconds; their own tests have them
        panels = study_answer(run, study.name, 2, 20)
        assert panels
        assert study_panels(panels, variants()[name], DARK)
        assert all(as_text(panel) for panel in panels)
        json.dumps(as_json(panels), allow_nan=False)
