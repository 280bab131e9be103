"""Shared by all tests: Qt draws offscreen, and hypothesis has one profile."""

import os

os.environ["QT_QPA_PLATFORM"] = "offscreen"
os.environ.setdefault("OMP_NUM_THREADS", "1")  # small tensors: waiting for a second thread costs more than it gives

from hypothesis import settings

settings.register_profile("attnscope", deadline=None, derandomize=True)
settings.load_profile("attnscope")
