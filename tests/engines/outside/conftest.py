"""Files of somebody's own: each defines full attention under another name, with whatever is to be wrong in it."""

from __future__ import annotations

import textwrap
from collections.abc import Callable
from pathlib import Path

import pytest

import engines.variants

SOURCE = """\
import torch
from engines.patterns import Pattern, dense
from engines.problems import Problem
from engines.study import Curve, Line, Panel, Study, Words
from engines.trace import SILENT, Blocks, Extent, Groups, Matrix, Order, Pairs, PairValues, Products, Segments
from engines.variant import Cost, Inputs, Paper, Parameter
from engines.variants.full import Full


class Mine(Full):
    name, label = "mine", "Mine"
{body}

VARIANT = Mine()
"""
FIRST_LINE = SOURCE[: SOURCE.index("{body}")].count("\n") + 1  # of the body, in the file


def source(body: str = "") -> str:
    """The text of a file; ``body`` is put into the class."""
    return SOURCE.format(body=textwrap.indent(textwrap.dedent(body), "    "))


@pytest.fixture(autouse=True)
def nobody_else(monkeypatch: pytest.MonkeyPatch) -> None:
    """No variant from outside is left for other tests."""
    monkeypatch.setattr(engines.variants, "_from_outside", {})


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """Writes such a file, and says where."""

    def write_one(body: str = "", name: str = "mine.py") -> Path:
        path = tmp_path / name
        path.write_text(source(body), encoding="utf-8")
        return path

    return write_one
