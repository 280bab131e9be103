"""Several variants on one command line: each --set belongs to the --variant before it."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import Any

from app.session_file import MOST_PANES
from engines.problems import Problem


class OneMoreVariant(argparse.Action):
    """Collects ``options.variants``, (name, its settings) each; the command sets none as default."""

    def __call__(
        self, parser: argparse.ArgumentParser, namespace: argparse.Namespace, values: Any, option: str | None = None
    ) -> None:
        namespace.variants = (*namespace.variants, (values, ()))
        namespace.variant = values


class OneMoreSetting(argparse.Action):
    """A setting of the variant named last; of all of them where none is named yet."""

    def __call__(
        self, parser: argparse.ArgumentParser, namespace: argparse.Namespace, values: Any, option: str | None = None
    ) -> None:
        if variants := namespace.variants:
            name, settings = variants[-1]
            namespace.variants = (*variants[:-1], (name, (*settings, values)))
        else:
            namespace.settings = [*namespace.settings, values]


def options_of_each(options: argparse.Namespace) -> Sequence[argparse.Namespace]:
    """The options as if each variant had been asked for alone; a Problem where they are too many."""
    variants = options.variants or ((options.variant, ()),)
    if len(variants) > MOST_PANES:
        raise Problem("bad_number", what="number of variants", smallest=1, largest=MOST_PANES, value=len(variants))
    return [
        argparse.Namespace(**{**vars(options), "variant": name, "settings": [*options.settings, *settings]})
        for name, settings in variants
    ]
