"""The story of the design, section 2, walked over HTTP by its own people. `bin/demo --once` runs it."""
