"""A text message driver whose own module cannot be loaded."""

raise RuntimeError("no account at the gateway")
