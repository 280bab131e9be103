"""What somebody must know before a file's code runs."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFont, QPainter, QPalette, QPixmap
from PySide6.QtWidgets import QMessageBox, QWidget

from widgets.lettering import lettering

MARK = 40  # pixels


class AddVariantDialog(QMessageBox):
    """Asks once more, with Cancel as the answer of Enter and Escape; ``accepted`` means that a file may be chosen."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setIcon(QMessageBox.Icon.Warning)  # whose sound and name it keeps
        self.setIconPixmap(warning_mark(self.palette(), self.devicePixelRatioF()))
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


def warning_mark(palette: QPalette, ratio: float) -> QPixmap:
    """An exclamation mark in the theme's colours: the style's own is white on yellow."""
    mark = QPixmap(round(MARK * ratio), round(MARK * ratio))
    mark.setDevicePixelRatio(ratio)
    mark.fill(Qt.GlobalColor.transparent)
    painter = QPainter(mark)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(palette.color(QPalette.ColorRole.BrightText))
    painter.drawEllipse(QRectF(0, 0, MARK, MARK))
    painter.setPen(palette.color(QPalette.ColorRole.Window))
    painter.setFont(lettering(QFont(), 0.45 * MARK, bold=True))
    painter.drawText(QRectF(0, 0, MARK, MARK), Qt.AlignmentFlag.AlignCenter, "!")
    painter.end()
    return mark
