"""What a window with its engine exports, and what its choices and views show."""

from __future__ import annotations

import json

import numpy as np
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from app.export_dialog import ExportDialog

Key = Qt.Key


def test_the_saved_picture_is_what_is_seen_and_carries_its_card(person, tmp_path):
    person.until_finished()
    person.commands.save_picture_to(tmp_path / "one.png")
    person.commands.save_picture_to(tmp_path / "two.png")
    image = QImage(str(tmp_path / "one.png"))
    assert (image.width(), image.height()) == (1600, 1000)
    assert '"variant": "full"' in image.text("Attnscope")
    assert "measured" in image.text("Attnscope") or "torch" in image.text("Attnscope")
    assert (tmp_path / "one.png").read_bytes() == (tmp_path / "two.png").read_bytes()


def exported(person, path, choose):
    """What the dialog writes, once ``choose`` has set its controls; the engine answers meanwhile."""
    person.window.activateWindow()
    person.bot.waitUntil(person.window.isActiveWindow)
    person.bot.keyClick(person.window, Key.Key_E, Qt.KeyboardModifier.ControlModifier)
    shown = (each for each in QApplication.topLevelWidgets() if each.isVisible())
    dialog = next(each for each in shown if isinstance(each, ExportDialog))
    dialog.activateWindow()
    dialog.name.setText(str(path))
    person.bot.keyClick(dialog.name, Key.Key_Tab)
    choose(dialog)
    dialog.draw_preview()
    person.bot.keyClick(dialog, Key.Key_Return)
    assert not dialog.isVisible(), dialog.said.text()
    return path


def test_the_engine_runs_the_lengths_of_a_film_and_gives_what_the_steps_recorded(person, tmp_path):
    person.controller.set_variant("reformer")
    person.until_finished()
    run_id = person.controller.run.run_id

    def film(dialog):
        form = dialog.option_widgets["film"]
        form.over.setCurrentIndex(1)
        form.lengths.last.setValue(16)
        for box, value in ((form.width_box, 160), (form.height_box, 120), (form.fps, 5)):
            box.setValue(value)
        dialog.draw_preview()
        form.seconds.setValue(1)

    with Image.open(exported(person, tmp_path / "growing.apng", film)) as image:
        assert json.loads(image.text["Attnscope"])["run at"] == [8, 10, 11, 13, 16]

    def steps(dialog):
        form = dialog.option_widgets["data"]
        form.view.setCurrentIndex(form.view.findData("steps"))
        form.queries.last.setValue(9)

    with np.load(exported(person, tmp_path / "steps.npz", steps)) as stored:
        assert stored["hash.labels"].shape[-1] == 10
    assert person.controller.run.run_id == run_id, "the window’s own run is left as it is"
    assert person.controller.client.runs.keys() == {person.controller.active.number}


def test_choosing_a_mask_that_cannot_be_shows_why(person):
    person.controller.set_variant("linformer")
    person.until_finished()
    assert not person.controller.pane.causal
    person.controller.set_menu("mask", "causal")
    assert not person.controller.pane.causal
    assert person.controller.centre.view == "looking-ahead"
    assert "cannot run causal" in person.window.message_bar.sentence
    person.until(lambda: person.controller.centre.study.whole)
    assert person.window.pane_view.study_view.panels


def test_weights_are_chosen_in_the_menu_and_named_on_the_card(person):
    """Those of full attention for a variant that has its own: the picture, the sentence and the card follow."""
    controller, about = person.controller, person.window.about
    controller.set_variant("longformer")
    person.until_finished()
    weights = lambda: dict(controller.run.measurements["variant"].card)["weights"]  # noqa: E731
    assert weights() == "longformer"
    assert "trained with this attention" in about.text()
    menu = next(each for each in person.window.variant_bar.menus if "weights" in each.text())
    assert "own weights" in menu.text()
    next(action for action in menu.menu().actions() if action.text() == "weights of Full").trigger()
    person.until_finished()
    assert weights() == "full"
    assert "with Full attention; Longformer replaces it" in about.text()
    assert "weights of Full" in menu.text()


def test_losses_tint_the_text_while_they_are_looked_at(person):
    person.until_finished()
    controller, chips = person.controller, person.window.token_strip.chips
    controller.set(view="loss-by-position")
    person.until(lambda: controller.centre.study.whole)
    assert "tint = nats" in chips.data().caption
    assert len(chips.data().strengths) == controller.pane.length
    assert chips.data().strengths[0] == 0  # nobody foretells the first
    controller.set(view="pattern")
    assert "tint" not in chips.data().caption


def test_a_study_is_asked_for_when_looked_at_and_follows_the_locked_token(person):
    person.until_finished()
    controller = person.controller
    controller.set(view="receptive-field")
    person.until(lambda: controller.centre.study.whole)
    first = controller.centre.study.id
    controller.set(logarithmic=True)
    assert controller.centre.study.id == first
    controller.lock(10)
    assert controller.centre.study.id != first
    person.until(lambda: controller.centre.study.whole)
    assert "token 10" in str(controller.centre.study.panels[0].title)
    controller.set(view="key-mass")
    person.until(lambda: controller.centre.study.whole)
    before = controller.centre.study.id
    controller.lock(12)
    assert controller.centre.study.id == before


def test_the_views_of_each_variant_draw(person):
    for name, view in (
        ("sparse-transformer", "fold"),
        ("transformer-xl", "segments"),
        ("linear-transformer", "state"),
        ("performer", "state"),
        ("linformer", "products"),
    ):
        person.controller.set_variant(name)
        person.controller.set_view(view)
        person.until_finished()
        assert person.controller.centre.view == view
        widget = person.window.pane_view.views.currentWidget()
        assert widget is person.window.pane_view.widget_of(view)
        assert widget.grab().toImage() != person.blank(widget)
