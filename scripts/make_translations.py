"""Bring the translations up to date: find every string that the window shows, merge, compile, say what is missing.

    .venv/bin/python scripts/make_translations.py

Strings stand in tr("…") in app and widgets, in tables (actions, problems, variants, samples), and in engines, which
never import Qt: what they say is found by reading their source. All of them go, one line each, into a file that lupdate
reads; lrelease makes of resources/translations/*.ts the *.qm that the window loads. See docs/translation.md.
"""

from __future__ import annotations

import ast
import json
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import PySide6

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

FOLDER = ROOT / "resources" / "translations"
LANGUAGES = ("zh_CN",)
ENGINES = "engines"  # the context of widgets.given_words

Message = tuple[str, str]  # context, English

SAID_BY = {
    "Choice": (1,),
    "Cloud": (0,),
    "Curve": (0, 1),
    "Extent": (0,),
    "HeatMap": (1, 2),
    "Line": (0,),
    "Mark": (0,),
    "Progress": (1,),
    "Quantity": (0, 2),
    "Scatter": (0, 1),
    "TokenValues": (0,),
    "Words": (0,),
    "Band": (0,),
    "Intervals": (0,),
    "ListedBlocks": (0,),
    "english": (0,),
    "phase": (0,),
    "step": (0,),
}
"""What an engine makes -> which of its arguments are words."""
SAID_AS = {"x_label", "y_label", "row_label", "column_label", "label", "what", "reason", "name", "unit"}
"""Arguments by name that are words, of the same and of a Problem."""
CARDS = {"card", "how", "rows"}
"""Names of cards: rows of name and value."""


class Untranslatable(ValueError):
    """Words that are put together before anybody could translate them."""


# Reading the source -------------------------------------------------------------------------------------------------


def modules(*packages: str) -> Iterator[tuple[str, ast.Module]]:
    """Every file of these packages, by its module's name."""
    for package in packages:
        for path in sorted((ROOT / package).rglob("*.py")):
            name = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
            yield name, parsed(path)


@cache
def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), str(path.relative_to(ROOT)))


def called(node: ast.Call) -> str:
    """The last part of what is called: "tr" of ``self.tr(…)``."""
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")


def text_of(node: ast.expr) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def helper_context(function: ast.FunctionDef) -> str | None:
    """The context of a function that does nothing but translate its argument."""
    returned = function.body[-1]
    if not isinstance(returned, ast.Return) or not isinstance(returned.value, ast.Call):
        return None
    call = returned.value
    is_helper = called(call) == "translate" and len(call.args) == 2 and isinstance(call.args[1], ast.Name)
    return text_of(call.args[0]) if is_helper else None


def helpers() -> dict[str, dict[str, str]]:
    """Module -> the names by which it calls a translating helper -> its context."""
    trees = dict(modules("app", "widgets"))
    own = {
        module: {
            node.name: context
            for node in tree.body
            if isinstance(node, ast.FunctionDef) and (context := helper_context(node))
        }
        for module, tree in trees.items()
    }
    known = {module: dict(names) for module, names in own.items()}
    for module, tree in trees.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and node.module in own:
                for alias in node.names:
                    if alias.name in own[node.module]:
                        known[module][alias.asname or alias.name] = own[node.module][alias.name]
    return known


class Marked(ast.NodeVisitor):
    """The strings of one module that are translated where they stand."""

    def __init__(self, module: str, names: dict[str, str]) -> None:
        self.module, self.names = module, names
        self.class_name = ""
        self.found: list[Message] = []
        self.variable: list[str] = []  # places where a variable is translated: its words must be in a table

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        outer, self.class_name = self.class_name, node.name
        self.generic_visit(node)
        self.class_name = outer

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        if helper_context(node) is None:
            self.generic_visit(node)

    def visit_Call(self, node: ast.Call) -> None:
        self.generic_visit(node)
        name = called(node)
        if isinstance(node.func, ast.Attribute) and name == "tr" and self.class_name:
            self.add(self.class_name, node.args[0])
        elif isinstance(node.func, ast.Name) and name in self.names:
            self.add(self.names[name], node.args[0])
        elif name == "translate" and len(node.args) == 2 and (context := text_of(node.args[0])):
            self.add(context, node.args[1])

    def add(self, context: str, node: ast.expr) -> None:
        text = text_of(node)
        if text is None:
            self.variable.append(f"{self.module}:{node.lineno}")
        elif text:
            self.found.append((context, text))


def marked() -> tuple[list[Message], list[str]]:
    """What app and widgets translate where it stands; and where they translate a variable."""
    found: list[Message] = []
    variable: list[str] = []
    names = helpers()
    for module, tree in modules("app", "widgets"):
        visitor = Marked(module, names[module])
        visitor.visit(tree)
        found += visitor.found
        variable += visitor.variable
    return found, variable


def said_in(node: ast.expr, where: str) -> Iterator[str]:
    """The strings that an argument can be; what comes from elsewhere is found there."""
    if isinstance(node, ast.IfExp):
        yield from said_in(node.body, where)
        yield from said_in(node.orelse, where)
    elif isinstance(node, ast.JoinedStr | ast.BinOp):
        parts = node.values if isinstance(node, ast.JoinedStr) else [node.left, node.right]
        if any(sign.isalpha() for part in parts for sign in text_of(part) or ""):
            raise Untranslatable(f"{where}:{node.lineno}: make a template of it, Words(“… {{n}} …”, {{“n”: …}})")
    elif text := text_of(node):
        yield text


