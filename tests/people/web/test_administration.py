"""An administrator's pages as somebody uses them, and as somebody else tries to."""

import re
from datetime import timedelta

import pytest
from django.db import connection

from sirkel.kernel import audit, audit_triggers, clock
from sirkel.kernel.models import AuditEvent
from sirkel.people.enums import Role
from sirkel.people.models import Person, RoleAssignment
from sirkel.people.queries.factors import SIGNED_IN_AT
from tests.factories.meetings import make_circle, sign_in
from tests.people.unit.test_roles import LIV, House

pytestmark = pytest.mark.django_db


@pytest.fixture
def house():
    return House()


@pytest.fixture
def here(client, house):
    sign_in(client, house.administrator)
    return f"/administration/{house.organisation.id}/"


def sent(house, **change):
    return {
        "email": "liv@example.org",
        "first_name": "Liv",
        "family_name": "Prøve",
        "language": "nb",
        "role": "leader",
        "place": f"workplace:{house.workplace.id}",
        "begins": "2026-03-01",
        "do": "look",
    } | change


def test_a_role_is_explained_before_it_is_given(client, house, here):
    page = client.post(f"{here}people/give/", sent(house))
    assert "Never who said what." in page.content.decode()
    assert not Person.objects.filter(email="liv@example.org").exists()
    given = client.post(f"{here}people/give/", sent(house, do="keep"), follow=True).content.decode()
    assert "Liv Prøve" in given
    assert "liv@example.org" in given


@pytest.mark.requirement("SEC-20")
def test_who_they_are_is_shown_anew_before_a_role_is_given_changed_or_ended(client, house, here):
    """SEC-20: a screen that was left open for ten minutes gives nobody anything."""
    role = house.give(Role.LEADER, workplace=house.workplace)
    session = client.session
    session[SIGNED_IN_AT] -= 11 * 60
    session.save()
    assert client.get(f"{here}people/").status_code == 200
    for path, form in (
        ("people/give/", sent(house, role="union", do="keep", accepts="leader_union")),
        (f"roles/{role.id}/", {"begins": "2026-03-01", "until": "2026-12-31", "version": "1"}),
        (f"roles/{role.id}/end/", {"version": "1"}),
        (
            "people/import/",
            {"text": "e-mail;first name;role\nx@example.org;X;administrator", "do": "keep"},
        ),
    ):
        answer = client.post(here + path, form)
        assert answer.headers["Location"].startswith("/me/security/again/"), path
    role.refresh_from_db()
    assert (role.version, role.valid_to) == (1, None)
    assert RoleAssignment.objects.filter(organisation=house.organisation).count() == 2


def test_a_clash_is_explained_and_given_only_with_a_tick(client, house, here):
    client.post(f"{here}people/give/", sent(house, do="keep"))
    asked = client.post(f"{here}people/give/", sent(house, role="union", do="keep"))
    assert asked.status_code == 422
    assert 'value="leader_union"' in asked.content.decode()
    assert RoleAssignment.objects.filter(role=Role.UNION).count() == 0
    client.post(f"{here}people/give/", sent(house, role="union", do="keep", accepts="leader_union"))
    assert RoleAssignment.objects.filter(role=Role.UNION).count() == 1
    assert "Leader and union" in client.get(f"{here}people/").content.decode(), "flagged as long as it lasts"


def test_of_two_administrators_the_second_sees_both_and_loses_nothing(client, house, here):
    """F-20."""
    role = house.give(Role.LEADER, workplace=house.workplace)
    page = f"{here}roles/{role.id}/"
    assert (
        client.post(page, {"begins": "2026-03-01", "until": "2027-01-31", "version": "1"}).status_code == 302
    )
    second = client.post(page, {"begins": "2026-03-01", "until": "2028-02-28", "version": "1"})
    words = second.content.decode()
    assert second.status_code == 409
    assert "31 January 2027" in words
    assert 'value="2028-02-28"' in words
    version = re.search(r'name="version" value="(\d+)"', words)[1]
    assert (
        client.post(page, {"begins": "2026-03-01", "until": "2028-02-28", "version": version}).status_code
        == 302
    )


