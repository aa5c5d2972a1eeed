"""Two requests at the same moment, on the production column: SQLite has one writer at a time and no race to lose."""
