"""Which run sheet a meeting of a series gets: by its place and its length, among the sheets that are offered."""

from collections.abc import Collection
from dataclasses import dataclass

from sirkel.circles.rules.method_data import Method
from sirkel.circles.rules.texts import in_language

USUAL_MINUTES = 90


@dataclass(frozen=True)
class SheetChoice:
    """A run sheet to choose: its id and its name in the reader's language."""

    id: str
    title: str


def sheet_choices(language: str, sheets: Collection[Method]) -> list[SheetChoice]:
    """Return these run sheets by name, in their order."""
    return [SheetChoice(id=sheet.id, title=in_language(sheet.title, language)[0]) for sheet in sheets]


def lengths(sheets: Collection[Method]) -> list[int]:
    """Return the lengths in minutes for which there is a run sheet for any meeting, the shortest first."""
    return sorted({sheet.duration_minutes for sheet in sheets if sheet.moment in {"any", "middle"}})


def sheet_for(*, place: int, count: int, minutes: int, sheets: Collection[Method]) -> str:
    """Return the id of the run sheet for a meeting of a series.

    A sheet made for this place (first, middle, last) and length is best, then one of the length for any
    place, then one of the length at all, then whatever comes closest in length.

    Args:
        place: of the meeting in its series, from 0.
        count: of meetings in the series.
        minutes: how long each is.
        sheets: those that can be chosen, one at least.

    """
    moment = "first" if place == 0 else "last" if place == count - 1 else "middle"
    fitness = {moment: 0, "any": 1, "middle": 2}
    return min(
        sheets,
        key=lambda sheet: (abs(sheet.duration_minutes - minutes), fitness.get(sheet.moment, 3), sheet.id),
    ).id


def is_needed(method_id: str, sheets: Collection[Method]) -> bool:
    """Tell whether a series of the usual length could not be planned without one of these sheets.

    So it is with the only sheet of the usual length that is made for its place: first, middle or last.
    """
    made_for = {
        sheet.id: sheet.moment
        for sheet in sheets
        if sheet.moment != "any" and sheet.duration_minutes == USUAL_MINUTES
    }
    moment = made_for.get(method_id)
    return moment is not None and list(made_for.values()).count(moment) == 1
