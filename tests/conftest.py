"""Shared by all tests: Qt draws offscreen, and hypothesis has one profile."""

import os

os.environ["QT_QPA_PLATFORM"] = "offscreen"

from hypothesis import settings

settings.register_profile("attnscope", deadline=None, derandomize=True)
settings.load_profile("attnscope")
