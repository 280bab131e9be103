"""Counts as people read them: by thousands, or in a language that counts by ten thousands, by those."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication


def tr(text: str) -> str:
    return QCoreApplication.translate("counts", text)


def count_text(value: float, units_from: float = 1e3) -> str:
    """A count or a ratio in three digits: 8.39 M, 839 万; without a unit below ``units_from``: 1,023 or 35.2."""
    step = int(tr("1000"))  # 10000 where the units go by ten thousands
    units = tr("k"), tr("M"), tr("G"), tr("T")
    for power in range(len(units), 0, -1):
        scale = float(step**power)
        if value >= 0.9995 * scale and value >= 0.9995 * units_from:
            return f"{float(f'{value / scale:.3g}'):,.10g} {units[power - 1]}"
    return f"{value:,.0f}" if value >= 100 or value == int(value) else f"{value:.3g}"
