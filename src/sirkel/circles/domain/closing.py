"""What happens once, when a meeting closes: links end, decisions begin to live."""

import random
from datetime import datetime

from django.db import connection, transaction

from sirkel.circles.domain.challenges import bring_challenges
from sirkel.circles.domain.rounds import end_round, move_inbox
from sirkel.circles.domain.voice_counting import settle_voices
from sirkel.circles.enums import Mandate, MeetingState, RoundState, TrialState
from sirkel.circles.models import InboxNote, Meeting, Note, Round, ShareItem, Trial
from sirkel.kernel import live
from sirkel.people.domain.seats import clear_seats

_shuffle = random.SystemRandom().shuffle


def settle_meeting(*, meeting: Meeting, at: datetime, attendance_count: int | None) -> None:
    """Destroy secrets, seats, events and order; start the decided trials; count who was there.

    Must run inside the caller's transaction, with the meeting's row locked.
    """
    for round_ in Round.objects.filter(step__meeting=meeting).select_related("step"):
        if round_.state == RoundState.OPEN:
            end_round(round_=round_, state=RoundState.CLOSED, at=at)
        elif round_.state == RoundState.REVEALED:
            round_.state = RoundState.CLOSED
            round_.save(update_fields=["state"])
        move_inbox(round_=round_)
    settle_voices(meeting=meeting)
    rewrite_notes(meeting=meeting)
    seats = clear_seats(room=meeting.id)
    live.prune(room_id=meeting.id)
    begin_trials(meeting=meeting)
    bring_challenges(meeting=meeting)
    meeting.state = MeetingState.HELD
    meeting.closed_at = at
    meeting.join_code = None
    meeting.join_epoch += 1
    meeting.current_step = None
    meeting.is_door_closed = False
    meeting.paused_at = meeting.driver = meeting.driver_seen_at = None
    meeting.attendance_count = seats if attendance_count is None else attendance_count
    meeting.save()
    transaction.on_commit(forget_on_disk)


def begin_trials(*, meeting: Meeting) -> None:
    """Let the trials run that a meeting decided; one on care without its mandate waits for the leader."""
    planned = Trial.objects.filter(meeting=meeting, state=TrialState.PLANNED)
    lacking = planned.filter(touches_care=True).exclude(mandate=Mandate.GIVEN)
    lacking.update(state=TrialState.WAITING_MANDATE)
    planned.update(state=TrialState.RUNNING)


def rewrite_notes(*, meeting: Meeting) -> None:
    """Write all notes of a meeting anew in one shuffled batch, late ones among the others.

    A note keeps its id and everything that points to it; its row, its place in the table and the
    transaction that wrote it say nothing any more.
    """
    notes = list(Note.objects.filter(round__step__meeting=meeting))
    if not notes:
        return
    shared = dict(ShareItem.objects.filter(note__in=notes).values_list("id", "note_id"))
    Note.objects.filter(id__in=[note.id for note in notes]).delete()
    _shuffle(notes)
    for position, note in enumerate(notes):
        note.position = position
    Note.objects.bulk_create(notes)
    for item_id, note_id in shared.items():
        ShareItem.objects.filter(id=item_id).update(note_id=note_id)


def take_in_late(*, meeting: Meeting) -> None:
    """Shuffle notes that came within ten minutes after the close in among the others."""
    for round_ in Round.objects.filter(
        id__in=InboxNote.objects.filter(round__step__meeting=meeting).values("round")
    ):
        move_inbox(round_=round_)
    rewrite_notes(meeting=meeting)
    transaction.on_commit(forget_on_disk)


_EMPTIED = (
    "circles_inboxnote, circles_ballot, circles_pulseanswer, circles_note, people_seat, kernel_liveevent, "
    "circles_voicerun, circles_voicetag, circles_voicewindow, "
    "circles_accessasked, circles_accesstally, "
    "circles_membership, circles_answer, circles_privatelogentry, people_mail"
)


def forget_on_disk() -> None:
    """Make the database let go of deleted rows now and not some day.

    SQLite's write-ahead log is emptied (its file overwrites what is deleted); PostgreSQL's dead rows are
    vacuumed away. What a PostgreSQL write-ahead log or an older backup still holds is the operator's:
    see ``docs/handbook/administrator/anonymity.md``.
    """
    if connection.in_atomic_block:
        return
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        else:
            cursor.execute(f"VACUUM {_EMPTIED}")
