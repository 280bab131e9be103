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
    Action("new_session", "File", "New session", "Ctrl+Shift+N", "One pane, as at the very first start"),
    Action("open_file", "File", "Open…", "Ctrl+O", "Open a session, or a UTF-8 text of up to 50 MB"),
    Action("save_session", "File", "Save session", "Ctrl+S", "Everything you have set, with its texts, in one file"),
    Action(
        "save_with_results",
        "File",
        "Save with results",
        "Ctrl+Alt+S",
        "The session, and beside it the runs of its panes and scenes",
    ),
    Action("load_results", "File", "Load results…", "Ctrl+Alt+O", "Runs to show while the engine is not there"),
    Action("save_session_as", "File", "Save session as…", "Ctrl+Shift+S", "The same under another name"),
    Action(
        "add_variant", "File", "Add variant…", "Ctrl+Shift+O", "Run a Python file that defines a variant of your own"
    ),
    Action(
        "open_weights", "File", "Open weights…", "Ctrl+Shift+W", "Run on weights of your own: a folder that you trained"
    ),
    Action("export_picture", "File", "Export…", "Ctrl+E", "The present view as a figure, a film, or its data"),
    Action("copy_picture", "File", "Copy as image", "Ctrl+Shift+C", "The present view on the clipboard, also as SVG"),
    Action("quit", "File", "Quit", "Ctrl+Q", "Close the window; text and settings are kept"),
    Action("undo", "Edit", "Undo", "Ctrl+Z", "Take back the last change"),
    Action("redo", "Edit", "Redo", "Ctrl+Shift+Z", "Make the change again that was taken back"),
    Action("toggle_play", "Play", "Play or pause", "Space", "Play the steps, or the growing length"),
    Action("step_back", "Play", "Step back", "Left", "To the beginning of the step, then to the one before"),
    Action("step_forward", "Play", "Step forward", "Right", "To the next step"),
    Action("go_home", "Play", "To the beginning", "Home", "To the first step"),
    Action("go_end", "Play", "To the end", "End", "To the last step"),
    Action("show_pattern", "View", "Pattern", "Ctrl+1", "Which pairs are kept"),
    Action("show_weights", "View", "Weights", "Ctrl+2", "The attention weights that were computed"),
    Action("show_own", "View", "The variant’s own view", "Ctrl+3", "Buckets, segments, state …: what only it has"),
    Action("next_view", "View", "Next view", "Ctrl+PgDown", "The next tab"),
    Action("previous_view", "View", "Previous view", "Ctrl+PgUp", "The tab before"),
    Action("toggle_logarithmic", "View", "Logarithmic colours", "Ctrl+L", "Weights on a logarithmic scale"),
    Action("switch_theme", "View", "Next theme", "Ctrl+T", "Dark, light, high contrast"),
    Action("toggle_motion", "View", "Reduced motion", "Ctrl+Shift+M", "What would move on its own jumps instead"),
    Action("switch_language", "View", "Next language", "Ctrl+Shift+L", "English or 简体中文; the window opens anew"),
    Action("unlock", "View", "Unlock token", "Esc", "Let go of the locked token"),
    Action("add_pane", "Compare", "Add pane", "Ctrl+N", "Another variant beside this one, up to four"),
    Action("duplicate_pane", "Compare", "Duplicate pane", "Ctrl+D", "The same once more, to change a parameter of it"),
    Action("close_pane", "Compare", "Close pane", "Ctrl+W", "The others take its place"),
    Action("next_pane", "Compare", "Next pane", "F4", "Turn to the next pane"),
    Action("toggle_one_text", "Compare", "One text for all panes", "Ctrl+Shift+T", "Or a text for each pane"),
    Action("present", "Present", "Present", "F5", "The panes alone on the whole screen; Esc comes back"),
    Action("next_scene", "Present", "Next scene", "PgDown", "To the next scene, as a clicker’s button does"),
    Action("previous_scene", "Present", "Previous scene", "PgUp", "To the scene before, as a clicker’s button does"),
    Action("black_out", "Present", "Black out", ".", "On the stage: nothing to look at but the speaker"),
    Action(
        "swap_screens",
        "Present",
        "Swap screens",
        "Ctrl+F5",
        "The stage where the speaker’s view is, and the other way round",
    ),
    Action("record_scene", "Present", "Record scene", "F7", "Everything as it is now, as a scene after the chosen one"),
    Action("show_scenes", "Present", "Scenes…", "F8", "Name, caption, order and remove scenes"),
    Action("check_scenes", "Present", "Ready for the stage?", "Shift+F5", "Play every scene once, and store its runs"),
    Action(
        "tour_quadratic",
        "Present",
        "Tour: why attention is quadratic, and five ways out",
        "Ctrl+F1",
        "Ten scenes on why attention is quadratic",
    ),
    Action(
        "tour_hashing",
        "Present",
        "Tour: hashing, from sphere to rounds",
        "Ctrl+F2",
        "Nine scenes on hashing, from sphere to rounds",
    ),
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
    Action("open_palette", "Help", "Find a command…", "Ctrl+K", "Type a few letters of what you want to do"),
    Action("show_keys", "Help", "Keys", "F1", "All keys"),
)
MENUS = tuple(dict.fromkeys(action.menu for action in ACTIONS))
BEGIN_GROUPS = frozenset(
    {"save_session", "add_variant", "export_picture", "quit"}
    | {"toggle_logarithmic", "unlock", "record_scene", "tour_quadratic"}
)
"""Commands before which a menu has a line."""
STAGE_ACTIONS = frozenset(
    {"toggle_play", "step_back", "step_forward", "go_home", "go_end", "present", "next_scene", "previous_scene"}
    | {
        "black_out",
        "swap_screens",
        "show_keys",
        "show_pattern",
        "show_weights",
        "show_own",
        "next_view",
        "previous_view",
        "next_pane",
    }
)
"""Commands whose keys work on the stage."""
PICTURE_KEYS = frozenset({"Space", "Left", "Right", "Home", "End", "Esc", "PgDown", "PgUp", "."})
"""Keys that other controls use as well: they are the transport's only while the picture has the focus."""
