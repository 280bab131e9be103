"""A study's answer as text and as JSON, for people without a screen and for scripts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass

import numpy as np

from app.study_presenter import number_data
from engines.study import Curve, HeatMap, Panel, Quantities, Reach, Scatter, Words
from engines.trace import Products


def as_json(panels: tuple[Panel, ...]) -> list[object]:
    """Every panel with all its numbers; arrays as lists, what is no number as null."""
    return [{"kind": type(panel.data).__name__, **plain_fields(panel)} for panel in panels]


def plain_fields(value: object) -> dict[str, object]:
    return {each.name: plain(getattr(value, each.name)) for each in fields(value)}  # type: ignore[arg-type]


def plain(value: object) -> object:
    """A value as JSON knows it."""
    if isinstance(value, Words):
        return str(value)
    if isinstance(value, np.ndarray):
        return plain(value.tolist())
    if isinstance(value, Mapping):
        return {str(key): plain(each) for key, each in value.items()}
    if isinstance(value, tuple | list):
        return [plain(each) for each in value]
    if is_dataclass(value):
        return plain_fields(value)
    if isinstance(value, float) and not np.isfinite(value):
        return None
    return value


def as_text(panel: Panel) -> str:
    """A panel in lines: its title, its numbers, what is said of it."""
    title = str(panel.title) + (" (reconstructed for display)" if panel.reconstructed else "")
    return "\n".join(
        [title, *(f"  {line}" for line in lines_of(panel)), *([f"  {panel.note}"] if str(panel.note) else [])]
    )


def lines_of(panel: Panel) -> list[str]:
    data = panel.data
    if isinstance(data, Quantities):
        numbers = [number_data(quantity) for quantity in data.numbers]
        return [f"{number.name}: {number.value} {number.unit}".rstrip() for number in numbers]
    if isinstance(data, Curve):
        return [line for curve in data.lines for line in curve_lines(data, curve.label, curve.x, curve.y)]
    if isinstance(data, Products):
        before = [" ".join(part for part in (each.by, each.sign, each.name) if part) for each in data.extents]
        sized = zip(before, data.extents, strict=True)
        return [f"{words}: {each.rows:,} × {each.columns:,} {each.role}" for words, each in sized]
    if isinstance(data, Scatter):
        return [f"{cloud.label}: {len(cloud.x):,} points, {data.x_label} and {data.y_label}" for cloud in data.clouds]
    if isinstance(data, Reach):
        reached = data.shares @ np.diff(data.edges)
        return [f"entering layer {layer + 1}: {count:,.0f} tokens" for layer, count in enumerate(reached[:-1])]
    assert isinstance(data, HeatMap)
    rows, columns = data.values.shape
    return [f"{rows:,} × {columns:,} cells from {np.nanmin(data.values):.3g} to {np.nanmax(data.values):.3g}"]


def curve_lines(data: Curve, label: str, x: np.ndarray, y: np.ndarray) -> list[str]:
    """At most twelve points of a line, from its first to its last."""
    some = np.unique(np.linspace(0, max(len(x) - 1, 0), min(len(x), 12)).astype(int))
    points = "  ".join(f"{x[i]:,.4g}: {y[i]:.4g}" for i in some)
    return [f"{label or data.y_label} ({data.x_label}: {data.y_label})", f"  {points}"]
