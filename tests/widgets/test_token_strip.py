"""The token strip, driven by mouse and keys."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QImage
from pytestqt.qtbot import QtBot

from tests.widgets.pointer import click, leave, move, wheel
from widgets.colour_ramp import mixed
from widgets.preview_pattern import RepeatedWords
from widgets.themes import DARK, LIGHT
from widgets.token_strip import TokenStrip
from widgets.view_data import TokenStripData

WORDS = [" It", " was", " the", " best", " of", " times", ",", "\n", "我", "爱", "北京"]
Make = Callable[..., TokenStrip]


@pytest.fixture
def make(qtbot: QtBot) -> Make:
    def shown(tokens: Sequence[str] = WORDS, **more: object) -> TokenStrip:
        strip = TokenStrip()
        qtbot.addWidget(strip)
        strip.resize(300, 300)
        strip.set_theme(DARK)
        strip.set_data(TokenStripData(tokens, **more))  # type: ignore[arg-type]
        strip.show()
        qtbot.waitExposed(strip)
        leave(strip.chips.viewport())
        strip.chips.clearFocus()
        return strip

    return shown


def _centre(strip: TokenStrip, position: int) -> QPointF:
    box = strip.chips.box_of(position)
    assert box is not None
    return box.center()


def _picture(strip: TokenStrip) -> QImage:
    return strip.chips.viewport().grab().toImage()


def _corner(strip: TokenStrip, image: QImage, position: int) -> int:
    """A pixel of the chip's own colour, beside its text."""
    box = strip.chips.box_of(position)
    assert box is not None
    return image.pixel(int(box.left()) + 3, int(box.center().y()))


def test_each_chip_is_where_it_is_said_to_be(make: Make) -> None:
    strip = make()
    for position in range(len(WORDS)):
        assert strip.chips.position_at(_centre(strip, position).toPoint()) == position
    assert strip.chips.position_at(QPointF(299, 299).toPoint()) == -1
    after_break, before = strip.chips.box_of(8), strip.chips.box_of(7)
    assert after_break is not None
    assert before is not None
    assert after_break.top() > before.top()


def test_hover_and_click_name_positions(make: Make) -> None:
    strip = make()
    hovered: list[int] = []
    clicked: list[int] = []
    strip.token_hovered.connect(hovered.append)
    strip.token_clicked.connect(clicked.append)
    area = strip.chips.viewport()
    for position in (3, 3, 9):
        move(area, _centre(strip, position))
    leave(area)
    click(area, _centre(strip, 5))
    assert strip.chips.data().locked == 5
    click(area, _centre(strip, 2))
    click(area, _centre(strip, 2))
    assert hovered == [3, 9, -1]
    assert clicked == [5, 2, -1]
    assert strip.chips.data().locked is None


def test_arrow_keys_move_the_lock(make: Make, qtbot: QtBot) -> None:
    strip = make(locked=9)
    clicked: list[int] = []
    strip.token_clicked.connect(clicked.append)
    for key in (Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Escape):
        qtbot.keyClick(strip.chips, key)
    assert clicked == [8, 9, 10, 10, -1]
    qtbot.keyClick(strip.chips, Qt.Key.Key_Right)
    assert clicked[-1] == 0


def test_chips_have_the_colour_of_their_category(make: Make) -> None:
    groups = np.array([0, 1, 2, 11, -1, 0, 1, 2, 3, 4, 5])
    strip = make(categories=groups)
    image = _picture(strip)
    for position in (0, 1, 2, 3):
        colour = DARK.categories[groups[position] % len(DARK.categories)]
        assert _corner(strip, image, position) == QColor(mixed(DARK.surface, colour, 0.3)).rgb()
    assert _corner(strip, image, 4) == QColor(DARK.raised).rgb()


