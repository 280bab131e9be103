"""A number's card as a tooltip and as text to paste, in the window's language."""

from __future__ import annotations

from html import escape

from widgets.given_words import said
from widgets.view_data import Card, Theme


def card_html(card: Card, theme: Theme, heading: str = "") -> str:
    """A table of two columns for a tooltip, names muted; ``heading`` in bold above it."""
    rows = "".join(
        f'<tr><td style="color:{theme.muted}; padding-right:12px; white-space:nowrap">{escape(said(name))}</td>'
        f'<td style="white-space:pre-wrap">{escape(said(value))}</td></tr>'
        for name, value in card.rows
    )
    title = f'<div style="font-weight:600; margin-bottom:4px">{escape(heading)}</div>' if heading else ""
    return f'{title}<table cellspacing="0" cellpadding="1">{rows}</table>'


def card_plain(card: Card, heading: str = "") -> str:
    """One line per row, "name: value", under ``heading``."""
    lines = [heading] if heading else []
    return "\n".join(lines + [f"{said(name)}: {said(value)}" for name, value in card.rows])
