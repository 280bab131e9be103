"""Hands without a mouse and people who do not see: Tab reaches everything, the focus is drawn, all has a name."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLabel,
    QScrollArea,
    QWidget,
)

from app.add_variant_dialog import AddVariantDialog
from app.budget_dialog import BudgetDialog
from app.export_dialog import ExportDialog
from app.keys_dialog import KeysDialog
from app.scenes_dialog import ScenesDialog
from engines.messages import Budget
from tests.app.runs import known_of, model, run_of

THEMES = ("dark", "light", "contrast")


def by_tab(top):
    """What Tab should reach, an exclusive group of buttons by the chosen one alone."""
    for widget in top.findChildren(QWidget):
        if widget.isVisible() and widget.isEnabled() and widget.focusPolicy() & Qt.FocusPolicy.TabFocus:
            group = widget.group() if isinstance(widget, QAbstractButton) else None
            exclusive = group is not None and group.exclusive() and group.checkedButton() is not None
            if widget.focusProxy() is None and not (exclusive and not widget.isChecked()):
                yield widget


def named(widget):
    return widget.accessibleName() or (isinstance(widget, QAbstractButton) and widget.text())


def told(widget):
    return f"{type(widget).__name__} {named(widget)!r}"


def pixels(window, widget):
    """What is drawn where a control is, its ring included: [height, width, 4]."""
    place = QRect(widget.mapTo(window, QPoint(0, 0)), widget.size()).adjusted(-3, -3, 3, 3)
    image = window.grab(place.intersected(window.rect())).toImage().convertToFormat(QImage.Format.Format_ARGB32)
    return np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), -1, 4)[:, : image.width()].copy()


def walk(qtbot, window, key, compare):
    """The controls that a key leads through, from the picture until it comes round."""
    start = window.pane_view.pattern_view
    start.setFocus()
    seen = [start]
    for _ in range(150):
        qtbot.keyClick(QApplication.focusWidget(), key)
        now = QApplication.focusWidget()
        if now in seen:
            break
        seen.append(now)
        if compare:
            compare(now)
    return seen


@pytest.mark.parametrize("variant", ["longformer", "reformer"])
def test_tab_reaches_every_control_and_back(qtbot, window, controller, variant):
    controller.set(variant=variant)
    for _ in range(3):
        QApplication.processEvents()
    expected = {told(widget) for widget in by_tab(window)}
    forwards = walk(qtbot, window, Qt.Key.Key_Tab, None)
    backwards = walk(qtbot, window, Qt.Key.Key_Backtab, None)
    assert not expected - {told(widget) for widget in forwards}
    assert forwards[1:] == backwards[:0:-1]


@pytest.mark.parametrize("theme", THEMES)
def test_the_focus_is_seen(qtbot, window, controller, theme):
    controller.set_theme(theme)
    QApplication.processEvents()
    unseen = []

    def compare(widget):
        """The same control with the focus and without."""
        QApplication.processEvents()
        shown = pixels(window, widget)
        widget.clearFocus()
        QApplication.processEvents()
        hidden = pixels(window, widget)
        widget.setFocus(Qt.FocusReason.TabFocusReason)
        drawn = int((np.abs(shown.astype(int) - hidden).max(axis=2) > 24).sum())
        if drawn < 24:
            unseen.append((told(widget), drawn))

    assert len(walk(qtbot, window, Qt.Key.Key_Tab, compare)) > 20
    assert not unseen


def test_the_focus_is_scrolled_into_view(qtbot, opened):
    window, commands = opened((1024, 700))
    commands.controller.set(variant="reformer")
    for _ in range(3):
        QApplication.processEvents()
    hidden = []

    def compare(widget):
        middle = widget.rect().center()
        area = next((each for each in window.findChildren(QScrollArea) if each.isAncestorOf(widget)), None)
        if area is not None and not area.viewport().rect().contains(widget.mapTo(area.viewport(), middle)):
            hidden.append(told(widget))

    walk(qtbot, window, Qt.Key.Key_Tab, compare)
    assert not hidden


def inside(widget, kinds):
    above = widget.parentWidget()
    while above is not None and not isinstance(above, kinds):
        above = above.parentWidget()
    return above is not None


def unnamed(top):
    parts = (QAbstractSpinBox, QComboBox)  # their lines and lists speak as they do
    return [
        f"{type(widget).__name__} {widget.objectName()} of {type(widget.parent()).__name__}"
        for widget in top.findChildren(QWidget)
        if widget.focusPolicy() != Qt.FocusPolicy.NoFocus and not inside(widget, parts)
        if not (isinstance(widget, QAbstractButton) and widget.isHidden())  # it gets its words when it is shown
        if not named(widget) and not widget.objectName().startswith("qt_")
        if not any(isinstance(each, QLabel) and each.buddy() is widget for each in top.findChildren(QLabel))
    ]


def test_every_control_of_the_window_has_a_name(window, commands, controller):
    for variant in ("longformer", "reformer", "performer", "transformer-xl"):
        controller.set_variant(variant)
    commands.add_pane()
    commands.open_palette()
    assert not unnamed(window)


def test_every_control_of_every_dialog_has_a_name(window, commands, controller):
    commands.record_scene()
    made = (
        ExportDialog(controller, window),
        ScenesDialog(controller, commands.presenting, window),
        BudgetDialog(Budget(), window),
        AddVariantDialog(window),
        KeysDialog(window),
    )
    assert {type(dialog).__name__: unnamed(dialog) for dialog in made} == {type(dialog).__name__: [] for dialog in made}
    for dialog in made:
        assert dialog.windowTitle()
        dialog.deleteLater()


@pytest.mark.parametrize("variant", ["full", "reformer", "performer", "transformer-xl", "linformer"])
def test_every_picture_has_a_caption_in_words(window, controller, variant):
    active = controller.active
    active.model = model()
    controller.set_variant(variant)
    controller.set(length=40, layer=1, head=2)
    active.run = known_of(run_of(variant, causal=controller.pane.causal))
    active.refresh_picture()
    for view in controller.centre.views:
        controller.set_view(view.name)
        widget = controller.centre.widget()
        assert widget.accessibleName(), view
        assert len(widget.accessibleDescription().split()) >= 3, (view, widget.accessibleDescription())
