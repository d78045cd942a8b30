"""Opening, revealing and closing a round: where links between people and words end."""

import random
from datetime import datetime

from django.db.models import Max

from sirkel.circles.domain.access import forget_asked
from sirkel.circles.domain.counting import count_ballots, count_pulse
from sirkel.circles.domain.voice_counting import count_writers
from sirkel.circles.enums import RoundState, Signing, StepKind
from sirkel.circles.models import InboxNote, Note, Round, Step
from sirkel.circles.rules.tokens import new_secret

_shuffle = random.SystemRandom().shuffle


def open_round(*, step: Step, at: datetime) -> Round:
    """Begin a step once more: a new round with a fresh secret. Earlier rounds are kept."""
    last = Round.objects.filter(step=step).aggregate(last=Max("number"))["last"] or 0
    return Round.objects.create(
        step=step,
        number=last + 1,
        secret=new_secret(),
        signing=step.settings.get("signing", Signing.UNSIGNED),
        began_at=at,
    )


def end_round(*, round_: Round, state: RoundState, at: datetime) -> None:
    """Move an open round on to ``state``: empty the inbox in one shuffled batch, count, destroy the secret.

    Must run inside the caller's transaction, with the round's row locked. A round that was
    revealed before is only marked closed.
    """
    if round_.state == RoundState.OPEN:
        count_writers(round_=round_)
        move_inbox(round_=round_)
        count_ballots(round_=round_)
        if round_.step.kind == StepKind.CHECK_OUT:
            count_pulse(round_=round_)
            forget_asked(round_=round_)
        round_.ended_at = at
    round_.state = state
    round_.secret = None
    round_.turn_order = []
    round_.save(update_fields=["state", "secret", "ended_at", "turn_order"])


def move_inbox(*, round_: Round) -> None:
    """Move every note of a round from the inbox to the circle in one shuffled batch.

    The batch is the anonymity: all rows are written at once, in random order, with new ids, and
    neither token nor version goes with them.
    """
    waiting = list(InboxNote.objects.filter(round=round_))
    if not waiting:
        return
    _shuffle(waiting)
    first = (Note.objects.filter(round=round_).aggregate(last=Max("position"))["last"] or 0) + 1
    Note.objects.bulk_create(
        Note(
            round=round_,
            client_id=note.client_id,
            text=note.text,
            lang=note.lang,
            signed_name=note.signed_name,
            receipt_hash=note.receipt_hash,
            position=first + index,
            is_from_card=note.is_from_card,
            is_parked=note.is_parked,
            is_held=note.is_held,
        )
        for index, note in enumerate(waiting)
    )
    InboxNote.objects.filter(round=round_).delete()