def test_chips_grow_brighter_with_strength(make: Make) -> None:
    strip = make(strengths=np.array([0.0, 0.25, 0.5, 1.0, np.nan]))
    image = _picture(strip)
    reds = [QColor.fromRgb(_corner(strip, image, position)).red() for position in range(5)]
    assert reds[0] < reds[1] < reds[2] < reds[3]
    assert reds[4] == reds[0]


def test_readers_and_read_tokens_are_marked_apart(make: Make) -> None:
    strip = make(locked=3, reads=np.array([1, 2, 3]), read_by=np.array([3, 5]))
    image = _picture(strip)

    def outline(position: int) -> set[int]:
        box = strip.chips.box_of(position)
        assert box is not None
        y = int(box.center().y())
        return {image.pixel(int(box.left()) + dx, y + dy) for dx in (-2, -1, 0, 1) for dy in range(-6, 7)}

    def redness(position: int) -> int:
        return max(QColor.fromRgb(pixel).red() - QColor.fromRgb(pixel).green() for pixel in outline(position))

    assert QColor(DARK.text).rgb() in outline(3)
    assert redness(2) > 40 > redness(4)
    assert max(QColor.fromRgb(pixel).green() for pixel in outline(5)) > 150
    dimmed = _corner(strip, image, 4)
    assert dimmed != _corner(strip, image, 5)


def test_legend_counts_and_disappears(make: Make) -> None:
    strip = make(locked=3, reads=np.arange(3), read_by=np.arange(1))
    assert strip._legend.isVisible()
    assert strip._legend.accessibleName() == "“·best” at 3, reads 3, read by 1"
    strip.set_locked(None)
    assert not strip._legend.isVisible()


def test_new_marks_keep_the_place(make: Make) -> None:
    words = RepeatedWords(50_000)
    strip = make(words)
    strip.scroll_to(30_000)
    before = _centre(strip, 30_000)
    strip.set_data(TokenStripData(words, locked=30_000, reads=np.arange(30_001)))
    assert _centre(strip, 30_000) == before


def test_a_million_tokens(make: Make, qtbot: QtBot) -> None:
    strip = make(RepeatedWords(1_048_576), categories=np.arange(1_048_576) % 7)
    for position in (0, 700_000, 699_000, 1_048_575, 12):
        strip.scroll_to(position)
        box = strip.chips.box_of(position)
        assert box is not None
        assert box.top() >= 0
        assert box.bottom() <= strip.chips.viewport().height()
    bar = strip.chips.verticalScrollBar()
    bar.setValue(bar.maximum())
    assert strip.chips.box_of(1_048_575) is not None
    for _ in range(40):  # upwards, through chunks that were only estimated
        first = strip.chips._lines[0].start
        wheel(strip.chips.viewport(), QPointF(50, 50), 10)
        assert strip.chips._lines[0].start < first


def test_resizing_keeps_the_first_token_in_view(make: Make, qtbot: QtBot) -> None:
    strip = make(RepeatedWords(20_000))
    strip.scroll_to(9_000)
    first = strip.chips._lines[0].start
    strip.resize(420, 300)
    line = strip.chips._lines[0]
    assert line.start <= first < line.start + len(line.widths)


def test_shorter_text_after_a_longer_one(make: Make) -> None:
    strip = make(RepeatedWords(20_000))
    strip.scroll_to(19_000)
    strip.set_data(TokenStripData(WORDS, locked=15_000))
    assert strip.chips.box_of(0) is not None
    strip.grab()
    strip.set_data(None)
    strip.grab()
    strip.scroll_to(5)


@pytest.mark.parametrize("piece", ["", " ", "\ud800", "a" * 500, "👩\u200d👩\u200d👧", "مرحبا", "\u200b"])
def test_odd_pieces_are_drawn(make: Make, piece: str) -> None:
    strip = make([piece] * 3)
    assert len(strip.chips._lines) >= 1
    strip.grab()
    box = strip.chips.box_of(0)
    assert box is not None
    assert 16 <= box.width() <= strip.chips.viewport().width()


