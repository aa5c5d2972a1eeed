"""Judges from outside the house: independent readers of what we make. CI collects them (`tests/columns.py`)."""
