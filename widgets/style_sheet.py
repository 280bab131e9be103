"""The palette and style sheet that a theme means for ordinary controls. Pure: a Theme in, values out."""

from __future__ import annotations

from string import Template

from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QWidget

from widgets.lettering import pixels
from widgets.view_data import Theme

_SHEET = Template("""
QToolTip { background: $raised; color: $text; border: 1px solid $line; padding: 6px 8px; font-size: ${small}px; }

QPushButton, QToolButton {
  background: $raised; color: $text; border: 1px solid $line; border-radius: 6px; padding: 3px 10px;
}
QPushButton:hover, QToolButton:hover { border-color: $muted; }
QPushButton:pressed, QToolButton:pressed, QToolButton:checked { background: $line; }
QPushButton:focus, QToolButton:focus { border-color: $focus; }
QPushButton:disabled, QToolButton:disabled { color: $faint; border-color: $raised; }
QPushButton[quiet="true"], QToolButton[quiet="true"] {
  background: transparent; border: 1px solid transparent; color: $muted; padding: 3px 6px;
}
QPushButton[quiet="true"]:hover, QToolButton[quiet="true"]:hover { color: $text; background: $raised; }
QPushButton[quiet="true"]:focus, QToolButton[quiet="true"]:focus { border-color: $focus; color: $text; }
QPushButton[quiet="true"]:disabled, QToolButton[quiet="true"]:disabled { color: $faint; }
QToolButton[toggle="true"] { background: transparent; border-color: transparent; color: $muted; }
QToolButton[toggle="true"]:hover { color: $text; }
QToolButton[toggle="true"]:checked { background: $raised; border-color: $line; color: $text; }
QToolButton[toggle="true"]:focus { border-color: $focus; }
QPushButton::menu-indicator, QToolButton::menu-indicator { image: none; width: 0; }

QLineEdit, QPlainTextEdit, QTextEdit, QSpinBox, QDoubleSpinBox {
  background: $background; color: $text; border: 1px solid $line; border-radius: 6px; padding: 3px 6px;
  selection-background-color: $selection; selection-color: $text; placeholder-text-color: $muted;
}
QAbstractSpinBox::up-button, QAbstractSpinBox::down-button { width: 0; border: 0; }
QLineEdit:focus, QPlainTextEdit:focus, QTextEdit:focus, QSpinBox:focus, QDoubleSpinBox:focus { border-color: $focus; }
QLineEdit:disabled, QPlainTextEdit:disabled { color: $faint; background: $surface; }
QLineEdit[wrong="true"] { border-color: $warning; }

QComboBox {
  background: $raised; color: $text; border: 1px solid $line; border-radius: 6px; padding: 3px 22px 3px 8px;
}
QComboBox:hover { border-color: $muted; }
QComboBox:focus { border-color: $focus; }
QComboBox:disabled { color: $faint; border-color: $raised; }
QComboBox::drop-down { border: 0; width: 20px; }
QComboBox QAbstractItemView {
  background: $raised; color: $text; border: 1px solid $line; padding: 4px; outline: 0;
  selection-background-color: $selection; selection-color: $text;
}

QLabel[role="muted"] { color: $muted; }

QFrame#palette { background: $raised; border: 1px solid $line; border-radius: 8px; }
QFrame#palette QTreeWidget { background: $raised; border: 0; outline: 0; }
QFrame#palette QTreeWidget::item { padding: 5px 8px; }
QFrame#palette QTreeWidget::item:selected { background: $selection; color: $text; }
QFrame#palette QLabel#hint { color: $muted; background: transparent; padding: 0 8px; }
QFrame#palette QLabel#hint[warning="true"] { color: $warning; }

QListWidget { background: $background; color: $text; border: 1px solid $line; border-radius: 6px; padding: 4px; }
QListWidget:focus { border-color: $focus; }
QListWidget::item { padding: 4px 6px; border-radius: 4px; }
QListWidget::item:selected { background: $selection; color: $text; }

QMenu { background: $raised; color: $text; border: 1px solid $line; padding: 4px; }
QMenu::item { padding: 5px 24px 5px 24px; border-radius: 4px; }
QMenu::item:selected { background: $selection; }
QMenu::item:disabled { color: $faint; }
QLabel[heading="true"] {
  color: $muted; background: transparent; padding: 6px 24px 2px 8px; font-size: ${small}px; font-weight: 600;
}
QMenu::separator { height: 1px; background: $line; margin: 4px 8px; }

QScrollBar:vertical { background: transparent; width: 10px; margin: 0; }
QScrollBar:horizontal { background: transparent; height: 10px; margin: 0; }
QScrollBar::handle { background: $line; border-radius: 3px; margin: 2px; min-height: 24px; min-width: 24px; }
QScrollBar::handle:hover { background: $muted; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }

QTabBar { background: transparent; }
QTabBar::tab {
  background: transparent; color: $muted; padding: 6px 2px; margin-right: 20px; border-bottom: 2px solid transparent;
}
QTabBar::tab:hover, QTabBar::tab:selected { color: $text; }
QTabBar::tab:selected { border-bottom-color: $accent; }
QTabBar::tab:focus { color: $focus; }
QTabBar QToolButton { padding: 0; border: 1px solid $line; border-radius: 4px; }
QTabBar::scroller { width: 44px; }
QTabWidget::pane { border: 0; }

QScrollArea { background: transparent; border: 0; }
QSplitter::handle { background: $line; }
QMainWindow::separator { background: $line; width: 1px; height: 1px; }
QStatusBar { background: $surface; color: $muted; }
QProgressBar { background: $raised; border: 0; border-radius: 3px; color: $text; text-align: center; }
QProgressBar::chunk { background: $accent; border-radius: 3px; }
""")


