"""What may be said at which size: the one place that keeps numbers from saying more than they know.

The limits follow from how wide intervals are: with 10 people who answered twice, the interval of a mean change on a
scale of five is half a step to either side, and alpha of 12 people may be anything between .56 and .93. Below a limit
a value is absent with a reason that a leader understands. Nothing here is a star, a colour or a rank: values come with
an interval, units come in the order of their names, and people *changed*; that something had an effect nobody can
say without a comparison.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TypeVar

from sirkel.evidence.agreement import GroupIcc
from sirkel.evidence.change import PairedChange
from sirkel.evidence.multiplicity import holm
from sirkel.evidence.omega import Omega
from sirkel.evidence.reliability import Reliability
from sirkel.evidence.why import Absent, Number, Why

LEAST_PAIRS = 10
LEAST_PAIRS_FOR_P = 30
LEAST_FOR_ALPHA = 30
LEAST_UNITS = 10
LEAST_SUBGROUP = 20
LEAST_FOR_PERCENT = 20
RESPONSE_RATE = 0.6


class Detail(StrEnum):
    """How much a change may show."""

    NOTHING = "nothing"
    MEDIANS = "medians"
    INTERVAL = "interval"
    TEST = "test"


class Note(StrEnum):
    """What must stand beside the numbers."""

    RESPONSE_LOW = "response_low"
    RESPONSE_UNKNOWN = "response_unknown"
    THESE_UNITS = "these_units"
    CHANGED_NOT_EFFECT = "changed_not_effect"
    CHOSEN_LOW = "chosen_low"
    READ_ANEW = "read_anew"
    PRIMARY = "primary"
    NOT_PRIMARY = "not_primary"
    NO_UNIT_VARIANCE = "no_unit_variance"


NOTES: dict[Note, str] = {
    Note.RESPONSE_LOW: "Fewer than six in ten answered. Those who did not may see things differently.",
    Note.RESPONSE_UNKNOWN: "It is not known how many were asked, so nobody can say how many did not answer.",
    Note.THESE_UNITS: "With fewer than ten workplaces, the results are about these workplaces alone.",
    Note.CHANGED_NOT_EFFECT: "The numbers show what changed, not why. There is no group to compare with.",
    Note.CHOSEN_LOW: "The workplaces were chosen because they stood low. Such numbers rise by themselves.",
    Note.READ_ANEW: "People may read the questions in a new way after learning together. Talk about it.",
    Note.PRIMARY: "Several questions were tested together. The tests take that into account.",
    Note.NOT_PRIMARY: "This question was not among those chosen beforehand, so it is shown without a test.",
    Note.NO_UNIT_VARIANCE: "No difference between workplaces could be measured.",
}


@dataclass(frozen=True, slots=True)
class ShownChange:
    """A change as it may be shown: below ten pairs the medians alone; below thirty no p."""

    detail: Detail
    change: PairedChange


def detail_of(pairs: int) -> Detail:
    """Return how much a change of so many people who answered twice may show."""
    if pairs < LEAST_PAIRS:
        return Detail.MEDIANS
    return Detail.INTERVAL if pairs < LEAST_PAIRS_FOR_P else Detail.TEST


def shown_change(change: PairedChange, *, is_subgroup: bool = False) -> ShownChange:
    """Return a change with what must not be reported at its size taken away.

    ``is_subgroup`` says that the people are a part of a unit, as a profession within a ward.
    """
    detail = detail_of(change.n)
    if is_subgroup and change.n < LEAST_SUBGROUP:
        small = Absent(Why.SUBGROUP_TOO_SMALL)
        return ShownChange(
            Detail.NOTHING, replace(_hidden(change, Why.SUBGROUP_TOO_SMALL), median_1=small, median_2=small)
        )
    if detail == Detail.MEDIANS:
        return ShownChange(detail, _hidden(change, Why.TOO_FEW_TO_COMPARE))
    if detail == Detail.INTERVAL:
        few = Absent(Why.TOO_FEW_FOR_P)
        return ShownChange(detail, replace(change, t=few, p=few, wilcoxon_p=few))
    return ShownChange(detail, change)


def shown_reliability(found: Reliability, *, is_one_unit: bool = False) -> Reliability:
    """Return a reliability block without alpha below thirty complete sheets, and never for one unit alone."""
    if found.n >= LEAST_FOR_ALPHA and not is_one_unit:
        return found
    few = Absent(Why.TOO_FEW_FOR_ALPHA)
    items = {
        item: replace(
            one, item_rest=_kept(one.item_rest, few), alpha_if_dropped=_kept(one.alpha_if_dropped, few)
        )
        for item, one in found.items.items()
    }
    return replace(
        found,
        alpha=_kept(found.alpha, few),
        ci95=_kept(found.ci95, few),
        pairwise=_kept(found.pairwise, few),
        items=items,
    )


def shown_omega(found: Omega, n: int, *, is_one_unit: bool = False) -> Omega:
    """Return omega of n complete sheets under the same limits as alpha."""
    return Omega(
        shown_omega_value(found.model_implied, n, is_one_unit=is_one_unit),
        shown_omega_value(found.observed, n, is_one_unit=is_one_unit),
    )


def shown_omega_value(value: Number, n: int, *, is_one_unit: bool = False) -> Number:
    """Return one omega of n sheets under the same limits as alpha."""
    return value if n >= LEAST_FOR_ALPHA and not is_one_unit else _kept(value, Absent(Why.TOO_FEW_FOR_ALPHA))


def shown_icc(found: GroupIcc) -> GroupIcc:
    """Return ICCs without their values below ten units; the interval stays, for it says how little is known."""
    if found.groups >= LEAST_UNITS:
        return found
    few = Absent(Why.TOO_FEW_UNITS)
    return replace(
        found,
        icc1=_kept(found.icc1, few),
        icc2=_kept(found.icc2, few),
        icc1_n0=_kept(found.icc1_n0, few),
    )


def shown_unit_variance(value: Number, units: int) -> Number:
    """Return a variance between so many units, or a share of it; absent below ten."""
    return _kept(value, Absent(Why.TOO_FEW_UNITS)) if is_unit_fixed(units) else value


def is_unit_fixed(units: int) -> bool:
    """Tell whether units enter a model as fixed effects: fewer than ten say nothing of other units."""
    return units < LEAST_UNITS


def shown_share(share: Number, n: int) -> Number:
    """Return a share of n people, absent where only counts may be shown."""
    return share if n >= LEAST_FOR_PERCENT else _kept(share, Absent(Why.TOO_FEW_FOR_PERCENT))


def response_note(answered: int, asked: int | None) -> Note | None:
    """Return the banner that a response rate asks for; None from six in ten on.

    Raises:
        ValueError: more answered than were asked.

    """
    if asked is None or asked == 0:
        return Note.RESPONSE_UNKNOWN
    if not 0 <= answered <= asked:
        raise ValueError("No more can answer than were asked")
    return Note.RESPONSE_LOW if answered < RESPONSE_RATE * asked else None


def notes(
    *,
    answered: int,
    asked: int | None,
    units: int,
    has_waves: bool,
    has_comparison: bool = False,
    is_chosen_low: bool = False,
    is_singular: bool = False,
) -> tuple[Note, ...]:
    """Return all that must stand beside a result, in the order in which it is read."""
    wanted = {
        Note.THESE_UNITS: is_unit_fixed(units),
        Note.NO_UNIT_VARIANCE: is_singular,
        Note.CHANGED_NOT_EFFECT: has_waves and not has_comparison,
        Note.CHOSEN_LOW: has_waves and is_chosen_low,
        Note.READ_ANEW: has_waves,
    }
    banner = response_note(answered, asked)
    return (*([banner] if banner else []), *(note for note, is_wanted in wanted.items() if is_wanted))


def shown_family(
    family: Mapping[str, PairedChange], primary: Sequence[str]
) -> tuple[dict[str, ShownChange], dict[str, Note]]:
    """Return the changes of a set of questions between the same two rounds, and the note of each.

    Those declared beforehand (``primary``) are tested together after Holm; the others keep their interval and lose
    their p. What is too small for a p is no member of the family.

    Raises:
        ValueError: a declared question is not in the family.

    """
    unknown = set(primary) - set(family)
    if unknown:
        raise ValueError(f"Not among the questions: {', '.join(sorted(unknown))}")
    shown = {name: shown_change(change) for name, change in family.items()}
    p = holm({name: shown[name].change.p for name in primary})
    ranks = holm({name: shown[name].change.wilcoxon_p for name in primary})
    for name, one in shown.items():
        if name in p:
            shown[name] = replace(one, change=replace(one.change, p=p[name], wilcoxon_p=ranks[name]))
        elif one.detail == Detail.TEST:
            undeclared = Absent(Why.NOT_DECLARED)
            kept = replace(one.change, t=undeclared, p=undeclared, wilcoxon_p=undeclared)
            shown[name] = ShownChange(Detail.INTERVAL, kept)
    return shown, {name: Note.PRIMARY if name in p else Note.NOT_PRIMARY for name in family}


Shown = TypeVar("Shown")


def _kept(value: Shown | Absent, few: Absent) -> Shown | Absent:
    """Return the limit's reason, but a deeper one where the value is absent anyway."""
    return value if isinstance(value, Absent) else few


def _hidden(change: PairedChange, why: Why) -> PairedChange:
    """Return a change with its n and medians alone."""
    few = Absent(why)
    return replace(
        change,
        mean_1=few,
        mean_2=few,
        difference=few,
        sd_difference=few,
        t=few,
        ci95=few,
        p=few,
        d_z=few,
        d_av=few,
        g_av=few,
        d_av_ci95=few,
        wilcoxon_p=few,
    )
