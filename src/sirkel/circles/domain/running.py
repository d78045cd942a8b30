"""The meeting engine: opening, moving from step to step, time, and closing."""

import uuid
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from sirkel.circles.domain.closing import settle_meeting
from sirkel.circles.domain.driving import led_and_running, record_step
from sirkel.circles.domain.joining import give_code
from sirkel.circles.domain.rounds import end_round, open_round
from sirkel.circles.domain.sharing import settle_proposals
from sirkel.circles.domain.talking import draw_order
from sirkel.circles.domain.voice_counting import begin_counting
from sirkel.circles.enums import MeetingState, RoundState, StepKind
from sirkel.circles.models import Ballot, InboxNote, Meeting, Round, Step
from sirkel.circles.queries.leading import meeting_led
from sirkel.circles.queries.rounds import current_round
from sirkel.kernel import live
from sirkel.kernel.errors import Conflict, Refused
from sirkel.people.models import Person

FEWEST_TO_REVEAL = 3
MOST_EXTRA_MINUTES = 60


def open_meeting(*, acting: Person, meeting_id: uuid.UUID, at: datetime) -> Meeting:
    """Open a planned meeting: code and QR become valid, its screens come alive, the first step waits.

    Raises:
        NotFound: not this person's meeting.
        Refused: ``meetings.state`` when it is neither a draft nor planned, ``meetings.empty`` without steps.

    """
    with transaction.atomic():
        meeting = meeting_led(acting=acting, meeting_id=meeting_id, lock=True)
        if meeting.state not in {MeetingState.DRAFT, MeetingState.PLANNED}:
            raise Refused(
                "meetings.state",
                _("This meeting cannot be opened now."),
                _("It may be open or over already."),
            )
        if not meeting.steps.exists():
            raise Refused("meetings.empty", _("The run sheet is empty."), _("Add a step first."))
        meeting.state = MeetingState.RUNNING
        meeting.opened_at = at
        meeting.driver, meeting.driver_seen_at = acting, at
        meeting.save(update_fields=["state", "opened_at", "driver", "driver_seen_at"])
        give_code(meeting)
        begin_counting(meeting=meeting)
        live.open_room(room_id=meeting.id)
        live.emit(room_id=meeting.id)
        record_step(meeting, acting, "meeting.opened", at)
    return meeting


def _expected(meeting: Meeting, expected: uuid.UUID | None) -> Round | None:
    """Return the running round, locked; refuse when the screen that asks shows another one."""
    round_ = current_round(meeting)
    if (round_.id if round_ else None) != expected:
        raise Conflict("meetings.moved_on", _("The meeting has moved on."), _("Look at where it is now."))
    if round_ is None:
        return None
    return Round.objects.select_for_update().select_related("step").get(id=round_.id)


def go_on(*, acting: Person, meeting_id: uuid.UUID, expected: uuid.UUID | None, at: datetime) -> Meeting:
    """End the running round and begin the next step; after the last step nothing but closing is left.

    Args:
        acting: the facilitator who holds the controls (or takes them when they lie free).
        meeting_id: the meeting.
        expected: the round that the asking screen shows; None before the first step.
        at: now.

    Raises:
        Conflict: ``meetings.moved_on`` when somebody was faster; ``meetings.driven``.
        Refused: ``meetings.last_step`` when there is no next step.

    """
    with transaction.atomic():
        meeting = led_and_running(acting=acting, meeting_id=meeting_id, at=at)
        round_ = _expected(meeting, expected)
        position = round_.step.position if round_ else -1
        following = meeting.steps.filter(position__gt=position, is_skipped=False).order_by("position").first()
        if following is None:
            raise Refused(
                "meetings.last_step", _("This was the last step."), _("Close the meeting when you are done.")
            )
        if round_:
            _leave(round_, acting=acting, at=at)
        _begin(meeting, following, acting=acting, at=at)
    return meeting


def go_back(*, acting: Person, meeting_id: uuid.UUID, expected: uuid.UUID | None, at: datetime) -> Meeting:
    """Return to the step before: its earlier round is kept, a new one begins. Nothing is deleted.

    Raises:
        Conflict: as for ``go_on``.
        Refused: ``meetings.first_step`` when there is no earlier step.

    """
    with transaction.atomic():
        meeting = led_and_running(acting=acting, meeting_id=meeting_id, at=at)
        round_ = _expected(meeting, expected)
        position = round_.step.position if round_ else 0
        earlier = meeting.steps.filter(position__lt=position, is_skipped=False).order_by("-position").first()
        if round_ is None or earlier is None:
            raise Refused("meetings.first_step", _("This is the first step."))
        _leave(round_, acting=acting, at=at)
        _begin(meeting, earlier, acting=acting, at=at)
    return meeting


def _leave(round_: Round, *, acting: Person, at: datetime) -> None:
    if round_.step.kind == StepKind.CARRY_OUT and round_.state == RoundState.OPEN:
        settle_proposals(round_=round_)
    end_round(round_=round_, state=RoundState.CLOSED, at=at)
    record_step(round_.step.meeting, acting, "step.closed", at, round_.step)


