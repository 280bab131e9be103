"""Places the widgets; nothing else."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QHBoxLayout,
    QMainWindow,
    QScrollArea,
    QSizePolicy,
    QSplitter,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from widgets.about_area import AboutArea
from widgets.cost_chart import CostChart
from widgets.length_slider import LengthSlider
from widgets.live_panel import LivePanel
from widgets.memory_strip import MemoryStrip
from widgets.message_bar import MessageBar
from widgets.pane_area import PaneArea
from widgets.pane_view import PaneView
from widgets.parameter_form import ParameterForm
from widgets.text_panel import TextPanel, local_file
from widgets.token_strip import TokenStrip
from widgets.transport_bar import TransportBar
from widgets.variant_bar import VariantBar
from widgets.view_data import Theme
from widgets.view_tabs import ViewTabs

LEFT_WIDTH, CENTRE_WIDTH, RIGHT_WIDTH = 300, 760, 380


class MainWindow(QMainWindow):
    """The shell: variants above, text and parameters left, the picture, the numbers right, the transport below."""

    closed = Signal()
    file_dropped = Signal(str)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setWindowTitle("Attnscope")
        self.setAcceptDrops(True)
        self.variant_bar = VariantBar()
        self.message_bar = MessageBar()
        self.text_panel = TextPanel()
        self.token_strip = TokenStrip()
        self.about_area = AboutArea()
        self.about = self.about_area.label
        self.form = ParameterForm()
        self.pane_area = PaneArea(theme)
        self.live_panel = LivePanel()
        self.memory_strip = MemoryStrip()
        self.cost_chart = CostChart()
        self.transport = TransportBar(theme)
        self.length_slider = LengthSlider(theme)
        self.view_tabs = ViewTabs()
        self.tabs = self.view_tabs.bar
        self.logarithmic = self.make_logarithmic()
        self.place()
        self.set_theme(theme)
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        application.focusChanged.connect(self.reveal_focus)

    def sizeHint(self) -> QSize:
        return QSize(1440, 900)

    @property
    def pane_view(self) -> PaneView:
        """The pane that the panels around the picture speak of."""
        return self.pane_area.active

    def make_logarithmic(self) -> QToolButton:
        """Linear or logarithmic colours, where weights are shown."""
        button = QToolButton()
        button.setText(self.tr("log colours"))
        button.setCheckable(True)
        button.setProperty("toggle", True)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.setToolTip(self.tr("Weights on a logarithmic scale (Ctrl+L)"))
        kept = button.sizePolicy()
        kept.setRetainSizeWhenHidden(True)  # so that the tabs stay where they are
        button.setSizePolicy(kept)
        return button

    def place(self) -> None:
        self.text_panel.set_token_view(self.token_strip)
        for part, lowest in ((self.text_panel, 248), (self.form, 140)):  # they share what the words between leave
            part.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Ignored)
            part.setMinimumHeight(lowest)
        left = column((self.text_panel, 3), (rule(), 0), (self.about_area, 0), (rule(), 0), (self.form, 2))
        centre = QWidget()
        middle = QVBoxLayout(centre)
        middle.setContentsMargins(16, 8, 16, 8)
        top = QHBoxLayout()
        top.setSpacing(12)
        top.addWidget(self.view_tabs, 1)
        top.addWidget(self.logarithmic)
        middle.addLayout(top)
        middle.addWidget(self.pane_area, 1)
        self.middle = middle
        right = scrolling(
            column((self.live_panel, 0), (rule(), 0), (self.memory_strip, 1), (rule(), 0), (self.cost_chart, 3))
        )
        self.columns = splitter = QSplitter(Qt.Orientation.Horizontal)
        for index, (widget, width, narrowest) in enumerate(
            ((left, LEFT_WIDTH, 220), (centre, CENTRE_WIDTH, 400), (right, RIGHT_WIDTH, 290))
        ):
            splitter.addWidget(widget)
            widget.setMinimumWidth(narrowest)
            splitter.setStretchFactor(index, width)  # a small window takes from all three
        splitter.setSizes([LEFT_WIDTH, CENTRE_WIDTH, RIGHT_WIDTH])
        splitter.setChildrenCollapsible(False)
        splitter.setHandleWidth(1)
        bottom = QFrame()
        bottom.setObjectName("panel")
        below = QVBoxLayout(bottom)
        below.setContentsMargins(4, 4, 4, 4)
        below.setSpacing(0)
        below.addWidget(self.transport)
        below.addWidget(self.length_slider)
        whole = QWidget()
        page = QVBoxLayout(whole)
        page.setContentsMargins(0, 0, 0, 0)
        page.setSpacing(0)
        room = QWidget()
        for widget, stretch in ((self.variant_bar, 0), (splitter, 1), (room, 0), (bottom, 0)):
            page.addWidget(widget, stretch)
        self.setCentralWidget(whole)
        self.message_place = MessagePlace(self.message_bar, room, above=bottom)

    def lend_panes(self) -> PaneArea:
        """The panes without a parent, for the stage."""
        self.middle.removeWidget(self.pane_area)
        self.pane_area.setParent(None)
        return self.pane_area

    def take_back_panes(self) -> None:
        self.middle.addWidget(self.pane_area, 1)
        self.pane_area.show()

    def reveal_focus(self, _: QWidget | None, now: QWidget | None) -> None:
        """Scroll to what the keys are in now: Qt itself does so only within the area that had them before."""
        above = now.parentWidget() if now is not None else None
        while now is not None and above is not None:
            inside = above.widget() if isinstance(above, QScrollArea) else None
            if isinstance(above, QScrollArea) and inside is not None and inside.isAncestorOf(now):
                above.ensureWidgetVisible(now, 8, 8)
            above = above.parentWidget()

    def set_theme(self, theme: Theme) -> None:
        for widget in (
            self.variant_bar,
            self.message_bar,
            self.text_panel,
            self.token_strip,
            self.form,
            self.live_panel,
            self.memory_strip,
            self.cost_chart,
            self.transport,
            self.length_slider,
        ):
            widget.set_theme(theme)
        self.tabs.setStyleSheet(f"QTabBar::tab:selected {{ border-bottom-color: {theme.accent}; }}")
        for line in self.findChildren(QFrame, "rule"):
            line.setStyleSheet(f"background: {theme.line}; border: 0;")

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if local_file(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        if path := local_file(event.mimeData()):
            event.acceptProposedAction()
            self.file_dropped.emit(path)

    def closeEvent(self, event: QCloseEvent) -> None:
        self.closed.emit()
        super().closeEvent(event)


def column(*parts: tuple[QWidget, int]) -> QFrame:
    """A side panel: widgets above each other with their stretch."""
    frame = QFrame()
    frame.setObjectName("panel")
    layout = QVBoxLayout(frame)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(0)
    for widget, stretch in parts:
        layout.addWidget(widget, stretch)
    return frame


def scrolling(panel: QFrame) -> QScrollArea:
    """The panel whole where the window is high enough, as on a projector's 700 lines it is not."""
    area = QScrollArea()
    area.setWidget(panel)
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    return area


class MessagePlace(QObject):
    """Keeps the message bar at the foot of the columns.

    What stays until it is put away gets ``room`` of its own, so that it covers nothing; news that leave by themselves
    lie over the columns, so that nothing moves when they come and go.
    """

    def __init__(self, bar: MessageBar, room: QWidget, above: QWidget) -> None:
        super().__init__(bar)
        self.bar, self.room, self.above = bar, room, above
        bar.setParent(above.parentWidget())
        room.setFixedHeight(0)
        bar.changed.connect(self.make_room)
        for watched in (bar, above):
            watched.installEventFilter(self)

    def make_room(self) -> None:
        self.room.setFixedHeight(self.bar.height() if self.bar.lasting else 0)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.Show, QEvent.Type.Move, QEvent.Type.Resize) and (
            watched is self.above or event.type() == QEvent.Type.Show
        ):
            place = self.above.geometry()
            self.bar.setGeometry(place.left(), place.top() - self.bar.height(), place.width(), self.bar.height())
            self.bar.raise_()
        return super().eventFilter(watched, event)


def rule() -> QFrame:
    line = QFrame()
    line.setFixedHeight(1)
    line.setObjectName("rule")
    return line
