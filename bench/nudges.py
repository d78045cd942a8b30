"""The reminders of 10,000 circles that fall due in the same hour: drafted, and written to the outbox, by one worker.

Each circle has six members with an account, and a meeting that begins within the hour two days later. Drafting and
writing go in batches, each of which asks the same few questions however many circles it holds; SQLite takes at most
999 values in one statement, so that its rows come in more statements than PostgreSQL's. ``queries_per_circle`` counts
both. ``rows`` are the mails that wait afterwards. Nothing is sent. Run: ``./sirkel bench nudges [--size small]``.
"""

import json

from bench.common import options, table, write_result
from bench.servers import data_folder, migrate, run

SMALL, FULL = 500, 10_000


def main() -> None:
    """Measure in a fresh data folder, print a short table and write the result."""
    chosen = options("nudges", __doc__)
    with data_folder() as environment:
        migrate(environment)
        circles = SMALL if chosen.is_small else FULL
        figures = json.loads(run(["bench._reminders", str(circles)], environment))
    table(["figure", "value"], figures.items())
    write_result("nudges", chosen.json, figures)


if __name__ == "__main__":
    main()