def _begin(meeting: Meeting, step: Step, *, acting: Person, at: datetime) -> None:
    round_ = open_round(step=step, at=at)
    if step.kind == StepKind.TALK and step.settings.get("round"):
        draw_order(round_=round_, room=meeting.id)
    meeting.current_step = step
    if meeting.paused_at:
        meeting.paused_at = at
    meeting.save(update_fields=["current_step", "paused_at"])
    live.emit(room_id=meeting.id)
    record_step(meeting, acting, "step.opened", at, step)


def reveal(
    *,
    acting: Person,
    meeting_id: uuid.UUID,
    expected: uuid.UUID | None,
    at: datetime,
    despite_few: bool = False,
) -> Meeting:
    """Show what was written or chosen in the running round, in shuffled order or as counts.

    Raises:
        Conflict: as for ``go_on``; ``rounds.revealed`` when it was shown already.
        Refused: ``rounds.few`` when fewer than three notes from three devices wait, or only one or two devices
            have chosen, unless ``despite_few``.

    """
    with transaction.atomic():
        meeting = led_and_running(acting=acting, meeting_id=meeting_id, at=at)
        round_ = _expected(meeting, expected)
        if round_ is None or round_.state != RoundState.OPEN:
            raise Conflict("rounds.revealed", _("This has been shown already."))
        if not despite_few:
            _must_not_be_few(round_)
        end_round(round_=round_, state=RoundState.REVEALED, at=at)
        live.emit(room_id=meeting.id)
        record_step(meeting, acting, "step.revealed", at, round_.step)
    return meeting


def _must_not_be_few(round_: Round) -> None:
    """Refuse to show what so few wrote or chose that the room would see whose it is."""
    if round_.step.kind == StepKind.WRITE:
        waiting = InboxNote.objects.filter(round=round_)
        if min(waiting.count(), waiting.values("token").distinct().count()) < FEWEST_TO_REVEAL:
            raise Refused(
                "rounds.few",
                _("With so few notes it is easy to guess who wrote what."),
                _("Give it more time, or show them all the same if everybody agrees."),
                status=409,
            )
    elif round_.step.kind == StepKind.CHOOSE:
        chosen = Ballot.objects.filter(round=round_).exclude(picks={}).count()
        if chosen and chosen < FEWEST_TO_REVEAL:  # without any there is nothing to see of anybody
            raise Refused(
                "rounds.few",
                _("With so few who have chosen, it is easy to guess who chose what."),
                _("Give it more time, or show them all the same if everybody agrees."),
                status=409,
            )


def add_minutes(
    *, acting: Person, meeting_id: uuid.UUID, expected: uuid.UUID | None, at: datetime, minutes: int = 2
) -> Meeting:
    """Give the running step more time.

    Raises:
        Refused: ``meetings.too_long`` above an hour of extra time in one step.

    """
    with transaction.atomic():
        meeting = led_and_running(acting=acting, meeting_id=meeting_id, at=at)
        round_ = _expected(meeting, expected)
        if round_ is None:
            raise Refused("meetings.not_begun", _("The meeting has not begun yet."))
        step = round_.step
        if not 0 < step.extra_minutes + minutes <= MOST_EXTRA_MINUTES:
            raise Refused("meetings.too_long", _("This step cannot be made longer."))
        step.extra_minutes += minutes
        step.save(update_fields=["extra_minutes"])
        live.emit(room_id=meeting.id)
    return meeting


def pause(*, acting: Person, meeting_id: uuid.UUID, at: datetime) -> Meeting:
    """Stop the clock; people may go on writing. Pausing twice changes nothing."""
    with transaction.atomic():
        meeting = led_and_running(acting=acting, meeting_id=meeting_id, at=at)
        if meeting.paused_at is None:
            meeting.paused_at = at
            meeting.save(update_fields=["paused_at"])
            live.emit(room_id=meeting.id)
    return meeting


def resume(*, acting: Person, meeting_id: uuid.UUID, at: datetime) -> Meeting:
    """Let the clock go on; the step gets the paused time back."""
    with transaction.atomic():
        meeting = led_and_running(acting=acting, meeting_id=meeting_id, at=at)
        if meeting.paused_at is not None:
            round_ = current_round(meeting)
            if round_:
                round_.began_at += max(at - max(meeting.paused_at, round_.began_at), timedelta(0))
                round_.save(update_fields=["began_at"])
            meeting.paused_at = None
            meeting.save(update_fields=["paused_at"])
            live.emit(room_id=meeting.id)
    return meeting


def close_meeting(
    *, acting: Person, meeting_id: uuid.UUID, at: datetime, attendance_count: int | None = None
) -> Meeting:
    """End the meeting: every link between people and words is destroyed, what was decided goes on.

    Args:
        acting: the facilitator who holds the controls.
        meeting_id: the meeting.
        at: now.
        attendance_count: how many took part; without it, the number of seats taken.

    """
    with transaction.atomic():
        meeting = led_and_running(acting=acting, meeting_id=meeting_id, at=at)
        round_ = current_round(meeting)
        if round_:
            _leave(
                Round.objects.select_for_update().select_related("step").get(id=round_.id),
                acting=acting,
                at=at,
            )
        settle_meeting(meeting=meeting, at=at, attendance_count=attendance_count)
        live.emit(room_id=meeting.id)
        record_step(meeting, acting, "meeting.closed", at)
    return meeting
