"""Pure functions: what is known of a run -> what a widget draws."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from PySide6.QtCore import QCoreApplication

from app.problem_words import sentence
from app.reveal import Sweep
from app.run_state import RunState, kind_of
from app.session import Pane
from app.theme import contrasting, variant_colour
from engines.messages import ModelInfo, WeightsReply
from engines.patterns import Pattern
from engines.study import TokenValues
from engines.tokens import Pieces
from engines.trace import Blocks, Groups, Order, PairValues, Step
from engines.variant import Parameter, Parameters, Shape, Variant
from engines.variants import variant_named
from widgets.bucket_layout import BucketStage
from widgets.given_words import said
from widgets.quantities import percent_text
from widgets.view_data import (
    BucketsData,
    FormField,
    PatternData,
    PatternPart,
    Theme,
    TokenStripData,
    WeightsData,
)


def tr(text: str) -> str:
    return QCoreApplication.translate("presenters", text)


# Patterns -----------------------------------------------------------------------------------------------------------


def shape_of(pane: Pane, model: ModelInfo | None) -> Shape:
    """The sizes of the pane's run; before the engine is live, with the shipped model's head count unknown, 1."""
    heads, width = (model.heads, model.head_width) if model else (1, 32)
    return Shape(pane.length, pane.length, heads, width, pane.layer, pane.head, pane.causal)


def pattern_of(pane: Pane, run: RunState, model: ModelInfo | None) -> Pattern | None:
    """Which pairs the chosen head keeps; None where that depends on data that is not there yet."""
    variant = variant_named(pane.variant)
    if not variant.pattern_needs_steps:
        return structural_pattern(variant, shape_of(pane, model), pane.parameters())
    if run.traced is None or run.spec is None or run.spec.variant != pane.variant:
        return None
    return run.traced.pattern


@lru_cache(maxsize=8)
def structural_pattern(variant: Variant, shape: Shape, parameters: Parameters) -> Pattern:
    """The pattern that follows from sizes alone. The same one for the same sizes, so that pictures of it are kept."""
    return variant.pattern(shape, parameters)


def allowed_pairs(n: int, causal: bool) -> int:
    """Pairs that the mask allows at n tokens."""
    return n * (n + 1) // 2 if causal else n * n


def percent(part: float, whole: float) -> str:
    """A part in percent of the whole."""
    return percent_text(part / whole if whole else 0.0)


def pattern_caption(pane: Pane, pattern: Pattern) -> str:
    """The picture in words."""
    variant = variant_named(pane.variant)
    share = percent(pattern.count(), allowed_pairs(pattern.queries, pane.causal))
    told = parameters_in_words(variant, pane.parameters())
    name = tr("{variant}, {parameters}").format(variant=said(variant.label), parameters=told)
    name = name if told else said(variant.label)
    mask = tr("causal") if pane.causal else tr("bidirectional")
    if variant.implied_weights:
        return tr("{name}: every {mask} pair is implied, none is scored").format(name=name, mask=mask)
    caption = tr("{name}: {share} % of the {mask} pairs kept").format(name=name, share=share, mask=mask)
    return caption


def parameters_in_words(variant: Variant, parameters: Parameters) -> str:
    """The parameters that were changed, or the first one: "window 512"."""
    shown = [s for s in variant.settings if parameters[s.name] != s.default] or list(variant.settings[:1])
    told = ((lowered(said(s.label)), value_in_words(parameters[s.name], s.zero)) for s in shown[:3])
    return tr(", ").join(setting_in_words(label, value) for label, value in told)


def setting_in_words(label: str, value: str) -> str:
    """A setting and its value: "window 512". Between two words some languages need a third."""
    return tr("{setting} {choice}").format(setting=label, choice=value) if value[:1].isalpha() else f"{label} {value}"


def _listed(value: object) -> object:
    """The numbers of a list without commas, where commas stand between settings."""
    return " ".join(map(str, value)) if isinstance(value, tuple) and value else value


def lowered(label: str) -> str:
    """A label inside a sentence."""
    return label[:1].lower() + label[1:]


def value_in_words(value: object, zero: str = "") -> str:
    """``zero`` is the word for 0, where the parameter has one."""
    if zero and value == 0:
        return said(zero)
    if isinstance(value, bool):
        return tr("on") if value else tr("off")
    if isinstance(value, tuple):
        return ", ".join(map(str, value)) or tr("none")
    return said(str(value))


def why_empty(pane: Pane, run: RunState) -> str:
    """Why there is no pattern to draw: where it depends on the data, it needs a run."""
    missing = run.refused or run.failed
    if run.has_no_text:
        return tr("There is no text yet.")
    if missing and pane.view in ("weights", "weights-difference"):
        return tr("No weights were computed: the run was not made.") + "\n" + sentence(missing)
    if not variant_named(pane.variant).pattern_needs_steps:
        return ""
    if missing:
        return tr("Which pairs are kept depends on the text, and the run was not made.") + "\n" + sentence(missing)
    return tr("Which pairs are kept depends on the text; they appear with the run.")


def pattern_data(pane: Pane, shown: Pattern | Sweep, caption: str, tokens: Sequence[str], theme: Theme) -> PatternData:
    """The pattern view's record; ``shown`` is the pattern as far as the playhead has come."""
    colour = variant_colour(variant_named(pane.variant).order, theme)
    coarse = tr(" · counted in cells, exact in a moment") if isinstance(shown, Pattern) and not shown.exact else ""
    parts = pattern_parts(shown, colour, theme)
    return PatternData(shown, pane.causal, tokens, colour, caption=caption, caption_while_coarse=coarse, parts=parts)


