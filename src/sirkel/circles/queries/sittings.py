"""The other sitting of a meeting number: what of it the circle has seen, and may read here too."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from sirkel.circles.enums import MeetingState, RoundState, StepKind
from sirkel.circles.models import Meeting, Note, Theme, Trial

# The steps in which what the other sitting wrote is read.
_READ_IN = frozenset({StepKind.GROUP, StepKind.CHOOSE, StepKind.DEEPEN, StepKind.DECIDE_TRIAL})


@dataclass(frozen=True)
class Other:
    """What comes from the other sitting: its notes, once they were shown there, its chosen theme and its trials."""

    notes: tuple[Note, ...] = ()
    themes: tuple[Theme, ...] = ()
    trials: tuple[Trial, ...] = ()

    def __bool__(self) -> bool:
        """Whether anything comes from there."""
        return bool(self.notes or self.themes or self.trials)


def siblings(meeting: Meeting) -> QuerySet[Meeting]:
    """Return the other sitting of a meeting's number, cancelled or not; empty where there is one sitting."""
    return Meeting.objects.filter(circle=meeting.circle_id, number=meeting.number).exclude(id=meeting.id)


def board_of(meeting: Meeting) -> list[Meeting]:
    """Return the sittings whose outcome belongs together: this one, and the other once it was held."""
    held = siblings(meeting).filter(state=MeetingState.HELD)
    return sorted([meeting, *held], key=lambda one: one.sitting)


def themes_to_choose(meeting: Meeting) -> QuerySet[Theme]:
    """Return the themes that a sitting may choose among: its own, and those of the other once it was held."""
    here = Q(meeting=meeting) | Q(meeting__number=meeting.number, meeting__state=MeetingState.HELD)
    themes = Theme.objects.filter(here, circle=meeting.circle_id)
    return themes.order_by("meeting__sitting", "position", "id")


def is_read_in(kind: str, *, is_open: bool) -> bool:
    """Tell whether a step shows what the other sitting wrote: while people write, they see nothing of the others."""
    return kind in _READ_IN or (kind == StepKind.WRITE and not is_open)


def other_of(meetings: Sequence[Meeting], *, kind: str, key: str, is_open: bool) -> Other:
    """Return what of the other sitting is read in a step. Nothing that is still hidden there, or could sway here.

    Args:
        meetings: the other sitting; empty where there is none.
        kind: of the step that runs here.
        key: of the step that runs here.
        is_open: whether people act in the round that runs here.

    """
    others = [one for one in meetings if one.state != MeetingState.CANCELLED]
    if not others or not is_read_in(kind, is_open=is_open):
        return Other()
    notes = (
        Note.objects.filter(
            round__step__meeting__in=others,
            round__step__kind=StepKind.WRITE,
            is_held=False,
            is_withdrawn=False,
        )
        .exclude(round__state=RoundState.OPEN)
        .order_by("round__step__position", "position", "id")
    )
    if kind == StepKind.WRITE:
        notes = notes.filter(round__step__key=key)
    return Other(
        notes=tuple(notes),
        themes=tuple(Theme.objects.filter(meeting__in=others, is_chosen=True).exclude(title="…")),
        trials=tuple(Trial.objects.filter(meeting__in=others).order_by("ends_on", "id")),
    )


def other_sitting_of(meeting: Meeting, *, is_led: bool) -> Meeting | None:
    """Return the other sitting as a member sees it: a draft is seen by facilitators alone."""
    found = siblings(meeting).first()
    if found is None or (found.state == MeetingState.DRAFT and not is_led):
        return None
    found.circle = meeting.circle
    return found
