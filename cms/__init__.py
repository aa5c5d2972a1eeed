"""Wagtail pages and blocks, course desk, editions, catalogue."""
