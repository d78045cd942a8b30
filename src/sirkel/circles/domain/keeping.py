"""Deleting what a circle wrote, once the time is over for which it is kept. What left the room by its will stays.

Gone are notes, themes' names, challenges, expectations, ground rules, pulses, counts of choices, logs and reactions, the
words of trials, run sheets, closing and looks back, lines that were never sent, and who took part. What stays names nobody and says what the
circle let out: experience cards and lines that were sent with their answers, the leader's promises, how many meetings
were held, and how each trial ended. What a hold keeps (``people.queries.holds``) goes in the first night after it is lifted.
"""

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Case, F, Model, Value, When

from sirkel.circles.domain.approved_lines import NO_WORDS
from sirkel.circles.domain.closing import forget_on_disk
from sirkel.circles.enums import HandoverState, MemberRole, ShareState, TrialState
from sirkel.circles.models import (
    Anchor,
    Ballot,
    Challenge,
    Circle,
    ClosingRecord,
    Expectation,
    FollowUp,
    Handover,
    InboxNote,
    Meeting,
    Membership,
    Note,
    OpenInvitation,
    Participant,
    PulseAnswer,
    PulseSummary,
    Reminder,
    ShareItem,
    Step,
    Tally,
    Theme,
    Trial,
    TrialLog,
    TrialLook,
    TrialReaction,
    VoicePicture,
    WorkingAgreement,
)
from sirkel.circles.queries.keeping import retention
from sirkel.circles.rules.phases import OVER
from sirkel.kernel import audit
from sirkel.kernel.models import AuditEvent
from sirkel.people.queries.holds import held_circles, held_people

BATCH = 50
_NOT_OUT = (HandoverState.DRAFT, HandoverState.APPROVED)
_UNDECIDED = (ShareState.PROPOSED, ShareState.OBJECTED, ShareState.WAITING)
_IN_ROUNDS: tuple[type[Model], ...] = (InboxNote, Note, Ballot, Tally, PulseAnswer)
_IN_TRIALS: tuple[type[Model], ...] = (TrialLog, TrialReaction, TrialLook)
_IN_MEETINGS: tuple[type[Model], ...] = (PulseSummary, Reminder)
_IN_CIRCLES: tuple[type[Model], ...] = (
    Challenge,
    Expectation,
    WorkingAgreement,
    Participant,
    VoicePicture,
    OpenInvitation,
)
_ENDINGS = ("circle.phase", "circle.ended_early")


def empty_circles(*, at: datetime) -> int:
    """Delete the content of all circles whose time is over and that no hold keeps; tell how many there were.

    Each is one step or none.
    """
    _date_the_undated(at)
    _forget_who_was_held(at)
    due = Circle.objects.filter(~held_circles(), ended_at__lte=at - retention(), emptied_at__isnull=True)
    due = due.order_by("id")
    done = 0
    while batch := list(due[:BATCH]):
        for circle in batch:
            with transaction.atomic():
                open_ = Circle.objects.filter(~held_circles(), id=circle.id, emptied_at__isnull=True)
                if open_.update(emptied_at=at):
                    _empty([circle.id])
                    audit.record(
                        chain=circle.organisation_id,
                        acting=None,
                        verb="circle.emptied",
                        target=circle.id,
                        at=at,
                    )
                    done += 1
    if done:
        transaction.on_commit(forget_on_disk)
    return done


def _empty(circles: Sequence[uuid.UUID]) -> None:
    inside: dict[str, Any] = {"circle__in": circles}
    in_rounds: dict[str, Any] = {"round__step__meeting__circle__in": circles}
    in_trials: dict[str, Any] = {"trial__circle__in": circles}
    in_meetings: dict[str, Any] = {"meeting__circle__in": circles}
    for models, where in (
        (_IN_ROUNDS, in_rounds),
        (_IN_TRIALS, in_trials),
        (_IN_MEETINGS, in_meetings),
        (_IN_CIRCLES, inside),
    ):
        for model in models:
            rows = model._default_manager.filter(**where)  # noqa: SLF001 -- the documented name
            if model is Participant:
                rows = rows.exclude(person__in=held_people())
            rows.delete()
    Handover.objects.filter(**inside, state__in=_NOT_OUT).delete()
    ShareItem.objects.filter(**inside, state__in=_UNDECIDED).delete()
    members = Membership.objects.filter(**inside).exclude(role=MemberRole.FACILITATOR)
    members.exclude(person__in=held_people()).delete()
    FollowUp.objects.filter(**inside).update(words="")
    _empty_closings(circles)
    Theme.objects.filter(**inside).update(title=NO_WORDS)
    Step.objects.filter(**in_meetings).update(prompt={}, hint={}, say={})
    Meeting.objects.filter(**inside).update(place="", link="")
    Trial.objects.filter(**inside).update(
        what=NO_WORDS,
        prediction=NO_WORDS,
        stop_rule=NO_WORDS,
        learning=Case(When(state=TrialState.DECIDED, then=Value(NO_WORDS)), default=Value("")),
        **dict.fromkeys(
            ("smallest_step", "where", "who", "when", "look_at", "counted", "change", "scale"), ""
        ),
        is_on_poster=False,
        link_epoch=F("link_epoch") + 1,
    )


def _forget_who_was_held(at: datetime) -> None:
    """Delete that somebody took part in a circle that is empty already: a hold on them kept it, and is lifted."""
    emptied = Circle.objects.filter(~held_circles(), emptied_at__lte=at)
    left = Membership.objects.filter(circle__in=emptied).exclude(role=MemberRole.FACILITATOR)
    left.exclude(person__in=held_people()).delete()
    Participant.objects.filter(circle__in=emptied).exclude(person__in=held_people()).delete()


def _empty_closings(circles: Sequence[uuid.UUID]) -> None:
    """Take the words out of closing records, which the database holds fast once they are fixed."""
    for record in ClosingRecord.objects.filter(circle__in=circles):
        here = ClosingRecord.objects.filter(id=record.id)
        here.update(fixed_on=None)
        here.update(form="", celebrate="")
        Anchor.objects.filter(record=record, for_leader=False).update(text=NO_WORDS)
        here.update(fixed_on=record.fixed_on)


def _date_the_undated(at: datetime) -> None:
    """Give circles that ended before their end was kept the moment of their ending: as the trail says, else now."""
    for circle in Circle.objects.filter(state__in=OVER, ended_at__isnull=True).order_by("id"):
        trail = AuditEvent.objects.filter(chain=circle.organisation_id, target=circle.id, verb__in=_ENDINGS)
        last = trail.order_by("-sequence").values_list("at", flat=True).first()
        Circle.objects.filter(id=circle.id, ended_at__isnull=True).update(ended_at=last or at)
