"""attnscope render: a view of one variant or of several, or the scenes of a session, as files; without a screen."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from app.existing_files import add_force, check_free
from app.export.formats import STILLS, file_and_format, format_named
from app.export.look import add_options, look_of
from app.session import Pane, Session, StageScene, Text
from app.session_options import add_session, check_options, chosen, opened, results_of, tell_run_now
from app.variant_options import options_of_each
from engines.messages import RunSpec
from engines.problems import Problem
from engines.variants import variant_named

if TYPE_CHECKING:
    from app.export.image import Figure
    from app.export.session_figures import Run
    from engines.finished_run import FinishedRun

KEPT_RUNS = 4  # scenes that follow each other often show the same runs


def add_render(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """The command and its options."""
    from app.cli import add_run_options, count

    render = commands.add_parser("render", help="draw a view, or every scene of a session, into PNG, SVG or PDF files")
    add_session(render, "with --out FOLDER all its scenes are drawn, with --out FILE its present state")
    add_force(render)
    render.add_argument("--no-caption", action="store_true", help="a scene’s words stand in the metadata alone")
    add_run_options(render, several=True)
    render.add_argument(
        "--view",
        default="pattern",
        metavar="NAME",
        help="pattern, weights, …; “attnscope variants” lists each one’s; of several variants also difference and "
        "weights-difference, against the first",
    )
    add_options(render)
    render.add_argument("--token", type=int, default=-1, help="lock the token at this position")
    render.add_argument("--step", default="", metavar="NAME", help="the step to stop at, default the last")
    render.add_argument("--panel", type=count, default=0, metavar="NUMBER", help="one panel of a study, from 1")
    render.add_argument("--log", action="store_true", help="logarithmic colours for weights")
    render.set_defaults(command=partial(render_command, render), variants=())


def render_command(parser: argparse.ArgumentParser, options: argparse.Namespace) -> int:
    """Pictures; below each one's name, if asked, what to write under it and whom to cite."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    check_options(parser, options)
    return render_run(options) if options.session is None else render_session(options)


# A run, or several --------------------------------------------------------------------------------------------------


def render_run(options: argparse.Namespace) -> int:
    """The view of one variant, or of several beside each other."""
    from app.cli import check_token, spec_of, text_of
    from app.export.headless import figure_of, figure_of_panes, save_figure

    check_token(options)
    path, format_ = file_and_format(options.out, options.format)
    check_free(path, options.force)
    look = look_of(options, format_)
    each, text = options_of_each(options), text_of(options)  # standard input is read once
    specs = [spec_of(one, text) for one in each]
    panes = [pane_of_options(one, spec) for one, spec in zip(each, specs, strict=True)]
    if len(panes) > 1 and options.size is None and not options.height:
        look = replace(look, height=0.0)  # what suits them, since panels leave much of a screen's shape empty
    runs = [run_with_progress(spec, options.threads) for spec in specs]
    if len(runs) == 1:
        figure = figure_of(runs[0], panes[0], look, options.step)
    else:
        check_somewhere(runs, panes)
        figure = figure_of_panes(runs, panes, look, step=options.step)
    tell(options, save_figure(figure, options.out, look, options.format), figure)
    print_papers(options, panes)
    return 0


def run_with_progress(spec: RunSpec, threads: int) -> FinishedRun:
    from app.cli import progress_bar
    from engines.headless import finished

    return finished(spec, threads, progress_bar("running"))


def pane_of_options(options: argparse.Namespace, spec: RunSpec) -> Pane:
    """What the window would show of the run that is named."""
    from app.export.scene_of_run import pane_of

    pane = pane_of(spec, options.view, options.token, options.log)
    return pane if options.text else replace(pane, text=Text("sample", options.sample))


