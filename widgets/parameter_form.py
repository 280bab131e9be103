"""The parameters of whatever is chosen, made from their descriptions: one row each, in order."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QFrame, QLabel, QScrollArea, QVBoxLayout, QWidget

from widgets.form_rows import FieldRow, make_row
from widgets.lettering import pixels
from widgets.style_sheet import restyle
from widgets.themes import DARK
from widgets.view_data import FormField, Theme


class ParameterForm(QWidget):
    """Rows under one heading; they scroll where there is no room for all of them."""

    changed = Signal(str, object)  # name, value; only when a person edits

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = DARK
        self._rows: dict[str, FieldRow] = {}
        self._title = QLabel(self.tr("Parameters"))
        self._none = QLabel(self.tr("Nothing to set here."))
        self._body = QWidget()
        self._list = QVBoxLayout(self._body)
        self._list.setContentsMargins(16, 0, 16, 8)
        self._list.setSpacing(8)
        self._list.addWidget(self._none)
        self._list.addStretch(1)
        self._scroll = QScrollArea()
        self._scroll.setWidget(self._body)
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.verticalScrollBar().rangeChanged.connect(self._make_room)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 12, 0, 0)
        layout.setSpacing(8)
        self._title.setContentsMargins(16, 0, 16, 0)
        layout.addWidget(self._title)
        layout.addWidget(self._scroll, 1)
        self.setAccessibleName(self.tr("Parameters"))
        self.set_theme(DARK)

    def hasHeightForWidth(self) -> bool:
        """Its height is given to it; long words within wrap, and what has no room scrolls."""
        return False

    @property
    def rows(self) -> dict[str, FieldRow]:
        """The rows by name, in order."""
        return dict(self._rows)

    def set_fields(self, fields: tuple[FormField, ...]) -> None:
        """Show these fields. The same names and kinds keep their rows, and with them focus, caret and typed text."""
        if not self._same(fields):
            self._rebuild(fields)
        for field in fields:
            self._rows[field.name].set_field(field)
        self._none.setVisible(not fields)
        self._scroll.updateGeometry()

    def _same(self, fields: tuple[FormField, ...]) -> bool:
        shown = [_shape(row.field) for row in self._rows.values()]
        return shown == [_shape(field) for field in fields]

    def _rebuild(self, fields: tuple[FormField, ...]) -> None:
        for row in self._rows.values():
            self._list.removeWidget(row)
            row.hide()
            row.deleteLater()
        self._rows = {}
        last: QWidget = self._scroll
        for index, field in enumerate(fields):
            row = make_row(field)
            row.edited.connect(self.changed)
            row.set_theme(self._theme)
            self._list.insertWidget(index + 1, row)
            self._rows[field.name] = row
            for control in row.controls():
                QWidget.setTabOrder(last, control)
                last = control
        self._scroll.verticalScrollBar().setValue(0)

    def _make_room(self, low: int, high: int) -> None:
        """The scroll bar lies in the right margin, so that the rows keep their width."""
        bar = self._scroll.verticalScrollBar().sizeHint().width() if high > low else 0
        self._list.setContentsMargins(16, 0, max(0, 16 - bar), 8)

    def sizeHint(self) -> QSize:
        return QSize(280, self._title.sizeHint().height() + 20 + self._body.sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        return QSize(200, 96)

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        restyle(self._title, f"color: {theme.text}; font-size: {pixels(theme.title_points)}px; font-weight: 600")
        restyle(self._none, f"color: {theme.muted}; font-size: {pixels(theme.body_points)}px")
        for row in self._rows.values():
            row.set_theme(theme)


def _shape(field: FormField) -> tuple[object, ...]:
    """What decides which row a field gets."""
    return field.name, field.kind, field.minimum is None or field.maximum is None or field.minimum >= field.maximum


def _made_up() -> tuple[FormField, ...]:
    return (
        FormField(
            "chunk_length", "integer", "Chunk length", "Tokens per chunk after sorting.", 64, 1, 4096, (), "tokens"
        ),
        FormField("rounds", "integer", "Hash rounds", "Independent hashings whose results are combined.", 4, 1, 8),
        FormField("temperature", "real", "Temperature", "Divides the scores.", 0.25, 0.0, 2.0),
        FormField("attend", "choice", "Attend", "Chunks read.", "own + previous", choices=("own", "own + previous")),
        FormField("shared", "flag", "Shared query and key", "One projection for both.", True),
        FormField("seed", "integer", "Seed", "Of the random rotations.", 7, 0),
        FormField("windows", "integers", "Window per layer", "The last entry repeats.", (128, 256, 512), 1),
        FormField("globals", "tokens", "Global tokens", "Positions that read and are read by all.", (0, 64), 0),
        FormField("flash", "flag", "Fused kernel", "", False, disabled_because="Needs a CUDA device; none was found."),
    )


def _made_up_form(theme: Theme) -> ParameterForm:
    form = ParameterForm()
    form.set_theme(theme)
    form.set_fields(_made_up())
    return form


if __name__ == "__main__":
    from widgets.preview import preview

    preview(_made_up_form)
