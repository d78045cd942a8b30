"""Small tables of people, told in bands: which groups may be told apart, and in which words.

The rules are meant for tables of two to six groups in which everybody stands in one group at most. A table is told
once, of a period that is over; nothing here is meant for numbers that are asked for again and again.
"""

from collections.abc import Collection, Mapping
from enum import StrEnum

FEWEST_IN_A_GROUP = 5
FEWEST_ANSWERS = 7
FEWEST_THINGS = 10
"""Below ten things a band of a third can name the count, and "less" can mean none for certain."""
FEWEST_TO_DIFFER = 4
"""Two tables that differ by fewer people than this are told in the same words."""
_A_THIRD, _TWO_THIRDS = 1 / 3, 2 / 3
_AS_MANY, _FEWER = 0.8, 0.5
_COUNT_BANDS = ((7, 9), (10, 14), (15, 19), (20, 29), (30, 49), (50, 99))


class Share(StrEnum):
    """A share of things in thirds. For two groups the words mirror each other."""

    LESS = "less"
    EVEN = "even"
    MORE = "more"


class Access(StrEnum):
    """How a group's share among those who take part stands to its share of everybody."""

    AS_MANY = "as_many"
    FEWER = "fewer"
    CLEARLY_FEWER = "clearly_fewer"


def released_sets(counts: Mapping[str, int], *, floor: int = FEWEST_IN_A_GROUP) -> tuple[frozenset[str], ...]:
    """Return the sets of groups that may be told apart; empty when nothing may be told.

    A group of fewer than ``floor`` people, nobody included, is told only together with others, and what it is
    told with is itself no smaller than ``floor``. The sets share no group and together hold all of them, so that
    no adding or taking away isolates a set below the floor: what can be reached are unions of these sets.

    Args:
        counts: people by group; each person in one group.
        floor: the fewest people in a set.

    Returns:
        At least two sets, those of a single group first and the joined one last; or none.

    """
    small = {group for group, count in counts.items() if count < floor}
    joined = set(small)
    for group in sorted(counts, key=lambda each: (counts[each], each)):
        if not joined or (len(joined) > 1 and sum(counts[each] for each in joined) >= floor):
            break
        joined.add(group)
    single = [frozenset({group}) for group in counts if group not in joined]
    sets = (*single, *([frozenset(joined)] if joined else []))
    return sets if len(sets) > 1 else ()


def share_in_thirds(count: int, total: int) -> Share | None:
    """Return how large a share ``count`` is of ``total`` things; None of so few that the word would be a number."""
    if total < FEWEST_THINGS:
        return None
    share = count / total
    if share < _A_THIRD:
        return Share.LESS
    return Share.MORE if share > _TWO_THIRDS else Share.EVEN


def access(*, count: int, answered: int, expected: float) -> Access:
    """Return whether a group takes part as much as its size lets expect. More than that is "as many", too.

    Args:
        count: how many of the group answered.
        answered: how many answered in all, at least one.
        expected: the group's share of everybody who works there, from 0 to 1.

    """
    share = count / answered
    if share >= _AS_MANY * expected:
        return Access.AS_MANY
    return Access.FEWER if share >= _FEWER * expected else Access.CLEARLY_FEWER


def expected_share(sizes: Mapping[str, tuple[int, int]], groups: Collection[str]) -> float:
    """Return the share of some groups of everybody, from sizes given as least and most; the middle of each counts.

    Returns:
        From 0 to 1; 0 when nobody works there.

    """
    middles = {group: (least + most) / 2 for group, (least, most) in sizes.items()}
    everybody = sum(middles.values())
    return sum(middles.get(group, 0) for group in groups) / everybody if everybody else 0


def count_band(count: int) -> tuple[int, int | None] | None:
    """Return the least and the most of the band a number of answers stands in; None below seven."""
    if count < FEWEST_ANSWERS:
        return None
    return next((band for band in _COUNT_BANDS if count <= band[1]), (_COUNT_BANDS[-1][1] + 1, None))


def differs_enough(before: Mapping[str, int], after: Mapping[str, int]) -> bool:
    """Tell whether two tables differ by so many people that new words give no single one of them away.

    Counted are the fewest people who can have made the difference: whoever moves from one group to another is one.
    """
    steps = [after.get(group, 0) - before.get(group, 0) for group in {*before, *after}]
    more, fewer = sum(step for step in steps if step > 0), -sum(step for step in steps if step < 0)
    return max(more, fewer) >= FEWEST_TO_DIFFER
