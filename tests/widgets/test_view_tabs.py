"""The tabs of the views at any width: nothing is cut, the chosen one is seen, and all can be chosen."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication

from widgets.view_tabs import MORE_WIDTH, ViewTabs, with_room

VIEWS = tuple(
    (label, f"what {label} tells")
    for label in (
        "Pattern",
        "Weights",
        "Difference",
        "Weights a − b",
        "Buckets",
        "Reach",
        "Key mass",
        "Quality",
        "Loss",
    )
)


@pytest.fixture
def tabs(qtbot):
    made = ViewTabs()
    qtbot.addWidget(made)
    made.seen = []
    made.bar.currentChanged.connect(made.seen.append)
    made.show_views(VIEWS, 0)
    made.resize(900, 36)
    made.show()
    qtbot.waitExposed(made)
    return made


def shown(tabs):
    return [tabs.bar.tabText(index) for index in range(tabs.bar.count()) if tabs.bar.isTabVisible(index)]


def in_menu(tabs):
    return [action.text() for action in tabs.more.menu().actions()]


@given(st.lists(st.integers(1, 200), min_size=1, max_size=14), st.integers(0, 13), st.integers(0, 2_000))
def test_all_have_room_or_as_many_as_fit_beside_the_chosen_one(widths, chosen, room):
    chosen %= len(widths)
    found = with_room(widths, chosen, room)
    taken = sum(widths[index] for index in found)
    assert chosen in found
    assert list(found) == sorted(set(found))
    if len(found) == len(widths) and sum(widths) <= room:
        return
    assert len(found) == 1 or taken + MORE_WIDTH <= room
    others = [index for index in range(len(widths)) if index != chosen]
    kept = [index for index in found if index != chosen]
    assert kept == others[: len(kept)]
    if len(kept) < len(others):
        assert taken + widths[others[len(kept)]] + MORE_WIDTH > room


@pytest.mark.parametrize("width", [200, 300, 384, 500, 600, 700, 1200, 3000])
@pytest.mark.parametrize("chosen", range(len(VIEWS)))
def test_nothing_is_cut_at_any_width(tabs, width, chosen):
    tabs.resize(width, 36)
    tabs.show_views(VIEWS, chosen)
    bar = tabs.bar
    assert bar.isTabVisible(chosen)
    for index in range(bar.count()):
        if bar.isTabVisible(index):
            assert bar.tabRect(index).width() >= bar.widths()[index]
            assert bar.tabRect(index).right() < bar.width()
    assert sorted([*shown(tabs), *in_menu(tabs)]) == sorted(label for label, _ in VIEWS)
    assert tabs.more.isVisible() == bool(in_menu(tabs))
    if tabs.more.isVisible():
        assert bar.width() <= tabs.more.x()
        assert tabs.more.geometry().right() < width
        assert tabs.more.fontMetrics().horizontalAdvance(tabs.more.text()) + 12 <= MORE_WIDTH
        assert tabs.more.text() == f"+{len(in_menu(tabs))} ▾"
    assert tabs.seen == []


def test_what_has_no_room_is_chosen_in_the_menu_and_then_seen(qtbot, tabs):
    tabs.resize(300, 36)
    assert "Loss" not in shown(tabs)
    tabs.more.menu().popup(tabs.more.mapToGlobal(QPoint(0, 30)))
    menu = tabs.more.menu()
    entry = menu.actions()[-1]
    assert (entry.text(), entry.toolTip()) == VIEWS[-1]
    qtbot.mouseClick(menu, Qt.MouseButton.LeftButton, pos=menu.actionGeometry(entry).center())
    QApplication.processEvents()
    assert tabs.seen == [8]
    assert "Loss" in shown(tabs)
    assert "Loss" not in in_menu(tabs)


def test_the_menu_opens_by_key(qtbot, tabs):
    tabs.resize(300, 36)
    tabs.more.setFocus()
    menu = tabs.more.menu()
    qtbot.keyClick(tabs.more, Qt.Key.Key_Space)
    qtbot.waitUntil(menu.isVisible)
    qtbot.keyClick(menu, Qt.Key.Key_Up)
    qtbot.keyClick(menu, Qt.Key.Key_Return)
    assert tabs.seen == [8]


def test_arrow_keys_go_from_tab_to_tab_through_those_without_room(qtbot, tabs):
    tabs.resize(300, 36)
    tabs.bar.setFocus()
    for _ in range(len(VIEWS) + 1):
        qtbot.keyClick(tabs.bar, Qt.Key.Key_Right)
        assert tabs.bar.isTabVisible(tabs.bar.currentIndex())
    assert tabs.seen == list(range(1, len(VIEWS)))
    qtbot.keyClick(tabs.bar, Qt.Key.Key_Left)
    assert shown(tabs)[-1] == "Quality"


def test_fewer_views_leave_no_tab_behind(tabs):
    tabs.show_views(VIEWS[:2], 1)
    assert shown(tabs) == ["Pattern", "Weights"]
    assert in_menu(tabs) == []
    assert tabs.seen == []
