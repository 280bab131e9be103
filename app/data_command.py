"""attnscope data: the numbers behind a picture, or those that a run's steps recorded."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from app.existing_files import add_force, check_free
from app.export.look import THEME_NAMES
from engines.problems import Problem

if TYPE_CHECKING:
    from app.export.data import Data
    from app.scene import Scene
    from engines.finished_run import FinishedRun


def add_data(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """The command and its options."""
    from app.cli import add_run_options

    data = commands.add_parser("data", help="save the numbers behind a view, or those of a run’s steps")
    add_run_options(data)
    data.add_argument(
        "--out", type=Path, required=True, metavar="FILE", help="data.npz, .json, .csv or .parquet; npz without"
    )
    what = data.add_mutually_exclusive_group()
    what.add_argument("--view", default="weights", metavar="NAME", help="what this view shows; default weights")
    what.add_argument(
        "--steps", metavar="NAME,…", help="in its place, what these steps recorded, of all heads; “all” for every step"
    )
    data.add_argument("--array", default="", metavar="NAME", help="one array alone; CSV and Parquet hold no more")
    data.add_argument("--rows", metavar="START:STOP", help="queries, or positions; default all")
    data.add_argument("--columns", metavar="START:STOP", help="keys, where there are pairs; default all")
    data.add_argument("--token", type=int, default=-1, help="lock the token at this position")
    data.add_argument("--log", action="store_true", help="logarithmic colours for weights, in the snippet’s figure")
    data.add_argument("--theme", choices=THEME_NAMES, default="print", help="of the figure that the snippet draws")
    data.add_argument("--snippet", action="store_true", help="also write FILE.py, which draws it with matplotlib")
    add_force(data)
    data.set_defaults(command=data_command)


def data_command(options: argparse.Namespace) -> int:
    """Run, cut out, save; the paths that were written."""
    from app.cli import check_token, finish
    from app.export.data import DataOptions, checked_rectangle
    from app.export.data_files import save_data, with_extension
    from app.export.headless import application
    from app.export.scene_of_run import pane_of, scene_of
    from app.export.scene_view import figure_theme
    from app.export.snippets.snippet import save_snippet, snippet_of, snippet_path
    from app.theme import application_font

    check_token(options)
    path = with_extension(options.out)
    for written in (path, *([snippet_path(path)] if options.snippet else [])):
        check_free(written, options.force)
    rows, columns = range_of("rows", options.rows), range_of("columns", options.columns)
    if options.steps is None and options.view in ("pattern", "weights"):  # before anything is run
        checked_rectangle(DataOptions(rows, columns), options.length, options.length)
    run = finish(options)
    spec = run.prepared.spec
    theme = figure_theme(options.theme, spec.variant)
    if options.snippet:  # it is told where the figure's panels stand
        application().setFont(application_font(theme))
    scene = scene_of(run, pane_of(spec, options.view, options.token, options.log), theme)
    data = data_of(run, scene, options, rows, columns)
    label = run.prepared.variant.label
    title = f"{label} · {spec.length:,} tokens · layer {spec.layer + 1}, head {spec.head + 1}"
    if options.snippet:
        snippet_of(data, path, title, theme)  # whatever goes wrong, before anything is written
    print(save_data(data, path))
    if options.snippet:
        print(save_snippet(data, path, title, theme))
    return 0


def data_of(
    run: FinishedRun, scene: Scene, options: argparse.Namespace, rows: range | None, columns: range | None
) -> Data:
    """What the options name."""
    from app.export.data import DataOptions, data_of_steps, data_of_view
    from app.export.scene_of_run import check_view
    from app.views import step_views
    from engines.headless import study_answer

    chosen = DataOptions(rows, columns, options.array)
    if options.steps is not None:
        named = [] if options.steps == "all" else [name.strip() for name in options.steps.split(",")]
        return data_of_steps(run, named, chosen)
    check_view(scene)
    pane = scene.pane
    asked = pane.view not in {view.name for view in step_views()}
    panels = study_answer(run, pane.view, pane.head, pane.locked) if asked else ()
    return data_of_view(run, scene, chosen, panels)


def range_of(what: str, text: str | None) -> range | None:
    """ "0:256" as a range; None where nothing was given."""
    if text is None:
        return None
    start, colon, stop = text.partition(":")
    if not (colon and start.strip().isdigit() and stop.strip().isdigit()):
        raise Problem("not_a_range", what=f"--{what}", text=text)
    return range(int(start), int(stop))
