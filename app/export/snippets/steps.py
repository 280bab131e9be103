"""The part of a snippet that draws arrays that no view has: those of steps, or one of a view's alone."""

from __future__ import annotations

from app.export.snippets.figure import ramp_of
from widgets.colour_ramp import mixed
from widgets.plots.heat_map_plot import diverging, sequential
from widgets.view_data import Theme

STEPS = '''\
def prepare(arrays, card):
    """[(name, values of at most two axes, names of the axes)]; of more axes the last of each"""
    shown = []
    for name, values in arrays.items():
        axes = [axis for axis, _ in card["axes"][name]]
        while values.ndim > 2:
            values, axes = values[-1], axes[1:]
        shown.append((name, values, axes))
    return shown


def colours_of(picture):
    """The ramp from 0 to most, or the signed one even about 0 where some values are negative."""
    from matplotlib.colors import LinearSegmentedColormap

    most = np.nanmax(np.where(np.isfinite(picture), np.abs(picture), np.nan), initial=0) or 1
    negative = np.nanmin(picture, initial=0) < 0
    ramp = LinearSegmentedColormap.from_list("", SIGNED if negative else RAMP)
    return {"cmap": ramp.with_extremes(bad=MASKED), "vmin": -most if negative else 0, "vmax": most}


def draw(arrays, card):
    shown = prepare(arrays, card)
    figure = begun()
    figure.set_size_inches(SIZE[0], (0.4 + len(shown)) * SIZE[1])
    for axes, (name, values, names) in zip(figure.subplots(len(shown), 1, squeeze=False)[:, 0], shown):
        axes.set_title(name, loc="left", fontsize=POINTS, color=TEXT)
        axes.set_xlabel(names[-1] if names else "", color=MUTED)
        if values.ndim == 2:
            cells = axes.imshow(values, aspect="auto", interpolation="nearest", **colours_of(values))
            figure.colorbar(cells, ax=axes).outline.set_edgecolor(LINE)
            axes.set_ylabel(names[0], color=MUTED)
        else:
            axes.plot(values.reshape(-1), "o-" if values.size <= 24 else "-", color=COLOUR, markersize=3.5)
    return figure
'''


def steps_constants(theme: Theme) -> dict[str, object]:
    return {
        "CAPTION": "",
        "COLOUR": theme.accent,
        "MASKED": mixed(theme.background, theme.masked, 0.5),
        "RAMP": ramp_of(sequential(theme)),
        "SIGNED": ramp_of(diverging(theme)),
    }
