"""What makes the steps of a run sheet fit each other."""

from collections.abc import Sequence
from typing import Any, Protocol

from sirkel.circles.rules.method_data import SOURCES


class Line(Protocol):
    """One step, as far as its place is concerned."""

    key: str
    kind: str
    settings: Any
    is_skipped: bool


def nearest_source(earlier: Sequence[Line], kind: str) -> str | None:
    """Return the key of the last earlier step whose notes a step of this kind can work on, or None."""
    fitting = [line.key for line in earlier if line.kind in SOURCES.get(kind, ()) and not line.is_skipped]
    return fitting[-1] if fitting else None


def misfit(lines: Sequence[Line]) -> str | None:
    """Return the key of the first step that works on notes no earlier step of the sheet makes, or None.

    ``lines`` are all steps in their order, those left out too. A grouping that is left out does not
    matter: choosing then works on the notes the grouping would have worked on.
    """
    place = {line.key: (index, line) for index, line in enumerate(lines)}
    for index, line in enumerate(lines):
        if line.is_skipped or line.kind not in SOURCES:
            continue
        source = place.get(str(line.settings.get("source")))
        while source and source[1].is_skipped and source[1].kind in SOURCES:
            source = place.get(str(source[1].settings.get("source")))
        if source is None or source[1].is_skipped or source[0] >= index:
            return line.key
    return None
