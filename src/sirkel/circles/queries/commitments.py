"""A circle's leader commitment: which version is the newest, and whether a leader of today stands by it."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sirkel.circles.models import Circle, CommitmentSignature, LeaderCommitment
from sirkel.people.enums import Role
from sirkel.people.queries.roles import holders_at


class Signed(StrEnum):
    """Where the newest version of a commitment stands."""

    MISSING = "missing"  # nothing is written yet
    UNSIGNED = "unsigned"
    LAPSED = "lapsed"  # signed, and whoever signed no longer leads there
    SIGNED = "signed"


@dataclass(frozen=True)
class Commitment:
    """The newest version of a circle's commitment. ``signature`` is the one that counts, else the newest one."""

    newest: LeaderCommitment | None
    state: Signed
    signature: CommitmentSignature | None = None

    @property
    def is_signed(self) -> bool:
        """Whether a leader of today has signed the newest version."""
        return self.state == Signed.SIGNED


def commitments_of(circles: Iterable[Circle], *, at: datetime) -> dict[object, Commitment]:
    """Return where each circle's commitment stands, by the circle's id. Workplaces must be loaded."""
    wanted = {circle.id: circle for circle in circles}
    newest = {one.circle_id: one for one in _versions(wanted)}
    signatures: dict[object, list[CommitmentSignature]] = {}
    for one in (
        CommitmentSignature.objects.filter(commitment__in=[each.id for each in newest.values()])
        .select_related("leader")
        .order_by("signed_at", "id")
    ):
        signatures.setdefault(one.commitment_id, []).append(one)
    places = {circle.workplace_id: circle.workplace for circle in wanted.values()}
    leaders = {
        place: set(holders_at(workplace, Role.LEADER, at=at).values_list("id", flat=True))
        for place, workplace in places.items()
    }
    return {
        key: _standing(newest.get(key), signatures, leaders[circle.workplace_id])
        for key, circle in wanted.items()
    }


def commitment_of(circle: Circle, *, at: datetime) -> Commitment:
    """Return where one circle's commitment stands."""
    return commitments_of([circle], at=at)[circle.id]


def _versions(wanted: Iterable[object]) -> Iterable[LeaderCommitment]:
    return LeaderCommitment.objects.filter(circle__in=list(wanted)).order_by("version")


def _standing(
    newest: LeaderCommitment | None,
    signatures: dict[object, list[CommitmentSignature]],
    leaders: Collection[object],
) -> Commitment:
    if newest is None:
        return Commitment(None, Signed.MISSING)
    given = signatures.get(newest.id, [])
    if not given:
        return Commitment(newest, Signed.UNSIGNED)
    counting = [one for one in given if one.leader_id in leaders]
    return (
        Commitment(newest, Signed.SIGNED, counting[-1])
        if counting
        else Commitment(newest, Signed.LAPSED, given[-1])
    )
