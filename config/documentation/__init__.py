"""Pages of the documentation that are made from the source, so that they cannot drift from it."""
