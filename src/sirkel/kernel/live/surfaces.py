"""What a room registers so that its screens can be streamed."""

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from sirkel.kernel.live.changes import Change


@dataclass(frozen=True)
class Asker:
    """Who asks for a stream: cookies and query of the request, nothing else of it."""

    cookies: Mapping[str, str]
    query: Mapping[str, str]


@dataclass(frozen=True)
class Surface:
    """One kind of screen.

    Attributes:
        authorise: called with the place and the asker, outside any transaction, in a thread; says
            whether this screen may read now. Called again at least every 60 s.
        render: called once per version, language and surface; returns the HTML of one change.
        languages: the languages it can be rendered in.

    """

    authorise: Callable[[uuid.UUID, Asker], bool]
    render: Callable[[uuid.UUID, Change, str], str]
    languages: Sequence[str]


surfaces: dict[str, Surface] = {}


def register_surface(name: str, surface: Surface) -> None:
    """Add a kind of screen under the name it has in ``/live/<name>/``."""
    surfaces[name] = surface
