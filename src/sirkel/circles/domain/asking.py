"""Asking somebody by mail whether they join a circle: once, in their language, and never again."""

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from django.utils.translation import gettext, override

from sirkel.circles.enums import Listed
from sirkel.circles.models import Circle, Participant
from sirkel.circles.queries.forming import facilitator_names, join_path
from sirkel.circles.queries.links import whole
from sirkel.circles.queries.set_ups import OVER
from sirkel.people.domain import outbox
from sirkel.people.domain.outbox import Letter
from sirkel.people.enums import MailKind
from sirkel.people.models import Mail, Person

ASKED_FOR = timedelta(days=14)


def post_question(*, circle: Circle, person: Person, at: datetime) -> None:
    """Ask somebody by mail whether they join: once per circle, whoever asks how often."""
    outbox.post(
        [
            outbox.Posted(
                key=f"asked:{circle.id}:{person.id}",
                person=person.id,
                kind=MailKind.ASKED,
                about=circle.id,
                edition=0,
                time_zone=circle.workplace.time_zone,
                not_before=at,
                outdated_at=at + ASKED_FOR,
            )
        ]
    )


def compose(mails: Sequence[Mail], at: datetime) -> Mapping[uuid.UUID, Letter]:
    """Make the words to those who are still on a list and no member yet."""
    rows = {
        (one.circle_id, one.person_id): one
        for one in Participant.objects.filter(
            circle__in={mail.about for mail in mails},
            person__in={mail.person_id for mail in mails},
            membership__isnull=True,
        )
        .exclude(circle__state__in=OVER)
        .select_related("circle__workplace", "person")
    }
    names = {circle: facilitator_names(row.circle) for (circle, _person), row in rows.items()}
    return {
        mail.id: _letter(rows[mail.about, mail.person_id], names[mail.about])
        for mail in mails
        if (mail.about, mail.person_id) in rows and mail.outdated_at > at
    }


def _letter(row: Participant, by: Sequence[str]) -> Letter:
    assert row.person is not None  # noqa: S101 -- found by it
    language = row.person.language or row.circle.language
    facts = {
        "name": row.person.first_name,
        "circle": row.circle.name,
        "workplace": row.circle.workplace.name,
        "by": ", ".join(by),
    }
    with override(language):
        if row.state == Listed.JOINED:
            subject = gettext("Is this your address? %(circle)s") % facts
            first = (
                gettext("Somebody said yes to the learning circle %(circle)s and gave this address.") % facts
            )
            second = gettext("If it was you, say so here, and we write to you about its meetings:")
        else:
            subject = gettext("%(name)s, do you want to be in a learning circle? %(circle)s") % facts
            first = gettext("%(by)s asks you to a learning circle at %(workplace)s: %(circle)s.") % facts
            second = gettext("Read what it is, and say yes or no thanks:")
        text = "\n".join(
            [
                first,
                "",
                second,
                whole(join_path(row.circle_id, row.person.id)),
                "",
                gettext("You need not answer. Nobody sees a no, and we do not ask again."),
            ]
        )
    return Letter(language=language, subject=subject, text=text)
