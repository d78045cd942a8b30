"""The mail that asks for a look back: on its day, and once more two weeks later. It says which circle, and nothing else.

It goes to the circle's facilitators; where none is left, to its members. A circle that is paused or over asks nobody.
"""

import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from sirkel.circles.enums import CircleState, MemberRole
from sirkel.circles.models import FollowUp, Membership
from sirkel.circles.queries.links import whole
from sirkel.circles.queries.trial_page import today_at
from sirkel.people.domain import outbox
from sirkel.people.domain.outbox import Letter
from sirkel.people.enums import MailKind
from sirkel.people.models import Mail
from sirkel.people.queries.mail import reach_of

# So many days after its day the first and the second mail about a follow-up are posted.
ASKED_AFTER = (timedelta(0), timedelta(days=14))
OUTDATED_AFTER = timedelta(days=30)
BATCH = 500


def ask(*, at: datetime) -> int:
    """Post the mails about follow-ups whose day has come; tell how many were offered to the outbox.

    One transaction per batch; each mail waits for the end of its reader's quiet hours.
    """
    posted, after = 0, None
    while True:
        with transaction.atomic():
            batch = _batch(after, latest=at.date() + timedelta(days=1))
            if not batch:
                return posted
            due = []
            for one in batch:
                times = _times_due(one, today_at(one.circle, at=at))
                if times > one.asked:
                    one.asked = times
                    due.append(one)
            posted += outbox.post(_mails(due, at))
            FollowUp.objects.bulk_update(due, ["asked"])
            after = batch[-1].id


def compose(mails: Sequence[Mail], at: datetime) -> Mapping[uuid.UUID, Letter]:
    """Make the words of the mails that still make sense; the others are left out."""
    del at
    found = FollowUp.objects.select_related("circle").in_bulk({mail.about for mail in mails})
    readers = _readers({one.circle_id for one in found.values()})
    letters = {}
    for mail in mails:
        follow_up = found.get(mail.about)
        if (
            follow_up is None
            or follow_up.is_answered
            or follow_up.edition != mail.edition
            or follow_up.circle.state != CircleState.FOLLOWUP
            or mail.person_id not in readers.get(follow_up.circle_id, set())
        ):
            continue
        language = mail.person.language or follow_up.circle.language
        with override(language):
            letters[mail.id] = Letter(language=language, subject=_subject(follow_up), text=_text(follow_up))
    return letters


def _subject(follow_up: FollowUp) -> str:
    return _("%(circle)s, %(months)d months on: three questions") % {
        "circle": follow_up.circle.name,
        "months": follow_up.months,
    }


def _text(follow_up: FollowUp) -> str:
    path = f"/circles/{follow_up.circle_id}/follow-up/{follow_up.months}/"
    lines = [
        _("It is time to look back at %(circle)s.") % {"circle": follow_up.circle.name},
        _("Three short questions, five minutes. “We do not know” is an answer too."),
        "",
        _("Answer here: %(address)s") % {"address": whole(path)},
        _("A facilitator can move the day on the same page."),
    ]
    return "\n".join(lines)


def _batch(after: uuid.UUID | None, *, latest: date) -> list[FollowUp]:
    """Return the next follow-ups that may be due, locked."""
    waiting = FollowUp.objects.filter(
        answered_on__isnull=True,
        due_on__lte=latest,
        asked__lt=len(ASKED_AFTER),
        circle__state=CircleState.FOLLOWUP,
    )
    if after:
        waiting = waiting.filter(id__gt=after)
    locked = waiting.select_for_update(of=("self",)).select_related("circle", "circle__workplace")
    return list(locked.order_by("id")[:BATCH])


def _times_due(follow_up: FollowUp, today: date) -> int:
    """Return how many mails should have gone out by a day. After a long pause two of them become one."""
    return sum(today >= follow_up.due_on + wait for wait in ASKED_AFTER)


def _readers(circles: Iterable[uuid.UUID]) -> dict[uuid.UUID, set[uuid.UUID]]:
    """Return whom a circle's follow-up is asked of, by the circle's id: one query for all."""
    led: dict[uuid.UUID, set[uuid.UUID]] = {}
    everybody: dict[uuid.UUID, set[uuid.UUID]] = {}
    current = Membership.objects.filter(
        circle__in=list(circles), left_at__isnull=True, person__is_active=True
    )
    for circle, person, role in current.values_list("circle", "person", "role"):
        everybody.setdefault(circle, set()).add(person)
        if role == MemberRole.FACILITATOR:
            led.setdefault(circle, set()).add(person)
    return everybody | led


def _mails(due: Sequence[FollowUp], at: datetime) -> Iterator[outbox.Posted]:
    readers = _readers(one.circle_id for one in due)
    reach = reach_of({person for people in readers.values() for person in people}, at=at)
    for one in due:
        zone = one.circle.workplace.time_zone
        for person in sorted(readers.get(one.circle_id, ())):
            yield outbox.Posted(
                key=f"follow_up:{one.id}:{one.edition}:{one.asked}:{person}",
                person=person,
                kind=MailKind.FOLLOW_UP,
                about=one.id,
                edition=one.edition,
                time_zone=zone,
                not_before=reach[person].next_moment(at, otherwise=zone),
                outdated_at=at + OUTDATED_AFTER,
            )
