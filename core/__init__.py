"""A library of the house, without doors: it imports nobody."""
