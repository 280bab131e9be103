"""What the export dialog's forms are made of: their rows, their boxes, and from where to where."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QSignalBlocker
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QDoubleSpinBox, QFormLayout, QHBoxLayout, QLabel, QWidget

from widgets.form_controls import DropDown

LABEL_WIDTH, LEAST_WIDTH = 72, 60


def form_in(widget: QWidget) -> QFormLayout:
    """The layout of a form: its rows stand as those of the forms above and below."""
    form = QFormLayout(widget)
    form.setContentsMargins(0, 0, 0, 0)
    form.setHorizontalSpacing(16)
    form.setVerticalSpacing(9)
    form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
    return form


def align(form: QFormLayout) -> None:
    """Labels as wide as those of the forms above and below."""
    for at in range(form.rowCount()):
        item = form.itemAt(at, QFormLayout.ItemRole.LabelRole)
        label = item.widget() if item is not None else None
        if label is not None:
            label.setMinimumWidth(LABEL_WIDTH)


def combo(labels: Sequence[str], name: str) -> DropDown:
    box = DropDown()
    box.addItems(list(labels))
    box.setAccessibleName(name)
    return box


def number(
    name: str, low: float = 0, high: float = 100, value: float = 0, decimals: int = 1, suffix: str = ""
) -> QDoubleSpinBox:
    box = QDoubleSpinBox()
    box.setDecimals(decimals)
    box.setRange(low, high)
    box.setValue(value)
    box.setSuffix(suffix)
    box.lineEdit().setTextMargins(5, 0, 0, 0)
    box.setKeyboardTracking(False)  # a number is taken when it is whole
    box.setAccessibleName(name)
    return box


class Words(QLabel):
    """Words in as many lines as they need, which a form does not find out by itself; hidden where there are none."""

    def __init__(self) -> None:
        super().__init__()
        self.setWordWrap(True)

    def say(self, words: str) -> None:
        self.setText(words)
        self.setVisible(bool(words))
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        self.setMinimumHeight(self.heightForWidth(self.width()) if self.text() else 0)


def quietly(box: QDoubleSpinBox, value: float) -> None:
    """Set a number without telling."""
    blocker = QSignalBlocker(box)
    box.setValue(value)
    blocker.unblock()


def row(*parts: QWidget) -> QWidget:
    """Controls beside each other; those that are no words share the room."""
    whole = QWidget()
    layout = QHBoxLayout(whole)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(6)
    for part in parts:
        layout.addWidget(part, 0 if isinstance(part, QLabel) else 1)
    return whole


def between(first: QWidget, last: QWidget) -> QWidget:
    """From one to another."""
    return row(first, QLabel("–"), last)


@dataclass(frozen=True)
class Span:
    """Whole numbers from ``first`` to ``last``, both in it, as one row of a form."""

    first: QDoubleSpinBox
    last: QDoubleSpinBox
    row: QWidget

    @classmethod
    def of(cls, names: tuple[str, str], low: int, high: int, chosen: tuple[int, int], suffix: str = "") -> Span:
        """``names`` are for those who hear the boxes; ``chosen`` what stands in them at first."""
        first, last = (number(name, low, high, value, 0, suffix) for name, value in zip(names, chosen, strict=True))
        for box in (first, last):
            box.setMinimumWidth(LEAST_WIDTH)  # else the largest number that fits decides
        return cls(first, last, between(first, last))

    @property
    def ends(self) -> tuple[int, int]:
        return round(self.first.value()), round(self.last.value())

    @property
    def range(self) -> range:
        first, last = self.ends
        return range(first, last + 1)
