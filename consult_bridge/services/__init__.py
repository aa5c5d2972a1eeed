"""Writes of this room, one module per group of verbs. Each: check, lock, re-read, re-check, change, audit, event."""
