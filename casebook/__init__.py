"""Proposals, teaching cases and their versions."""
