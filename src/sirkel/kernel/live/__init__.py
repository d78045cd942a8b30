"""Live events: gapless versions per room, one rendering per version, language and surface.

``events`` writes and reads the table, ``hub`` wakes the streams of this process,
``stream`` is the ASGI side. Rooms above register how their surfaces are authorised and rendered.
"""

from sirkel.kernel.live.events import emit, open_room, prune, version_of

__all__ = ["emit", "open_room", "prune", "version_of"]
