"""The head of a pane among others, where it is narrow."""

import pytest
from PySide6.QtCore import QRect
from PySide6.QtGui import QFontMetrics

from widgets.pane_area import PaneArea, head_room
from widgets.pane_header import PaneHeader, PaneHeading
from widgets.themes import DARK

NUMBERS = ("14.7 ms (×4.76)", "1.83 MB (×16.4)", "output 80.8 % from the first’s", "57.1 % of pairs kept")
HEADING = PaneHeading("Reformer", "hash rounds 4 · layer 3", " · ".join(NUMBERS), "#c572a0")


@pytest.fixture
def header(qtbot):
    made = PaneHeader(DARK)
    qtbot.addWidget(made)
    made.set_heading(HEADING, True)
    return made


def width_for(header, *parts):
    """The width of a head whose lines just hold these parts."""
    return 20 + QFontMetrics(header.small()).horizontalAdvance(" · ".join(parts))


def test_a_narrow_head_says_everything_in_more_lines(header):
    width = width_for(header, *NUMBERS[:2])
    _, beside, below = header.words(width, 3)
    assert below[0] == " · ".join(NUMBERS[:2])
    assert below[1].startswith(NUMBERS[2])
    assert header.lines_needed(width) == len(below)
    assert header.lines_needed(width_for(header, *NUMBERS, HEADING.details)) == 1
    assert beside in HEADING.details


def test_a_head_with_room_says_everything_in_two(header):
    title, beside, below = header.words(width_for(header, *NUMBERS), 1)
    assert (title, beside, below) == ("Reformer", HEADING.details, [HEADING.numbers])


def test_what_is_left_out_is_told_and_read_with_the_pointer(header):
    assert header.words(width_for(header, *NUMBERS[:2]), 1)[2] == [f"{NUMBERS[0]} · …"]
    assert HEADING.numbers in header.toolTip()
    assert HEADING.details in header.toolTip()


def test_heads_beside_each_other_are_equally_high_and_do_not_shrink_while_numbers_change(qtbot):
    area = PaneArea(DARK)
    qtbot.addWidget(area)
    area.insert(1)
    area.resize(2 * 200 + 16, 480)
    area.show()
    first, second = (pane.header for pane in area.panes)
    one_line = first.sizeHint().height()
    second.set_heading(HEADING, True)
    more = second.sizeHint().height()
    assert first.sizeHint().height() == more > one_line
    second.set_heading(PaneHeading("Reformer", "", "", HEADING.colour), True)
    assert second.sizeHint().height() == more
    area.resize(2000, 480)
    assert second.sizeHint().height() == one_line


def test_on_the_stage_no_head_stands_back(header):
    header.resize(400, header.sizeHint().height())
    active = header.grab().toImage()
    header.set_heading(HEADING, False)
    assert header.grab().toImage() != active
    header.set_equal(True)
    assert header.grab().toImage() == active


def test_a_head_takes_nothing_from_a_picture():
    assert [head_room(QRect(0, 0, 232, height)) for height in (240, 272, 289, 290, 308, 480)] == [1, 1, 1, 2, 3, 3]
    assert head_room(QRect(0, 0, 600, 600)) == 1
