"""Saving what is seen: one file per kind."""
