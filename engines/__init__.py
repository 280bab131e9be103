"""Efficient attention, measured: torch and numpy, never Qt; usable alone from a notebook."""
