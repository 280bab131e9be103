"""English words that a person sees. The window translates them; a notebook and the command line read them as they are.

The translation finds them by reading the source (``scripts/make_translations.py``): the templates of ``Words``, the
titles and labels that are written where a panel, a line, a step is made, and whatever else stands in ``english("…")``.
"""

from __future__ import annotations

from collections.abc import Mapping


class Words(str):
    """A sentence with values: the English template, which the window translates, and its values by name.

    As a string it is the English sentence. Values that are words themselves are translated, too.
    """

    template: str
    values: Mapping[str, object]

    def __new__(cls, template: str, values: Mapping[str, object] | None = None) -> Words:
        given = dict(values or {})
        sentence = super().__new__(cls, template.format(**given))
        sentence.template, sentence.values = template, given
        return sentence

    def __reduce__(self) -> tuple[object, ...]:
        return Words, (self.template, self.values)


NO_WORDS = Words("")


def english(text: str) -> str:
    """The text itself: marks it as words that a person sees, where nothing else does."""
    return text
