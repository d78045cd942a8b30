"""Django's own admin as a way to look at a few tables: off unless it is given a path, and closed without a fresh second step."""
