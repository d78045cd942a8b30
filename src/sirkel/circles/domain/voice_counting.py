"""Counting notes and adopted ideas by perspective, without a perspective ever standing beside a person or a note.

What somebody said of themselves lives on their phone, sealed. With a note comes a sealed tag of its own, in another
table under a blinded name. When the meeting closes the tags are counted and the secret that opens them is destroyed;
when three meetings are told, so is what was counted. Decision 23 says what each step protects against.
"""

import base64
import binascii
import random
import uuid
from collections import defaultdict

from django.db.models import Q

from sirkel.circles.enums import ShareState
from sirkel.circles.models import (
    InboxNote,
    Meeting,
    Note,
    Round,
    VoicePicture,
    VoiceRun,
    VoiceTag,
    VoiceWindow,
)
from sirkel.circles.queries.voices import is_voice_counted
from sirkel.circles.rules.voices import WINDOW_MEETINGS, SpeaksAs, Sums, from_byte, fullest, pair, to_byte
from sirkel.kernel.sealing import blind, new_secret, seal, unseal

_MARK, _TAG, _RUN, WINDOW = "voice-mark", "voice-tag", "voice-run", "voice-window"
_shuffle = random.SystemRandom().shuffle


def begin_counting(*, meeting: Meeting) -> None:
    """Let a meeting that opens count by perspective if its circle has decided so; in the caller's transaction."""
    if is_voice_counted(meeting.circle_id):
        secret = new_secret()
        sealed = seal(Sums().to_bytes(), secret=secret, purpose=_RUN)
        VoiceRun.objects.create(meeting=meeting, secret=secret, sealed=sealed)


def mark_of(*, run: VoiceRun, perspective: SpeaksAs) -> str:
    """Return what a phone keeps of its owner's answer: sealed, as long for every answer, good for this meeting."""
    sealed = seal(to_byte(perspective), secret=bytes(run.secret), purpose=_MARK)
    return base64.urlsafe_b64encode(sealed).decode().rstrip("=")


def is_mark(*, run: VoiceRun, mark: str) -> bool:
    """Tell whether a phone has answered in this meeting, whatever it answered."""
    return _opened(run, mark) is not None


def tag_note(*, round_: Round, client_id: uuid.UUID, mark: str) -> None:
    """Give a note that just went into the inbox its sealed tag; the same with and without an answer."""
    run = VoiceRun.objects.filter(meeting=round_.step.meeting_id).first()
    if run is None:
        return
    secret = bytes(run.secret)
    code = to_byte(from_byte(_opened(run, mark)))
    VoiceTag.objects.create(
        run=run, blind=_name(run, client_id), sealed=seal(code, secret=secret, purpose=_TAG)
    )


def untag_note(*, round_: Round, client_id: uuid.UUID) -> None:
    """Delete the tag of a note that its writer takes back."""
    run = VoiceRun.objects.filter(meeting=round_.step.meeting_id).first()
    if run is not None:
        VoiceTag.objects.filter(run=run, blind=_name(run, client_id)).delete()


def count_writers(*, round_: Round) -> None:
    """Count how many of each perspective wrote in a round that ends, before its inbox is emptied.

    All tags of the meeting are written anew in one shuffled batch, sealed afresh: neither place nor transaction
    says with which note one came.
    """
    run = VoiceRun.objects.select_for_update().filter(meeting=round_.step.meeting_id).first()
    if run is None:
        return
    found = _perspectives(run)
    said = defaultdict(set)
    for client_id, token in InboxNote.objects.filter(round=round_).values_list("client_id", "token"):
        said[bytes(token)].add(found.get(_name(run, client_id), SpeaksAs.UNSAID))
    here = pair(each for answers in said.values() if len(answers) == 1 for each in answers)
    secret = bytes(run.secret)
    before = Sums.from_bytes(unseal(bytes(run.sealed), secret=secret, purpose=_RUN))
    sums = Sums(writers=fullest(before.writers, here))
    run.sealed = seal(sums.to_bytes(), secret=secret, purpose=_RUN)
    run.save(update_fields=["sealed"])
    _write_anew(run, found)


