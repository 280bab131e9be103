"""Variants from outside: an object that an installed package names, or a Python file with ``VARIANT``.

Loading runs their code, with all rights of whoever runs it: only in the engine process or a command, and only because
somebody installed the package, or named this very file.
"""

from __future__ import annotations

import hashlib
import inspect
import sys
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from types import ModuleType

from engines.description import GROUP, in_words
from engines.outside.guard import one_line, reason_of
from engines.outside.guarded_variant import OutsideVariant
from engines.problems import Problem
from engines.variant import Variant
from engines.variants import register

LARGEST_BYTES = 5_000_000


def add_installed() -> tuple[list[OutsideVariant], list[Problem]]:
    """Load and register what installed packages offer: the variants, and a sentence for each that cannot be."""
    added, problems = [], []
    for point in sorted(entry_points(group=GROUP), key=lambda each: each.name):
        try:
            added.append(added_variant(loaded(point), source_of(point)))
        except Problem as problem:
            problems.append(problem)
    return added, problems


def add_file(path: str | Path) -> OutsideVariant:
    """Run a Python file, and register its ``VARIANT``; a Problem where it has none that could be used."""
    file = Path(path).expanduser().absolute()
    module = module_from(file)
    if not hasattr(module, "VARIANT"):
        raise Problem("no_variant_in_file", path=file.name)
    return added_variant(module.VARIANT, str(file))


def added_variant(given: object, source: str) -> OutsideVariant:
    """A variant, or its class, checked and registered under its name."""
    variant = OutsideVariant(instance_of(given, source), source)
    register(variant, source)
    return variant


def instance_of(given: object, source: str) -> Variant:
    """The variant itself; a class is called without arguments."""
    if isinstance(given, type) and issubclass(given, Variant):
        missing = ", ".join(sorted(getattr(given, "__abstractmethods__", ())))
        if inspect.isabstract(given):
            raise Problem(
                "variant_incomplete", source=in_words(source), name=missing, expected="written", arrived="missing"
            )
        try:
            return given()
        except (Exception, SystemExit) as error:
            reason = reason_of(error, str(getattr(sys.modules.get(given.__module__), "__file__", "")))
            raise Problem("variant_import_failed", source=in_words(source), reason=reason) from error
    if not isinstance(given, Variant):
        raise Problem("not_a_variant", source=in_words(source), arrived=one_line(type(given).__name__))
    return given


# Packages -----------------------------------------------------------------------------------------------------------


def source_of(point: EntryPoint) -> str:
    """The package, and where in it."""
    package = point.dist.name if point.dist else "an installed package"
    return f"{package} ({point.value})"


def loaded(point: EntryPoint) -> object:
    try:
        return point.load()
    except (Exception, SystemExit) as error:
        file = getattr(sys.modules.get(point.module), "__file__", None) or last_file(error)
        raise Problem("variant_import_failed", source=source_of(point), reason=reason_of(error, file)) from error


def last_file(error: BaseException) -> str:
    """The file in which an exception was raised."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    name = trace.tb_frame.f_code.co_filename if trace else ""
    return "" if name.startswith("<") else name


# Files --------------------------------------------------------------------------------------------------------------


def module_from(file: Path) -> ModuleType:
    """Run a file as a module of its own; the text as it is now, so that an edited file is never an earlier one."""
    source = source_text(file)
    try:
        code = compile(source, str(file), "exec", dont_inherit=True)
    except (SyntaxError, ValueError) as error:  # a null byte is a ValueError on some versions
        line = getattr(error, "lineno", None) or 1
        reason = one_line(getattr(error, "msg", None) or str(error))
        raise Problem("not_python", path=file.name, reason=reason, line=line) from None
    name = "attnscope_added_" + hashlib.sha256(str(file).encode(errors="surrogateescape")).hexdigest()[:16]
    module = ModuleType(name)
    module.__file__ = str(file)
    before = sys.modules.get(name)
    sys.modules[name] = module  # dataclasses and tracebacks look there
    try:
        exec(code, module.__dict__)
    except (Exception, SystemExit) as error:
        restore(name, before)
        raise Problem("variant_import_failed", source=file.name, reason=reason_of(error, str(file))) from error
    return module


def restore(name: str, before: ModuleType | None) -> None:
    """Put back the module that had this name, or none."""
    if before is None:
        del sys.modules[name]
    else:
        sys.modules[name] = before


def source_text(file: Path) -> bytes:
    """The file's bytes; their encoding is Python's to read."""
    try:
        if file.stat().st_size > LARGEST_BYTES:
            raise Problem("not_python", path=file.name, reason="it is too large for a program", line=1)
        return file.read_bytes()
    except OSError as error:
        raise Problem("cannot_read_file", path=str(file), reason=error.strerror or str(error)) from None
