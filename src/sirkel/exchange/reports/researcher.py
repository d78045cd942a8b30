"""The researcher's report: every table, the definitions with their sources, versions, and how to do it again in R."""

import platform
from collections.abc import Iterator
from importlib.metadata import version

from sirkel import __version__
from sirkel.evidence.figures import Axis, Spread, intervals, shares_of
from sirkel.evidence.mean_interval import mean_interval
from sirkel.evidence.scoring import items_needed
from sirkel.evidence.texts import texts
from sirkel.exchange.paper import Block, Column, Fact, Heading, Paper, Table, Text, Tone, Words
from sirkel.exchange.reports.given import Given, paper, picture, table
from sirkel.exchange.reports.means import last_round, mean_cells, row_of
from sirkel.exchange.reports.of_change import change, gap
from sirkel.exchange.reports.of_scale import agreement, questions, reliability, units
from sirkel.exchange.reports.spreading import bands_of, spread_blocks

COMPUTED_WITH = ("numpy", "scipy", "polars")


def researcher_report(given: Given) -> Paper:
    """Return the report with everything."""
    return paper(given, list(_blocks(given)), list(_facts(given)))


def _facts(given: Given) -> Iterator[Fact]:
    say, about = given.say, given.instrument.about
    data = given.results["dataset"]
    yield Fact(
        say("instrument"),
        Words(f"{given.instrument.id}, {say('version').lower()} {given.instrument.version or '–'}"),
    )
    for key, name in (("source", "source"), ("rights_holder", "rights"), ("licence", "rights")):
        if about.get(key):
            yield Fact(say(name), say.titled(about[key], ""))
    yield Fact(say("sheets"), Words(say.number(data["rows"], 0)))
    if given.about.units:
        yield Fact(say("workplaces"), Words(say.number(given.about.units, 0)))
    if given.about.waves:
        yield Fact(say("rounds"), Words(", ".join(given.waves)))
    yield Fact(say("hash"), Words(data["sha256"]))
    programs = [f"Sirkel {__version__}", f"Python {platform.python_version()}"]
    programs += [f"{name} {version(name)}" for name in COMPUTED_WITH]
    yield Fact(say("computed_with"), Words(", ".join(programs)))


def _blocks(given: Given) -> Iterator[Block]:
    if given.read is None:
        yield Text(Words(given.say("too_many_sheets")), Tone.QUIET)
    else:
        yield from _overview(given)
        yield from _spread(given)
    for scale in given.instrument.scales:
        yield Heading(given.title(scale))
        yield from reliability(given, scale)
        yield from questions(given, scale)
        yield from agreement(given, scale)
        yield from units(given, scale)
        yield from change(given, scale)
        yield from gap(given, scale)
    yield from _definitions(given)
    yield from _again(given)


def _overview(given: Given) -> Iterator[Block]:
    say = given.say
    chosen = given.in_wave(len(given.waves) - 1)
    unit = None if given.sheets.unit is None else given.sheets.unit.codes[chosen]
    found = {one.id: mean_interval(given.values(one)[chosen], unit) for one in given.instrument.scales}
    yield Heading(Words(say("overview") + last_round(given)))
    yield Text(Words(say("how_to_read")), Tone.QUIET)
    for low, high in dict.fromkeys((one.minimum, one.maximum) for one in given.instrument.scales):
        scales = [one for one in given.instrument.scales if (one.minimum, one.maximum) == (low, high)]
        axis = Axis(low, high, say.short)
        title = say("overview_range", low=say.short(low), high=say.short(high)) + last_round(given)
        named = given.named(title, f"{title}. {say('in_table')}")
        rows = [row_of(given, given.title(one).text, found[one.id]) for one in scales]
        yield picture(named, intervals(rows, axis, named))
        columns = [(say("scale"), 50), ("n", 18), (say("mean"), 26), (say("sd"), 22), (say("interval"), 40)]
        cells: list[list[str | Words]] = [
            [given.title(one), *mean_cells(given, found[one.id])] for one in scales
        ]
        yield table(title, columns, cells)


def _spread(given: Given) -> Iterator[Block]:
    say = given.say
    chosen = given.in_wave(len(given.waves) - 1)
    rows = []
    for scale in given.instrument.scales:
        shares = shares_of(bands_of(given.values(scale)[chosen], scale))
        rows.append(Spread(given.title(scale).text, shares, "" if shares else say("spread_hidden")))
    yield from spread_blocks(given, rows, say("spread") + last_round(given))


def _definitions(given: Given) -> Iterator[Block]:
    say = given.say
    yield Heading(Words(say("definitions")))
    rules = ", ".join(
        f"{one.id} {items_needed(one.missing, len(one.items))}/{len(one.items)}"
        for one in given.instrument.scales
    )
    yield Text(Words(say("rule_of_scores", rules=rules)))
    rows = [
        [
            Words(say.measure(key)),
            *(Words(one[part], "en" if part == "formula" else None) for part in ("formula", "source", "r")),
        ]
        for key, one in texts("definitions").items()
    ]
    columns = [
        Column(say("measure"), 34),
        Column(say("formula"), 56),
        Column(say("source"), 32),
        Column(say("in_r"), 34),
    ]
    yield Table(say("definitions"), columns, rows)


def _again(given: Given) -> Iterator[Block]:
    yield Heading(Words(given.say("again")))
    yield Text(Words(given.say("again_means")))
    yield Text(Words(f"Rscript report.R {given.data_name} r.json", "en"), Tone.STRONG)
