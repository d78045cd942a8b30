"""The API: keys, what each role gets with one, and its own description held against what it does."""
