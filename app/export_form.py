"""The right column of the export dialog: how the figure is set, as controls; what they say is a ``Look``."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from app.export.formats import Format, format_named
from app.export.look import PAPER_DPI, PAPER_WIDTH, Look
from app.export.page import DEFAULT_TYPE, LARGEST_LENGTH, MILLIMETRES_PER_INCH, MOST_PIXELS, SMALLEST_LENGTH
from app.export_rows import align, combo, form_in, number, quietly
from widgets.form_controls import DropDown, Tick

UNITS = ("mm", "in", "px")
DECIMALS = {"mm": 1, "in": 2, "px": 0}


class ExportForm(QWidget):
    """``changed`` when anything of it is another one. ``panels`` are a study's titles; there are so many ``panes``."""

    changed = Signal()

    def __init__(
        self, formats: Sequence[Format], panels: Sequence[str] = (), panes: int = 1, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.formats = tuple(formats)
        self.unit_before = "mm"
        self.format = DropDown()
        self.format.setAccessibleName(self.tr("Format"))
        for before, each in zip((formats[0], *formats), formats, strict=False):
            if each.kind != before.kind:
                self.format.insertSeparator(self.format.count())
            self.format.addItem(each.label, each.name)
        self.width_box = number(self.tr("Width"))
        self.height_box = number(self.tr("Height"))
        self.unit = combo(UNITS, self.tr("Unit of width and height"))
        self.suits = Tick(self.tr("Height that suits the picture"))
        self.letters = number(self.tr("Size of the letters"), 2, 72, DEFAULT_TYPE, 1, self.tr(" pt"))
        self.dpi = number(self.tr("Pixels to an inch"), 10, 2400, PAPER_DPI, 0, self.tr(" dpi"))
        self.theme = DropDown()
        self.theme.setAccessibleName(self.tr("Theme"))
        names = {
            "print": self.tr("Print, colour"),
            "print-grey": self.tr("Print, grey scale"),
            "light": self.tr("Light"),
            "dark": self.tr("Dark"),
        }
        for name, label in names.items():
            self.theme.addItem(label, name)
        self.panel = combo([self.tr("All panels"), *panels], self.tr("Panel"))
        whole = [self.tr("All panes")] if panes > 1 else []
        self.panes = combo([*whole, self.tr("The chosen pane alone")], self.tr("Panes"))
        self.title = Tick(self.tr("Title above"))
        self.caption = Tick(self.tr("Caption below"))
        self.suits.setChecked(True)
        self.title.setChecked(True)
        self._place()
        self._set_unit("mm", PAPER_WIDTH, PAPER_WIDTH)
        self._connect()
        self._show_what_counts()

    def _place(self) -> None:
        form = self.rows = form_in(self)
        size = self.size_row = QWidget()
        row = QHBoxLayout(size)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        for part, stretch in ((self.width_box, 1), (QLabel("×"), 0), (self.height_box, 1), (self.unit, 0)):
            row.addWidget(part, stretch)
        for label, field in (
            (self.tr("Format"), self.format),
            (self.tr("Size"), size),
            ("", self.suits),
            (self.tr("Letters"), self.letters),
            (self.tr("Resolution"), self.dpi),
            (self.tr("Theme"), self.theme),
            (self.tr("Panel"), self.panel),
            (self.tr("Panes"), self.panes),
            ("", self.title),
            ("", self.caption),
        ):
            form.addRow(label, field)
        align(form)

    def _connect(self) -> None:
        for box in (self.width_box, self.height_box, self.letters, self.dpi):
            box.valueChanged.connect(lambda _: self.changed.emit())
        for check in (self.title, self.caption, self.suits):
            check.toggled.connect(lambda _: self._say())
        for choice in (self.format, self.theme, self.panel, self.panes):
            choice.currentIndexChanged.connect(lambda _: self._say())
        self.unit.currentTextChanged.connect(self._change_unit)

    # What it says

    @property
    def chosen_format(self) -> Format:
        return format_named(str(self.format.currentData()), self.formats)

    def choose_format(self, format_: Format) -> None:
        self.format.setCurrentIndex(self.format.findData(format_.name))

    def look(self) -> Look:
        per_inch = self._per_inch(self.unit.currentText())
        return Look(
            width=self.width_box.value() / per_inch,
            height=0.0 if self.suits.isChecked() else self.height_box.value() / per_inch,
            type_points=self.letters.value(),
            dpi=self.dpi.value(),
            theme=str(self.theme.currentData()),
            title=self.title.isChecked(),
            caption=self.caption.isChecked(),
            panel=self.panel.currentIndex(),
            all_panes=self.panes.count() > 1 and self.panes.currentIndex() == 0,
        )

    def show_height(self, inches: float) -> None:
        """The height that suited the picture."""
        if self.suits.isChecked():
            quietly(self.height_box, inches * self._per_inch(self.unit.currentText()))

    # Units

    def _per_inch(self, unit: str) -> float:
        return {"mm": MILLIMETRES_PER_INCH, "in": 1.0, "px": self.dpi.value()}[unit]

    def _change_unit(self, unit: str) -> None:
        before = self._per_inch(self.unit_before)
        self._set_unit(unit, self.width_box.value() / before, self.height_box.value() / before)
        self._say()

    def _set_unit(self, unit: str, width: float, height: float) -> None:
        per_inch = self._per_inch(unit)
        for box, value in ((self.width_box, width), (self.height_box, height)):
            blocker = QSignalBlocker(box)
            box.setDecimals(DECIMALS[unit])
            box.setSingleStep({"mm": 1, "in": 0.1, "px": 10}[unit])
            box.setRange(SMALLEST_LENGTH * per_inch, min(LARGEST_LENGTH, MOST_PIXELS / self.dpi.value()) * per_inch)
            box.setValue(value * per_inch)
            blocker.unblock()
        self.unit_before = unit

    def _say(self) -> None:
        self._show_what_counts()
        self.changed.emit()

    def _show_what_counts(self) -> None:
        """What has no part in the present choice is greyed."""
        kind = self.chosen_format.kind
        for field in (self.size_row, self.suits, self.letters, self.dpi, self.title, self.caption):
            self.rows.setRowVisible(field, kind == "still")
        self.rows.setRowVisible(self.panel, kind == "still" and self.panel.count() > 2)
        self.rows.setRowVisible(self.panes, kind != "data" and self.panes.count() > 1)
        self.rows.setRowVisible(self.theme, kind != "data")
        self.height_box.setEnabled(not self.suits.isChecked())
        self.dpi.setEnabled(not self.chosen_format.vector or self.unit.currentText() == "px")
