"""The commands, for people without a screen and for scripts; none opens the window."""

from __future__ import annotations

import argparse
import gc
import json
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from types import ModuleType
from typing import Any

from app.animate_command import add_animate
from app.data_command import add_data
from app.problem_words import counted_from_one
from app.render_command import add_render
from app.session import DEFAULT_SAMPLE, DEFAULT_VARIANT
from app.variant_options import OneMoreSetting, OneMoreVariant
from engines.messages import Budget, Measurement, RunSpec, TextSource
from engines.problems import Problem
from engines.samples import images, samples, source_of
from engines.studies import studies_of
from engines.variants import variant_named, variants
from engines.weight_sets import OWN

PROGRAM = "attnscope"
SUFFIX = ".attnscope"


def main(argv: Sequence[str]) -> int:
    """Run a command; a Problem becomes one sentence on standard error and status 1."""
    options = parser().parse_args(with_file_named(argv))
    try:
        if options.plugins is not None:
            add_variants(options.plugins)
        return int(options.command(options))
    except Problem as problem:
        print(f"{PROGRAM}: {counted_from_one(problem)}", file=sys.stderr)
        return 1
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # the reader left; say nothing
        return 1
    except KeyboardInterrupt:
        return 130


def with_file_named(argv: Sequence[str]) -> list[str]:
    """A file in a command's place is opened in the window, as a file manager asks for it."""
    place = 0
    while place < len(argv) and argv[place].startswith("-"):
        place += 2 if argv[place] in ("--language", "--open") else 1
    named = argv[place] if place < len(argv) else ""
    if named.lower().endswith(SUFFIX) or (named and Path(named).is_file()):
        return [*argv[:place], "--open", *argv[place:]]
    return list(argv)


def parser() -> argparse.ArgumentParser:
    """All commands and their options."""
    top = argparse.ArgumentParser(
        prog=PROGRAM, description="See how efficient attention works. Without a command, opens the window."
    )
    top.add_argument("--language", choices=("en", "zh_CN"), default="", help="of the window; default as chosen in it")
    top.add_argument("--open", default="", metavar="FILE", help="a session or a text to show in the window")
    top.set_defaults(command=open_window, session=None, plugins=None)
    commands = top.add_subparsers(title="commands", metavar="run | render | animate | data | study | variants")
    run = commands.add_parser("run", help="run a variant: its steps, time and memory, and how they were obtained")
    add_run_options(run)
    run.add_argument("--json", action="store_true", help="print everything as JSON")
    run.add_argument("--budget", type=float, default=2.0, metavar="SECONDS", help="for repeating the measurement")
    run.set_defaults(command=run_command)
    add_render(commands)
    add_animate(commands)
    add_data(commands)
    study = commands.add_parser("study", help="ask more of a run: its numbers, as text or JSON")
    study.add_argument("name", metavar="NAME", help="the study; “attnscope variants” lists each variant’s")
    add_run_options(study)
    study.add_argument("--token", type=int, default=-1, help="lock the token at this position")
    study.add_argument("--json", action="store_true", help="print everything as JSON")
    study.set_defaults(command=study_command)
    listing = commands.add_parser("variants", help="what there is, with parameters")
    listing.add_argument("--json", action="store_true", help="print as JSON")
    add_plugin_option(listing)
    listing.set_defaults(command=variants_command)
    return top


