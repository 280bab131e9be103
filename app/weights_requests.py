"""What the weights view asks of the engine: the cells in view, and the row of the locked token; the latest wins."""

from __future__ import annotations

import numpy as np

from app import presenters
from app.engine_client import EngineClient
from app.run_state import RunState
from app.session import Pane
from engines.messages import WeightsReply, WeightsSlice
from widgets.pattern_view import PatternView

LONGEST_ROW = 65_536  # beyond it the strip stays untinted: a tint a token would cost more than it shows


class WeightsRequests:
    """Keeps the ids of what was asked last. ``row`` [position] is the locked token's weights, once they are there."""

    def __init__(self, client: EngineClient, view: PatternView) -> None:
        self.client, self.view = client, view
        self.picture_id = self.row_id = 0
        self.largest = 0.0
        self.every = 1  # of so many query rows one is drawn
        self.row: np.ndarray | None = None
        self.reply: WeightsReply | None = None  # the cells that are drawn
        self.drawn: tuple[int, float, bool] | None = None  # how: its id, the strongest weight of the scale, logarithmic

    def forget(self) -> None:
        """Another picture: its colours start anew."""
        self.picture_id = self.row_id = 0
        self.largest, self.every = 0.0, 1
        self.row = self.reply = self.drawn = None
        self.view.set_weights(None)

    def ask_for_cells(self, number: int, pane: Pane, run: RunState, *edges: np.ndarray) -> None:
        """The weights of the cells in view."""
        visible = edges or self.view.visible_edges()
        if pane.view != "weights" or not visible or run.traced is None:
            return
        rows, columns = (np.unique(np.asarray(each, dtype=np.int64)) for each in visible)
        if len(rows) > 1 and len(columns) > 1 and rows[-1] <= pane.length and columns[-1] <= pane.length:
            self.picture_id = self.client.ask(WeightsSlice(0, number, run.run_id, pane.head, rows, columns))

    def ask_for_row(self, number: int, pane: Pane, run: RunState) -> None:
        """The weights with which the locked token reads each token."""
        self.row = None
        if pane.view == "weights" and run.traced is not None and 0 <= pane.locked < pane.length <= LONGEST_ROW:
            rows, columns = np.array([pane.locked, pane.locked + 1]), np.arange(pane.length + 1)
            self.row_id = self.client.ask(WeightsSlice(0, number, run.run_id, pane.head, rows, columns, "row"))

    def take(self, reply: WeightsReply, pane: Pane) -> bool:
        """Draw the cells, or keep the row; whether they were asked for here. What is older is dropped."""
        if pane.view != "weights" or reply.id not in (self.row_id, self.picture_id):
            return False
        if reply.id == self.row_id:
            self.row = np.nan_to_num(reply.values[0])
        else:
            self.show(reply, pane)
        return True

    def show(self, reply: WeightsReply, pane: Pane) -> None:
        """Draw these cells."""
        self.every, self.reply = reply.every, reply
        self.largest = max(self.largest, float(np.nanmax(reply.values, initial=0.0)))
        self.draw(self.largest, pane.logarithmic)

    def draw(self, strongest: float, logarithmic: bool) -> None:
        """The cells, in colours up to the strongest weight: the panes' common one, where there are several."""
        if self.reply is not None and self.drawn != (how := (id(self.reply), strongest, logarithmic)):
            self.drawn = how
            self.view.set_weights(presenters.weights_data(self.reply, strongest, logarithmic))
