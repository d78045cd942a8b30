"""Anchoring a circle: the readiness check and the leader's commitment."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from sirkel.circles.domain.phases import part_acting
from sirkel.circles.domain.wording import words_for_circle
from sirkel.circles.models import (
    Circle,
    CommitmentComment,
    CommitmentSignature,
    LeaderCommitment,
    ReadinessCheck,
)
from sirkel.circles.queries.standing import Part, standing_of
from sirkel.circles.rules.commitment import MOST_ANSWER_DAYS, PROMISES, PROVISIONS
from sirkel.circles.rules.readiness import ANSWERS, QUESTIONS, read_answers
from sirkel.kernel import audit
from sirkel.kernel.errors import Conflict, NotFound, Refused
from sirkel.people.models import Person

WORDS_LENGTH = 500
WRITERS = frozenset({Part.FACILITATOR, Part.LEADER})
_WORDS = ("cover", "mandate", "afterwards")
# The least and the most of each number.
BOUNDS = {
    "participants": (2, 40),
    "meetings": (1, 40),
    "meeting_minutes": (10, 480),
    "facilitators": (1, 6),
    "preparation_minutes": (0, 480),
    "answer_days": (1, MOST_ANSWER_DAYS),
}


@dataclass(frozen=True)
class CommitmentPlan:
    """What a leader would commit to. ``participants`` counts facilitators too; times are in minutes per meeting."""

    participants: int
    meetings: int
    meeting_minutes: int
    facilitators: int
    preparation_minutes: int
    cover: str
    mandate: str
    answer_days: int
    afterwards: str
    lang: str
    provisions: Sequence[str] = ()


def answer_readiness(
    *,
    acting: Person,
    circle_id: uuid.UUID,
    answers: Mapping[str, str],
    at: datetime,
    look_again_on: date | None = None,
) -> ReadinessCheck:
    """Answer the readiness check; the advice is worked out and kept with the answers.

    Args:
        acting: a facilitator of the circle, or the leader of its workplace.
        circle_id: the circle.
        answers: an answer to every question, by its key.
        at: now.
        look_again_on: when to look at it again, if somebody wants to.

    Raises:
        Refused: ``readiness.<question>`` for a missing or unknown answer, ``readiness.look_again_on`` for a day
            that is past.
        NotFound: the person is neither.

    """
    found = standing_of(person=acting, circle_id=circle_id, at=at, needs=WRITERS)
    kept = {question.key: answers.get(question.key, "") for question in QUESTIONS}
    for key, answer in kept.items():
        if answer not in ANSWERS:
            raise Refused(f"readiness.{key}", _("Choose an answer."), facts={"field": key})
    if look_again_on and look_again_on < at.date():
        raise Refused(
            "readiness.look_again_on", _("This day is in the past."), facts={"field": "look_again_on"}
        )
    advice = read_answers(kept).advice
    with transaction.atomic():
        check = ReadinessCheck.objects.create(
            circle=found.circle,
            answers=kept,
            advice=advice.value,
            look_again_on=look_again_on,
            is_by_leader=found.is_leader and not found.is_facilitator,
            answered_at=at,
        )
        by = Part.LEADER if check.is_by_leader else Part.FACILITATOR
        _record("readiness.answered", found.circle, acting, at, advice=advice.value, by=by)
    return check


def write_commitment(
    *, acting: Person, circle_id: uuid.UUID, plan: CommitmentPlan, base: int, at: datetime
) -> LeaderCommitment:
    """Write the next version of a circle's commitment; earlier ones, signed or not, stay as they are.

    Args:
        acting: a facilitator of the circle, or the leader of its workplace.
        circle_id: the circle.
        plan: the whole text.
        base: the version the writer had before them; 0 when there was none.
        at: now.

    Raises:
        Refused: ``commitments.<field>`` for words that are missing or too long and numbers out of bounds.
        Conflict: ``commitments.changed`` (facts: version) when somebody has written a newer version meanwhile.
        NotFound: the person is neither.

    """
    found = standing_of(person=acting, circle_id=circle_id, at=at, needs=WRITERS)
    kept = _checked(plan)
    with transaction.atomic():
        newest = newest_version(found.circle)
        if newest != base:
            raise Conflict(
                "commitments.changed",
                _("Somebody else has written a newer version meanwhile."),
                _("Look at both, and save again what should count."),
                facts={"version": newest},
            )
        written = LeaderCommitment.objects.create(
            circle=found.circle, version=newest + 1, promises=list(PROMISES), written_at=at, **kept
        )
        _record(
            "commitment.written", found.circle, acting, at, version=written.version, by=part_acting(found)
        )
    return written


def sign_commitment(
    *, acting: Person, circle_id: uuid.UUID, version: int, at: datetime
) -> CommitmentSignature:
    """Sign the newest version as a leader of the circle's workplace. Signing twice is signing once.

    Raises:
        Conflict: ``commitments.old`` for a version that is not the newest.
        NotFound: no such version, or the person does not lead that workplace.

    """
    found = standing_of(person=acting, circle_id=circle_id, at=at, needs={Part.LEADER})
    with transaction.atomic():
        newest = newest_version(found.circle)
        commitment = LeaderCommitment.objects.filter(circle=found.circle, version=version).first()
        if commitment is None:
            raise no_such_version()
        if version != newest:
            raise Conflict(
                "commitments.old",
                _("This version was replaced, so it cannot be signed any more."),
                _("Read the newest version and sign that one."),
                facts={"version": newest},
            )
        signature, is_new = CommitmentSignature.objects.get_or_create(
            commitment=commitment, leader=acting, defaults={"signed_at": at}
        )
        if is_new:
            _record("commitment.signed", found.circle, acting, at, version=version, by=Part.LEADER)
    return signature


def comment_on_commitment(
    *, acting: Person, circle_id: uuid.UUID, version: int, text: str, at: datetime
) -> CommitmentComment:
    """Say something to a version as a union or safety representative of the circle's workplace.

    Raises:
        Refused: as for notes (empty, too long, a personal number).
        NotFound: no such version, or the person does not represent anybody there.

    """
    found = standing_of(person=acting, circle_id=circle_id, at=at, needs={Part.REPRESENTATIVE})
    kept = words_for_circle(text, most=WORDS_LENGTH, is_sure=True)
    commitment = LeaderCommitment.objects.filter(circle=found.circle, version=version).first()
    if commitment is None:
        raise no_such_version()
    with transaction.atomic():
        comment = CommitmentComment.objects.create(
            commitment=commitment, author=acting, text=kept, said_at=at
        )
        _record("commitment.commented", found.circle, acting, at, version=version, by=Part.REPRESENTATIVE)
    return comment


def newest_version(circle: Circle) -> int:
    """Return the number of a circle's newest version, its circle's row locked; 0 when there is none."""
    Circle.objects.select_for_update().get(id=circle.id)
    numbers = LeaderCommitment.objects.filter(circle=circle).order_by("-version")
    return numbers.values_list("version", flat=True).first() or 0


def no_such_version() -> NotFound:
    """Return the answer for a version that is not there."""
    return NotFound("commitments.none", _("There is no such version."))


def _checked(plan: CommitmentPlan) -> dict[str, Any]:
    kept: dict[str, Any] = {"lang": plan.lang}
    for field, (least, most) in BOUNDS.items():
        number = getattr(plan, field)
        if not least <= number <= most:
            message = _("Choose a number from %(least)d to %(most)d.") % {"least": least, "most": most}
            raise Refused(f"commitments.{field}", message, facts={"field": field})
        kept[field] = number
    for field in _WORDS:
        try:
            kept[field] = words_for_circle(getattr(plan, field), most=WORDS_LENGTH, is_sure=True)
        except Refused as refused:
            raise Refused(
                f"commitments.{field}", refused.message, refused.hint, facts={"field": field}
            ) from refused
    kept["provisions"] = [name for name in PROVISIONS if name in plan.provisions]
    return kept


def _record(verb: str, circle: Circle, acting: Person, at: datetime, **facts: audit.Fact) -> None:
    audit.record(
        chain=circle.organisation_id, acting=acting.id, verb=verb, target=circle.id, facts=facts, at=at
    )
