"""The story as clicked: a window for each person, the words they see, and one file for each act."""
