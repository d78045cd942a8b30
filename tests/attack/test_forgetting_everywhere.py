"""A marker of somebody who is erased: gone from three databases, their files, the data folder and all that waits (PD-16)."""

import os
from datetime import timedelta
from pathlib import Path

import pytest
from axes.models import AccessAttempt
from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.test import Client
from django_tasks_db.models import DBTaskResult

from sirkel.circles.domain import forgetting
from sirkel.circles.enums import MemberRole
from sirkel.circles.models import Membership
from sirkel.circles.tasks import mail_meeting
from sirkel.kernel import clock
from sirkel.kernel.models import TaskKey
from sirkel.kernel.tasks import enqueue_once
from sirkel.people.domain import outbox
from sirkel.people.enums import MailKind, Role
from sirkel.people.models import Mail, Person
from tests.attack.dump import take_dump
from tests.factories.places import make_circle
from tests.factories.thread import make_reader

MARKER = "marker7f3a"
ADDRESS = f"{MARKER}@example.org"
FILES = "django.core.mail.backends.filebased.EmailBackend"
TRAIL = {"kernel_auditevent"}


def holds(value, words):
    text = bytes(value).decode("latin-1") if isinstance(value, bytes | memoryview) else str(value)
    return any(word in text for word in words)


def tables_with(*words):
    return {row.table for row in take_dump().rows if any(holds(one, words) for one in row.values.values())}


def files_with(*words):
    """Names of files of the data folder and of the databases, their write-ahead logs among them, that hold a word."""
    found = {name for name, content in take_dump().files.items() if holds(content, words)}
    folder = Path(settings.EMAIL_FILE_PATH)
    return found | {
        path.name for path in folder.rglob("*") if path.is_file() and holds(path.read_bytes(), words)
    }


@pytest.fixture
def place(settings):
    """Somebody who has left something wherever Sirkel keeps anything of a person."""
    settings.EMAIL_BACKEND = FILES
    circle, other = make_circle(meetings=2, starts_at=clock.now() + timedelta(days=3))
    where = {"organisation": circle.organisation, "workplace": circle.workplace}
    person = make_reader(Role.FACILITATOR, **where)
    Person.objects.filter(id=person.id).update(email=ADDRESS, first_name=MARKER, family_name=MARKER)
    person.refresh_from_db()
    Membership.objects.create(circle=circle, person=person, role=MemberRole.FACILITATOR)
    meeting = circle.meetings.order_by("number").first()
    post(meeting, person)
    post(meeting, other)
    enqueue_once(
        mail_meeting,
        f"dates:{meeting.id}:{person.id}",
        meeting=str(meeting.id),
        person=str(person.id),
        sequence=1,
    )
    AccessAttempt.objects.create(
        username=ADDRESS, ip_address="192.0.2.7", path_info="/", failures_since_start=1
    )
    Client().force_login(person)
    connection = get_connection()
    connection.open()
    connection.send_messages(
        [
            EmailMessage("Om møtet", f"Hei {name}", to=[to])
            for name, to in ((MARKER, ADDRESS), ("Aino", "aino@example.org"))
        ]
    )
    connection.close()
    circle.person, circle.meeting = person, meeting
    return circle


def post(meeting, person):
    outbox.post(
        [
            outbox.Posted(
                key=f"dates:{meeting.id}:{person.id}",
                person=person.id,
                kind=MailKind.DATES,
                about=meeting.id,
                edition=meeting.calendar_sequence,
                time_zone="Europe/Oslo",
                not_before=clock.now(),
                outdated_at=clock.now() + timedelta(days=3),
            )
        ]
    )


@pytest.mark.requirement("PD-16")
@pytest.mark.django_db(databases="__all__", transaction=True)
def test_nothing_anywhere_holds_the_marker_or_the_number(place):
    words = (MARKER, str(place.person.id), place.person.id.hex)
    assert tables_with(*words) >= {
        "people_person",
        "people_mail",
        "axes_accessattempt",
        "django_tasks_database_dbtaskresult",
        "kernel_taskkey",
    }
    assert files_with(MARKER)
    forgetting.forget_person(acting=place.person, at=clock.now())
    assert tables_with(*words) - TRAIL == set()
    assert tables_with(MARKER) == set()
    assert files_with(MARKER) == set()


@pytest.mark.django_db(databases="__all__", transaction=True)
def test_what_waited_is_not_sent_and_what_is_others_stays(place):
    others = Mail.objects.exclude(person=place.person).count()
    assert (DBTaskResult.objects.count(), TaskKey.objects.count()) == (1, 1)
    forgetting.forget_person(acting=place.person, at=clock.now())
    assert Mail.objects.count() == others > 0
    assert (DBTaskResult.objects.count(), TaskKey.objects.count()) == (0, 0)
    outbox.deliver()
    folder = Path(settings.EMAIL_FILE_PATH)
    written = "".join(path.read_text() for path in folder.glob("*.log"))
    assert ADDRESS not in written
    assert "aino@example.org" in written


@pytest.mark.django_db(databases="__all__", transaction=True)
def test_mails_in_the_data_folder_end_with_the_outbox(place):
    """PD-18."""
    (file,) = Path(settings.EMAIL_FILE_PATH).glob("*.log")
    outbox.tidy(at=clock.now())
    assert file.exists()
    old = (clock.now() - timedelta(days=91)).timestamp()
    os.utime(file, (old, old))
    outbox.tidy(at=clock.now())
    assert not file.exists()
