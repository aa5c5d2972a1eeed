"""The acts of the story, in their order. Each does one person's steps over HTTP and reads the figures back."""
