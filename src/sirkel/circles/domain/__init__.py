"""Verbs of this room, one file per topic."""