@lru_cache(maxsize=8)
def pattern_parts(shown: Pattern | Sweep, own: str, theme: Theme) -> tuple[PatternPart, ...]:
    """The named parts of a pattern, the first in the variant's colour, the others in such as differ from it."""
    names = shown.pieces
    if len(names) < 2:
        return ()
    colours = (own, *contrasting(own, theme))
    return tuple(PatternPart(name, shown.only((name,)), colours[at % len(colours)]) for at, name in enumerate(names))


def weights_words(pane: Pane, view: str, every: int) -> str:
    """What a caption must add where weights are shown: that they are implied, that not all rows are drawn."""
    if view != "weights":
        return ""
    implied = variant_named(pane.variant).implied_weights
    return (tr(" · reconstructed for display") if implied else "") + (
        tr(" · weights of every {n}th query").format(n=every) if every > 1 else ""
    )


def weights_data(reply: WeightsReply, largest: float, logarithmic: bool) -> WeightsData:
    return WeightsData(reply.values, reply.row_edges, reply.column_edges, largest, logarithmic)


# Tokens -------------------------------------------------------------------------------------------------------------


def token_texts(run: RunState, model: ModelInfo | None) -> Sequence[str]:
    """The readable piece at each position; empty before the engine has told."""
    if run.tokens is None or model is None:
        return ()
    return Pieces(run.tokens.ids, model.pieces)


def token_strip_data(
    pane: Pane,
    run: RunState,
    pattern: Pattern | None,
    tokens: Sequence[str],
    row: np.ndarray | None = None,
    values: TokenValues | None = None,
) -> TokenStripData:
    """The text as tokens; the locked token's readers and what it reads.

    Tinted by the ``values`` of a study or by ``row``, the locked token's weights [position], where they are given; else
    by bucket, where there are any.
    """
    groups = next((step.data for step in run.steps if isinstance(step.data, Groups)), None)
    categories, caption = None, tr("{n} tokens").format(n=f"{len(tokens):,}")
    if groups is not None and len(tokens) == groups.labels.shape[-1]:
        shown = min(pane.hash_round, groups.labels.shape[1] - 1)
        categories = np.asarray(groups.labels[0, shown])
        caption += tr(" · chip colour = bucket, round {number}").format(number=shown + 1)
    locked = pane.locked if 0 <= pane.locked < len(tokens) else None
    reads = read_by = None
    if locked is not None and pattern is not None and locked < pattern.queries:
        reads, read_by = pattern.keys_of(locked), pattern.queries_of(locked)
    if values is not None and len(values.values) == len(tokens) and np.isfinite(values.values).any():
        largest = float(np.nanmax(values.values))
        caption = tr("{n} tokens · tint = {what}, largest {largest}").format(
            n=f"{len(tokens):,}", what=said(values.label), largest=f"{largest:.2g}"
        )
        strengths = np.nan_to_num(values.values, nan=0.0) / max(largest, 1e-30)
        return TokenStripData(tokens, None, strengths, locked, reads, read_by, caption)
    if row is not None and locked is not None and len(row) == len(tokens):
        caption = tr("{n} tokens · tint = weight, strongest {largest}").format(
            n=f"{len(tokens):,}", largest=f"{row.max():.2g}"
        )
        strengths = row / max(float(row.max()), 1e-30)
        return TokenStripData(tokens, None, strengths, locked, reads, read_by, caption)
    return TokenStripData(tokens, categories, None, locked, reads, read_by, caption)


# Buckets ------------------------------------------------------------------------------------------------------------


def buckets_data(pane: Pane, run: RunState, tokens: Sequence[str]) -> BucketsData | None:
    """The bucket view's record from the recorded groups, order and blocks; None where the run has none."""
    data = [step.data for step in run.steps]
    groups = next((each for each in data if isinstance(each, Groups)), None)
    order = next((each for each in data if isinstance(each, Order)), None)
    blocks = next((each for each in data if isinstance(each, Blocks)), None)
    if groups is None or order is None or blocks is None or run.spec is None:
        return None
    return BucketsData(
        tokens=tokens,
        labels=np.asarray(groups.labels[0]),
        order=np.asarray(order.positions[0]),
        bucket_count=groups.count,
        chunk_length=blocks.length,
        look_back=blocks.look_back,
        causal=run.spec.causal,
        round_share=round_share(data),
        locked=pane.locked if 0 <= pane.locked < run.spec.length else None,
    )


