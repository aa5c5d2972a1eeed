"""Enrolment, player, progress, attempts, completion."""
