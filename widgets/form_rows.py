"""The rows of the parameter form, one class per way of editing. A row keeps the last good value at all times."""

from __future__ import annotations

from collections.abc import Callable
from html import escape

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QLabel, QLineEdit, QSizePolicy, QVBoxLayout, QWidget

from widgets.field_text import Unreadable, range_text, read, written_in
from widgets.form_controls import Choice, Switch, ThinSlider
from widgets.given_words import said
from widgets.lettering import pixels
from widgets.slider_scale import SliderScale
from widgets.style_sheet import mixed, restyle
from widgets.themes import DARK
from widgets.view_data import FormField, Theme

NARROWEST, WIDEST, AROUND = 48, 136, 14  # of a number; what stands around its digits; pixels


class FieldRow(QWidget):
    """A label, whatever edits the value, and a line for what is wrong with the text. ``edited`` only by a person."""

    edited = Signal(str, object)  # name, value

    def __init__(self, field: FormField) -> None:
        super().__init__()
        self._theme = DARK
        self._field = field
        self._value: object = None
        self.label = QLabel(wordWrap=True)
        self.error = QLabel(wordWrap=True)
        self.error.setIndent(0)
        self.error.setTextFormat(Qt.TextFormat.PlainText)
        self.error.hide()
        self._line = QHBoxLayout()
        self._line.setSpacing(4)
        self._line.addWidget(self.label, 1)
        self._stack = QVBoxLayout(self)
        self._stack.setContentsMargins(0, 0, 0, 0)
        self._stack.setSpacing(0)
        self._stack.addLayout(self._line)

    @property
    def field(self) -> FormField:
        return self._field

    @property
    def value(self) -> object:
        """The last good value."""
        return self._value

    def controls(self) -> tuple[QWidget, ...]:
        """What can have the focus, in order."""
        raise NotImplementedError

    def show_value(self) -> None:
        """Bring the controls to ``value`` without ``edited``."""
        raise NotImplementedError

    def set_field(self, field: FormField) -> None:
        """Take over label, range and value; a text that is being typed stays, unless the value itself is another."""
        fresh = self._value is None
        self._field = field
        self.label.setText(field.label)
        reason = field.disabled_because
        paragraphs = [reason, field.help, range_text(field)] if reason else [field.help, range_text(field)]
        self.setToolTip("".join(f"<p>{escape(text)}</p>" for text in paragraphs if text))
        for control in self.controls():
            control.setEnabled(not reason)
            control.setAccessibleName(field.label)
            control.setAccessibleDescription(reason or field.help)
        self.label.setEnabled(not reason)
        if fresh or field.value != self._value:
            self._value = field.value
            self.show_wrong("")
            self.show_value()

    def commit(self, value: object) -> None:
        """A person chose ``value``."""
        self.show_wrong("")
        if value != self._value:
            self._value = value
            self.edited.emit(self._field.name, value)

    def show_wrong(self, sentence: str) -> None:
        self.error.setText(sentence)
        self.error.setVisible(bool(sentence))

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        size = pixels(theme.body_points)
        restyle(
            self.label,
            f"QLabel {{ color: {theme.muted}; font-size: {size}px; }}"
            f"QLabel:disabled {{ color: {mixed(theme.muted, theme.surface, 0.45)}; }}",
        )
        restyle(self.error, f"color: {theme.warning}; font-size: {pixels(theme.small_points)}px; padding: 2px 0")


