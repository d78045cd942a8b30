"""A trial as its circle sees it: the plan, what was logged, the count over time, its cycles, what colleagues said."""

import uuid
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext_lazy as _

from sirkel.circles.enums import LogKind, ReactionKind
from sirkel.circles.models import Circle, Handover, Trial, TrialLog, TrialReaction
from sirkel.circles.queries.leading import circles_led_by, circles_visible_to
from sirkel.circles.queries.set_ups import reads_words_since
from sirkel.circles.rules.when import on_wall
from sirkel.evidence.run_chart import LEAST_USEFUL, RunChart, run_chart
from sirkel.kernel.errors import NotFound
from sirkel.people.models import Person

# Fewer reactions than these are not shown: one voice of one colleague would be known on a ward.
REACTIONS_SHOWN_FROM = 3
_LONGEST_CHAIN = 30


def _none() -> NotFound:
    return NotFound("trials.none", _("There is no such trial here."), _("Go to your circles."))


def trial_for(*, person: Person, circle_id: uuid.UUID, trial_id: uuid.UUID) -> Trial:
    """Return a trial that a member of its circle asks for.

    Raises:
        NotFound: it does not exist, or not for this person: the answer is the same.

    """
    return _found(circles_visible_to(person).filter(id=circle_id).first(), trial_id)


def trial_led(*, acting: Person, circle_id: uuid.UUID, trial_id: uuid.UUID) -> Trial:
    """Return a trial for the facilitator who acts on it.

    Raises:
        NotFound: it does not exist, or this person does not facilitate its circle: the answer is the same.

    """
    return _found(circles_led_by(acting).filter(id=circle_id).first(), trial_id)


def _found(circle: Circle | None, trial_id: uuid.UUID) -> Trial:
    trial = (
        Trial.objects.filter(id=trial_id, circle=circle).select_related("theme").first() if circle else None
    )
    if circle is None or trial is None:
        raise _none()
    trial.circle = circle
    return trial


@dataclass(frozen=True)
class Said:
    """How often something was pressed."""

    kind: str
    label: str
    count: int


@dataclass(frozen=True)
class CountChart:
    """The count over time: a point per day on which something was counted, the sum of that day.

    The first ``before`` points are of earlier cycles; they are the baseline when there are enough of them.
    """

    points: tuple[tuple[date, int], ...]
    before: int
    chart: RunChart

    @property
    def values(self) -> list[int]:
        """The counts alone, in the order of the days."""
        return [value for _day, value in self.points]


@dataclass(frozen=True)
class Reactions:
    """What colleagues outside the circle said. Below three only that something was said is known."""

    is_shown: bool
    said: tuple[Said, ...]
    words: tuple[TrialReaction, ...]
    count: int


@dataclass(frozen=True)
class TrialPage:
    """What a member sees of a trial. ``words`` are the logs with words, the newest day first; ``chain`` all cycles.

    ``is_for_employees`` says to a leader among employees that what was said is not for them; then nothing of it is here.
    """

    trial: Trial
    is_led: bool
    said: tuple[Said, ...]
    words: tuple[TrialLog, ...]
    chart: CountChart | None
    chain: tuple[Trial, ...]
    reactions: Reactions
    handovers: tuple[Handover, ...]
    is_past_end: bool
    is_for_employees: bool

    @property
    def has_logs(self) -> bool:
        """Whether anybody has said how it goes."""
        return any(one.count for one in self.said)


def trial_page(*, person: Person, circle_id: uuid.UUID, trial_id: uuid.UUID, at: datetime) -> TrialPage:
    """Return a trial's page for one of its circle's members.

    Raises:
        NotFound: it does not exist, or not for this person.

    """
    trial = trial_for(person=person, circle_id=circle_id, trial_id=trial_id)
    logs = list(TrialLog.objects.filter(trial=trial).order_by("-day", "id"))
    reactions = reactions_to(trial)
    is_for_employees = reads_words_since(person=person, circle=trial.circle, at=at) is not None
    if is_for_employees:
        logs, reactions = [], Reactions(is_shown=False, said=(), words=(), count=0)
    chain = chain_of(trial)
    return TrialPage(
        trial=trial,
        is_led=circles_led_by(person).filter(id=circle_id).exists(),
        said=_said(LogKind, [log.kind for log in logs]),
        words=tuple(log for log in logs if log.text),
        chart=None if is_for_employees else count_chart(trial=trial, chain=chain),
        chain=chain,
        reactions=reactions,
        handovers=tuple(Handover.objects.filter(trial=trial).order_by("sent_on", "id")),
        is_past_end=trial.is_past_end(today_at(trial.circle, at=at)),
        is_for_employees=is_for_employees,
    )


def today_at(circle: Circle, *, at: datetime) -> date:
    """Return the day that the calendar on the circle's workplace's wall shows."""
    return on_wall(at, circle.workplace.time_zone).date()


def _said(words: type[LogKind | ReactionKind], kinds: Sequence[str]) -> tuple[Said, ...]:
    counted = Counter(kinds)
    return tuple(Said(kind.value, str(kind.label), counted[kind.value]) for kind in words)


def chain_of(trial: Trial) -> tuple[Trial, ...]:
    """Return all cycles of a trial from the first to the last of its line, itself among them."""
    line = [trial]
    while line[0].follows_id and len(line) < _LONGEST_CHAIN:
        before = Trial.objects.filter(id=line[0].follows_id).first()
        if before is None:
            break
        line.insert(0, before)
    while len(line) < _LONGEST_CHAIN:
        after = Trial.objects.filter(follows=line[-1]).order_by("ends_on", "id").first()
        if after is None:
            break
        line.append(after)
    return tuple(line)


def count_chart(*, trial: Trial, chain: Sequence[Trial]) -> CountChart | None:
    """Return the run chart of a trial's count, with the earlier cycles that counted the same; None without a count."""
    earlier = list(chain[: list(chain).index(trial)])
    same = [cycle for cycle in earlier if cycle.counted == trial.counted]
    before, now = (_daily(trials) for trials in (same, [trial]))
    if not trial.counted or not now:
        return None
    points = before + now
    baseline = len(before) if len(before) >= LEAST_USEFUL else None
    chart = run_chart([value for _day, value in points], baseline=baseline)
    return CountChart(points=tuple(points), before=len(before), chart=chart)


def _daily(trials: Sequence[Trial]) -> list[tuple[date, int]]:
    sums: Counter[date] = Counter()
    for day, count in TrialLog.objects.filter(trial__in=trials, count__isnull=False).values_list(
        "day", "count"
    ):
        sums[day] += count or 0
    return sorted(sums.items())


def reactions_to(trial: Trial) -> Reactions:
    """Return what colleagues said about a trial, in the order of random ids, from three on."""
    found = list(TrialReaction.objects.filter(trial=trial).order_by("id"))
    is_shown = len(found) >= REACTIONS_SHOWN_FROM
    shown = found if is_shown else []
    return Reactions(
        is_shown=is_shown,
        said=_said(ReactionKind, [one.kind for one in shown]),
        words=tuple(one for one in shown if one.text),
        count=len(found),
    )
