"""The present view of the window as a picture: the same view data, painted without pointer and focus."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from app.export.image import Figure, render, save_png
from engines.variants import variant_named

if TYPE_CHECKING:
    from app.controller import Controller


def figure_of_view(controller: Controller) -> Figure:
    """What the window shows now, with a title and the run's settings as metadata."""
    pane = controller.pane
    variant = variant_named(pane.variant)
    view = controller.centre.widget()
    title = f"{variant.label} · {pane.length:,} tokens · layer {pane.layer + 1}, head {pane.head + 1}"
    metadata = {
        "variant": pane.variant,
        "parameters": dict(pane.parameters()),
        "tokens": pane.length,
        "causal": pane.causal,
        "layer": pane.layer + 1,
        "head": pane.head + 1,
        "seed": pane.seed,
        "device": pane.device,
        "dtype": pane.dtype,
        "measurements": {name: dict(each.card) for name, each in controller.run.measurements.items()},
    }
    return Figure(view, title, "", controller.theme, metadata)


def save_picture(controller: Controller, path: Path) -> Path:
    """Save the present view as PNG; the path that was written."""
    return save_png(render(figure_of_view(controller)), path)
