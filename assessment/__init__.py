"""Question bank, versions and the one scorer."""
