"""Pages of this room: thin."""