class TextRow(FieldRow):
    """A value that is typed: a list, a set of positions, or a number without both bounds."""

    def __init__(self, field: FormField) -> None:
        super().__init__(field)
        self.edit = QLineEdit()
        self.edit.textEdited.connect(self._typed)
        self.edit.editingFinished.connect(self._finished)
        self.edit.installEventFilter(self)
        if field.kind in ("integers", "tokens"):
            self._stack.addSpacing(2)
            self._stack.addWidget(self.edit)
        else:
            self.edit.setAlignment(Qt.AlignmentFlag.AlignRight)
            self.edit.textChanged.connect(self._fit)
            self.edit.setTextMargins(0, 0, -3, 0)  # digits end where the slider and the drop-downs end
            self._line.addWidget(self.edit)
        self._unit = QLabel()
        self._line.addWidget(self._unit)
        self._stack.addWidget(self.error)

    def controls(self) -> tuple[QWidget, ...]:
        return (self.edit,)

    def set_field(self, field: FormField) -> None:
        untouched = self.edit.text() == self._written()
        super().set_field(field)
        if untouched:  # the word for 0 tells what it comes to, which the length changes
            self.show_value()
        self._unit.setText(field.unit)
        self._unit.setVisible(bool(field.unit))

    def _written(self) -> str:
        return written_in(self._field, self._value)

    def show_value(self) -> None:
        caret = self.edit.cursorPosition()
        text = self._written()
        if text != self.edit.text():
            self.edit.setText(text)
            self.edit.setCursorPosition(min(caret, len(text)))

    def _fit(self) -> None:
        """As wide as the number, so that its label has the rest."""
        self.edit.ensurePolished()
        digits = self.edit.fontMetrics().horizontalAdvance(self.edit.text())
        self.edit.setFixedWidth(min(max(NARROWEST, digits + AROUND), WIDEST))

    def _typed(self, text: str) -> None:
        try:
            read(self._field, text)
        except Unreadable as wrong:
            self.show_wrong(self._sentence(wrong.expected))
        else:
            self.show_wrong("")

    def _finished(self) -> None:
        try:
            value = read(self._field, self.edit.text())
        except Unreadable as wrong:
            self.show_wrong(self._sentence(wrong.expected))
            return
        self.commit(value)
        self.show_value()

    def show_wrong(self, sentence: str) -> None:
        super().show_wrong(sentence)
        if bool(self.edit.property("wrong")) != bool(sentence):
            self.edit.setProperty("wrong", bool(sentence))
            self.edit.style().polish(self.edit)

    def _sentence(self, expected: str) -> str:
        bounds = range_text(self._field)
        words = {
            "integers": self.tr("Type whole numbers with commas between them, such as 128, 256, 512."),
            "tokens": self.tr("Type positions with commas between them, such as 0, 64."),
            "number": self.tr("Type a number."),
            "whole number": self.tr("Type a whole number."),
            "range": self.tr("Type a number in the range {range}."),
        }
        if bounds and expected == "whole number":
            return self.tr("Type a whole number in the range {range}.").replace("{range}", bounds)
        if bounds and expected == "number":
            expected = "range"
        return words[expected].replace("{range}", bounds)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Escape takes back what was typed; ↑ and ↓ step a whole number."""
        if watched is self.edit and event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            if event.key() == Qt.Key.Key_Escape and self.edit.text() != self._written():
                self.show_wrong("")
                self.show_value()
                return True
            if event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down) and self._field.kind == "integer":
                self._step(1 if event.key() == Qt.Key.Key_Up else -1)
                return True
        return super().eventFilter(watched, event)

    def _step(self, direction: int) -> None:
        value = self._value
        if not isinstance(value, int):
            return
        low, high = self._field.minimum, self._field.maximum
        stepped = value + direction
        if (low is None or stepped >= low) and (high is None or stepped <= high):
            self.commit(stepped)
            self.show_value()

    def set_theme(self, theme: Theme) -> None:
        super().set_theme(theme)
        restyle(self._unit, f"color: {theme.muted}; font-size: {pixels(theme.body_points)}px")
        flat = self._field.kind not in ("integers", "tokens")
        ground, border = ("transparent", "transparent") if flat else (theme.background, theme.line)
        sides = 1 if flat else 5
        restyle(
            self.edit,
            f"QLineEdit {{ background: {ground}; border: 1px solid {border}; border-radius: 5px;"
            f" padding: 2px {sides}px; color: {theme.text}; font-size: {pixels(theme.body_points)}px; }}"
            f"QLineEdit:hover {{ border-color: {theme.line}; background: {theme.background}; }}"
            f"QLineEdit:focus {{ border-color: {theme.focus}; background: {theme.background}; }}"
            f"QLineEdit:disabled {{ color: {theme.muted}; background: transparent; }}"
            f'QLineEdit[wrong="true"] {{ border-color: {theme.warning}; }}',
        )
        if flat:
            self._fit()


class SliderRow(TextRow):
    """A number between two bounds: typed, or dragged along a line under it."""

    def __init__(self, field: FormField) -> None:
        super().__init__(field)
        self.slider = ThinSlider()
        self._scale = SliderScale(0, 1, True)
        self._stack.insertWidget(1, self.slider)
        self.slider.valueChanged.connect(self._dragged)

    def controls(self) -> tuple[QWidget, ...]:
        return (*super().controls(), self.slider)

    def set_field(self, field: FormField) -> None:
        if field.minimum is not None and field.maximum is not None:
            self._scale = SliderScale(field.minimum, field.maximum, field.kind == "integer")
            self._move_slider(lambda: self.slider.setRange(0, self._scale.places))
            self.slider.setPageStep(max(1, self._scale.places // 10))
            self.slider.setSingleStep(max(1, self._scale.places // 100))
        super().set_field(field)
        self._place_slider()

    def _move_slider(self, move: Callable[[], None]) -> None:
        self.slider.blockSignals(True)
        move()
        self.slider.blockSignals(False)

    def _place_slider(self) -> None:
        value = self._value
        if isinstance(value, (int, float)) and self._scale.value(self.slider.value()) != value:
            self._move_slider(lambda: self.slider.setValue(self._scale.place(value)))
        self.slider.update()

    def show_value(self) -> None:
        super().show_value()
        self._place_slider()

    def _dragged(self, place: int) -> None:
        value = self._scale.value(place)
        self.commit(int(value) if self._field.kind == "integer" else float(value))
        super().show_value()
        self.slider.update()

    def set_theme(self, theme: Theme) -> None:
        super().set_theme(theme)
        self.slider.set_theme(theme)


class ChoiceRow(FieldRow):
    """One of a few names."""

    def __init__(self, field: FormField) -> None:
        super().__init__(field)
        self.choice = Choice()
        self.choice.activated.connect(lambda index: self.commit(self._field.choices[index]))
        self._line.addWidget(self.choice)
        self._stack.addWidget(self.error)

    def controls(self) -> tuple[QWidget, ...]:
        return (self.choice,)

    def set_field(self, field: FormField) -> None:
        named = [said(choice) for choice in field.choices]
        if named != [self.choice.itemText(index) for index in range(self.choice.count())]:
            self.choice.clear()
            self.choice.addItems(named)
            self.choice.setCurrentText(said(str(field.value)))
        super().set_field(field)

    def show_value(self) -> None:
        self.choice.setCurrentText(said(str(self._value)))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where both do not fit beside each other, the choice comes below its label, uncut."""
        name = self.label.fontMetrics().horizontalAdvance(self.label.text())
        fits = name + self._line.spacing() + self.choice.sizeHint().width() <= event.size().width()
        beside = QBoxLayout.Direction.LeftToRight if fits else QBoxLayout.Direction.TopToBottom
        if self._line.direction() != beside:
            self._line.setDirection(beside)
            sideways = QSizePolicy.Policy.Maximum if fits else QSizePolicy.Policy.Expanding  # from edge to edge
            self.choice.setSizePolicy(sideways, QSizePolicy.Policy.Fixed)
        super().resizeEvent(event)


