"""Fill, change and describe a data folder for the tests of backup and restore: `python -m tests.config.backup_seed VERB`."""

import json
import sys
import uuid
from datetime import timedelta

import django

TAKEN_BACK = uuid.UUID(int=7)


def seed():
    """A network with a meeting in the middle of a step, a person to be erased, a mail that is due, and a signed-in one."""
    from sirkel.circles.domain import challenges
    from sirkel.circles.models import Membership
    from sirkel.config.prepare import migrate
    from sirkel.kernel import clock
    from sirkel.people.domain import outbox
    from sirkel.people.enums import MailKind
    from sirkel.people.sessions import SessionStore
    from tests.factories.meetings import make_meeting
    from tests.factories.places import make_person

    migrate()
    live = make_meeting(step="write", people=3)
    live.write("MERKE-ÅPEN tre senger", "MERKE-ÅPEN to vakter", "MERKE-ÅPEN en dør")
    circle = live.meeting.circle
    Membership.objects.create(circle=circle, person=make_person(name="Aino"), role="participant")
    challenges.leave_challenge(circle=circle, story=challenges.Story(TAKEN_BACK, "MERKE-TATT", "nb"))
    make_meeting(step="write", people=3).write(
        "MERKE-VIST en", "MERKE-VIST to", "MERKE-VIST tre"
    ).reveal().close()
    person = make_person(name="Tuulikki")
    outbox.post(
        [
            outbox.Posted(
                key=f"dates:{live.meeting.id}:{person.id}",
                person=person.id,
                kind=MailKind.DATES,
                about=live.meeting.id,
                edition=0,
                time_zone="Europe/Oslo",
                not_before=clock.now(),
                outdated_at=clock.now() + timedelta(days=3),
            )
        ]
    )
    session = SessionStore()
    session["word"] = "MERKE-ØKT"
    session.save()


def erase():
    """Erase the person as the pages do."""
    from sirkel.circles.domain.forgetting import forget_person
    from sirkel.kernel import clock
    from sirkel.people.models import Person

    forget_person(acting=Person.objects.get(first_name="Tuulikki"), at=clock.now())


def leave():
    """Let somebody delete themselves from their circle alone, and take words back, as the pages do."""
    from sirkel.circles.domain import challenges
    from sirkel.circles.domain.forgetting import forget_in_circle
    from sirkel.circles.models import Membership
    from sirkel.kernel import clock

    mine = Membership.objects.select_related("circle").get(person__first_name="Aino")
    challenges.take_back(circle=mine.circle, client_id=TAKEN_BACK)
    forget_in_circle(acting=mine.person, circle_id=mine.circle_id, at=clock.now())


def write_on():
    """Count in every database, one after the other, until told to stop; say when it has begun."""
    from django.db import connections

    for alias in ("default", "research", "vault"):
        with connections[alias].cursor() as cursor:
            cursor.execute("CREATE TABLE IF NOT EXISTS counted (number integer)")
    number = 0
    while True:
        number += 1
        for alias in ("default", "research", "vault"):
            with connections[alias].cursor() as cursor:
                cursor.execute("INSERT INTO counted VALUES (%s)", [number])
        if number == 5:
            print("writing", flush=True)


def tell():
    """Say what the databases hold, in a form that two of them can be compared in."""
    from django.db import connections

    from sirkel.circles.models import InboxNote, Membership, Note, Round
    from sirkel.kernel import audit
    from sirkel.people.models import Mail, Person

    rows = {}
    for alias in ("default", "research", "vault"):
        with connections[alias].cursor() as cursor:
            for table in sorted(connections[alias].introspection.table_names(cursor)):
                cursor.execute(f'SELECT count(*) FROM "{table}"')
                rows[f"{alias}.{table}"] = cursor.fetchone()[0]
    counted = [rows.get(f"{alias}.counted") for alias in ("default", "research", "vault")]
    told = {
        "rows": rows,
        "counted": counted,
        "people": sorted(Person.objects.values_list("first_name", flat=True)),
        "members": sorted(Membership.objects.values_list("person__first_name", flat=True)),
        "notes": sorted(Note.objects.values_list("text", flat=True)),
        "inbox": InboxNote.objects.count(),
        "open_secrets": [
            len(one or b"") for one in Round.objects.filter(state="open").values_list("secret", flat=True)
        ],
        "mails": sorted(Mail.objects.values_list("state", flat=True)),
        "heads": {str(chain): head for chain, head in audit.heads().items()},
        "breaks": len(audit.verify().breaks),
    }
    print(json.dumps(told))


if __name__ == "__main__":
    django.setup()
    {"seed": seed, "erase": erase, "leave": leave, "write-on": write_on, "tell": tell}[sys.argv[1]]()
