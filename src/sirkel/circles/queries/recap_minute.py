"""A recap in a minute, for whoever was away: theme, what was decided and is tried, what waits, when the circle meets."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import override

from sirkel.circles.enums import MeetingState, TrialState
from sirkel.circles.models import Handover, Meeting, Trial
from sirkel.circles.rules.handover_states import WAITING
from sirkel.circles.rules.minute import count_words, shortened, that_fit
from sirkel.circles.rules.when import day_words, on_wall, short_day, span_words
from sirkel.exchange.paper import Words
from sirkel.exchange.recap import Recap

_PLACE_WORDS = 8


@dataclass(frozen=True)
class Part:
    """Lines under one name; ``more`` is how many were left out for length."""

    name: str
    lines: tuple[Words, ...]
    more: int


@dataclass(frozen=True)
class Minute:
    """What stands on top of a recap: at most about 150 words, empty parts left out."""

    parts: tuple[Part, ...]

    @property
    def text(self) -> str:
        """Everything that is read, as one text."""
        lines = [(part.name, *(f"{line.text} {line.after}" for line in part.lines)) for part in self.parts]
        return " ".join(word for line in lines for word in line)


def minute_of(*, meeting: Meeting, recap: Recap, is_member: bool, at: datetime) -> Minute:
    """Return the short form of a recap, in the recap's language.

    What waits and when the circle meets again stand only in the newest recap, where they are true; what waits for
    the leader is for members alone.
    """
    with override(recap.language):
        found: list[tuple[str, list[Words]]] = [
            (recap.labels["theme"], [_short(recap.theme.text, recap.theme.lang)] if recap.theme else []),
            (recap.labels["decisions"], _decided(recap)),
            (
                recap.labels["trials"],
                [
                    _short(
                        trial.what, trial.lang, short_day(trial.until, recap.language) if trial.until else ""
                    )
                    for trial in recap.trials
                ],
            ),
        ]
        if _is_newest(meeting):
            waits = _waiting(meeting, recap.language) if is_member else []
            found += [
                (_("Waits for an answer"), waits),
                (_("Next meeting"), _next(meeting, recap.language, at)),
            ]
        return Minute(_within(found))


def _within(found: Sequence[tuple[str, list[Words]]]) -> tuple[Part, ...]:
    parts = [(name, lines) for name, lines in found if lines]
    names = sum(count_words(name) for name, _lines in parts)
    # The next meeting is one line and always stands there whole: it comes first when words are dealt out.
    order = [*parts[-1:], *parts[:-1]]
    counts = that_fit(
        [[f"{one.text} {one.after}" for one in lines] for _name, lines in order], reserved=names
    )
    taken = [*counts[1:], *counts[:1]]
    return tuple(
        Part(name, tuple(lines[:count]), len(lines) - count)
        for (name, lines), count in zip(parts, taken, strict=True)
        if count
    )


def _short(text: str, lang: str, after: str = "") -> Words:
    return Words(shortened(text), lang, after)


def _decided(recap: Recap) -> list[Words]:
    decided = [_short(note.text, note.lang) for note in recap.decisions]
    return decided + [_short(look.trial, look.lang, look.outcome) for look in recap.look_back]


def _is_newest(meeting: Meeting) -> bool:
    later = Meeting.objects.filter(
        circle=meeting.circle_id, state=MeetingState.HELD, starts_at__gt=meeting.starts_at
    )
    return not later.exclude(number=meeting.number).exists()


def _waiting(meeting: Meeting, language: str) -> list[Words]:
    lines = Handover.objects.filter(circle=meeting.circle_id, state__in=WAITING).order_by("due_on", "id")
    trials = Trial.objects.filter(circle=meeting.circle_id, state=TrialState.WAITING_MANDATE).order_by("id")
    return [
        *(_short(one.text, one.lang, short_day(one.due_on, language) if one.due_on else "") for one in lines),
        *(_short(one.what, one.lang, str(TrialState.WAITING_MANDATE.label)) for one in trials),
    ]


def _next(meeting: Meeting, language: str, at: datetime) -> list[Words]:
    coming = (
        Meeting.objects.filter(
            circle=meeting.circle_id, state__in=[MeetingState.PLANNED, MeetingState.RUNNING], starts_at__gt=at
        )
        .order_by("starts_at", "number")
        .first()
    )
    if coming is None:
        return []
    zone = meeting.circle.workplace.time_zone
    when = [
        day_words(on_wall(coming.starts_at, zone).date(), language),
        span_words(coming.starts_at, coming.duration_minutes, zone),
        shortened(coming.place, _PLACE_WORDS),
    ]
    return [Words(", ".join(part for part in when if part))]
