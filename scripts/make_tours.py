"""Write the tours that ship: resources/tours/*.attnscope. Numbers in captions are fields, filled from the runs.

.venv/bin/python scripts/make_tours.py [--record]

``--record`` plays every scene in a real window, offscreen, and writes the finished runs beside the tours: they are
shown, as recorded, where the engine is not there.
"""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path

from app.session import Pane, Play, Session, StageScene, Text
from app.session_file import to_json

FOLDER = Path(__file__).resolve().parent.parent / "resources" / "tours"
TALE = Text("sample", "tale-of-two-cities")
HAMLET = Text("sample", "hamlet")


def scene(name: str, caption: str, notes: str, *panes: Pane, share: float = 1.0, active: int = 0) -> StageScene:
    return StageScene(name, Session(panes, active, play=Play(share=share)), caption, notes)


def quadratic() -> tuple[StageScene, ...]:
    """Why attention is quadratic, and five ways out."""
    full = Pane("full", text=TALE, length=64)
    long = replace(full, text=HAMLET, length=1024)
    window = replace(long, variant="longformer", settings={"longformer": {"window": (64,), "global_tokens": "first"}})
    strided = replace(long, variant="sparse-transformer", settings={"sparse-transformer": {"stride": 32}})
    hashed = replace(long, variant="reformer", settings={"reformer": {"chunk_length": 32, "rounds": 2}})
    low_rank = replace(long, variant="linformer", causal=False, settings={"linformer": {"k": 32}})
    kernel = replace(long, variant="linear-transformer")
    four = (long, window, strided, hashed)
    return (
        scene(
            "Everybody reads everybody before",
            "{tokens} tokens: each reads all before it, {pairs} pairs.",
            "Rows are queries, columns keys. Click a token: its row is what it reads.",
            full,
        ),
        scene(
            "Twice the text, four times the pairs",
            "{tokens} tokens: {pairs} pairs.",
            "Compare with the number before. This is what quadratic means.",
            replace(long, length=128),
        ),
        scene(
            "And on it goes",
            "{tokens} tokens: {pairs} pairs, computed in {time}.",
            "The triangle looks the same; each pixel holds ever more pairs.",
            long,
        ),
        scene(
            "Most weights are next to nothing",
            "The weights of one head: few of the {pairs} pairs matter.",
            "This is why leaving pairs out can work at all.",
            replace(long, view="weights", length=256, head=1),
        ),
        scene(
            "1 A window",
            "{name2} reads its neighbours and a few tokens that all read: {kept2} of the pairs.",
            "A sliding window, and global tokens in the other colour.",
            long,
            window,
            active=1,
        ),
        scene(
            "2 A stride",
            "{name2} reads its row and its column, as if the text were folded: {kept2} of the pairs.",
            "Any earlier token is two hops away.",
            long,
            strided,
            active=1,
        ),
        scene(
            "3 A hash",
            "{name2} lets the text choose: tokens that point the same way meet in a bucket, {kept2} of the pairs.",
            "The second tour tells how.",
            long,
            hashed,
            active=1,
        ),
        scene(
            "4 Low rank",
            "{name2} mixes all keys down to a few; every token reads the mixtures.",
            "No pair is left out, and none is scored by itself. It cannot be causal.",
            replace(long, causal=False, view="products"),
            replace(low_rank, view="products"),
            active=1,
        ),
        scene(
            "5 A kernel",
            "{name2} sums keys and values up once, in a state that does not grow.",
            "On the right the state after each token: as large at the end as at the beginning.",
            replace(long, view="state"),
            replace(kernel, view="state"),
            active=1,
        ),
        scene(
            "Side by side",
            "At {tokens} tokens: {name} {time}, {name2} {time2}, {name3} {time3}, {name4} {time4}.",
            "Measured here and now. At short lengths the plain one often wins: drag the length, see where they cross.",
            *(replace(pane, length=4096) for pane in four),
        ),
    )