def add_run_options(command: argparse.ArgumentParser, several: bool = False) -> None:
    """What says which run: the same for every command. ``several``: of as many variants as are named."""
    names, more = ", ".join(variants()), "; up to four, each by one more --variant" if several else ""
    command.add_argument(
        "--variant",
        action=OneMoreVariant if several else "store",
        default=DEFAULT_VARIANT,
        metavar="NAME",
        help=f"one of {names}; or from outside{more}",
    )
    add_plugin_option(command)
    text = command.add_mutually_exclusive_group()
    text.add_argument("--text", metavar="FILE", help="a UTF-8 text, or - for standard input")
    names = ", ".join(sample.id for sample in (*samples(), *images()))
    text.add_argument("--sample", default=DEFAULT_SAMPLE, metavar="NAME", help=f"a bundled text or image: {names}")
    command.add_argument("--length", type=int, default=64, metavar="TOKENS", help="8 to 1,048,576; default 64")
    command.add_argument(
        "--set",
        action=OneMoreSetting if several else "append",
        default=[],
        metavar="NAME=VALUE",
        dest="settings",
        help="a parameter of the variant" + (", of the one named before it" if several else ""),
    )
    masks = command.add_mutually_exclusive_group()
    masks.add_argument("--causal", action="store_true", help="a token sees only earlier ones; the default")
    masks.add_argument("--bidirectional", action="store_true", help="no causal mask; the default where there is none")
    command.add_argument("--layer", type=int, default=2, help="from 1; default 2")
    command.add_argument("--head", type=int, default=1, help="from 1; default 1")
    command.add_argument("--seed", type=int, default=0)
    command.add_argument("--device", default="cpu", help="cpu, cuda:0, …")
    command.add_argument("--dtype", default="float32", choices=("float32", "bfloat16", "float16"))
    command.add_argument(
        "--weights",
        default=OWN,
        metavar="WHICH",
        help="own: trained with this variant, where there are such (default); full: trained with full attention; or a "
        "folder of your own, as python -m engines.train writes it",
    )
    command.add_argument("--threads", type=count, default=0, help="processor threads, default all")


def add_plugin_option(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--plugin",
        action="append",
        default=[],
        metavar="FILE",
        dest="plugins",
        help="add the variant of a Python file; this RUNS THE CODE in the file, so name only files that you trust",
    )


def add_variants(files: Sequence[str]) -> None:
    """The variants of installed packages, one line for each that cannot be loaded; then those of the named files."""
    from engines.outside.loading import add_file, add_installed

    for problem in add_installed()[1]:
        print(f"{PROGRAM}: {problem}", file=sys.stderr)
    for file in files:
        add_file(file)


def count(text: str) -> int:
    """A whole number of at least 0."""
    if (number := int(text)) < 0:
        raise argparse.ArgumentTypeError(f"expected a whole number of at least 0, got {text}")
    return number


def spec_of(options: argparse.Namespace, text: TextSource | None = None) -> RunSpec:
    """The run that the options name, on ``text`` where it is read already; a Problem where one of them cannot be."""
    variant = variant_named(options.variant)
    given: dict[str, object] = {}
    for setting in options.settings:
        name, equals, value = setting.partition("=")
        if not equals:
            raise Problem("bad_setting", setting=setting)
        given[name.strip()] = value.strip()
    return RunSpec(
        variant=variant.name,
        text=text or text_of(options),
        length=options.length,
        parameters=tuple(variant.parameters(**given).items()),
        causal=options.causal or not (options.bidirectional or "causal" not in variant.masks),
        layer=options.layer - 1,
        head=options.head - 1,
        seed=options.seed,
        device=options.device,
        dtype=options.dtype,
        weights=options.weights,
    )


def text_of(options: argparse.Namespace) -> TextSource:
    if options.text == "-":
        return TextSource(text=sys.stdin.buffer.read().decode("utf-8", errors="surrogateescape"))
    if options.text:
        return TextSource(path=options.text)
    return source_of(options.sample)


def progress_bar(title: str) -> Callable[[float], None]:
    """A progress bar on standard error, where that is a terminal."""
    from tqdm import tqdm

    bar = tqdm(total=100, desc=title, leave=False, disable=not sys.stderr.isatty(), bar_format="{desc} {bar} {n:.0f} %")

    def report(fraction: float) -> None:
        bar.update(100 * fraction - bar.n)
        if fraction >= 1:
            bar.close()

    return report


def finish(options: argparse.Namespace) -> Any:
    """Run what the options name, with a progress bar."""
    from engines.headless import finished

    return finished(spec_of(options), options.threads, progress_bar("running"))


