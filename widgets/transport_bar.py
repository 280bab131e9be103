"""Play, step, scrub, speed, loop, and what is played: the steps, or growing length. Shows a state; never owns time."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QMenu, QToolButton, QWidget

from widgets.lettering import pixels
from widgets.scrub_track import ScrubTrack
from widgets.themes import DARK
from widgets.transport_icons import IconButton
from widgets.view_data import Theme, TimelineStep

SPEEDS = (0.25, 0.5, 1.0, 2.0, 4.0)
BUTTON_HEIGHT = 32
MODES = ("steps", "length")


def speed_text(speed: float) -> str:
    """¼×, ½×, 1×, 2×; others as a number."""
    fractions = {0.25: "¼", 0.5: "½"}
    return f"{fractions.get(speed, f'{speed:g}')}×"


class TransportBar(QWidget):
    """The bottom bar. Signals say what a person asked for; the setters show what is so, and emit nothing."""

    play_toggled = Signal()
    stepped = Signal(int)  # −1 or +1
    sought = Signal(float)  # share 0…1 of the whole
    speed_changed = Signal(float)
    loop_changed = Signal(bool)
    mode_changed = Signal(str)  # one of MODES

    def __init__(self, theme: Theme = DARK, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._back = IconButton("step back", self.tr("Step back  ←"), theme)
        self._play = IconButton("play", self.tr("Play  Space"), theme)
        self._forward = IconButton("step forward", self.tr("Step forward  →"), theme)
        self._loop = IconButton("loop", self.tr("Loop"), theme)
        self._loop.setCheckable(True)
        self._speed = QToolButton()
        self._track = ScrubTrack(theme)
        self._modes = QButtonGroup(self)
        self.setAccessibleName(self.tr("Transport"))
        self._set_up_speeds()
        self._lay_out()
        self._connect()
        self.set_speed(1.0)
        self.set_theme(theme)

    def set_steps(self, steps: tuple[TimelineStep, ...]) -> None:
        """What the track shows; without steps nothing can be played."""
        self._track.set_steps(steps)
        for widget in (self._back, self._play, self._forward, self._track):
            widget.setEnabled(bool(steps))

    def set_state(self, share: float, playing: bool, speed: float, loop: bool) -> None:
        """All that changes while it plays: the handle at a share 0…1 of the whole, and the buttons."""
        self.set_playhead(share * self._track.duration)
        self.set_playing(playing)
        self.set_speed(speed)
        self.set_loop(loop)

    def set_playhead(self, seconds: float) -> None:
        """Where the handle stands."""
        self._track.set_seconds(seconds)

    def set_playing(self, playing: bool) -> None:
        """Whether the middle button pauses or plays."""
        if playing:
            self._play.set_icon("pause", self.tr("Pause  Space"))
        else:
            self._play.set_icon("play", self.tr("Play  Space"))

    def set_speed(self, speed: float) -> None:
        """The speed shown, also one that the menu does not offer."""
        if self._speed.text() == speed_text(speed):
            return
        self._speed.setText(speed_text(speed))
        for action in self._speeds.actions():
            action.setChecked(action.data() == speed)

    def set_loop(self, loop: bool) -> None:
        """Whether the loop button is on."""
        self._loop.setChecked(loop)

    def set_mode(self, mode: str) -> None:
        """What is played: one of ``MODES``."""
        self._modes.button(MODES.index(mode)).setChecked(True)

    def set_theme(self, theme: Theme) -> None:
        """Redraws in other colours and type sizes."""
        self._theme = theme
        for part in (self._back, self._play, self._forward, self._loop, self._track):
            part.set_theme(theme)
        self.setStyleSheet(
            f"QToolButton {{ color: {theme.muted}; background: transparent; border: 1px solid transparent;"
            f" border-radius: 5px; padding: 3px 8px; font-size: {pixels(theme.small_points)}px; margin: 3px 0; }}"
            f"QToolButton:checked {{ color: {theme.text}; background: {theme.raised}; border-color: {theme.line}; }}"
            f"QToolButton:hover {{ color: {theme.text}; }} QToolButton:focus {{ border-color: {theme.focus}; }}"
            "QToolButton::menu-indicator { image: none; }"
            f"QMenu {{ color: {theme.text}; background: {theme.raised}; border: 1px solid {theme.line}; }}"
            f"QMenu::item:selected {{ background: {theme.line}; }}"
        )

    def _set_up_speeds(self) -> None:
        menu = QMenu(self._speed)
        self._speeds = QActionGroup(self)
        for speed in SPEEDS:
            action = QAction(speed_text(speed), menu)
            action.setCheckable(True)
            action.setData(speed)
            self._speeds.addAction(action)
            menu.addAction(action)
        self._speed.setMenu(menu)
        self._speed.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._speed.setToolTip(self.tr("Speed"))
        self._speed.setAccessibleName(self.tr("Speed"))
        self._speed.setFixedSize(46, BUTTON_HEIGHT)

    def _lay_out(self) -> None:
        layout = QHBoxLayout(self)
        layout.setContentsMargins(12, 6, 12, 2)
        layout.setSpacing(2)
        top = Qt.AlignmentFlag.AlignTop
        for part in (self._back, self._play, self._forward):
            layout.addWidget(part, 0, top)
        layout.addWidget(self._speed, 0, top)
        layout.addSpacing(6)
        layout.addWidget(self._track, 1, top)
        layout.addSpacing(6)
        layout.addWidget(self._loop, 0, top)
        for index, name in enumerate((self.tr("steps"), self.tr("length"))):
            button = QToolButton()
            button.setText(name)
            button.setCheckable(True)
            button.setFixedHeight(BUTTON_HEIGHT)
            button.setChecked(index == 0)
            button.setAccessibleName(self.tr("Play the {0}").format(name))
            button.setToolTip(button.accessibleName())
            self._modes.addButton(button, index)
            layout.addWidget(button, 0, top)

    def _connect(self) -> None:
        self._back.clicked.connect(lambda: self.stepped.emit(-1))
        self._forward.clicked.connect(lambda: self.stepped.emit(1))
        self._play.clicked.connect(lambda: self.play_toggled.emit())
        self._loop.clicked.connect(self.loop_changed)
        self._track.sought.connect(self.sought)
        self._speeds.triggered.connect(self._choose_speed)
        self._modes.idClicked.connect(lambda index: self.mode_changed.emit(MODES[index]))

    def _choose_speed(self, action: QAction) -> None:
        self.set_speed(float(action.data()))
        self.speed_changed.emit(float(action.data()))
