"""Shared by all tests: Qt draws offscreen, the pointer lies where no window is, and hypothesis has one profile."""

import os

os.environ["QT_QPA_PLATFORM"] = "offscreen"
os.environ.setdefault("OMP_NUM_THREADS", "1")  # small tensors: waiting for a second thread costs more than it gives

import pytest
from hypothesis import settings

settings.register_profile("attnscope", deadline=None, derandomize=True)
settings.load_profile("attnscope")


@pytest.fixture(autouse=True)
def pointer_out_of_the_way(request):
    """A window that opens under the pointer that an earlier test left behind would show what lies there."""
    if "qtbot" in request.fixturenames:
        request.getfixturevalue("qtbot")  # first of all, an application
        from PySide6.QtGui import QCursor, QGuiApplication

        QCursor.setPos(QGuiApplication.primaryScreen().geometry().bottomRight())
