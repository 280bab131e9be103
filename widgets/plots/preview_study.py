"""Made-up answers of studies, for previews. Not used by the application."""

from __future__ import annotations

import numpy as np

from widgets.plots.plot_data import (
    CurveData,
    ExtentData,
    HeatMapData,
    NumberData,
    NumbersData,
    PlotCloud,
    PlotLine,
    PlotMark,
    PlotPanel,
    ProductsData,
    ReachData,
    ScatterData,
    StudyData,
)
from widgets.view_data import Card, Theme


def preview_study(theme: Theme, n: int = 4_096) -> StudyData:
    """One panel of each kind at a length of ``n``."""
    panels = (
        reach_panel(theme, n),
        products_panel(theme, n),
        mass_panel(theme, n),
        error_panel(theme),
        cloud_panel(theme),
        matrix_panel(n),
        change_panel(theme, n),
        numbers_panel(),
    )
    return StudyData(panels, "What the variant does with this text, in every kind of picture.", working=True)


def mass_panel(theme: Theme, n: int) -> PlotPanel:
    """Cumulative mass against rank, a line per head."""
    ranks = np.unique(np.round(np.geomspace(1, n, 60)))
    lines = tuple(
        PlotLine(f"head {head}", ranks, 1 - (1 + ranks / (2 + 3 * head)) ** -0.9, theme.categories[head])
        for head in range(8)
    )
    marks = (PlotMark("32 keys", 32), PlotMark("64 keys", 64))
    curve = CurveData("keys, largest first", "softmax mass", lines, marks, logarithmic_x=True)
    return PlotPanel("How few keys hold the mass", curve, "Mean over 256 sampled queries of this text, layer 3.")


def error_panel(theme: Theme) -> PlotPanel:
    """Errors with bands against the number of features, log–log."""
    m = 2.0 ** np.arange(3, 11)
    lines = []
    for index, (label, size) in enumerate((("orthogonal", 0.8), ("independent", 1.0), ("trigonometric", 2.6))):
        y = size / np.sqrt(m)
        lines.append(PlotLine(label, m, y, theme.categories[index], y * 0.7, y * 1.35))
    lines.append(PlotLine("published", m, 1.1 / np.sqrt(m), theme.muted, look="dashed"))
    curve = CurveData(
        "features m",
        "relative output error",
        tuple(lines),
        (PlotMark("m = 256", 256),),
        logarithmic_x=True,
        logarithmic_y=True,
    )
    return PlotPanel("Output error against m", curve, "Bands: 10th to 90th percentile of 32 draws.")


def cloud_panel(theme: Theme) -> PlotPanel:
    """Exact against estimated, log–log, with the diagonal."""
    generator = np.random.default_rng(0)
    exact = np.exp(generator.normal(-1, 2, 1_000))
    clouds = tuple(
        PlotCloud(label, exact, exact * np.exp(generator.normal(0, width, 1_000)), theme.categories[index])
        for index, (label, width) in enumerate((("m = 16", 0.8), ("m = 256", 0.15)))
    )
    scatter = ScatterData("exact kernel", "estimate", clouds, diagonal=True, logarithmic=True)
    return PlotPanel("Exact against estimated kernel", scatter)


def matrix_panel(n: int) -> PlotPanel:
    """An implied matrix, causal: nan above the diagonal."""
    generator = np.random.default_rng(1)
    size = min(n, 128)
    values = generator.gamma(0.4, 1.0, (size, size)) * np.tri(size)
    values[np.triu_indices(size, 1)] = np.nan
    edges = np.linspace(0, n, size + 1).astype(np.int64)
    heat_map = HeatMapData(values, "query", "key", edges, edges)
    return PlotPanel("Implied weights", heat_map, "No n × n matrix exists in the run.", reconstructed=True)


def change_panel(theme: Theme, n: int) -> PlotPanel:
    """How outputs move when one token changes: bars on both sides of it, in two colours."""
    generator = np.random.default_rng(2)
    positions = np.arange(min(n, 48))
    moved = generator.gamma(3, 0.1, len(positions))
    at = len(positions) // 2
    lines = (
        PlotLine("from the future", positions[:at], moved[:at], theme.categories[5], look="bars"),
        PlotLine("from the past", positions[at:], moved[at:], theme.categories[2], look="bars"),
    )
    curve = CurveData("position", "|Δ output|", lines, (PlotMark(f"token {at}", at),))
    return PlotPanel("Change one token: earlier outputs move", curve)


def reach_panel(theme: Theme, n: int) -> PlotPanel:
    """Four layers of segments with cached states."""
    segment, layers, target = max(1, n // 5), 4, n - 1 - n // 10
    bins = min(n, 512)
    edges = np.unique(np.linspace(0, n, bins + 1).astype(np.int64))
    starts = edges[:-1]
    shares = np.zeros((layers + 1, len(starts)))
    cached = target // segment * segment
    for layer in range(layers):
        shares[layer] = (starts >= cached - segment * (layers - 1 - layer)) & (starts <= target)
    shares[layers, np.searchsorted(edges, target, "right") - 1] = 1
    reach = ReachData(shares, edges, target, theme.categories[0], segment, cached)
    note = "The current segment reads its own states and the cached ones of the segment before, one layer below."
    return PlotPanel("Segments × layers", reach, note)


def products_panel(theme: Theme, n: int, width: int = 64, k: int = 256) -> PlotPanel:
    """What Q, K, V and two projections along the sequence become."""
    extents = (
        ExtentData("Q", n, width, "input"),
        ExtentData("K", n, width, "input"),
        ExtentData("E·K", k, width, "computed"),
        ExtentData("QKᵀ", n, n, "never made"),
        ExtentData("P̄", n, k, "computed"),
        ExtentData("F·V", k, width, "computed"),
        ExtentData("out", n, width, "output"),
    )
    return PlotPanel("What is really multiplied", ProductsData(extents, theme.categories[2]))


def numbers_panel() -> PlotPanel:
    card = Card((("queries", "256 of 65,536"), ("seed", "7"), ("dtype", "float32")))
    numbers = (
        NumberData("output error, median", "3.1", "%", card),
        NumberData("softmax mass found", "94.1", "%", card),
        NumberData("pairs computed", "2.4", "%", card),
        NumberData("largest difference", "3.0·10⁻⁷", "", card),
    )
    return PlotPanel("How close to exact", NumbersData(numbers), "On the run’s own q, k and v.")