def check_somewhere(runs: Sequence[FinishedRun], panes: Sequence[Pane]) -> None:
    """A Problem where no pane has the view."""
    from app.views import difference_views, kinds_of, views_of

    found = [view.name for run, pane in zip(runs, panes, strict=True) for view in views_of(pane, kinds_of(run.steps))]
    names = dict.fromkeys((*found, *(view.name for view in difference_views())))
    if panes[0].view not in names:
        labels = ", ".join(dict.fromkeys(variant_named(pane.variant).label for pane in panes))
        raise Problem("view_not_there", variant=labels, view=panes[0].view, choices=", ".join(names))


# A session ----------------------------------------------------------------------------------------------------------


def render_session(options: argparse.Namespace) -> int:
    """Its scenes; one that cannot be drawn is one sentence, and the others go on."""
    from app.cli import PROGRAM
    from app.export.headless import save_figure
    from app.export.session_figures import figure_of_scene, recorded_scene

    found = opened(options.session)
    stored = results_of(options, found)
    run_now, status = kept_runs(options.threads), 0
    drawn: list[Pane] = []
    for scene, path in wanted(options, found.session):
        try:
            check_free(path, options.force)
            look = look_of(options, file_and_format(path, options.format)[1])
            recorded = recorded_scene(scene, stored, options.pane) if stored is not None else None
            if stored is not None and recorded is None:
                tell_run_now(scene.name)
            figure = figure_of_scene(scene, look, recorded or run_now, options.pane, not options.no_caption)
            tell(options, save_figure(figure, path, look, options.format), figure)
            drawn += scene.state.panes[options.pane - 1 : options.pane] if options.pane else scene.state.panes
        except Problem as problem:
            print(f"{PROGRAM}: {scene.name}: {problem}", file=sys.stderr)
            status = 1
    print_papers(options, drawn)
    return status


def wanted(options: argparse.Namespace, session: Session) -> Iterator[tuple[StageScene, Path]]:
    """The scenes that are asked for, and where each goes; a Problem where there is no such scene or no folder."""
    from app.export.session_figures import file_stem, present, scenes_of

    name = options.session.stem
    scenes = scenes_of(session, name)
    place = chosen("scene", options.scene, scenes)
    if is_file(options.out):
        one = scenes[place] if options.scene else present(session, name)
        yield one, file_and_format(options.out, options.format)[0]
        return
    make_folder(options.out)
    suffix = format_named(options.format or STILLS[0].name).suffixes[0]
    alone = f"-pane-{options.pane}" if options.pane else ""
    for number, scene in enumerate(scenes, 1):
        if options.scene in (0, number):
            yield scene, options.out / f"{file_stem(number, len(scenes), scene.name)}{alone}{suffix}"


def is_file(out: Path) -> bool:
    """Whether one file is meant, and no folder."""
    return not os.path.isdir(out) and out.suffix.lower() in {suffix for each in STILLS for suffix in each.suffixes}


def make_folder(path: Path) -> None:
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Problem("cannot_save", path=str(path), reason=error.strerror or str(error)) from None


def kept_runs(threads: int) -> Run:
    """Runs what a pane says; the last runs are kept. Whatever goes wrong is a Problem."""
    from engines.worker import problem_of

    kept: dict[RunSpec, FinishedRun] = {}

    def run(pane: Pane) -> FinishedRun:
        spec = pane.spec()
        try:
            kept[spec] = kept.pop(spec) if spec in kept else run_with_progress(spec, threads)
        except Exception as error:
            raise problem_of(error, spec) from None
        while len(kept) > KEPT_RUNS:
            del kept[next(iter(kept))]
        return kept[spec]

    return run


# What is said -------------------------------------------------------------------------------------------------------


def tell(options: argparse.Namespace, path: Path, figure: Figure) -> None:
    """Where it is, and what to write under it."""
    print(path)
    if options.caption:
        print(figure.told)


def print_papers(options: argparse.Namespace, panes: Sequence[Pane]) -> None:
    """Whom to cite, each once."""
    from app.export.caption import bibtex

    if options.bibtex:
        for paper in dict.fromkeys(variant_named(pane.variant).paper for pane in panes):
            print(bibtex(paper))
