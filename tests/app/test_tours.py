"""The tours that ship: made by their script, without numbers of their own, played by real keys with a real engine."""

import re
from importlib import resources

import pytest
from PySide6.QtCore import Qt

from app.documents import all_panes
from app.scenes import FIELD, NAMES
from app.session_file import from_json
from app.stored_file import SUFFIX
from app.stored_runs import LARGEST_BYTES
from engines.messages import Budget
from scripts.make_tours import TOURS, written

WAIT = 120_000


def stored(name):
    return resources.files("resources").joinpath("tours", f"{name}.attnscope").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", TOURS)
def test_a_tour_is_what_its_script_writes(name):
    assert stored(name) == written(TOURS[name]())


@pytest.mark.parametrize("name", TOURS)
def test_numbers_in_captions_come_from_the_runs(name):
    for scene in from_json(stored(name)).scenes:
        fields = FIELD.findall(scene.caption)
        assert all(field in NAMES for field, _ in fields)
        assert all(int(pane or 1) <= len(scene.state.panes) for _, pane in fields)
        assert not re.search(r"\d", FIELD.sub("", scene.caption))
        assert scene.notes


@pytest.mark.parametrize("name", TOURS)
def test_a_tour_is_on_texts_that_ship(name):
    assert {pane.text.kind for pane in all_panes(from_json(stored(name)))} == {"sample"}


def test_what_ships_of_their_runs_is_small():
    folder = resources.files("resources").joinpath("tours")
    sizes = [len(each.read_bytes()) for each in folder.iterdir() if each.name.endswith(SUFFIX)]
    assert len(sizes) == len(TOURS)
    assert sum(sizes) <= LARGEST_BYTES == 20_000_000


def test_a_whole_tour_is_played_by_keys(qtbot, opened):
    window, commands = opened()
    controller, presenting = commands.controller, commands.presenting
    presenting.transition.animated = window.pane_area.animated = False
    controller.set_budget(Budget(seconds=60))  # so that no other work on this machine makes a scene too slow to run
    controller.client.start()
    qtbot.waitUntil(lambda: controller.machine is not None, timeout=WAIT)

    def there():
        return all(made.run.finished and not made.timer.isActive() for made in controller.panes)

    def told():
        captions = []
        for place in range(len(controller.session.scenes)):
            if place:
                qtbot.keyClick(presenting.stage, Qt.Key.Key_PageDown)
            assert presenting.place == place
            qtbot.waitUntil(there, timeout=WAIT)
            captions.append(presenting.stage.caption)
        return captions

    commands.tour_hashing()
    qtbot.keyClick(window.pane_view.pattern_view, Qt.Key.Key_F5)
    qtbot.waitUntil(presenting.stage.isActiveWindow)
    captions = told()
    assert [caption for caption in captions if "…" in caption or "{" in caption] == []
    assert captions[4] == "One round keeps {} of the pairs.".format(re.search(r"[\d.]+ %", captions[4])[0])
    presenting.go_to(0)
    again = [re.sub(r"[\d.,]+ (ms|s|µs)", "", caption) for caption in told()]
    assert again == [re.sub(r"[\d.,]+ (ms|s|µs)", "", caption) for caption in captions]
    qtbot.keyClick(presenting.stage, Qt.Key.Key_Escape)
    assert presenting.stage is None

    # the engine dies: what was stored is shown at once, and says so
    presenting.go_to(4)
    qtbot.waitUntil(there, timeout=WAIT)
    kept = controller.run.traced.pairs_kept
    controller.client.engine.process.kill()
    qtbot.waitUntil(lambda: not controller.client.is_live, timeout=WAIT)
    presenting.go_to(7)
    presenting.go_to(4)
    qtbot.waitUntil(lambda: not controller.active.timer.isActive(), timeout=WAIT)
    if not controller.client.is_live:
        assert controller.run.traced.pairs_kept == kept
        assert controller.machine.processor in controller.active.recorded
        assert "recorded on" in controller.active.view.header.heading.details
    qtbot.waitUntil(lambda: controller.client.is_live and there(), timeout=WAIT)
    qtbot.waitUntil(lambda: controller.active.recorded == "", timeout=WAIT)
    assert controller.run.traced.pairs_kept == kept

    # everything is played once before the talk
    with qtbot.waitSignal(commands.preflight.done, timeout=WAIT) as done:
        commands.check_scenes()
    assert [finding.problem for finding in done.args[0]] == [""] * len(captions)
    assert "Ready for the stage" in window.message_bar.sentence
    assert presenting.place == 4
    assert all(presenting.pictures.of(scene) is not None for scene in controller.session.scenes)
