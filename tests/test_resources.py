"""What ships beside the code: the samples are whole, and the fonts can show them."""

import json
from pathlib import Path

import pytest
from PySide6.QtGui import QFont, QFontDatabase, QFontMetricsF, QRawFont
from pytestqt.qtbot import QtBot

RESOURCES = Path(__file__).resolve().parent.parent / "resources"
SAMPLES = json.loads((RESOURCES / "samples" / "samples.json").read_text(encoding="utf-8"))
FONTS = RESOURCES / "fonts"
LATIN = ("Inter-Regular-subset.otf", "Inter-SemiBold-subset.otf")
CHINESE = "NotoSansSC-subset.otf"
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
    assert (FONTS / CHINESE).stat().st_size <= 2_500_000
    assert sum((FONTS / name).stat().st_size for name in LATIN) <= 400_000


@pytest.mark.parametrize("name", [*LATIN, CHINESE])
def test_a_font_loads_and_its_licence_is_beside_it(name: str, qtbot: QtBot) -> None:
    families = QFontDatabase.applicationFontFamilies(QFontDatabase.addApplicationFont(str(FONTS / name)))
    assert families[0] == ("Noto Sans SC" if name == CHINESE else "Inter")
    licence = "OFL-NotoSansSC.txt" if name == CHINESE else "OFL-Inter.txt"
    assert "SIL OPEN FONT LICENSE Version 1.1" in (FONTS / licence).read_text(encoding="utf-8")


def test_together_the_fonts_show_every_sample_and_all_signs(qtbot: QtBot) -> None:
    needed = set(WRITTEN_BY_THE_PROGRAM).union(*(text(entry) + entry["title"] for entry in SAMPLES)) - {"\n"}
    latin, chinese = QRawFont(str(FONTS / LATIN[0]), 12), QRawFont(str(FONTS / CHINESE), 12)
    missing = {
        sign for sign in needed if not latin.supportsCharacter(ord(sign)) and not chinese.supportsCharacter(ord(sign))
    }
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
