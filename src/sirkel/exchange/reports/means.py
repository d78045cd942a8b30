"""A mean as a row of a figure and as cells of a table."""

from sirkel.evidence.figures import Row
from sirkel.evidence.mean_interval import Mean
from sirkel.evidence.texts import why_sentence
from sirkel.evidence.why import Absent
from sirkel.exchange.reports.given import Given


def last_round(given: Given) -> str:
    """Say which round a figure is of; nothing where there is one alone."""
    return f" ({given.say('round').lower()} {given.waves[-1]})" if len(given.waves) > 1 else ""


def row_of(given: Given, label: str, found: Mean) -> Row:
    """Return a mean as a row of a figure."""
    if isinstance(found.mean, Absent):
        return Row(label, None, why=why_sentence(found.mean, given.say.language))
    return Row(label, found.mean, None if isinstance(found.ci95, Absent) else found.ci95)


def mean_cells(given: Given, found: Mean) -> list[str]:
    """Return n, mean, standard deviation and interval as they are written."""
    say = given.say

    def written(value: float | Absent) -> str:
        return why_sentence(value, say.language) if isinstance(value, Absent) else say.number(value)

    ends = found.ci95
    interval = why_sentence(ends, say.language) if isinstance(ends, Absent) else say.interval(ends)
    deviation = "–" if isinstance(found.sd, Absent) else say.number(found.sd)
    return [say.number(found.n, 0), written(found.mean), deviation, interval]
