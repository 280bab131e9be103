"""What means nothing now is faint in the menus and says why; by its key, the message bar says it."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu

from app.actions import ACTIONS
from app.palette_commands import why_not

if TYPE_CHECKING:
    from app.user_commands import UserCommands

MARKED = frozenset({"toggle_logarithmic", "toggle_motion", "toggle_one_text"})
"""Actions that are on or off."""
QUIET = frozenset({"unlock"})
"""Esc is pressed for many reasons: nothing is said where no token is locked."""


class MenuState:
    """Looks at the entries of the table of actions whenever one of their menus opens.

    Between times all are enabled, since a disabled entry's key would do nothing, and could not say why.
    """

    def __init__(self, user: UserCommands, menus: Iterable[QMenu]) -> None:
        self.user = user
        self.help = {action.slot: QCoreApplication.translate("actions", action.help) for action in ACTIONS}
        for menu in menus:
            menu.setToolTipsVisible(True)
            menu.aboutToShow.connect(partial(self.look, menu))
            menu.aboutToHide.connect(partial(self.enable, menu))
            for entry in self.entries(menu):
                if entry.objectName() in MARKED:
                    entry.setCheckable(True)
                    entry.triggered.connect(partial(self.mark, entry))  # it has toggled itself
                    self.mark(entry)

    def entries(self, menu: QMenu) -> list[QAction]:
        return [entry for entry in menu.actions() if entry.objectName() in self.help]

    def look(self, menu: QMenu) -> None:
        """Before the menu opens: what can be done, what is on, and why something cannot be done."""
        for entry in self.entries(menu):
            reason = why_not(entry.objectName(), self.user)
            entry.setEnabled(not reason)
            entry.setToolTip(reason or self.help[entry.objectName()])
            self.mark(entry)

    def enable(self, menu: QMenu) -> None:
        for entry in self.entries(menu):
            entry.setEnabled(True)

    def mark(self, entry: QAction) -> None:
        if entry.isCheckable():
            entry.setChecked(self.is_on(entry.objectName()))

    def is_on(self, slot: str) -> bool:
        controller = self.user.controller
        on = {
            "toggle_logarithmic": controller.pane.logarithmic,
            "toggle_motion": self.user.motion.reduced,
            "toggle_one_text": controller.session.one_text,
        }
        return on[slot]

    def may(self, slot: str) -> bool:
        """Whether an action means something now; where it does not, the message bar says why."""
        reason, bar = why_not(slot, self.user), self.user.window.message_bar
        if not reason:
            bar.clear("unavailable")
        elif slot not in QUIET and not bar.asks:
            bar.show_message(reason, "", "unavailable")
        return not reason
