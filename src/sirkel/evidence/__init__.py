"""Numbers: pure Python without Django."""
