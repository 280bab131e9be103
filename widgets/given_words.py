"""Words that come with the data, in the window's language."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

CONTEXT = "engines"
"""Under which the translation keeps what engines and tables say."""


def said(text: str) -> str:
    """The words translated. A name that nobody knows (a variant of one's own, a file) stays as it is.

    Words that carry their ``template`` and its ``values`` by name are translated as such; values that are words, too.
    """
    template, values = getattr(text, "template", ""), getattr(text, "values", {})
    if not template:
        return QCoreApplication.translate(CONTEXT, text) if text else ""
    filled = {name: said(value) if isinstance(value, str) else value for name, value in values.items()}
    return QCoreApplication.translate(CONTEXT, template).format(**filled)
