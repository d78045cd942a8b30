"""Making a circle and its series of meetings; changing, publishing and cancelling a meeting."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from sirkel.circles.domain.offering import chosen
from sirkel.circles.domain.signals import meeting_announced
from sirkel.circles.domain.wording import words_for_circle
from sirkel.circles.enums import MeetingState, MemberRole
from sirkel.circles.models import Circle, Meeting, Membership, Step
from sirkel.circles.queries.leading import circle_led, circles_led_by, meeting_led
from sirkel.circles.rules import methods
from sirkel.circles.rules.phases import CANCEL_REASONS
from sirkel.circles.rules.when import in_minutes
from sirkel.kernel import audit
from sirkel.kernel.errors import NotAllowed, Refused
from sirkel.kernel.ids import new_id
from sirkel.people.models import Person, Workplace
from sirkel.people.queries.roles import facilitators_at, workplaces_where_facilitator

_LANGUAGES = {code for code, _name in settings.LANGUAGES}


@dataclass(frozen=True)
class MeetingPlan:
    """One planned meeting. ``starts_at`` is aware; ``method`` names a run sheet of the methods."""

    starts_at: datetime
    method: str
    duration_minutes: int = 0
    place: str = ""
    link: str = ""


@dataclass(frozen=True)
class CirclePlan:
    """A circle as a facilitator begins it; ``facilitators`` are the others besides whoever acts.

    ``id`` is the circle's id, made by whoever plans: a plan that arrives twice begins one circle.
    """

    workplace: Workplace
    name: str
    purpose: str
    theme_frame: str
    languages: Sequence[str]
    facilitators: Sequence[Person] = field(default_factory=tuple)
    meetings: Sequence[MeetingPlan] = field(default_factory=tuple)
    id: uuid.UUID = field(default_factory=new_id)


def create_circle(*, acting: Person, plan: CirclePlan, at: datetime) -> Circle:
    """Begin a circle with its facilitators and a series of draft meetings.

    The same plan sent twice, by whoever began it, gives the circle that is there already.

    Raises:
        NotAllowed: ``circles.workplace`` where this person is no facilitator, ``circles.facilitator`` where
            one of the others is none.
        Refused: ``circles.languages``, ``circles.method``, ``meetings.link``; as for notes.

    """
    if not workplaces_where_facilitator(acting, at=at).filter(id=plan.workplace.id).exists():
        raise NotAllowed("circles.workplace", _("You are not a facilitator at this workplace."))
    languages = [tag for tag in plan.languages if tag in _LANGUAGES]
    if not languages:
        raise Refused("circles.languages", _("Choose at least one language."))
    others = {other.id: other for other in plan.facilitators if other.id != acting.id}
    if facilitators_at(plan.workplace, at=at).filter(id__in=others).count() != len(others):
        raise NotAllowed("circles.facilitator", _("The other one is not a facilitator at this workplace."))
    with transaction.atomic():
        # Two presses of the same button wait for each other here.
        Workplace.objects.select_for_update().get(id=plan.workplace.id)
        begun = circles_led_by(acting).filter(id=plan.id).first()
        if begun:
            return begun
        circle = Circle.objects.create(
            id=plan.id,
            organisation_id=plan.workplace.organisation_id,
            workplace=plan.workplace,
            name=words_for_circle(plan.name, most=120, is_sure=True),
            purpose=words_for_circle(plan.purpose, most=500, is_sure=True),
            theme_frame=words_for_circle(plan.theme_frame, most=500, is_sure=True, may_be_empty=True),
            languages=languages,
        )
        for person in (acting, *others.values()):
            Membership.objects.create(circle=circle, person=person, role=MemberRole.FACILITATOR)
        for meeting in sorted(plan.meetings, key=lambda meeting: meeting.starts_at):
            add_meeting(acting=acting, circle=circle, plan=meeting)
        audit.record(
            chain=circle.organisation_id,
            acting=acting.id,
            verb="circle.created",
            target=circle.id,
            facts={},
            at=at,
        )
    return circle


def add_meeting(*, acting: Person, circle: Circle, plan: MeetingPlan) -> Meeting:
    """Add a draft meeting with a copy of its method's run sheet.

    Raises:
        Refused: ``circles.method`` for a run sheet that is unknown or not offered, ``meetings.link``; as for notes.
        NotFound: this person does not facilitate the circle.

    """
    circle_led(acting=acting, circle_id=circle.id)
    place, link = _where(plan)
    method = chosen(organisation_id=circle.organisation_id, method_id=plan.method)
    with transaction.atomic():
        last = circle.meetings.order_by("-number").values_list("number", flat=True).first() or 0
        meeting = Meeting.objects.create(
            circle=circle,
            number=last + 1,
            starts_at=plan.starts_at,
            duration_minutes=plan.duration_minutes or method.duration_minutes,
            place=place,
            link=link,
            method=plan.method,
        )
        copy_run_sheet(meeting=meeting, method=method)
    return meeting


def copy_run_sheet(*, meeting: Meeting, method: methods.Method) -> None:
    """Give a meeting its own copy of a method's steps, in every language."""
    Step.objects.bulk_create(
        Step(
            meeting=meeting,
            position=position,
            key=plan.key,
            kind=plan.kind,
            minutes=plan.minutes,
            title=dict(plan.title),
            prompt=dict(plan.prompt),
            hint=dict(plan.hint),
            say=dict(plan.say),
            settings=dict(plan.settings),
        )
        for position, plan in enumerate(method.steps)
    )