def test_empty_and_themes(qtbot: QtBot) -> None:
    strip = TokenStrip()
    qtbot.addWidget(strip)
    strip.set_data(TokenStripData(WORDS))
    strip.grab()  # before there is a theme
    strip.set_theme(DARK)
    strip.set_theme(LIGHT)
    strip.grab()
    assert _picture(strip).pixel(1, 1) == QColor(LIGHT.surface).rgb()
    assert strip.accessibleName()
    assert strip.sizeHint().isValid()


def test_caption_is_shown(make: Make) -> None:
    strip = make(caption="11 tokens · chip colour = bucket")
    assert strip._caption.isVisible()
    assert strip._caption.text() == "11 tokens · chip colour = bucket"


def _in_view(strip: TokenStrip, position: int) -> bool:
    box, area = strip.chips.box_of(position), strip.chips.viewport().rect()
    return box is not None and box.top() >= area.top() and box.bottom() <= area.bottom() + 1


def test_the_locked_token_is_in_view_from_the_first_on(make: Make) -> None:
    words = RepeatedWords(500)
    strip = make(words, locked=300)
    assert _in_view(strip, 300)
    strip.set_data(TokenStripData(words, locked=450))  # locked elsewhere, in the picture
    assert _in_view(strip, 450)
    strip.resize(180, 160)
    assert _in_view(strip, 450)


def test_the_place_that_a_person_scrolled_to_stays(make: Make) -> None:
    words = RepeatedWords(500)
    strip = make(words, locked=300)
    wheel(strip.chips.viewport(), QPointF(50, 50), 40)
    assert not _in_view(strip, 300)
    first = strip.chips._lines[0].start
    strip.set_data(TokenStripData(words, locked=300, reads=np.arange(301)))
    strip.resize(300, 280)
    assert strip.chips._lines[0].start == first
    strip.set_data(TokenStripData(words, locked=299))
    assert _in_view(strip, 299)


@pytest.mark.parametrize("height", [150, 163, 177, 190, 301])
def test_lines_are_whole_and_fill_the_height(make: Make, height: int) -> None:
    strip = make(RepeatedWords(500), locked=300)
    strip.resize(300, height)
    area = strip.chips.viewport().height()
    boxes = [strip.chips.box_of(line.start) for line in strip.chips._lines]
    bottoms = [box.bottom() for box in boxes if box is not None]
    assert len(bottoms) == len(strip.chips._lines) > 0
    assert area - 28 < bottoms[-1] <= area


def test_the_legend_is_never_cut_where_a_line_more_would_hold_it(make: Make) -> None:
    strip = make(RepeatedWords(500), locked=300, reads=np.arange(301), read_by=np.arange(300, 340))
    assert strip._legend.height() == 40
    strip.resize(150, 300)
    assert strip._legend.height() == 60
    assert [line for _, _, _, line in strip._legend._placed()] == [0, 1, 2]


def test_who_reads_all_that_read_it_has_one_kind_of_frame(make: Make) -> None:
    every = np.arange(11)
    one, both = make(locked=3, reads=every), make(locked=3, reads=every, read_by=every)
    assert both._legend.accessibleName() == "“·best” at 3, reads and is read by 11"
    assert _picture(one) == _picture(both)


def test_a_token_of_both_kinds_has_one_frame(make: Make) -> None:
    reads = make(locked=3, reads=np.array([1, 2, 3]), read_by=np.array([5]))
    both = make(locked=3, reads=np.array([1, 2, 3]), read_by=np.array([1, 2, 5]))
    box = reads.chips.box_of(2)
    assert box is not None
    for image_x in range(int(box.left()) - 4, int(box.left()) - 1):  # nothing is drawn around the frame
        column = range(int(box.top()) - 3, int(box.bottom()) + 3)
        assert all(_picture(both).pixel(image_x, y) == _picture(reads).pixel(image_x, y) for y in column)
    assert _picture(both) != _picture(reads)
