"""What the transport plays: the steps of all panes, or the growing length."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from app.playback import Playback, PlaybackState
from app.session import Play
from app.timeline import LengthTimeline, Timeline
from engines.messages import Settings

if TYPE_CHECKING:
    from app.controller import Controller

SHORTEST, LONGEST = 8, 65_536  # tokens, of a length that plays


class Playing(QObject):
    """The playhead stands at the same share of every pane's steps; ``mode`` is "steps" or "length"."""

    def __init__(self, controller: Controller) -> None:
        super().__init__(controller)
        self.controller = controller
        self.lengths = LengthTimeline(SHORTEST, LONGEST)
        self.mode = "steps"
        self.wanted_share: float | None = None  # where the playhead is to stand once the run is there
        self.shown_timeline: Timeline | None = None  # the one whose steps the transport has
        self.restoring = False  # a session's own playhead is being set: its length is the session's own, too
        self.playback = Playback(parent=self)
        self.playback.changed.connect(self.show_moment)

    def share(self) -> float | None:
        """How much of the steps has been played; None where the length plays."""
        state = self.playback.state
        return state.seconds / state.duration if self.mode == "steps" else None

    def show_timeline(self) -> None:
        """The active pane's steps on the transport; the same ones keep the playhead where it is."""
        if self.controller.timeline != self.shown_timeline:
            self.shown_timeline = self.controller.timeline
            if self.mode == "steps":
                self.set_mode("steps")
        if self.controller.run.traced:
            self.wanted_share = None

    def choose(self, **values: object) -> None:
        """Speed, loop or mode as somebody sets them; undo leads back."""
        play = replace(self.captured(), **values)  # type: ignore[arg-type]
        self.controller.set_session(replace(self.controller.session, play=play))

    def choose_mode(self, mode: str) -> None:
        """Play the steps from their end, or the length from the shortest; undo leads back."""
        pane, now = self.controller.pane, self.captured()
        if mode == now.mode:
            return
        share = now.share if len(self.controller.panes) > 1 else 1.0
        if mode == "length":
            pane, share = replace(pane, length=SHORTEST), 0.0
        self.controller.change(pane, replace(now, mode=mode, share=share))

    def set_mode(self, mode: str) -> None:
        """Play the steps, or the growing length."""
        self.mode = mode
        self.controller.window.transport.set_mode(mode)
        timeline = self.controller.timeline if mode == "steps" else self.lengths
        self.controller.window.transport.set_steps(timeline.steps)
        several = len(self.controller.panes) > 1  # then the playhead belongs to all of them, and stays
        self.playback.set_boundaries(timeline.boundaries, keep_share=several and mode == "steps")
        if mode == "steps" and self.wanted_share is not None:
            self.playback.seek_share(self.wanted_share)
        elif mode == "steps" and not several:
            self.playback.end()

    def show_moment(self, state: PlaybackState) -> None:
        """The playhead moved: it is at the same share of every pane's steps."""
        transport = self.controller.window.transport
        transport.set_playhead(state.seconds)
        transport.set_playing(state.playing)
        transport.set_speed(state.speed)
        transport.set_loop(state.loop)
        self.controller.client.set_settings(Settings(self.controller.session.budget, state.playing))
        share = self.share()
        for made in self.controller.panes:
            made.show_moment(share)
        if self.restoring:
            return
        if not state.playing:
            self.controller.keep_timer.start()  # a crash finds the playhead where it stood
        if share is None:
            self.controller.set(length=self.lengths.length_at(state.seconds))

    def restore(self, play: Play) -> None:
        """The transport as a session has it."""
        self.restoring = True
        self.set_mode(play.mode)
        self.playback.seek_share(play.share)
        self.playback.set_speed(play.speed)
        self.playback.set_loop(play.loop)
        self.restoring = False
        self.wanted_share = play.share if play.mode == "steps" and not self.controller.run.traced else None

    def take(self, play: Play) -> None:
        """How a session plays; the playhead stays where it is, unless something else plays now."""
        if play.mode != self.mode:
            self.restore(play)
        self.playback.set_speed(play.speed)
        self.playback.set_loop(play.loop)

    def captured(self) -> Play:
        """The transport as it is now."""
        state = self.playback.state
        return Play(self.mode, min(state.seconds / state.duration, 1.0), state.speed, state.loop)