def run_command(options: argparse.Namespace) -> int:
    """Steps, time, memory and the card."""
    from engines.headless import measured_with_baselines

    run = finish(options)
    report = progress_bar("measuring")
    measurements = measured_with_baselines(run, Budget(seconds=options.budget), report)
    traced = run.traced(0, options.head - 1)
    if options.json:
        steps = [{"name": step.name, "kind": type(step.data).__name__} for step in traced.steps]
        content = {
            "steps": steps,
            "pairs_kept": traced.pairs_kept,
            "pairs_computed": traced.pairs_computed,
            "text_tokens": run.prepared.tokens.text_tokens,
            "measurements": [{**asdict(each), "card": dict(each.card)} for each in measurements],
        }
        print(json.dumps(content, indent=1, ensure_ascii=False))
        return 0
    print("steps     " + " → ".join(step.name for step in traced.steps))
    print(f"pairs     {traced.pairs_kept:,} kept, {traced.pairs_computed:,} computed in blocks, in head {options.head}")
    for each in measurements:
        print(line_of(each))
    for name, value in measurements[0].card:
        print(f"  {name:12} {value}")
    for note in run.prepared.tokens.notes:
        print(f"{PROGRAM}: {note}", file=sys.stderr)
    return 0


def line_of(measurement: Measurement) -> str:
    from widgets.quantities import bytes_text, seconds_text

    name = measurement.label if measurement.series == "variant" else f"full, {measurement.series}"
    seconds = seconds_text(measurement.seconds) if measurement.seconds is not None else "–"
    memory = bytes_text(measurement.peak_bytes) if measurement.peak_bytes is not None else "–"
    return f"{name:16} time {seconds:>10}   peak memory {memory:>10}   {measurement.kind}"


def study_command(options: argparse.Namespace) -> int:
    """A study's last answer."""
    from app.study_text import as_json, as_text
    from engines.headless import study_answer

    check_token(options)
    run = finish(options)
    panels = study_answer(run, options.name, options.head - 1, options.token)
    if options.json:
        print(json.dumps(as_json(panels), indent=1, ensure_ascii=False))
    else:
        print("\n\n".join(as_text(panel) for panel in panels))
    return 0


def check_token(options: argparse.Namespace) -> None:
    """A Problem where the token to lock is not there."""
    if not -1 <= options.token < options.length:
        raise Problem("bad_number", what="token", smallest=0, largest=options.length - 1, value=options.token)


def variants_command(options: argparse.Namespace) -> int:
    """Every variant, with its parameters."""
    if options.json:
        content: list[Mapping[str, object]] = [
            {
                "name": variant.name,
                "label": variant.label,
                "complexity": variant.complexity,
                "paper": asdict(variant.paper),
                "masks": variant.masks,
                "studies": [study.name for study in studies_of(variant, "causal" in variant.masks)],
                "parameters": [asdict(setting) for setting in variant.settings],
            }
            for variant in variants().values()
        ]
        print(json.dumps(content, indent=1, ensure_ascii=False))
        return 0
    for variant in variants().values():
        paper = variant.paper
        print(f"{variant.name:14} {variant.label}, {variant.complexity} — {paper.authors} {paper.year}, {paper.title}")
        for setting in variant.settings:
            default = ",".join(map(str, setting.default)) if isinstance(setting.default, tuple) else setting.default
            default = setting.zero if setting.zero and default == 0 else default
            print(f"    --set {setting.name}={default}")
            print(f"        {setting.help} ({setting.expected})")
        print("    studies " + ", ".join(study.name for study in studies_of(variant, "causal" in variant.masks)))
    return 0


def open_window(options: argparse.Namespace) -> int:
    """The window; where there is no display, one line that says so and the default picture in a file."""
    if has_display():
        try:
            return int(window_module().open_window(options.language, options.open))
        finally:
            gc.enable()
    out = Path("attnscope.png").resolve()
    print("There is no display here, so no window can open; drawing the default picture instead.", file=sys.stderr)
    return main(["render", "--force", "--out", str(out)])


def window_module() -> ModuleType:
    """``app.window``, loaded so that its first paint comes soon.

    What needs no Qt comes first, since PySide6 reads the source of every module that is loaded after it. Garbage is not
    looked for: a start makes none, and looking takes a fifteenth of its time. ``app.window`` goes back to it.
    """
    variants()
    gc.disable()
    from app import window

    return window


def has_display() -> bool:
    """Whether a window could open."""
    if sys.platform in ("win32", "darwin"):
        return True
    chosen = os.environ.get("QT_QPA_PLATFORM", "")
    return bool(chosen or os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
