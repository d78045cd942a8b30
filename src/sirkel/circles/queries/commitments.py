"""A circle's leader commitment: which version is the newest, and whether a leader of today stands by it."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sirkel.circles.enums import MeetingState
from sirkel.circles.models import Circle, CommitmentComment, CommitmentSignature, LeaderCommitment, Meeting
from sirkel.circles.queries.standing import Standing
from sirkel.circles.rules.commitment import PROMISES, PROVISIONS
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


@dataclass(frozen=True)
class CommitmentPage:
    """The newest version with everything around it, as far as the reader may see it.

    ``comments`` are empty for a member who is neither facilitator, leader nor representative.
    """

    commitment: Commitment
    promises: tuple[str, ...]
    provisions: tuple[str, ...]
    comments: tuple[CommitmentComment, ...]
    earlier: tuple[LeaderCommitment, ...]
    may_sign: bool

    @property
    def newest(self) -> LeaderCommitment | None:
        """The newest version, or None."""
        return self.commitment.newest


def commitment_page(standing: Standing, *, at: datetime) -> CommitmentPage:
    """Return a circle's commitment for somebody who is something to the circle."""
    found = commitment_of(standing.circle, at=at)
    newest = found.newest
    versions = LeaderCommitment.objects.filter(circle=standing.circle).order_by("-version")
    comments = (
        CommitmentComment.objects.filter(commitment__circle=standing.circle)
        .select_related("commitment")
        .order_by("-said_at", "id")
    )
    return CommitmentPage(
        commitment=found,
        promises=_texts(PROMISES, newest.promises if newest else PROMISES),
        provisions=_texts(PROVISIONS, newest.provisions if newest else ()),
        comments=tuple(comments) if standing.is_around else (),
        earlier=tuple(versions)[1:],
        may_sign=standing.is_leader and newest is not None and not found.is_signed,
    )


def suggestion_for(circle: Circle) -> dict[str, object]:
    """Return what a first version can begin with: the meetings as they are planned, the rest as is usual."""
    meetings = Meeting.objects.filter(circle=circle).exclude(state=MeetingState.CANCELLED).order_by("number")
    lengths = list(meetings.filter(sitting=1).values_list("duration_minutes", flat=True))
    return {
        "base": 0,
        "participants": 8,
        "meetings": len(lengths) or 6,
        "meeting_minutes": lengths[0] if lengths else 90,
        "facilitators": 2,
        "preparation_minutes": 45,
        "answer_days": 10,
    }


def _texts(known: Mapping[str, object], names: Iterable[str]) -> tuple[str, ...]:
    return tuple(str(known[name]) for name in names if name in known)
