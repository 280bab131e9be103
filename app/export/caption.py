"""What a figure is called, told in words, and cited as: pure functions of a pane and its run."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import reduce
from pathlib import PurePath

from PySide6.QtCore import QCoreApplication

from app import presenters
from app.run_state import RunState
from app.session import Pane
from app.views import View, difference_views, kinds_of, views_of
from engines.samples import sample_named
from engines.variant import Paper
from engines.variants import variant_named
from widgets.given_words import said

ENDS = tuple(".!?…。！？")  # of sentences
SHORT_WORDS = frozenset({"a", "an", "the", "on", "with", "is", "all", "for", "of"})  # no keys of a bibliography


def tr(text: str) -> str:
    return QCoreApplication.translate("caption", text)


def title_of(pane: Pane) -> str:
    """One line above a figure."""
    return tr("{label} · {n} tokens · layer {layer}, head {head}").format(
        label=said(variant_named(pane.variant).label), n=f"{pane.length:,}", layer=pane.layer + 1, head=pane.head + 1
    )


def caption_of(pane: Pane, known: RunState, view: str = "", recorded: str = "") -> str:
    """The figure in words, its numbers from the run: "Reformer, rounds 4: 3.1 % of the causal pairs kept; layer 2, …".

    ``view`` is the one that is shown, where it is not the pane's; ``recorded`` where and when the run was made, where
    it is not of this engine. Without a finished run no share is told.
    """
    views = (*views_of(pane, kinds_of(known.steps)), *difference_views())
    shown = next((each for each in views if each.name == (view or pane.view)), None)
    told = tr("{kept}; {where}.").format(kept=kept(pane, known), where=where(pane))
    sentences = [opening(shown), told, *looked_at(pane, shown)]
    return reduce(after_each_other, filter(None, (*sentences, source(recorded))))


def source(recorded: str) -> str:
    """Where and when a run was made that is not of this engine; empty for one that is."""
    return tr("Recorded on {where}.").format(where=recorded) if recorded else ""


def with_sources(caption: str, recorded: Iterable[str]) -> str:
    """A person's own words, and where and when the runs were recorded that they tell of."""
    told = [source(where) for where in dict.fromkeys(recorded)]
    ended = caption if not told or caption.endswith(ENDS) else tr("{told}.").format(told=caption)
    return reduce(after_each_other, told, ended)


def after_each_other(one: str, other: str) -> str:
    """Two sentences; some languages put no space between them."""
    return tr("{sentence} {next}").format(sentence=one, next=other)


def opening(view: View | None) -> str:
    """What kind of picture it is; the pattern speaks for itself."""
    if view is None or view.name == "pattern":
        return ""
    told, label = view.help.rstrip(".。"), view.label
    if not told or label.lower() in told.lower():
        return ended(tr("{told}.").format(told=told or label))
    return ended(tr("{label}: {told}.").format(label=label, told=presenters.lowered(told)))


def ended(sentence: str) -> str:
    """A question ends with its own mark, and no full stop behind it."""
    return sentence[:-1] if sentence[-2:-1] in ("?", "？") else sentence


def kept(pane: Pane, known: RunState) -> str:
    """The variant with its parameters, and the share of pairs that its run kept in this head."""
    variant = variant_named(pane.variant)
    told = presenters.parameters_in_words(variant, pane.parameters())
    name = said(variant.label)
    name = tr("{variant}, {parameters}").format(variant=name, parameters=told) if told else name
    mask = tr("causal") if pane.causal else tr("bidirectional")
    if variant.implied_weights:
        return tr("{name}: every {mask} pair is implied, none is scored").format(name=name, mask=mask)
    if known.traced is None or known.spec is None:
        return name
    share = presenters.percent(known.traced.pairs_kept, presenters.allowed_pairs(known.spec.length, known.spec.causal))
    return tr("{name}: {share} % of the {mask} pairs kept").format(name=name, share=share, mask=mask)


def where(pane: Pane) -> str:
    """Layer, head, length and text."""
    return tr("layer {layer}, head {head}, {n} tokens of {text}").format(
        layer=pane.layer + 1, head=pane.head + 1, n=f"{pane.length:,}", text=text_name(pane)
    )


def text_name(pane: Pane) -> str:
    """What the text is called."""
    if pane.text.kind == "sample":
        return said(sample_named(pane.text.value).title)
    return PurePath(pane.text.value).name if pane.text.kind == "file" else tr("a text of one’s own")


def looked_at(pane: Pane, view: View | None) -> list[str]:
    """What a reader must know besides: the locked token, and weights that no run ever makes."""
    told = []
    if pane.locked >= 0:
        told.append(tr("Token {position} is locked.").format(position=f"{pane.locked:,}"))
    if view is not None and view.name == "weights":
        if variant_named(pane.variant).implied_weights:
            told.append(tr("The weights are reconstructed for display."))
        if pane.logarithmic:
            told.append(tr("Colours are logarithmic."))
    return told


def bibtex(paper: Paper) -> str:
    """The paper as an entry of BibTeX; the authors in full where they are given; else "et al." becomes "and others"."""
    rows = [("author", paper.names or surnames(paper)), ("title", f"{{{paper.title}}}"), ("year", str(paper.year))]
    if paper.venue:
        rows.append(("booktitle", paper.venue))
    if paper.arxiv:
        rows += [("eprint", paper.arxiv), ("archivePrefix", "arXiv")]
    fields = ",\n".join(f"  {name:13} = {{{escaped(value)}}}" for name, value in rows)
    return f"@{'inproceedings' if paper.venue else 'misc'}{{{citation_key(paper)},\n{fields}\n}}"


def surnames(paper: Paper) -> str:
    """What is known of the authors where their names in full are not."""
    names = paper.authors.removesuffix(" et al.")
    others = " and others" if names != paper.authors else ""
    return " and ".join(name.strip() for name in names.split(",")) + others


def citation_key(paper: Paper) -> str:
    """First author, year, first word that means something: kitaev2020reformer."""
    first = re.sub(r"[^a-z]", "", re.split(r"[,\s]", paper.authors)[0].lower())
    words = [re.sub(r"[^a-z]", "", word) for word in re.split(r"[\s-]", paper.title.lower())]
    return f"{first}{paper.year}{next((word for word in words if word and word not in SHORT_WORDS), '')}"


def escaped(value: str) -> str:
    return re.sub(r"([&%$#_])", r"\\\1", value)
