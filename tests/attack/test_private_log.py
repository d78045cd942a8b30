"""A private log against everybody but its owner: pages, dump, log file, exports, administration."""

import base64
import logging
from datetime import UTC, datetime

import pytest
from django.apps import apps
from django.test import Client

from sirkel.circles.domain import private_log
from sirkel.circles.domain.private_log import About
from sirkel.circles.enums import MemberRole
from sirkel.circles.models import Circle, Membership, PrivateLogEntry
from sirkel.circles.queries.private_log import own_entries
from sirkel.kernel import clock
from sirkel.kernel.errors import NotFound, Refused
from sirkel.kernel.models import AuditEvent
from sirkel.people.enums import Role
from tests.attack.dump import take_dump
from tests.factories.meetings import make_meeting
from tests.factories.thread import make_person, make_reader

pytestmark = pytest.mark.django_db(databases=["default", "research", "vault"])
SECRET = "Brunhvelvet snakket hele tiden"
LOG = "/me/log/"


def signed_in(person):
    client = Client(headers={"accept-language": "en"})
    client.force_login(person)
    return client


@pytest.fixture
def place():
    """A held meeting with its facilitator, a co-facilitator, and everybody who might be curious."""
    live = make_meeting()
    live.close()
    circle = live.meeting.circle
    scope = {"organisation": circle.organisation, "workplace": circle.workplace}
    partner = make_person("Kaija")
    Membership.objects.create(circle=circle, person=partner, role=MemberRole.FACILITATOR)
    live.curious = {
        "co-facilitator": partner,
        "leader": make_reader(Role.LEADER, **scope),
        "union": make_reader(Role.UNION, **scope),
        "administrator": make_reader(Role.ADMINISTRATOR),
        "researcher": make_reader(Role.RESEARCHER),
        "coordinator": make_reader(Role.COORDINATOR),
    }
    live.owner = signed_in(live.facilitator)
    return live


@pytest.fixture
def entry(place):
    circle = place.meeting.circle
    fields = {"text": SECRET, "circle": circle.id, "meeting": "1", "question": "what-surprised-me"}
    assert place.owner.post(LOG, fields).status_code == 302
    return PrivateLogEntry.objects.get()


def test_its_owner_reads_it_with_its_question_circle_and_meeting(place, entry):
    html = place.owner.get(LOG).content.decode()
    assert SECRET in html
    assert "What surprised me today?" in html
    (kept,) = own_entries(owner=place.facilitator, language="en")
    assert (kept.circle_name, kept.meeting) == (place.meeting.circle.name, 1)
    file = place.owner.get("/me/log.txt")
    assert file["Content-Type"].startswith("text/plain")
    assert file["Cache-Control"] == "no-store"
    assert SECRET in file.content.decode()


@pytest.mark.parametrize(
    "role", ["co-facilitator", "leader", "union", "administrator", "researcher", "coordinator"]
)
def test_nobody_else_reads_or_deletes_it(place, entry, role):
    client = signed_in(place.curious[role])
    assert client.post(f"{LOG}{entry.id}/delete/").status_code == 404
    for path in (LOG, "/me/log.txt"):
        answer = client.get(path)
        assert answer.status_code == (200 if role == "co-facilitator" else 404)
        assert SECRET not in answer.content.decode()
    assert place.owner.post(f"{LOG}{entry.id}/delete/").status_code == 302
    assert not PrivateLogEntry.objects.exists()


def test_no_page_of_the_circle_holds_a_word_of_it(place, entry):
    circle, meeting = place.meeting.circle, place.meeting
    paths = [
        f"/circles/{circle.id}/",
        f"/circles/{circle.id}/meetings/{meeting.number}/",
        f"/meetings/{meeting.id}/recap/",
        f"/circles/{circle.id}/handovers/",
    ]
    for client in (place.owner, signed_in(place.curious["co-facilitator"])):
        for path in paths:
            answer = client.get(path)
            assert answer.status_code == 200, path
            assert SECRET not in answer.content.decode()


