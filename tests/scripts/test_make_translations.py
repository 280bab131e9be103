"""Every string that the window can show is found, translated, and compiled."""

import re
import shutil
from pathlib import Path
from string import Formatter

import pytest
from PySide6.QtCore import QTranslator
from PySide6.QtGui import QRawFont

from scripts.make_translations import (
    FOLDER,
    LANGUAGES,
    Untranslatable,
    extract,
    found,
    marked,
    messages,
    release,
    said_in,
)

FONTS = Path(__file__).parent.parent.parent / "resources" / "fonts"
TABLES = (
    "app.keys_dialog",
    "app.menu_state",
    "app.palette_commands",
    "app.problem_words",
    "app.user_commands",
)
"""Where a variable may be translated: problems and actions, whose words the script reads from their tables."""

every_language = pytest.mark.parametrize("language", LANGUAGES)


def source(language):
    return FOLDER / f"attnscope_{language}.ts"


def fields(text):
    return sorted(f"{name}:{spec}" for _, name, spec, _ in Formatter().parse(text) if name is not None)


@every_language
def test_none_is_missing(language):
    missing = [message for message, text in messages(source(language)).items() if not text.strip()]
    assert not missing, "translate these in the .ts file, then run make translations"


@every_language
def test_every_string_of_today_is_in_the_file(language, tmp_path):
    copy = tmp_path / source(language).name
    shutil.copy(source(language), copy)
    extract(copy)
    assert list(messages(copy)) == list(messages(source(language))), "run make translations"
    assert set(messages(copy)) == set(found())
    assert copy.read_bytes() == source(language).read_bytes(), "run make translations"


@every_language
def test_placeholders_are_kept(language):
    for (_, english), text in messages(source(language)).items():
        if english != "“{setting}” should be NAME=VALUE, for example window=256.":
            assert fields(english) == fields(text), english
        shortcuts = r"Ctrl\+\w+|\(Esc\)|\*\.\w+"
        assert re.findall(shortcuts, english) == re.findall(shortcuts, text)


@every_language
def test_what_ships_is_compiled_from_what_is_written(qapp, language, tmp_path):
    compiled = tmp_path / "new.qm"
    release(source(language), compiled)
    fresh, shipped = QTranslator(), QTranslator()
    assert fresh.load(str(compiled))
    assert shipped.load(str(source(language).with_suffix(".qm")))
    for (context, english), text in messages(source(language)).items():
        assert fresh.translate(context, english) == text
        assert shipped.translate(context, english) == text, "run make translations"


@every_language
def test_the_fonts_that_ship_have_every_character(qapp, language):
    fonts = [QRawFont(str(path), 12) for path in sorted(FONTS.glob("*.otf"))]
    signs = set("".join(messages(source(language)).values())) - {"\n"}
    bare = {sign for sign in signs if not any(font.supportsCharacter(ord(sign)) for font in fonts)}
    assert not bare


def test_only_words_of_tables_are_translated_by_variable():
    assert {place.partition(":")[0] for place in marked()[1]} <= set(TABLES)


def test_words_that_are_put_together_too_early_are_told():
    import ast

    def words(expression):
        return list(said_in(ast.parse(expression, mode="eval").body, "here"))

    assert words("'before' if early else 'after'") == ["before", "after"]
    assert words("f'{100 * share:.0f} %'") == words("label") == []
    with pytest.raises(Untranslatable, match="here:1"):
        words("f'head {n}'")
    with pytest.raises(Untranslatable):
        words("'head ' + name")
