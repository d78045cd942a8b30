"""Organisations, workplaces, persons, roles, sign-in and participant tokens."""
