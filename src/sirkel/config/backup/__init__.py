"""Backup and restore: one file of everything that must not be lost, and a way back that checks before it says so."""
