"""Saying whether one comes, and leaving a circle: by the signed link of a mail, without signing in."""

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext, override
from django.utils.translation import gettext_lazy as _

from sirkel.circles.domain.set_ups import allowed_by
from sirkel.circles.enums import MemberRole, Perspective, Says
from sirkel.circles.models import Answer, Circle, Leaving, Membership
from sirkel.circles.queries.links import (
    UNDO_FOR,
    Asked,
    Farewell,
    asked_by,
    farewell_of,
    leave_path,
    whole,
)
from sirkel.kernel import audit
from sirkel.kernel.errors import Conflict, Refused
from sirkel.people.domain import outbox
from sirkel.people.domain.outbox import Letter
from sirkel.people.enums import MailKind
from sirkel.people.models import Mail

ANSWERS_KEPT = timedelta(days=1)


def answer(*, token: str, says: str, at: datetime) -> Asked:
    """Keep whether a member means to come; the newest answer counts. No audit row: who answered is nobody's affair.

    Raises:
        NotFound: ``links.none``, see ``asked_by``.
        Refused: ``answers.what`` for anything but yes, maybe and no.

    """
    if says not in Says.values:
        raise Refused("answers.what", _("Choose one of the three answers."))
    asked = asked_by(token, at=at)
    Answer.objects.update_or_create(
        meeting=asked.meeting,
        membership=asked.membership,
        defaults={"says": says, "starts_at": asked.meeting.starts_at},
    )
    return Asked(membership=asked.membership, meeting=asked.meeting, says=says)


def leave(*, token: str, at: datetime) -> Farewell:
    """Leave a circle; for 24 hours the same link brings one back. Leaving twice changes nothing.

    A mail tells whoever left, since a mail that was passed on could have let somebody else do it.

    Raises:
        NotFound: ``links.none``, see ``farewell_of``.
        Conflict: ``circles.last_facilitator`` for the only facilitator, without whom nobody could lead it.

    """
    with transaction.atomic():
        farewell = farewell_of(token, at=at)
        member = farewell.membership
        # Two facilitators who leave at the same moment wait for each other here.
        Circle.objects.select_for_update().get(id=member.circle_id)
        others = Membership.objects.filter(
            circle=member.circle_id, role=MemberRole.FACILITATOR, left_at__isnull=True
        ).exclude(id=member.id)
        if member.role == MemberRole.FACILITATOR and not others.exists():
            raise Conflict(
                "circles.last_facilitator",
                _("You are the only facilitator of this circle."),
                _("Let somebody else become a facilitator first, or close the circle."),
            )
        if Membership.objects.filter(id=member.id, left_at__isnull=True).update(left_at=at):
            Leaving.objects.update_or_create(membership=member, defaults={"left_at": at})
            Answer.objects.filter(membership=member).delete()
            _confirm(member, at)
            _record(member, "circle.left", at)
    return farewell_of(token, at=at)


def come_back(*, token: str, at: datetime) -> Farewell:
    """Undo leaving, within 24 hours. Coming back twice changes nothing.

    Raises:
        NotFound: ``links.none``, see ``farewell_of``.
        NotAllowed: ``set_ups.no_leaders`` for a leader, once the group has no leaders in it any more.

    """
    with transaction.atomic():
        member = farewell_of(token, at=at).membership
        Circle.objects.select_for_update().get(id=member.circle_id)
        is_in = Membership.objects.filter(
            circle=member.circle_id, person=member.person_id, left_at__isnull=True
        )
        if not is_in.exists():
            _must_be_let_in(member)
            Membership.objects.filter(id=member.id).update(left_at=None)
            Leaving.objects.filter(membership=member).delete()
            _record(member, "circle.came_back", at)
    return farewell_of(token, at=at)


def compose(mails: Sequence[Mail], at: datetime) -> Mapping[uuid.UUID, Letter]:
    """Make the words to those who left and have not come back: who it was cannot be seen from a link alone."""
    left = {
        one.membership_id: one
        for one in Leaving.objects.filter(
            membership__in=[mail.about for mail in mails], left_at__gt=at - UNDO_FOR
        ).select_related("membership__circle")
    }
    letters = {}
    for mail in mails:
        if mail.about in left:
            circle = left[mail.about].membership.circle
            language = mail.person.language or circle.language
            with override(language):
                subject = gettext("You have left %(circle)s") % {"circle": circle.name}
                way_back = gettext("Was it not you, or do you want to come back? Until a day after leaving:")
                text = "\n".join([subject, "", way_back, whole(leave_path(mail.about))])
            letters[mail.id] = Letter(language=language, subject=subject, text=text)
    return letters


def tidy(*, at: datetime) -> None:
    """Forget answers the day after their meeting, and leavings that can no longer be undone."""
    Answer.objects.filter(meeting__starts_at__lt=at - ANSWERS_KEPT).delete()
    Leaving.objects.filter(left_at__lt=at - UNDO_FOR).delete()


def _must_be_let_in(member: Membership) -> None:
    if member.role == MemberRole.PARTICIPANT:
        allowed_by(circle=member.circle, is_leader=member.perspective == Perspective.LEADER)


def _confirm(member: Membership, at: datetime) -> None:
    outbox.post(
        [
            outbox.Posted(
                key=f"left:{member.id}:{int(at.timestamp())}",
                person=member.person_id,
                kind=MailKind.LEFT,
                about=member.id,
                edition=0,
                time_zone=member.circle.workplace.time_zone,
                not_before=at,
                outdated_at=at + UNDO_FOR,
            )
        ]
    )


def _record(member: Membership, verb: str, at: datetime) -> None:
    audit.record(
        chain=member.circle.organisation_id,
        acting=member.person_id,
        verb=verb,
        target=member.circle_id,
        facts={},
        at=at,
    )
