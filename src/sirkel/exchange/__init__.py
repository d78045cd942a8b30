"""File formats in and out: pure Python without Django."""
