"""What the panels around the picture show; each function fills one from the session and what is known of the run."""

from __future__ import annotations

from dataclasses import replace
from functools import reduce
from html import escape
from pathlib import Path

from PySide6.QtCore import QCoreApplication

from app import number_presenters, presenters
from app.export.caption import after_each_other
from app.main_window import MainWindow
from app.measured_points import MeasuredPoints
from app.problem_words import sentence
from app.run_state import RunState
from app.session import Pane, Text
from app.theme import variant_colour
from engines.messages import Choice, Machine, ModelInfo
from engines.problems import Problem
from engines.samples import images, read_sample, sample_named, samples
from engines.study import Panel
from engines.tokens import without_surrogates
from engines.variant import Variant
from engines.variants import variant_named, variants
from engines.weight_sets import CHOICES, FULL, OWN, own_sets
from widgets.given_words import said
from widgets.lettering import pixels
from widgets.quantities import bytes_text
from widgets.view_data import MenuChoice, MenuGroup, Reading, SampleText, Theme, VariantChip

EDITABLE_BYTES = 1_000_000
WINDOW_BYTES = 65_536
LANGUAGES = {"en": "English", "zh": "中文", "image": "Images, pixel by pixel"}


def tr(text: str) -> str:
    return QCoreApplication.translate("panels", text)


def show_bar(window: MainWindow, pane: Pane, theme: Theme) -> None:
    chips = tuple(
        VariantChip(variant.name, said(variant.short_label or variant.label), variant_colour(variant.order, theme))
        for variant in variants().values()
    )
    window.variant_bar.set_variants(chips, pane.variant)


def show_menus(window: MainWindow, pane: Pane, model: ModelInfo, machine: Machine) -> None:
    """Layer, head, mask, device and dtype; what this machine cannot do says why."""
    variant = variant_named(pane.variant)
    masks = tuple(mask_choice(variant, name) for name in ("causal", "bidirectional"))
    dtypes = dict(machine.dtypes).get(pane.device, ())
    window.variant_bar.set_menus(
        (
            (
                MenuGroup("layer", tr("Layer"), numbered(tr("Layer {n}"), model.layers), str(pane.layer)),
                MenuGroup("head", tr("Head"), numbered(tr("Head {n}"), model.heads), str(pane.head)),
            ),
            (
                MenuGroup("mask", tr("Mask"), masks, "causal" if pane.causal else "bidirectional"),
                MenuGroup("weights", tr("Weights"), weights_choices(pane), weights_chosen(pane)),
            ),
            (
                MenuGroup("device", tr("Device"), choices(machine.devices), pane.device),
                MenuGroup("dtype", tr("Number format"), choices(dtypes), pane.dtype),
            ),
        )
    )


def weights_choices(pane: Pane) -> tuple[MenuChoice, ...]:
    """Weights trained with the variant, or with full attention; those that there are not say so."""
    variant = variant_named(pane.variant)
    none = "" if own_sets(variant, pane.parameters()) else tr("No weights were trained with {label} as it is set here.")
    own = MenuChoice(OWN, tr("own weights"), none.format(label=said(variant.label)))
    full = MenuChoice(FULL, tr("weights of Full"))
    same = replace(pane, weights=OWN).weight_set() == replace(pane, weights=FULL).weight_set()
    shipped = (own,) if same and not none else (own, full)
    return shipped if pane.weights in CHOICES else (*shipped, MenuChoice(pane.weights, Path(pane.weights).name))


def weights_chosen(pane: Pane) -> str:
    """The choice that is in force: where a variant has no weights of its own, those of full attention are."""
    choices = [choice.name for choice in weights_choices(pane) if not choice.disabled_because]
    return pane.weights if pane.weights in choices else choices[0]


def mask_choice(variant: Variant, name: str) -> MenuChoice:
    """A mask as the menu offers it; one that the variant has not says why, or leads to the view that shows why."""
    if name in variant.masks:
        return MenuChoice(name, said(name))
    if variant.mask_study:
        return MenuChoice(name, tr("{mask}: why not").format(mask=said(name)))
    return MenuChoice(name, said(name), said(variant.mask_reason))


def numbered(label: str, count: int) -> tuple[MenuChoice, ...]:
    return tuple(MenuChoice(str(i), label.format(n=i + 1)) for i in range(count))


def choices(given: tuple[Choice, ...]) -> tuple[MenuChoice, ...]:
    return tuple(MenuChoice(each.name, each.name, said(each.unavailable)) for each in given)


def show_form(window: MainWindow, pane: Pane) -> None:
    window.form.set_fields(presenters.form_fields(pane))


