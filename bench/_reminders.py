"""Filling a database with circles whose reminders are due in the same hour, and writing them: ``_reminders CIRCLES``.

Run as a module inside the environment that is measured; prints the figures as JSON.
"""

import json
import sys
import time
from datetime import UTC, datetime, timedelta
from itertools import islice

import django

django.setup()

from django.db import connection  # noqa: E402 -- Django is set up first

from sirkel.circles.domain import reminders  # noqa: E402 -- as above
from sirkel.circles.models import Circle, Meeting, Membership  # noqa: E402 -- as above
from sirkel.people.models import Mail, Organisation, Person, RoleAssignment, Workplace  # noqa: E402 -- as above

MEMBERS = 6
AT = datetime(2026, 3, 2, 11, tzinfo=UTC)


def fill(circles: int) -> None:
    """Fill the database with circles, their members, and one meeting each that is due in the same hour."""
    organisation = Organisation.objects.create(name="Measured", area="NO")
    workplaces = Workplace.objects.bulk_create(
        Workplace(organisation=organisation, name=f"Ward {number}") for number in range(max(circles // 10, 1))
    )
    mine = iter(
        Person(email=f"{number}@demo.invalid", first_name="Mål", is_demo=True)
        for number in range(circles * MEMBERS)
    )
    while people := Person.objects.bulk_create(islice(mine, 3_000)):
        RoleAssignment.objects.bulk_create(
            RoleAssignment(
                person=person,
                role="union",
                organisation=organisation,
                workplace=workplaces[place % len(workplaces)],
                valid_from=AT - timedelta(days=9),
            )
            for place, person in enumerate(people)
        )
        made = Circle.objects.bulk_create(
            Circle(
                organisation=organisation,
                workplace=workplaces[place % len(workplaces)],
                name=f"Circle {place}",
                languages=["nb"],
            )
            for place in range(len(people) // MEMBERS)
        )
        Meeting.objects.bulk_create(
            Meeting(
                circle=circle,
                number=1,
                starts_at=AT + timedelta(days=1, seconds=place % 3600),
                method="meeting-90-middle",
                state="planned",
            )
            for place, circle in enumerate(made)
        )
        Membership.objects.bulk_create(
            Membership(circle=made[place // MEMBERS], person=person, role="participant")
            for place, person in enumerate(people)
        )


def measure(circles: int) -> dict[str, float]:
    """Draft and write the reminders of all circles; count queries, seconds and rows."""
    counted = {"draft": 0, "write": 0}

    def counting(phase: str):  # noqa: ANN202 -- Django's own shape of a wrapper
        def wrap(execute, sql, params, many, context):  # noqa: ANN001, ANN202 -- as above
            counted[phase] += 1
            return execute(sql, params, many, context)

        return wrap

    began = time.perf_counter()
    with connection.execute_wrapper(counting("draft")):
        drafted = reminders.draft(at=AT)
    between = time.perf_counter()
    with connection.execute_wrapper(counting("write")):
        posted = reminders.write(at=AT + timedelta(hours=1))
    ended = time.perf_counter()
    rows = Mail.objects.count()
    assert (drafted, posted, rows) == (circles, circles * MEMBERS, circles * MEMBERS)
    batches = -(-circles // reminders.BATCH)
    return {
        "circles": circles,
        "seconds": ended - began,
        "draft_seconds": between - began,
        "write_seconds": ended - between,
        "circles_per_second": circles / (ended - began),
        "queries_per_circle": sum(counted.values()) / circles,
        "draft_queries_per_batch": counted["draft"] / batches,
        "write_queries_per_batch": counted["write"] / batches,
        "rows": rows,
    }


if __name__ == "__main__":
    circles = int(sys.argv[1])
    fill(circles)
    json.dump(measure(circles), sys.stdout)
