"""Wires engines to widgets; knows everybody."""
