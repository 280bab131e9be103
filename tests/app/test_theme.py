"""The themes can be read, tell variants apart, and reach every control."""

import gc
import itertools

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtGui import QColor, QFontInfo, QPalette
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QPlainTextEdit, QToolTip

from app import theme as look
from app.add_variant_dialog import warning_mark
from widgets.style_sheet import faint, mixed, palette, style_sheet


def luminance(colour):
    """Relative luminance (WCAG 2.2), from the definition."""

    def linear(share):
        return share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4

    c = QColor(colour)
    return 0.2126 * linear(c.redF()) + 0.7152 * linear(c.greenF()) + 0.0722 * linear(c.blueF())


def contrast(first, second):
    low, high = sorted((luminance(first), luminance(second)))
    return (high + 0.05) / (low + 0.05)


themes = pytest.mark.parametrize("theme", look.THEMES.values(), ids=list(look.THEMES))


def test_contrast_is_21_between_black_and_white():
    assert contrast("#000000", "#ffffff") == pytest.approx(21, abs=1e-6)


@themes
@pytest.mark.parametrize("ground", ["background", "surface", "raised"])
def test_text_can_be_read_on_every_ground(theme, ground):
    for ink in (theme.text, theme.muted, theme.warning, theme.measured, theme.predicted):
        assert contrast(ink, getattr(theme, ground)) >= 4.5


@themes
def test_variant_colours_carry_text_and_differ(theme):
    colours = [look.variant_colour(order, theme) for order in range(10)]
    assert len(set(colours)) == 10
    for colour in (*colours, theme.accent):
        assert contrast(colour, theme.surface) >= 4.5
    beyond = [look.variant_colour(order, theme) for order in range(10, 28)]
    assert colours[0] not in beyond, "what everything is compared with has a colour of its own"


def test_high_contrast_keeps_what_it_promises():
    theme = look.THEMES["contrast"]
    grounds = (theme.background, theme.surface, theme.raised, mixed(theme.raised, theme.focus, 0.35))
    inks = (theme.text, theme.muted, theme.warning, theme.measured, theme.predicted)
    for ground in grounds[:3]:
        assert min(contrast(ink, ground) for ink in (*inks, theme.positive, theme.focus)) >= 7
        assert min(contrast(line, ground) for line in (theme.line, theme.focus)) >= 3
    assert contrast(theme.text, grounds[3]) >= 7
    assert contrast(faint(theme), theme.raised) >= 7
    assert min(contrast(look.variant_colour(order, theme), theme.surface) for order in range(10)) >= 7
    assert min(contrast(colour, theme.background) for colour in theme.categories) >= 4.5


@themes
def test_marks_stand_out(theme):
    for colour in (*theme.categories, theme.focus, theme.positive):
        assert contrast(colour, theme.background) >= 2.3
    assert contrast(theme.focus, theme.surface) >= 3
    assert contrast(theme.positive, theme.surface) >= 3
    assert len(set(theme.categories)) == len(theme.categories) >= 8
    assert theme.masked not in (theme.background, theme.sequential[0])


@themes
def test_the_ramp_moves_steadily_away_from_the_background(theme):
    steps = [contrast(stop, theme.background) for stop in theme.sequential]
    assert steps[0] == pytest.approx(1)
    assert all(later > earlier for earlier, later in itertools.pairwise(steps))


@themes
def test_the_sheet_has_no_gaps_and_only_the_themes_colours(theme):
    sheet = style_sheet(theme)
    assert "$" not in sheet
    assert theme.surface in sheet
    assert sheet.count("{") == sheet.count("}")


def test_mixed_goes_from_one_colour_to_the_other():
    assert mixed("#000000", "#ffffff", 0) == "#000000"
    assert mixed("#000000", "#ffffff", 1) == "#ffffff"
    assert mixed("#000000", "#804020", 0.5) == "#402010"


@themes
@pytest.mark.parametrize("enabled", [True, False])
def test_placeholders_can_be_read(qtbot, theme, enabled):
    for kind in (QLineEdit, QPlainTextEdit):
        field = kind()
        qtbot.addWidget(field)
        field.setStyleSheet(style_sheet(theme))
        field.setEnabled(enabled)
        field.ensurePolished()
        ground = field.palette().color(QPalette.ColorRole.Base)
        ink = field.palette().color(QPalette.ColorRole.PlaceholderText)
        assert ink.alpha() == 255
        assert contrast(ink.name(), ground.name()) >= 3


@themes
def test_apply_reaches_the_application(qapp, theme):
    gc.collect()  # what earlier tests left behind would all be polished anew
    qapp.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    before = qapp.styleSheet(), qapp.palette(), qapp.font()
    try:
        look.apply(qapp, theme)
        assert qapp.style().name().lower() == "fusion" or qapp.styleSheet()
        assert qapp.palette().color(qapp.palette().ColorRole.Window).name() == theme.surface
        label = QLabel("注意力 attention")
        assert label.font().families() == list(dict.fromkeys((*look.bundled_families(), *look.FAMILIES)))
        assert QFontInfo(label.font()).pixelSize() == round(theme.body_points * 4 / 3)
        assert QToolTip.palette() is not None
    finally:
        qapp.setStyleSheet(before[0])
        qapp.setPalette(before[1])
        qapp.setFont(before[2])


def test_bundled_fonts_are_registered_once_and_an_empty_folder_is_fine(qapp, tmp_path, monkeypatch):
    (tmp_path / "fonts").mkdir()
    (tmp_path / "fonts" / "broken.ttf").write_bytes(b"not a font")
    monkeypatch.setattr(look.resources, "files", lambda package: tmp_path)
    look.bundled_families.cache_clear()
    assert look.bundled_families() == ()
    monkeypatch.setattr(look.resources, "files", lambda package: tmp_path / "missing")
    look.bundled_families.cache_clear()
    assert look.bundled_families() == ()
    monkeypatch.undo()
    look.bundled_families.cache_clear()
    assert isinstance(look.bundled_families(), tuple)
    assert QApplication.instance() is qapp


@themes
def test_the_warnings_mark_stands_out_and_its_sign_in_it(qapp, theme):
    mark = warning_mark(palette(theme), 1.0).toImage()
    colours = {mark.pixelColor(x, 20).name() for x in range(5, 35)} | {mark.pixelColor(20, y).name() for y in range(40)}
    assert {theme.warning, theme.surface} <= colours
    assert contrast(theme.warning, theme.surface) >= 3
