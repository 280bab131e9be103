"""The top bar: the variants, the menus for layer, head, mask and device, and how the engine is."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QAction, QActionGroup, QColor, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QMenu, QPushButton, QSizePolicy, QWidget

from widgets.lettering import lettering, pixels
from widgets.menu_heading import add_heading
from widgets.style_sheet import restyle
from widgets.themes import DARK
from widgets.variant_chip import ChipRow
from widgets.view_data import MenuChoice, MenuGroup, Theme, VariantChip


class MenuButton(QPushButton):
    """A quiet button that shows the chosen answers of its groups and opens a menu of all of them."""

    picked = Signal(str, str)  # group, choice

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._groups: tuple[MenuGroup, ...] = ()
        self.setProperty("quiet", True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a click leaves the keys with the picture
        self.setMenu(QMenu(self))
        self.menu().setToolTipsVisible(True)

    def set_groups(self, groups: tuple[MenuGroup, ...]) -> None:
        """Rebuilt only where something changed, so that an open menu stays open."""
        if groups == self._groups:
            return
        self._groups = groups
        menu = self.menu()
        menu.clear()
        for group in groups:
            add_heading(menu, group.title)
            answers = QActionGroup(menu)
            for choice in group.choices:
                action = self._action(group, choice)
                answers.addAction(action)
                menu.addAction(action)
        labels = [choice.label for group in groups for choice in group.choices if choice.name == group.chosen]
        self.setText(" · ".join(labels) + " ▾")
        titles = ", ".join(group.title for group in groups)
        self.setAccessibleName(titles)
        self.setAccessibleDescription(" · ".join(labels))
        self.setToolTip(titles)

    def _action(self, group: MenuGroup, choice: MenuChoice) -> QAction:
        action = QAction(choice.label, self.menu())
        action.setCheckable(True)
        action.setChecked(choice.name == group.chosen)
        action.setEnabled(not choice.disabled_because)
        action.setToolTip(choice.disabled_because or choice.label)
        action.triggered.connect(lambda: self.picked.emit(group.name, choice.name))
        return action


class StatusDot(QWidget):
    """How the engine is: a dot that differs in shape as well as colour, and a word."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = DARK
        self._kind = "starting"
        self._words = ""
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.set_status("starting", "")

    def kinds(self) -> dict[str, str]:
        return {
            "live": self.tr("live"),
            "starting": self.tr("starting"),
            "measuring": self.tr("measuring"),
            "stopped": self.tr("stopped"),
        }

    def set_status(self, kind: str, detail: str) -> None:
        if kind not in self.kinds():
            raise ValueError(f"status must be one of {', '.join(self.kinds())}, but is {kind}")
        self._kind, self._words = kind, self.kinds()[kind]
        self.setToolTip(detail or self._words)
        self.setAccessibleName(self.tr("Engine"))
        self.setAccessibleDescription(f"{self._words}. {detail}" if detail else self._words)
        self.update()

    @property
    def kind(self) -> str:
        return self._kind

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        metrics = QFontMetrics(lettering(self.font(), self._theme.body_points))
        widest = max(metrics.horizontalAdvance(words) for words in self.kinds().values())  # so nothing moves
        return QSize(widest + 20, 30)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = self._theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        middle = QPointF(7, self.height() / 2)
        colour = {
            "live": theme.positive,
            "starting": theme.muted,
            "measuring": theme.focus,
            "stopped": theme.warning,
        }
        ink = QColor(colour[self._kind])
        painter.setPen(QPen(ink, 2))
        if self._kind == "starting":
            painter.drawEllipse(middle, 4, 4)
        elif self._kind == "stopped":
            for way in (1, -1):
                painter.drawLine(middle + QPointF(-3.5, -3.5 * way), middle + QPointF(3.5, 3.5 * way))
        else:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(ink)
            painter.drawEllipse(middle, 4.5, 4.5)
            if self._kind == "measuring":
                painter.setPen(QPen(ink, 1.25))
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.drawEllipse(middle, 6.25, 6.25)
        painter.setFont(lettering(self.font(), theme.body_points))
        painter.setPen(QColor(theme.text if self._kind == "stopped" else theme.muted))
        painter.drawText(QRectF(20, 0, self.width() - 20, self.height()), Qt.AlignmentFlag.AlignVCenter, self._words)


