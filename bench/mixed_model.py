"""The mixed model for change with random unit and person, beside ``lme4::lmer`` on the same rows.

A million scores of 250,000 people in 5,000 units over four waves; and 750 rows of 250 people in 15 units, for a
circle's evaluation must not wait either. Ours goes from rows to estimates with standard errors, Satterthwaite's
degrees of freedom, p values and intervals; ``lmer`` fits alone. Both sides have the rows in memory when the clock
starts. ``largest_difference`` is between the two sides' fixed effects. Run: ``./sirkel bench mixed-model [--size small]``.
"""

import statistics
import time
from dataclasses import dataclass
from typing import Any

import numpy as np

from bench import _r
from bench.common import missing_peer, options, ratio, table, write_result
from sirkel.evidence import mixed
from sirkel.evidence.moments import Numbers

WAVES = ("1", "2", "3", "4")
ROUNDS_FEW_ROWS = 9

SCRIPT = """
d <- data.frame(score = read("score", ROWS), wave = factor(read("wave", ROWS)),
                unit = factor(read("unit", ROWS)), person = factor(read("person", ROWS)))
times <- numeric(ROUNDS)
for (i in 1:ROUNDS) times[i] <- took(m <- lmer(score ~ wave + (1 | unit) + (1 | person), d))
out <- list(seconds = median(times), fixed = unname(fixef(m)), criterion = REMLcrit(m))
"""


@dataclass(frozen=True)
class Rows:
    """Rows in memory: one score a row, and the wave, unit and person of each as numbers from 0."""

    score: Numbers
    wave: Any
    unit: Any
    person: Any


def rows(people: int, units: int, waves: int) -> Rows:
    """Simulate scores of people in units who answered each wave."""
    dice = np.random.default_rng(2)
    home = np.arange(people) % units
    own, ward = dice.normal(0, 0.6, people), dice.normal(0, 0.3, units)
    person, wave = np.repeat(np.arange(people), waves), np.tile(np.arange(waves), people)
    score = 3.4 + 0.05 * wave + own[person] + ward[home[person]] + dice.normal(0, 0.7, person.size)
    return Rows(score=score, wave=wave, unit=home[person], person=person)


def ours(data: Rows, waves: int) -> tuple[mixed.Fit, dict[str, mixed.Estimate]]:
    """Fit the model and work out its inference."""
    cells = mixed.Cells.from_rows(data.score, data.wave, WAVES[:waves], unit=data.unit, person=data.person)
    fitted = mixed.fit(cells)
    return fitted, mixed.fixed_effects(fitted)


def both_sides(
    data: Rows, waves: int, rounds: int, *, has_peer: bool
) -> tuple[dict[str, Any], dict[str, str] | None]:
    """Return the figures of one size, and who the peer is."""
    took = []
    for _round in range(rounds):
        began = time.perf_counter()
        fitted, effects = ours(data, waves)
        took.append(time.perf_counter() - began)
    seconds = statistics.median(took)
    theirs, peer = None, None
    if has_peer:
        script = SCRIPT.replace("ROWS", str(data.score.size)).replace("ROUNDS", str(rounds))
        columns = {"score": data.score, "wave": data.wave, "unit": data.unit, "person": data.person}
        theirs, peer = _r.run("lme4", script, columns)
    figures = {
        "rows": data.score.size,
        "seconds": seconds,
        "lmer_seconds": theirs["seconds"] if theirs else None,
        "ratio": ratio(seconds, theirs["seconds"] if theirs else None, is_time=True),
        "largest_difference": max(
            abs(one.estimate - value) for one, value in zip(effects.values(), theirs["fixed"], strict=True)
        )
        if theirs
        else None,
        # Below zero: ours lies nearer to the optimum.
        "criterion_above_lmer": fitted.criterion - theirs["criterion"] if theirs else None,
    }
    return figures, peer


def main() -> None:
    """Measure both sizes on both sides, print a short table and write the result."""
    chosen = options("mixed-model", __doc__)
    has_peer = _r.has("lme4")
    if not has_peer:
        missing_peer("R with lme4", _r.INSTALL)
    people, units = (10_000, 200) if chosen.is_small else (250_000, 5_000)
    few, peer = both_sides(rows(250, 15, 3), 3, ROUNDS_FEW_ROWS, has_peer=has_peer)
    figures, _peer = both_sides(rows(people, units, 4), 4, 1, has_peer=has_peer)
    figures |= {"people": people, "units": units} | {f"few_{name}": value for name, value in few.items()}
    table(["figure", "value"], figures.items())
    write_result("mixed-model", chosen.json, figures, peer=peer)


if __name__ == "__main__":
    main()
