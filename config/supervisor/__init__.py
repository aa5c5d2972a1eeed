"""One small supervisor for the embedded services: starts them, restarts what dies, and never leaves one behind."""
