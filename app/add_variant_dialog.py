"""What somebody must know before a file's code runs."""

from __future__ import annotations

from PySide6.QtWidgets import QMessageBox, QWidget


class AddVariantDialog(QMessageBox):
    """Asks once more, with Cancel as the answer of Enter and Escape; ``accepted`` means that a file may be chosen."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setIcon(QMessageBox.Icon.Warning)
        self.setWindowTitle(self.tr("Add variant"))
        self.setText(
            self.tr("This runs the Python code in the file, with all your rights. Only add files that you trust.")
        )
        self.setInformativeText(
            self.tr("The variant is there until you close the window; the next time, add it again.")
        )
        self.choose = self.addButton(self.tr("Choose a file…"), QMessageBox.ButtonRole.AcceptRole)
        cancel = self.addButton(QMessageBox.StandardButton.Cancel)
        self.setDefaultButton(cancel)
        self.setEscapeButton(cancel)
