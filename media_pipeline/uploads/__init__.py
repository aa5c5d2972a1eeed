"""How files come in: forms, zip files, STOW-RS."""