def test_a_dump_of_all_tables_holds_no_word_of_it_nor_its_day_or_circle(place, entry):
    dump = take_dump()
    whole = b"\0".join(
        bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode()
        for row in dump.rows
        for value in row.values.values()
    )
    for word in (*SECRET.split()[:2], "what-surprised-me"):
        assert word.encode() not in whole
        assert base64.b64encode(word.encode()).rstrip(b"=")[:-1] not in whole
    (row,) = dump.of("circles_privatelogentry")
    assert set(row.values) == {"id", "owner_id", "sealed"}


def test_writing_and_reading_leaves_nothing_in_the_trail_or_the_log_file(place, caplog):
    audited = AuditEvent.objects.count()
    with caplog.at_level(logging.DEBUG):
        place.owner.post(LOG, {"text": SECRET})
        place.owner.get(LOG)
        place.owner.post(LOG, {"text": "x" * 5000 + SECRET})
    assert SECRET not in caplog.text
    assert str(place.facilitator.id) not in "".join(
        record.getMessage() for record in caplog.records if record.name.startswith("sirkel")
    )
    assert AuditEvent.objects.count() == audited


def test_there_is_no_administration_of_it():
    assert not apps.is_installed("django.contrib.admin")
    assert Client().get("/admin/").status_code == 404
    # Nothing but the person leads to a row: no relation that a page could follow back.
    assert not [one for one in PrivateLogEntry._meta.get_fields() if one.is_relation and one.name != "owner"]
    assert not [
        one.name
        for one in make_person("Ingrid")._meta.get_fields()
        if one.related_model is PrivateLogEntry and not one.hidden
    ]


def test_a_row_that_is_moved_to_somebody_else_does_not_open_for_them(place, entry):
    partner = place.curious["co-facilitator"]
    PrivateLogEntry.objects.update(owner=partner)
    (stolen,) = own_entries(owner=partner, language="en")
    assert not stolen.is_readable
    html = signed_in(partner).get(LOG).content.decode()
    assert "cannot be opened any more" in html
    assert SECRET not in html


def test_a_lost_key_says_so_and_the_entry_can_still_be_deleted(place, entry, settings):
    settings.PRIVATE_LOG_KEYS = ["another"]
    assert "cannot be opened any more" in place.owner.get(LOG).content.decode()
    settings.PRIVATE_LOG_KEYS = ["another", *settings.PRIVATE_LOG_KEYS]
    place.owner.post(f"{LOG}{entry.id}/delete/")
    assert not PrivateLogEntry.objects.exists()


def test_it_goes_with_its_owner(place, entry):
    Membership.objects.filter(person=place.facilitator).delete()
    place.facilitator.roles.all().delete()
    PrivateLogEntry.objects.exclude(owner=place.facilitator).delete()
    assert PrivateLogEntry.objects.count() == 1
    type(place.facilitator).objects.filter(id=place.facilitator.id).delete()
    assert not PrivateLogEntry.objects.exists()


def test_an_entry_is_about_a_circle_that_one_facilitates_and_about_no_other(place):
    other = make_meeting().meeting.circle
    with pytest.raises(NotFound):
        private_log.write(
            acting=place.facilitator, text="Bord 2", at=clock.now(), about=About(circle_id=other.id)
        )
    assert place.owner.post(LOG, {"text": "Bord 2", "circle": other.id}).status_code == 400
    assert Circle.objects.filter(id=other.id).exists()
    assert not PrivateLogEntry.objects.exists()


@pytest.mark.parametrize("text", ["", "   ", "x" * 4001, "Fnr 01010112377"])
def test_what_is_empty_too_long_or_a_personal_number_is_refused(place, text):
    with pytest.raises(Refused):
        private_log.write(acting=place.facilitator, text=text, at=clock.now())
    assert private_log.write(acting=place.facilitator, text="x" * 4000, at=clock.now())


def test_the_newest_stands_first(place):
    for day in (3, 9, 6):
        private_log.write(
            acting=place.facilitator, text=f"Dag {day}", at=datetime(2026, 3, day, 12, tzinfo=UTC)
        )
    texts = [one.text for one in own_entries(owner=place.facilitator, language="nb")]
    assert texts == ["Dag 9", "Dag 6", "Dag 3"]
