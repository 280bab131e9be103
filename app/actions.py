"""Every command of the window: its name, shortcut and help, in one table; menus and the list of keys read it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Action:
    """``slot`` is the method of the controller that does it; ``menu`` is where it stands."""

    slot: str
    menu: str
    label: str
    shortcut: str
    help: str


ACTIONS: tuple[Action, ...] = (
    Action("open_file", "File", "Open text…", "Ctrl+O", "Open a UTF-8 text of up to 50 MB"),
    Action(
        "add_variant", "File", "Add variant…", "Ctrl+Shift+O", "Run a Python file that defines a variant of your own"
    ),
    Action(
        "open_weights", "File", "Open weights…", "Ctrl+Shift+W", "Run on weights of your own: a folder that you trained"
    ),
    Action("save_picture", "File", "Save picture…", "Ctrl+E", "Save the present view as PNG"),
    Action("quit", "File", "Quit", "Ctrl+Q", "Close the window; text and settings are kept"),
    Action("toggle_play", "Play", "Play or pause", "Space", "Play the steps, or the growing length"),
    Action("step_back", "Play", "Step back", "Left", "To the beginning of the step, then to the one before"),
    Action("step_forward", "Play", "Step forward", "Right", "To the next step"),
    Action("go_home", "Play", "To the beginning", "Home", "To the first step"),
    Action("go_end", "Play", "To the end", "End", "To the last step"),
    Action("show_pattern", "View", "Pattern", "Ctrl+1", "Which pairs are kept"),
    Action("show_weights", "View", "Weights", "Ctrl+2", "The attention weights that were computed"),
    Action("show_own", "View", "The variant's own view", "Ctrl+3", "Buckets, segments, state …: what only it has"),
    Action("next_view", "View", "Next view", "Ctrl+PgDown", "The next tab"),
    Action("previous_view", "View", "Previous view", "Ctrl+PgUp", "The tab before"),
    Action("toggle_logarithmic", "View", "Logarithmic colours", "Ctrl+L", "Weights on a logarithmic scale"),
    Action("switch_theme", "View", "Dark or light", "Ctrl+T", "Switch between the dark and the light theme"),
    Action("switch_language", "View", "Next language", "Ctrl+Shift+L", "English or 简体中文; the window opens anew"),
    Action("unlock", "View", "Unlock token", "Esc", "Let go of the locked token"),
    Action("stop_run", "Run", "Stop", "Ctrl+.", "Give up what the engine is computing"),
    Action("measure_again", "Run", "Measure again", "F6", "Run and measure once more"),
    Action(
        "use_trained_parameters",
        "Run",
        "Parameters of its training",
        "Ctrl+R",
        "Those that the weights were trained with",
    ),
    Action("ask_for_budget", "Run", "Budget…", "Ctrl+B", "How long a call may take, and how much memory"),
    Action("show_keys", "Help", "Keys", "F1", "All keys"),
)
MENUS = tuple(dict.fromkeys(action.menu for action in ACTIONS))
PICTURE_KEYS = frozenset({"Space", "Left", "Right", "Home", "End", "Esc"})
"""Keys that other controls use as well: they are the transport's only while the picture has the focus."""
