"""Python files that draw saved data again: each kind of picture has its text here, and what it must be told."""
