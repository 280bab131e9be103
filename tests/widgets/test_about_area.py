"""The words about a variant: whole lines only, whatever the height."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from widgets.about_area import AboutArea

WORDS = "<p>" + "Tokens that point the same way fall into one bucket of a hash. " * 4 + "</p>"
HTML = WORDS + "<p style='color:#c0f'>Kitaev 2020 · O(n·log n)</p><p style='font-size: 12px'>Own weights.</p>"


@pytest.fixture
def area(qtbot: QtBot) -> AboutArea:
    area = AboutArea()
    qtbot.addWidget(area)
    area.setStyleSheet("background: white; color: black")
    area.resize(240, 400)
    area.set_text(HTML)
    area.show()
    qtbot.waitExposed(area)
    return area


def inked_rows(area: AboutArea) -> list[int]:
    """Rows of pixels of the words' part of the viewport on which anything is drawn."""
    image: QImage = area.viewport().grab().toImage()
    white = QColor("white").rgb()
    return [y for y in range(image.height()) if any(image.pixel(x, y) != white for x in range(image.width() - 12))]


def test_it_is_as_high_as_its_words(area: AboutArea) -> None:
    assert area.sizeHint().height() == area.label.heightForWidth(240)
    lines = area.whole_lines()
    assert len(lines) > 6
    assert abs(lines[-1][1] + 12 - area.sizeHint().height()) <= 2  # laid out as the label does it


@pytest.mark.parametrize("height", range(80, 150, 7))
def test_no_line_is_cut(area: AboutArea, height: int) -> None:
    every = len(area.whole_lines())
    area.resize(240, height)
    bar = area.verticalScrollBar()
    for value in (0, 5, 40, bar.maximum()):
        bar.setValue(value)
        shown = area.whole_lines()
        assert 0 < len(shown) < every
        rows = inked_rows(area)
        assert rows[0] >= shown[0][0] - value
        assert rows[-1] <= shown[-1][1] - value
    assert bar.maximum() > 0


def test_in_a_column_it_takes_what_the_others_can_spare(qtbot: QtBot) -> None:
    area, column = AboutArea(), QWidget()
    qtbot.addWidget(column)
    area.set_text(HTML)
    layout = QVBoxLayout(column)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(0)
    other = QWidget()
    other.setMinimumHeight(200)
    layout.addWidget(other, 3)
    layout.addWidget(area)
    column.resize(240, 700)
    column.show()
    qtbot.waitExposed(column)
    qtbot.waitUntil(lambda: area.height() == area.label.heightForWidth(240) == area.label.height())
    column.resize(600, 700)
    qtbot.waitUntil(lambda: area.height() == area.label.heightForWidth(600) == area.label.height())
    column.resize(240, 320)
    qtbot.waitUntil(lambda: (other.height(), area.height()) == (200, 120))
