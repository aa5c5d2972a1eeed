"""What the pictures of the seeded courses are drawn from."""