def hashing() -> tuple[StageScene, ...]:
    """Hashing: from sphere to rounds."""
    one = Pane(
        "reformer",
        {"reformer": {"chunk_length": 8, "rounds": 1}},
        TALE,
        length=64,
        view="buckets",
        locked=33,
    )
    two = replace(one, settings={"reformer": {"chunk_length": 8, "rounds": 2}})
    four = replace(one, settings={"reformer": {"chunk_length": 8, "rounds": 4}})
    long = replace(four, text=HAMLET, length=4096, view="pattern", locked=-1,
                   settings={"reformer": {"chunk_length": 64, "rounds": 4}})  # fmt: skip
    return (
        scene(
            "A text in order",
            "{tokens} tokens. Each should read those that are like it, wherever they stand.",
            "Queries and keys are the same vectors here; only their direction counts, so each is a point on a sphere.",
            one,
            share=0.08,
        ),
        scene(
            "A hash from the sphere",
            "A random rotation cuts the sphere: the side a token points to is its bucket.",
            "Tokens that point the same way get the same bucket, probably. Colours are buckets.",
            one,
            share=0.30,
        ),
        scene(
            "Sorted by bucket",
            "Sorting brings a bucket's tokens together.",
            "Within a bucket they keep their order, so that earlier stays earlier.",
            one,
            share=0.55,
        ),
        scene(
            "Chunks of equal length",
            "Buckets differ in size; chunks do not. A token reads its own chunk and the one before.",
            "This is what makes it fast: every chunk is the same small square.",
            one,
            share=0.72,
        ),
        scene(
            "What one round finds",
            "One round keeps {kept} of the pairs.",
            "Some tokens that belong together fell on two sides of a cut.",
            one,
        ),
        scene(
            "A second rotation",
            "{rounds} rounds cut in other places and keep {kept} of the pairs.",
            "A pair that one round misses, another may find.",
            two,
        ),
        scene(
            "Round after round",
            "{rounds} rounds: {kept} of the pairs.",
            "Each round costs as much as the first.",
            four,
        ),
        scene(
            "In original order",
            "{tokens} tokens, {rounds} rounds: {kept} of the pairs, in {time}.",
            "No window and no stride: the text itself decides who reads whom.",
            long,
        ),
        scene(
            "Beside everything",
            "{name2} reads {pairs2} pairs, {name} {pairs}.",
            "The same text and length, full attention on the right.",
            long,
            replace(long, variant="full"),
        ),
    )


TOURS = {"quadratic": quadratic, "hashing": hashing}


def written(scenes: tuple[StageScene, ...]) -> str:
    """A tour's file: its first scene, and all of them."""
    return to_json(replace(scenes[0].state, scenes=scenes)) + "\n"


def record() -> None:
    """The runs of all scenes, as this machine makes them."""
    from make_pictures import settle, wait  # it chooses the offscreen platform before Qt is there
    from PySide6.QtWidgets import QApplication

    from app.storage import Storage
    from app.stored_file import SUFFIX, file_of
    from app.window import build

    QApplication.instance() or QApplication([])
    window, commands = build(Storage(None))
    controller = commands.controller
    window.show()
    controller.client.start()
    wait(lambda: controller.model is not None)
    for name in TOURS:
        commands.open_tour(name)
        for place in range(len(controller.session.scenes)):
            commands.presenting.go_to(place)
            commands.presenting.transition.finish()
            settle(controller)
        runs, missing = commands.results.known(controller.session)
        assert not missing, f"{missing} panes of the tour “{name}” have no run"
        (FOLDER / f"{name}{SUFFIX}").write_bytes(file_of(runs))
        print(FOLDER / f"{name}{SUFFIX}", len(runs), "runs")
    window.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--record", action="store_true", help="write the runs of all scenes, too")
    options = parser.parse_args()
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, scenes in TOURS.items():
        (FOLDER / f"{name}.attnscope").write_text(written(scenes()), encoding="utf-8")
        print(FOLDER / f"{name}.attnscope")
    if options.record:
        record()


if __name__ == "__main__":
    main()
