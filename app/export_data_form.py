"""The export dialog's controls for data: of which view, which array, which part, with a snippet or not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QLabel, QWidget

from app.export.data import DataOptions
from app.export.data_of_pairs import PAIR_VIEWS
from app.export.data_of_window import StepsKnown
from app.export_rows import Span, Words, align, combo, form_in
from widgets.form_controls import DropDown, Tick


@dataclass(frozen=True)
class DataChoice:
    view: str
    options: DataOptions
    snippet: bool


class DataForm(QWidget):
    """``views`` are names and labels; ``length`` that of the run. ``changed`` when anything is another one."""

    changed = Signal()

    def __init__(self, views: Mapping[str, str], view: str, length: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.steps: StepsKnown | None = None  # who asks the engine what the steps recorded
        self.view = DropDown()
        self.view.setAccessibleName(self.tr("Data of"))
        for name, label in views.items():
            self.view.addItem(label, name)
        self.view.setCurrentIndex(max(self.view.findData(view), 0))
        self.array = combo([], self.tr("Array"))
        last, whole = length - 1, (0, length - 1)
        self.queries = Span.of((self.tr("First query or position"), self.tr("Last query or position")), 0, last, whole)
        self.keys = Span.of((self.tr("First key"), self.tr("Last key")), 0, last, whole)
        self.snippet = Tick(self.tr("With a Python file that draws it"))
        self.said = Words()
        self._place()
        self._connect()
        self._show_what_counts()

    def _place(self) -> None:
        form = self.rows = form_in(self)
        self.row_label = QLabel()
        form.addRow(self.tr("Data of"), self.view)
        form.addRow(self.tr("Array"), self.array)
        form.addRow(self.row_label, self.queries.row)
        form.addRow(self.tr("Keys"), self.keys.row)
        form.addRow("", self.snippet)
        form.addRow("", self.said)
        align(form)

    def _connect(self) -> None:
        self.view.currentIndexChanged.connect(lambda _: self._view_chosen())
        self.array.currentIndexChanged.connect(lambda _: self.changed.emit())
        for box in (self.queries.first, self.queries.last, self.keys.first, self.keys.last):
            box.valueChanged.connect(lambda _: self.changed.emit())

    def choice(self) -> DataChoice:
        """What the controls say; both ends of a range are in it."""
        name = str(self.view.currentData())
        columns = self.keys.range if name in PAIR_VIEWS else None
        options = DataOptions(self.queries.range, columns, str(self.array.currentData() or ""))
        return DataChoice(name, options, self.snippet.isChecked())

    def show_arrays(self, names: Sequence[str], one_alone: bool) -> None:
        """The arrays of the view; ``one_alone``: the format holds no more than one."""
        wanted = [*([] if one_alone and len(names) > 1 else [""]), *names] if len(names) > 1 else [""]
        if [self.array.itemData(at) for at in range(self.array.count())] != wanted:
            before = self.array.currentData()
            blocker = QSignalBlocker(self.array)
            self.array.clear()
            for name in wanted:
                self.array.addItem(name or self.tr("All of them"), name)
            self.array.setCurrentIndex(max(self.array.findData(before), 0))
            blocker.unblock()
        self.rows.setRowVisible(self.array, len(wanted) > 1)

    def show_words(self, words: str) -> None:
        self.said.say(words)

    def _view_chosen(self) -> None:
        self._show_what_counts()
        self.changed.emit()

    def _show_what_counts(self) -> None:
        pairs = self.view.currentData() in PAIR_VIEWS
        self.rows.setRowVisible(self.keys.row, pairs)
        self.row_label.setText(self.tr("Queries") if pairs else self.tr("Positions"))