def card_words(node: ast.AST, where: str) -> Iterator[str]:
    """The names of a card's rows, and the values that are words."""
    for each in ast.walk(node):
        if isinstance(each, ast.Tuple) and len(each.elts) == 2 and text_of(each.elts[0]):
            yield str(text_of(each.elts[0]))
            if text := text_of(each.elts[1]):
                yield text
        elif isinstance(each, ast.Dict):
            yield from (text for key in each.keys if key is not None and (text := text_of(key)))


def in_engines() -> Iterator[str]:
    """What engines say, from their source."""
    for module, tree in modules("engines"):
        if module == "engines.train" or module.startswith(("engines.training", "engines.outside")):
            continue  # people meet them on the command line alone
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and called(node) in SAID_BY:
                for place in SAID_BY[called(node)]:
                    if place < len(node.args):
                        yield from said_in(node.args[place], module)
            if isinstance(node, ast.Call) and (called(node) in SAID_BY or called(node) == "Problem"):
                for keyword in node.keywords:
                    if keyword.arg in SAID_AS:
                        yield from said_in(keyword.value, module)
            if isinstance(node, ast.keyword) and node.arg in CARDS:
                yield from card_words(node.value, module)
            if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name | ast.Subscript):
                target = node.targets[0]
                if getattr(target, "id", "") in CARDS:
                    yield from card_words(node.value, module)
                if isinstance(target, ast.Subscript) and getattr(target.value, "id", "") in CARDS:
                    yield from (text for text in [text_of(target.slice)] if text)


# Tables -------------------------------------------------------------------------------------------------------------


def in_tours() -> Iterator[str]:
    """Names, captions and notes of the tours that ship."""
    for path in sorted((ROOT / "resources" / "tours").glob("*.attnscope")):
        for scene in json.loads(path.read_text(encoding="utf-8"))["scenes"]:
            yield from (scene["name"], scene["caption"], scene["notes"])


def in_variants() -> Iterator[str]:
    """What variants and studies declare."""
    from engines.studies import general_studies
    from engines.variants import variants

    for variant in variants().values():
        yield from (variant.label, variant.short_label, variant.summary, variant.weights_note, variant.mask_reason)
        yield from (*variant.masks, *variant.step_names)
        for setting in variant.settings:
            yield from (setting.label, setting.help, setting.unit, setting.per)
            yield from (choice for choice in setting.choices if any(sign.isalpha() for sign in choice))
        for study in variant.studies:
            yield from (study.label, study.help)
    for study in general_studies():
        yield from (study.label, study.help)


def in_tables() -> Iterator[Message]:
    """Words of tables, which are translated by variable."""
    from app.actions import ACTIONS
    from app.panels import LANGUAGES as TEXTS
    from engines.problems import SENTENCES
    from engines.samples import images, samples

    for action in ACTIONS:
        yield from (("actions", text) for text in (action.menu, action.label, action.help))
    yield from (("problems", sentence) for sentence in SENTENCES.values())
    yield from ((ENGINES, text) for text in (*TEXTS.values(), *(each.title for each in (*samples(), *images()))))
    yield from ((ENGINES, text) for text in in_tours())
    yield from ((ENGINES, text) for text in (*in_variants(), "fused", "textbook", "on", "off", "none", "head"))


@cache
def found() -> list[Message]:
    """Every string that the window can show, in the order of the file."""
    engines = [(ENGINES, text) for text in in_engines()]
    return sorted({(context, text) for context, text in (*marked()[0], *in_tables(), *engines) if text})


# Files --------------------------------------------------------------------------------------------------------------


def tool(name: str) -> str:
    """A program of Qt's that comes with PySide6."""
    folder = Path(PySide6.__file__).parent
    return str(next(path for path in (folder / name, folder / f"{name}.exe") if path.exists()))


def quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'


def extract(ts: Path) -> None:
    """Merge what is found into a file of translations: new strings come in unfinished, unused ones go."""
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "words.py"
        lines = (f"QCoreApplication.translate({quoted(context)}, {quoted(text)})" for context, text in found())
        source.write_text("\n".join(lines) + "\n", encoding="utf-8")
        language = ts.stem.removeprefix("attnscope_")
        options = ["-locations", "none", "-no-obsolete", "-sort-messages", "-silent"]
        languages = ["-source-language", "en", "-target-language", language]
        subprocess.run([tool("lupdate"), *options, *languages, str(source), "-ts", str(ts)], check=True)


def release(ts: Path, qm: Path) -> None:
    """Compile a file of translations; what is unfinished is left out."""
    subprocess.run([tool("lrelease"), "-silent", "-nounfinished", str(ts), "-qm", str(qm)], check=True)


def messages(ts: Path) -> dict[Message, str]:
    """The translations of a file, "" where there is none or it is not finished."""
    read: dict[Message, str] = {}
    for context in ElementTree.parse(ts).getroot().iter("context"):
        for message in context.iter("message"):
            translation = message.find("translation")
            done = translation is not None and translation.get("type") is None
            text = (translation.text or "") if translation is not None and done else ""
            read[context.findtext("name", ""), message.findtext("source", "")] = text
    return read


def main() -> int:
    FOLDER.mkdir(exist_ok=True)
    missing = 0
    for language in LANGUAGES:
        ts = FOLDER / f"attnscope_{language}.ts"
        extract(ts)
        release(ts, ts.with_suffix(".qm"))
        read = messages(ts)
        untranslated = [message for message, text in read.items() if not text]
        for context, text in untranslated:
            print(f"{context}: {text}")
        print(f"{ts.relative_to(ROOT)}: {len(read)} strings, {len(untranslated)} without a finished translation")
        missing += len(untranslated)
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
