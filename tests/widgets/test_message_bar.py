"""One line for problems: the newest, once, and out of the way."""

import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QColor, QEnterEvent
from PySide6.QtWidgets import QApplication

from widgets.message_bar import MessageBar
from widgets.themes import CONTRAST, DARK, LIGHT


@pytest.fixture
def bar(qtbot):
    bar = MessageBar()
    qtbot.addWidget(bar)
    bar.resize(500, 36)
    return bar


def test_hidden_until_there_is_something_to_say(bar):
    assert bar.isHidden()
    bar.show_message("  ")
    assert bar.isHidden()
    bar.show_message("The engine stopped.")
    assert bar.isVisible()
    assert bar.sentence == "The engine stopped."


def test_the_newest_replaces_and_the_height_never_changes(bar):
    for index in range(50):
        bar.show_message(f"Problem {index}. " * (index + 1))
    assert bar.sentence.startswith("Problem 49.")
    assert bar.height() == 36


def test_the_action_tells_its_key(bar, qtbot):
    bar.show_message("Not enough memory.", "Run anyway", "run")
    with qtbot.waitSignal(bar.action_requested) as signal:
        qtbot.mouseClick(bar._action, Qt.MouseButton.LeftButton)
    assert signal.args == ["run"]
    bar.show_message("Nothing to press.")
    assert bar._action.isHidden()


def test_dismissed_by_mouse_and_by_escape(bar, qtbot):
    bar.show_message("One.", key="one")
    with qtbot.waitSignal(bar.dismissed):
        qtbot.mouseClick(bar._dismiss, Qt.MouseButton.LeftButton)
    assert bar.isHidden()
    bar.show_message("One.", key="one")
    bar._dismiss.setFocus()
    with qtbot.waitSignal(bar.dismissed):
        qtbot.keyClick(bar._dismiss, Qt.Key.Key_Escape)
    assert bar.sentence == ""


def test_news_look_otherwise_than_a_problem(bar):
    bar.show_message("There is no such file.")
    problem = bar.grab().toImage().pixelColor(1, 18)
    assert bar._mark.text() == "!"
    bar.show_message("Saved figure.png", good=True)
    assert bar._mark.text() == "✓"
    assert bar.grab().toImage().pixelColor(1, 18) != problem
    bar.show_message("There is no such file.")
    assert bar.grab().toImage().pixelColor(1, 18) == problem


def test_what_is_under_way_is_no_success_yet(bar):
    bar.show_message("Checking scene 1 of 2 …", good=True, under_way=True)
    assert bar._mark.text() == "i"
    bar.show_message("Ready for the stage.", good=True)
    assert bar._mark.text() == "✓"


@pytest.mark.parametrize("theme", [DARK, LIGHT, CONTRAST], ids=lambda theme: theme.name)
def test_a_success_has_not_the_colour_of_a_warning(theme):
    good, wrong = QColor(theme.positive), QColor(theme.warning)
    assert abs(good.hsvHueF() - wrong.hsvHueF()) > 0.2


def test_cleared_only_by_its_own_key(bar):
    bar.show_message("Engine.", key="engine")
    bar.clear("run")
    assert bar.isVisible()
    bar.clear("engine")
    assert bar.isHidden()
    bar.show_message("Engine.", key="engine")
    bar.clear()
    assert bar.isHidden()


def test_a_long_sentence_is_shortened_and_its_tooltip_is_whole(bar):
    long = "A very long sentence about what went wrong. " * 10
    bar.show_message(long)
    QApplication.processEvents()
    label = bar._sentence
    assert label.text().endswith("…")
    assert label.toolTip() == long.strip()
    bar.resize(6000, 36)
    QApplication.processEvents()
    assert label.text() == long.strip()
    assert label.toolTip() == ""


def test_good_news_leave_by_themselves_and_problems_stay(bar):
    bar.show_message("Saved talk.attnscope.", "", "saved", good=True)
    assert bar.leaves
    bar._leaving.timeout.emit()
    assert bar.isHidden()
    bar.show_message("Saved talk.attnscope.", "", "saved", good=True)
    bar.show_message("The engine stopped.")
    assert not bar.leaves
    bar.show_message("There are results beside this session.", "Load results", "results", good=True)
    assert not bar.leaves, "it asks"


def test_news_under_the_pointer_stay(bar):
    bar.show_message("Saved talk.attnscope.", "", "saved", good=True)
    QApplication.sendEvent(bar, QEnterEvent(QPointF(5, 5), QPointF(5, 5), QPointF(5, 5)))
    assert not bar.leaves
    QApplication.sendEvent(bar, QEvent(QEvent.Type.Leave))
    assert bar.leaves
