"""The page of the handbook that publishes the definitions, written from the definitions themselves.

``python -m sirkel.evidence.robustness.handbook > docs/handbook/researcher/robustness.md`` writes it anew.
"""

import sys
from collections.abc import Iterator

from sirkel.evidence.robustness.definitions import DEFINITIONS, FACETS, PERCENT_FROM, Definition, Unit

_HEAD = f"""# Robustness, counted from what happened

A learning environment is robust when it keeps going while something disturbs it. Four of its six sides can be seen from
events that were written down anyway: meetings, trials, lines to the leader, pauses and the closing. This page publishes
every definition, so that anybody can count again. The two other sides, safety and support, cannot be seen from events:
ask people about them.

This page is written from the code and a test keeps it so:
`python -m sirkel.evidence.robustness.handbook > docs/handbook/researcher/robustness.md`.

## How to read a figure

- A figure is about one circle. There is no figure about a person, no sum of all figures, and no order of circles.
- A figure is never guessed. Where there is nothing to count, or it is too early, it is empty and says why.
- A share is said as a count, "3 of 4". A per cent is said from {PERCENT_FROM} cases on.
- A day is the day at the workplace. Cases whose outcome is still open wait, and are in neither number.
- A pause is no failure: its days are left out everywhere, and coming back from it is counted as endurance.
- A meeting is one whose date was published; a draft is none. A meeting that was moved is one meeting, on its new day.
- Days between are the lower middle value (median), so that every figure is a number of days that really occurred.
- The looks back after three and six months are the circle's own answers about what it kept; all other figures come from
  events that nobody was asked for.

## Who sees it

The circle and its facilitators see every figure. The leader and the union and safety representatives of the workplace
see those marked *around the circle*: they move when a circle, a leader or a workplace acts. A figure marked *inside*
would tell of one person, or of what a circle says of itself; it stays in the circle. Attendance, logs, notes and
answers of single members are in none of them.

## Choosing definitions

Every definition has a name and a version, as in `time.held/1`. A study chooses by these names, with the version or
without it for the newest; an installation chooses what its pages show with `SIRKEL_ROBUSTNESS`. A changed definition gets
a new version, and the old one stays.

In code: `sirkel.evidence.robustness.chosen(["time.held/1", "use.decided"])` gives the definitions,
`sirkel.circles.queries.robustness.figures_of(circles, definitions, at=…)` the figures of any number of circles.
"""
_UNITS = {
    Unit.SHARE: "a count of a count",
    Unit.DAYS: "days, with the count they rest on",
    Unit.COUNT: "a count",
}


def page() -> str:
    """Return the page as Markdown."""
    return "\n".join([_HEAD, *_facets()]).rstrip() + "\n"


def _facets() -> Iterator[str]:
    for facet, words in FACETS.items():
        yield f"## {words}\n"
        yield from (_entry(one) for one in DEFINITIONS.values() if one.facet == facet)


def _entry(one: Definition) -> str:
    rows = [("counted", one.part), ("of", one.whole), ("unit", _UNITS[one.unit]), ("empty when", one.not_yet)]
    rows += [("moves when", one.moved_by), ("seen", "inside" if one.is_inside else "around the circle")]
    table = "\n".join(f"| {name} | {words} |" for name, words in rows if words)
    return f"### `{one.ref}` {one.name}\n\n| | |\n|---|---|\n{table}\n"


if __name__ == "__main__":
    sys.stdout.write(page())