def settle_voices(*, meeting: Meeting) -> None:
    """Add a meeting that closes to what is being counted, destroy its tags and secret, and tell the third meeting.

    A meeting in which too few of one perspective wrote leaves nothing behind but that it was held.
    """
    run = VoiceRun.objects.filter(meeting=meeting).first()
    if run is None:
        return
    sums = _sums_of(run, meeting)
    run.delete()
    window = VoiceWindow.objects.select_for_update().filter(circle=meeting.circle_id).first()
    if window is None:
        window = VoiceWindow(
            circle_id=meeting.circle_id, first_meeting=meeting.number, secret=new_secret(), sealed=b""
        )
    secret = bytes(window.secret)
    total = Sums.from_bytes(unseal(bytes(window.sealed), secret=secret, purpose=WINDOW))
    if sums.may_count:
        total = total.and_then(sums)
    window.meetings += 1
    if window.meetings < WINDOW_MEETINGS:
        window.sealed = seal(total.to_bytes(), secret=secret, purpose=WINDOW)
        window.save()
        return
    notes, ideas = total.told()
    VoicePicture.objects.get_or_create(
        circle_id=meeting.circle_id,
        first_meeting=window.first_meeting,
        defaults={"last_meeting": meeting.number, "notes": notes, "ideas": ideas},
    )
    VoiceWindow.objects.filter(circle=meeting.circle_id).delete()


def _sums_of(run: VoiceRun, meeting: Meeting) -> Sums:
    secret = bytes(run.secret)
    sums = Sums.from_bytes(unseal(bytes(run.sealed), secret=secret, purpose=_RUN))
    found = _perspectives(run)
    written = Note.objects.filter(round__step__meeting=meeting, client_id__isnull=False, is_withdrawn=False)
    approved = (ShareState.WAITING, ShareState.APPROVED)
    adopted = set(
        written.filter(
            Q(theme__is_chosen=True)
            | Q(theme__trials__isnull=False)
            | Q(share_items__state__in=approved)
            | Q(theme__share_items__state__in=approved)
        ).values_list("client_id", flat=True)
    )
    by_note = {
        client_id: found.get(_name(run, client_id), SpeaksAs.UNSAID)
        for client_id in written.values_list("client_id", flat=True)
    }
    ideas = pair(perspective for client_id, perspective in by_note.items() if client_id in adopted)
    return Sums(writers=sums.writers, notes=pair(by_note.values()), ideas=ideas)


def _perspectives(run: VoiceRun) -> dict[bytes, SpeaksAs]:
    secret = bytes(run.secret)
    return {
        bytes(name): from_byte(unseal(bytes(sealed), secret=secret, purpose=_TAG))
        for name, sealed in VoiceTag.objects.filter(run=run).values_list("blind", "sealed")
    }


def _write_anew(run: VoiceRun, found: dict[bytes, SpeaksAs]) -> None:
    secret = bytes(run.secret)
    tags = [
        VoiceTag(run=run, blind=name, sealed=seal(to_byte(perspective), secret=secret, purpose=_TAG))
        for name, perspective in found.items()
    ]
    _shuffle(tags)
    VoiceTag.objects.filter(run=run).delete()
    VoiceTag.objects.bulk_create(tags)


def _name(run: VoiceRun, client_id: uuid.UUID | None) -> bytes:
    return blind(client_id.bytes if client_id else b"", secret=bytes(run.secret), purpose=_TAG)


def _opened(run: VoiceRun, mark: str) -> bytes | None:
    try:
        sealed = base64.urlsafe_b64decode(mark + "=" * (-len(mark) % 4))
    except (ValueError, binascii.Error):
        return None
    return unseal(sealed, secret=bytes(run.secret), purpose=_MARK)
