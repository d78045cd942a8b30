"""What every verb about a handover shares: its words, its state, its audit row."""

import uuid
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from sirkel.circles.domain.wording import words_for_circle
from sirkel.circles.models import Handover
from sirkel.circles.rules.handover_states import may_go
from sirkel.kernel import audit
from sirkel.kernel.errors import Refused
from sirkel.people.models import Person


def must_go(handover: Handover, to: str) -> None:
    """Refuse to bring a line where it cannot go from where it is.

    Raises:
        Refused: ``handovers.state``.

    """
    if not may_go(handover.state, to):
        raise Refused("handovers.state", _("This line is not there yet, or is past that."), status=409)


def line_words(text: str, most: int, field: str, *, may_be_empty: bool = False) -> str:
    """Return words of a line as they are kept; what is refused names the field.

    Raises:
        Refused: ``handovers.<field>``.

    """
    try:
        return words_for_circle(text, most=most, is_sure=True, may_be_empty=may_be_empty)
    except Refused as refused:
        raise Refused(
            f"handovers.{field}", refused.message, refused.hint, facts={"field": field}
        ) from refused


def with_circle(handover_id: uuid.UUID) -> Handover:
    """Return a handover with its circle, workplace and trial."""
    return Handover.objects.select_related("circle__workplace", "trial").get(id=handover_id)


def record(
    handover: Handover, verb: str, acting: Person | None, at: datetime, **facts: int | bool | str
) -> None:
    """Write the audit row of something done to a line; without ``acting`` the timetable did it."""
    audit.record(
        chain=handover.circle.organisation_id,
        acting=acting.id if acting else None,
        verb=verb,
        target=handover.id,
        facts=facts,
        at=at,
    )
