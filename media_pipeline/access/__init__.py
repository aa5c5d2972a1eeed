"""Who may read which image, and how its bytes are sent."""
