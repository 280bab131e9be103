"""Problems in words: people count layers and heads from 1."""

import pytest

from app.problem_words import counted_from_one, sentence
from engines.messages import ModelInfo
from engines.problems import Problem
from tests.app.conftest import said

HEAD = Problem("bad_layer", what="head", value=1023, largest=3)


def test_layers_and_heads_are_counted_from_1():
    assert str(counted_from_one(HEAD)) == "The head must be from 1 to 4, but is 1024."
    assert sentence(HEAD) == str(counted_from_one(HEAD))


def test_other_problems_stay_as_they_are():
    other = Problem("bad_length", length=3)
    assert counted_from_one(other) is other


@pytest.mark.parametrize("head", [4, 1023])
def test_a_head_that_the_model_has_not_is_said_where_no_new_run_would_say_it(window, controller, head):
    made = controller.active
    made.model = ModelInfo(4, 4, 32, ())
    controller.set(head=head)
    assert said(window) == f"The head must be from 1 to 4, but is {head + 1}."
