"""The teaching release: start, confirm by two readers, open, refuse, close."""
