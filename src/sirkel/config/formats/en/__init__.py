"""English: the day before the month, and a clock of 24 hours, as on every other page."""
