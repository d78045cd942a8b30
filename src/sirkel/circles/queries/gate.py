"""What a circle needs before it may come to its focus, and what of it is there."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sirkel.circles.enums import CircleState, MemberRole
from sirkel.circles.models import Circle, Membership, ReadinessCheck, WorkingAgreement
from sirkel.circles.queries.commitments import Commitment, commitment_of
from sirkel.people.enums import Role
from sirkel.people.queries.roles import holders_at

BEFORE_GATE = (CircleState.IDEA, CircleState.ANCHORING, CircleState.FORMING)


class Facilitation(StrEnum):
    """Whether a circle has a facilitator who is not also the members' leader."""

    NONE = "none"
    LEADER_ALONE = "leader_alone"
    ONE = "one"
    FINE = "fine"


@dataclass(frozen=True)
class Gate:
    """What a circle needs before its focus. ``readiness`` is the newest check, ``agreement`` the newest version."""

    readiness: ReadinessCheck | None
    commitment: Commitment
    facilitation: Facilitation
    agreement: WorkingAgreement | None

    @property
    def missing(self) -> tuple[str, ...]:
        """The names of what is missing: readiness, commitment, facilitator, agreement."""
        is_there = {
            "readiness": self.readiness is not None,
            "commitment": self.commitment.is_signed,
            "facilitator": self.facilitation in {Facilitation.ONE, Facilitation.FINE},
            "agreement": self.agreement is not None and self.agreement.is_agreed,
        }
        return tuple(name for name, there in is_there.items() if not there)

    @property
    def is_open(self) -> bool:
        """Whether nothing is missing."""
        return not self.missing


def gate_of(circle: Circle, *, at: datetime) -> Gate:
    """Return what a circle has of what it needs."""
    return Gate(
        readiness=newest_readiness(circle),
        commitment=commitment_of(circle, at=at),
        facilitation=_facilitation(circle, at=at),
        agreement=newest_agreement(circle),
    )


def newest_readiness(circle: Circle) -> ReadinessCheck | None:
    """Return a circle's newest readiness check, or None."""
    return ReadinessCheck.objects.filter(circle=circle).order_by("-answered_at", "-id").first()


def newest_agreement(circle: Circle) -> WorkingAgreement | None:
    """Return the newest version of a circle's ground rules, or None. For the circle's members alone."""
    return WorkingAgreement.objects.filter(circle=circle).order_by("-version").first()


def _facilitation(circle: Circle, *, at: datetime) -> Facilitation:
    found = set(
        Membership.objects.filter(
            circle=circle, role=MemberRole.FACILITATOR, left_at__isnull=True, person__is_active=True
        ).values_list("person", flat=True)
    )
    leaders = set(holders_at(circle.workplace, Role.LEADER, at=at).values_list("id", flat=True))
    if not found:
        return Facilitation.NONE
    if not found - leaders:
        return Facilitation.LEADER_ALONE
    return Facilitation.FINE if len(found) > 1 else Facilitation.ONE
