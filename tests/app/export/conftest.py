"""Everything here is drawn in the dark theme, with the fonts that ship."""

import pytest

from app.theme import apply
from tests.app.export.films import DARK


@pytest.fixture(autouse=True)
def dressed(qapp):
    apply(qapp, DARK)
