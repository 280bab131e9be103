"""SVG and PDF of every view, opened by other programs: the same picture as the PNG, the same words, nothing cut off."""

import io
import json
import math
import re
from collections import Counter
from dataclasses import replace
from functools import cache
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pypdf
import pypdfium2
import pytest
import resvg_py
from PIL import Image
from PySide6.QtCore import QRectF

from app.export.headless import figure_of, figure_of_panes
from app.export.image import render_page
from app.export.look import Look
from app.export.still import page_of
from app.export.vector import CARD_FILE, pdf_bytes, svg_bytes
from app.session import Pane
from engines.variants import variant_named
from tests.app.export.text_recorder import words_of
from tests.app.runs import SETTINGS, run_of

VIEWS = (
    ("longformer", "pattern"),
    ("longformer", "weights"),
    ("reformer", "buckets"),
    ("sparse-transformer", "fold"),
    ("transformer-xl", "segments"),
    ("linear-transformer", "state"),
    ("linformer", "products"),
    ("longformer", "receptive-field"),
    ("full", "key-mass"),
    ("linformer", "low-rank"),
)
COLUMN = Look(width=240 / 72, type_points=8.0, dpi=96.0)  # three points are four pixels: no program rounds a size
FONTS = [str(path) for path in Path("resources/fonts").glob("*.otf")]
every_view = pytest.mark.parametrize(("variant", "view"), VIEWS, ids=[view for _, view in VIEWS])


@cache
def drawn(variant, view, caption=False):
    """(figure, page, PDF, SVG) at the width of a column."""
    settings, causal = SETTINGS.get(variant, {}), "causal" in variant_named(variant).masks
    run = run_of(variant, 40, causal, **settings)
    pane = Pane(variant, {variant: settings}, length=40, causal=causal, layer=1, head=2, view=view, locked=33)
    figure = figure_of(run, pane, Look(**{**vars(COLUMN), "caption": caption}))
    page = page_of(COLUMN, figure)
    page = replace(page, height=math.ceil(page.height * 24 - 1e-9) / 24)
    return figure, page, pdf_bytes(figure, page), svg_bytes(figure, page)


def image_of_figure(figure, page):
    image = render_page(figure, page)
    raw = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine() // 4, 4)
    return raw[:, : image.width(), 2::-1].astype(np.float64)


