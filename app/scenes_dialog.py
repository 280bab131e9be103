"""The list of scenes: recorded, named, captioned, ordered. Not modal: the window is worked in while it is open."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, Qt
from PySide6.QtWidgets import (
    QDialog,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QPlainTextEdit,
    QPushButton,
    QWidget,
)

from app import scenes
from app.controller import Controller
from app.presenting import Presenting
from widgets.given_words import said


class ScenesDialog(QDialog):
    def __init__(self, controller: Controller, presenting: Presenting, parent: QWidget) -> None:
        super().__init__(parent)
        self.controller, self.presenting = controller, presenting
        self.setObjectName("scenes")
        self.setWindowTitle(self.tr("Scenes"))
        self.list = QListWidget()
        self.list.setAccessibleName(self.tr("Scenes"))
        self.name, self.caption, self.notes = QLineEdit(), QPlainTextEdit(), QPlainTextEdit()
        self.caption.setPlaceholderText(self.tr("{name}: {kept} of the pairs in {time}"))
        self.caption.setToolTip(
            self.tr(
                "Numbers come from the runs: {name}, {tokens}, {rounds}, {kept}, {computed}, {pairs}, {time}, "
                "{memory}, {slower}, {larger}; of the second pane {kept2} and so on."
            )
        )
        self.place_widgets()
        self.list.currentRowChanged.connect(self.choose)
        self.name.editingFinished.connect(lambda: self.edit(name=self.name.text()))
        self.caption.textChanged.connect(lambda: self.edit(caption=self.caption.toPlainText()))
        self.notes.textChanged.connect(lambda: self.edit(notes=self.notes.toPlainText()))
        controller.session_changed.connect(self.refill)
        presenting.changed.connect(self.refill)
        self.refill()

    def place_widgets(self) -> None:
        self.buttons = {
            "record": self.button(self.tr("Record"), self.record, self.tr("The present state as a new scene (F7)")),
            "update": self.button(self.tr("Update"), self.update_scene, self.tr("Record the chosen scene anew")),
            "duplicate": self.button(self.tr("Duplicate"), self.duplicate, ""),
            "up": self.button(self.tr("Up"), lambda: self.move_by(-1), ""),
            "down": self.button(self.tr("Down"), lambda: self.move_by(1), ""),
            "remove": self.button(self.tr("Remove"), self.remove, ""),
        }
        row = QHBoxLayout()
        for button in self.buttons.values():
            row.addWidget(button)
        layout = QGridLayout(self)
        layout.setContentsMargins(16, 16, 16, 16)
        layout.setSpacing(8)
        layout.addLayout(row, 0, 0, 1, 2)
        layout.addWidget(self.list, 1, 0, 6, 1)
        self.empty = QLabel(self.tr("There are no scenes yet. Record one with F7, or open a tour."), self.list)
        self.empty.setWordWrap(True)
        self.empty.setProperty("role", "muted")
        within = QHBoxLayout(self.list)
        within.setContentsMargins(12, 8, 12, 8)
        within.addWidget(self.empty, 0, Qt.AlignmentFlag.AlignTop)
        for line, (words, widget) in enumerate(
            ((self.tr("Name"), self.name), (self.tr("Caption"), self.caption), (self.tr("Notes"), self.notes))
        ):
            label = QLabel(words)
            label.setBuddy(widget)
            widget.setAccessibleName(words)
            layout.addWidget(label, 1 + 2 * line, 1)
            layout.addWidget(widget, 2 + 2 * line, 1)
        hint = QLabel(
            self.tr("F5 shows them on the stage, PgDown turns to the next; Shift+F5 checks all before a talk.")
        )
        hint.setProperty("role", "muted")
        hint.setWordWrap(True)
        layout.addWidget(hint, 7, 0, 1, 2)
        layout.setColumnStretch(0, 2)
        layout.setColumnStretch(1, 3)
        self.resize(720, 480)

    def button(self, words: str, slot: object, help_: str) -> QPushButton:
        button = QPushButton(words)
        button.setToolTip(help_)
        button.clicked.connect(slot)
        button.setAutoDefault(False)
        return button

    def refill(self) -> None:
        """The session's scenes, and the chosen one's words."""
        session, place = self.controller.session, self.presenting.place
        blockers = [QSignalBlocker(each) for each in (self.list, self.name, self.caption, self.notes)]
        names = [f"{index + 1}.  {said(scene.name)}" for index, scene in enumerate(session.scenes)]
        if names != [self.list.item(i).text() for i in range(self.list.count())]:
            self.list.clear()
            self.list.addItems(names)
        self.list.setCurrentRow(place)
        self.empty.setVisible(not names)
        scene = session.scenes[place] if 0 <= place < len(session.scenes) else None
        for widget, words in ((self.caption, said(scene.caption)), (self.notes, said(scene.notes))) if scene else ():
            if widget.toPlainText() != words:
                widget.setPlainText(words)
        if scene and self.name.text() != said(scene.name):
            self.name.setText(said(scene.name))
        for field in (self.name, self.caption, self.notes):
            field.setEnabled(scene is not None)
        for key in ("update", "duplicate", "up", "down", "remove"):
            self.buttons[key].setEnabled(scene is not None)
        for blocker in blockers:
            blocker.unblock()

    def choose(self, row: int) -> None:
        if row != self.presenting.place:
            self.presenting.go_to(row)

    def edit(self, **values: str) -> None:
        session, place = self.controller.session, self.presenting.place
        if 0 <= place < len(session.scenes):
            scene = session.scenes[place]
            changed = {key: words for key, words in values.items() if words != said(getattr(scene, key))}
            self.controller.set_session(scenes.updated(session, place, **changed))

    def record(self) -> None:
        scenes.record_scene(self.controller, self.presenting)

    def update_scene(self) -> None:
        state = scenes.state_of(self.controller.captured())
        self.controller.set_session(scenes.updated(self.controller.session, self.presenting.place, state=state))

    def duplicate(self) -> None:
        self.controller.set_session(scenes.duplicated(self.controller.session, self.presenting.place), apart=True)

    def move_by(self, by: int) -> None:
        session, place = self.controller.session, self.presenting.place
        to = min(max(place + by, 0), len(session.scenes) - 1)
        self.presenting.place = to
        self.controller.set_session(scenes.moved(session, place, to), apart=True)

    def remove(self) -> None:
        self.controller.set_session(scenes.without(self.controller.session, self.presenting.place), apart=True)
