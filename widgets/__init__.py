"""Widgets that draw. They know numpy and Qt, never torch, never a variant; each takes frozen records of view_data."""
