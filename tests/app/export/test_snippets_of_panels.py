"""What a snippet draws of a study's panels is what the figure draws."""

from __future__ import annotations

from itertools import pairwise

from tests.app.export.test_snippets import data_of, snippet_of
from widgets.plots.reach_plot import bands, runs_of


def test_a_snippet_joins_the_layers_as_the_figure_does(qapp, tmp_path):
    snippet = snippet_of(data_of("longformer", "receptive-field", locked=30), tmp_path)
    panel, values = snippet.prepared[0]
    assert panel["least"] > 0
    shares, edges = values["shares"], values["edges"]
    own = [snippet.names["runs_of"](share, edges) for share in shares]
    assert [one.tolist() for one in own] == [runs_of(share, edges).tolist() for share in shares]
    for pair in pairwise(own):
        expected = [[*one, *other] for one, other in bands(*pair)]
        assert [[*one, *other] for one, other in snippet.names["bands"](*pair, 0)] == expected


def test_a_snippet_has_the_figures_signs_between_the_matrices(qapp, tmp_path):
    snippet = snippet_of(data_of("linformer", "products"), tmp_path)
    panel, values = snippet.prepared[0]
    extents = snippet.data.drawn[0].plot.extents
    assert [each.get("sign", "") for each in panel["matrices"]] == [each.sign for each in extents]
    assert [each.get("by", "") for each in panel["matrices"]] == [each.by for each in extents]
    said = [
        each["below"].format(rows=rows, columns=columns)
        for each, (rows, columns) in zip(panel["matrices"], values["extents"], strict=True)
    ]
    assert [words.split("\n")[-1] == "never made" for words in said] == [each.role == "never made" for each in extents]