@pytest.mark.requirement("SEC-10", "SEC-11")
def test_a_leader_whose_role_ends_while_writing_is_turned_away_at_the_next_request(client, house, here):
    """F-20."""
    make_circle(workplace=house.workplace)
    leader = house.give(Role.LEADER, workplace=house.workplace)
    theirs = client.__class__()
    sign_in(theirs, leader.person)
    assert theirs.get("/leader/").status_code == 200
    assert client.post(f"{here}roles/{leader.id}/end/", {"version": "1"}).status_code == 302
    assert theirs.get("/leader/").status_code == 403
    assert theirs.post("/leader/", {}).status_code in {403, 405}


def test_an_administrator_whose_role_ends_is_out_too(client, house, here):
    house.give(Role.ADMINISTRATOR)
    own = house.administrator.roles.get()
    assert client.post(f"{here}roles/{own.id}/end/", {"version": "1"}).status_code == 302
    for path in ("", "people/", "people/give/", "people/import/", "trail/"):
        assert client.get(here + path).status_code == 404


def test_nobody_sees_another_organisation(client, house, here):
    """SEC-11: pages, roles and units of somebody else's organisation do not exist, whichever address is tried."""
    other = House()
    strange = other.give(Role.LEADER, who=LIV, workplace=other.workplace)
    unit = other.unit()
    there = f"/administration/{other.organisation.id}/"
    for address in (
        there,
        f"{there}people/",
        f"{there}trail/",
        f"{there}people/import/",
        f"{here}roles/{strange.id}/",
        f"{here}roles/{strange.id}/end/",
        f"{here}units/{unit.id}/",
        f"{here}workplaces/{other.workplace.id}/units/new/",
    ):
        assert client.get(address).status_code == 404, address
        assert client.post(address, {"version": "1"}).status_code in {404, 405}, address
    page = client.get(f"{here}people/give/?person={strange.person_id}")
    assert LIV.email not in page.content.decode()
    assert (
        client.post(f"{here}people/give/", sent(house, place=f"workplace:{other.workplace.id}")).status_code
        == 422
    )


def test_the_trail_says_what_was_done_in_words_and_nothing_of_circles(client, house, here):
    role = house.give(Role.LEADER, workplace=house.workplace)
    circle, facilitator = make_circle(workplace=house.workplace)
    words = client.get(f"{here}trail/").content.decode()
    assert "Gave a role: Liv Prøve" in words
    assert "The trail holds" in words
    assert "A circle began" in words
    assert facilitator.family_name not in words.replace("Liv Prøve", "")
    assert circle.name not in words
    assert str(role.id) not in words


def test_a_lively_evening_in_a_circle_is_one_line_of_the_trail_and_no_act_of_the_house_is_lost(
    client, house, here
):
    chain, day = house.organisation.id, clock.now().replace(hour=17, minute=0)

    def met(times, days_ago):
        for minute in range(times):
            at = day - timedelta(days=days_ago) + timedelta(minutes=minute)
            audit.record(chain=chain, acting=None, verb="step.began", target=chain, at=at)

    met(30, days_ago=9)
    met(60, days_ago=2)
    house.give(Role.LEADER, workplace=house.workplace)
    met(2, days_ago=0)
    rows = AuditEvent.objects.filter(chain=chain).count()
    words = client.get(f"{here}trail/").content.decode()
    assert words.count("60 times") == words.count("30 times") == words.count("2 times") == 1
    assert words.count("Gave a role: Liv Prøve") == 1
    assert f"{rows - 1}–{rows}" in words
    older = client.get(f"{here}trail/?before=40").content.decode()
    assert "60 times" not in older


