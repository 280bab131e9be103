"""The hints of small dialogs: seen whole, in both languages, and true of the rest of the window."""

from __future__ import annotations

import re

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QApplication, QDialog, QLabel

from app.actions import ACTIONS
from app.budget_dialog import BudgetDialog
from app.language import CHINESE, ENGLISH, use
from app.scenes import NAMES
from app.scenes_dialog import ScenesDialog
from engines.messages import Budget
from tests.app.export.films import pixels

KEYS = {action.slot: action.shortcut for action in ACTIONS}
HINTS = {
    (ENGLISH, "budget"): "A call that would take more is refused; it can be run anyway.",
    (CHINESE, "budget"): "超出预算的调用会被拒绝；您可以选择“仍然运行”。",
    (ENGLISH, "scenes"): "F5 shows them on the stage, PgDown turns to the next; Shift+F5 checks all before a talk.",
    (CHINESE, "scenes"): "F5 在舞台上放映，PgDown 转到下一场景；演讲前可用 Shift+F5 全部检查一遍。",
    (ENGLISH, "empty"): "There are no scenes yet. Record one with F7, or open a tour.",
    (CHINESE, "empty"): "还没有场景。按 F7 记录一个，或打开导览。",
}


@pytest.fixture(params=[ENGLISH, CHINESE])
def spoken(request, qapp):
    use(request.param)
    yield request.param
    use(ENGLISH)


@pytest.fixture
def budget(qtbot, spoken):
    return shown(qtbot, BudgetDialog(Budget(seconds=2.5, memory_share=0.8)))


@pytest.fixture
def scenes(qtbot, spoken, opened):
    window, commands = opened()
    return shown(qtbot, ScenesDialog(commands.controller, commands.presenting, window))


def shown(qtbot, dialog: QDialog) -> QDialog:
    qtbot.addWidget(dialog)
    dialog.show()
    qtbot.waitExposed(dialog)
    return dialog


def label_with(dialog: QDialog, words: str) -> QLabel:
    return next(each for each in dialog.findChildren(QLabel) if each.text() == words)


def is_seen_whole(label: QLabel) -> bool:
    """Whether its words have the room that they need, lie within the dialog, and are told from their ground."""
    inside = label.parentWidget().rect().contains(label.geometry())
    fits = label.height() >= label.heightForWidth(label.width()) and label.width() >= label.minimumSizeHint().width()
    place = label.mapTo(label.window(), QPoint(0, 0))
    picture = pixels(label.window().grab().toImage())
    letters = picture[place.y() : place.y() + label.height(), place.x() : place.x() + label.width()].astype(int)
    return label.isVisible() and inside and fits and np.ptp(letters.max(axis=2)) > 60


@pytest.mark.parametrize("size", ["as it opens", "least"])
def test_the_budgets_hint_is_seen_and_says_what_happens(budget, spoken, size):
    if size == "least":
        budget.resize(1, 1)
        QApplication.processEvents()
    assert is_seen_whole(label_with(budget, HINTS[spoken, "budget"]))


def test_the_budgets_fields_say_their_units(budget, spoken):
    seconds, memory = budget.seconds, budget.memory
    assert seconds.text() == "2.5 s"
    assert memory.text() == {ENGLISH: "80.0 % of free memory", CHINESE: "可用内存的 80.0 %"}[spoken]
    for box in (seconds, memory):
        assert box.lineEdit().width() >= box.fontMetrics().horizontalAdvance(box.text()), "the unit is not cut"
    seconds.setValue(4.0)
    memory.setValue(50.0)
    assert budget.budget() == Budget(4.0, 0.5)


@pytest.mark.parametrize("size", ["as it opens", "least"])
def test_the_hint_below_the_scenes_names_the_keys_that_there_are(scenes, spoken, size):
    if size == "least":
        scenes.resize(1, 1)
        QApplication.processEvents()
    hint = label_with(scenes, HINTS[spoken, "scenes"])
    assert is_seen_whole(hint)
    assert KEYS["present"] in hint.text()
    assert KEYS["check_scenes"] in hint.text()
    assert QKeySequence(KEYS["next_scene"]) == QKeySequence(Qt.Key.Key_PageDown)
    assert "PgDown" in hint.text()
    assert KEYS["record_scene"] in scenes.buttons["record"].toolTip()


def test_an_empty_list_says_how_to_begin_and_is_not_cut(scenes, spoken):
    assert is_seen_whole(label_with(scenes, HINTS[spoken, "empty"]))
    assert KEYS["record_scene"] in scenes.empty.text()


def test_the_captions_hint_names_every_number_and_no_other(scenes, spoken):
    named = set(re.findall(r"\{([a-z]+)2?\}", scenes.caption.toolTip()))
    assert named == NAMES
    assert "{kept2}" in scenes.caption.toolTip()
    example = scenes.caption.placeholderText()
    assert set(re.findall(r"\{([a-z]+)\}", example)) <= NAMES
