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
        "#50afe3",
        "#e69f01",
        "#51d0a6",
        "#e8dc38",
        "#8d75c3",
        "#f37943",
        "#4789d7",
        "#ac608e",
        "#a4d16d",
        "#cab290",
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
        "#1191d0",
        "#c88400",
        "#1f9a77",
        "#b7a707",
        "#7258b5",
        "#e6662d",
        "#3674cd",
        "#af5189",
        "#6c9b32",
        "#a98d6c",
    ),
    sequential=("#ffffff", "#e3efc4", "#a5d8b4", "#5db5b8", "#3183a8", "#2a4f86", "#1b1f4b"),
    positive="#0f7358",
)

# For eyes that need it: every letter stands out from its ground by at least 7 : 1, every line by at least 3 : 1.
CONTRAST = Theme(
    name="contrast",
    background="#000000",
    surface="#000000",
    raised="#141414",
    line="#8c8c8c",
    text="#ffffff",
    muted="#dcdcdc",
    accent="#d581ae",
    focus="#ffd400",
    warning="#ffc247",
    measured="#ffffff",
    predicted="#dcdcdc",
    masked="#4a4a4a",
    categories=(
        "#5db8ed",
        "#eaa209",
        "#18ad87",
        "#e7dc38",
        "#a488d8",
        "#f47943",
        "#4285d3",
        "#c673a1",
        "#a6d16d",
        "#d4bd9b",
    ),
    sequential=("#000000", "#26336e", "#2f66a8", "#35a0b3", "#6fd19b", "#cdee86", "#ffffff"),
    faintness=0.25,
    positive="#44c299",
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
