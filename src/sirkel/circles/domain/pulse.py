"""Check-out: two taps and a line, never read singly."""

import uuid

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from sirkel.circles.domain.participation import open_token
from sirkel.circles.domain.wording import words_for_circle
from sirkel.circles.enums import StepKind
from sirkel.circles.models import PulseAnswer
from sirkel.circles.queries.rounds import round_in
from sirkel.kernel.errors import Refused

LINE_LENGTH = 200


def answer_pulse(
    *,
    meeting_id: uuid.UUID,
    round_id: uuid.UUID,
    device: str | None,
    felt_heard: int | None,
    was_useful: int | None,
    word: str,
    lang: str,
    is_sure: bool = False,
) -> None:
    """Take in a check-out; a later one from the same device replaces it. Every part may be left out.

    Args:
        meeting_id: the meeting.
        round_id: an open check-out round.
        device: the device's secret.
        felt_heard: 1 no, 2 partly, 3 yes, or None.
        was_useful: the same.
        word: one line, or empty.
        lang: the language of the line.
        is_sure: as for notes.

    Raises:
        Refused: ``pulse.range``; as for notes. Gone, NotAllowed: as for choosing.

    """
    for value in (felt_heard, was_useful):
        if value is not None and value not in {1, 2, 3}:
            raise Refused("pulse.range", _("Choose one of the three answers."))
    line = words_for_circle(word, most=LINE_LENGTH, is_sure=is_sure, may_be_empty=True)
    with transaction.atomic():
        round_ = round_in(meeting_id=meeting_id, round_id=round_id, lock=True)
        if round_.step.kind != StepKind.CHECK_OUT:
            raise Refused("pulse.not_here", _("The check-out comes later."))
        token = open_token(round_=round_, device=device)
        PulseAnswer.objects.update_or_create(
            round=round_,
            token=token,
            defaults={"felt_heard": felt_heard, "was_useful": was_useful, "word": line, "lang": lang},
        )
