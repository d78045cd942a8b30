"""Measuring the queries that decide access: ``_access PEOPLE REPEATS ORGANISATIONS…``, at each of those sizes in turn.

Run as a module inside the environment that is measured; prints the figures as JSON.
"""

import json
import math
import os
import statistics
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from itertools import groupby
from pathlib import Path
from typing import Any

import django

django.setup()

from django.conf import settings  # noqa: E402 -- Django is set up first
from django.db import connection  # noqa: E402 -- as above

from bench._access_asks import Ask, Somebody, Things, answer, askers, asks  # noqa: E402 -- as above
from bench._access_data import AT, Filling  # noqa: E402 -- as above
from sirkel.circles.queries.belonging import organisations_of  # noqa: E402 -- as above
from sirkel.config import row_security  # noqa: E402 -- as above
from sirkel.kernel import rows  # noqa: E402 -- as above

Sample = tuple[float, float]
Samples = dict[str, dict[str, list[Sample]]]


def measure(everybody: list[Somebody], repeats: int) -> Samples:
    """Ask everything for all of these people; give milliseconds on the wall and at work, by query and role.

    What is another organisation's is asked for once per person, what is one's own ``repeats`` times. Each question is
    asked with the rows of whoever asks, which matters where the database keeps organisations apart.
    """
    belongs = {id(who): organisations_of(who.person, at=AT) if who.person else set() for who in everybody}
    everybody = sorted(everybody, key=lambda who: who.kind)
    clock = Clock()
    taken: Samples = {}
    for ask in asks():
        for kind, of_kind in groupby(everybody, key=lambda who: who.kind):
            asking = [who for who in of_kind if ask.fits(who)]
            if not asking:
                continue
            wanted = [(who, who.own) for who in asking[:1] + asking * repeats]
            wanted += [(who, who.others) for who in asking]
            found = []
            for who, of in wanted:
                with rows.of(belongs[id(who)]):
                    found.append(_sample(clock, ask, who, of))
            taken.setdefault(ask.name, {})[kind] = found[1:]  # the first one warms up
    return taken


class Clock:
    """Tells the wall's time, and how long this thread and its server process have been at work, in milliseconds.

    Asking and answering take turns: on a machine with nothing else to do the two are nearly the same. Where others
    work too, the second still says what a question costs. Without a server process of its own it is this thread's.
    """

    def __init__(self) -> None:
        self._server = None
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                # One process answers, so that what it does can be read.
                cursor.execute("SET max_parallel_workers_per_gather = 0")
                cursor.execute("SELECT pg_backend_pid()")
                path = Path(f"/proc/{cursor.fetchone()[0]}/schedstat")
            self._server = path if path.is_file() else None

    def now(self) -> Sample:
        """Give both."""
        at_work = time.thread_time() * 1000
        if self._server:
            at_work += int(self._server.read_text(encoding="ascii").split()[0]) / 1e6
        return time.perf_counter() * 1000, at_work


def _sample(clock: Clock, ask: Ask, who: Somebody, of: Things) -> Sample:
    wall, at_work = clock.now()
    answer(ask, who, of)
    wall_after, at_work_after = clock.now()
    return wall_after - wall, at_work_after - at_work


def percentile(values: list[float], share: float) -> float:
    """Give the smallest value that at least this share of the values do not exceed."""
    return sorted(values)[math.ceil(share * len(values)) - 1]


def summary(sizes: Mapping[int, Samples]) -> dict[str, dict[str, Any]]:
    """Give each query's figures at each size, of the role for which it worked longest, and how they grow.

    ``p95_ms`` and ``median_ms`` are times at work, ``wall_p95_ms`` those on the wall. ``exponent`` is the slope of
    log median over log organisations: 0 is flat, 1 grows as the organisations do. ``ratio`` is the median at the
    largest size over that at the smallest.
    """
    largest = max(sizes)
    queries = {}
    for name, by_kind in sizes[largest].items():
        slowest = max(by_kind, key=lambda kind: percentile([work for _wall, work in by_kind[kind]], 0.95))
        at = {size: taken[name][slowest] for size, taken in sizes.items()}
        medians = {size: statistics.median(work for _wall, work in values) for size, values in at.items()}
        queries[name] = {
            "slowest_for": slowest,
            "roles": len(by_kind),
            "samples": sum(len(values) for values in by_kind.values()),
            "p95_ms": {
                str(size): percentile([one[1] for one in values], 0.95) for size, values in at.items()
            },
            "wall_p95_ms": {
                str(size): percentile([one[0] for one in values], 0.95) for size, values in at.items()
            },
            "median_ms": {str(size): median for size, median in medians.items()},
            "ratio": medians[largest] / medians[min(sizes)],
            "exponent": _slope(medians),
        }
    return queries


def _slope(medians: Mapping[int, float]) -> float | None:
    if len(medians) == 1:
        return None
    found = statistics.linear_regression(
        [math.log(size) for size in medians], [math.log(value) for value in medians.values()]
    )
    return found.slope


@contextmanager
def kept_apart(role: str = "sirkel_measured") -> Iterator[None]:
    """Work as a role that owns nothing, on tables that PostgreSQL keeps apart by organisation."""
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE ROLE {role} LOGIN")
    row_security.apply(connection, role=role)
    owner = connection.settings_dict["USER"]
    connection.close()
    connection.settings_dict["USER"], settings.ROW_SECURITY = role, True
    connection.settings_dict["DISABLE_SERVER_SIDE_CURSORS"] = True
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["USER"], settings.ROW_SECURITY = owner, False


def beside(without: dict[str, dict[str, Any]], with_it: Samples, size: int) -> dict[str, Any]:
    """Give each query's p95 with row level security, and by how much the medians rise, all queries taken together."""
    queries = summary({size: with_it})
    rises = [
        one["median_ms"][str(size)] / without[name]["median_ms"][str(size)] for name, one in queries.items()
    ]
    return {
        "median_rise": statistics.median(rises),
        "p95_ms": {name: one["p95_ms"][str(size)] for name, one in queries.items()},
    }


def main(people: int, repeats: int, sizes: list[int]) -> dict[str, object]:
    """Fill and measure at each size; the planner's statistics are fresh, as autovacuum keeps them."""
    filling, taken, counted = Filling(), {}, {}
    for size in sizes:
        began = time.perf_counter()
        filling.up_to(size)
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")
        filled = time.perf_counter()
        taken[size], counted[str(size)] = measure(askers(people), repeats), dict(filling.rows)
        sys.stderr.write(
            f"{size} organisations: filled in {filled - began:.0f} s, asked in {time.perf_counter() - filled:.0f} s\n"
        )
    queries = summary(taken)
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        server = cursor.fetchone()[0]
    everybody = askers(people)
    with kept_apart(), rows.everything(rows.Why.COMMAND):
        apart = beside(queries, measure(everybody, repeats), sizes[-1])
    return {
        "postgresql": server,
        "load": os.getloadavg()[0],
        "rows": counted,
        "queries": queries,
        "with_row_security": apart,
    }


if __name__ == "__main__":
    people, repeats, *sizes = (int(word) for word in sys.argv[1:])
    json.dump(main(people, repeats, sizes), sys.stdout)