class FlagRow(FieldRow):
    """On or off; a click on the label switches too."""

    def __init__(self, field: FormField) -> None:
        super().__init__(field)
        self.switch = Switch()
        self.switch.toggled.connect(self._toggled)
        self._line.addWidget(self.switch)
        self._stack.addWidget(self.error)
        self.label.installEventFilter(self)

    def controls(self) -> tuple[QWidget, ...]:
        return (self.switch,)

    def show_value(self) -> None:
        self.switch.blockSignals(True)
        self.switch.setChecked(bool(self._value))
        self.switch.blockSignals(False)
        self.switch.update()

    def _toggled(self, on: bool) -> None:
        self.commit(on)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.label and event.type() == QEvent.Type.MouseButtonRelease and self.switch.isEnabled():
            self.switch.toggle()
        return super().eventFilter(watched, event)

    def set_theme(self, theme: Theme) -> None:
        super().set_theme(theme)
        self.switch.set_theme(theme)


def make_row(field: FormField) -> FieldRow:
    """The row that edits a field of this kind."""
    bounded = field.minimum is not None and field.maximum is not None and field.minimum < field.maximum
    if field.kind in ("integer", "real"):
        return SliderRow(field) if bounded else TextRow(field)
    rows: dict[str, type[FieldRow]] = {"choice": ChoiceRow, "flag": FlagRow}
    return rows.get(field.kind, TextRow)(field)
