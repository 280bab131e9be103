"""What ships beside the code: the samples are whole, and the fonts can show them."""

import json
from pathlib import Path

import pytest
from PySide6.QtGui import QFont, QFontDatabase, QFontMetricsF, QRawFont, QTextLayout
from pytestqt.qtbot import QtBot

from app.theme import LIGHT, application_font
from scripts.make_translations import FOLDER, messages
from widgets.lettering import lettering

RESOURCES = Path(__file__).resolve().parent.parent / "resources"
SAMPLES = json.loads((RESOURCES / "samples" / "samples.json").read_text(encoding="utf-8"))
FONTS = RESOURCES / "fonts"
LATIN = ("Inter-Regular-subset.otf", "Inter-SemiBold-subset.otf")
CHINESE = {
    "NotoSansSC-Regular-subset.otf": "Noto Sans SC",
    "NotoSansSC-Bold-subset.otf": "Noto Sans SC",
    "NotoSansSC-Rare-subset.otf": "Noto Sans SC Rare",
}
"""Files, and the families that they are of."""
WRITTEN_BY_THE_PROGRAM = "QKᵀ/√d × · − → ← ↑ ↓ ∞ ≤ ≥ ± ≈ ² ³ ₁ αβγθλμσφ n² O(n·w) … – — “” ‘’ • ✓ ▶ ■"


def text(entry: dict[str, str]) -> str:
    return (RESOURCES / "samples" / entry["file"]).read_bytes().decode("utf-8")


def test_samples_and_their_files_match() -> None:
    files = {path.name for path in (RESOURCES / "samples").glob("*.txt")}
    assert sorted(entry["file"] for entry in SAMPLES) == sorted(files)
    assert len({entry["id"] for entry in SAMPLES}) == len(SAMPLES)
    assert {entry["language"] for entry in SAMPLES} == {"en", "zh"}


@pytest.mark.parametrize("entry", SAMPLES, ids=lambda entry: entry["id"])
def test_a_sample_is_clean_text(entry: dict[str, str]) -> None:
    content = text(entry)
    assert content.strip()
    assert content.endswith("\n")
    assert not set(content) & {"\r", "\0", "\ufffd", "\ufeff", "\t"}
    chinese = sum("\u4e00" <= sign <= "\u9fff" for sign in content)
    assert (chinese > len(content) / 2) == (entry["language"] == "zh")


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_long_sample_has_65536_tokens(language: str) -> None:
    """A token is about 2.8 bytes; 4 is more than any text here reaches."""
    sizes = [len(text(entry).encode()) for entry in SAMPLES if entry["language"] == language]
    assert max(sizes) >= 4 * 65_536


def test_sizes_stay_small() -> None:
    samples = sum(path.stat().st_size for path in (RESOURCES / "samples").iterdir())
    assert samples <= 1_500_000
    regular, bold, rare = ((FONTS / name).stat().st_size for name in CHINESE)
    assert regular + rare <= 2_600_000
    assert bold <= 1_000_000
    assert sum((FONTS / name).stat().st_size for name in LATIN) <= 400_000


@pytest.mark.parametrize("name", [*LATIN, *CHINESE])
def test_a_font_loads_and_its_licence_is_beside_it(name: str, qtbot: QtBot) -> None:
    families = QFontDatabase.applicationFontFamilies(QFontDatabase.addApplicationFont(str(FONTS / name)))
    assert families[0] == CHINESE.get(name, "Inter")
    licence = "OFL-NotoSansSC.txt" if name in CHINESE else "OFL-Inter.txt"
    assert "SIL OPEN FONT LICENSE Version 1.1" in (FONTS / licence).read_text(encoding="utf-8")


def test_together_the_fonts_show_every_sample_and_all_signs(qtbot: QtBot) -> None:
    needed = set(WRITTEN_BY_THE_PROGRAM).union(*(text(entry) + entry["title"] for entry in SAMPLES)) - {"\n"}
    fonts = [QRawFont(str(FONTS / name), 12) for name in (LATIN[0], *CHINESE) if "Bold" not in name]
    missing = {sign for sign in needed if not any(font.supportsCharacter(ord(sign)) for font in fonts)}
    assert not missing
    assert all(QRawFont(str(FONTS / LATIN[1]), 12).supportsCharacter(ord(sign)) for sign in "0123456789QKᵀ²×·−→")


@pytest.mark.parametrize("name", LATIN)
def test_figures_can_be_made_equally_wide(name: str, qtbot: QtBot) -> None:
    QFontDatabase.addApplicationFont(str(FONTS / name))
    font = QFont("Inter", 20)
    font.setWeight(QFont.Weight.DemiBold if "SemiBold" in name else QFont.Weight.Normal)
    font.setFeature(QFont.Tag("tnum"), 1)
    widths = {QFontMetricsF(font).horizontalAdvance(figure) for figure in "0123456789"}
    assert len(widths) == 1


def fonts_of(words: str, bold: bool) -> list[tuple[str, str]]:
    """Family and style of the fonts that a line in the window's font is set in, in order of their names."""
    layout = QTextLayout(words, lettering(application_font(LIGHT), 12, bold))
    layout.beginLayout()
    layout.createLine()
    layout.endLayout()
    runs = layout.glyphRuns()
    assert 0 not in {glyph for run in runs for glyph in run.glyphIndexes()}, "every character has a glyph"
    return sorted({(run.rawFont().familyName(), run.rawFont().styleName()) for run in runs})


def test_headings_are_bold_in_chinese_too(qtbot: QtBot) -> None:
    assert fonts_of("全注意力", bold=True) == [("Noto Sans SC", "Bold")]
    assert fonts_of("全注意力", bold=False) == [("Noto Sans SC", "Regular")]


def test_a_rare_character_in_a_heading_comes_from_the_regular_weight(qtbot: QtBot) -> None:
    """Qt would look for it in other families only, and show an empty box where there is none."""
    assert fonts_of("曈", bold=True) == fonts_of("曈", bold=False) == [("Noto Sans SC Rare", "Regular")]
    assert fonts_of("曈力", bold=True) == [("Noto Sans SC", "Bold"), ("Noto Sans SC Rare", "Regular")]


def test_the_bold_weight_has_every_character_that_the_window_says(qtbot: QtBot) -> None:
    every, bold = (QRawFont(str(FONTS / name), 12) for name in list(CHINESE)[:2])
    said = set("".join(messages(FOLDER / "attnscope_zh_CN.ts").values()))
    said |= {sign for entry in SAMPLES for sign in entry["title"]}
    chinese = {sign for sign in said if ord(sign) >= 0x2E80}
    bare = {sign for sign in chinese if not bold.supportsCharacter(ord(sign))}
    assert not bare, "make the fonts anew with scripts/make_font.py, or say it in more frequent characters"
    assert not {sign for sign in chinese if not every.supportsCharacter(ord(sign))}
