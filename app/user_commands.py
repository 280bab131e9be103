"""Connects the widgets' signals and the table of actions to the controller: every way in which a user commands."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, Signal
from PySide6.QtGui import QAction, QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QApplication

from app import panels
from app.actions import ACTIONS, BEGIN_GROUPS, MENUS, PICTURE_KEYS
from app.controller import Controller
from app.language import NAMES, language_in_use
from app.language_menu import language_menu
from app.main_window import MainWindow
from app.menu_state import MenuState
from app.session import Text
from app.stage_commands import StageCommands
from app.theme_choice import following, theme_menu
from app.used_commands import remember_used
from engines.variants import variant_named, variants
from widgets.command_palette import CommandPalette


def tr(text: str) -> str:
    """Words of the table of actions, in the window's language."""
    return QCoreApplication.translate("actions", text)


class UserCommands(StageCommands):
    """One slot for each action of the table, and the wiring of the widgets."""

    language_chosen = Signal(str)

    def __init__(self, window: MainWindow, controller: Controller) -> None:
        super().__init__(window, controller)
        panels.show_samples(window)
        self.beside = (window, window.transport, window.memory_strip)
        self.palette = CommandPalette(window)
        remember_used(self.palette, controller)
        self.make_menus()
        self.connect_widgets()
        application = QApplication.instance()
        assert application is not None
        application.installEventFilter(self)
        window.pane_view.pattern_view.setFocus()

    def make_menus(self) -> None:
        """Menus from the table of actions; keys that belong to text yield to it while somebody types."""
        menus = {name: self.window.menuBar().addMenu(tr(name)) for name in MENUS}
        for action in ACTIONS:
            entry = QAction(tr(action.label), self.window)
            entry.setShortcut(QKeySequence(action.shortcut))
            entry.setToolTip(tr(action.help))
            entry.setObjectName(action.slot)
            entry.triggered.connect(partial(self.command, action.slot))
            if action.slot in BEGIN_GROUPS:
                menus[action.menu].addSeparator()
            if action.slot == "switch_theme":
                chosen = lambda: self.controller.session.theme  # noqa: E731
                theme_menu(self.tr("Theme"), menus[action.menu], self.controller.set_theme, chosen)
            if action.slot == "switch_language":
                language_menu(self.tr("Language"), menus[action.menu], self.speak)
            menus[action.menu].addAction(entry)
            self.window.addAction(entry)
            if action.slot == "open_file":
                self.recent_menu = menus[action.menu].addMenu(self.tr("Open recent"))
        self.menu_state = MenuState(self, menus.values())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keys that other controls use are theirs: the transport has them only where nothing else would."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            key = QKeySequence(event.keyCombination()).toString()
            if key in PICTURE_KEYS and watched is QApplication.focusWidget() and not self.is_picture(watched):
                event.accept()
                return True
        return False

    def is_picture(self, watched: QObject) -> bool:
        """Whether the transport's keys are meant while this has the focus."""
        return (
            self.presenting.is_in_front()
            or watched in self.beside
            or any(watched in pane.view_widgets() for pane in self.window.pane_area.panes)
        )

    def command(self, slot: str) -> None:
        if self.menu_state.may(slot):
            getattr(self, slot)()

    def connect_widgets(self) -> None:
        window, controller = self.window, self.controller
        window.closed.connect(self.close)
        window.file_dropped.connect(self.open_path)
        self.recent_menu.setToolTipsVisible(True)
        self.documents.changed.connect(self.fill_recent)
        self.documents.changed.connect(self.show_title)
        controller.session_changed.connect(self.show_title)
        QGuiApplication.styleHints().colorSchemeChanged.connect(controller.follow_system)
        self.documents.changed.emit()
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
        window.pane_area.chosen.connect(controller.activate)
        window.pane_area.closed.connect(controller.remove_pane)
        window.live_panel.override_requested.connect(controller.override)
        window.message_bar.action_requested.connect(self.act_on_message)
        window.message_bar.changed.connect(controller.show_active_numbers)
        window.length_slider.length_changed.connect(lambda n: controller.set(length=n))
        self.connect_transport()

    def connect_transport(self) -> None:
        transport, playing, playback = self.window.transport, self.controller.playing, self.controller.playback
        transport.play_toggled.connect(playback.toggle)
        transport.stepped.connect(playback.step)
        transport.sought.connect(playback.seek_share)
        transport.speed_changed.connect(lambda speed: playing.choose(speed=speed))
        transport.loop_changed.connect(lambda loop: playing.choose(loop=loop))
        transport.mode_changed.connect(playing.choose_mode)

    def quit(self) -> None:
        self.window.close()

    def close(self) -> None:
        self.presenting.end()
        self.window.text_panel.flush()
        self.controller.keep()
        self.presenting.keep_place()
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

    # Edit ---------------------------------------------------------------------------------------------------------

    def undo(self) -> None:
        self.controller.undo()
        self.presenting.find_place(self.presenting.place)

    def redo(self) -> None:
        self.controller.redo()
        self.presenting.find_place(self.presenting.place)

    # Compare ------------------------------------------------------------------------------------------------------

    def add_pane(self) -> None:
        """One more pane with the next variant that is not shown yet."""
        panes = self.controller.session.panes
        shown = {pane.variant for pane in panes}
        names = list(variants())
        place = names.index(self.controller.pane.variant)
        following = next((name for name in names[place + 1 :] + names if name not in shown), names[place])
        self.controller.add_pane(self.controller.pane_of_variant(following))

    def duplicate_pane(self) -> None:
        self.controller.add_pane(self.controller.pane)

    def close_pane(self) -> None:
        self.controller.remove_pane(self.controller.session.active)

    def next_pane(self) -> None:
        """Turn to the next pane, the keys with it."""
        session = self.controller.session
        self.controller.activate((session.active + 1) % len(session.panes))
        self.controller.centre.widget().setFocus()

    def toggle_one_text(self) -> None:
        session = self.controller.session
        self.controller.set_session(replace(session, one_text=not session.one_text))

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
        self.controller.set_theme(following(self.controller.theme.name))

    def toggle_motion(self) -> None:
        self.motion.toggle()

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
        from app.budget_dialog import BudgetDialog

        dialog = BudgetDialog(self.controller.session.budget, self.window)
        dialog.accepted.connect(lambda: self.controller.set_budget(dialog.budget()))
        dialog.open()

    # Help ---------------------------------------------------------------------------------------------------------

    def open_palette(self) -> None:
        from app.palette_commands import commands_of

        self.palette.open(commands_of(self))

    def show_keys(self) -> None:
        from app.keys_dialog import KeysDialog

        dialog = KeysDialog(self.presenting.in_front() or self.window)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()
