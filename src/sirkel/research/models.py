"""Tables of the research room: none yet."""
