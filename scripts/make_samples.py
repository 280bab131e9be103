"""Make the samples that are taken from larger texts: long excerpts, and the short ones that people know.

    python scripts/make_samples.py FOLDER_WITH_TEXTS

The folder holds kjv.txt, shakespeare.txt, songci.txt and lunyu.txt; resources/samples/ORIGINS.md says what they are.
The other samples (tale-of-two-cities, house-that-jack-built, jingyesi) were typed, and are left alone.
"""

from __future__ import annotations

import argparse
import re
from pathlib import Path

SAMPLES = Path(__file__).resolve().parent.parent / "resources" / "samples"


def between(text: str, first: str, last: str) -> str:
    """From the first mark to just before the last one."""
    start = text.index(first)
    return text[start : text.index(last, start + len(first))]


def tidy(text: str) -> str:
    """Without trailing blanks, and with one empty line at most between paragraphs."""
    lines = "\n".join(line.rstrip() for line in text.splitlines())
    return re.sub(r"\n{3,}", "\n\n", lines).strip() + "\n"


def poems_of(author: str, collection: str) -> str:
    """All poems of an author, each once: title, author, lines. Without those that use characters no font here has."""
    poems = (poem.strip() for poem in collection.split("\n\n"))
    mine = (poem for poem in poems if poem.count("\n") >= 2 and poem.split("\n")[1] == author)
    once: dict[str, str] = {}
    for poem in mine:
        if max(poem) <= "\uffff":
            once.setdefault("".join(poem.split("\n")[2:]), poem)
    return "\n\n".join(once.values())


def make(folder: Path) -> dict[str, str]:
    """File name -> text."""
    bible, plays, songs, analects = (
        (folder / f"{name}.txt").read_text(encoding="utf-8") for name in ("kjv", "shakespeare", "songci", "lunyu")
    )
    genesis = between(bible, "Genesis 1\n", "Genesis 2\n").splitlines()
    hamlet = between(plays, "HAMLET, PRINCE OF DENMARK", "KING HENRY IV, THE FIRST PART")
    sonnets = plays[plays.index("THE SONNETS\nby William Shakespeare") :]
    song = next(poem for poem in songs.split("\n\n") if poem.startswith("水调歌头\n苏轼\n明月几时有"))
    return {
        "genesis-exodus.txt": between(bible, "Genesis 1\n", "\nLeviticus 1\n"),
        "hamlet.txt": hamlet,
        "su-shi-xin-qiji.txt": poems_of("苏轼", songs) + "\n\n" + poems_of("辛弃疾", songs),
        "analects.txt": analects,
        "genesis-opening.txt": "\n".join(genesis[1:11]),
        "sonnet-18.txt": between(sonnets, "Shall I compare thee", "\nXIX"),
        "to-be-or-not-to-be.txt": between(hamlet, "To be, or not to be", "\nOph."),
        "shuidiao-getou.txt": song,
        "analects-opening.txt": "\n".join(analects.splitlines()[1:7]),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description="Make the samples that are taken from larger texts.")
    parser.add_argument("folder", type=Path)
    for name, text in make(parser.parse_args().folder).items():
        (SAMPLES / name).write_text(tidy(text), encoding="utf-8", newline="\n")
        print(f"{name}: {(SAMPLES / name).stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
