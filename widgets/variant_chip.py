"""The chips of the top bar: one per variant, exactly one chosen. Those without room wait behind a menu."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QEnterEvent, QFontMetrics, QKeyEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QMenu, QPushButton, QSizePolicy, QWidget

from widgets.lettering import lettering
from widgets.themes import DARK
from widgets.view_data import Theme, VariantChip

_HEIGHT = 34  # two pixels on each side belong to the focus ring
_GAP = 3


class ChipButton(QAbstractButton):
    """A rounded chip with the variant's colour as a dot; outlined in that colour while chosen."""

    stepped = Signal(int)  # −1 or +1: an arrow key asks for the neighbour

    def __init__(self, chip: VariantChip, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self.chip = chip
        self.setCheckable(True)
        self.set_chip(chip)

    def set_chip(self, chip: VariantChip) -> None:
        self.chip = chip
        self.setText(chip.label)
        self.setAccessibleName(chip.label)
        self.setAccessibleDescription(chip.disabled_because)
        self.setToolTip(chip.disabled_because)
        self.setCursor(Qt.CursorShape.ArrowCursor if chip.disabled_because else Qt.CursorShape.PointingHandCursor)
        self.updateGeometry()
        self.update()

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self.update()

    def sizeHint(self) -> QSize:
        # the width of the bold letters, so that choosing a chip does not push its neighbours
        font = lettering(self.font(), self._theme.body_points, bold=True)
        return QSize(QFontMetrics(font).horizontalAdvance(self.text()) + 10 + 9 + 8 + 14, _HEIGHT)

    def nextCheckState(self) -> None:
        """The row decides which chip is chosen."""

    def enterEvent(self, event: QEnterEvent) -> None:
        super().enterEvent(event)
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        back, on = (Qt.Key.Key_Left, Qt.Key.Key_Up), (Qt.Key.Key_Right, Qt.Key.Key_Down)
        if event.key() in (*back, *on):
            self.stepped.emit(-1 if event.key() in back else 1)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme, chosen = self._theme, self.isChecked()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setOpacity(0.45 if self.chip.disabled_because else 1)
        hovered = self.underMouse() and not self.chip.disabled_because
        outline = self.chip.colour if chosen else theme.muted if hovered else theme.line
        painter.setPen(QPen(QColor(outline), 1.5 if chosen else 1))
        painter.setBrush(QColor(theme.raised) if chosen or hovered else Qt.BrushStyle.NoBrush)
        body = QRectF(self.rect()).adjusted(2.75, 2.75, -2.75, -2.75)
        painter.drawRoundedRect(body, body.height() / 2, body.height() / 2)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(self.chip.colour))
        middle = self.height() / 2
        painter.drawEllipse(QPointF(10 + 4.5, middle), 4.5, 4.5)
        painter.setFont(lettering(self.font(), theme.body_points, bold=chosen))
        painter.setPen(QColor(theme.text if chosen else theme.muted))
        painter.drawText(self.rect().adjusted(27, 0, -6, 0), Qt.AlignmentFlag.AlignVCenter, self.text())
        if self.hasFocus():
            painter.setOpacity(1)
            painter.setPen(QPen(QColor(theme.focus), 1.25))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            ring = QRectF(self.rect()).adjusted(0.75, 0.75, -0.75, -0.75)
            painter.drawRoundedRect(ring, ring.height() / 2, ring.height() / 2)


class ChipRow(QWidget):
    """Chips in a line. The chosen one always has room; one tab stop, arrow keys go from chip to chip."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = DARK
        self._chips: list[ChipButton] = []
        self._chosen = ""
        self._more = QPushButton(self)
        self._more.setProperty("quiet", True)
        self._more.setMenu(QMenu(self._more))
        self._more.menu().setToolTipsVisible(True)
        self._more.hide()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(self.tr("Variant"))

    @property
    def buttons(self) -> tuple[ChipButton, ...]:
        return tuple(self._chips)

    @property
    def chosen_name(self) -> str:
        return self._chosen

    def set_chips(self, chips: tuple[VariantChip, ...], chosen: str) -> None:
        """Show these chips in this order; ``chosen`` is the name of the one outlined."""
        while len(self._chips) > len(chips):
            self._chips.pop().deleteLater()
        for chip in chips[len(self._chips) :]:
            button = ChipButton(chip, self._theme, self)
            button.clicked.connect(self._click)
            button.stepped.connect(self._step)
            self._chips.append(button)
        for button, chip in zip(self._chips, chips, strict=True):
            if button.chip != chip:
                button.set_chip(chip)
        self.set_chosen(chosen)

    def set_chosen(self, name: str) -> None:
        self._chosen = name
        for button in self._chips:
            button.setChecked(button.chip.name == name)
            tabbed = button.isChecked() or (button is self._chips[0] and name not in {b.chip.name for b in self._chips})
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus if tabbed else Qt.FocusPolicy.NoFocus)
            button.update()
        self._place()

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        for button in self._chips:
            button.set_theme(theme)
        self._place()

    def sizeHint(self) -> QSize:
        width = sum(button.sizeHint().width() + _GAP for button in self._chips)
        return QSize(max(0, width - _GAP), _HEIGHT)

    def minimumSizeHint(self) -> QSize:
        widest = max((button.sizeHint().width() for button in self._chips), default=0)
        return QSize(widest + _GAP + 64, _HEIGHT)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._place()

    def _fitting(self) -> list[ChipButton]:
        """The chips with room, in order: as many as fit from the left, and the chosen one."""
        if self.sizeHint().width() <= self.width():
            return self._chips
        chosen = [button for button in self._chips if button.isChecked()]
        room = self.width() - 64 - sum(button.sizeHint().width() + _GAP for button in chosen)
        fitting = list(chosen)
        for button in self._chips:
            width = button.sizeHint().width() + _GAP
            if button not in chosen:
                if width > room:
                    break
                fitting.append(button)
                room -= width
        return [button for button in self._chips if button in fitting]

    def _place(self) -> None:
        fitting = self._fitting()
        left = 0
        for button in self._chips:
            button.setVisible(button in fitting)
        for button in fitting:
            size = button.sizeHint()
            button.setGeometry(left, (self.height() - _HEIGHT) // 2, size.width(), _HEIGHT)
            left += size.width() + _GAP
        hidden = [button.chip for button in self._chips if button not in fitting]
        self._more.setVisible(bool(hidden))
        self._more.setText(f"+{len(hidden)} ▾")
        self._more.setAccessibleName(self.tr("More variants"))
        self._more.setGeometry(left, (self.height() - _HEIGHT) // 2, 58, _HEIGHT)
        menu = self._more.menu()
        menu.clear()
        for chip in hidden:
            action = menu.addAction(chip.label)
            action.setEnabled(not chip.disabled_because)
            action.setToolTip(chip.disabled_because)
            action.triggered.connect(lambda _=False, name=chip.name: self._choose(name))

    def _click(self) -> None:
        button = self.sender()
        if isinstance(button, ChipButton) and not button.chip.disabled_because:
            self._choose(button.chip.name)

    def _choose(self, name: str) -> None:
        if name != self._chosen:
            self.set_chosen(name)
            self.chosen.emit(name)

    def _step(self, direction: int) -> None:
        """Choose the next chip that can be chosen, going round at the ends."""
        names = [button.chip.name for button in self._chips]
        at = names.index(self._chosen) if self._chosen in names else 0
        for distance in range(1, len(names)):
            button = self._chips[(at + direction * distance) % len(names)]
            if not button.chip.disabled_because:
                self._choose(button.chip.name)
                button.setFocus(Qt.FocusReason.TabFocusReason)
                return
