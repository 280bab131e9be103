"""What one call may take before it is refused: two numbers, asked in one small dialog."""

from __future__ import annotations

from PySide6.QtWidgets import QDialog, QDialogButtonBox, QDoubleSpinBox, QFormLayout, QLabel, QWidget

from engines.messages import Budget

WIDTH = 380


class BudgetDialog(QDialog):
    """Shows a budget to change; ``budget()`` is what it says now."""

    def __init__(self, budget: Budget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Budget of one call"))
        self.seconds = number(0.1, 3600.0, budget.seconds, self.tr("{0} s"))
        self.memory = number(1.0, 95.0, 100 * budget.memory_share, self.tr("{0} % of free memory"))
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        form = QFormLayout(self)
        form.setContentsMargins(20, 20, 20, 16)
        form.setHorizontalSpacing(16)
        form.setVerticalSpacing(12)
        said = QLabel(self.tr("A call that would take more is refused; it can be run anyway."))
        said.setWordWrap(True)
        said.setMinimumWidth(WIDTH)
        form.addRow(said)
        form.addRow(self.tr("Time"), self.seconds)
        form.addRow(self.tr("Memory"), self.memory)
        form.addRow(buttons)

    def budget(self) -> Budget:
        return Budget(self.seconds.value(), self.memory.value() / 100)


def number(lowest: float, highest: float, value: float, told: str) -> QDoubleSpinBox:
    """A number to change; ``told`` says what it means, with {0} in its place."""
    box = QDoubleSpinBox()
    box.lineEdit().setTextMargins(5, 0, 0, 0)
    box.setRange(lowest, highest)
    box.setDecimals(1)
    box.setValue(value)
    before, _, behind = told.partition("{0}")
    box.setPrefix(before)
    box.setSuffix(behind)
    return box
