"""All that the picture in the middle depends on, as one frozen value."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from app.difference import Beside
from app.run_state import RunState
from app.session import Pane
from app.timeline import Moment
from engines.messages import ModelInfo
from widgets.view_data import Theme


@dataclass(frozen=True)
class Scene:
    """A pane and what is known of its run.

    ``run`` is the present run; ``known`` is the same once it has steps, and before that the one whose picture stays,
    marked stale. ``number`` is the pane's place in the session; ``fresh`` is false while a newer run is wanted;
    ``moment`` is where the playhead stands in the steps, None where they are not played, and ``story`` the share
    0…1 of all steps that has been played: views that move token by token follow it. ``recorded`` says where and when
    the run was made, where it is shown in place of one of this engine.
    """

    number: int
    pane: Pane
    theme: Theme
    model: ModelInfo | None = None
    run: RunState = field(default_factory=RunState)
    known: RunState = field(default_factory=RunState)
    tokens: Sequence[str] = ()
    known_tokens: Sequence[str] = ()
    fresh: bool = False
    moment: Moment | None = None
    story: float = 1.0
    recorded: str = ""
    several: bool = False  # other panes stand beside this one
    beside: Beside | None = None  # the first pane's pattern, where this is another one