def round_share(data: Sequence[object]) -> np.ndarray | None:
    """[round, position]: exp(z_r − z), the share of each round in the output, from the recorded normalisers.

    They sum to 1, and to 0 for a token that reads only itself, as its last resort, in every round.
    """
    normalisers = [np.asarray(each.normaliser[0]) for each in data if isinstance(each, PairValues)]
    rounds = next((each for each in normalisers if each.ndim == 2), None)
    total = next((each for each in normalisers if each.ndim == 1), None)
    if rounds is None or total is None:
        return None
    with np.errstate(invalid="ignore"):
        share = np.exp(rounds - total[None])
    return np.nan_to_num(share, nan=0.0)


def bucket_stage(steps: Sequence[Step], index: int, fraction: float) -> tuple[BucketStage, float]:
    """The chapter of the bucket story that a step belongs to."""
    stages = {Groups: BucketStage.HASH, Order: BucketStage.SORT, Blocks: BucketStage.CHUNK}
    reached = BucketStage.TOKENS
    for number, step in enumerate(steps[: index + 1]):
        stage = stages.get(type(step.data))
        if isinstance(step.data, PairValues):
            stage = BucketStage.ATTEND if np.asarray(step.data.normaliser).ndim == 3 else BucketStage.ROUNDS
        if stage is not None:
            reached = stage
            if number == index:
                return reached, fraction
    return reached, 1.0 if reached != BucketStage.TOKENS else fraction


# Forms --------------------------------------------------------------------------------------------------------------


def form_fields(pane: Pane) -> tuple[FormField, ...]:
    """The parameter form of the chosen variant, and the seed."""
    variant, parameters = variant_named(pane.variant), pane.parameters()
    comes_to = variant.automatic(parameters, pane.length)
    fields = tuple(field_of(each, parameters[each.name], comes_to.get(each.name)) for each in variant.settings)
    seed = FormField("seed", "integer", tr("Seed"), tr("Every random draw follows from it."), pane.seed, 0, 999_999)
    return (*fields, seed)


def field_of(setting: Parameter, value: object, comes_to: int | None = None) -> FormField:
    """``comes_to``: what the parameter is where its value leaves that to the variant."""
    return FormField(
        name=setting.name,
        kind=setting.kind,
        label=said(setting.label),
        help=said(setting.help),
        value=value,
        minimum=setting.minimum,
        maximum=setting.maximum,
        choices=setting.choices,
        unit=unit_in_words(setting.unit),
        zero=said(setting.zero),
        comes_to=comes_to,
    )


def unit_in_words(unit: str) -> str:
    """A unit behind its number, where some languages count things with a word of their own."""
    return tr("tokens") if unit == "tokens" else said(unit)


# Sentences ----------------------------------------------------------------------------------------------------------


def length_note(run: RunState) -> str:
    """What happened to the text to make the length."""
    if run.tokens is None:
        return ""
    n, own = len(run.tokens.ids), run.tokens.text_tokens
    if run.tokens.cut:
        return tr("longer text, cut")
    if own < n:
        times = n / own
        return tr("text repeats {times}×").format(times=f"{times:.0f}" if times >= 10 else f"{times:.1f}")
    return tr("whole text")


def notes_on_weights(pane: Pane) -> tuple[str, ...]:
    """What is true of the weights in use: trained with what, for which direction, on texts of which length."""
    variant, weights = variant_named(pane.variant), pane.weight_set()
    notes = []
    if weights.serves(variant, pane.parameters()):
        notes.append(tr("The weights were trained with this attention."))
        others = weights.other_values(variant, pane.parameters())
        if others:
            settings = {setting.name: setting for setting in variant.settings}
            told = ((settings[name], value) for name, value in others.items())
            values = tr(", ").join(
                setting_in_words(said(setting.label), value_in_words(_listed(value), setting.zero))
                for setting, value in told
            )
            notes.append(tr("In training: {values}; Ctrl+R sets them.").format(values=values))
    else:
        trained = said(variant_named(weights.trained_with).label)
        notes.append(tr("The weights were trained with {trained} attention; {label} replaces it.").format(
            trained=trained, label=said(variant.label)))  # fmt: skip
        if variant.weights_note:
            notes.append(said(variant.weights_note))
        if pane.layer > 0:
            notes.append(tr("{label} runs in the layers below, too.").format(label=said(variant.label)))
    if not pane.causal and weights.direction == "causal":
        notes.append(tr("The weights were trained causally; this run is bidirectional."))
    if pane.length > weights.trained_length:
        notes.append(tr("Texts longer than {n} tokens were not seen in training.").format(
            n=f"{weights.trained_length:,}"))  # fmt: skip
    return tuple(notes)


def bucket_view_possible(run: RunState) -> bool:
    kinds = {kind_of(step.data) for step in run.steps}
    return {"groups", "order", "blocks"} <= kinds


def round_count(run: RunState) -> int:
    groups = next((step.data for step in run.steps if isinstance(step.data, Groups)), None)
    return groups.labels.shape[1] if groups is not None else 0
