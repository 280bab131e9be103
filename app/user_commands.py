"""Connects the widgets' signals and the table of actions to the controller: every way in which a user commands."""

from __future__ import annotations

from functools import partial
from html import escape
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, Signal
from PySide6.QtGui import QAction, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QApplication, QFileDialog, QMessageBox

from app import panels
from app.actions import ACTIONS, MENUS, PICTURE_KEYS
from app.add_variant_dialog import AddVariantDialog
from app.added_variants import AddedVariants
from app.budget_dialog import BudgetDialog
from app.controller import Controller
from app.export.picture import save_picture
from app.language import NAMES, language_in_use
from app.language_menu import language_menu
from app.main_window import MainWindow
from app.session import Text
from app.theme import THEMES, apply
from engines.problems import Problem
from engines.variants import variant_named
from engines.weight_sets import opened_sets


def tr(text: str) -> str:
    """Words of the table of actions, in the window's language."""
    return QCoreApplication.translate("actions", text)


def named_key(shortcut: str) -> str:
    """A shortcut as menus write it."""
    return escape(QKeySequence(shortcut).toString(QKeySequence.SequenceFormat.NativeText))


class UserCommands(QObject):
    """One slot for each action of the table, and the wiring of the widgets."""

    language_chosen = Signal(str)

    def __init__(self, window: MainWindow, controller: Controller) -> None:
        super().__init__(window)
        self.window, self.controller = window, controller
        self.added = AddedVariants(controller)
        panels.show_samples(window)
        self.pictures = (window, *window.view_widgets(), window.transport, window.memory_strip)
        self.make_menus()
        self.connect_widgets()
        application = QApplication.instance()
        assert application is not None
        application.installEventFilter(self)
        window.pattern_view.setFocus()

    def make_menus(self) -> None:
        """Menus from the table of actions; keys that belong to text yield to it while somebody types."""
        menus = {name: self.window.menuBar().addMenu(tr(name)) for name in MENUS}
        for action in ACTIONS:
            entry = QAction(tr(action.label), self.window)
            entry.setShortcut(QKeySequence(action.shortcut))
            entry.setToolTip(tr(action.help))
            entry.setObjectName(action.slot)
            entry.triggered.connect(partial(self.command, action.slot))
            if action.slot == "switch_language":
                language_menu(self.tr("Language"), menus[action.menu], self.speak)
            menus[action.menu].addAction(entry)
            self.window.addAction(entry)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keys that other controls use are theirs: the transport has them only where nothing else would."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            key = QKeySequence(event.keyCombination()).toString()
            if key in PICTURE_KEYS and watched is QApplication.focusWidget() and watched not in self.pictures:
                event.accept()
                return True
        return False

    def command(self, slot: str) -> None:
        getattr(self, slot)()

    def connect_widgets(self) -> None:
        window, controller = self.window, self.controller
        window.closed.connect(self.close)
        window.variant_bar.chosen.connect(controller.set_variant)
        window.variant_bar.menu_chosen.connect(controller.set_menu)
        window.tabs.currentChanged.connect(lambda index: controller.set_view(controller.centre.views[index].name))
        window.logarithmic.clicked.connect(lambda on: controller.set(logarithmic=on))
        window.form.changed.connect(controller.set_parameter)
        text = window.text_panel
        text.text_edited.connect(lambda words: controller.set(text=Text("typed", words)))
        text.sample_chosen.connect(controller.set_sample)
        text.open_requested.connect(self.open_file)
        text.file_dropped.connect(self.open_path)
        text.edit_requested.connect(lambda: controller.set(text=Text("typed", "")))
        window.token_strip.token_clicked.connect(controller.lock)
        for view in (window.bucket_view, window.fold_view, window.segment_view, window.state_view):
            view.token_clicked.connect(controller.lock)
        window.bucket_view.round_changed.connect(lambda index: controller.set(hash_round=index))
        window.pattern_view.row_locked.connect(lambda row: controller.set(locked=row))
        window.pattern_view.viewport_changed.connect(controller.ask_for_weights)
        window.live_panel.override_requested.connect(controller.override)
        window.message_bar.action_requested.connect(controller.act_on_message)
        window.length_slider.length_changed.connect(lambda n: controller.set(length=n))
        self.connect_transport()

    def connect_transport(self) -> None:
        transport, playback = self.window.transport, self.controller.playback
        transport.play_toggled.connect(playback.toggle)
        transport.stepped.connect(playback.step)
        transport.sought.connect(playback.seek_share)
        transport.speed_changed.connect(playback.set_speed)
        transport.loop_changed.connect(playback.set_loop)
        transport.mode_changed.connect(self.controller.set_mode)

    # File ---------------------------------------------------------------------------------------------------------

    def open_file(self) -> None:
        path, _ = QFileDialog.getOpenFileName(
            self.window, self.tr("Open text"), "", self.tr("Texts (*.txt *.md);;All (*)")
        )
        if path:
            self.open_path(path)

    def open_path(self, path: str) -> None:
        """Open a file; what cannot be opened is said, and the present text stays."""
        try:
            self.controller.set(text=panels.opened(Path(path)))
        except Problem as problem:
            self.controller.show_problem(problem)

    def add_variant(self) -> None:
        """Say what it means first; nothing is chosen, let alone run, before that is accepted."""
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

    def save_picture(self) -> None:
        name = f"{self.controller.pane.variant}-{self.controller.pane.length}.png"
        path, _ = QFileDialog.getSaveFileName(self.window, self.tr("Save picture"), name, self.tr("PNG (*.png)"))
        if path:
            self.save_picture_to(Path(path))

    def save_picture_to(self, path: Path) -> None:
        """Save the present view; a full disk or a missing permission is said, and an old file stays whole."""
        try:
            written = save_picture(self.controller, path)
        except Problem as problem:
            self.controller.show_problem(problem)
            return
        self.window.message_bar.show_message(self.tr("Saved {path}").format(path=written), "", "saved")

    def quit(self) -> None:
        self.window.close()

    def close(self) -> None:
        self.window.text_panel.flush()
        self.controller.keep()
        self.controller.client.stop()

    # Play ---------------------------------------------------------------------------------------------------------

    def toggle_play(self) -> None:
        self.controller.playback.toggle()

    def step_back(self) -> None:
        self.controller.playback.step(-1)

    def step_forward(self) -> None:
        self.controller.playback.step(1)

    def go_home(self) -> None:
        self.controller.playback.home()

    def go_end(self) -> None:
        self.controller.playback.end()

    # View ---------------------------------------------------------------------------------------------------------

    def show_pattern(self) -> None:
        self.controller.set_view("pattern")

    def show_weights(self) -> None:
        self.controller.set_view("weights")

    def show_own(self) -> None:
        """The first view that not every variant has."""
        for view in self.controller.centre.views:
            if view.name not in ("pattern", "weights"):
                self.controller.set_view(view.name)
                return

    def next_view(self) -> None:
        self.turn_view(1)

    def previous_view(self) -> None:
        self.turn_view(-1)

    def turn_view(self, by: int) -> None:
        names = [view.name for view in self.controller.centre.views]
        self.controller.set_view(names[(names.index(self.controller.centre.view) + by) % len(names)])

    def toggle_logarithmic(self) -> None:
        self.controller.set(logarithmic=not self.controller.pane.logarithmic)

    def switch_theme(self) -> None:
        theme = THEMES["light" if self.controller.theme.name == "dark" else "dark"]
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        apply(application, theme)
        self.controller.set_theme(theme)

    def switch_language(self) -> None:
        names = list(NAMES)
        self.speak(names[(names.index(language_in_use()) + 1) % len(names)])

    def speak(self, language: str) -> None:
        """Ask for another language; whoever opened the window opens it again in that one."""
        if language != language_in_use():
            self.language_chosen.emit(language)

    def unlock(self) -> None:
        self.controller.set(locked=-1)

    # Run ----------------------------------------------------------------------------------------------------------

    def stop_run(self) -> None:
        self.controller.stop_run()

    def measure_again(self) -> None:
        self.controller.client.revive()
        self.controller.ask_for_run()

    def use_trained_parameters(self) -> None:
        """Set what the weights in use were trained with; where they were trained with another variant, nothing."""
        pane = self.controller.pane
        variant, weights = variant_named(pane.variant), pane.weight_set()
        if weights.serves(variant, pane.parameters()):
            for name, value in weights.other_values(variant, pane.parameters()).items():
                pane = pane.with_parameter(name, value)
            self.controller.change(pane)

    def ask_for_budget(self) -> None:
        dialog = BudgetDialog(self.controller.session.budget, self.window)
        dialog.accepted.connect(lambda: self.controller.set_budget(dialog.budget()))
        dialog.open()

    # Help ---------------------------------------------------------------------------------------------------------

    def show_keys(self) -> None:
        rows = "".join(
            f"<tr><td><b>{named_key(each.shortcut)}</b></td>"
            f"<td style='padding-left:16px'>{escape(tr(each.help))}</td></tr>"
            for each in ACTIONS
        )
        box = QMessageBox(self.window)
        box.setWindowTitle(self.tr("Keys"))
        box.setText(f"<table>{rows}</table>")
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.open()
