"""Make the fonts that ship: subsets of Noto Sans SC (Chinese) and Inter (everything else on the screen).

    pip install fonttools
    python scripts/make_font.py --noto FOLDER_WITH_NOTO --texts FOLDER_WITH_TEXTS
    python scripts/make_font.py --inter FOLDER_WITH_INTER

On Debian the sources are the packages fonts-noto-cjk (/usr/share/fonts/opentype/noto) and fonts-inter
(/usr/share/fonts/opentype/inter). In place of texts, ``--like`` takes the characters of fonts that were made before.

The Chinese subsets cover GB 2312 (levels 1 and 2), its punctuation, the signs of the field, and every Chinese character
that the texts use often enough, which adds the traditional ones. What headings are set in is there in two weights: the
frequent characters (level 1) and all that the window says. The rare ones come in the regular weight alone and as a
family of their own: Qt looks for a character that a weight lacks in the next family, never in another weight.
Bold, though Inter's is semi-bold: that takes 1.43 times the ink of Inter's regular, and Noto's bold 1.50 times that of
its own, but Noto's medium only 1.22 times.

Both are under the SIL Open Font License 1.1, and neither declares a reserved font name: see resources/fonts/OFL.txt.
"""

from __future__ import annotations

import argparse
from collections import Counter
from pathlib import Path

from fontTools.pens.t2CharStringPen import T2CharStringPen
from fontTools.pens.transformPen import TransformPen
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTCollection, TTFont

FOLDER = Path(__file__).resolve().parent.parent / "resources"
SIGNS = (  # what the field writes with, and what a program's texts need
    "×·−÷±√∝∂∇∑∏∈∉∩∪⊂⊆∅∀∃≈≠≡≤≥≪≫∞→←↑↓↔⇒⇔ᵀ⊥⊙⊕⊗‖°′″²³¹⁰⁴⁵⁶⁷⁸⁹⁺⁻ⁿ₀₁₂₃₄₅₆₇₈₉ₖₙ…–—•◦●○■□▪▲△▶▷▼▽◀◁◆◇★☆✓✗␣↵⏎⌘⇧⌥µ¶§†‡©®™€£¥"
)
RANGES = (  # what Inter gives, where it has it
    (0x20, 0x17F),  # Latin and its accents
    (0x192, 0x192),
    (0x218, 0x21B),
    (0x2B0, 0x2DD),  # modifier letters
    (0x300, 0x304),
    (0x370, 0x3FF),  # Greek
    (0x1D00, 0x1DBF),  # raised and lowered letters
    (0x1E80, 0x1EF9),
    (0x2000, 0x22FF),  # punctuation, raised and lowered figures, arrows, mathematics
    (0x25A0, 0x25FF),  # shapes
)
CJK_RANGES = (
    (0x20, 0x7E),
    (0xA0, 0xFF),
    (0x391, 0x3C9),
    (0x2010, 0x2027),
    (0x2190, 0x2199),
    (0x3000, 0x303F),
    (0xFF00, 0xFFEE),
)
WINDOW = FOLDER / "translations" / "attnscope_zh_CN.ts"
RARE = "Noto Sans SC Rare"
LEVEL_1 = 0xD7  # the last row of the 3,755 frequent characters of GB 2312
SEEN_AT_LEAST = 5  # a character rarer than this in all the texts is left to the system's fonts


def gb2312(last_row: int = 0xF7) -> set[int]:
    """The code points of GB 2312: 6,763 characters and its punctuation and signs; up to a row that begins with this."""
    points = set()
    for high in range(0xA1, last_row + 1):
        for low in range(0xA1, 0xFF):
            try:
                points.add(ord(bytes((high, low)).decode("gb2312")))
            except UnicodeDecodeError:
                continue
    return {point for point in points if not 0x3040 <= point <= 0x30FF and not 0x400 <= point <= 0x4FF}


def characters_of_texts(folders: list[Path]) -> set[int]:
    """Chinese characters that the texts use: every one of the samples', the frequent ones of the others."""
    counts: Counter[str] = Counter()
    for path in (path for folder in folders for path in sorted(folder.glob("*.txt"))):
        counts.update(path.read_text(encoding="utf-8"))
    samples: Counter[str] = Counter()
    for path in sorted((FOLDER / "samples").glob("*.txt")):
        samples.update(path.read_text(encoding="utf-8"))
    chosen = {sign for sign, count in counts.items() if count >= SEEN_AT_LEAST} | set(samples)
    return {ord(sign) for sign in chosen if ord(sign) >= 0x2E80}


def frequent() -> set[int]:
    """What headings need: level 1 with punctuation and signs, all that the window says, and the names of samples."""
    said = "".join(path.read_text(encoding="utf-8") for path in (WINDOW, FOLDER / "samples" / "samples.json"))
    chinese = {ord(sign) for sign in said if ord(sign) >= 0x2E80}
    return gb2312(LEVEL_1) | chinese | in_ranges(CJK_RANGES) | {ord(sign) for sign in SIGNS}


def characters_of_fonts(fonts: list[Path]) -> set[int]:
    return {point for path in fonts for point in TTFont(path).getBestCmap()}


def in_ranges(ranges: tuple[tuple[int, int], ...]) -> set[int]:
    return {point for first, last in ranges for point in range(first, last + 1)}


