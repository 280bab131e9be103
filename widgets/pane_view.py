"""One pane: what is compared and its numbers in a head line, and below it the widgets that draw its views."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QFrame, QStackedWidget, QVBoxLayout, QWidget

from widgets.pane_header import PaneHeader
from widgets.pattern_view import PatternView
from widgets.stale_mark import StaleMark
from widgets.view_data import Theme

if TYPE_CHECKING:
    from widgets.bucket_view import BucketView
    from widgets.fold_view import FoldView
    from widgets.segment_view import SegmentView
    from widgets.state_view import StateView
    from widgets.study_view import StudyView

    ViewWidget = PatternView | BucketView | FoldView | SegmentView | StateView | StudyView

Widget = TypeVar("Widget", bound="ViewWidget")
Painted = TypeVar("Painted", "FoldView", "SegmentView", "StateView")


class PaneView(QFrame):
    """Shows one view at a time; each widget draws one or several of them, and is made when it is first asked for.

    ``touched`` when somebody turns to the pane, ``token_clicked`` and ``round_changed`` as its views say them.
    """

    touched = Signal()
    token_clicked = Signal(int)
    round_changed = Signal(int)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._made: list[ViewWidget] = []
        self.views = QStackedWidget()
        self.stale = StaleMark(theme, self.views)
        self.header = PaneHeader(theme)
        self.header.hide()
        self.pattern_view = self._with_us(PatternView())
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self.header)
        layout.addWidget(self.views, 1)

    def _with_us(self, widget: Widget) -> Widget:
        self._made.append(widget)
        self.views.addWidget(widget)
        widget.installEventFilter(self)
        widget.set_theme(self._theme)
        return widget

    @cached_property
    def bucket_view(self) -> BucketView:
        from widgets.bucket_view import BucketView

        view = self._with_us(BucketView(self._theme))
        view.token_clicked.connect(self.token_clicked)
        view.round_changed.connect(self.round_changed)
        return view

    @cached_property
    def fold_view(self) -> FoldView:
        from widgets.fold_view import FoldView

        return self._painted(FoldView(self._theme), self.tr("Grid"))

    @cached_property
    def segment_view(self) -> SegmentView:
        from widgets.segment_view import SegmentView

        return self._painted(SegmentView(self._theme), self.tr("Segments"))

    @cached_property
    def state_view(self) -> StateView:
        from widgets.state_view import StateView

        return self._painted(StateView(self._theme), self.tr("State"))

    @cached_property
    def study_view(self) -> StudyView:
        from widgets.study_view import StudyView

        return self._with_us(StudyView())

    def _painted(self, widget: Painted, name: str) -> Painted:
        widget.setAccessibleName(name)
        widget.token_clicked.connect(self.token_clicked)
        return self._with_us(widget)

    def view_widgets(self) -> tuple[ViewWidget, ...]:
        """Those that there are."""
        return tuple(self._made)

    def widget_of(self, view: str) -> ViewWidget:
        """The widget that draws a view; whatever is none of a run's own steps is a study."""
        drawn = {
            "pattern": "pattern_view",
            "weights": "pattern_view",
            "difference": "pattern_view",
            "weights-difference": "pattern_view",
            "buckets": "bucket_view",
            "fold": "fold_view",
            "segments": "segment_view",
            "state": "state_view",
        }
        widget: ViewWidget = getattr(self, drawn.get(view, "study_view"))
        return widget

    def show_view(self, view: str) -> None:
        """Bring a view's widget to the front; the keys of the picture go on working in the other one."""
        watched = any(widget.hasFocus() for widget in self.view_widgets())
        self.views.setCurrentWidget(self.widget_of(view))
        if watched:
            self.widget_of(view).setFocus()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.MouseButtonPress or (isinstance(event, QFocusEvent) and turned_to(event)):
            self.touched.emit()
        return super().eventFilter(watched, event)

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self.header.set_theme(theme)
        self.stale.set_theme(theme)
        for widget in self.view_widgets():
            widget.set_theme(theme)


def turned_to(event: QFocusEvent) -> bool:
    """Whether somebody brought the focus here: it also comes by itself, where one view takes the place of another."""
    by_somebody = (Qt.FocusReason.MouseFocusReason, Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason)
    return event.gotFocus() and event.reason() in by_somebody
