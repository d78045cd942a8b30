"""The queries that decide who may see what, on PostgreSQL, as the installation grows to 400 organisations.

400 organisations in three sizes hold 20,000 units and 200,000 people with roles, 8,000 circles and what they let out.
Every query of ``src/sirkel/*/queries/`` that takes whoever asks is asked for people of each role and for a stranger, for
what is their own and for what is another organisation's, at 50, 100, 200 and 400 organisations of the same mix. Promised:
p95 of 20 ms, and flat in the number of organisations. What is held against it is the time at work, of whoever asks and of
the database together; the time on the wall stands beside it, and ``load`` says how busy the machine was with other things.
At the largest size everything is asked once more as a role that owns nothing, with row level security. Run: ``./sirkel bench access [--size small]``.
"""

import json
from collections.abc import Mapping
from importlib.metadata import version
from typing import Any

from tests.postgres_server import DATABASES, postgres_server

from bench.common import options, table, write_result
from bench.servers import data_folder, migrate, run

SMALL, FULL = (3, 2, 3, 6), (4, 2, 50, 100, 200, 400)
PROMISED_MS = 20.0
SHOWN = 15


def main() -> None:
    """Measure on a server of its own, print the slowest and write the result."""
    chosen = options("access", __doc__)
    with postgres_server() as address, data_folder() as environment:
        environment |= {variable: address + name for variable, name in DATABASES.items()}
        migrate(environment)
        words = [str(word) for word in (SMALL if chosen.is_small else FULL)]
        figures = json.loads(run(["bench._access", *words], environment))
    queries = figures["queries"]
    largest = words[-1]
    slowest = sorted(queries, key=lambda name: -queries[name]["p95_ms"][largest])
    over = [name for name in slowest if queries[name]["p95_ms"][largest] > PROMISED_MS]
    table(
        ["query", "for", "p95 ms", "on the wall", "median ms", "ratio"],
        [
            [
                *(name, one["slowest_for"], one["p95_ms"][largest], one["wall_p95_ms"][largest]),
                *(one["median_ms"][largest], one["ratio"]),
            ]
            for name in slowest[:SHOWN]
            for one in [queries[name]]
        ],
    )
    apart = figures["with_row_security"]
    print(
        f"With row level security: slowest p95 {max(apart['p95_ms'].values()):.4g} ms; "
        f"medians are {apart['median_rise']:.3g} times as long"
    )
    print(
        f"{len(queries)} queries at {largest} organisations; above {PROMISED_MS:g} ms: {', '.join(over) or 'none'}"
    )
    write_result(
        "access",
        chosen.json,
        {
            "promised_p95_ms": PROMISED_MS,
            "worst_p95_ms": queries[slowest[0]]["p95_ms"][largest],
            "above_promise": over,
            "with_row_security_worst_p95_ms": max(apart["p95_ms"].values()),
            "worst_exponent": max(one["exponent"] for one in queries.values()),
            "versions": {name: version(name) for name in ("Django", "psycopg")},
            **figures,
            "queries": {name: at_largest(one, largest) for name, one in queries.items()},
        },
    )


def at_largest(one: Mapping[str, Any], largest: str) -> dict[str, Any]:
    """Keep what is read of a query: its times at the largest size in milliseconds, and how they grow with the size."""
    times = ("p95_ms", "wall_p95_ms", "median_ms")
    kept = ("slowest_for", "samples", "ratio", "exponent")
    return {name: one[name] for name in kept} | {name: round(one[name][largest], 3) for name in times}


if __name__ == "__main__":
    main()