def coarse(pixels, height, width, block=6):
    """Means of blocks: two programs smooth edges differently, but not where things are nor what colour they have."""
    pixels = pixels[: height // block * block, : width // block * block]
    return pixels.reshape(height // block, block, width // block, block, 3).mean((1, 3))


def assert_alike(first, second):
    height, width = (min(sizes) for sizes in zip(first.shape[:2], second.shape[:2], strict=True))
    assert max(abs(a - b) for a, b in zip(first.shape[:2], second.shape[:2], strict=True)) <= 2
    apart = np.abs(coarse(first, height, width) - coarse(second, height, width)).max(-1)
    assert apart.mean() < 3
    assert np.quantile(apart, 0.99) < 40


def signs(words):
    """How often each sign occurs, spaces aside: programs put the words in another order."""
    return Counter(re.sub(r"\s", "", words))


@every_view
def test_a_pdf_shows_what_the_image_shows(qapp, variant, view):
    figure, page, pdf, _ = drawn(variant, view)
    shown = pypdfium2.PdfDocument(pdf)[0].render(scale=page.dpi / 72).to_numpy()[..., 2::-1]
    assert_alike(shown.astype(np.float64), image_of_figure(figure, page))


@every_view
def test_an_svg_shows_what_the_image_shows(qapp, variant, view):
    figure, page, _, svg = drawn(variant, view)
    png = resvg_py.svg_to_bytes(svg_string=svg.decode(), dpi=page.dpi, font_files=FONTS)
    shown = np.asarray(Image.open(io.BytesIO(bytes(png))).convert("RGB"), dtype=np.float64)
    assert_alike(shown, image_of_figure(figure, page))


@pytest.mark.parametrize("share", [0.9, 1.0])
def test_an_svg_has_the_rows_of_all_rounds(qapp, share):
    settings = {"chunk_length": 8, "rounds": 4}
    pane = Pane("reformer", {"reformer": settings}, length=32, layer=1, head=2, view="buckets")
    look = replace(COLUMN, width=174 / 25.4)
    figure = figure_of_panes([run_of("reformer", 32, **settings)], [pane], look, share)
    page = page_of(look, figure)
    svg = svg_bytes(figure, page).decode()
    png = resvg_py.svg_to_bytes(svg_string=svg, dpi=page.dpi, font_files=FONTS)
    shown = np.asarray(Image.open(io.BytesIO(bytes(png))).convert("RGB"), dtype=np.float64)
    image = image_of_figure(figure, page)
    height, width = (min(sizes) for sizes in zip(shown.shape[:2], image.shape[:2], strict=True))
    apart = np.abs(coarse(shown, height, width, 12) - coarse(image, height, width, 12)).max(-1)
    assert apart.max() < 45


@every_view
def test_text_is_text_and_all_of_it(qapp, variant, view):
    figure, page, pdf, svg = drawn(variant, view)
    painted = signs(words_of(figure, QRectF(0, 0, *page.size)))
    assert sum(painted.values()) > 20
    texts = ElementTree.fromstring(svg).iter("{http://www.w3.org/2000/svg}text")
    assert signs(" ".join(each.text or "" for each in texts)) == painted
    assert signs(pypdf.PdfReader(io.BytesIO(pdf)).pages[0].extract_text()) == painted


@every_view
def test_nothing_leaves_the_page(qapp, variant, view):
    _, _, pdf, _ = drawn(variant, view)
    page = pypdfium2.PdfDocument(pdf)[0]
    width, height = page.get_size()
    text = page.get_textpage()
    for index in range(text.count_chars()):
        if text.get_text_range(index, 1).strip():
            left, bottom, right, top = text.get_charbox(index)
            assert -0.5 <= left <= right <= width + 0.5
            assert -0.5 <= bottom <= top <= height + 0.5
    ink = 255 - page.render(scale=1, grayscale=True).to_numpy().squeeze()
    assert not ink[0].any()
    assert not ink[-1].any()
    assert not ink[:, 0].any()
    assert not ink[:, -1].any()


def boxes_of_letters(pdf):
    """Left, bottom, right, top of every sign on the page, in points [sign, 4]."""
    page = pypdfium2.PdfDocument(pdf)[0]
    text = page.get_textpage()
    seen = [index for index in range(text.count_chars()) if text.get_text_range(index, 1).strip()]
    return np.array([text.get_charbox(index) for index in seen])


@pytest.mark.parametrize("points", [6.0, 8.0, 10.0])
@pytest.mark.parametrize(("variant", "view"), [*VIEWS, ("performer", "state"), ("performer", "products")])
def test_no_letter_lies_on_another(qapp, variant, view, points):
    figure, _, _, _ = drawn(variant, view)
    boxes = boxes_of_letters(pdf_bytes(figure, page_of(replace(COLUMN, type_points=points), figure)))
    low = np.maximum(boxes[:, None, :2], boxes[None, :, :2])
    high = np.minimum(boxes[:, None, 2:], boxes[None, :, 2:])
    shared = np.prod(np.maximum(high - low, 0), -1)
    own = np.prod(boxes[:, 2:] - boxes[:, :2], -1)
    on_another = np.triu(shared > 0.3 * np.minimum(own[:, None], own[None]), 1) & (shared > 0)
    assert not on_another.any()


@pytest.mark.parametrize("points", [6.0, 8.0, 10.0])
@every_view
def test_no_word_is_cut(qapp, variant, view, points):
    figure, _, _, _ = drawn(variant, view)
    page = page_of(replace(COLUMN, type_points=points), figure)
    words = words_of(figure, QRectF(0, 0, *page.size))
    tokens = {"fold", "state"} & {view}  # a token's piece has its cell, and may be longer
    assert tokens or "…" not in words


def sizes_of_letters(pdf):
    """Points -> how many signs have that size."""
    sizes = Counter()

    def visit(text, transform, matrix, font, size):
        across = np.hypot(matrix[0], matrix[1]) * np.hypot(transform[0], transform[1])
        if text.strip():
            sizes[round(float(size * across), 2)] += len(text.strip())

    pypdf.PdfReader(io.BytesIO(pdf)).pages[0].extract_text(visitor_text=visit)
    return sizes


@pytest.mark.parametrize("points", [7.0, 8.0, 10.5])
def test_letters_have_the_points_that_were_asked_for(qapp, points):
    figure, _, _, _ = drawn("longformer", "pattern")
    pdf = pdf_bytes(figure, page_of(Look(width=84 / 25.4, type_points=points), figure))
    sizes = sizes_of_letters(pdf)
    title = points * 15 / 12
    assert {size for size in sizes if abs(size - points) > 0.05} <= {size for size in sizes if abs(size - title) < 0.05}
    assert max(sizes, key=sizes.get) == pytest.approx(points, abs=0.05)


@every_view
def test_fonts_are_embedded(qapp, variant, view):
    _, _, pdf, _ = drawn(variant, view)
    fonts = pypdf.PdfReader(io.BytesIO(pdf)).pages[0]["/Resources"]["/Font"].values()
    descriptors = [font.get_object()["/DescendantFonts"][0].get_object()["/FontDescriptor"] for font in fonts]
    assert descriptors
    assert all({"/FontFile", "/FontFile2", "/FontFile3"} & set(each.get_object()) for each in descriptors)


@every_view
def test_cells_are_few_images_and_the_rest_is_lines(qapp, variant, view):
    _, _, pdf, svg = drawn(variant, view)
    images = list(ElementTree.fromstring(svg).iter("{http://www.w3.org/2000/svg}image"))
    resources = pypdf.PdfReader(io.BytesIO(pdf)).pages[0]["/Resources"]
    objects = resources.get("/XObject", {}).values()
    assert len(images) <= 12
    assert all(each.get_object()["/Filter"] == "/FlateDecode" for each in objects), "cells are kept without loss"
    assert len(svg) < 600_000
    assert len(pdf) < 300_000


def test_a_heat_map_is_one_image_as_fine_as_printers_print(qapp):
    _, page, pdf, _ = drawn("longformer", "weights")
    objects = pypdf.PdfReader(io.BytesIO(pdf)).pages[0]["/Resources"]["/XObject"].values()
    widest = max(each.get_object()["/Width"] for each in objects)
    assert widest > 0.4 * page.width * 600


def test_every_file_carries_its_card(qapp):
    figure, page, pdf, svg = drawn("reformer", "buckets")
    card = json.loads(json.dumps(figure.metadata))
    assert (card["variant"], card["tokens"], card["parameters"]["chunk_length"]) == ("reformer", 40, 8)
    assert json.loads(render_page(figure, page).text("Attnscope")) == card
    root = ElementTree.fromstring(svg)
    assert json.loads(root.find("{http://www.w3.org/2000/svg}metadata").text) == card
    assert root.find("{http://www.w3.org/2000/svg}desc").text == figure.told
    reader = pypdf.PdfReader(io.BytesIO(pdf))
    assert json.loads(reader.attachments[CARD_FILE][0]) == card
    assert reader.xmp_metadata.dc_description["x-default"] == figure.told
    assert reader.metadata.title == figure.title


def test_a_width_is_a_width(qapp):
    _, page, pdf, svg = drawn("full", "key-mass")
    assert float(pypdf.PdfReader(io.BytesIO(pdf)).pages[0].mediabox.width) == pytest.approx(240, abs=0.5)
    millimetres = float(re.match(r"([\d.]+)mm", ElementTree.fromstring(svg).get("width"))[1])
    assert millimetres == pytest.approx(240 / 72 * 25.4, abs=0.05)
    assert page.pixels[0] == 320


@pytest.mark.parametrize("millimetres", [60, 84, 100, 120, 140, 180])
def test_buckets_have_all_their_parts_at_any_width(qapp, millimetres):
    run = run_of("reformer", 40, **SETTINGS["reformer"])
    pane = Pane("reformer", {"reformer": SETTINGS["reformer"]}, length=40, layer=1, head=2, view="buckets", locked=33)
    look = Look(millimetres / 25.4)
    figure = figure_of_panes([run], [pane], look)
    texts = ElementTree.fromstring(svg_bytes(figure, page_of(look, figure))).iter("{http://www.w3.org/2000/svg}text")
    said = [each.text or "" for each in texts]
    assert any(words.startswith(("tokens per bucket", "bucket sizes")) for words in said)


def test_a_caption_stands_below_and_is_not_said_twice(qapp):
    _, _, pdf, _ = drawn("longformer", "pattern", caption=True)
    text = " ".join(pypdf.PdfReader(io.BytesIO(pdf)).pages[0].extract_text().split())
    assert text.count("pairs kept") == 1
    assert "Token 33 is locked." in text


def ink_of_line(caption):
    """The caption's line alone, as pixels that are dark."""
    figure, page, _, _ = drawn("longformer", "pattern")
    high = replace(page, dpi=300.0)
    with_words = image_of_figure(replace(figure, title="", caption=caption), high)
    return with_words[-int(0.25 * high.dpi) :, : int(0.6 * high.dpi)] < 128


def test_a_chinese_title_is_bold_and_stays_text(qapp):
    """In a PDF its fonts are embedded; an SVG asks for the weight, which others have of the family, too."""
    figure, page, _, _ = drawn("longformer", "pattern")
    titled = replace(figure, title="全注意力")
    plain, bold = pdf_bytes(replace(figure, title=""), page), pdf_bytes(titled, page)
    told = pypdf.PdfReader(io.BytesIO(bold)).pages[0]
    assert "全注意力" in told.extract_text()
    assert any("NotoSansSC-Bold" in name for name in font_names(bold))
    assert not any("NotoSansSC" in name for name in font_names(plain))
    texts = ElementTree.fromstring(svg_bytes(titled, page)).iter("{http://www.w3.org/2000/svg}text")
    assert [each.get("font-weight") for each in texts if each.text == "全注意力"] == ["600"]


def font_names(pdf):
    """Of the fonts that are embedded in a PDF's first page."""
    fonts = pypdf.PdfReader(io.BytesIO(pdf)).pages[0]["/Resources"]["/Font"].values()
    descriptors = (font.get_object()["/DescendantFonts"][0].get_object()["/FontDescriptor"] for font in fonts)
    return [
        each.get_object()["/FontName"]
        for each in descriptors
        if {"/FontFile", "/FontFile2", "/FontFile3"} & set(each.get_object())
    ]


def test_letters_keep_their_feet_beside_chinese_which_is_higher_than_the_line(qapp):
    assert np.array_equal(ink_of_line("layer, gypjq 苏轼词"), ink_of_line("layer, gypjq"))


def test_a_column_holds_every_name_of_a_legend_whole(qapp):
    """Names of all variants, in the largest type that journals have: in print nothing is told by a pointer."""
    run, pane = run_of("full", 40), Pane("full", length=40, layer=1, head=2, view="loss-by-position", locked=33)
    look = replace(COLUMN, type_points=10.0)
    figure = figure_of(run, pane, look)
    words = words_of(figure, QRectF(0, 0, *page_of(look, figure).size))
    assert "Sparse Transformer (strided)" in words
    assert "BigBird" in words
    assert "…" not in words
    assert "more" not in words
