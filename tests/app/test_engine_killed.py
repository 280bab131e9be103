"""The engine killed in the middle of a run, twenty times in a row, and what is left when the window closes."""

from __future__ import annotations

import time

import psutil
from PySide6.QtWidgets import QApplication, QDialog

from app.session import Text

WAIT = 60_000


def test_killed_twenty_times_in_a_row_it_is_back_each_time(qtbot, opened, capsys):
    window, commands = opened()
    controller = commands.controller
    controller.set(text=Text("typed", "kept, whatever happens 静夜思"), variant="reformer", length=2048, locked=7)
    controller.client.start()
    qtbot.waitUntil(lambda: controller.run.traced is not None, timeout=WAIT)
    pane, words, seconds = controller.pane, window.text_panel.text(), []
    for number in range(20):
        engine, before = controller.client.engine, controller.run
        assert not before.finished
        begun = time.monotonic()
        engine.process.kill()
        qtbot.waitUntil(lambda e=engine: controller.client.engine is not e, timeout=WAIT)
        assert "The engine stopped and was started again" in window.message_bar.sentence
        assert controller.centre.picture is not None
        assert window.isVisible()
        qtbot.waitUntil(lambda b=before: controller.run.traced is not b.traced, timeout=WAIT)
        seconds.append(time.monotonic() - begun)
        assert controller.run.run_id == before.run_id, f"another run after {number + 1} kills"
        assert controller.run.traced.pairs_kept == before.traced.pairs_kept
        assert window.message_bar.sentence == ""
        assert not psutil.pid_exists(engine.process.pid)
    with capsys.disabled():
        print(f" [back in {min(seconds):.1f} to {max(seconds):.1f} s]", end="")
    assert controller.pane == pane
    assert window.text_panel.text() == words
    assert not [each for each in QApplication.topLevelWidgets() if isinstance(each, QDialog) and each.isVisible()]
    qtbot.waitUntil(lambda: "variant" in controller.run.measurements, timeout=WAIT)
    pid = controller.client.engine.process.pid
    window.close()
    assert not psutil.pid_exists(pid)
