"""How many may wait at a closed door, and by which numbers they are called."""

# Two digits are easily said and heard, and there are enough of them that a number tells nobody who came when.
FIRST_NUMBER, LAST_NUMBER = 10, 99
MOST_WAITING = 20
