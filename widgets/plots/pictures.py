"""The picture of each kind of plot."""

from __future__ import annotations

from widgets.plots.curve_plot import CurvePicture
from widgets.plots.heat_map_plot import HeatMapPicture
from widgets.plots.numbers_plot import NumbersPicture
from widgets.plots.picture import Picture
from widgets.plots.plot_data import CurveData, HeatMapData, NumbersData, PlotPanel, ProductsData, ReachData, ScatterData
from widgets.plots.products_plot import ProductsPicture
from widgets.plots.reach_plot import ReachPicture
from widgets.plots.scatter_plot import ScatterPicture
from widgets.view_data import Theme


def picture_of(panel: PlotPanel, theme: Theme, beside: tuple[PlotPanel, ...] = ()) -> Picture:
    """The picture that draws the plot of ``panel``, whose scales may be those of the panels ``beside`` it too."""
    match panel.plot:
        case CurveData() as curve:
            return CurvePicture(curve, theme)
        case ScatterData() as scatter:
            others = (other.plot for other in beside if other is not panel)
            return ScatterPicture(scatter, theme, tuple(plot for plot in others if isinstance(plot, ScatterData)))
        case HeatMapData() as heat_map:
            return HeatMapPicture(heat_map, theme)
        case ReachData() as reach:
            return ReachPicture(reach, theme)
        case ProductsData() as products:
            return ProductsPicture(products, theme)
        case NumbersData() as numbers:
            return NumbersPicture(numbers, theme, panel.reconstructed)
