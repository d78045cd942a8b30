"""The whole reliability block of five scales of five items, beside R's ``psych::alpha`` of the same scales alone.

Ours gives alpha on complete sheets and pairwise, its interval, omega over either variance and all item statistics,
from the answers as they are, an answer in fifty missing. ``psych::alpha`` gives alpha pairwise and item statistics.
Both sides have the answers in memory when the clock starts. ``largest_difference`` is between the two sides' pairwise
alphas. Run: ``./sirkel bench reliability [--size small]``.
"""

import time

import numpy as np

from bench import _r
from bench.common import missing_peer, options, ratio, table, write_result
from sirkel.evidence.moments import Moments, Numbers
from sirkel.evidence.omega import omega
from sirkel.evidence.reliability import Reliability, reliability
from sirkel.evidence.why import known

SMALL, FULL = 20_000, 1_000_000
SCALES, ITEMS = 5, 5
NAMES = tuple(f"i{n}" for n in range(1, ITEMS + 1))
ROUNDS = 3

SCRIPT = """
x <- matrix(read("answers", PEOPLE * 25), ncol = 25)
x[is.nan(x)] <- NA
colnames(x) <- paste0("i", 1:25)
alphas <- numeric(5)
sink(nullfile())
seconds <- took(for (s in 1:5) alphas[s] <- alpha(x[, (5 * s - 4):(5 * s)], warnings = FALSE)$total$raw_alpha)
sink()
out <- list(seconds = seconds, alphas = alphas)
"""


def answers(people: int) -> Numbers:
    """Simulate answers from 1 to 6 to 25 items (people x 25), five of which share an idea, some missing."""
    dice = np.random.default_rng(1)
    given = np.empty((people, SCALES * ITEMS))
    for scale in range(SCALES):
        idea = dice.normal(0, 1, people)
        for item in range(ITEMS):
            felt = 3.5 + (0.6 + 0.1 * item) * idea + dice.normal(0, 1, people)
            given[:, scale * ITEMS + item] = np.clip(np.rint(felt), 1, 6)
    given[dice.random(given.shape) < 0.02] = np.nan
    return given


def ours(given: Numbers) -> list[Reliability]:
    """Return the five blocks, omega worked out beside them."""
    found = []
    for scale in range(SCALES):
        moments = Moments.from_rows(given[:, scale * ITEMS : (scale + 1) * ITEMS], NAMES)
        found.append(reliability(moments))
        known(omega(moments).observed)
    return found


def main() -> None:
    """Measure both sides, print a short table and write the result."""
    chosen = options("reliability", __doc__)
    people = SMALL if chosen.is_small else FULL
    given = answers(people)
    took = []
    for _round in range(ROUNDS):
        began = time.perf_counter()
        blocks = ours(given)
        took.append(time.perf_counter() - began)
    seconds = min(took)
    theirs, peer = None, None
    if _r.has("psych"):
        # R keeps columns together.
        script = SCRIPT.replace("PEOPLE", str(people))
        theirs, peer = _r.run("psych", script, {"answers": given.ravel(order="F")})
    else:
        missing_peer("R with psych", _r.INSTALL)
    figures = {
        "people": people,
        "items": SCALES * ITEMS,
        "seconds": seconds,
        "psych_seconds": theirs["seconds"] if theirs else None,
        "ratio": ratio(seconds, theirs["seconds"] if theirs else None, is_time=True),
        "largest_difference": max(
            abs(known(block.pairwise) - value) for block, value in zip(blocks, theirs["alphas"], strict=True)
        )
        if theirs
        else None,
    }
    table(["figure", "value"], figures.items())
    write_result("reliability", chosen.json, figures, peer=peer)


if __name__ == "__main__":
    main()
