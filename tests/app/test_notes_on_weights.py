"""What is said of the weights in use is true of them."""

import pytest

from app import panels, presenters
from app.session import Pane
from engines import weight_sets
from engines.weight_sets import FULL, OWN, WeightSet


@pytest.fixture
def sets(monkeypatch):
    """Weights of full attention and of Reformer, both causal."""
    found = {
        "full": WeightSet("full", "full", "causal", 1024, 10, {"shared_qk": False}),
        "reformer": WeightSet("reformer", "reformer", "causal", 1024, 10, {"chunk_length": 32, "rounds": 4}),
    }
    monkeypatch.setattr(weight_sets, "shipped_sets", lambda: found)


def test_of_weights_trained_with_the_variant_that_is_said(sets):
    assert presenters.notes_on_weights(Pane("full")) == ("The weights were trained with this attention.",)
    notes = presenters.notes_on_weights(Pane("reformer", layer=2))
    assert notes[0] == "The weights were trained with this attention."
    assert notes[1] == "In training: Chunk length 32; Ctrl+R sets them."
    assert len(notes) == 2


def test_of_weights_trained_with_full_attention_what_is_true_is_said(sets):
    pane = Pane("reformer", layer=2, length=10**6, causal=False, weights=FULL)
    notes = " ".join(presenters.notes_on_weights(pane))
    for said in (
        "with Full attention; Reformer",
        "layers below",
        "bidirectional",
        "Texts longer than 1,024",
        "queries as",
    ):
        assert said in notes
    assert "with Full attention; Longformer" in presenters.notes_on_weights(Pane("longformer"))[0]  # it has none here
    shared = Pane("full", settings={"full": {"shared_qk": True}})
    assert "this attention" not in " ".join(presenters.notes_on_weights(shared))


def test_the_menu_offers_what_there_is(sets):
    def offered(pane):
        return {choice.name: bool(choice.disabled_because) for choice in panels.weights_choices(pane)}

    assert offered(Pane("reformer")) == {OWN: False, FULL: False}
    assert offered(Pane("full")) == {OWN: False}
    assert offered(Pane("longformer")) == {OWN: True, FULL: False}  # none were trained with it here
    assert panels.weights_chosen(Pane("longformer")) == FULL
    assert panels.weights_chosen(Pane("reformer")) == OWN
    assert panels.weights_chosen(Pane("reformer", weights=FULL)) == FULL
    assert offered(Pane("reformer", weights="/home/me/mine")) == {OWN: False, FULL: False, "/home/me/mine": False}


def test_a_folder_that_is_gone_does_not_stop_the_window(sets):
    pane = Pane("reformer", weights="/no/such/folder")
    assert pane.weight_set().name == "reformer"
    assert presenters.notes_on_weights(pane)
