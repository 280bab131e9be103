"""File ▸ Export: the figure as it will be on the left, how it is set on the right, and where it goes below."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEventLoop, QSize, Qt, QTimer
from PySide6.QtGui import QCloseEvent, QGuiApplication, QResizeEvent
from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QFileDialog,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QMessageBox,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.export.caption import bibtex
from app.export.exporters import Exporter, Order, Room, exporters
from app.export.formats import Format, file_and_format, is_named, with_suffix
from app.export.image import Figure
from app.export.progress import Progress
from app.export_form import ExportForm
from app.problem_words import sentence
from engines.problems import Problem
from engines.variants import variant_named
from widgets.form_controls import ThinSlider
from widgets.given_words import said
from widgets.page_preview import PagePreview

if TYPE_CHECKING:
    from app.controller import Controller

PREVIEW_DELAY_MILLISECONDS = 120
SIZE = QSize(980, 620)


class ExportDialog(QDialog):
    """``written`` is the file, once there is one. The window behind it keeps what is exported as it is."""

    def __init__(self, controller: Controller, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.controller = controller
        self.written: Path | None = None
        self.figure: Figure | None = None  # what the preview shows
        self.cancelled = False
        self.exporting = False
        self.setWindowTitle(self.tr("Export"))
        self.exporters = exporters()
        formats = [each for exporter in self.exporters for each in exporter.formats]
        self.form = ExportForm(formats, panel_titles(controller), len(controller.panes))
        self.preview = PagePreview(controller.theme)
        self.moment = ThinSlider()
        self.words = QLabel()
        self.name = QLineEdit()
        self.browse = QPushButton(self.tr("Browse…"))
        self.copy_caption = QPushButton(self.tr("Copy caption"))
        self.copy_bibtex = QPushButton(self.tr("Copy BibTeX"))
        self.said = QLabel()
        self.progress = QProgressBar()
        self.count = QLabel()
        self.export = QPushButton(self.tr("Export"))
        self.cancel = QPushButton(self.tr("Cancel"))
        self.option_widgets = {
            exporter.kind: options for exporter in self.exporters if (options := exporter.options(controller))
        }
        self._dress()
        self._place()
        self.timer = QTimer(self, singleShot=True, interval=PREVIEW_DELAY_MILLISECONDS)
        self._connect()
        self.name.setText(suggested_name(controller, self.form.chosen_format))
        self._show_options()
        self.resize(SIZE)
        self.draw_preview()

    # Looks

    def _dress(self) -> None:
        self.words.setWordWrap(True)
        self.words.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.words.setAccessibleName(self.tr("Caption"))
        self.words.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        self.said.setWordWrap(True)
        self.said.setAccessibleName(self.tr("What went wrong"))
        self.said.setStyleSheet(f"color: {self.controller.theme.warning};")
        self.name.setAccessibleName(self.tr("File"))
        self.moment.setAccessibleName(self.tr("Moment of the film"))
        self.moment.set_theme(self.controller.theme)
        self.moment.hide()
        self.progress.setRange(0, 1000)
        self.progress.setTextVisible(False)
        self.progress.setFixedHeight(6)
        self.count.setProperty("role", "muted")
        self.count.hide()
        self.progress.setAccessibleName(self.tr("How far the export has come"))
        self.progress.hide()
        for button in (self.copy_caption, self.copy_bibtex, self.browse, self.cancel):
            button.setAutoDefault(False)
        self.export.setDefault(True)

    def _place(self) -> None:
        right = QVBoxLayout()
        right.setSpacing(14)
        right.addWidget(self.form)
        for widget in self.option_widgets.values():
            right.addWidget(widget)
        right.addWidget(heading(self.tr("Caption"), self.controller.theme.muted))
        right.addWidget(self.words)
        copies = QHBoxLayout()
        copies.setSpacing(8)
        copies.addWidget(self.copy_caption)
        copies.addWidget(self.copy_bibtex)
        copies.addStretch(1)
        right.addLayout(copies)
        right.addStretch(1)
        column = QWidget()
        column.setLayout(right)
        right.setContentsMargins(0, 0, 0, 0)
        column.setFixedWidth(336)
        file = QHBoxLayout()
        file.setSpacing(8)
        file.addWidget(QLabel(self.tr("File")))
        file.addWidget(self.name, 1)
        file.addWidget(self.browse)
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addWidget(self.said, 1)
        foot.addWidget(self.count, 1)
        foot.addWidget(self.cancel)
        foot.addWidget(self.export)
        grid = QGridLayout(self)
        grid.setContentsMargins(20, 20, 20, 16)
        grid.setHorizontalSpacing(20)
        grid.setVerticalSpacing(14)
        left = QVBoxLayout()
        left.setSpacing(8)
        left.addWidget(self.preview, 1)
        left.addWidget(self.moment)
        grid.addLayout(left, 0, 0)
        grid.addWidget(column, 0, 1)
        grid.addLayout(file, 1, 0, 1, 2)
        grid.addWidget(self.progress, 2, 0, 1, 2)
        grid.addLayout(foot, 3, 0, 1, 2)
        grid.setColumnStretch(0, 1)
        grid.setRowStretch(0, 1)

    def _connect(self) -> None:
        self.timer.timeout.connect(self.draw_preview)
        self.form.changed.connect(self.timer.start)
        self.moment.valueChanged.connect(lambda _: self.draw_preview())
        for widget in self.option_widgets.values():
            widget.changed.connect(self.timer.start)  # type: ignore[attr-defined]
        self.form.format.currentIndexChanged.connect(lambda _: self._format_chosen())
        self.name.editingFinished.connect(self._name_typed)
        self.browse.clicked.connect(self._ask_where)
        self.copy_caption.clicked.connect(lambda: self._copy(self.words.text(), self.tr("The caption is copied.")))
        self.copy_bibtex.clicked.connect(lambda: self._copy(self._bibtex(), self.tr("The entry is copied.")))
        self.export.clicked.connect(self._export)
        self.cancel.clicked.connect(self.reject)

    # The preview

    def draw_preview(self) -> None:
        """What will be written, as large as there is room for."""
        self.timer.stop()
        room = Room(self.preview.room(), self.devicePixelRatioF())
        try:
            drawn = self.exporter().preview(self.order(), room, self.moment.value())
        except Problem as problem:
            self._say(problem)
            self.export.setEnabled(False)
            return
        self.export.setEnabled(True)
        self.said.clear()
        self.figure = drawn.figure
        self.form.show_height(drawn.height)
        self.words.setText(drawn.told)
        self.preview.show_page(drawn.image, drawn.words)
        self.preview.setAccessibleDescription(drawn.told)
        began = self.moment.isHidden()
        self.moment.setMaximum(max(drawn.moments - 1, 0))
        self.moment.setVisible(drawn.moments > 1)
        if began:  # at the end of the story: at its beginning a picture is empty
            self.moment.setValue(self.moment.maximum())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.timer.start()

    # The file

    def exporter(self) -> Exporter:
        """Who writes the chosen format."""
        return next(each for each in self.exporters if self.form.chosen_format in each.formats)

    def order(self) -> Order:
        """What is wanted now."""
        kind = self.form.chosen_format.kind
        return Order(self.controller, self.form.look(), self.form.chosen_format, self.option_widgets.get(kind))

    def _format_chosen(self) -> None:
        """The name follows the format, and a writer's own controls come and go."""
        known = [suffix for each in self.form.formats for suffix in each.suffixes]
        path = Path(self.name.text() or suggested_name(self.controller, self.form.chosen_format))
        if is_named(path) and path.suffix.lower() not in self.form.chosen_format.suffixes:
            bare = path.with_suffix("") if path.suffix.lower() in known else path
            self.name.setText(str(with_suffix(bare, self.form.chosen_format)))
        self._show_options()
        self.draw_preview()

    def _name_typed(self) -> bool:
        """The format follows the extension that was typed; where none was, the name gets the format's.

        Whether it can be a file's name; if not, it is said.
        """
        if not self.name.text().strip():
            return False
        try:
            path, format_ = self._destination()
        except Problem as problem:
            self._say(problem)
            return False
        if format_ is not self.form.chosen_format:
            self.form.choose_format(format_)
        self.name.setText(str(path))
        return True

    def _destination(self) -> tuple[Path, Format]:
        path = Path(os.path.expanduser(self.name.text().strip()))
        known = [suffix for each in self.form.formats for suffix in each.suffixes]
        named = "" if path.suffix.lower() in known else self.form.chosen_format.name
        return file_and_format(path, named, self.form.formats)

    def _show_options(self) -> None:
        for kind, widget in self.option_widgets.items():
            widget.setVisible(kind == self.form.chosen_format.kind)
        self.moment.hide()  # until there is a film to look through

    def _ask_where(self) -> None:
        filters = [f"{each.label} ({' '.join('*' + suffix for suffix in each.suffixes)})" for each in self.form.formats]
        chosen = filters[self.form.formats.index(self.form.chosen_format)]
        option = QFileDialog.Option.DontConfirmOverwrite  # it is asked once, when the file is written
        path, _ = QFileDialog.getSaveFileName(
            self, self.tr("Export"), self.name.text(), ";;".join(filters), chosen, option
        )
        if path:
            self.name.setText(path)
            self._name_typed()

    # Doing it

    def _export(self) -> None:
        """Write the file; one that is there already is replaced only after a question."""
        if not self.name.text().strip():
            self.said.setText(self.tr("Name a file first."))
            self.name.setFocus()
            return
        if not self._name_typed():
            return
        path, _ = self._destination()
        if not os.path.exists(path):
            self.write()
            return
        box = QMessageBox(QMessageBox.Icon.Question, self.windowTitle(), "", parent=self)
        box.setText(self.tr("{name} is there already. Replace it?").format(name=path.name))
        replace_ = box.addButton(self.tr("Replace"), QMessageBox.ButtonRole.AcceptRole)
        box.setDefaultButton(box.addButton(QMessageBox.StandardButton.Cancel))
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        replace_.clicked.connect(self.write)
        box.open()

    def write(self) -> None:
        """Write the file and close; what cannot be is said, and an old file stays whole."""
        path, _ = self._destination()
        self._begin()
        try:
            self.written = self._follow(path)
        except Problem as problem:
            self._say(problem)
        finally:
            self._end()
        if self.written is not None:
            self.accept()

    def _follow(self, path: Path) -> Path:
        """Do the work piece by piece; between two, keys and clicks are taken, so that it can be cancelled."""
        work = self.exporter().write(self.order(), path)
        try:
            while True:
                self._report(next(work))
                if self.cancelled:
                    raise Problem("export_cancelled", path=path.name)
        except StopIteration as end:
            return Path(end.value)
        finally:
            work.close()

    def _report(self, progress: Progress) -> None:
        self.progress.setValue(round(1000 * progress.share))
        self.count.setText(progress.words)
        every = QEventLoop.ProcessEventsFlag.AllEvents
        QApplication.processEvents(
            every | QEventLoop.ProcessEventsFlag.WaitForMoreEvents if progress.waiting else every
        )

    def _begin(self) -> None:
        self.exporting, self.cancelled = True, False
        self.said.clear()
        self.progress.setValue(0)
        self.progress.show()
        self.said.hide()
        self.count.clear()
        self.count.show()
        for widget in (self.form, *self.option_widgets.values(), self.moment, self.name, self.browse, self.export):
            widget.setEnabled(False)
        self.cancel.setFocus()

    def _end(self) -> None:
        self.exporting = False
        self.progress.hide()
        self.count.hide()
        self.said.show()
        for widget in (self.form, *self.option_widgets.values(), self.moment, self.name, self.browse, self.export):
            widget.setEnabled(True)
        self.export.setFocus()

    def reject(self) -> None:
        """Escape and Cancel stop an export that runs, else close the dialog."""
        if self.exporting:
            self.cancelled = True
        else:
            super().reject()

    def closeEvent(self, event: QCloseEvent) -> None:
        if self.exporting:
            self.cancelled = True
            event.ignore()
        else:
            super().closeEvent(event)

    def _say(self, problem: Problem) -> None:
        self.said.setText(sentence(problem))

    def _bibtex(self) -> str:
        return bibtex(variant_named(self.controller.pane.variant).paper)

    def _copy(self, text: str, done: str) -> None:
        QGuiApplication.clipboard().setText(text)
        self.said.setText(done)


def suggested_name(controller: Controller, format_: Format) -> str:
    """Variants, view and length: "reformer-buckets-4096.png", "full-longformer-96.pdf"."""
    pane, view = controller.pane, controller.centre.view
    variants = dict.fromkeys(each.pane.variant for each in controller.panes)
    parts = (*variants, *([] if view == "pattern" else [view]), str(pane.length))
    return str(with_suffix(Path("-".join(parts)), format_))


def panel_titles(controller: Controller) -> list[str]:
    """Of the study that is looked at; none where the view is no study."""
    study = controller.centre.study
    return [said(panel.title) for panel in study.panels] if study.study == controller.centre.view else []


def heading(text: str, colour: str) -> QLabel:
    label = QLabel(text)
    label.setStyleSheet(f"color: {colour}; font-weight: 600;")
    return label
