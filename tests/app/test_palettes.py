"""Colours of the window and of figures stay apart for the common kinds of colour vision, and in grey by lightness."""

import itertools

import numpy as np
import pytest

from app.theme import FIGURE_THEMES, THEMES, variant_colour

# Machado, Oliveira and Fernandes 2009, "A Physiologically-based Model for Simulation of Color Vision Deficiency",
# severity 1.0, for linear red, green and blue.
VISION = {
    "usual": np.eye(3),
    "protanopia": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "deuteranopia": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.01182, 0.04294, 0.968881]],
    "tritanopia": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.3039]],
}
TO_XYZ = np.array(
    [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]]
)
NEIGHBOURS, ANY_TWO = 20.0, 10.0  # CIE 1976 differences; 2.3 can just be noticed
IN_THE_WINDOW = 12.0  # of neighbours, which carry text as well


def lab(colour, vision="usual"):
    """CIE 1976 L*a*b* of a colour as somebody sees it, under D65."""
    share = np.array([int(colour[at : at + 2], 16) for at in (1, 3, 5)]) / 255
    linear = np.where(share <= 0.04045, share / 12.92, ((share + 0.055) / 1.055) ** 2.4)
    xyz = TO_XYZ @ np.clip(np.asarray(VISION[vision]) @ linear, 0, 1) / np.array([0.95047, 1.0, 1.08883])
    f = np.where(xyz > (6 / 29) ** 3, np.cbrt(xyz), xyz / (3 * (6 / 29) ** 2) + 4 / 29)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def apart(first, second, vision):
    return float(np.linalg.norm(lab(first, vision) - lab(second, vision)))


def variants_of(theme):
    return [variant_colour(order, {**THEMES, **FIGURE_THEMES}[theme]) for order in range(10)]


def test_the_formula_knows_white_black_and_a_published_red():
    np.testing.assert_allclose(lab("#ffffff"), [100, 0, 0], atol=0.02)
    np.testing.assert_allclose(lab("#000000"), [0, 0, 0], atol=0.02)
    np.testing.assert_allclose(lab("#ff0000"), [53.24, 80.09, 67.20], atol=0.05)


@pytest.mark.parametrize("vision", VISION)
@pytest.mark.parametrize("which", ["variants", "groups"])
def test_colours_for_print_are_told_apart(vision, which):
    colours = variants_of("print") if which == "variants" else list(FIGURE_THEMES["print"].categories)
    assert min(apart(a, b, vision) for a, b in itertools.pairwise(colours)) >= NEIGHBOURS
    assert min(apart(a, b, vision) for a, b in itertools.combinations(colours, 2)) >= ANY_TWO


@pytest.mark.parametrize("vision", VISION)
@pytest.mark.parametrize("theme", THEMES)
def test_neighbours_in_the_window_are_told_apart(theme, vision):
    """Each from the next, from the first (what all are compared with), and where they start over."""
    first, *others = variants_of(theme)
    groups = THEMES[theme].categories
    pairs = [*itertools.pairwise((*others, others[0])), *((first, each) for each in others)]
    least = NEIGHBOURS if vision == "usual" else IN_THE_WINDOW
    assert min(apart(a, b, vision) for a, b in pairs) >= least
    assert min(apart(a, b, vision) for a, b in itertools.pairwise((*groups, groups[0]))) >= least
    anywhere = [*itertools.combinations((first, *others), 2), *itertools.combinations(groups, 2)]
    assert min(apart(a, b, vision) for a, b in anywhere) >= (NEIGHBOURS if vision == "usual" else 5)


def test_grey_is_grey_and_six_groups_differ_by_lightness():
    theme = FIGURE_THEMES["print-grey"]
    colours = [*variants_of("print-grey"), *theme.categories, *theme.sequential, theme.line, theme.masked, theme.raised]
    assert all(len({colour[at : at + 2] for at in (1, 3, 5)}) == 1 for colour in colours)
    lightness = [lab(colour)[0] for colour in theme.categories]
    assert len(lightness) == 6
    assert min(abs(a - b) for a, b in itertools.combinations(lightness, 2)) >= 11
    assert min(abs(a - b) for a, b in itertools.pairwise(lightness)) >= 20
    variants = [lab(colour)[0] for colour in variants_of("print-grey")]
    assert min(abs(a - b) for a, b in itertools.pairwise(variants)) >= 15


@pytest.mark.parametrize("name", ["print", "print-grey"])
def test_the_ramp_for_print_darkens_steadily(name):
    lightness = [lab(stop)[0] for stop in FIGURE_THEMES[name].sequential]
    assert lightness[0] == pytest.approx(100, abs=0.1)
    assert max(b - a for a, b in itertools.pairwise(lightness)) <= -7


@pytest.mark.parametrize("name", ["print", "print-grey"])
def test_ink_stands_out_on_paper(name):
    theme = FIGURE_THEMES[name]
    assert lab(theme.text)[0] < 5
    assert lab(theme.muted)[0] < 30
    assert all(lab(colour)[0] < 78 for colour in (*theme.categories, *variants_of(name), theme.line))
