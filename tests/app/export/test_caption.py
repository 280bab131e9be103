"""Figures in words: every number is the run's; papers as BibTeX."""

import re

import pytest

from app.export.caption import bibtex, caption_of, title_of
from app.run_state import RunState
from app.session import Pane, Text
from engines.variant import Paper
from engines.variants import variants
from tests.app.runs import known_of, run_of


def pane_of(variant, **more):
    return Pane(variant, {}, length=40, layer=1, head=2, **more)


def test_the_picture_in_words():
    run = run_of("reformer", 40, chunk_length=8, rounds=4)
    pane = pane_of("reformer", text=Text("sample", "hamlet"))
    pane = Pane(**{**vars(pane), "settings": {"reformer": {"chunk_length": 8, "rounds": 4}}})
    share = 100 * run.traced(1, 2).pairs_kept / (40 * 41 / 2)
    told = caption_of(pane, known_of(run))
    assert told.startswith("Reformer, chunk length 8")
    assert f"{share:.1f} % of the causal pairs kept; layer 2, head 3, 40 tokens of Hamlet." in told
    assert title_of(pane) == "Reformer · 40 tokens · layer 2, head 3"


def test_a_question_ends_with_its_mark_alone():
    told = caption_of(pane_of("full", view="needle"), RunState())
    assert "?" in told
    assert "?." not in told


def test_without_a_run_no_share_is_told():
    told = caption_of(pane_of("reformer"), RunState())
    assert "%" not in told
    assert "layer 2, head 3, 40 tokens" in told


@pytest.mark.parametrize("name", list(variants()))
def test_every_variant_is_told_in_whole_sentences(name):
    told = caption_of(pane_of(name, view="weights", locked=7, logarithmic=True), RunState())
    assert told.startswith("The attention weights. ")
    assert told.endswith("Colours are logarithmic.")
    assert "Token 7 is locked." in told
    assert ("reconstructed" in told) == variants()[name].implied_weights
    assert "{" not in told


def test_a_text_is_called_by_its_title_or_its_file():
    known = RunState()
    assert "40 tokens of thesis.txt." in caption_of(pane_of("full", text=Text("file", "/somewhere/thesis.txt")), known)
    assert "40 tokens of a text of one’s own." in caption_of(pane_of("full", text=Text("typed", "secret")), known)


@pytest.mark.parametrize("name", list(variants()))
def test_every_paper_is_an_entry(name):
    paper = variants()[name].paper
    entry = bibtex(paper)
    key = re.match(r"@(inproceedings|misc)\{([a-z]+\d{4}[a-z]+),\n", entry)
    assert key is not None
    assert key[1] == ("inproceedings" if paper.venue else "misc")
    assert entry.count("{") == entry.count("}")
    assert str(paper.year) in entry
    assert not paper.arxiv or f"{{{paper.arxiv}}}" in entry
    assert "et al" not in entry
    assert "others" not in entry
    first, *_ = authors = re.search(r"author +=\s\{(.*)\},\n", entry)[1].split(" and ")
    assert all(re.fullmatch(r"\S.*, \S.*", author) for author in authors), "last name, first name"
    assert paper.authors.startswith(first.partition(",")[0])


def test_an_entry_in_full():
    paper = Paper("Kitaev, Kaiser", "The Efficient & the Rest", 2020, "2001.04451", "ICLR 2020")
    assert bibtex(paper) == (
        "@inproceedings{kitaev2020efficient,\n"
        "  author        = {Kitaev and Kaiser},\n"
        "  title         = {{The Efficient \\& the Rest}},\n"
        "  year          = {2020},\n"
        "  booktitle     = {ICLR 2020},\n"
        "  eprint        = {2001.04451},\n"
        "  archivePrefix = {arXiv}\n"
        "}"
    )
    assert "author        = {Vaswani and others}" in bibtex(Paper("Vaswani et al.", "A", 2017, ""))
