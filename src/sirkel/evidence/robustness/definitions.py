"""What each figure of robustness means: named, versioned and published, so that anybody can count it again.

The words are shown to whoever sees a figure and printed in the handbook. A definition that is changed gets a new
version; the old one stays as long as a study has chosen it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from sirkel.evidence.robustness import measures
from sirkel.evidence.robustness.measures import Count, Measure


def _(text: str) -> str:
    """Mark a text for translation; whoever shows it translates it."""
    return text


class Facet(StrEnum):
    """Which side of a robust learning environment a figure tells of."""

    TIME = "time"
    STRUCTURE = "structure"
    USE = "use"
    ENDURANCE = "endurance"


class Unit(StrEnum):
    """What the main number of a figure is."""

    SHARE = "share"  # so many of so many
    DAYS = "days"  # the middle number of days
    COUNT = "count"


FACETS: Mapping[Facet, str] = {
    Facet.TIME: _("Time: is it protected?"),
    Facet.STRUCTURE: _("Structure: do rhythm and roles hold?"),
    Facet.USE: _("Use: does learning change the work?"),
    Facet.ENDURANCE: _("Endurance: does it outlast what disturbs it?"),
}


# Below this a share is said as "3 of 4": a per cent of so few says more than is known.
PERCENT_FROM = 20


@dataclass(frozen=True, slots=True)
class Definition:
    """One figure: what is counted, of what, when it is not known yet, and whose acts move it.

    ``part`` and ``whole`` are the numerator and the denominator in words; ``not_yet`` says why there may be no
    figure. ``moved_by`` names the act: always one that a circle, a workplace or a leader does as such. An ``is_inside``
    figure is for the circle alone, since around it the number would tell of one person.
    """

    key: str
    version: int
    facet: Facet
    unit: Unit
    name: str
    part: str
    whole: str
    not_yet: str
    moved_by: str
    measure: Measure = field(repr=False)
    is_inside: bool = False

    @property
    def ref(self) -> str:
        """The name by which a study chooses exactly this version: ``time.held/1``."""
        return f"{self.key}/{self.version}"


@dataclass(frozen=True, slots=True)
class Figure:
    """A definition and what was counted by it for one circle. While it is not known, its numbers say nothing."""

    definition: Definition
    count: Count

    @property
    def is_known(self) -> bool:
        """Whether there is anything to show."""
        return self.count.is_known

    @property
    def percent(self) -> int | None:
        """The share in whole per cent, from ``PERCENT_FROM`` cases on; None below that and where it is no share."""
        if self.definition.unit != Unit.SHARE or not self.is_known or self.count.whole < PERCENT_FROM:
            return None
        return round(100 * self.count.part / self.count.whole)


_IN_ALL = (
    Definition(
        key="time.held",
        version=1,
        facet=Facet.TIME,
        unit=Unit.SHARE,
        name=_("Meetings held of those planned"),
        part=_("Meetings that the circle held, up to its closing."),
        whole=_(
            "Published meetings whose day has come. Days in a pause are left out, and days after the circle ended."
        ),
        not_yet=_("No meeting day has come yet."),
        moved_by=_("The circle meets, or it does not."),
        measure=measures.held_of_planned,
    ),
    Definition(
        key="time.again",
        version=1,
        facet=Facet.TIME,
        unit=Unit.DAYS,
        name=_("Days from a lost meeting to the next one held"),
        part=_("Lost days after which the circle met again. The days are the middle value, pauses left out."),
        whole=_(
            "Days of a meeting that was cancelled, passed by or moved to later, if the circle did not meet. Pauses are left out."
        ),
        not_yet=_("No meeting was lost, or the circle has not met since."),
        moved_by=_("A meeting is cancelled or moved, and the circle meets again."),
        measure=measures.days_to_next,
    ),
    Definition(
        key="structure.rhythm",
        version=1,
        facet=Facet.STRUCTURE,
        unit=Unit.SHARE,
        name=_("Gaps between meetings of six weeks at most"),
        part=_("Gaps of no more than 42 days between one meeting held and the next, pauses left out."),
        whole=_("All gaps between meetings held, up to the closing."),
        not_yet=_("The circle has not met twice yet."),
        moved_by=_("The circle meets, or it does not."),
        measure=measures.steady_rhythm,
    ),
    Definition(
        key="structure.answers",
        version=1,
        facet=Facet.STRUCTURE,
        unit=Unit.SHARE,
        name=_("Lines to the leader answered in time"),
        part=_(
            "Lines answered on the promised day or before it. Every answer counts alike, a no as much as a yes."
        ),
        whole=_("Lines that were answered, or whose day is past."),
        not_yet=_("No line has been answered, and none is overdue."),
        moved_by=_("The leader answers, or does not."),
        measure=measures.answered_in_time,
    ),
    Definition(
        key="use.decided",
        version=1,
        facet=Facet.USE,
        unit=Unit.SHARE,
        name=_("Trials that reached a decision"),
        part=_("Trials that the circle decided about. To drop a trial counts as much as to keep it."),
        whole=_("Trials that were decided, or whose last day is past."),
        not_yet=_("No trial has come to its last day yet."),
        moved_by=_("The circle decides about a trial."),
        measure=measures.trials_decided,
    ),
    Definition(
        key="endurance.facilitator",
        version=1,
        facet=Facet.ENDURANCE,
        unit=Unit.SHARE,
        name=_("Went on after a facilitator left"),
        part=_("Days on which a facilitator left and the circle met again within 56 days, pauses left out."),
        whole=_("Days on which a facilitator left before the closing, and of which the outcome is known."),
        not_yet=_("No facilitator has left, or it is too early to tell."),
        moved_by=_("A facilitator leaves. Only the circle sees this figure."),
        measure=measures.facilitator_survived,
        is_inside=True,
    ),
    Definition(
        key="endurance.leader",
        version=1,
        facet=Facet.ENDURANCE,
        unit=Unit.SHARE,
        name=_("Went on after a change of leader"),
        part=_(
            "Days on which a leader of the workplace left and the circle met again within 56 days, pauses left out."
        ),
        whole=_(
            "Days on which a leader of the workplace left before the closing, and of which the outcome is known."
        ),
        not_yet=_("No leader has left, or it is too early to tell."),
        moved_by=_("The workplace gets another leader."),
        measure=measures.leader_survived,
    ),
    Definition(
        key="endurance.pause",
        version=1,
        facet=Facet.ENDURANCE,
        unit=Unit.SHARE,
        name=_("Came back after a pause"),
        part=_("Pauses after which the circle went on and met within 56 days. A pause is no failure."),
        whole=_("Pauses that are over, and of which the outcome is known."),
        not_yet=_("The circle was never paused, or it is too early to tell."),
        moved_by=_("The circle is paused, and goes on."),
        measure=measures.pause_survived,
    ),
    Definition(
        key="endurance.after",
        version=1,
        facet=Facet.ENDURANCE,
        unit=Unit.COUNT,
        name=_("Meetings after the closing"),
        part=_("Meetings held after the day on which the circle went to its follow-up."),
        whole="",
        not_yet=_("The circle has not closed, or closed less than three months ago."),
        moved_by=_("The circle meets, or it does not."),
        measure=measures.met_after_closing,
    ),
    Definition(
        key="endurance.three_months",
        version=1,
        facet=Facet.ENDURANCE,
        unit=Unit.SHARE,
        name=_("In use three months after the closing"),
        part=_(
            "What the circle kept or handed over and found in use, wholly or in part, when it looked back."
        ),
        whole=_("What the circle kept or handed over at its closing and knew about when it looked back."),
        not_yet=_("The circle has not looked back at three months."),
        moved_by=_("The circle looks back together. Only the circle sees this figure."),
        measure=measures.still_in_use(3),
        is_inside=True,
    ),
    Definition(
        key="endurance.six_months",
        version=1,
        facet=Facet.ENDURANCE,
        unit=Unit.SHARE,
        name=_("In use six months after the closing"),
        part=_(
            "What the circle kept or handed over and found in use, wholly or in part, when it looked back."
        ),
        whole=_("What the circle kept or handed over at its closing and knew about when it looked back."),
        not_yet=_("The circle has not looked back at six months."),
        moved_by=_("The circle looks back together. Only the circle sees this figure."),
        measure=measures.still_in_use(6),
        is_inside=True,
    ),
)

DEFINITIONS: Mapping[str, Definition] = {one.ref: one for one in _IN_ALL}


def newest() -> tuple[Definition, ...]:
    """Return every definition in its newest version, by facet."""
    found = {one.key: one for one in sorted(DEFINITIONS.values(), key=lambda one: one.version)}
    return tuple(one for one in _IN_ALL if found[one.key] is one)


def chosen(refs: Iterable[str]) -> tuple[Definition, ...]:
    """Return the definitions that somebody chose, in our order, each once.

    Args:
        refs: a key (``time.held``, its newest version) or a key with its version (``time.held/1``). None chosen
            is none returned.

    Raises:
        ValueError: for a name that is no definition; it is named in the message.

    """
    by_key = {one.key: one for one in newest()}
    wanted = set()
    for ref in refs:
        found = DEFINITIONS.get(ref) or by_key.get(ref)
        if found is None:
            raise ValueError(f"{ref!r} is no definition of robustness")
        wanted.add(found.ref)
    return tuple(one for one in _IN_ALL if one.ref in wanted)
