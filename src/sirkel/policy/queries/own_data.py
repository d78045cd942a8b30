"""What this room keeps of somebody with an account."""

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from sirkel.people.models import Person
from sirkel.people.queries.own_data import Coded, Row, contribute
from sirkel.policy.models import ClauseSupport
from sirkel.policy.rules.personal_data import DECISIONS


def contribute_all() -> None:
    """Contribute everything."""
    contribute(
        DECISIONS,
        {
            "recommendation": _("Recommendation"),
            "clause": _("Clause"),
            "decided_as": _("Role"),
            "decided_on": _("Day"),
            "confidence": _("How sure"),
        },
        _decisions,
    )


def _decisions(person: Person) -> Iterator[Row]:
    mine = ClauseSupport.objects.filter(decided_by=person).select_related("clause__recommendation")
    for one in mine.order_by("decided_on", "id"):
        yield {
            "recommendation": one.clause.recommendation.number,
            "clause": one.clause.letter,
            "decided_as": Coded(one.decided_as, one.get_decided_as_display()),
            "decided_on": one.decided_on,
            "confidence": Coded(one.confidence, one.get_confidence_display()),
        }
