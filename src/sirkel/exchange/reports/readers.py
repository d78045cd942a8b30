"""The reports of the circle, of the leader with the representatives, and of the network: plain words, nothing of anybody."""

from collections.abc import Iterator, Mapping

from sirkel.evidence.figures import Axis, Gap, Moment, Row, Spread, changes, gaps, intervals, shares_of
from sirkel.evidence.instruments import Scale
from sirkel.evidence.texts import text
from sirkel.exchange.paper import Block, Bullets, Fact, Heading, Paper, Table, Text, Tone, Words
from sirkel.exchange.reports.given import Given, paper, picture, table
from sirkel.exchange.reports.released import ALL, EMPLOYEE, LEADER, TOO_SMALL_A_REST, Released, Shown
from sirkel.exchange.reports.spreading import bands_of, spread_blocks

LEAST_FOR_NETWORK = 3
TALK: Mapping[str, tuple[str, ...]] = {
    "circle": ("talk_recognise", "talk_surprise", "talk_missing", "talk_try"),
    "leader": ("leader_ask", "talk_missing", "leader_do"),
    "network": ("talk_recognise", "talk_surprise", "talk_missing"),
}


def reader_report(given: Given) -> Paper:
    """Return the report of a reader who is no researcher."""
    facts = [Fact(given.say("version"), Words(given.instrument.version))] if given.instrument.version else []
    if given.sheets.unit and not given.own:
        facts.append(Fact(given.say("workplaces"), Words(given.say.number(len(given.sheets.unit.names), 0))))
    if given.own:
        facts.append(Fact(given.say("workplace"), Words(given.own)))
    if given.sheets.wave:
        facts.append(Fact(given.say("rounds"), Words(", ".join(given.waves))))
    return paper(given, list(_blocks(given)), facts)


def _blocks(given: Given) -> Iterator[Block]:
    say, units = given.say, given.sheets.unit
    if given.reader == "network" and (units is None or len(units.names) < LEAST_FOR_NETWORK):
        yield Text(Words(say("network_few")), Tone.LARGE)
        return
    subject = given.own or ALL
    found = {scale.id: Released(given, scale) for scale in given.instrument.scales}
    hidden: dict[str, None] = {}
    if not any(one.cell(subject, wave).mean is not None for one in found.values() for wave in given.waves):
        yield Text(Words(say("nothing_shown")), Tone.LARGE)
    yield from _overview(given, found, subject)
    for scale in given.instrument.scales:
        yield from _scale(given, scale, found[scale.id], subject, hidden)
    if not given.own:
        yield from _spread(given, found)
    yield from _gap(given, found)
    yield Heading(Words(say("talk")))
    yield Bullets([Words(say(key)) for key in TALK[given.reader]])
    if hidden:
        yield Heading(Words(say("why_hidden")))
        yield Bullets([Words(text(say.language, "hidden", code)) for code in hidden])
    yield Text(Words(say("bands")), Tone.QUIET)


def _overview(given: Given, found: Mapping[str, Released], subject: str) -> Iterator[Block]:
    say, wave = given.say, _latest(given, found, subject=subject, roles=(None,))
    round_ = f" ({say('round').lower()} {wave})" if wave else ""
    yield Heading(Words(say("overview") + round_))
    yield Text(Words(say("how_to_read")), Tone.QUIET)
    for low, high in dict.fromkeys((one.minimum, one.maximum) for one in given.instrument.scales):
        scales = [one for one in given.instrument.scales if (one.minimum, one.maximum) == (low, high)]
        axis = Axis(low, high, say.short)
        title = say("overview_range", low=say.short(low), high=say.short(high)) + round_
        named = given.named(title, f"{title}. {say('in_table')}")
        cells = [found[one.id].cell(subject, wave) for one in scales]
        labels = [given.title(one) for one in scales]
        rows = [
            Row(label.text, cell.mean, cell.interval, say("not_shown") if cell.mean is None else "")
            for label, cell in zip(labels, cells, strict=True)
        ]
        yield picture(named, intervals(rows, axis, named))
        told: list[list[str | Words]] = [
            [label, *_told(given, cell)] for label, cell in zip(labels, cells, strict=True)
        ]
        columns = [(say("scale"), 60), (say("mean"), 30), (say("interval"), 36), (say("people"), 30)]
        yield table(title, columns, told)


def _told(given: Given, cell: Shown) -> list[str]:
    say = given.say
    if cell.mean is None:
        return [say("rest_hidden" if cell.hidden == TOO_SMALL_A_REST else "not_shown"), "–", "–"]
    interval = "–" if cell.interval is None else say.interval(cell.interval, cell.places)
    return [say.number(cell.mean, cell.places), interval, cell.band.replace("-", "–")]


