"""What this room keeps of somebody with an account, and who can read what they wrote under their own name.

Notes are not here: they have no author, and one that was signed holds a name that anybody could have written.
"""

from collections.abc import Iterator
from datetime import datetime

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from sirkel.circles.models import (
    Answer,
    Circle,
    CommitmentComment,
    CommitmentSignature,
    Concern,
    Membership,
    Participant,
)
from sirkel.circles.queries.commitments import commitment_page
from sirkel.circles.queries.private_log import keeps_a_log, own_entries
from sirkel.circles.queries.standing import Part, Standing
from sirkel.circles.rules.personal_data import MEMBERSHIP, PRIVATE_LOG, PROMISES
from sirkel.people.models import Person
from sirkel.people.queries.own_data import Coded, Reader, Row, Seen, contribute, tell_readers

PARTS = {
    Part.FACILITATOR: _("The circle's facilitators"),
    Part.MEMBER: _("Other members of the circle"),
    Part.LEADER: _("The workplace's leader"),
    Part.REPRESENTATIVE: _("Union and safety representatives of the workplace"),
}
_OTHERS = _("Administrators, researchers and everybody else")
_SIGNED, _COMMENT, _CONCERN = _("A promise you signed"), _("A comment of yours"), _("A concern of yours")


def contribute_all() -> None:
    """Contribute everything."""
    contribute(
        MEMBERSHIP,
        {
            "what": _("What"),
            "circle": _("Circle"),
            "role": _("Role"),
            "first_name": _("First name on the list"),
            "left_at": _("Left"),
            "meeting": _("Meeting"),
            "says": _("Said"),
        },
        _memberships,
    )
    contribute(
        PRIVATE_LOG,
        {
            "at": _("When"),
            "circle": _("Circle"),
            "meeting": _("Meeting"),
            "question": _("Question"),
            "text": _("Text"),
        },
        _log,
    )
    contribute(
        PROMISES,
        {"what": _("What"), "circle": _("Circle"), "at": _("When"), "text": _("Text")},
        _promises,
    )
    tell_readers(_readers)


def _memberships(person: Person) -> Iterator[Row]:
    for one in (
        Membership.objects.filter(person=person).select_related("circle").order_by("circle__name", "id")
    ):
        yield {
            "what": Coded("member", _("Member")),
            "circle": one.circle.name,
            "role": Coded(one.role, one.get_role_display()),
            "left_at": one.left_at,
        }
    for listed in Participant.objects.filter(person=person).select_related("circle").order_by("id"):
        yield {
            "what": Coded("listed", _("On the list")),
            "circle": listed.circle.name,
            "role": Coded(listed.state, listed.get_state_display()),
            "first_name": listed.first_name,
        }
    answers = Answer.objects.filter(membership__person=person).select_related("meeting__circle")
    for answer in answers.order_by("starts_at", "id"):
        yield {
            "what": Coded("answer", _("Whether you come")),
            "circle": answer.meeting.circle.name,
            "meeting": answer.starts_at,
            "says": Coded(answer.says, answer.get_says_display()),
        }


def _log(person: Person) -> Iterator[Row]:
    for one in own_entries(owner=person, language=get_language() or "en"):
        yield {
            "at": one.at,
            "circle": one.circle_name or None,
            "meeting": one.meeting or None,
            "question": one.question or None,
            "text": one.text,
        }


def _written(person: Person) -> Iterator[tuple[Coded, Circle, datetime, str, object]]:
    around = "commitment__circle__workplace"
    for signed in (
        CommitmentSignature.objects.filter(leader=person).select_related(around).order_by("signed_at")
    ):
        yield Coded("signature", _SIGNED), signed.commitment.circle, signed.signed_at, "", signed
    for comment in CommitmentComment.objects.filter(author=person).select_related(around).order_by("said_at"):
        yield Coded("comment", _COMMENT), comment.commitment.circle, comment.said_at, comment.text, comment
    for concern in (
        Concern.objects.filter(raised_by=person).select_related("circle__workplace").order_by("raised_at")
    ):
        yield Coded("concern", _CONCERN), concern.circle, concern.raised_at, concern.text, concern


def _promises(person: Person) -> Iterator[Row]:
    for what, circle, at, text, _row in _written(person):
        yield {"what": what, "circle": circle.name, "at": at, "text": text or None}


def _readers(person: Person, at: datetime) -> Iterator[Seen]:
    """Ask for each part that somebody can have in a circle what the page's own query gives to that part alone."""
    if keeps_a_log(person, at=at):
        nobody = tuple(Reader(role, can_read=False) for role in (*PARTS.values(), _OTHERS))
        yield Seen(PRIVATE_LOG.name, "", (Reader(_("You"), can_read=True), *nobody))
    for what, circle, when, _text, row in _written(person):
        readers = [
            Reader(role, can_read=_reads(Standing(circle, frozenset({part})), row, at=at))
            for part, role in PARTS.items()
        ]
        yield Seen(what.label, circle.name, (*readers, Reader(_OTHERS, can_read=False)), when)


def _reads(standing: Standing, row: object, *, at: datetime) -> bool:
    """Tell whether a page of a circle gives a row to whoever is this to the circle."""
    if isinstance(row, CommitmentComment):
        return row in commitment_page(standing, at=at).comments
    return standing.is_around if isinstance(row, Concern) else True
