"""Experience cards, theme rounds and gatherings between circles."""
