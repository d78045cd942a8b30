"""PD-29: what an administrator gets ready for the authority, and what the page does not give away."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from sirkel.config.register.breach import answered_for
from sirkel.kernel import audit, clock
from sirkel.kernel.models import AuditEvent
from sirkel.people.enums import Role
from sirkel.people.models import RoleAssignment
from tests.factories.meetings import make_circle
from tests.factories.thread import make_reader

pytestmark = pytest.mark.django_db
AT = datetime(2026, 3, 27, 11, 0, tzinfo=UTC)
SAID = {
    "learned_on": "2026-03-27",
    "learned_at": "09:30",
    "first": "2026-03-20",
    "last": "2026-03-26",
    "happened": ["read"],
    "classes": ["account", "notes"],
}


@pytest.fixture
def circle():
    return make_circle()[0]


@pytest.fixture
def client(circle):
    return signed_in(make_reader(Role.ADMINISTRATOR, organisation=circle.organisation))


def signed_in(person):
    client = Client(headers={"accept-language": "en"})
    client.force_login(person)
    return client


def address(circle):
    return f"/privacy/breach/{circle.organisation_id}/"


def asked(client, circle, at=AT, **other):
    with clock.moved(at - clock.now()):
        return client.get(address(circle), {**SAID, **other})


@pytest.mark.requirement("PD-29")
def test_the_draft_says_the_deadline_the_data_and_what_was_done_on_those_days(client, circle):
    chain = circle.organisation_id
    moments = {
        "workplace.added": datetime(2026, 3, 19, 22, 59, tzinfo=UTC),  # a minute before the first day in Oslo
        "unit.added": datetime(2026, 3, 19, 23, 0, tzinfo=UTC),
        "role.ended": datetime(2026, 3, 26, 22, 59, tzinfo=UTC),
        "role.given": datetime(2026, 3, 26, 23, 0, tzinfo=UTC),
    }
    for verb, at in moments.items():
        audit.record(chain=chain, acting=None, verb=verb, target=chain, at=at)
    audit.record(
        chain=chain, acting=circle.id, verb="meeting.opened", target=circle.id, at=moments["unit.added"]
    )
    answer = asked(client, circle)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert (
        f"{answer.context['deadline']:%d %H:%M %Z}" == "30 10:30 CEST"
    )  # 72 hours on, over the night in which the clocks go forward
    assert "Somebody may have read" in page
    assert "Something was lost" not in page
    assert "Added a unit" in page
    assert "Ended a role" in page
    assert "Added a workplace" not in page
    assert "Gave a role" not in page
    assert "A circle&#x27;s meeting" in page
    assert str(circle.id) not in page
    assert circle.name not in page


def test_it_says_when_the_time_is_over_and_when_the_trail_was_changed(client, circle):
    assert "The 72 hours are over" not in asked(client, circle).content.decode()
    assert "The 72 hours are over" in asked(client, circle, at=AT + timedelta(days=3)).content.decode()


def test_people_of_those_days_are_counted_and_nobody_is_named(client, circle):
    """The administrator and a leader have a role here today; a leader elsewhere, and one whose role has ended, do not count."""
    here = make_reader(Role.LEADER, organisation=circle.organisation, workplace=circle.workplace)
    gone = make_reader(Role.UNION, organisation=circle.organisation, workplace=circle.workplace)
    make_reader(Role.LEADER)
    now = clock.now()
    RoleAssignment.objects.filter(person=gone).update(
        valid_from=now - timedelta(days=9), valid_to=now - timedelta(days=2)
    )
    before = RoleAssignment.objects.filter(organisation=circle.organisation).exclude(person=gone)
    today = f"{now:%Y-%m-%d}"
    answer = asked(client, circle, at=now, learned_on=today, first=today, last=today)
    assert answer.context["people"] == before.values("person").distinct().count()
    week = f"{now - timedelta(days=3):%Y-%m-%d}"
    longer = asked(client, circle, at=now, learned_on=today, first=week, last=today)
    assert longer.context["people"] == answer.context["people"] + 1
    for person in (here, gone):
        assert person.email not in longer.content.decode()


@pytest.mark.parametrize(
    ("said", "where", "words"),
    [
        ({"last": "2026-03-19"}, "last", "before the first one"),
        ({"first": "2024-01-01"}, "first", "a year at most"),
        ({"learned_on": "2026-03-01"}, "learned_on", "before it happened"),
        ({"classes": ["nonsense"]}, "classes", ""),
        ({"learned_at": "25:99"}, "learned_at", ""),
        ({"happened": []}, "happened", ""),
    ],
)
def test_what_does_not_fit_is_said_at_its_field(client, circle, said, where, words):
    answer = asked(client, circle, **said)
    assert answer.status_code == 422
    assert where in answer.context["form"].errors
    assert words in str(answer.context["form"].errors[where])


@pytest.mark.requirement("PD-29")
def test_looking_keeps_nothing_and_writes_nothing_down(client, circle):
    before = AuditEvent.objects.count()
    asked(client, circle)
    assert AuditEvent.objects.count() == before


@pytest.mark.parametrize("role", [Role.LEADER, Role.UNION, Role.FACILITATOR, Role.RESEARCHER])
def test_nobody_but_the_organisations_administrator_gets_it(circle, role):
    person = make_reader(role, organisation=circle.organisation, workplace=circle.workplace)
    assert asked(signed_in(person), circle).status_code == 404
    foreign = make_reader(Role.ADMINISTRATOR)
    assert asked(signed_in(foreign), circle).status_code == 404


def test_every_class_that_an_organisation_answers_for_can_be_chosen(client, circle):
    form = client.get(address(circle)).context["form"]
    codes = {code for code, _name in form.fields["classes"].choices}
    assert {"account", "notes"} <= codes
    assert codes == {one.code for one in answered_for()}
