"""Rendered frames and the viewer."""
