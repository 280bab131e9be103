"""The themes of the window, and those of figures.

Widgets get one through ``set_theme``; the application's style sheet is made from the same values.
"""

from __future__ import annotations

from dataclasses import replace

from widgets.view_data import Theme

DARK = Theme(
    name="dark",
    background="#0d1014",
    surface="#151a21",
    raised="#232a34",
    line="#303946",
    text="#e9edf2",
    muted="#9aa7b8",
    accent="#cc79a7",
    focus="#7cc4ff",
    warning="#f2b441",
    measured="#e9edf2",
    predicted="#9aa7b8",
    masked="#2a303a",
    categories=(
        "#56b4e9",
        "#e69f00",
        "#2cb58e",
        "#f0e442",
        "#a78bdb",
        "#e8703a",
        "#4c8ddb",
        "#cc79a7",
        "#a3cf6b",
        "#c9b18f",
    ),
    sequential=("#0d1014", "#1c2b52", "#24558a", "#2b8a9c", "#5cbf8a", "#bfe07a", "#fff7b8"),
)

LIGHT = Theme(
    name="light",
    background="#ffffff",
    surface="#f5f6f8",
    raised="#e6e9ee",
    line="#cdd3db",
    text="#171c23",
    muted="#525d6b",
    accent="#a4457f",
    focus="#0b62c4",
    warning="#8a5a00",
    measured="#171c23",
    predicted="#525d6b",
    masked="#dfe2e7",
    categories=(
        "#2f93d1",
        "#c98500",
        "#1a9a76",
        "#b3a400",
        "#8465c4",
        "#d2561d",
        "#2767bd",
        "#b5578f",
        "#6f9e34",
        "#94795a",
    ),
    sequential=("#ffffff", "#e3efc4", "#a5d8b4", "#5db5b8", "#3183a8", "#2a4f86", "#1b1f4b"),
    positive="#0f7358",
)

# Figures are printed: white paper, black ink, all letters of one size but the title's, which a page sets to any size.
# The groups' colours were chosen by search, so that common kinds of colour vision tell any two of them apart.
PRINT = Theme(
    name="print",
    background="#ffffff",
    surface="#ffffff",
    raised="#e8eaed",
    line="#8b929b",
    text="#000000",
    muted="#33383f",
    accent="#a4457f",
    focus="#0b62c4",
    warning="#8a5a00",
    measured="#000000",
    predicted="#525d6b",
    masked="#d3d7dc",
    categories=(
        "#24688b",
        "#e87800",
        "#45a87c",
        "#b9a549",
        "#4c77d2",
        "#b1482f",
        "#624aa4",
        "#f08ea0",
        "#5c8d4d",
        "#7c717d",
    ),
    sequential=LIGHT.sequential,
    title_points=11.25,
    body_points=9.0,
    small_points=9.0,
    number_points=15.0,
    positive="#0f7358",
)

# Lightness alone tells groups apart: six steps of it, in an order in which neighbours lie far from each other.
PRINT_GREY = replace(
    PRINT,
    name="print-grey",
    raised="#ececec",
    line="#8e8e8e",
    muted="#333333",
    accent="#000000",
    focus="#000000",
    warning="#444444",
    predicted="#5c5c5c",
    masked="#d6d6d6",
    categories=("#131313", "#898989", "#494949", "#a8a8a8", "#2c2c2c", "#686868"),
    sequential=("#ffffff", "#dedede", "#b9b9b9", "#8f8f8f", "#666666", "#3b3b3b", "#000000"),
    positive="#000000",
    signed=("#ffffff", "#a8a8a8", "#000000"),
)
