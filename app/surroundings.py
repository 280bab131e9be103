"""What stands around the pictures: panels, menus, tabs, strip and head lines, filled from the active pane."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import TYPE_CHECKING

from app import panels
from app.pane_heading import pane_heading
from app.session import Pane
from app.theme import variant_colour
from engines.variants import variant_named

if TYPE_CHECKING:
    from app.controller import Controller
    from app.pane_run import PaneRun

PANE_FIELDS = frozenset(each.name for each in fields(Pane))


class Surroundings:
    """Shows what the controller knows; changes nothing of it but the accent of its theme."""

    def __init__(self, controller: Controller) -> None:
        self.controller, self.window = controller, controller.window
        self.unopened = False  # whether it is said that the active pane's run has weights that were not opened

    def wear_accent(self) -> None:
        """The window in its theme, with the active pane's colour as accent."""
        theme = self.controller.theme
        colour = variant_colour(variant_named(self.controller.pane.variant).order, theme)
        self.controller.theme = replace(theme, accent=colour)
        self.window.set_theme(self.controller.theme)

    def show(self, fields: frozenset[str]) -> None:
        """What stands around the pictures, as far as it depends on these fields of the active pane."""
        window, pane = self.window, self.controller.pane
        if "variant" in fields:
            self.wear_accent()
            self.controller.playing.show_timeline()
        if fields & {"variant", "settings", "seed"}:
            panels.show_form(window, pane)
        if fields & {"variant", "settings", "causal", "layer", "length", "weights"}:
            self.show_about()
        if fields & {"variant", "settings", "device", "dtype", "causal", "layer", "head", "weights"}:
            panels.show_bar(window, pane, self.controller.theme)
            self.show_menus()
        if "length" in fields:
            window.length_slider.set_length(pane.length)
            window.cost_chart.set_length(pane.length)
        if "text" in fields:
            panels.show_text(window, pane)
        if fields >= PANE_FIELDS:  # another pane, or another theme
            self.show_numbers_of(self.controller.active, stale=False)
            panels.show_costs(window, self.controller.points, self.controller.run, pane, self.controller.theme)
        self.show_tabs()
        self.show_strip()
        self.show_headings()

    def show_about(self) -> None:
        active = self.controller.active
        self.unopened = active.of_unopened_weights
        panels.show_about(self.window, active.pane, self.controller.theme, self.unopened)

    def show_tabs(self) -> None:
        """The views of the active pane."""
        window, centre = self.window, self.controller.centre
        names = [view.name for view in centre.views]
        chosen = names.index(self.controller.pane.view if self.controller.pane.view in names else centre.view)
        window.view_tabs.show_views(tuple((view.label, view.help) for view in centre.views), chosen)
        window.logarithmic.setVisible(centre.view == "weights")
        window.logarithmic.setChecked(self.controller.pane.logarithmic)

    def show_strip(self) -> None:
        active = self.controller.active
        errors = active.compared.errors if active.compared else None
        self.window.token_strip.set_data(active.centre.strip_data(active.scene(), errors))

    def show_headings(self) -> None:
        """What the panes are, and their numbers: seen where there are several, and on the stage."""
        for index, made in enumerate(self.controller.panes):
            made.compare_outputs()
            error = made.compared.relative_error if made.compared else None
            told, first = (made.recorded, error), self.controller.panes[0].run
            heading = pane_heading(
                made.pane, made.run, self.controller.session.panes, first, index, self.controller.theme, *told
            )
            made.view.header.set_heading(heading, index == self.controller.session.active)
        self.controller.numbers_changed.emit()

    def show_numbers_of(self, made: PaneRun, stale: bool) -> None:
        """The live numbers of the active pane."""
        if self.controller.panes and made is self.controller.active:
            if made.of_unopened_weights != self.unopened:
                self.show_about()
            closeness = made.known_closeness(), made.closeness.whole
            panels.show_numbers(self.window, made.run, *closeness, stale, made.recorded)

    def show_menus(self) -> None:
        """What can be chosen is known once the engine is live."""
        controller = self.controller
        model, machine = controller.active.model, controller.machine
        if model and machine:
            panels.show_menus(self.window, controller.pane, model, machine)
