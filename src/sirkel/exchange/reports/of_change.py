"""What the researcher's report says of one scale over time and between leaders and employees."""

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from sirkel.evidence.figures import Axis, Gap, Moment, changes, gaps, runs
from sirkel.evidence.instruments import Scale
from sirkel.evidence.run_chart import LEAST_USEFUL, Verdict, run_chart
from sirkel.exchange.paper import Block, Heading, Text, Tone, Words
from sirkel.exchange.reports.given import Given, picture, table
from sirkel.exchange.reports.of_scale import MOST_UNITS, measures


def change(given: Given, scale: Scale) -> Iterator[Block]:
    """Draw the rounds' means and list what changed, of pairs and of all answers."""
    found = given.results["scales"][scale.id].get("change")
    if found is None or len(given.waves) < 2:  # noqa: PLR2004 -- a change needs two rounds
        return
    say = given.say
    yield Heading(Words(say("change")), 3)
    yield from _means(given, scale, found["mixed"].get("means") or {})
    yield from _pairs(given, found["paired"])
    yield from _model(given, found["mixed"])
    yield from _attrition(given, found["attrition"])


def _means(given: Given, scale: Scale, means: Mapping[str, Any]) -> Iterator[Block]:
    say = given.say
    if not means:
        return
    axis = Axis(scale.minimum, scale.maximum, say.short)
    title = say("change_figure", scale=given.title(scale).text)
    named = given.named(title, f"{title}. {say('how_to_read')} {say('in_table')}")
    moments = [
        Moment(wave, one["mean"], tuple(one["ci95"]) if one["ci95"] else None) for wave, one in means.items()
    ]
    yield picture(named, changes(moments, axis, named))
    rows = [[wave, *(say.value(one, key) for key in ("mean", "se", "ci95"))] for wave, one in means.items()]
    columns = [(say("round"), 40), (say("mean"), 30), (say("se"), 30), (say("interval"), 56)]
    yield table(say("model_means"), columns, rows)
    if len(means) >= LEAST_USEFUL and all(one["mean"] is not None for one in means.values()):
        yield from _run(given, scale, {wave: float(one["mean"]) for wave, one in means.items()})


def _run(given: Given, scale: Scale, means: Mapping[str, float]) -> Iterator[Block]:
    say, series = given.say, list(means.values())
    chart = run_chart(series)
    title = say("run_figure", scale=given.title(scale).text)
    verdict = {Verdict.SIGNAL: "run_signal", Verdict.STEADY: "run_steady", Verdict.TOO_FEW: "run_too_few"}
    named = given.named(title, f"{title}. {say(verdict[chart.verdict])}")
    axis = Axis(scale.minimum, scale.maximum, say.short)
    middle = say("run_middle", n=say.number(chart.centre))
    yield picture(named, runs(series, chart, axis, named, middle=middle))
    yield Text(Words(say(verdict[chart.verdict])))


def _pairs(given: Given, paired: Mapping[str, Any]) -> Iterator[Block]:
    say = given.say
    yield Heading(Words(say("pairs")), 3)
    first = [
        (say("compared"), 28),
        ("n", 14),
        (say("first"), 24),
        (say("second"), 24),
        (say("difference"), 26),
    ]
    first += [(say("interval"), 40), ("p", 24)]
    keys = ("n", "mean_1", "mean_2", "difference", "ci95", "p")
    yield table(
        say("pairs"), first, [[name, *(say.value(one, key) for key in keys)] for name, one in paired.items()]
    )
    more = ("p_holm", "wilcoxon_p", "d_z", "d_av", "d_av_ci95", "g_av")
    second = [
        (say("compared"), 24),
        (say.measure("p_holm"), 24),
        ("p (Wilcoxon)", 26),
        ("d_z", 18),
        ("d_av", 18),
        (f"d_av, {say('interval')}", 40),
        ("g_av", 18),
    ]
    rows = [[name, *(say.value(one, key) for key in more)] for name, one in paired.items()]
    yield table(say("pairs"), second, rows)
    yield from reasons(given, paired.values())


def reasons(given: Given, results: Any) -> Iterator[Block]:
    """Say why values of some results are missing, each reason once."""
    say = given.say
    found: dict[str, None] = {}
    for one in results:
        for key, value in one.items():
            if value is None and (why := say.or_why(one, key)):
                found[why] = None
    for why in found:
        yield Text(Words(why), Tone.QUIET)


