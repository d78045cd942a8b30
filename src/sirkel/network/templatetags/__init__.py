"""Words that the pages of this room need."""