def _latest(
    given: Given, found: Mapping[str, Released], *, subject: str, roles: tuple[str | None, ...]
) -> str:
    """Return the last round of which something may be seen; the last of all when there is none."""
    for wave in reversed(given.waves):
        if any(
            all(one.cell(subject, wave, role).mean is not None for role in roles) for one in found.values()
        ):
            return wave
    return given.waves[-1]


def _scale(
    given: Given, scale: Scale, found: Released, subject: str, hidden: dict[str, None]
) -> Iterator[Block]:
    say = given.say
    cells = {wave: found.cell(subject, wave) for wave in given.waves}
    hidden |= dict.fromkeys(cell.hidden for cell in cells.values() if cell.hidden)
    if len(given.waves) < 2 and not given.own:  # noqa: PLR2004 -- the overview has said it all
        return
    yield Heading(given.title(scale))
    if len(given.waves) > 1:
        title = say("change_figure", scale=given.title(scale).text)
        named = given.named(title, f"{title}. {say('in_table')}")
        moments = [Moment(wave, cell.mean, cell.interval) for wave, cell in cells.items()]
        yield picture(named, changes(moments, Axis(scale.minimum, scale.maximum, say.short), named))
    yield _rounds(given, found, cells)
    if len(given.waves) > 1 and given.sheets.person is not None:
        yield Text(Words(_change(given, found, subject)))


def _rounds(given: Given, found: Released, cells: Mapping[str, Shown]) -> Table:
    say = given.say
    rows = []
    for wave, cell in cells.items():
        name = f"{say('round')} {wave}" if wave else ""
        mine = f"{name}: {given.own}" if name and given.own else given.own or name or say("all_together")
        rows.append([mine, *_told(given, cell)])
        if given.own and given.reader == "leader":
            rest = found.rest(given.own, wave)
            other = f"{name}: {say('the_rest')}" if name else say("the_rest")
            rows.append([other, *_told(given, rest)])
    columns = [("", 60), (say("mean"), 30), (say("interval"), 36), (say("people"), 30)]
    columns[0] = (say("round") if given.waves[0] else say("workplace"), 60)
    return table(given.title(found.scale).text, columns, rows)


def _change(given: Given, found: Released, subject: str) -> str:
    say, (one, two) = given.say, (given.waves[0], given.waves[-1])
    change = found.change(subject)
    if change is None:
        return say("changed_hidden", one=one, two=two)
    told = say("changed_from_to", change=say.change(change.change, change.places), one=one, two=two)
    if change.interval is None:
        return told
    low, high = (say.change(end, change.places) for end in change.interval)
    is_sure = change.interval[0] > 0 or change.interval[1] < 0
    return f"{told} {say('changed_interval', low=low, high=high)} {say('changed_more' if is_sure else 'changed_chance')}"


def _spread(given: Given, found: Mapping[str, Released]) -> Iterator[Block]:
    say, wave, rows = given.say, given.waves[-1], []
    for scale in given.instrument.scales:
        scores = found[scale.id].spread()
        shares = None if scores is None else shares_of(bands_of(scores, scale))
        rows.append(Spread(given.title(scale).text, shares, "" if shares else say("spread_hidden")))
    if any(row.shares for row in rows):
        yield from spread_blocks(
            given, rows, say("spread") + (f" ({say('round').lower()} {wave})" if wave else "")
        )


def _gap(given: Given, found: Mapping[str, Released]) -> Iterator[Block]:
    """Show how employees and leaders see it, all workplaces together: a leader's answer is hers."""
    if not given.is_leader.any():
        return
    say, wave = given.say, _latest(given, found, subject=ALL, roles=(EMPLOYEE, LEADER))
    title = say("gap") + (f" ({say('round').lower()} {wave})" if wave else "")
    yield Heading(Words(title))
    for low, high in dict.fromkeys((one.minimum, one.maximum) for one in given.instrument.scales):
        rows, cells = [], []
        for scale in given.instrument.scales:
            if (scale.minimum, scale.maximum) != (low, high):
                continue
            sides = [found[scale.id].cell(ALL, wave, side) for side in (EMPLOYEE, LEADER)]
            label, why = given.title(scale), next((side.hidden for side in sides if side.hidden), "")
            told = text(say.language, "hidden", why) if why else ""
            employees, leaders = (None if why else side.mean for side in sides)
            rows.append(Gap(label.text, employees, leaders, told))
            shown = [say("not_shown") if why else _told(given, side)[0] for side in sides]
            cells.append([label, *map(Words, shown)])
        named = given.named(title, f"{title}. {say('in_table')}")
        axis = Axis(low, high, say.short)
        yield picture(named, gaps(rows, axis, named, employees=say("employees"), leaders=say("leaders")))
        yield table(title, [(say("scale"), 76), (say("employees"), 40), (say("leaders"), 40)], cells)
