"""The list of a circle's people: asking by mail, becoming a member by the link in it, and being forgotten."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from sirkel.circles.domain.asking import post_question
from sirkel.circles.domain.set_ups import allowed_by, locked_circle, perspective_of
from sirkel.circles.domain.wording import words_for_circle
from sirkel.circles.enums import Listed, MemberRole, Perspective
from sirkel.circles.models import Circle, Membership, Participant
from sirkel.circles.queries.forming import asked_by_link
from sirkel.circles.queries.leading import circle_led
from sirkel.circles.queries.set_ups import OVER
from sirkel.kernel import audit
from sirkel.kernel.errors import Conflict, NotAllowed, Refused
from sirkel.people.domain import outbox
from sirkel.people.domain.erasing import delete_for_good
from sirkel.people.enums import MailKind
from sirkel.people.models import Person

MOST_NAME = 40
MOST_LISTED = 60


@dataclass(frozen=True)
class Entry:
    """One of a circle's people, as a facilitator writes them down. ``email`` may be empty."""

    first_name: str
    lang: str
    email: str = ""
    perspective: str = Perspective.EMPLOYEE


def put_on_list(
    *, acting: Person, circle_id: uuid.UUID, entries: Sequence[Entry], at: datetime
) -> list[Participant]:
    """Put people on a circle's list: all of them or nobody.

    Whoever has an address is asked by mail and joins by its link alone. Whoever has none takes part by first name:
    they have said yes to the facilitator.

    Raises:
        Refused: ``members.language``, ``members.perspective``, ``members.too_many``, ``members.twice`` (facts:
            entry, counted from 0), ``circles.over``; as for notes.
        NotAllowed: ``set_ups.no_leaders``, ``set_ups.leaders_only``.
        NotFound: this person does not facilitate the circle.

    """
    circle_led(acting=acting, circle_id=circle_id)
    with transaction.atomic():
        circle = locked_circle(circle_id)
        if circle.state in OVER:
            raise Refused("circles.over", _("The circle is over."), status=409)
        must_have_room(circle, len(entries))
        rows = []
        for place, entry in enumerate(entries):
            try:
                rows.append(put_one(circle=circle, entry=entry, at=at))
            except Refused as refused:
                refused.facts["entry"] = place
                raise
        audit.record(
            chain=circle.organisation_id,
            acting=acting.id,
            verb="members.listed",
            target=circle.id,
            facts={"count": len(rows)},
            at=at,
        )
    return rows


def put_one(*, circle: Circle, entry: Entry, at: datetime) -> Participant:
    """Put one person on the list, and ask whoever has an address. Must run inside the caller's transaction.

    Raises:
        Refused, NotAllowed: as for ``put_on_list``.

    """
    if entry.lang not in dict(settings.LANGUAGES):
        raise Refused("members.language", _("Choose one of the languages."), facts={"field": "lang"})
    if entry.perspective not in Perspective.values:
        raise Refused("members.perspective", _("Choose employee or leader."), facts={"field": "perspective"})
    name = words_for_circle(entry.first_name, most=MOST_NAME)
    person, is_new = None, False
    if entry.email:
        person, is_new = person_for(email=entry.email, first_name=name, lang=entry.lang)
        _must_be_new(circle, person)
    perspective = perspective_of(
        person=person, circle=circle, says_leads=entry.perspective == Perspective.LEADER, at=at
    )
    by = allowed_by(circle=circle, is_leader=perspective == Perspective.LEADER)
    if person:
        post_question(circle=circle, person=person, at=at)
    return Participant.objects.create(
        circle=circle,
        first_name=name,
        lang=entry.lang,
        perspective=perspective,
        allowed_by=by,
        state=Listed.ASKED if person else Listed.JOINED,
        person=person,
        has_made_account=is_new,
    )


def _must_be_new(circle: Circle, person: Person) -> None:
    is_in = Membership.objects.filter(circle=circle, person=person, left_at__isnull=True).exists()
    if is_in or row_of(circle=circle, person=person):
        raise Refused("members.twice", _("This address is on the list already."), facts={"field": "email"})


