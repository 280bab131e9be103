"""What a fresh process of the window does; each thing that happens is a line of JSON on standard output.

    python -m benchmarks.window_process [--quick]

The real window with its engine: the first picture, the event loop while the engine computes, and the moving buckets.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QEvent, QEventLoop, QObject, Qt, QTimer
from PySide6.QtWidgets import QApplication, QWidget

LONG = 16_384
ANIMATED = (2_000, 65_536)
VARIANTS = ("longformer", "reformer")
PATIENCE_SECONDS = 120.0
EVERY_EVENT = QEventLoop.ProcessEventsFlag.AllEvents | QEventLoop.ProcessEventsFlag.WaitForMoreEvents


def say(event: str, **values: object) -> None:
    print(json.dumps({"event": event, **values}), flush=True)


class FirstPaint(QObject):
    """Calls ``then`` when everything of the widget's first paint is on its surface."""

    def __init__(self, widget: QWidget, then: Callable[[], None]) -> None:
        super().__init__(widget)
        self.then: Callable[[], None] | None = then
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        if event.type() == QEvent.Type.Paint and self.then is not None:
            QTimer.singleShot(0, self.then)  # after this turn, in which the children are painted too
            self.then = None
        return False


class LiveWindow:
    """The real window with its engine, driven step by step."""

    def __init__(self, folder: str) -> None:
        from app.storage import Storage
        from app.window import build

        self.window, commands = build(Storage(Path(folder)), threads=2)
        self.controller = commands.controller
        self.painted_at: float | None = None
        FirstPaint(self.window, self.start)
        self.window.show()
        self.wait(lambda: self.painted_at is not None)

    def start(self) -> None:
        self.painted_at = time.perf_counter()
        say("painted")
        self.controller.client.start()

    def since_first_paint(self) -> float:
        assert self.painted_at is not None
        return time.perf_counter() - self.painted_at

    def wait(self, done: Callable[[], bool]) -> bool:
        """Turn the event loop until it is so; False where it takes too long."""
        start = time.perf_counter()
        while not done():
            if time.perf_counter() - start > PATIENCE_SECONDS:
                return False
            QCoreApplication.processEvents(EVERY_EVENT, 5)
        return True

    def run(self, variant: str, length: int) -> bool:
        """Another variant and length, until everything about it is measured; whatever the budget says."""
        before = self.controller.run.run_id
        self.controller.set_variant(variant)
        self.controller.set(length=length)
        self.controller.active.timer.stop()
        self.controller.override()
        return self.wait(lambda: self.controller.run.run_id != before and self.controller.run.finished)

    def opens(self) -> None:
        """How soon after the first paint the default sample's picture and the engine are there."""
        pattern = self.controller.centre.picture is not None and not self.controller.centre.picture.stale
        if not pattern:
            self.wait(lambda: self.controller.centre.picture is not None)
            self.window.pane_view.pattern_view.repaint()
        say("pattern", seconds=0.0 if pattern else self.since_first_paint())
        self.wait(lambda: self.controller.machine is not None)
        say("live", seconds=self.since_first_paint())
        self.wait(lambda: self.controller.run.finished)
        say("measured", seconds=self.since_first_paint())

    def gaps(self, variant: str, length: int) -> None:
        """The longest that a 1 ms timer of the window had to wait while the engine computes and measures."""
        self.run(variant, 64)
        with gaps_of_the_loop() as gaps:
            done = self.run(variant, length)
        longest, own = sorted(gap for gap, _ in gaps), max(own for _, own in gaps)
        refused = self.controller.run.failed is not None or self.controller.run.traced is None
        done, p99 = done and not refused, longest[int(0.99 * len(gaps))]
        say("gap", variant=variant, done=done, largest=longest[-1], own=own, p99=p99)

    def animation(self, length: int, frames: int) -> None:
        """A frame of the playing buckets: everything that the playhead moves, painted."""
        self.controller.set(view="pattern")
        done = self.run("reformer", length)
        self.controller.set(view="buckets")
        self.wait(lambda: self.controller.run.finished)
        QCoreApplication.processEvents()
        playback, view = self.controller.playback, self.window.pane_view.bucket_view
        seconds = []
        for frame in range(frames):
            start = time.perf_counter()
            playback.seek_share((frame + 1) / frames)
            view.repaint()
            self.window.transport.repaint()
            seconds.append(time.perf_counter() - start)
            QCoreApplication.processEvents()
        shown = self.window.pane_view.views.currentIndex() == 1
        say("frames", length=length, done=done and shown, seconds=seconds)


@contextmanager
def gaps_of_the_loop() -> Iterator[list[tuple[float, float]]]:
    """Seconds between the ticks of a 1 ms timer, and how much of them the window itself was at work."""
    gaps: list[tuple[float, float]] = []
    last = time.perf_counter(), time.thread_time()

    def tick() -> None:
        nonlocal last
        now = time.perf_counter(), time.thread_time()
        gaps.append((now[0] - last[0], now[1] - last[1]))
        last = now

    timer = QTimer()
    timer.setTimerType(Qt.TimerType.PreciseTimer)
    timer.timeout.connect(tick)
    timer.start(1)
    try:
        yield gaps
    finally:
        timer.stop()


def live(quick: bool) -> None:
    application = QApplication(sys.argv[:1])
    with tempfile.TemporaryDirectory() as folder:
        driven = LiveWindow(folder)
        driven.opens()
        for variant in VARIANTS:
            driven.gaps(variant, LONG)
        for length in ANIMATED:
            driven.animation(length, 60 if quick else 240)
        driven.window.close()
        application.processEvents()
    say("modules", torch="torch._C" in sys.modules)


if __name__ == "__main__":
    live("--quick" in sys.argv)
