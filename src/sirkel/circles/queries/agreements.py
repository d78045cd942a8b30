"""Ground rules and expectations, for the members of a circle and nobody else."""

import uuid
from dataclasses import dataclass

from sirkel.circles.enums import CircleState, MemberRole, Outcome
from sirkel.circles.models import Circle, Expectation, Membership, WorkingAgreement
from sirkel.circles.queries.gate import newest_agreement
from sirkel.circles.queries.leading import circle_for
from sirkel.people.models import Person

_OVER = {CircleState.CLOSED, CircleState.ENDED_EARLY}
_PUT_AWAY = {CircleState.COCREATING}
_LOOKING_BACK = {CircleState.CLOSING}
_STANDS = {*_OVER, CircleState.FOLLOWUP}


@dataclass(frozen=True)
class AgreementPage:
    """A circle's ground rules. ``earlier`` are the versions before the newest one, newest first."""

    circle: Circle
    is_led: bool
    newest: WorkingAgreement | None
    earlier: tuple[WorkingAgreement, ...]

    @property
    def version(self) -> int:
        """The number of the newest version, 0 when there is none."""
        return self.newest.version if self.newest else 0

    @property
    def text(self) -> str:
        """The newest version with one ground rule on each line."""
        return "\n".join(self.newest.items) if self.newest else ""

    @property
    def is_over(self) -> bool:
        """Whether the circle is over and nothing changes any more."""
        return self.circle.state in _OVER


@dataclass(frozen=True)
class ExpectationPage:
    """What a circle expects, in the order of the words: the order of writing is kept nowhere."""

    circle: Circle
    is_led: bool
    expectations: tuple[Expectation, ...]

    @property
    def is_put_away(self) -> bool:
        """Whether they rest until the circle closes."""
        return (self.circle.phase_before or self.circle.state) in _PUT_AWAY

    @property
    def is_looking_back(self) -> bool:
        """Whether the circle takes them out again."""
        return self.circle.state in _LOOKING_BACK

    @property
    def is_over(self) -> bool:
        """Whether the circle has closed, or is over, and nothing changes any more."""
        return (self.circle.phase_before or self.circle.state) in _STANDS

    @property
    def outcomes(self) -> list[tuple[str, str]]:
        """What may become of an expectation."""
        return [(each.value, str(each.label)) for each in Outcome]


def agreement_page(*, person: Person, circle_id: uuid.UUID) -> AgreementPage:
    """Return a circle's ground rules for one of its members.

    Raises:
        NotFound: it does not exist, or not for this person.

    """
    circle = circle_for(person=person, circle_id=circle_id)
    newest = newest_agreement(circle)
    earlier = WorkingAgreement.objects.filter(circle=circle).order_by("-version")
    return AgreementPage(
        circle=circle,
        is_led=_leads(person, circle),
        newest=newest,
        earlier=tuple(one for one in earlier if newest and one.id != newest.id),
    )


def expectation_page(*, person: Person, circle_id: uuid.UUID) -> ExpectationPage:
    """Return what a circle expects for one of its members.

    Raises:
        NotFound: it does not exist, or not for this person.

    """
    circle = circle_for(person=person, circle_id=circle_id)
    found = Expectation.objects.filter(circle=circle).order_by("text", "id")
    return ExpectationPage(circle=circle, is_led=_leads(person, circle), expectations=tuple(found))


def _leads(person: Person, circle: Circle) -> bool:
    return Membership.objects.filter(
        circle=circle, person=person, left_at__isnull=True, role=MemberRole.FACILITATOR
    ).exists()
