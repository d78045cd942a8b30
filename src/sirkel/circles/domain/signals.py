"""What other rooms may hear from the circles, inside the same transaction."""

from django.dispatch import Signal

# Sent with ``meeting`` when its dates go out for the first time, change, or are taken back.
meeting_announced = Signal()
# Sent with ``items`` (ShareItem rows) and ``at`` when a circle approved what may leave the room.
items_approved = Signal()
# Sent with ``items``, ``at`` and ``acting`` (None: the writer, by receipt) when something shared is taken back.
items_withdrawn = Signal()
# Sent with ``items`` and ``at`` when a note beneath something shared is taken back, while the words
# the circle approved stay: one leg fewer.
items_thinned = Signal()
