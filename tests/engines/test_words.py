"""Words are their English, and keep what a translation needs."""

import pickle

from engines.words import NO_WORDS, Words, english


def test_words_are_the_sentence_with_its_values():
    words = Words("{n} of {whole:,}", {"n": 3, "whole": 4096})
    assert words == "3 of 4,096"
    assert f"{words}!" == "3 of 4,096!"
    assert not NO_WORDS
    assert english("window") == "window"


def test_they_cross_to_another_process_whole():
    words = Words("head {n}: {what}", {"n": 3, "what": Words("at {place}", {"place": 1})})
    back = pickle.loads(pickle.dumps(words))
    assert (back, back.template, back.values) == (words, words.template, words.values)
    assert back.values["what"].template == "at {place}"
