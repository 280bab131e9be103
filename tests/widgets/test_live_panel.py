"""The live numbers: five looks, cards, and a layout that does not move."""

from dataclasses import replace

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QGuiApplication, QHelpEvent
from PySide6.QtWidgets import QApplication, QToolTip

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