def show_about(window: MainWindow, pane: Pane, theme: Theme, unopened: bool = False) -> None:
    """What the variant does, where it is from, and what is true of the weights in use; of those that were not opened
    nothing is known."""
    variant = variant_named(pane.variant)
    colour = variant_colour(variant.order, theme)
    paper, dot = variant.paper, "\N{NO-BREAK SPACE}·"  # with which no line begins
    source = f"{paper.authors} {paper.year}{dot} {variant.complexity}"
    told = (tr("Recorded with weights that are not open here."),) if unopened else presenters.notes_on_weights(pane)
    notes = escape(reduce(after_each_other, told)) if told else ""
    small = f"color: {theme.muted}; font-size: {pixels(theme.small_points)}px"
    window.about_area.set_text(
        f"<p>{escape(said(variant.summary))}</p><p style='color:{colour}'>{escape(source)}</p>"
        + (f"<p style='{small}'>{notes}</p>" if notes else "")
    )


def show_numbers(
    window: MainWindow, run: RunState, closeness: tuple[Panel, ...], whole: bool, stale: bool, recorded: str
) -> None:
    window.live_panel.set_recorded(recorded)
    window.live_panel.set_readings(told_why(number_presenters.readings(run, closeness, whole), window, run))
    if run.memory is not None or not stale:
        window.memory_strip.set_phases(number_presenters.memory_phases(run.memory))


def told_why(readings: tuple[Reading, ...], window: MainWindow, run: RunState) -> tuple[Reading, ...]:
    """The readings, with why the run was refused where the message bar does not say it (any more)."""
    if run.refused is None or window.message_bar.sentence == sentence(run.refused):
        return readings
    return (replace(readings[0], value=sentence(run.refused)), *readings[1:])


def show_costs(window: MainWindow, points: MeasuredPoints, run: RunState, pane: Pane, theme: Theme) -> None:
    own = run.measurements.get("variant")
    mask = "causal" if pane.causal else "bidirectional"
    shown = number_presenters.cost_points(points.comparable(own, mask), run, theme)
    window.cost_chart.set_points(shown, number_presenters.series_name(own) if own else "")
    window.cost_chart.set_length(pane.length)


def show_status(window: MainWindow, status: str, machine: Machine | None) -> None:
    kind = {"busy": "measuring"}.get(status, status)
    detail = ""
    if machine is not None:
        detail = tr("{threads} threads, {memory}, torch {version}").format(
            threads=machine.threads, memory=bytes_text(machine.total_bytes), version=machine.torch_version
        )
    window.variant_bar.set_status(kind, detail)


def show_samples(window: MainWindow) -> None:
    every = (*samples(), *images())
    listed = tuple(
        SampleText(each.id, said(each.title), said(LANGUAGES.get(each.language, each.language))) for each in every
    )
    window.text_panel.set_samples(listed)


def show_text(window: MainWindow, pane: Pane) -> None:
    """The pane's text in the editor; of a large file, its beginning."""
    text = pane.text
    if text.kind == "file":
        try:
            shown, note = beginning(Path(text.value))
        except Problem as problem:
            window.message_bar.show_message(sentence(problem))
            return
        window.text_panel.set_window(shown, note)
    elif text.kind == "sample" and sample_named(text.value).width:
        image = sample_named(text.value)
        words = tr("{title}, {width} pixels wide: each pixel is a token, row by row. Choose a text to write again.")
        window.text_panel.set_window("", words.format(title=said(image.title), width=image.width))
    elif text.kind == "sample":
        if window.text_panel.text() != read_sample(text.value):
            window.text_panel.set_text(read_sample(text.value))
    elif window.text_panel.text() != text.value:
        window.text_panel.set_text(text.value)


def beginning(path: Path) -> tuple[str, str]:
    """The first part of a large file, and a note that says so."""
    try:
        with path.open("rb") as file:
            raw = file.read(WINDOW_BYTES)
        size = path.stat().st_size
    except OSError as error:
        raise Problem("cannot_read_file", path=str(path), reason=error.strerror or str(error)) from None
    shown = without_surrogates(raw.decode("utf-8", errors="surrogateescape"))
    note = tr("{name}: the first {part} of {whole}, read only").format(
        name=path.name, part=bytes_text(len(raw)), whole=bytes_text(size)
    )
    return shown, note


def opened(path: Path) -> Text:
    """A file as the pane's text: small ones become text to edit, large ones stay files; a Problem for others."""
    try:
        size = path.stat().st_size
        if size > EDITABLE_BYTES:
            with path.open("rb") as file:
                probe = file.read(8192)
        else:
            probe = path.read_bytes()
    except OSError as error:
        raise Problem("cannot_read_file", path=str(path), reason=error.strerror or str(error)) from None
    if size > 50_000_000:
        raise Problem("file_too_large", path=str(path), megabytes=round(size / 1e6), largest=50)
    if b"\0" in probe:
        raise Problem("binary_file", path=str(path))
    if size > EDITABLE_BYTES:
        return Text("file", str(path))
    if not probe.strip():
        raise Problem("empty_file", path=str(path))
    return Text("typed", without_surrogates(probe.decode("utf-8-sig", errors="surrogateescape")))