def publish_meeting(*, acting: Person, meeting_id: uuid.UUID, at: datetime) -> Meeting:
    """Turn a draft into a planned meeting; its calendar entry goes out from now on.

    Raises:
        Refused: ``meetings.state`` unless it is a draft.

    """
    with transaction.atomic():
        meeting = meeting_led(acting=acting, meeting_id=meeting_id, lock=True)
        if meeting.state != MeetingState.DRAFT:
            raise Refused("meetings.state", _("This meeting is published already."))
        meeting.state = MeetingState.PLANNED
        meeting.calendar_changed_at = at
        meeting.save(update_fields=["state", "calendar_changed_at"])
        audit.record(
            chain=meeting.circle.organisation_id,
            acting=acting.id,
            verb="meeting.published",
            target=meeting.id,
            facts={"number": meeting.number},
            at=at,
        )
        meeting_announced.send(sender=Meeting, meeting=meeting)
    return meeting


def change_meeting(*, acting: Person, meeting_id: uuid.UUID, plan: MeetingPlan, at: datetime) -> Meeting:
    """Move a meeting or change its place; a published one tells calendars by a higher SEQUENCE.

    The run sheet is exchanged only when ``plan.method`` is another one.

    Raises:
        Refused: ``meetings.state`` once it is running, held or cancelled; ``circles.method``,
            ``meetings.link``; as for notes.

    """
    place, link = _where(plan)
    with transaction.atomic():
        meeting = meeting_led(acting=acting, meeting_id=meeting_id, lock=True)
        if meeting.state not in {MeetingState.DRAFT, MeetingState.PLANNED}:
            raise Refused("meetings.state", _("This meeting cannot be changed any more."))
        if plan.method != meeting.method:
            method = chosen(organisation_id=meeting.circle.organisation_id, method_id=plan.method)
            meeting.steps.all().delete()
            copy_run_sheet(meeting=meeting, method=method)
        before, was = _for_calendars(meeting), meeting.starts_at
        meeting.starts_at, meeting.place, meeting.link = plan.starts_at, place, link
        meeting.method = plan.method
        meeting.duration_minutes = plan.duration_minutes or meeting.duration_minutes
        is_told = _for_calendars(meeting) != before and _tell_calendars(meeting, at)
        meeting.save()
        if is_told:
            meeting_announced.send(sender=Meeting, meeting=meeting)
        if is_told and meeting.starts_at != was:
            _record_move(meeting, was=was, acting=acting, at=at)
    return meeting


def cancel_meeting(*, acting: Person, meeting_id: uuid.UUID, at: datetime, reason: str = "other") -> Meeting:
    """Cancel a meeting that has not begun, for a reason of ``CANCEL_REASONS``; calendars are told.

    Raises:
        Refused: ``meetings.state`` once it is running, held or cancelled; ``circles.reason`` for another reason.

    """
    if reason not in CANCEL_REASONS:
        raise Refused("circles.reason", _("Choose a reason."), facts={"field": "reason"})
    with transaction.atomic():
        meeting = meeting_led(acting=acting, meeting_id=meeting_id, lock=True)
        if meeting.state not in {MeetingState.DRAFT, MeetingState.PLANNED}:
            raise Refused("meetings.state", _("This meeting cannot be cancelled any more."))
        is_told = _tell_calendars(meeting, at)
        meeting.state, meeting.cancel_reason = MeetingState.CANCELLED, reason
        meeting.save()
        if is_told:
            meeting_announced.send(sender=Meeting, meeting=meeting)
        audit.record(
            chain=meeting.circle.organisation_id,
            acting=acting.id,
            verb="meeting.cancelled",
            target=meeting.id,
            facts={"number": meeting.number, "reason": reason},
            at=at,
        )
    return meeting


def _record_move(meeting: Meeting, *, was: datetime, acting: Person, at: datetime) -> None:
    """Keep from when to when a meeting was moved: a lost day is part of the circle's story."""
    audit.record(
        chain=meeting.circle.organisation_id,
        acting=acting.id,
        verb="meeting.moved",
        target=meeting.id,
        facts={
            "number": meeting.number,
            "from_minute": in_minutes(was),
            "to_minute": in_minutes(meeting.starts_at),
        },
        at=at,
    )


def _where(plan: MeetingPlan) -> tuple[str, str]:
    """Return place and link as they are kept; a link is a web address, since others will follow it."""
    if plan.link and not plan.link.startswith(("https://", "http://")):
        raise Refused("meetings.link", _("A link begins with https://."))
    return words_for_circle(plan.place, most=200, is_sure=True, may_be_empty=True), plan.link


def _for_calendars(meeting: Meeting) -> tuple[object, ...]:
    return meeting.starts_at, meeting.duration_minutes, meeting.place, meeting.link


def _tell_calendars(meeting: Meeting, at: datetime) -> bool:
    """Let calendars know that a published meeting is another one now; nobody has seen a draft."""
    if meeting.state != MeetingState.PLANNED:
        return False
    meeting.calendar_sequence += 1
    meeting.calendar_changed_at = at
    return True
