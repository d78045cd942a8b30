"""The demo's recommendations: written by the invented policy officer, resting on the circles' cards."""

from datetime import datetime
from typing import Any

from sirkel.network.queries.cards import cards_visible_to
from sirkel.people.enums import Role
from sirkel.people.models import RoleAssignment
from sirkel.policy.domain import recommendations
from sirkel.policy.enums import Confidence


def write_recommendations(wanted: list[dict[str, Any]], *, at: datetime) -> None:
    """Write and publish each recommendation; cards are found by how their text begins."""
    officer = (
        RoleAssignment.objects.select_related("person").get(role=Role.POLICY, person__is_demo=True).person
    )
    cards = list(cards_visible_to(officer, at=at))
    for entry in wanted:
        number = recommendations.start(acting=officer, title=entry["title"], lang=entry["lang"], at=at).number
        for clause in entry["clauses"]:
            written = recommendations.write_clause(
                acting=officer, number=number, text=clause["text"], lang=entry["lang"], at=at
            )
            for beginning in clause["cards"]:
                card = next(card for card in cards if card.text.startswith(beginning))
                recommendations.rest_on(
                    acting=officer,
                    number=number,
                    letter=written.letter,
                    card_id=card.id,
                    confidence=Confidence(clause["confidence"]),
                    at=at,
                )
        recommendations.publish(acting=officer, number=number, at=at)
