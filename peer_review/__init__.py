"""Assignments, rubrics, reports and decisions over any frozen manifest."""
