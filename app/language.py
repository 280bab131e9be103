"""The window's language: which ones there are, which is chosen."""

from __future__ import annotations

from importlib import resources
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, QTranslator

from app.kept_choices import keep, kept

ENGLISH, CHINESE = "en", "zh_CN"
NAMES = {ENGLISH: "English", CHINESE: "简体中文"}
"""Every language of the window, by the name that its own people give it."""

_installed: dict[str, list[QTranslator]] = {}  # the language in use -> its translators; empty for English


def system_language() -> str:
    """The first of the system's languages that the window has; English where it has none of them."""
    for name in QLocale.system().uiLanguages():
        locale = QLocale(name)
        if locale.language() == QLocale.Language.English:
            return ENGLISH
        if locale.language() == QLocale.Language.Chinese and locale.script() == QLocale.Script.SimplifiedHanScript:
            return CHINESE
    return ENGLISH


def chosen_language(folder: Path | None) -> str:
    """What was chosen in the menu; the system's language where nothing was, or where it cannot be read."""
    chosen = kept(folder, "language")
    return chosen if chosen in NAMES else system_language()


def keep_language(language: str, folder: Path | None) -> None:
    """Keep the choice for the next starts; a Problem where it cannot be kept."""
    keep(language, folder, "language")


def use(language: str) -> None:
    """Speak this language from now on, in windows that are built afterwards."""
    for translator in _installed.pop(language_in_use(), []):
        QCoreApplication.removeTranslator(translator)
    if language == ENGLISH:
        return
    qt = Path(QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)) / f"qtbase_{language}.qm"
    with resources.as_file(resources.files("resources") / "translations" / f"attnscope_{language}.qm") as own:
        for file in (qt, own):  # the later one is asked first
            translator = QTranslator()
            if translator.load(str(file)):
                QCoreApplication.installTranslator(translator)
                _installed.setdefault(language, []).append(translator)


def language_in_use() -> str:
    """The language of the windows that are built now."""
    return next(iter(_installed), ENGLISH)
