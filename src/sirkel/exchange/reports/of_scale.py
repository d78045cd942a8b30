"""What the researcher's report says of one scale at one time: reliability, questions, workplaces."""

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from sirkel.evidence.figures import Axis, intervals
from sirkel.evidence.honesty import Note
from sirkel.evidence.instruments import Scale
from sirkel.evidence.mean_interval import Mean, mean_interval
from sirkel.evidence.metadata import texts_of
from sirkel.evidence.texts import text
from sirkel.exchange.paper import Block, Heading, Text, Tone, Words
from sirkel.exchange.reports.given import Given, picture, table
from sirkel.exchange.reports.means import last_round, mean_cells, row_of

MOST_UNITS = 60


def measures(given: Given, caption: str, found: list[tuple[str, Mapping[str, Any], str]]) -> Block:
    """Return a table of measures: each with its value, or why there is none."""
    say = given.say
    rows = [[name, say.or_why(result, key)] for name, result, key in found]
    return table(caption, [(say("measure"), 96), (say("value"), 60)], rows)


def reliability(given: Given, scale: Scale) -> Iterator[Block]:
    """Say how well the questions go together."""
    say, found = given.say, given.results["scales"][scale.id]
    yield Heading(Words(say("reliability")), 3)
    listwise, pairwise, omega = found["alpha"]["listwise"], found["alpha"]["pairwise"], found["omega_total"]
    yield measures(
        given,
        say("reliability"),
        [
            (f"{say('sheets')}, n", found, "n"),
            (say("mean"), found, "mean"),
            (say("sd"), found, "sd"),
            (say.measure("median"), found, "median"),
            (say.measure("skew"), found, "skew"),
            (say.measure("kurtosis"), found, "kurtosis"),
            (f"{say.measure('alpha_listwise')}, n", listwise, "n"),
            (say.measure("alpha_listwise"), listwise, "value"),
            (f"– {say('interval')}", listwise, "ci95"),
            (say.measure("alpha_pairwise"), pairwise, "value"),
            (say.measure("omega_implied"), omega, "model_implied"),
            (say.measure("omega_observed"), omega, "observed"),
            (say.measure("omega_fiml"), omega, "fiml"),
        ],
    )


def questions(given: Given, scale: Scale) -> Iterator[Block]:
    """List the questions with what is known of each, and in their own words where the instrument has them."""
    say, found = given.say, given.results["scales"][scale.id]["items"]
    yield Heading(Words(say("questions")), 3)
    rows: list[list[str | Words]] = []
    for item, one in found.items():
        wording = texts_of(given.instrument.about, item)
        named = say.titled(wording.get("") or wording, item)
        if named.text != item:
            named = Words(f"{item}: {named.text}", named.lang)
        cells = [say.value(one, key) for key in ("n", "mean", "sd", "item_rest", "alpha_if_dropped")]
        rows.append([named, *cells])
    columns = [
        (say("question"), 48),
        ("n", 18),
        (say("mean"), 24),
        (say("sd"), 20),
        (say.measure("item_rest"), 22),
        (say.measure("alpha_if_dropped"), 24),
    ]
    yield table(say("questions"), columns, rows)


def agreement(given: Given, scale: Scale) -> Iterator[Block]:
    """Say how much workplaces differ and how much people within them agree."""
    say, found = given.say, given.results["scales"][scale.id]
    if "icc" not in found:
        return
    anova, reml, agreed = found["icc"]["anova"], found["icc"]["reml"], found["rwgj"]
    yield Heading(Words(say("agreement")), 3)
    yield measures(
        given,
        say("agreement"),
        [
            (say.measure("icc1"), anova, "icc1"),
            (f"– {say('interval')}", anova, "ci95"),
            (say.measure("icc2"), anova, "icc2"),
            (say.measure("mean_group_size"), anova, "mean_group_size"),
            (say.measure("icc_reml"), reml, "icc"),
            (say.measure("unit_variance"), reml, "unit_variance"),
            (say.measure("residual_variance"), reml, "residual_variance"),
            (say.measure("intercept"), reml, "intercept"),
            (f"– {say('se')}", reml, "se"),
            (say.measure("rwg_mean"), agreed, "mean"),
            (say.measure("rwg_median"), agreed, "median"),
        ],
    )
    if reml.get("singular"):
        yield Text(Words(text(say.language, "notes", Note.NO_UNIT_VARIANCE)), Tone.QUIET)


def units(given: Given, scale: Scale) -> Iterator[Block]:
    """Draw each workplace's mean of the last round, in the order of their names."""
    unit, say = given.unit, given.say
    if unit is None or len(unit.names) < 2:  # noqa: PLR2004 -- one alone is the mean of all
        return
    yield Heading(Words(say("units") + last_round(given)), 3)
    if len(unit.names) > MOST_UNITS:
        yield Text(Words(say("too_many_workplaces", n=MOST_UNITS)), Tone.QUIET)
        return
    chosen, values = given.in_wave(len(given.waves) - 1), given.values(scale)
    found: dict[str, Mean] = {
        name: mean_interval(values[chosen & np.asarray(unit.codes == code)])
        for code, name in enumerate(unit.names)
    }
    title = say("units_figure", scale=given.title(scale).text)
    named = given.named(title, f"{title}. {say('no_ranking')} {say('in_table')}")
    axis = Axis(scale.minimum, scale.maximum, say.short)
    yield picture(named, intervals([row_of(given, name, one) for name, one in found.items()], axis, named))
    yield Text(Words(say("no_ranking")), Tone.QUIET)
    columns = [(say("workplace"), 50), ("n", 18), (say("mean"), 26), (say("sd"), 22), (say("interval"), 40)]
    yield table(title, columns, [[name, *mean_cells(given, one)] for name, one in found.items()])
