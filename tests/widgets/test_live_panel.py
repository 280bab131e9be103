"""The live numbers: five looks, cards, and a layout that does not move."""

from dataclasses import replace

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QGuiApplication, QHelpEvent
from PySide6.QtWidgets import QApplication, QToolTip

from widgets.lettering import lettering
from widgets.live_panel import LivePanel
from widgets.themes import DARK, LIGHT
from widgets.view_data import Card, Reading

CARD = Card((("variant", "Reformer"), ("n", "8,192")))
TIME = Reading("time", "6.8", "ms", "measured", ("full 31.4 ms", "fused 12 ms"), CARD)
MEMORY = Reading("peak memory", "38", "MB", "predicted", ("full 270 MB",), CARD)
PAIRS = Reading("pairs kept", "3.1", "%", "reconstructed")


@pytest.fixture
def panel(qtbot):
    panel = LivePanel()
    qtbot.addWidget(panel)
    panel.resize(384, 260)
    panel.set_readings((TIME, MEMORY, PAIRS))
    panel.show()
    qtbot.waitExposed(panel)
    return panel


def geometry(panel):
    QApplication.processEvents()
    return [cell.geometry() for cell in panel.cells]


def test_changing_values_move_nothing(panel):
    before = geometry(panel)
    for value, notes in (("1,234.5", TIME.notes), ("0", ()), ("", ("one",)), ("9" * 40, ("long " * 40,))):
        panel.set_readings((replace(TIME, value=value, notes=notes), replace(MEMORY, unit="GB"), PAIRS))
        assert geometry(panel) == before


@pytest.mark.parametrize("nothing", ["", "–"])
def test_a_pending_reading_keeps_the_last_value(panel, nothing):
    panel.set_readings((Reading("time", nothing, "", "pending"), MEMORY, PAIRS))
    cell = panel.cells[0]
    assert (cell.reading.value, cell.reading.unit, cell.reading.notes) == ("6.8", "ms", TIME.notes)
    assert "measuring" in cell.accessibleDescription()


def test_each_look_is_drawn_differently_and_said(panel, qtbot):
    pictures = set()
    for look in ("measured", "predicted", "reconstructed", "pending", "refused"):
        panel.set_readings((replace(TIME, look=look), MEMORY, PAIRS))
        pictures.add(bytes(panel.cells[0].grab().toImage().constBits()))
        said = panel.cells[0].accessibleDescription()
        assert (look == "measured") == said.startswith("6.8")
        assert ("≈" in said) == (look == "predicted")
    assert len(pictures) == 5


def test_a_refused_run_says_why_once_and_can_be_overridden(panel, qtbot):
    sentence = "Needs about 137 GB; 19 GB are free."
    panel.set_readings((Reading("time", sentence, "", "refused"), Reading("peak", sentence, "", "refused"), PAIRS))
    assert panel._sentence.text() == sentence
    with qtbot.waitSignal(panel.override_requested):
        qtbot.mouseClick(panel._override, Qt.MouseButton.LeftButton)
    panel.set_readings((TIME, MEMORY, PAIRS))
    assert panel._override.isHidden() or not panel._override.isVisible()


def test_a_refusal_said_elsewhere_takes_no_room(panel):
    panel.set_readings((Reading("time", "–", "", "refused"), MEMORY, PAIRS))
    assert panel._refusal.isHidden()
    panel.set_readings((Reading("time", "–", "", "refused", ("Needs 137 GB.",)), MEMORY, PAIRS))
    assert panel._sentence.text() == "Needs 137 GB."


def test_hover_shows_the_card_and_a_click_copies_it(panel, qtbot):
    cell = panel.cells[0]
    where = QPoint(20, 20)
    QApplication.sendEvent(cell, QHelpEvent(QEvent.Type.ToolTip, where, cell.mapToGlobal(where)))
    assert "Reformer" in QToolTip.text()
    assert "8,192" in cell.tooltip()
    with qtbot.waitSignal(panel.copied):
        qtbot.mouseClick(cell, Qt.MouseButton.LeftButton, pos=where)
    assert QGuiApplication.clipboard().text().splitlines()[1:] == ["variant: Reformer", "n: 8,192"]


def test_the_keyboard_copies_too(panel, qtbot):
    panel.cells[1].setFocus()
    qtbot.keyClick(panel.cells[1], Qt.Key.Key_Return)
    assert QGuiApplication.clipboard().text().startswith("peak memory: predicted, ≈ 38 MB, full 270 MB")


def test_a_card_cannot_smuggle_markup(panel):
    panel.set_readings((replace(TIME, card=Card((("<b>x</b>", "<img src=x>"),))), MEMORY, PAIRS))
    assert "<img" not in panel.cells[0].tooltip()


def test_readings_come_and_go(panel):
    panel.set_readings((TIME,))
    assert len(panel.cells) == 1
    panel.set_readings(())
    assert panel.cells == ()
    panel.set_readings((TIME, MEMORY))
    assert [cell.reading for cell in panel.cells] == [TIME, MEMORY]


def test_themes_differ(panel):
    panel.set_theme(DARK)
    dark = panel.cells[0].grab().toImage()
    panel.set_theme(LIGHT)
    assert panel.cells[0].grab().toImage() != dark


def test_in_a_narrow_cell_the_notes_take_two_lines_and_the_number_is_whole(panel):
    notes = ("8.0× slower · fused 16.7 ms", "1.3× smaller · textbook 181 kB")
    reading = replace(TIME, value="2.2e-05", notes=notes)
    panel.set_readings((reading, MEMORY, PAIRS))
    wide = geometry(panel)[0].height()
    panel.resize(280, 320)
    assert geometry(panel)[0].height() > wide
    cell = panel.cells[0]
    lines = cell._noted(lettering(cell.font(), DARK.small_points))
    assert lines == [part for note in notes for part in note.split(" · ")]
    moved = geometry(panel)
    for value in ("6.8", "123,456", "2.2e-05"):
        panel.set_readings((replace(reading, value=value), MEMORY, PAIRS))
        assert geometry(panel) == moved


def test_where_one_note_is_too_long_it_alone_takes_a_second_line(panel):
    panel.resize(365, 400)
    notes = ("4.9× slower · fused 5.82 ms", "8.3× slower · textbook 3.43 ms")
    panel.set_readings((replace(TIME, notes=notes), MEMORY, PAIRS))
    geometry(panel)
    cell = panel.cells[0]
    lines = cell._noted(lettering(cell.font(), DARK.small_points))
    assert lines == [notes[0], *notes[1].split(" · ")]


def test_what_was_not_made_is_said_to_have_failed(panel):
    panel.set_readings((Reading("time", "–", "", "failed"), MEMORY, PAIRS))
    assert panel.cells[0].accessibleDescription().startswith("failed")
    assert "measuring" not in panel.cells[0].tooltip()
    panel.set_readings((Reading("time", "–", "", "pending"), MEMORY, PAIRS))
    assert panel.cells[0].reading.value == ""