def _model(given: Given, mixed: Mapping[str, Any]) -> Iterator[Block]:
    say = given.say
    yield Heading(Words(say("model")), 3)
    rows = []
    for name, one in mixed["fixed"].items():
        if not isinstance(one, Mapping):
            continue
        label = (
            say.measure("intercept")
            if name == "intercept"
            else f"{say('round')} {name.removeprefix('wave ')}"
        )
        keys = ("estimate", "se", "df", "ci95", "p", "p_holm")
        rows.append([label, *(say.value(one, key) for key in keys)])
    if rows:
        columns = [
            (say("measure"), 34),
            (say("estimate"), 22),
            (say("se"), 18),
            (say("df"), 18),
            (say("interval"), 40),
            ("p", 20),
            (say.measure("p_holm"), 20),
        ]
        yield table(say("model"), columns, rows)
    if mixed.get("units") == "fixed":
        yield Text(Words(say("units_taken")), Tone.QUIET)
    names = ("unit_variance", "person_variance", "residual_variance", "reml_criterion")
    yield measures(given, say("model"), [(say.measure(name), mixed, name) for name in names])


def _attrition(given: Given, attrition: Mapping[str, Any]) -> Iterator[Block]:
    """Say who answered again: how many in which rounds, and how those stood at first who did and who did not."""
    say = given.say
    yield Heading(Words(say("answered_again")), 3)
    patterns = [[", ".join(one["waves"]), say.number(one["people"], 0)] for one in attrition["patterns"]]
    yield table(say("answered_again"), [(say("answered_rounds"), 100), (say("people"), 40)], patterns)
    heads = [
        (say("compared"), 64),
        (say("stayers"), 22),
        (say("their_mean"), 26),
        (say("leavers"), 18),
        (say("their_mean"), 26),
        (say("smd"), 16),
    ]
    keys = ("stayers", "stayers_mean", "leavers", "leavers_mean", "smd")
    rows = []
    for contrast, one in attrition.items():
        if contrast == "patterns":
            continue
        listed = one.get("units") or {}
        shown = listed if 1 < len(listed) <= MOST_UNITS else {}
        for name, row in ((say("all_together"), one["all"]), *shown.items()):
            rows.append([f"{contrast}: {name}", *(say.value(row, key) for key in keys)])
    if rows:
        yield Text(Words(say("answered_again_means")), Tone.QUIET)
        yield table(say("answered_again_means"), heads, rows)


def gap(given: Given, scale: Scale) -> Iterator[Block]:
    """Draw how leaders and employees see the same workplaces, in the order of their names, and test it over them."""
    found = given.results["scales"][scale.id].get("perception_gap")
    if found is None:
        return
    say = given.say
    yield Heading(Words(say("gap")), 3)
    over = found["over_units"]
    keys = ("n", "mean_1", "mean_2", "difference", "ci95", "p")
    heads = (
        ("n", 14),
        (say("employees"), 28),
        (say("leaders"), 28),
        (say("difference"), 26),
        (say("interval"), 40),
        ("p", 20),
    )
    yield from _gap_figure(given, scale)
    if isinstance(over, Mapping):
        yield table(say("gap_over"), heads, [[say.value(over, key) for key in keys]])
        yield from reasons(given, [over])
    else:
        yield measures(given, say("gap_over"), [(say("gap_over"), found, "over_units")])


def _gap_figure(given: Given, scale: Scale) -> Iterator[Block]:
    unit, say = given.unit, given.say
    if unit is None or not given.is_leader.any() or len(unit.names) > MOST_UNITS:
        return
    values = given.values(scale)
    rows = []
    for code, name in enumerate(unit.names):
        here = np.asarray(unit.codes == code) & ~np.isnan(values)
        sides = [values[here & side] for side in (~given.is_leader, given.is_leader)]
        means = [float(side.mean()) if side.size else None for side in sides]
        rows.append(Gap(name, means[0], means[1], say("not_shown")))
    title = say("gap_figure", scale=given.title(scale).text)
    named = given.named(title, f"{title}. {say('no_ranking')} {say('in_table')}")
    axis = Axis(scale.minimum, scale.maximum, say.short)
    yield picture(named, gaps(rows, axis, named, employees=say("employees"), leaders=say("leaders")))
    cells = [
        [row.label, *("–" if one is None else say.number(one) for one in (row.employees, row.leaders))]
        for row in rows
    ]
    yield table(title, [(say("workplace"), 76), (say("employees"), 40), (say("leaders"), 40)], cells)
