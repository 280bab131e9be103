"""Write the table of docs/training.md from the cards of the weights.

.venv/bin/python scripts/make_weights_table.py
"""

from __future__ import annotations

import json
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGE, CARDS = ROOT / "docs" / "training.md", ROOT / "resources" / "weights"
BEGIN, END = "<!-- the cards of the weights -->", "<!-- end of the cards -->"
HEADING = (
    "| weights | asked for | English | Chinese | previous token | induction | second copy, nats | at 512–1,023 | "
    "at 2,048–4,095 |\n|---|---|---:|---:|---:|---:|---:|---:|---:|"
)


def row(path: Path) -> str:
    """Held-out bits per byte, the best heads, the loss on pieces said again, and on held-out text by position."""
    card = json.loads(path.read_text(encoding="utf-8"))
    bits, scores, by_position = card["mean_bits_per_byte"], card["head_scores"], card["loss_by_position"]
    at = dict(zip(by_position["edges"], by_position["nats"], strict=False))
    cells = (
        f"`{path.stem}`",
        card["objective"],
        f"{bits['english']:.2f}",
        f"{bits['chinese']:.2f}",
        f"{max(map(max, scores['previous_token'])):.2f}",
        f"{max(map(max, scores['induction'])):.2f}",
        f"{scores['second_copy_nats']:.2f}",
        f"{at[512]:.2f}",
        f"{at[2048]:.2f}",
    )
    return "| " + " | ".join(cells) + " |"


def table() -> str:
    """All sets that were trained on with a variant in place, by name."""
    cards = [path for path in sorted(CARDS.glob("*.json")) if (CARDS / f"{path.stem}.safetensors").exists()]
    return "\n".join([HEADING, *(row(path) for path in cards if path.stem != "host_model")])


def main() -> None:
    page = PAGE.read_text(encoding="utf-8")
    before, rest = page.split(BEGIN)
    _, after = rest.split(END)
    PAGE.write_text(f"{before}{BEGIN}\n{table()}\n{END}{after}", encoding="utf-8")


if __name__ == "__main__":
    main()
