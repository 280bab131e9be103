"""Several panes as one figure: in words, in vectors as in pixels, with one colour bar for all."""

import io
from functools import cache

import numpy as np
import pypdf
import pypdfium2
import pytest
import resvg_py
from PIL import Image
from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage, QPainter

from app.export.headless import figure_of, figure_of_panes
from app.export.image import render_page
from app.export.look import Look
from app.export.panes_view import Panel, PanesView, lettered
from app.export.still import page_of
from app.export.vector import pdf_bytes, svg_bytes
from app.theme import FIGURE_THEMES
from engines.attention_cells import attention_cells
from tests.app.export.shown import pane_with
from tests.app.export.test_vector import FONTS, assert_alike, image_of_figure, signs
from tests.app.export.text_recorder import words_of
from tests.app.runs import run_of
from widgets.pane_area import places

VARIANTS = ("full", "longformer", "sparse-transformer", "bigbird")


@cache
def figure(count, view, width, **look):
    """(figure, page) of so many variants, ``width`` in mm."""
    finest = 10 if width < 100 else 4  # pixels to a point, so that pages are whole ones; shrunk hatching is blurred
    look = Look(width / 25.4, dpi=finest * 72, **look)
    names = VARIANTS[:count]
    panes = [pane_with(name, view, locked=20) for name in names]
    made = figure_of_panes([run_of(name) for name in names], panes, look)
    return made, page_of(look, made)


many = pytest.mark.parametrize(
    ("count", "view", "width"),
    [(2, "weights", 174), (2, "pattern", 84), (3, "pattern", 174), (4, "weights", 174), (4, "weights", 84)],
)


@many
def test_vectors_show_what_the_image_shows(qapp, count, view, width):
    made, page = figure(count, view, width)
    wanted = image_of_figure(made, page)
    pdf = pypdfium2.PdfDocument(pdf_bytes(made, page))[0].render(scale=page.dpi / 72).to_numpy()[..., 2::-1]
    assert_alike(pdf.astype(np.float64), wanted)
    svg = resvg_py.svg_to_bytes(svg_string=svg_bytes(made, page).decode(), dpi=page.dpi, font_files=FONTS)
    assert_alike(np.asarray(Image.open(io.BytesIO(bytes(svg))).convert("RGB"), dtype=np.float64), wanted)


@many
def test_each_has_its_letter_and_weights_one_bar(qapp, count, view, width):
    made, page = figure(count, view, width)
    words = words_of(made, QRectF(0, 0, *page.size))
    assert [letter in words for letter in ("(a)", "(b)", "(c)", "(d)")] == [at < count for at in range(4)]
    assert words.split().count("weight") == (view == "weights")
    text = pypdf.PdfReader(io.BytesIO(pdf_bytes(made, page))).pages[0].extract_text()
    assert signs(text) == signs(words)


def test_all_weights_have_the_colours_of_the_strongest(qapp):
    made, _ = figure(2, "weights", 174)
    edges = np.arange(41)
    strongest = max(
        np.nanmax(attention_cells(run.prepared, run.steps, run.pattern(2), 2, edges, edges)[0])
        for run in map(run_of, VARIANTS[:2])
    )
    assert {panel.view.weights.largest for panel in made.view.panels} == {made.view.weights.largest}
    assert made.view.weights.largest == pytest.approx(float(strongest))


class Placed:
    """A view that only remembers where it was drawn."""

    def paint_onto(self, painter, rect):
        self.rect = rect


@pytest.mark.parametrize("count", [2, 3, 4])
def test_panels_stand_as_panes_do_in_the_window(qapp, count):
    views = [Placed() for _ in range(count)]
    grid = PanesView(tuple(Panel(view, "Full") for view in views), FIGURE_THEMES["print"])
    image = QImage(600, 400, QImage.Format.Format_RGB32)
    painter = QPainter(image)
    grid.paint_onto(painter, QRectF(image.rect()))
    painter.end()
    for view, place in zip(views, places(count, 600, 400), strict=True):
        assert (view.rect.left(), view.rect.width(), view.rect.bottom()) == (
            place.x(),
            place.width(),
            place.y() + place.height(),
        )
        assert 10 < view.rect.top() - place.top() < 40, "the title stands above"


def test_the_caption_tells_of_each_panel(qapp):
    made, _ = figure(2, "pattern", 174, caption=True)
    panes = [pane_with(name, locked=20) for name in VARIANTS[:2]]
    alone = [figure_of(run_of(pane.variant), pane).told for pane in panes]
    assert made.caption == made.told == lettered(alone)
    assert [card["variant"] for card in made.metadata["panes"]] == list(VARIANTS[:2])


def test_one_pane_is_its_own_figure_and_one_without_the_view_shows_its_pattern(qapp):
    pane = pane_with("reformer", "buckets", chunk_length=8)
    run = run_of("reformer", chunk_length=8)
    one, alone = figure_of_panes([run], [pane], Look()), figure_of(run, pane)
    assert (one.title, one.told, one.metadata) == (alone.title, alone.told, alone.metadata)
    assert render_page(one, page_of(Look(dpi=50), one)) == render_page(alone, page_of(Look(dpi=50), alone))
    both = figure_of_panes([run, run_of("full")], [pane, pane_with("full", "buckets")], Look())
    assert [type(panel.view).__name__ for panel in both.view.panels] == ["BucketView", "PatternView"]


def test_a_narrow_panel_s_legend_has_as_many_lines_as_it_takes(qapp):
    panes = [pane_with(name, "difference", locked=20) for name in ("longformer", "reformer")]
    made = figure_of_panes([run_of(pane.variant) for pane in panes], panes, Look())
    words = words_of(made, QRectF(0, 0, 420, 320))
    assert words.count("not kept") == words.count("masked") == 2