class VariantBar(QFrame):
    """Everything about *what runs*, in one line."""

    chosen = Signal(str)  # a variant's name
    menu_chosen = Signal(str, str)  # a group's name, a choice's name

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("variantBar")
        self.setFixedHeight(52)
        self._name = QLabel("Attnscope")
        self._row = ChipRow()
        self._row.chosen.connect(self.chosen)
        self._menus: list[MenuButton] = []
        self._status = StatusDot()
        self._menu_line = QHBoxLayout()
        self._menu_line.setSpacing(4)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(20, 0, 16, 0)
        layout.setSpacing(16)
        layout.addWidget(self._name)
        layout.addWidget(self._row, 1)
        layout.addLayout(self._menu_line)
        layout.addWidget(self._status)
        self.set_theme(DARK)

    @property
    def row(self) -> ChipRow:
        return self._row

    @property
    def menus(self) -> tuple[MenuButton, ...]:
        return tuple(self._menus)

    @property
    def status(self) -> StatusDot:
        return self._status

    def set_variants(self, chips: tuple[VariantChip, ...], chosen: str) -> None:
        self._row.set_chips(chips, chosen)

    def set_menus(self, buttons: tuple[tuple[MenuGroup, ...], ...]) -> None:
        """One drop-down per entry; an entry's groups (device, dtype) share its button."""
        while len(self._menus) > len(buttons):
            self._menus.pop().deleteLater()
        while len(self._menus) < len(buttons):
            button = MenuButton()
            button.picked.connect(self.menu_chosen)
            self._menu_line.addWidget(button)
            self._menus.append(button)
        for button, groups in zip(self._menus, buttons, strict=True):
            button.set_groups(groups)

    def set_status(self, kind: str, detail: str = "") -> None:
        """``kind``: live, starting, measuring or stopped; ``detail`` is a sentence for the tooltip."""
        self._status.set_status(kind, detail)

    def set_theme(self, theme: Theme) -> None:
        restyle(
            self, f"#variantBar {{ background: {theme.surface}; border: 0; border-bottom: 1px solid {theme.line}; }}"
        )
        restyle(
            self._name,
            f"color: {theme.text}; font-size: {pixels(theme.title_points + 1.5)}px; font-weight: 600;"
            " background: transparent; border: 0;",
        )
        self._row.set_theme(theme)
        self._status.set_theme(theme)


def _made_up_bar(theme: Theme) -> VariantBar:
    names = ("Full", "Transformer-XL", "Sparse", "Longformer", "Reformer", "Linformer", "Linear", "Performer")
    chips = tuple(
        VariantChip(name.lower(), name, colour, "Linformer mixes the future in: bidirectional only." if i == 5 else "")
        for i, (name, colour) in enumerate(zip(names, theme.categories, strict=False))
    )
    layers = tuple(MenuChoice(str(i), f"Layer {i + 1}") for i in range(4))
    heads = tuple(MenuChoice(str(i), f"Head {i + 1}") for i in range(4))
    masks = (MenuChoice("causal", "Causal"), MenuChoice("bidirectional", "Bidirectional"))
    devices = (MenuChoice("cpu", "CPU"), MenuChoice("cuda", "CUDA", "No CUDA device was found on this machine."))
    dtypes = (MenuChoice("float32", "float32"), MenuChoice("bfloat16", "bfloat16", "Slower than float32 on this CPU."))
    bar = VariantBar()
    bar.set_theme(theme)
    bar.set_variants(chips, "reformer")
    bar.set_menus(
        (
            (MenuGroup("layer", "Layer", layers, "2"), MenuGroup("head", "Head", heads, "1")),
            (MenuGroup("mask", "Mask", masks, "causal"),),
            (MenuGroup("device", "Device", devices, "cpu"), MenuGroup("dtype", "Number type", dtypes, "float32")),
        )
    )
    bar.set_status("live")
    return bar


if __name__ == "__main__":
    from widgets.preview import preview

    preview(_made_up_bar)
