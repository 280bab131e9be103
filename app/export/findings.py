"""What was found of a run besides its scene, for the views that are drawn into files."""

from __future__ import annotations

from dataclasses import dataclass

from engines.patterns import Pattern
from engines.study import Panel
from widgets.view_data import WeightsData
from widgets.viewport import Viewport


@dataclass(frozen=True)
class Findings:
    """What a view draws besides the scene: the pairs kept, weights, a study's panels; and the part that is in view.

    ``every``: of so many query rows the weights of one are drawn. ``viewport`` None: the whole pattern.
    ``captioned``: the figure has its caption below, and the view need not say the same.
    """

    pattern: Pattern | None = None
    weights: WeightsData | None = None
    every: int = 1
    panels: tuple[Panel, ...] = ()
    viewport: Viewport | None = None
    captioned: bool = False
