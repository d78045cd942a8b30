"""Carrying out: what may leave the room, if nobody objects."""

import uuid

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from sirkel.circles.domain.approved_lines import take_approved_line
from sirkel.circles.domain.counting import objected_items
from sirkel.circles.domain.participation import open_token
from sirkel.circles.domain.signals import items_approved
from sirkel.circles.domain.wording import words_for_circle
from sirkel.circles.enums import Audience, RoundState, ShareState, StepKind
from sirkel.circles.models import Ballot, Note, Round, ShareItem, Theme, Trial
from sirkel.circles.queries.leading import meeting_led
from sirkel.circles.queries.rounds import round_in
from sirkel.kernel import clock, live
from sirkel.kernel.errors import NotFound, Refused
from sirkel.people.models import Person

OBJECTS = "objects"
# Readers who know neither the circle nor its workplace, and whom nobody can call back.
OUTSIDE = frozenset({Audience.NETWORK, Audience.PUBLIC})


def propose(
    *,
    acting: Person,
    meeting_id: uuid.UUID,
    text: str,
    lang: str,
    audience: Audience,
    note_id: uuid.UUID | None = None,
    theme_id: uuid.UUID | None = None,
    trial_id: uuid.UUID | None = None,
) -> ShareItem:
    """Propose words that may leave the room, and what they rest on.

    Raises:
        Refused: as for notes; ``share.audience``.
        NotFound: what it should rest on is not this circle's.

    """
    meeting = meeting_led(acting=acting, meeting_id=meeting_id)
    kept = words_for_circle(text, most=500, is_sure=True)
    if audience not in Audience.values:
        raise Refused("share.audience", _("Choose who may read it."))
    note = (
        Note.objects.filter(id=note_id, round__step__meeting__circle=meeting.circle).first()
        if note_id
        else None
    )
    trial = Trial.objects.filter(id=trial_id, circle=meeting.circle).first() if trial_id else None
    theme = Theme.objects.filter(id=theme_id, circle=meeting.circle).first() if theme_id else None
    if (note_id and not note) or (trial_id and not trial) or (theme_id and not theme):
        raise NotFound("share.source", _("What this rests on is no longer here."))
    theme = theme or (trial.theme if trial else None) or (note.theme if note else None)
    with transaction.atomic():
        item = ShareItem.objects.create(
            circle=meeting.circle,
            meeting=meeting,
            text=kept,
            lang=lang,
            audience=audience,
            note=note,
            theme=theme,
            trial=trial,
        )
        live.emit(room_id=meeting.id)
    return item


def take_back_proposal(*, acting: Person, meeting_id: uuid.UUID, item_id: uuid.UUID) -> None:
    """Remove a proposal before the circle has approved it."""
    meeting = meeting_led(acting=acting, meeting_id=meeting_id)
    with transaction.atomic():
        ShareItem.objects.filter(
            id=item_id, meeting=meeting, state__in=[ShareState.PROPOSED, ShareState.OBJECTED]
        ).delete()
        live.emit(room_id=meeting.id)


def object_to(
    *, meeting_id: uuid.UUID, round_id: uuid.UUID, device: str | None, item_ids: set[uuid.UUID]
) -> None:
    """Set which proposals this device wants to keep in the room; one objection is enough, and nobody sees whose.

    Raises:
        Gone: the step is over. NotAllowed: no seat.

    """
    with transaction.atomic():
        round_ = round_in(meeting_id=meeting_id, round_id=round_id, lock=True)
        if round_.step.kind != StepKind.CARRY_OUT:
            raise Refused("share.not_here", _("There is nothing to decide in this step."))
        token = open_token(round_=round_, device=device)
        Ballot.objects.update_or_create(
            round=round_, token=token, defaults={"picks": {str(item): OBJECTS for item in item_ids}}
        )
        objected = objected_items(round_=round_)
        proposals = ShareItem.objects.filter(
            meeting_id=meeting_id, state__in=[ShareState.PROPOSED, ShareState.OBJECTED]
        )
        proposals.filter(id__in=objected).update(state=ShareState.OBJECTED)
        proposals.exclude(id__in=objected).update(state=ShareState.PROPOSED)
        live.emit(room_id=meeting_id)


def settle_proposals(*, round_: Round) -> None:
    """Approve what nobody objected to, when the step ends; the rest stays in the room.

    What is meant for readers outside the organisation waits for two of the circle, see ``domain.releasing``.
    Must run inside the caller's transaction, while the round is still open.
    """
    if round_.state != RoundState.OPEN:
        return
    objected = objected_items(round_=round_)
    approved = []
    for item in ShareItem.objects.filter(
        meeting=round_.step.meeting, state__in=[ShareState.PROPOSED, ShareState.OBJECTED]
    ):
        if item.id in objected:
            item.state = ShareState.OBJECTED
        else:
            item.state = ShareState.WAITING if item.audience in OUTSIDE else ShareState.APPROVED
        item.save(update_fields=["state"])
        if item.state == ShareState.APPROVED:
            approved.append(item)
    for item in approved:
        if item.audience == Audience.LEADER:
            take_approved_line(item=item)
    approved = [item for item in approved if item.audience != Audience.LEADER]
    if approved:
        items_approved.send(sender=ShareItem, items=approved, at=clock.now())
