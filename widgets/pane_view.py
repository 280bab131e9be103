"""One pane: what is compared and its numbers in a head line, and below it the widgets that draw its views."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Signal
from PySide6.QtWidgets import QFrame, QStackedWidget, QVBoxLayout, QWidget

from widgets.bucket_view import BucketView
from widgets.fold_view import FoldView
from widgets.pane_header import PaneHeader
from widgets.pattern_view import PatternView
from widgets.segment_view import SegmentView
from widgets.state_view import StateView
from widgets.study_view import StudyView
from widgets.view_data import Theme

ViewWidget = PatternView | BucketView | FoldView | SegmentView | StateView | StudyView


class PaneView(QFrame):
    """Shows one view at a time; each widget draws one or several of them. ``touched`` when somebody turns to it."""

    touched = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.pattern_view = PatternView()
        self.bucket_view = BucketView(theme)
        self.fold_view = FoldView(theme)
        self.segment_view = SegmentView(theme)
        self.state_view = StateView(theme)
        self.study_view = StudyView()
        self.fold_view.setAccessibleName(self.tr("Grid"))
        self.segment_view.setAccessibleName(self.tr("Segments"))
        self.state_view.setAccessibleName(self.tr("State"))
        self.views = QStackedWidget()
        for widget in self.view_widgets():
            self.views.addWidget(widget)
            widget.installEventFilter(self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        self.header = PaneHeader(theme)
        self.header.hide()
        layout.addWidget(self.header)
        layout.addWidget(self.views, 1)
        self.set_theme(theme)

    def view_widgets(self) -> tuple[ViewWidget, ...]:
        return (
            self.pattern_view,
            self.bucket_view,
            self.fold_view,
            self.segment_view,
            self.state_view,
            self.study_view,
        )

    def widget_of(self, view: str) -> ViewWidget:
        """The widget that draws a view; whatever is none of a run's own steps is a study."""
        drawn: dict[str, ViewWidget] = {
            "pattern": self.pattern_view,
            "weights": self.pattern_view,
            "difference": self.pattern_view,
            "weights-difference": self.pattern_view,
            "buckets": self.bucket_view,
            "fold": self.fold_view,
            "segments": self.segment_view,
            "state": self.state_view,
        }
        return drawn.get(view, self.study_view)

    def show_view(self, view: str) -> None:
        """Bring a view's widget to the front; the keys of the picture go on working in the other one."""
        watched = any(widget.hasFocus() for widget in self.view_widgets())
        self.views.setCurrentWidget(self.widget_of(view))
        if watched:
            self.widget_of(view).setFocus()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.MouseButtonPress, QEvent.Type.FocusIn):
            self.touched.emit()
        return super().eventFilter(watched, event)

    def set_theme(self, theme: Theme) -> None:
        self.header.set_theme(theme)
        for widget in self.view_widgets():
            widget.set_theme(theme)
