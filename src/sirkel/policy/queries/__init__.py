"""Nouns of this room: who may see what."""
