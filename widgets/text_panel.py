"""The text: typed, pasted, dropped, opened or taken from the samples, and the tokens that it becomes."""

from __future__ import annotations

from PySide6.QtCore import QMimeData, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent, QTextCursor, QTextOption
from PySide6.QtWidgets import (
    QButtonGroup,
    QHBoxLayout,
    QLabel,
    QMenu,
    QPlainTextEdit,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from widgets.lettering import pixels
from widgets.menu_heading import add_heading
from widgets.message_bar import ElidedLabel
from widgets.style_sheet import mixed, restyle
from widgets.themes import DARK
from widgets.view_data import SampleText, Theme

DEBOUNCE_MILLISECONDS = 150
MOST_CHARACTERS = 1_000_000  # more than that is read from its file, through a window


def cleaned(text: str) -> str:
    """``text`` as the editor can hold it: zero bytes shown as ␀, lone surrogates as �, line ends as \\n."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "␀")
    return "".join("�" if "\ud800" <= sign <= "\udfff" else sign for sign in text) if _has_surrogates(text) else text


def _has_surrogates(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return True
    return False


class TextEditor(QPlainTextEdit):
    """Plain text with undo. A dropped or pasted file is announced rather than inserted."""

    file_dropped = Signal(str)
    too_long = Signal(int)  # characters that would have been in the text

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if local_file(event.mimeData()):
            event.acceptProposedAction()
        else:
            super().dragEnterEvent(event)

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        if local_file(event.mimeData()):
            event.acceptProposedAction()
        else:
            super().dragMoveEvent(event)

    def dropEvent(self, event: QDropEvent) -> None:
        path = local_file(event.mimeData())  # asked here as well: a read-only editor would refuse the drop
        if path:
            event.acceptProposedAction()
            self.file_dropped.emit(path)
        else:
            super().dropEvent(event)

    def insertFromMimeData(self, source: QMimeData) -> None:
        path = local_file(source)
        if path:
            self.file_dropped.emit(path)
            return
        if self.isReadOnly() or not source.hasText():
            return
        text = cleaned(source.text())
        cursor = self.textCursor()
        length = self.document().characterCount() - 1 - len(cursor.selectedText()) + len(text)
        if length > MOST_CHARACTERS:
            self.too_long.emit(length)
            return
        cursor.insertText(text)
        self.setTextCursor(cursor)
        self.ensureCursorVisible()

    def canInsertFromMimeData(self, source: QMimeData) -> bool:
        return source.hasText() or bool(local_file(source))

    def plain_text(self) -> str:
        """The text as it is; ``toPlainText`` would turn no-break spaces into spaces."""
        return self.document().toRawText().replace("\u2029", "\n").replace("\u2028", "\n")


class TextPanel(QWidget):
    """Header, editor or tokens, and a line that says how the text is read."""

    text_edited = Signal(str)  # 150 ms after the last key; also after undo and redo
    file_dropped = Signal(str)
    open_requested = Signal()
    sample_chosen = Signal(str)
    too_long = Signal(int)
    tokens_shown = Signal(bool)
    edit_requested = Signal()  # a person wants to leave the read-only window for a text of their own

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = DARK
        self._silent = False
        self._announced = ""
        self._token_view: QWidget | None = None
        self._timer = QTimer(self, singleShot=True, interval=DEBOUNCE_MILLISECONDS)
        self._timer.timeout.connect(self._announce)
        self.setAccessibleName(self.tr("Text"))
        self.setAcceptDrops(True)
        self._make_header()
        self._make_pages()
        self._status = ElidedLabel()
        self._status.hide()  # until there is something to say
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 12, 16, 12)
        layout.setSpacing(8)
        layout.addLayout(self._header)
        layout.addLayout(self._switch)
        layout.addWidget(self._pages, 1)
        layout.addWidget(self._status)
        self.set_theme(DARK)

    def _make_header(self) -> None:
        self._title = QLabel(self.tr("Text"))
        self._open = QPushButton(self.tr("Open…"))
        self._open.clicked.connect(lambda: self.open_requested.emit())
        self._sample_button = QPushButton(self.tr("Samples") + " ▾")
        self._sample_button.setMenu(QMenu(self._sample_button))
        self._sample_button.setAccessibleName(self.tr("Samples"))
        self._header = QHBoxLayout()
        self._header.setSpacing(0)
        self._header.setContentsMargins(0, 0, -7, 0)  # the last button's words, not its padding, end at the edge
        self._header.addWidget(self._title)
        self._header.addStretch(1)
        for button in (self._open, self._sample_button):
            button.setProperty("quiet", True)
            self._header.addWidget(button)

    def _make_pages(self) -> None:
        self._edit_button, self._tokens_button = QPushButton(self.tr("Edit")), QPushButton(self.tr("Tokens"))
        self._modes = QButtonGroup(self)
        self._switch = QHBoxLayout()
        self._switch.setSpacing(0)
        for index, button in enumerate((self._edit_button, self._tokens_button)):
            button.setCheckable(True)
            self._modes.addButton(button, index)
            self._switch.addWidget(button, 1)
        self._edit_button.setChecked(True)
        self._modes.idClicked.connect(lambda index: self._show_page(bool(index), by_person=True))
        self._tokens_button.hide()  # until there is a widget for them
        self._edit_button.hide()
        self.editor = TextEditor()
        self.editor.setAccessibleName(self.tr("Text to run attention on"))
        self.editor.setPlaceholderText(self.tr("Type or paste a text, drop a file, or choose a sample."))
        self.editor.textChanged.connect(self._typed)
        self.window_view = TextEditor()
        self.window_view.setReadOnly(True)
        self.window_view.setAccessibleName(self.tr("Part of the file, read only"))
        for editor in (self.editor, self.window_view):
            editor.setTabChangesFocus(True)
            editor.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
            editor.file_dropped.connect(self.file_dropped)
            editor.too_long.connect(self.too_long)
        self._note = QLabel(wordWrap=True)
        self._own_text = QPushButton(self.tr("Write my own"))
        self._own_text.clicked.connect(lambda: self.edit_requested.emit())
        note_line = QHBoxLayout()
        note_line.addWidget(self._note, 1)
        note_line.addWidget(self._own_text, 0, Qt.AlignmentFlag.AlignTop)
        window_page = QWidget()
        window_layout = QVBoxLayout(window_page)
        window_layout.setContentsMargins(0, 0, 0, 0)
        window_layout.setSpacing(4)
        window_layout.addLayout(note_line)
        window_layout.addWidget(self.window_view, 1)
        self._text_pages = QStackedWidget()
        self._text_pages.addWidget(self.editor)
        self._text_pages.addWidget(window_page)
        self._pages = QStackedWidget()
        self._pages.addWidget(self._text_pages)

    # The text

    def hasHeightForWidth(self) -> bool:
        """Its height is given to it; long words within wrap, and what has no room scrolls."""
        return False

    def text(self) -> str:
        """What the editor holds; the shown part while a large file is open."""
        return (self.window_view if self.is_window() else self.editor).plain_text()

    def set_text(self, text: str) -> None:
        """Show ``text`` in the editor without ``text_edited``. It can be undone: a sample never destroys a text."""
        self._text_pages.setCurrentIndex(0)
        text = cleaned(text)[:MOST_CHARACTERS]
        typing = self._timer.isActive() and text == self._announced  # who calls has not heard of the newest keys
        if typing or text == self.editor.plain_text():
            return
        self._timer.stop()
        self._silent = True
        cursor = QTextCursor(self.editor.document())
        cursor.beginEditBlock()
        cursor.select(QTextCursor.SelectionType.Document)
        cursor.insertText(text)
        cursor.endEditBlock()
        self._silent = False
        self._announced = text
        cursor.setPosition(0)
        self.editor.setTextCursor(cursor)

    def set_window(self, text: str, note: str) -> None:
        """Show a part of a large file, read only; ``note`` says which part of which file."""
        self._timer.stop()
        self.window_view.setPlainText(cleaned(text))
        self._note.setText(note)
        self._text_pages.setCurrentIndex(1)

    def is_window(self) -> bool:
        return self._text_pages.currentIndex() == 1

    def flush(self) -> None:
        """Announce an edit that is still waiting for the pause after the last key."""
        if self._timer.isActive():
            self._timer.stop()
            self._announce()

    def _typed(self) -> None:
        if not self._silent:
            self._timer.start()

    def _announce(self) -> None:
        text = self.editor.plain_text()
        if text != self._announced:  # typed and taken back within the pause, or only the looks changed
            self._announced = text
            self.text_edited.emit(text)

    def set_status(self, words: str) -> None:
        """The line under the text: "64 tokens · read at length 8,192: repeats 128 ×"."""
        self._status.set_whole_text(words)
        self._status.setVisible(bool(words))

    # Samples and tokens

    def set_samples(self, samples: tuple[SampleText, ...]) -> None:
        """Fill the menu, a heading per language in the order of first mention."""
        menu = self._sample_button.menu()
        menu.clear()
        for language in dict.fromkeys(sample.language for sample in samples):
            add_heading(menu, language)
            for sample in samples:
                if sample.language == language:
                    action = menu.addAction(sample.title)
                    action.triggered.connect(lambda _=False, name=sample.name: self.sample_chosen.emit(name))
        self._sample_button.setEnabled(bool(samples))

    def set_token_view(self, widget: QWidget) -> None:
        """Give the tokens a page of their own; from now on a switch chooses between text and tokens."""
        if self._token_view is not None:
            self._pages.removeWidget(self._token_view)
        self._token_view = widget
        self._pages.addWidget(widget)
        self._edit_button.show()
        self._tokens_button.show()

    def show_tokens(self, tokens: bool) -> None:
        """Turn to the tokens, where there is a widget for them, or back to the text."""
        self._show_page(tokens, by_person=False)

    def shows_tokens(self) -> bool:
        return self._pages.currentIndex() == 1

    def _show_page(self, tokens: bool, by_person: bool) -> None:
        tokens = tokens and self._pages.count() > 1
        self.flush()
        changed = tokens != self.shows_tokens()
        self._pages.setCurrentIndex(int(tokens))
        (self._tokens_button if tokens else self._edit_button).setChecked(True)
        if by_person and not tokens:
            (self.window_view if self.is_window() else self.editor).setFocus()
        if changed:
            self.tokens_shown.emit(tokens)

    # Files dropped beside the editor

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if local_file(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        path = local_file(event.mimeData())
        if path:
            event.acceptProposedAction()
            self.file_dropped.emit(path)

    def sizeHint(self) -> QSize:
        return QSize(300, 320)

    def minimumSizeHint(self) -> QSize:
        return QSize(200, 160)

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        size, small = pixels(theme.body_points), pixels(theme.small_points)
        restyle(self._title, f"color: {theme.text}; font-size: {pixels(theme.title_points)}px; font-weight: 600")
        restyle(self._status, f"color: {theme.muted}; font-size: {small}px")
        restyle(self._note, f"color: {theme.muted}; font-size: {small}px")
        for editor in (self.editor, self.window_view):
            restyle(
                editor,
                f"QPlainTextEdit {{ background: {theme.background}; color: {theme.text}; font-size: {size}px;"
                f" border: 1px solid {theme.line}; border-radius: 6px; padding: 4px;"
                f" placeholder-text-color: {theme.muted};"
                f" selection-background-color: {mixed(theme.raised, theme.focus, 0.35)};"
                f" selection-color: {theme.text}; }} QPlainTextEdit:focus {{ border-color: {theme.focus}; }}",
            )
        for button, left, right in ((self._edit_button, 6, 0), (self._tokens_button, 0, 6)):
            restyle(
                button,
                f"QPushButton {{ background: transparent; color: {theme.muted}; font-size: {small}px; padding: 3px;"
                f" border: 1px solid {theme.line}; border-radius: 0;"
                f" border-top-left-radius: {left}px; border-bottom-left-radius: {left}px;"
                f" border-top-right-radius: {right}px; border-bottom-right-radius: {right}px; }}"
                f"QPushButton:checked {{ background: {theme.raised}; color: {theme.text}; }}"
                f"QPushButton:checked {{ border-color: {theme.muted}; }}"
                f"QPushButton:focus {{ border-color: {theme.focus}; }}",
            )


def local_file(source: QMimeData) -> str:
    return next((url.toLocalFile() for url in source.urls() if url.isLocalFile()), "")


def _made_up_panel(theme: Theme) -> TextPanel:
    panel = TextPanel()
    panel.set_theme(theme)
    panel.set_samples(
        (
            SampleText("cities", "A Tale of Two Cities", "English"),
            SampleText("moby", "Moby-Dick", "English"),
            SampleText("dream", "红楼梦", "中文"),
        )
    )
    panel.set_token_view(QLabel("tokens"))
    panel.set_text(
        "It was the best of times, it was the worst of times.\n话说天下大势，分久必合，合久必分。\nمرحبا 👩‍🔬"
    )
    panel.set_status(panel.tr("64 tokens · read at length 8,192: repeats 128 ×"))
    return panel


if __name__ == "__main__":
    from widgets.preview import preview

    preview(_made_up_panel)
