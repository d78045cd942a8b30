"""Which run sheet a meeting of a series gets: by its place and its length."""

from dataclasses import dataclass

from sirkel.circles.rules import methods
from sirkel.circles.rules.texts import in_language

USUAL_MINUTES = 90


@dataclass(frozen=True)
class SheetChoice:
    """A run sheet to choose: its id and its name in the reader's language."""

    id: str
    title: str


def sheet_choices(language: str) -> list[SheetChoice]:
    """Return every run sheet by name, in the order of a series."""
    return [
        SheetChoice(id=sheet.id, title=in_language(sheet.title, language)[0])
        for sheet in methods.methods().values()
    ]


def lengths() -> list[int]:
    """Return the lengths in minutes for which there is a run sheet for any meeting, the shortest first."""
    known = {
        sheet.duration_minutes for sheet in methods.methods().values() if sheet.moment in {"any", "middle"}
    }
    return sorted(known)


def sheet_for(*, place: int, count: int, minutes: int) -> str:
    """Return the id of the run sheet for a meeting of a series.

    A sheet made for this place (first, middle, last) and length is best, then one of the length for any
    place, then one of the length at all, then whatever comes closest in length.

    Args:
        place: of the meeting in its series, from 0.
        count: of meetings in the series.
        minutes: how long each is.

    """
    moment = "first" if place == 0 else "last" if place == count - 1 else "middle"
    fitness = {moment: 0, "any": 1, "middle": 2}
    sheets = methods.methods().values()
    return min(
        sheets,
        key=lambda sheet: (abs(sheet.duration_minutes - minutes), fitness.get(sheet.moment, 3), sheet.id),
    ).id
