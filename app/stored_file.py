"""Stored runs as a file: a zip of readable JSON and of plain numpy arrays, beside the session that they belong to.

Reading runs no code, follows no path and allocates no more than the file's own sizes allow; whatever is wrong with it
is one sentence.
"""

from __future__ import annotations

import io
import json
import zipfile
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import replace
from math import prod
from typing import Any

import numpy as np

from app.records import packed, unpacked
from app.stored_checks import check_stored
from app.stored_runs import StoredRun
from engines.problems import Problem
from engines.variant import Shape
from engines.variants import is_from_outside, variant_named

FORMAT = 2
SUFFIX = ".attnscope-results"
MANIFEST = "results.json"
LARGEST_BYTES = 128_000_000  # of all that is unpacked
MOST_ARRAYS = 20_000
FIRST_DATE = (1980, 1, 1, 0, 0, 0)  # of every member, so that equal runs make equal files


def file_of(runs: Iterable[StoredRun]) -> bytes:
    """The file of some runs; those of variants from outside are left out, for their code is not here to read them."""
    arrays: list[np.ndarray] = []
    own = [each for each in runs if not is_from_outside(each.key[0].variant)]
    manifest = {"format": FORMAT, "runs": [packed(plain(each), arrays) for each in own]}
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as file:
        text = json.dumps(manifest, ensure_ascii=False, indent=1)
        file.writestr(zipfile.ZipInfo(MANIFEST, FIRST_DATE), text, zipfile.ZIP_DEFLATED)
        for number, array in enumerate(arrays):
            content = io.BytesIO()
            np.lib.format.write_array(content, np.ascontiguousarray(array), allow_pickle=False)
            file.writestr(zipfile.ZipInfo(f"{number}.npy", FIRST_DATE), content.getvalue(), zipfile.ZIP_DEFLATED)
    return out.getvalue()


def plain(stored: StoredRun) -> StoredRun:
    """Without the pattern, which is made anew from the steps."""
    traced = stored.run.traced
    assert traced is not None
    run = replace(stored.run, traced=replace(traced, pattern=None), progress=None, finished=True)
    return replace(stored, run=run)


def read_runs(content: bytes, name: str) -> tuple[StoredRun, ...]:
    """The runs of a file of that name; a Problem where it is none that can be read."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as file:
            members = {each.filename: each for each in file.infolist()}
            if len(members) > MOST_ARRAYS or sum(each.file_size for each in members.values()) > LARGEST_BYTES:
                raise ValueError(f"it unpacks to more than {LARGEST_BYTES // 1_000_000} MB")
            manifest = json.loads(file.read(members[MANIFEST]))
            check_format(manifest)
            arrays = tuple(array_of(file.read(members[f"{n}.npy"])) for n in range(len(members) - 1))
        return tuple(run_of(each, arrays) for each in manifest["runs"])
    except Problem as problem:
        if problem.code == "results_newer":
            raise
        raise Problem("bad_results_file", path=name, reason=str(problem)) from None
    except (*UNREADABLE, KeyError) as error:
        reason = f"{error} is missing" if isinstance(error, KeyError) else str(error)
        raise Problem("bad_results_file", path=name, reason=shortened(reason)) from None


UNREADABLE = (
    ValueError, TypeError, IndexError, OverflowError, AttributeError, RecursionError, MemoryError, NotImplementedError,
    RuntimeError, EOFError, OSError, zipfile.BadZipFile, zlib.error,
)  # fmt: skip
"""What reading a damaged zip or JSON, or checking what it held, raises."""


def shortened(reason: str) -> str:
    return reason if len(reason) <= 120 else f"{reason[:119]}…"


def check_format(manifest: Any) -> None:
    if not isinstance(manifest, dict) or type(manifest.get("format")) is not int:
        raise ValueError("it has no format")
    if manifest["format"] > FORMAT:
        raise Problem("results_newer", format=manifest["format"], known=FORMAT)
    if manifest["format"] < 1 or not isinstance(manifest.get("runs"), list):
        raise ValueError("it holds no runs")


def array_of(content: bytes) -> np.ndarray:
    """An array of plain numbers, just as long as it says."""
    file = io.BytesIO(content)
    version = np.lib.format.read_magic(file)
    readers = {(1, 0): np.lib.format.read_array_header_1_0, (2, 0): np.lib.format.read_array_header_2_0}
    if version not in readers:
        raise ValueError("an array has an unknown version")
    shape, fortran, dtype = readers[version](file)
    rest = content[file.tell() :]
    if dtype.kind not in "biuf" or fortran or prod(shape) * dtype.itemsize != len(rest):
        raise ValueError("an array is not what it says")
    return np.frombuffer(rest, dtype).reshape(shape)


def run_of(raw: Any, arrays: Sequence[np.ndarray]) -> StoredRun:
    """A stored run, checked, with its pattern where that depends on the data."""
    stored = unpacked(raw, arrays)
    if not isinstance(stored, StoredRun):
        raise ValueError("a run is none")
    check_stored(stored)
    return with_pattern(stored)


def with_pattern(stored: StoredRun) -> StoredRun:
    spec, traced, model = stored.run.spec, stored.run.traced, stored.model
    assert spec is not None
    assert traced is not None
    variant = variant_named(spec.variant)
    if not variant.pattern_needs_steps:
        return stored
    # the steps hold one head, which is their first
    shape = Shape(spec.length, spec.length, model.heads, model.head_width, spec.layer, 0, spec.causal)
    pattern = variant.pattern(shape, variant.parameters(**dict(spec.parameters)), traced.steps)
    return replace(stored, run=replace(stored.run, traced=replace(traced, pattern=pattern)))
