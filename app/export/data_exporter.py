"""Data in the export dialog: the picture they are behind as preview, and how many values there are."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QWidget

from app.export.caption import title_of
from app.export.data import MOST_VALUES, Data, check_total, checked_rectangle
from app.export.data_files import save_data
from app.export.data_of_window import (
    STEPS,
    StepsKnown,
    data_of_window,
    steps_from_engine,
    views_with_data,
    weights_apart_from_engine,
    weights_from_engine,
)
from app.export.exporters import Order, Preview, Room, still_preview
from app.export.formats import DATA, Format, Kind
from app.export.look import Look
from app.export.progress import Progress, Writing
from app.export.scene_view import figure_theme
from app.export.snippets.snippet import save_snippet, snippet_of
from app.export_data_form import DataForm
from engines.problems import Problem
from engines.step_arrays import NamedArray
from widgets.view_data import Theme

if TYPE_CHECKING:
    from app.controller import Controller

ONE_TABLE = ("csv", "parquet")
WEIGHTS = {"weights": weights_from_engine, "weights-difference": weights_apart_from_engine}
"""The views whose data are asked of the engine, pair by pair."""


def tr(text: str) -> str:
    return QCoreApplication.translate("data", text)


@dataclass(frozen=True)
class DataExporter:
    """The numbers behind the picture."""

    kind: Kind = "data"
    formats: tuple[Format, ...] = DATA

    def options(self, controller: Controller) -> QWidget | None:
        form = DataForm(views_with_data(controller), controller.centre.view, controller.pane.length)
        form.steps = StepsKnown(controller, form)
        form.steps.arrived.connect(form.changed)
        return form

    def preview(self, order: Order, room: Room, moment: int) -> Preview:
        form = form_of(order)
        form.show_words("")
        arrays = arrays_of(order)
        form.show_words("\n".join(map(words_of, arrays)))
        words = tr("{count} values").format(count=f"{sum(each.values.size for each in arrays):,}")
        return replace(still_preview(order, room), words=words)

    def write(self, order: Order, path: Path) -> Writing:
        controller, choice = order.controller, form_of(order).choice()
        theme = figure_theme(order.look.theme, controller.pane.variant)
        if choice.view in WEIGHTS:
            weights = yield from WEIGHTS[choice.view](controller, choice.options)
            data = data_of_window(controller, choice.view, choice.options, weights, theme)
        elif choice.view == STEPS:
            data = yield from steps_from_engine(controller, choice.options)
        else:
            data = data_of_window(controller, choice.view, choice.options, theme=theme)
        yield Progress(0.6)
        if choice.snippet:
            snippet_of(data, path, *drawn_as(order, data))  # whatever goes wrong, before anything is written
        save_data(data, path)
        yield Progress(0.9)
        if choice.snippet:
            save_snippet(data, path, *drawn_as(order, data))
        yield Progress(1.0)
        return path


def form_of(order: Order) -> DataForm:
    assert isinstance(order.options, DataForm)
    return order.options


def arrays_of(order: Order) -> tuple[NamedArray, ...]:
    """What would be written; of weights, which the engine has, only their shape. The form lists the arrays."""
    form, controller = form_of(order), order.controller
    choice, one = form.choice(), order.format.name in ONE_TABLE
    if choice.view in WEIGHTS:
        if controller.run.traced is None:
            raise Problem("data_needs_a_run")
        rows, columns = checked_rectangle(choice.options, controller.pane.length, controller.pane.length)
        name = "weight" if choice.view == "weights" else "difference"
        form.show_arrays([name], one)
        shape = np.broadcast_to(np.float32(0), (len(rows), len(columns)))
        return (NamedArray(name, shape, ("query", "key"), (rows.start, columns.start)),)
    if choice.view == STEPS:
        assert form.steps is not None
        found = form.steps.of(choice.options)
    else:
        found = data_of_window(controller, choice.view, replace(choice.options, array="")).arrays
    form.show_arrays([each.name for each in found], one)
    array = form.choice().options.array
    chosen = tuple(each for each in found if array in ("", each.name))
    check_total(Data(choice.view, chosen, {}), MOST_VALUES)
    return chosen


def words_of(array: NamedArray) -> str:
    """ "weight: 64 × 64 values, float32"."""
    shape = " × ".join(f"{size:,}" for size in array.values.shape)
    return tr("{name}: {shape} values, {dtype}").format(name=array.name, shape=shape, dtype=array.values.dtype.name)


def drawn_as(order: Order, data: Data) -> tuple[str, Theme, Look]:
    """Title, theme and page of the snippet's figure."""
    theme = figure_theme(order.look.theme, order.controller.pane.variant)
    return title_of(order.controller.pane), theme, order.look
