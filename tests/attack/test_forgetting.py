"""Somebody leaves and asks for deletion: afterwards a dump of everything holds nothing of them but what was promised."""

import uuid
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client

from sirkel.circles.domain import answering, forgetting, private_log
from sirkel.circles.enums import MemberRole, TrialState
from sirkel.circles.models import Answer, Handover, Membership, Note, PrivateLogEntry, Trial
from sirkel.circles.queries.links import answer_path, leave_path
from sirkel.kernel import clock
from sirkel.kernel.errors import Conflict, NotFound
from sirkel.kernel.models import AuditEvent
from sirkel.people.domain import mail_settings, outbox
from sirkel.people.enums import MailKind, Role
from sirkel.people.models import Mail, Person, RoleAssignment, Session
from tests.attack.dump import take_dump
from tests.factories.anchoring import commit
from tests.factories.handovers import make_line
from tests.factories.meetings import make_meeting
from tests.factories.places import make_circle
from tests.factories.thread import make_reader
from tests.factories.trials import make_trial

pytestmark = pytest.mark.django_db(databases=["default", "research", "vault"])
# What may still name somebody by a number after they are gone: the trail, whose rows are never changed.
TRAIL = {"kernel_auditevent"}


def signed_in(person):
    client = Client(headers={"accept-language": "en"})
    client.force_login(person)
    return client


def traces_of(person_id, words, *, of=TRAIL):
    """Return the tables of a dump in which a number or one of some words still stands."""
    numbers = {str(person_id), person_id.hex}
    found = set()
    for row in take_dump().rows:
        for value in row.values.values():
            text = (
                bytes(value).decode("utf-8", "replace")
                if isinstance(value, bytes | memoryview)
                else str(value)
            )
            if any(one in text for one in (*numbers, *words)):
                found.add(row.table)
    return found - of


@pytest.fixture
def place():
    """A circle with a second facilitator who has done everything that a person can do here."""
    circle, facilitator = make_circle(meetings=2, starts_at=clock.now() + timedelta(days=3))
    person = make_reader(Role.FACILITATOR, organisation=circle.organisation, workplace=circle.workplace)
    Person.objects.filter(id=person.id).update(
        first_name="Tuulikki", family_name="Esimerkki", email="tuulikki@example.org"
    )
    person.refresh_from_db()
    member = Membership.objects.create(circle=circle, person=person, role=MemberRole.FACILITATOR)
    meeting = circle.meetings.order_by("number").first()
    answering.answer(token=answer_path(member.id, meeting.id).split("/")[3], says="yes", at=clock.now())
    mail_settings.switch(person_id=person.id, kind=MailKind.REMINDER, is_wanted=False)
    mail_settings.new_calendar_address(acting=person)
    private_log.write(acting=person, text="Bord 2 var stille", at=clock.now())
    outbox.post(
        [
            outbox.Posted(
                key=f"dates:{meeting.id}:{person.id}",
                person=person.id,
                kind=MailKind.DATES,
                about=meeting.id,
                edition=0,
                time_zone="Europe/Oslo",
                not_before=clock.now(),
                outdated_at=clock.now() + timedelta(days=3),
            )
        ]
    )
    circle.facilitator, circle.person, circle.member = facilitator, person, member
    return circle


WORDS = ("Tuulikki", "tuulikki@example.org", "Esimerkki")


def test_deleting_an_account_leaves_nothing_of_its_owner_in_any_table(place):
    client, phone = signed_in(place.person), signed_in(place.person)
    assert traces_of(place.person.id, WORDS) >= {
        "people_person",
        "circles_membership",
        "circles_privatelogentry",
        "people_mail",
        "people_mailsettings",
        "people_calendaraddress",
        "people_roleassignment",
    }
    assert client.post("/me/delete/account/", {"is_sure": "yes"})["Location"] == "/me/deleted/"
    assert traces_of(place.person.id, WORDS) == set()
    assert not [one for one in Session.objects.all() if str(place.person.id) in str(one.get_decoded())]
    assert phone.get("/circles/").status_code == 302
    assert not PrivateLogEntry.objects.exists()


def test_the_trail_says_that_it_was_done_and_no_name(place):
    forgetting.forget_person(acting=place.person, at=clock.now())
    (row,) = AuditEvent.objects.filter(verb="person.erased")
    assert (row.actor, row.facts) == (None, {})


def test_what_the_circle_learned_stays(place):
    trial = make_trial(place, place.person, state=TrialState.DECIDED)
    line = make_line(place, place.person, state="followed_up")
    live = make_meeting(circle=place, facilitator=place.person, step="write", people=3)
    live.write("Bord 2 var stille")
    live.reveal()
    live.close()
    notes = Note.objects.count()
    assert notes
    forgetting.forget_person(acting=place.person, at=clock.now())
    trial.refresh_from_db()
    line.refresh_from_db()
    assert (trial.learning, line.followed_up) == ("Én person, ett bord.", "Det er vakt tirsdag og torsdag.")
    assert Note.objects.count() == notes


def test_a_signed_promise_stands_without_its_signer(place):
    leader = make_reader(Role.LEADER, organisation=place.organisation, workplace=place.workplace)
    commit(place, place.facilitator, leader)
    forgetting.forget_person(acting=leader, at=clock.now())
    signature = place.commitments.get().signatures.get()
    assert signature.leader is None


