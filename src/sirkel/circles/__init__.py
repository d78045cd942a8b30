"""Learning circles: circle, meeting, notes, themes, trials and what may leave the room."""
