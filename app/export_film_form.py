"""The export dialog's controls for films: what grows, from where to where, how large, how fast."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLabel, QWidget

from app.export.film import LARGEST, SMALLEST, USUAL_SIZE, FilmOptions
from app.export.film_formats import QUALITIES
from app.export_rows import Span, Words, align, between, combo, form_in, number, quietly, row
from engines.run import LONGEST, SHORTEST
from widgets.given_words import said


@dataclass(frozen=True)
class FilmChoice:
    """``first`` and ``last`` are steps by name, or lengths in tokens, as the command line takes them."""

    over: str
    first: str
    last: str
    options: FilmOptions


class FilmForm(QWidget):
    """``grows``: the view can be filmed over its length. ``changed`` when anything is another one."""

    changed = Signal()

    def __init__(
        self, names: Sequence[str], lengths: tuple[int, int], grows: bool, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.names = tuple(names)
        self.story = 0.0  # seconds on the screen
        over = [self.tr("The steps"), *([self.tr("Growing length")] if grows else [])]
        self.over = combo(over, self.tr("What the film tells"))
        labels = [said(name) for name in names]
        self.first_step = combo(labels, self.tr("First step"))
        self.last_step = combo(labels, self.tr("Last step"))
        self.last_step.setCurrentIndex(len(names) - 1)
        ends = self.tr("First length"), self.tr("Last length")
        self.lengths = Span.of(ends, SHORTEST, LONGEST, lengths, self.tr(" tokens"))
        self.width_box = number(self.tr("Width"), SMALLEST, LARGEST, USUAL_SIZE[0], 0)
        self.height_box = number(self.tr("Height"), SMALLEST, LARGEST, USUAL_SIZE[1], 0)
        self.fps = number(self.tr("Frames a second"), 1, 120, 30, 0)
        self.speed = number(self.tr("Speed, as on the screen times"), 0.05, 20, 1, 2, " ×")
        self.seconds = number(self.tr("How long it lasts"), 0.01, 86_400, 1, 2, self.tr(" s"))
        labels = [self.tr("Small file"), self.tr("Good"), self.tr("Best")]
        self.quality = combo(labels, self.tr("Quality"))
        self.quality.setCurrentIndex(QUALITIES.index("good"))
        self.said = Words()
        self._place()
        self._connect()
        self._show_what_counts()

    def _place(self) -> None:
        form = self.rows = form_in(self)
        self.steps = between(self.first_step, self.last_step)
        form.addRow(self.tr("Film of"), self.over)
        form.addRow(self.tr("From, to"), self.steps)
        form.addRow(self.tr("From, to"), self.lengths.row)
        form.addRow(self.tr("Size"), row(self.width_box, QLabel("×"), self.height_box, QLabel("px")))
        form.addRow(self.tr("Frames/s"), self.fps)
        form.addRow(self.tr("Lasts"), row(self.seconds, self.speed))
        form.addRow(self.tr("Quality"), self.quality)
        form.addRow("", self.said)
        align(form)

    def _connect(self) -> None:
        for choice in (self.over, self.first_step, self.last_step, self.quality):
            choice.currentIndexChanged.connect(lambda _: self._say())
        boxes = (self.lengths.first, self.lengths.last, self.width_box, self.height_box, self.fps, self.seconds)
        for box in boxes:
            box.valueChanged.connect(lambda _: self._say())
        self.speed.valueChanged.connect(lambda _: self._take_speed())
        self.seconds.valueChanged.connect(lambda _: quietly(self.speed, self.story / self.seconds.value()))

    def choice(self) -> FilmChoice:
        """What the controls say."""
        size = round(self.width_box.value()), round(self.height_box.value())
        quality = QUALITIES[self.quality.currentIndex()]
        options = FilmOptions(size, self.fps.value(), self.seconds.value() if self.story else 0.0, quality=quality)
        if self.over.currentIndex():
            first, last = map(str, self.lengths.ends)
            return FilmChoice("length", first, last, options)
        first, last = (self.names[step.currentIndex()] for step in (self.first_step, self.last_step))
        return FilmChoice("steps", first, last, options)

    def show_story(self, seconds: float) -> None:
        """The story takes so long on the screen; at the same speed the film follows."""
        if seconds != self.story:
            self.story = seconds
            quietly(self.seconds, seconds / self.speed.value())

    def show_words(self, words: str) -> None:
        """What had to be changed."""
        self.said.say(words)

    def _take_speed(self) -> None:
        quietly(self.seconds, self.story / self.speed.value())
        self._say()

    def _say(self) -> None:
        self._show_what_counts()
        self.changed.emit()

    def _show_what_counts(self) -> None:
        over_length = self.over.currentIndex() == 1
        self.rows.setRowVisible(self.over, self.over.count() > 1)
        self.rows.setRowVisible(self.steps, not over_length)
        self.rows.setRowVisible(self.lengths.row, over_length)