def faint(theme: Theme) -> str:
    """The ink of what is disabled."""
    return mixed(theme.muted, theme.surface, theme.faintness)


def mixed(first: str, second: str, share: float) -> str:
    """The colour ``share`` of the way from ``first`` to ``second``."""
    a, b = QColor(first), QColor(second)
    parts = zip((a.red(), a.green(), a.blue()), (b.red(), b.green(), b.blue()), strict=True)
    return "#" + "".join(f"{round(x + (y - x) * share):02x}" for x, y in parts)


def style_sheet(theme: Theme) -> str:
    """Qt style sheet for the application in the colours of ``theme``."""
    return _SHEET.substitute(
        background=theme.background,
        surface=theme.surface,
        raised=theme.raised,
        line=theme.line,
        text=theme.text,
        muted=theme.muted,
        faint=faint(theme),
        accent=theme.accent,
        focus=theme.focus,
        warning=theme.warning,
        selection=mixed(theme.raised, theme.focus, 0.35),
        small=pixels(theme.small_points),
    )


def restyle(widget: QWidget, sheet: str) -> None:
    """Set a widget's own sheet where it is another one: Qt polishes all anew even for the same text, which is slow."""
    if widget.styleSheet() != sheet:
        widget.setStyleSheet(sheet)


def palette(theme: Theme) -> QPalette:
    """Qt palette for everything that a style sheet does not reach."""
    role = QPalette.ColorRole
    colours = {
        role.Window: theme.surface,
        role.WindowText: theme.text,
        role.Base: theme.background,
        role.AlternateBase: theme.surface,
        role.Text: theme.text,
        role.Button: theme.raised,
        role.ButtonText: theme.text,
        role.BrightText: theme.warning,
        role.ToolTipBase: theme.raised,
        role.ToolTipText: theme.text,
        role.PlaceholderText: theme.muted,
        role.Highlight: mixed(theme.raised, theme.focus, 0.35),
        role.HighlightedText: theme.text,
        role.Link: theme.focus,
        role.LinkVisited: theme.focus,
        role.Light: theme.line,
        role.Midlight: theme.raised,
        role.Mid: theme.line,
        role.Dark: theme.background,
        role.Shadow: theme.background,
        role.Accent: theme.accent,
    }
    result = QPalette()
    for name, colour in colours.items():
        result.setColor(name, QColor(colour))
    disabled = QColor(faint(theme))
    for name in (role.WindowText, role.Text, role.ButtonText):
        result.setColor(QPalette.ColorGroup.Disabled, name, disabled)
    return result
