"""Real servers for tests and trials, kept in one folder outside the checkout. Standard library only."""
