"""The read-mostly interface for other programs."""
