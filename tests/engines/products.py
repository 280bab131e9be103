"""Products as a person reads them, held against the rule of matrices: rows by columns."""

from __future__ import annotations

from engines.trace import Extent, Products


def products_of(data: Products) -> list[str]:
    """Each line in words; AssertionError where its sizes do not fit its signs."""
    lines: list[list[Extent]] = []
    for extent in data.extents:
        if extent.sign:
            lines[-1].append(extent)
        else:
            lines.append([extent])
    for line in lines:
        check(line)
    return [" ".join(part for extent in line for part in (extent.sign, extent.name) if part) for line in lines]


def check(line: list[Extent]) -> None:
    signs = tuple(extent.sign for extent in line)
    if signs in (("", "·", "="), ("", "·", "→")):
        left, right, made = line
        assert left.columns == right.rows
        assert (left.rows, right.columns) == (made.rows, made.columns)
    elif signs == ("", "→"):  # a map of each row, or means of rows
        assert line[0].columns == line[1].columns or line[0].rows == line[1].rows
    else:
        assert signs == ("",)
        assert line[0].role == "never made"
