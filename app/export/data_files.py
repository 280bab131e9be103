"""Data into a file: NPZ, JSON, CSV, Parquet; each with its card, each whole or not at all, and read back bit by bit.

NPZ and JSON hold any number of arrays. CSV and Parquet hold one table: a row for each value, with its places on the
axes before it; of pairs only those that are kept.
"""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from app.export.data import Data, check_total
from app.export.formats import check_named, has_extension
from app.export.image import save_bytes
from app.export.replacing import replacing
from engines.problems import Problem
from engines.step_arrays import NamedArray

MOST_AS_TEXT = 1 << 22  # values, each some ten signs
CARD = "card"


def save_data(data: Data, path: Path) -> Path:
    """Write the data in the format that the extension names (NPZ where there is none); the path that was written.

    A Problem where it does not fit the format, or the file cannot be written; an old file is then as it was.
    """
    path = with_extension(path)
    write = WRITERS.get(path.suffix.lower())
    if write is None:
        raise Problem("unknown_extension", path=path.name, choices=", ".join(WRITERS))
    if path.suffix.lower() in (".csv", ".json"):
        check_total(data, MOST_AS_TEXT)
    write(data, path)
    return path


def with_extension(path: Path) -> Path:
    """The path with an extension, where it has none."""
    check_named(path)
    return path if has_extension(path) else path.with_name(path.name + ".npz")


def card_of(data: Data) -> Mapping[str, object]:
    """The card with what says where each array's axes begin."""
    axes = {each.name: [list(axis) for axis in zip(each.axes, each.starts, strict=True)] for each in data.arrays}
    return {**data.card, "axes": axes}


def save_npz(data: Data, path: Path) -> None:
    """The arrays by name, and the card as a string; nothing in it is pickled."""
    entries: dict[str, Any] = {each.name: each.values for each in data.arrays}
    entries[CARD] = np.array(json.dumps(card_of(data), default=str))
    with replacing(path) as partial, partial.open("wb") as file:
        np.savez_compressed(file, allow_pickle=False, **entries)


def save_json(data: Data, path: Path) -> None:
    """{"card": …, "arrays": {name: {"dtype", "values"}}}; nan is null, infinity "inf" or "-inf"."""
    arrays = {each.name: {"dtype": each.values.dtype.name, "values": plain(each.values)} for each in data.arrays}
    content = {CARD: card_of(data), "arrays": arrays}
    save_bytes(json.dumps(content, ensure_ascii=False, default=str, allow_nan=False).encode(), path)


def plain(values: np.ndarray) -> Any:
    """Lists of numbers that JSON knows; a number of 32 bits is written with the digits of its 64."""
    if values.dtype.kind != "f" or np.isfinite(values).all():
        return values.tolist()
    listed = values.astype(object)
    listed[np.isnan(values)] = None
    listed[np.isposinf(values)], listed[np.isneginf(values)] = "inf", "-inf"
    return listed.tolist()


def table_of(data: Data, format_: str) -> dict[str, np.ndarray]:
    """The one array as columns: its axes, and its values; a Problem where there are several arrays."""
    if len(data.arrays) != 1:
        choices = ", ".join(each.name for each in data.arrays)
        raise Problem("one_table", format=format_, count=len(data.arrays), choices=choices)
    array = data.arrays[0]
    wanted = is_kept(array) if data.pairs else np.ones(array.values.shape, np.bool_)
    places = np.nonzero(wanted)
    axes = zip(array.axes, places, array.starts, strict=True)
    return {**{axis: place + start for axis, place, start in axes}, array.name: array.values[wanted]}


def is_kept(array: NamedArray) -> np.ndarray:
    return ~np.isnan(array.values) if array.values.dtype.kind == "f" else array.values >= 0


def arrow_table(data: Data, format_: str) -> Any:
    import pyarrow

    return pyarrow.table({name: pyarrow.array(values) for name, values in table_of(data, format_).items()})


def save_csv(data: Data, path: Path) -> None:
    """Lines that begin with # hold the card; then a heading, and a line for each value."""
    from pyarrow import csv

    table = arrow_table(data, "CSV")
    said = f"# Attnscope\n# {CARD} {json.dumps(card_of(data), ensure_ascii=False, default=str)}\n"
    lines = io.BytesIO()
    csv.write_csv(table, lines)
    save_bytes(said.encode() + lines.getvalue(), path)


def save_parquet(data: Data, path: Path) -> None:
    """A table whose schema carries the card."""
    from pyarrow import parquet

    table = arrow_table(data, "Parquet")
    card = {"attnscope": json.dumps(card_of(data), ensure_ascii=False, default=str)}
    with replacing(path) as partial:
        parquet.write_table(table.replace_schema_metadata(card), partial)


WRITERS: Mapping[str, Callable[[Data, Path], None]] = {
    ".npz": save_npz,
    ".csv": save_csv,
    ".json": save_json,
    ".parquet": save_parquet,
}
"""By the file's extension."""
