"""Pages of this room: uploads, the viewer, pixel review."""
