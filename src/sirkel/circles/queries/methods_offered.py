"""Which methods an organisation offers for new meetings: asked here by every page and every verb."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from sirkel.circles.models import MethodOff
from sirkel.circles.queries.methods_used import circles_with_planned
from sirkel.circles.rules import methods
from sirkel.circles.rules.method_texts import languages_of
from sirkel.circles.rules.series import is_needed
from sirkel.circles.rules.texts import in_language
from sirkel.people.models import Organisation


def methods_offered(organisation_id: uuid.UUID, *, kept: str = "") -> dict[str, methods.Method]:
    """Return the methods that can be chosen in an organisation by id, in the order of a series.

    Args:
        organisation_id: the organisation of the circle.
        kept: the method that a meeting has already; it stays one of them.

    """
    off = set(MethodOff.objects.filter(organisation=organisation_id).values_list("method", flat=True))
    return {key: sheet for key, sheet in methods.methods().items() if key == kept or key not in off}


@dataclass(frozen=True)
class OfferedMethod:
    """A method as an administrator sees it.

    Attributes:
        sheet: the method.
        title: its name, and ``about`` what it is for, in the reader's language.
        about: see ``title``.
        languages: in which no text of it is missing.
        circles: how many circles of the organisation have a meeting to come with it.
        off_since: when it was switched off; None where it is offered.
        is_needed: whether it cannot be switched off.

    """

    sheet: methods.Method
    title: str
    about: str
    languages: tuple[str, ...]
    circles: int
    off_since: datetime | None
    is_needed: bool

    @property
    def is_everywhere(self) -> bool:
        """Whether it can be read in every language of the methods."""
        return len(self.languages) == len(methods.LANGUAGES)


def methods_of(organisation: Organisation, *, language: str) -> list[OfferedMethod]:
    """Return every method, offered or not, in the order of a series."""
    off = dict(MethodOff.objects.filter(organisation=organisation).values_list("method", "off_since"))
    planned = circles_with_planned(organisation)
    offered = [sheet for key, sheet in methods.methods().items() if key not in off]
    return [
        OfferedMethod(
            sheet=sheet,
            title=in_language(sheet.title, language)[0],
            about=in_language(sheet.about, language)[0],
            languages=languages_of(sheet),
            circles=planned.get(key, 0),
            off_since=off.get(key),
            is_needed=is_needed(key, offered),
        )
        for key, sheet in methods.methods().items()
    ]
