"""The top bar: chips, menus, status."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from widgets.themes import LIGHT
from widgets.variant_bar import VariantBar, _made_up_bar
from widgets.view_data import MenuChoice, MenuGroup


@pytest.fixture
def bar(qtbot):
    bar = _made_up_bar(LIGHT)
    qtbot.addWidget(bar)
    bar.resize(1600, 52)
    bar.show()
    qtbot.waitExposed(bar)
    bar.activateWindow()
    return bar


@pytest.fixture
def chosen(bar):
    seen = []
    bar.chosen.connect(seen.append)
    return seen


def button(bar, name):
    return next(b for b in bar.row.buttons if b.chip.name == name)


def test_a_click_chooses_exactly_one(bar, chosen, qtbot):
    qtbot.mouseClick(button(bar, "longformer"), Qt.MouseButton.LeftButton)
    qtbot.mouseClick(button(bar, "longformer"), Qt.MouseButton.LeftButton)
    assert chosen == ["longformer"]
    assert [b.chip.name for b in bar.row.buttons if b.isChecked()] == ["longformer"]


def test_a_disabled_chip_says_why_and_is_not_chosen(bar, chosen, qtbot):
    chip = button(bar, "linformer")
    qtbot.mouseClick(chip, Qt.MouseButton.LeftButton)
    assert chosen == []
    assert not chip.isChecked()
    assert "bidirectional only" in chip.toolTip()


def test_arrow_keys_go_round_and_skip_what_is_disabled(bar, chosen, qtbot):
    button(bar, "reformer").setFocus()
    for _ in range(3):
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Right)
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Left)
    assert chosen == ["linear", "performer", "full", "performer"]
    assert QApplication.focusWidget() is button(bar, "performer")


def test_tab_stops_once_at_the_chips(bar):
    policies = [b.focusPolicy() for b in bar.row.buttons]
    assert policies.count(Qt.FocusPolicy.TabFocus) == 1


def test_choosing_moves_no_chip(bar):
    before = [b.geometry() for b in bar.row.buttons]
    for b in bar.row.buttons:
        bar.row.set_chosen(b.chip.name)
        assert [c.geometry() for c in bar.row.buttons] == before


@pytest.mark.parametrize("width", [1600, 1280, 1000, 700])
def test_what_has_no_room_waits_in_a_menu_and_the_chosen_one_always_has_room(bar, qtbot, width):
    bar.resize(width, 52)
    QApplication.processEvents()
    for name in ("full", "performer"):
        bar.row.set_chosen(name)
        shown = [b for b in bar.row.buttons if b.isVisible()]
        hidden = [a.text() for a in bar.row._more.menu().actions()]
        assert button(bar, name) in shown
        assert len(shown) + len(hidden) == 8
        assert all(b.geometry().right() <= bar.row.width() for b in shown)
        assert bar.row._more.isVisible() == bool(hidden)


def test_the_menu_of_the_rest_chooses_too(bar, chosen):
    bar.resize(700, 52)
    QApplication.processEvents()
    action = next(a for a in bar.row._more.menu().actions() if a.text() == "Performer")
    action.trigger()
    assert chosen == ["performer"]
    assert button(bar, "performer").isVisible()


def test_menus_show_the_answers_and_announce_a_choice(bar, qtbot):
    assert [m.text() for m in bar.menus] == ["Layer 3 · Head 2 ▾", "Causal ▾", "CPU · float32 ▾"]
    action = next(a for a in bar.menus[0].menu().actions() if a.text() == "Head 4")
    with qtbot.waitSignal(bar.menu_chosen) as signal:
        action.trigger()
    assert signal.args == ["head", "3"]


def test_a_disabled_answer_gives_its_reason(bar):
    cuda = next(a for a in bar.menus[2].menu().actions() if a.text() == "CUDA")
    assert not cuda.isEnabled()
    assert "No CUDA" in cuda.toolTip()
    assert bar.menus[2].menu().toolTipsVisible()


def test_the_same_groups_leave_an_open_menu_alone(bar):
    group = MenuGroup("mask", "Mask", (MenuChoice("causal", "Causal"), MenuChoice("both", "Both")), "causal")
    bar.set_menus(((group,),))
    actions = bar.menus[0].menu().actions()
    bar.set_menus(((replace(group),),))
    assert bar.menus[0].menu().actions() == actions
    bar.set_menus(((replace(group, chosen="both"),),))
    assert bar.menus[0].text() == "Both ▾"


def test_status_is_said_in_words_and_keeps_its_width(bar):
    widths = set()
    for kind in ("live", "starting", "measuring", "stopped"):
        bar.set_status(kind, "1.2 s")
        widths.add(bar.status.sizeHint().width())
        assert kind in bar.status.accessibleDescription()
    assert len(widths) == 1
    with pytest.raises(ValueError, match="status must be one of"):
        bar.set_status("fine")


def test_an_empty_bar_is_drawn(qtbot):
    bar = VariantBar()
    qtbot.addWidget(bar)
    bar.set_variants((), "")
    bar.set_menus(())
    assert not bar.grab().isNull()
