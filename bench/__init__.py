"""Measurements: CPU per operation, queries, memory, each beside its target."""
