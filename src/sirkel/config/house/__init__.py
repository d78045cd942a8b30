"""The pages of whoever keeps the whole installation: how the server is, what waits, how it is set."""