def answer_by_link(*, token: str, is_yes: bool, at: datetime) -> Participant | None:
    """Join a circle by the link in a mail, or not. Saying yes twice changes nothing.

    A no is written nowhere. Somebody whose address another one typed at the open invitation is taken off the list.

    Returns:
        The row of whoever joined; None after a no.

    Raises:
        NotFound: ``links.none``, see ``asked_by_link``.
        NotAllowed: ``set_ups.no_leaders``, ``set_ups.leaders_only``; a leader is then on no list either.

    """
    row = asked_by_link(token)
    if row.membership_id:
        return row
    if not is_yes:
        if row.state == Listed.JOINED:
            forget(row)
        return None
    try:
        with transaction.atomic():
            circle = locked_circle(row.circle_id)
            row = asked_by_link(token)
            if row.membership_id is None:
                make_member(row=row, at=at, circle=circle)
    except NotAllowed:
        if row.state == Listed.JOINED:
            forget(row)
        raise
    return row


def make_member(*, row: Participant, at: datetime, circle: Circle | None = None) -> Membership:
    """Make a member of somebody on the list whose account is known. Must run inside the caller's transaction.

    Raises:
        NotAllowed: ``set_ups.no_leaders``, ``set_ups.leaders_only``.
        Conflict: ``invitations.inside``.

    """
    circle = circle or row.circle
    person = row.person
    if person is None or Membership.objects.filter(circle=circle, person=person, left_at=None).exists():
        raise Conflict("invitations.inside", _("You are in this circle already."))
    perspective = perspective_of(
        person=person, circle=circle, says_leads=row.perspective == Perspective.LEADER, at=at
    )
    by = allowed_by(circle=circle, is_leader=perspective == Perspective.LEADER)
    row.membership = Membership.objects.create(
        circle=circle, person=person, role=MemberRole.PARTICIPANT, perspective=perspective, allowed_by=by
    )
    row.state, row.perspective, row.allowed_by = Listed.JOINED, perspective, by
    row.save(update_fields=["membership", "state", "perspective", "allowed_by"])
    audit.record(
        chain=circle.organisation_id,
        acting=person.id,
        verb="circle.joined",
        target=circle.id,
        facts={},
        at=at,
    )
    return row.membership


def row_of(*, circle: Circle, person: Person | None, besides: bytes = b"") -> Participant | None:
    """Return where somebody with an account stands on the list already; a row of before they left is deleted.

    ``besides`` is the hash of the entry that is being made, which does not count.
    """
    if person is None:
        return None
    rows = Participant.objects.filter(circle=circle, person=person)
    rows.filter(membership__left_at__isnull=False).delete()
    return rows.exclude(client_hash=besides).first()


def person_for(*, email: str, first_name: str, lang: str) -> tuple[Person, bool]:
    """Return the account of an address, and whether it was made now; a known one is left as it is."""
    found = Person.objects.filter(email__iexact=email.strip()).first()
    if found:
        return found, False
    return Person.objects.create_user(email=email, first_name=first_name, language=lang), True


def must_have_room(circle: Circle, more: int = 1) -> None:
    """Refuse more people than a list holds.

    Raises:
        Refused: ``members.too_many``.

    """
    if Participant.objects.filter(circle=circle).count() + more > MOST_LISTED:
        raise Refused(
            "members.too_many",
            _("The list of this circle is full."),
            _("Ask the facilitator. A circle works best with 5 to 12 people."),
            status=409,
        )


def forget_asked(circle: Circle) -> None:
    """Delete everybody who was asked and did not join, and what still waits to be sent to them."""
    outbox.take_out(about=circle.id, kind=MailKind.ASKED)
    for row in Participant.objects.filter(circle=circle, state=Listed.ASKED).select_related("person"):
        forget(row)


def forget(row: Participant) -> None:
    """Delete somebody from the list, with the account that was made for it when it was never used.

    No old backup brings either back.
    """
    person = row.person if row.has_made_account else None
    delete_for_good(Participant.objects.filter(id=row.id))
    if person is None or person.last_login or person.roles.exists() or person.memberships.exists():
        return
    if not Participant.objects.filter(person=person).exists():
        delete_for_good(Person.objects.filter(id=person.id))
