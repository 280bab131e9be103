"""Files are replaced whole or not at all; names, formats and sizes are read as a person means them."""

import errno
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.export import data_files, film_formats
from app.export.formats import STILLS, Format, file_and_format
from app.export.headless import figure_of
from app.export.look import Look
from app.export.page import Page, inches, points
from app.export.still import page_of, save_still
from app.session import Pane
from engines.problems import Problem
from tests.app.runs import run_of

PNG, SVG, PDF = STILLS


@pytest.fixture(scope="module")
def figure(qapp):
    return figure_of(run_of("full", 16), Pane("full", length=16, layer=1, head=2))


@pytest.fixture
def page(figure):
    return page_of(Look(width=2.0, dpi=72), figure)


# Saving -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("format_", STILLS, ids=lambda each: each.name)
def test_a_full_disk_leaves_the_old_file_whole_and_is_said(figure, page, tmp_path, monkeypatch, format_):
    path = tmp_path / f"figure{format_.suffixes[0]}"
    path.write_bytes(b"old")

    def full(handle):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(Problem) as caught:
        save_still(figure, page, format_, path)
    assert str(caught.value) == f"{path} could not be saved: No space left on device. Choose another place."
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("goes_on_for", [0, 1])
def test_a_cancel_leaves_the_old_file_whole_and_is_said(figure, page, tmp_path, goes_on_for):
    path = tmp_path / "figure.pdf"
    path.write_bytes(b"old")
    told = []

    def report(share):
        told.append(share)
        return len(told) <= goes_on_for

    with pytest.raises(Problem) as caught:
        save_still(figure, page, PDF, path, report)
    assert str(caught.value) == "The export was cancelled; figure.pdf is as it was."
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize(("format_", "head"), [(PNG, b"\x89PNG"), (SVG, b"<?xml"), (PDF, b"%PDF-")])
def test_a_file_is_what_its_name_says(figure, page, tmp_path, format_, head):
    path = tmp_path / f"figure{format_.suffixes[0]}"
    shares = []
    save_still(figure, page, format_, path, lambda share: shares.append(share) or True)
    assert path.read_bytes().startswith(head)
    assert shares == sorted(shares)
    assert shares[-1] == 1.0


# Names --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "named", "path", "format_"),
    [
        ("figure.svg", "", "figure.svg", SVG),
        ("figure.PDF", "", "figure.PDF", PDF),
        ("figure", "", "figure.png", PNG),
        ("longformer-1.5", "", "longformer-1.5.png", PNG),
        ("figure", "pdf", "figure.pdf", PDF),
        ("figure.svg", "svg", "figure.svg", SVG),
        ("figure.png", "svg", "figure.png.svg", SVG),
    ],
)
def test_the_format_is_guessed_and_an_extension_added(name, named, path, format_):
    assert file_and_format(Path("there") / name, named) == (Path("there") / path, format_)


@pytest.mark.parametrize("name", ["figure.jpg", "figure.mp4", "figure.TIFF", "v1.final"])
def test_an_extension_of_another_kind_of_file_is_refused(name):
    with pytest.raises(Problem, match=r"end its name with one of \.png, \.svg, \.pdf"):
        file_and_format(Path(name))
    assert file_and_format(Path(name), "pdf") == (Path(f"{name}.pdf"), PDF)


def test_a_number_at_the_end_of_a_name_is_no_extension():
    names = [Path(f"longformer-1.5{each}") for each in (".mp4", ".npz", ".png")]
    bare = Path("longformer-1.5")
    assert [film_formats.with_extension(bare), data_files.with_extension(bare), file_and_format(bare)[0]] == names


def test_an_unknown_format_is_said_with_those_there_are():
    with pytest.raises(Problem, match="There is no format “bmp”; choose one of png, svg, pdf"):
        file_and_format(Path("figure"), "bmp")


def test_films_and_data_join_the_table():
    film = Format("gif", "GIF", (".gif",), "film")
    assert file_and_format(Path("a.gif"), "", (*STILLS, film)) == (Path("a.gif"), film)


# Sizes --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [("84mm", 84 / 25.4), ("8.4 cm", 84 / 25.4), ("3.3in", 3.3), (" 252PT", 3.5), ("600px", 2.0)],
)
def test_lengths(text, expected):
    assert inches(text, 300) == pytest.approx(expected)


@pytest.mark.parametrize("text", ["84", "mm", "-3mm", "1mm", "9000mm", "1e9mm", "nanmm", "84mm x 3", "30000px", ""])
def test_what_is_no_length_is_said(text):
    with pytest.raises(Problem, match="A size is a number with mm"):
        inches(text, 300)


def test_points():
    assert points("8pt") == points(" 8 ") == 8
    for text in ("0", "100pt", "8px", "nan", ""):
        with pytest.raises(Problem, match="A type size is from 2 to 72 points"):
            points(text)


@given(st.floats(0.5, 20), st.floats(0.5, 20), st.floats(4, 24), st.floats(20, 600))
def test_a_page_of_larger_letters_has_fewer_units(width, height, letters, dpi):
    page = Page(width, height, letters, dpi)
    assert page.size[0] / width == pytest.approx(96 * 9 / letters)
    assert page.size[0] / page.size[1] == pytest.approx(width / height)
    assert page.pixels == (max(1, round(width * dpi)), max(1, round(height * dpi)))


def test_a_height_that_suits_is_as_the_view_wishes(figure):
    narrow, wide = (page_of(Look(width=width), figure) for width in (2.0, 6.0))
    assert narrow.height < wide.height
    assert page_of(Look(width=2.0, height=5.0), figure).height == 5.0


def test_a_page_that_its_words_alone_fill_is_refused():
    figure = figure_of(run_of("longformer", 40), Pane("longformer", length=40), Look())
    with pytest.raises(Problem, match=r"The page is 5 mm high, and the words around the picture alone take \d+ mm"):
        page_of(Look(height=0.2), figure)
    assert page_of(Look(height=2.0), figure).height == 2.0
