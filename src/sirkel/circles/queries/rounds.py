"""The running round and what it rests on."""

import uuid
from collections.abc import Sequence

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from sirkel.circles.enums import RoundState, StepKind
from sirkel.circles.models import Meeting, Note, Round, Step, Theme
from sirkel.circles.queries.sittings import themes_to_choose
from sirkel.kernel.errors import NotFound


def current_round(meeting: Meeting) -> Round | None:
    """Return the newest round of the running step, or None before the first step."""
    if meeting.current_step_id is None:
        return None
    found = (
        Round.objects.filter(step_id=meeting.current_step_id)
        .select_related("step")
        .order_by("-number")
        .first()
    )
    if found:
        found.step.meeting = meeting
    return found


def round_in(*, meeting_id: uuid.UUID, round_id: uuid.UUID, lock: bool = False) -> Round:
    """Return a round of a meeting; with ``lock`` its row is locked against reveal and close.

    Raises:
        NotFound: the meeting has no such round.

    """
    rounds = Round.objects.filter(id=round_id, step__meeting_id=meeting_id).select_related("step")
    if lock:
        rounds = rounds.select_for_update(of=("self",))
    found = rounds.first()
    if found is None:
        raise NotFound("rounds.none", _("This step is not part of the meeting."), _("Load the page again."))
    return found


def is_hidden(round_: Round) -> bool:
    """Tell whether notes of this round stay hidden until they are shown together."""
    return round_.step.kind == StepKind.WRITE and bool(round_.step.settings.get("hidden", True))


def latest_round_of(*, meeting_id: uuid.UUID, key: str) -> Round | None:
    """Return the newest round of the step with this key, or None when it was never begun."""
    return Round.objects.filter(step__meeting_id=meeting_id, step__key=key).order_by("-number").first()


def shown_notes(of_round: Round) -> QuerySet[Note]:
    """Return the notes of a round that the circle may see: not held back, not withdrawn."""
    return Note.objects.filter(round=of_round, is_held=False, is_withdrawn=False).order_by("position", "id")


def source_rounds(step: Step) -> list[Round]:
    """Return every round of the write step that a group or choose step works on, oldest first."""
    sheet = {line.key: line for line in Step.objects.filter(meeting_id=step.meeting_id)}
    origin, seen = sheet.get(step.settings.get("source", "")), {step.key}
    while origin and origin.kind == StepKind.GROUP and origin.key not in seen:
        seen.add(origin.key)
        origin = sheet.get(origin.settings.get("source", ""))
    if origin is None or origin.kind == StepKind.GROUP:
        return []
    return list(Round.objects.filter(step=origin).exclude(state=RoundState.OPEN).order_by("number"))


def themes_of(meeting: Meeting) -> QuerySet[Theme]:
    """Return the meeting's themes in the order they were made."""
    return Theme.objects.filter(meeting=meeting).order_by("position", "id")


def source_notes(step: Step) -> QuerySet[Note]:
    """Return the notes that a group or choose step works on and the circle may see, round by round."""
    return Note.objects.filter(round__in=source_rounds(step), is_held=False, is_withdrawn=False).order_by(
        "round__number", "position", "id"
    )


def options_of(step: Step, *, themes: Sequence[Theme] | None = None) -> list[tuple[uuid.UUID, str, str]]:
    """Return what can be chosen in a choose step as (id, words, language): themes, else single notes.

    ``themes`` are those to choose among, when the caller has read them already.
    """
    known = themes_to_choose(step.meeting) if themes is None else themes
    grouped = [(theme.id, theme.title, theme.lang) for theme in known]
    return grouped + [
        (note.id, note.text, note.lang) for note in source_notes(step).filter(theme__isnull=True)
    ]
