"""A circle's open invitation: its link, a yes by first name, and taking a name off the list. A no writes nothing.

There is no verb for a no: whoever does not want to closes the page, and nothing knows it. Nobody is reminded.
"""

import uuid
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from sirkel.circles.domain import member_list
from sirkel.circles.domain.asking import post_question
from sirkel.circles.domain.set_ups import allowed_by, locked_circle, perspective_of
from sirkel.circles.domain.wording import words_for_circle
from sirkel.circles.enums import Listed
from sirkel.circles.models import Circle, Membership, OpenInvitation, Participant
from sirkel.circles.queries.leading import circle_led
from sirkel.circles.queries.set_ups import OVER
from sirkel.circles.rules.client_ids import client_hash
from sirkel.kernel import audit
from sirkel.kernel.errors import Conflict, NotFound, Refused
from sirkel.people.models import Person


@dataclass(frozen=True)
class Yes:
    """A yes as it comes from the page. ``email`` may be empty; it is asked for reminders alone."""

    client_id: uuid.UUID
    first_name: str
    lang: str
    email: str = ""
    says_leads: bool = False


def open_invitation(*, acting: Person, circle_id: uuid.UUID, at: datetime) -> OpenInvitation:
    """Open a circle's invitation; one that was closed opens with a new link. Opening twice changes nothing.

    Raises:
        Refused: ``circles.over``.
        NotFound: this person does not facilitate the circle.

    """
    circle_led(acting=acting, circle_id=circle_id)
    with transaction.atomic():
        circle = locked_circle(circle_id)
        if circle.state in OVER:
            raise Refused("circles.over", _("The circle is over."), status=409)
        invitation, is_new = OpenInvitation.objects.get_or_create(circle=circle)
        if is_new or not invitation.is_open:
            invitation.is_open = True
            invitation.save(update_fields=["is_open"])
            _record("invitation.opened", circle, acting, at)
    return invitation


def renew_invitation(*, acting: Person, circle_id: uuid.UUID, at: datetime) -> OpenInvitation:
    """Make the link anew: whatever was printed or sent before opens nothing any more.

    Raises:
        Conflict: ``invitations.closed`` while there is no open one.
        NotFound: this person does not facilitate the circle.

    """
    with transaction.atomic():
        circle, invitation = _open(acting, circle_id)
        invitation.link_epoch += 1
        invitation.save(update_fields=["link_epoch"])
        _record("invitation.renewed", circle, acting, at)
    return invitation


def close_invitation(*, acting: Person, circle_id: uuid.UUID, at: datetime) -> OpenInvitation:
    """Close the invitation. Who was asked and did not join is deleted, whether they said no or nothing.

    Raises:
        Conflict: ``invitations.closed`` when it is closed already.
        NotFound: this person does not facilitate the circle.

    """
    with transaction.atomic():
        circle, invitation = _open(acting, circle_id)
        invitation.is_open = False
        invitation.link_epoch += 1
        invitation.save(update_fields=["is_open", "link_epoch"])
        member_list.forget_asked(circle)
        _record("invitation.closed", circle, acting, at)
    return invitation


def say_yes(*, circle: Circle, yes: Yes, acting: Person | None, at: datetime) -> None:
    """Put somebody on the circle's list by first name; the same client id again corrects the name.

    Somebody who is signed in becomes a member at once. An address that was only typed is written to once, and its
    owner becomes a member by the link in that mail; whether the address was known before cannot be told from here.
    No audit row unless somebody signed in joins: nothing else says who it was.

    Args:
        circle: found by its link.
        yes: what the page sent.
        acting: whoever is signed in, or None.
        at: now.

    Raises:
        NotAllowed: ``set_ups.no_leaders``, ``set_ups.leaders_only``.
        Conflict: ``invitations.inside`` for a member who is signed in.
        Refused: ``members.too_many``; as for notes.

    """
    name = words_for_circle(yes.first_name, most=member_list.MOST_NAME)
    with transaction.atomic():
        locked = locked_circle(circle.id)
        perspective = perspective_of(person=acting, circle=locked, says_leads=yes.says_leads, at=at)
        by = allowed_by(circle=locked, is_leader=perspective == "leader")
        if acting and is_member(locked, acting):
            raise Conflict("invitations.inside", _("You are in this circle already."))
        hashed = client_hash(yes.client_id)
        known = Participant.objects.filter(circle=locked, client_hash=hashed)
        if not known.exists():
            member_list.must_have_room(locked)
        person, is_new = acting, False
        if yes.email and not acting:
            person, is_new = member_list.person_for(email=yes.email, first_name=name, lang=yes.lang)
            if is_member(locked, person):
                return
            post_question(circle=locked, person=person, at=at)
        listed = member_list.row_of(circle=locked, person=person, besides=hashed)
        if listed:
            if acting:
                member_list.make_member(row=listed, at=at)
            return
        row, _made = Participant.objects.update_or_create(
            circle=locked,
            client_hash=hashed,
            defaults={
                "first_name": name,
                "lang": yes.lang,
                "perspective": perspective,
                "allowed_by": by,
                "state": Listed.JOINED,
            },
        )
        if person and row.person_id is None:
            row.person, row.has_made_account = person, is_new
            row.save(update_fields=["person", "has_made_account"])
        if acting:
            member_list.make_member(row=row, at=at)


def take_back(*, circle: Circle, client_id: uuid.UUID) -> bool:
    """Take a yes back, for whoever holds its id; tell whether there was one. A member leaves by their own link."""
    with transaction.atomic():
        row = Participant.objects.filter(
            circle=circle, client_hash=client_hash(client_id), membership=None
        ).first()
        if row is None:
            return False
        member_list.forget(row)
    return True


def take_off(*, acting: Person, circle_id: uuid.UUID, participant_id: uuid.UUID, at: datetime) -> None:
    """Take somebody off the list who has no account of their own in the circle.

    Raises:
        NotFound: ``members.none``; this person does not facilitate the circle.
        Conflict: ``members.own_way`` for a member with an account: they leave by their own link.

    """
    circle = circle_led(acting=acting, circle_id=circle_id)
    with transaction.atomic():
        row = Participant.objects.filter(circle=circle, id=participant_id).first()
        if row is None:
            raise NotFound("members.none", _("They are not on the list any more."))
        if row.membership_id:
            raise Conflict(
                "members.own_way",
                _("They have an account and leave by their own link."),
                _("It stands in every mail about the circle."),
            )
        member_list.forget(row)
        _record("members.taken_off", circle, acting, at)


def is_member(circle: Circle, person: Person) -> bool:
    """Tell whether somebody belongs to a circle now, facilitators among them."""
    return Membership.objects.filter(circle=circle, person=person, left_at__isnull=True).exists()


def _open(acting: Person, circle_id: uuid.UUID) -> tuple[Circle, OpenInvitation]:
    circle_led(acting=acting, circle_id=circle_id)
    circle = locked_circle(circle_id)
    invitation = OpenInvitation.objects.filter(circle=circle, is_open=True).first()
    if invitation is None:
        raise Conflict("invitations.closed", _("The invitation is not open."))
    return circle, invitation


def _record(verb: str, circle: Circle, acting: Person, at: datetime) -> None:
    audit.record(chain=circle.organisation_id, acting=acting.id, verb=verb, target=circle.id, facts={}, at=at)
