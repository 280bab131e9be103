"""What the command palette offers: every action, and what else can be chosen: variants, views, texts, scenes."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from app.actions import ACTIONS
from app.language import NAMES
from app.session import Pane
from app.theme_choice import theme_names
from engines.samples import images, samples
from engines.variants import variant_named, variants
from widgets.command_palette import Command
from widgets.given_words import said
from widgets.pane_area import MOST_PANES

if TYPE_CHECKING:
    from app.user_commands import UserCommands


OWN_ACTIONS = frozenset(action.slot for action in ACTIONS)


def tr(text: str) -> str:
    return QCoreApplication.translate("palette", text)


def commands_of(user: UserCommands) -> list[Command]:
    """All of them, as they are now."""
    return [*actions(user), *choices(user)]


def actions(user: UserCommands) -> Iterator[Command]:
    for action in ACTIONS:
        if action.slot == "open_palette":
            continue
        label = QCoreApplication.translate("actions", action.label)
        menu = QCoreApplication.translate("actions", action.menu)
        help_ = QCoreApplication.translate("actions", action.help)
        also, run = f"{action.label} {action.help} {help_}", partial(user.command, action.slot)
        yield Command(label, menu, action.shortcut, run, also, why_not(action.slot, user), action.slot, help_)


def why_not(slot: str, user: UserCommands) -> str:
    """Why an action means nothing now; "" where it does."""
    controller = user.controller
    session, place = controller.session, user.presenting.place
    nothing = {
        "undo": (not controller.history.past, tr("Nothing was changed yet.")),
        "redo": (not controller.history.future, tr("Nothing was taken back.")),
        "add_pane": (len(session.panes) >= MOST_PANES, tr("There are four panes already.")),
        "duplicate_pane": (len(session.panes) >= MOST_PANES, tr("There are four panes already.")),
        "close_pane": (len(session.panes) == 1, tr("There is one pane only.")),
        "next_pane": (len(session.panes) == 1, tr("There is one pane only.")),
        "next_scene": (place + 1 >= len(session.scenes), tr("There is no next scene.")),
        "previous_scene": (place <= 0, tr("There is no scene before.")),
        "check_scenes": (
            not session.scenes,
            tr("There are no scenes yet. Record one with F7, or open a tour."),
        ),
        "black_out": (user.presenting.stage is None, tr("Only on the stage.")),
        "swap_screens": (
            user.presenting.chosen_screens()[1] is None,
            tr("There is one screen only, or all show the same."),
        ),
        "unlock": (controller.pane.locked < 0, tr("No token is locked.")),
        "stop_run": (controller.active.idle, tr("Nothing is being computed.")),
    }
    unavailable, reason = nothing.get(slot, (False, ""))
    if slot == "use_trained_parameters":
        return why_not_its_training(controller.pane)
    return reason if unavailable else ""


def why_not_its_training(pane: Pane) -> str:
    """Why the parameters that the weights were trained with cannot be set."""
    variant, weights = variant_named(pane.variant), pane.weight_set()
    if not weights.serves(variant, pane.parameters()):
        return tr("The weights in use were trained with another variant.")
    set_already = not weights.other_values(variant, pane.parameters())
    return tr("These are the parameters of its training.") if set_already else ""


def choices(user: UserCommands) -> Iterator[Command]:
    """What has no action of its own."""
    controller = user.controller
    for variant in variants().values():
        run = partial(controller.set_variant, variant.name)
        about = f"{variant.paper.authors} {variant.paper.year} · {variant.complexity}"
        name, also = f"variant {variant.name}", variant.label
        yield Command(said(variant.label), tr("Variant"), "", run, also, name=name, help=about)
    for view in controller.centre.views:
        if f"show_{view.name}" in OWN_ACTIONS:
            continue
        run, also = partial(controller.set_view, view.name), f"{view.name} {view.help}"
        yield Command(view.label, tr("View"), "", run, also, name=f"view {view.name}", help=view.help)
    for sample in (*samples(), *images()):
        run = partial(controller.set_sample, sample.id)
        yield Command(said(sample.title), tr("Text"), "", run, sample.title, name=f"text {sample.id}")
    for name, (label, english) in theme_names().items():
        run = partial(controller.set_theme, name)
        yield Command(label, tr("Theme"), "", run, english, name=f"theme {name}")
    for language, name in NAMES.items():
        run = partial(user.speak, language)
        yield Command(name, tr("Language"), "", run, language, name=f"language {language}")
    for number, scene in enumerate(controller.session.scenes):
        label = tr("Scene {number}: {name}").format(number=number + 1, name=said(scene.name))
        run = partial(user.presenting.go_to, number)
        yield Command(label, tr("Scene"), "", run, scene.caption, name=f"scene {scene.name}")
    for path in user.documents.recent:
        yield Command(Path(path).name, tr("Open recent"), "", partial(user.open_path, path), path, name=f"open {path}")