def test_a_trail_that_was_changed_says_from_which_row_on(client, house, here):
    house.give(Role.LEADER, workplace=house.workplace)
    house.give(Role.UNION, who=LIV.__class__("ola@example.org", "Ola"), workplace=house.workplace)
    audit_triggers.drop(connection)
    AuditEvent.objects.filter(chain=house.organisation.id, sequence=2).update(verb="role.ended")
    words = client.get(f"{here}trail/").content.decode()
    audit_triggers.create(connection)
    assert "The trail does not hold" in words
    assert "From row 2 on" in words


def test_every_verb_that_is_written_down_has_words(house):
    """No row of the trail says "Something else" for what this house does itself."""
    from pathlib import Path

    from sirkel.people.rules.trail_words import OTHER, words_of

    found = set()
    for path in Path("src/sirkel").rglob("domain/*.py"):
        text = path.read_text(encoding="utf-8")
        if "audit" in text:
            found |= set(re.findall(r'(?:verb=|_record\(|_note\()\s*f?"([a-z_]+)\.', text))
    assert len(found) > 15
    assert {verb for verb in found if words_of(f"{verb}.done") is OTHER} - {
        "role",
        "people",
        "person",
        "workplace",
        "unit",
        "organisation",
        "records",
        "mail",
        "sessions",  # stand in the chain of the installation
    } == set()


def test_a_list_is_looked_through_then_kept(client, house, here):
    rows = f"e-mail;first name;role;workplace\nliv@example.org;Liv;leder;{house.workplace.name}\n"
    looked = client.post(f"{here}people/import/", {"text": rows, "do": "look"})
    assert "Gets an account and the role" in looked.content.decode()
    assert not Person.objects.filter(email="liv@example.org").exists()
    kept = client.post(f"{here}people/import/", {"text": rows, "do": "keep"})
    assert kept.status_code == 302
    assert audit.verify(chain=house.organisation.id).breaks == ()


@pytest.mark.requirement("SEC-14")
@pytest.mark.threat(row="T16")
def test_fifty_thousand_rows_are_refused_in_one_line(client, house, here):
    from django.core.files.uploadedfile import SimpleUploadedFile

    rows = b"e-mail;first name;role;workplace\n" + b"liv@example.org;Liv;leder;Tunet\n" * 50_000
    answer = client.post(f"{here}people/import/", {"file": SimpleUploadedFile("people.csv", rows)})
    assert answer.status_code == 413
    within = rows[: 900 * 1024]
    answer = client.post(f"{here}people/import/", {"file": SimpleUploadedFile("people.csv", within)})
    assert answer.status_code == 422
    assert "too long to take in at once" in answer.content.decode()


def test_a_unit_moves_by_its_page(client, house, here):
    from sirkel.people.models import Workplace

    unit = house.unit("Furu")
    elsewhere = Workplace.objects.create(organisation=house.organisation, name="Elvetunet")
    page = f"{here}units/{unit.id}/"
    assert "Elvetunet" in client.get(page).content.decode()
    assert client.post(page, {"to": f"move:{elsewhere.id}"}).status_code == 302
    unit.refresh_from_db()
    assert unit.workplace == elsewhere
    with clock.moved(timedelta(minutes=5)):
        assert client.post(page, {"to": "close:"}).status_code == 302
    assert client.get(page).status_code == 404


def test_a_name_is_changed_on_its_page(client, house, here):
    address = f"{here}names/{house.workplace.id}/"
    assert f'href="{address}"' in client.get(here).content.decode()
    assert f'value="{house.workplace.name}"' in client.get(address).content.decode()
    wrong = client.post(address, {"name": " "})
    assert wrong.status_code == 422
    assert 'href="#id_name"' in wrong.content.decode()
    done = client.post(address, {"name": "Nytunet"}, follow=True).content.decode()
    assert "Nytunet" in done
    assert "The name is changed." in done
