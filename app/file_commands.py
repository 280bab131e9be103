"""What the File menu does: sessions, their results, texts, weights, variants and exports."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog, QMenu

from app import panels
from app.added_variants import AddedVariants
from app.controller import Controller
from app.documents import SUFFIX, Documents
from app.main_window import MainWindow
from app.results import Results, beside
from engines.problems import Problem
from engines.weight_sets import opened_sets

RESULTS_BESIDE = "results_beside"


class FileCommands(QObject):
    """Everything that opens or writes a file; what cannot be done is said, and what is there stays."""

    recent_menu: QMenu  # made with the other menus

    def __init__(self, window: MainWindow, controller: Controller) -> None:
        super().__init__(window)
        self.window, self.controller = window, controller
        self.added = AddedVariants(controller)
        self.documents = Documents(controller)
        self.results = Results(controller)

    def open_file(self) -> None:
        kinds = self.tr("Sessions and texts (*.attnscope *.txt *.md);;All (*)")
        path, _ = QFileDialog.getOpenFileName(self.window, self.tr("Open"), "", kinds)
        if path:
            self.open_path(path)

    def open_path(self, path: str) -> None:
        """Open a session or a text; what cannot be opened is said, and what is there stays."""
        try:
            if path.lower().endswith(SUFFIX):
                self.added.look_for(self.documents.open(Path(path)))
                self.offer_results(Path(path))
            else:
                self.controller.set(text=panels.opened(Path(path)))
        except Problem as problem:
            self.controller.show_problem(problem)

    def new_session(self) -> None:
        self.documents.new()

    def save_session(self) -> None:
        if self.documents.path is None:
            self.save_session_as()
        else:
            self.save_session_to(self.documents.path)

    def save_session_as(self) -> None:
        name = str(self.documents.path or f"{self.controller.pane.variant}{SUFFIX}")
        path, _ = QFileDialog.getSaveFileName(
            self.window, self.tr("Save session"), name, self.tr("Sessions (*.attnscope)")
        )
        if path:
            self.save_session_to(Path(path))

    def save_session_to(self, path: Path) -> None:
        """Save the session; a full disk or a missing permission is said, and an old file stays whole."""
        try:
            written = self.documents.save(path)
        except Problem as problem:
            self.controller.show_problem(problem)
            return
        self.window.message_bar.show_message(self.tr("Saved {path}").format(path=written), "", "saved", good=True)

    def save_with_results(self) -> None:
        """Save the session, and what is known of its runs beside it."""
        self.save_session()
        path = self.documents.path
        if path is None or self.documents.is_changed():
            return
        try:
            count, missing = self.results.save(path)
        except Problem as problem:
            self.controller.show_problem(problem)
            return
        words = self.tr("Saved {path}; runs beside it: {count}.").format(path=path, count=count)
        if missing:
            more = self.tr("Panes not run yet: {count}; “Ready for the stage?” runs those of all scenes.")
            words = f"{words} {more.format(count=missing)}"
        self.window.message_bar.show_message(words, "", "saved", good=True)

    def load_results(self) -> None:
        """Choose a file of results."""
        name = str(beside(self.documents.path)) if self.documents.path else ""
        path, _ = QFileDialog.getOpenFileName(
            self.window, self.tr("Load results"), name, self.tr("Results (*.attnscope-results)")
        )
        if path:
            self.load_results_from(Path(path))

    def load_results_from(self, path: Path) -> None:
        try:
            count = self.results.load(path)
        except Problem as problem:
            self.controller.show_problem(problem)
            return
        words = self.tr("Recorded runs at hand: {count}; they are shown whenever the engine is not live.")
        self.window.message_bar.show_message(words.format(count=count), "", "results", good=True)

    def offer_results(self, path: Path) -> None:
        """Say that there are results beside a session; they are read only if somebody asks for them."""
        if beside(path).is_file():
            words = self.tr("There are results beside this session: {name}").format(name=beside(path).name)
            self.window.message_bar.show_message(words, self.tr("Load results"), RESULTS_BESIDE, good=True)

    def act_on_message(self, key: str) -> None:
        """The button of a message."""
        if key == RESULTS_BESIDE and self.documents.path is not None:
            self.load_results_from(beside(self.documents.path))
        else:
            self.controller.act_on_message(key)

    def show_title(self) -> None:
        """The window is named after its file, and says whether something is not in it yet."""
        path = self.documents.path
        self.window.setWindowTitle(f"{path.name}[*] – Attnscope" if path else "Attnscope")
        self.window.setWindowModified(self.documents.is_changed())

    def fill_recent(self) -> None:
        """The files opened or saved before, the newest first."""
        self.recent_menu.clear()
        for path in self.documents.recent:
            self.recent_menu.addAction(Path(path).name, partial(self.open_path, path)).setToolTip(path)
        self.recent_menu.setEnabled(bool(self.documents.recent))

    def add_variant(self) -> None:
        """Say what it means first; nothing is chosen, let alone run, before that is accepted."""
        from app.add_variant_dialog import AddVariantDialog  # dialogs are loaded when they are asked for

        dialog = AddVariantDialog(self.window)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.accepted.connect(self.choose_variant_file)
        dialog.open()

    def choose_variant_file(self) -> None:
        path, _ = QFileDialog.getOpenFileName(
            self.window, self.tr("Add variant"), "", self.tr("Python files (*.py);;All (*)")
        )
        if path:
            self.added.add(path)

    def open_weights(self) -> None:
        """A folder as the training command writes it; one without weights is said, and the present ones stay."""
        path = QFileDialog.getExistingDirectory(self.window, self.tr("Open weights"))
        if path:
            self.open_weights_at(path)

    def open_weights_at(self, path: str) -> None:
        try:
            opened_sets(path)
        except Problem as problem:
            self.controller.show_problem(problem)
        else:
            self.controller.set(weights=path)

    def export_picture(self) -> None:
        from app.export_dialog import ExportDialog  # loaded when it is asked for, not with the window

        dialog = ExportDialog(self.controller, self.window)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.accepted.connect(lambda: self.say_saved(dialog.written))
        dialog.open()

    def copy_picture(self) -> None:
        """The present view on the clipboard, as pixels and as SVG."""
        from app.export.clipboard import mime_of
        from app.export.look import Look
        from app.export.picture import figure_of_view

        look = Look()
        try:
            copied = mime_of(figure_of_view(self.controller, look), look)
        except Problem as problem:
            self.controller.show_problem(problem)
            return
        QGuiApplication.clipboard().setMimeData(copied)
        self.window.message_bar.show_message(self.tr("The picture is on the clipboard."), "", "saved", good=True)

    def save_picture_to(self, path: Path) -> None:
        """Save the present view; a full disk or a missing permission is said, and an old file stays whole."""
        from app.export.picture import save_picture

        try:
            written = save_picture(self.controller, path)
        except Problem as problem:
            self.controller.show_problem(problem)
            return
        self.say_saved(written)

    def say_saved(self, path: Path | None) -> None:
        self.window.message_bar.show_message(self.tr("Saved {path}").format(path=path), "", "saved", good=True)