def test_the_page_says_before_what_goes_and_deletes_nothing(place):
    html = signed_in(place.person).get("/me/delete/").content.decode()
    for words in (
        "What goes",
        "What stays, and why",
        "Your private log: 1 entry.",
        'href="/receipt/"',
        place.name,
    ):
        assert words in html
    assert Person.objects.filter(id=place.person.id).exists()


def test_without_the_tick_nothing_is_deleted(place):
    answer = signed_in(place.person).post("/me/delete/account/")
    assert answer.status_code == 400
    assert "Nothing is deleted yet." in answer.content.decode()
    assert Person.objects.filter(id=place.person.id).exists()


def test_the_only_facilitator_of_a_circle_under_way_finds_another_one_first(place):
    Membership.objects.filter(person=place.facilitator).delete()
    for refused in (
        lambda: forgetting.forget_person(acting=place.person, at=clock.now()),
        lambda: forgetting.forget_in_circle(acting=place.person, circle_id=place.id, at=clock.now()),
    ):
        with pytest.raises(Conflict) as no:
            refused()
        assert no.value.facts == {"circles": [place.name]}
    assert PrivateLogEntry.objects.filter(owner=place.person).exists()
    html = signed_in(place.person).post("/me/delete/account/", {"is_sure": "yes"}).content.decode()
    assert "You are the only facilitator" in html
    Membership.objects.create(circle=place, person=place.facilitator, role=MemberRole.FACILITATOR)
    forgetting.forget_person(acting=place.person, at=clock.now())
    assert not Person.objects.filter(id=place.person.id).exists()


def test_a_circle_that_is_over_holds_nobody_back(place):
    Membership.objects.filter(person=place.facilitator).delete()
    type(place).objects.filter(id=place.id).update(
        state="ended_early", halt_reason="enough", ended_at=clock.now()
    )
    forgetting.forget_person(acting=place.person, at=clock.now())
    assert not Person.objects.filter(id=place.person.id).exists()


class TestInOneCircle:
    def test_nothing_in_it_says_that_they_were_there_and_the_account_stays(self, place):
        client = signed_in(place.person)
        assert client.post(f"/me/delete/circle/{place.id}/").status_code == 302
        assert not Membership.objects.filter(person=place.person).exists()
        assert not Answer.objects.exists()
        assert not Mail.objects.filter(person=place.person).exists()
        assert PrivateLogEntry.objects.filter(owner=place.person).exists()
        assert client.get(f"/circles/{place.id}/").status_code == 404
        assert client.get("/me/messages/").status_code == 200
        assert place.member.id.hex not in str([row.values for row in take_dump().rows])

    def test_the_trail_does_not_say_who(self, place):
        forgetting.forget_in_circle(acting=place.person, circle_id=place.id, at=clock.now())
        (row,) = AuditEvent.objects.filter(verb="circle.member_forgotten")
        assert (row.actor, row.target, row.facts) == (None, place.id, {})

    @pytest.mark.requirement("PD-16")
    def test_an_old_backup_brings_nobody_back_and_who_came_again_stays(self, place):
        old = place.member.id
        was_erased = {old}.__contains__
        forgetting.forget_in_circle(acting=place.person, circle_id=place.id, at=clock.now())
        again = Membership.objects.create(circle_id=place.id, person=place.person, role="participant")
        assert forgetting.forget_again(was_erased, at=clock.now()) == 0
        assert Membership.objects.filter(id=again.id).exists()
        again.delete()
        Membership.objects.create(id=old, circle_id=place.id, person=place.person, role="participant")
        assert forgetting.forget_again(was_erased, at=clock.now()) == 1
        assert not Membership.objects.filter(person=place.person).exists()

    def test_a_link_in_an_old_mail_brings_nobody_back(self, place):
        token = leave_path(place.member.id).split("/")[3]
        forgetting.forget_in_circle(acting=place.person, circle_id=place.id, at=clock.now())
        assert Client().post(f"/link/leave/{token}/", {"back": "1"}).status_code == 404

    def test_somebody_elses_circle_says_nothing(self, place):
        other, _person = make_circle()
        for circle_id in (other.id, uuid.uuid4()):
            with pytest.raises(NotFound):
                forgetting.forget_in_circle(acting=place.person, circle_id=circle_id, at=clock.now())
        assert Membership.objects.filter(circle=other).count() == 1


@pytest.mark.requirement("SEC-25", "SEC-27")
def test_what_breaks_in_the_middle_deletes_nothing(place):
    """The database itself breaks the last step: a trigger refuses to let the person's row go."""
    before = sorted(row.table for row in take_dump().rows)
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(
                "CREATE TRIGGER held BEFORE DELETE ON people_person BEGIN SELECT RAISE(ABORT, 'held'); END"
            )
        else:
            cursor.execute(
                "CREATE FUNCTION held() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'held'; END $$"
            )
            cursor.execute(
                "CREATE TRIGGER held BEFORE DELETE ON people_person FOR EACH ROW EXECUTE FUNCTION held()"
            )
    with pytest.raises(Exception, match="held"):
        forgetting.forget_person(acting=place.person, at=clock.now())
    assert sorted(row.table for row in take_dump().rows) == before
    assert RoleAssignment.objects.filter(person=place.person).exists()
    assert Handover.objects.count() + Trial.objects.count() == 0
