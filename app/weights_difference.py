"""A pane's attention weights minus the first pane's, in the cells in view; the latest question wins."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from app.difference import Beside
from app.engine_client import EngineClient
from app.scene import Scene
from app.theme import variant_colour
from engines.messages import WeightsReply, WeightsSlice
from engines.variants import variant_named
from widgets.pattern_view import PatternView
from widgets.view_data import WeightsData


class WeightsDifference:
    """Keeps the two newest answers, and draws once both are there. A pair that neither keeps has no value."""

    def __init__(self, client: EngineClient, view: PatternView) -> None:
        self.client, self.view = client, view
        self.ids: tuple[int, int] = (0, 0)
        self.replies: dict[int, WeightsReply] = {}
        self.colours = ("", "")
        self.drawn: WeightsData | None = None
        self.largest = 0.0  # of the differences that are there

    def forget(self) -> None:
        """Another picture: its colours start anew."""
        self.ids, self.replies, self.drawn, self.largest = (0, 0), {}, None, 0.0

    def ask(self, scene: Scene, *edges: np.ndarray) -> None:
        """The weights of both in the same cells; of all that is in view, where no edges are given."""
        visible, beside = edges or self.view.visible_edges(), scene.beside
        if beside is None or not beside.run_id or scene.run.traced is None or not visible:
            return
        rows, columns = (np.unique(np.asarray(each, dtype=np.int64)) for each in visible)
        fits = min(beside.pattern.queries, scene.pane.length)
        if len(rows) < 2 or len(columns) < 2 or rows[-1] > fits or columns[-1] > fits:
            return
        own = WeightsSlice(0, scene.number, scene.run.run_id, scene.pane.head, rows, columns, "difference")
        purpose = f"difference of {scene.number}"
        other = WeightsSlice(0, beside.number, beside.run_id, beside.head, rows, columns, purpose)
        self.ids, self.replies = (self.client.ask(own), self.client.ask(other)), {}
        self.colours = colours_of(scene, beside)

    def take(self, reply: WeightsReply) -> bool:
        """Keep an answer; whether it was asked for here."""
        if reply.id not in self.ids:
            return False
        self.replies[reply.id] = reply
        if len(self.replies) == 2:
            own, other = (self.replies[each] for each in self.ids)
            values = difference_of(own.values, other.values)
            self.largest = float(np.nanmax(np.abs(values), initial=0.0))
            edges = own.row_edges, own.column_edges
            self.drawn = WeightsData(values, *edges, self.largest, signed=self.colours)
            self.view.set_weights(self.drawn)
        return True

    def wear(self, colours: tuple[str, str]) -> None:
        """Another theme's colours."""
        self.colours = colours
        if self.drawn is not None and self.drawn.signed != colours:
            self.drawn = replace(self.drawn, signed=colours)
            self.view.set_weights(self.drawn)

    def draw(self, strongest: float) -> None:
        """The differences, in colours up to the strongest weight of all panes."""
        if self.drawn is not None and self.drawn.largest != strongest:
            self.drawn = replace(self.drawn, largest=strongest)
            self.view.set_weights(self.drawn)


def difference_of(own: np.ndarray, other: np.ndarray) -> np.ndarray:
    """own − other, [row, column]; a pair that one does not keep counts 0 there, one that neither keeps stays nan."""
    neither = np.isnan(own) & np.isnan(other)
    return np.where(neither, np.float32(np.nan), np.nan_to_num(own) - np.nan_to_num(other)).astype(np.float32)


def colours_of(scene: Scene, beside: Beside) -> tuple[str, str]:
    """Of what the first weighs more, and of what this pane does."""
    own = variant_colour(variant_named(scene.pane.variant).order, scene.theme)
    first = variant_colour(beside.order, scene.theme)
    if first == own:
        first = next(each for each in scene.theme.categories if each != own)
    return first, own
