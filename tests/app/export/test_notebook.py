"""Figures from a notebook: README's in a process of its own, with no window and no display; every format and size."""

import json
import os
import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import numpy as np
import pypdf
import pytest
from PySide6.QtGui import QImage

from app.export import figure
from engines.notebook import trace, trace_of
from engines.problems import Problem
from tests.app.runs import WORDS

ROOT = Path(__file__).parents[3]


def test_the_figure_of_the_readme_is_made_without_a_display(tmp_path):
    blocks = re.findall(r"```python\n(.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.DOTALL)
    script = next(block for block in blocks if "figure_of" in block)
    screens = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    environment = {name: value for name, value in os.environ.items() if name not in screens}
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=tmp_path, env={**environment, "PYTHONPATH": str(ROOT)},
        capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "256 tokens of Hamlet." in done.stdout
    assert (tmp_path / "figure.pdf").read_bytes().startswith(b"%PDF-")


@pytest.fixture(scope="module")
def of_a_text():
    return trace(WORDS, "reformer", 40, chunk_length=8)


@pytest.mark.parametrize(
    ("name", "head"), [("f.png", b"\x89PNG"), ("f.svg", b"<?xml"), ("f.pdf", b"%PDF-"), ("f", b"")]
)
def test_a_figure_is_saved_in_the_format_of_its_name(qapp, of_a_text, tmp_path, name, head):
    written = figure(of_a_text, view="buckets", theme="print").save(tmp_path / name, width="84mm", letters="7pt")
    assert written == tmp_path / (name if "." in name else name + ".png")
    content = written.read_bytes()
    assert content.startswith(head)
    if written.suffix == ".png":
        assert QImage(str(written)).width() == round(84 / 25.4 * 144)
    elif written.suffix == ".pdf":
        page = pypdf.PdfReader(written).pages[0]
        assert float(page.mediabox.width) == pytest.approx(84 / 25.4 * 72, abs=1)
        assert "Reformer" in page.extract_text()
    else:
        svg = content.decode()
        assert ">Reformer · 40 tokens" in svg
        assert json.loads(ET.fromstring(svg).find("{*}metadata").text)["parameters"]["chunk_length"] == 8


def test_a_size_in_pixels_is_a_page_of_them(qapp, of_a_text, tmp_path):
    shown = figure(of_a_text, head=3)
    shown.save(tmp_path / "a.png", size=(400, 300), dpi=100)
    image = QImage(str(tmp_path / "a.png"))
    assert (image.width(), image.height()) == (400, 300)
    assert json.loads(image.text("Attnscope"))["head"] == 4
    page = pypdf.PdfReader(shown.save(tmp_path / "a.pdf", size=(400, 300), dpi=100)).pages[0]
    assert (float(page.mediabox.width), float(page.mediabox.height)) == pytest.approx((288, 216), abs=1)


def test_q_k_and_v_of_ones_own_have_no_layer(qapp, tmp_path):
    q, k, v = np.random.default_rng(0).standard_normal((3, 2, 32, 8))
    text = (
        figure(trace_of(q, k, v, "longformer", window=4), view="weights", head=1).save(tmp_path / "w.svg").read_text()
    )
    assert "Longformer · 32 tokens · head 2" in text


@pytest.mark.parametrize(
    ("how", "said"),
    [
        ({"path": "f.jpg"}, "end its name with one of .png, .svg, .pdf"),
        ({"width": "84"}, "A size is a number with mm"),
        ({"width": "84mm", "letters": "8mm"}, "A type size is from 2 to 72 points"),
    ],
)
def test_what_cannot_be_saved_is_said(qapp, of_a_text, tmp_path, how, said):
    with pytest.raises(Problem, match=said):
        figure(of_a_text).save(**{"path": "f.pdf", **how})
    with pytest.raises(Problem, match="There is no theme “paper”; choose one of print, print-grey"):
        figure(of_a_text, theme="paper")


@pytest.mark.parametrize("how", [{"size": (1, 100)}, {"size": (1600, 10**9)}, {"dpi": 0}, {"dpi": float("nan")}])
def test_a_size_that_cannot_be_is_refused_before_anything_is_drawn(of_a_text, tmp_path, how):
    with pytest.raises(Problem) as refused:
        figure(of_a_text).save(tmp_path / "f.png", **how)
    assert refused.value.code == "bad_number"
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("locked", [-2, 40])
def test_a_token_that_is_not_there_is_refused(of_a_text, locked):
    with pytest.raises(Problem, match="The token must be from -1 to 39"):
        figure(of_a_text, locked=locked)