def subset(font: TTFont, points: set[int], features: list[str], out: Path) -> None:
    """Keep these code points and layout features, and write the font."""
    options = Options()
    options.layout_features = features
    options.name_IDs = [0, 1, 2, 3, 4, 5, 6, 7, 13, 14, 16, 17]  # with the copyright and the licence
    options.name_languages = [0x409]
    options.notdef_outline = True
    options.hinting = False
    options.drop_tables += ["vhea", "vmtx", "VORG", "BASE"]
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=points)
    subsetter.subset(font)
    font["head"].modified = font["head"].created  # the same input gives the same bytes
    font.recalcTimestamp = False
    font.save(out)
    missing = "".join(sign for sign in SIGNS if ord(sign) not in font.getBestCmap())
    print(f"{out.name}: {out.stat().st_size:,} bytes, {len(font.getBestCmap()):,} characters; not in it: {missing}")


def add_raised_t(font: TTFont, heavier: TTFont) -> None:
    """Give Inter the sign of a transposed matrix, ᵀ, which it lacks: a T at 0.62, its top at the height of capitals.

    From a heavier weight, so that its strokes are as thick as those beside it.
    """
    scale, height = 0.62, heavier["OS/2"].sCapHeight
    name, source = font.getBestCmap()[ord("T")], heavier.getBestCmap()[ord("T")]
    width = round(heavier["hmtx"][source][0] * scale)
    pen = T2CharStringPen(width, None)
    heavier.getGlyphSet()[source].draw(TransformPen(pen, (scale, 0, 0, scale, 0, height * (1 - scale))))
    top = font["CFF "].cff.topDictIndex[0]
    sample = top.CharStrings[name]
    char = pen.getCharString(private=sample.private, globalSubrs=sample.globalSubrs)
    top.CharStrings.charStringsIndex.append(char)
    top.CharStrings.charStrings["uni1D40"] = len(top.CharStrings.charStringsIndex) - 1
    top.charset.append("uni1D40")
    font.setGlyphOrder(top.charset)
    font["hmtx"]["uni1D40"] = (width, round(heavier["hmtx"][source][1] * scale))
    for table in font["cmap"].tables:
        table.cmap[0x1D40] = "uni1D40"


def even_figures(font: TTFont) -> None:
    """Make the tabular figures equally wide; in the semi-bold weight the 4 lacks three units of 2,816."""
    features = font["GSUB"].table.FeatureList.FeatureRecord
    lookup = next(record.Feature.LookupListIndex[0] for record in features if record.FeatureTag == "tnum")
    tables = font["GSUB"].table.LookupList.Lookup[lookup].SubTable
    tabular = {plain: even for table in tables for plain, even in getattr(table, "ExtSubTable", table).mapping.items()}
    glyphs = [tabular[font.getBestCmap()[ord(figure)]] for figure in "0123456789"]
    width = max(font["hmtx"][glyph][0] for glyph in glyphs)
    for glyph in glyphs:
        font["hmtx"][glyph] = (width, font["hmtx"][glyph][1])


def rename(font: TTFont, names: dict[int, str]) -> None:
    for number, text in names.items():
        font["name"].removeNames(nameID=number)
        font["name"].setName(text, number, 3, 1, 0x409)


def simplified_chinese(folder: Path, weight: str, family: str = "Noto Sans SC") -> TTFont:
    """The font for simplified Chinese in the collection of this weight, called as it is when it comes alone."""
    fonts = TTCollection(str(folder / f"NotoSansCJK-{weight}.ttc")).fonts
    font = next(font for font in fonts if font["name"].getDebugName(6) == f"NotoSansCJKsc-{weight}")
    alone = f"{family.replace(' ', '')}-{weight}"
    rename(font, {1: family, 2: weight, 3: f"{family} {weight} subset", 4: f"{family} {weight}", 6: alone})
    font["CFF "].cff.fontNames[0] = alone
    return font


def make_chinese(folder: Path, chinese: set[int], out: Path) -> None:
    often = chinese & frequent()
    for weight in ("Regular", "Bold"):
        subset(simplified_chinese(folder, weight), often, ["ccmp"], out / f"NotoSansSC-{weight}-subset.otf")
    rare = simplified_chinese(folder, "Regular", RARE)
    subset(rare, chinese - often, ["ccmp"], out / "NotoSansSC-Rare-subset.otf")


def make_latin(folder: Path, out: Path) -> None:
    latin = in_ranges(RANGES) | {ord(sign) for sign in SIGNS}
    features = ["kern", "mark", "mkmk", "ccmp", "locl", "calt", "tnum", "zero", "case", "frac", "sups", "subs"]
    for weight, heavier in (("Regular", "SemiBold"), ("SemiBold", "ExtraBold")):
        font = TTFont(folder / f"Inter-{weight}.otf")
        add_raised_t(font, TTFont(folder / f"Inter-{heavier}.otf"))
        even_figures(font)
        subset(font, latin, features, out / f"Inter-{weight}-subset.otf")


def main() -> None:
    parser = argparse.ArgumentParser(description="Make the fonts that ship.")
    parser.add_argument("--noto", type=Path, help="folder with NotoSansCJK-Regular.ttc and NotoSansCJK-Bold.ttc")
    parser.add_argument("--inter", type=Path, help="folder with Inter's Regular, SemiBold and ExtraBold.otf")
    parser.add_argument("--texts", type=Path, action="append", default=[], help="folder of texts to cover")
    parser.add_argument("--like", type=Path, action="append", default=[], help="font whose characters to cover")
    parser.add_argument("--out", type=Path, default=FOLDER / "fonts")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    if options.noto:
        chinese = gb2312() | characters_of_texts(options.texts) | in_ranges(CJK_RANGES) | {ord(sign) for sign in SIGNS}
        make_chinese(options.noto, chinese | frequent() | characters_of_fonts(options.like), options.out)
    if options.inter:
        make_latin(options.inter, options.out)


if __name__ == "__main__":
    main()
