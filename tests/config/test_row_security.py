"""Row level security: what the database keeps apart when a page's own filter is forgotten (T12, SEC-11)."""

import re
from pathlib import Path

import psycopg
import pytest
from django.apps import apps
from django.db import DatabaseError, IntegrityError, connection, models, transaction
from django.test import Client

import tests.rows
from sirkel.circles.models import Circle, Meeting, Membership, Note, Round, Step
from sirkel.circles.queries.belonging import OPENED_BY, organisations_of
from sirkel.config import row_security, whose_rows
from sirkel.kernel import audit, clock, rows
from sirkel.kernel.ids import new_id
from sirkel.kernel.models import AuditEvent
from sirkel.people.enums import Role
from sirkel.people.models import Organisation, RoleAssignment, Workplace
from tests.factories.meetings import make_circle, sign_in
from tests.factories.thread import give_role
from tests.people.web import test_matrix as matrix

SOURCE = Path(rows.__file__).resolve().parents[1]
# Every place in the code that looks beyond organisations, by file.
BEYOND = {
    "circles/domain/joining.py": {"ADDRESS", "CODES"},
    "circles/queries/belonging.py": {"SESSION", "ADDRESS"},
    "circles/queries/thread.py": {"CARDS"},
    "circles/views/surface.py": {"SESSION"},
    "config/whose_rows.py": {"SIGN_IN", "SET_UP", "RECEIPT", "OWN_DATA", "DEMO", "INSTALLATION"},
    "config/backup/restoring.py": {"COMMAND"},
    "kernel/commands.py": {"COMMAND"},
    "kernel/rows.py": {"MIGRATION"},
    "kernel/worker.py": {"WORKER"},
    "network/queries/cards.py": {"CARDS"},
    "people/domain/role_checks.py": {"NEWCOMER"},
}
# Keys that are taken or free over all organisations, and what somebody learns from a taken one.
TELLS_NOTHING = {
    "circles.Meeting.join_code": "drawn by the server, and drawn again",
    "people.FactorReset.person": "that one is under way for the same person, which the refusal says as well",
    "circles.InboxNote: inbox_note_once_per_receipt": "the hash of a secret that the server drew",
    "circles.Note: note_once_per_receipt": "the hash of a secret that the server drew",
}


def own_models():
    return [model for room in row_security.ROOMS for model in apps.get_app_config(room).get_models()]


@pytest.mark.pure
def test_every_table_is_kept_apart_or_says_why_not():
    kept = {one.label for one in row_security.kept_apart()}
    elsewhere = {model._meta.label for model in own_models() if getattr(model, "owner_database", None)}
    assert {model._meta.label for model in own_models()} - elsewhere == kept | row_security.EXEMPT.keys()
    assert not kept & row_security.EXEMPT.keys()
    assert all(reason.endswith(".") for reason in row_security.EXEMPT.values())


@pytest.mark.pure
def test_the_ways_beyond_organisations_are_these_and_no_others():
    found = {}
    for path in SOURCE.rglob("*.py"):
        if named := set(
            re.findall(r"(?:rows\.|everything\()Why\.([A-Z_]+)", path.read_text(encoding="utf-8"))
        ):
            found[str(path.relative_to(SOURCE))] = named
    assert found == BEYOND
    commands = [path.read_text(encoding="utf-8") for path in SOURCE.rglob("management/commands/[a-z]*.py")]
    assert all("(HouseCommand)" in command for command in commands)
    used = set().union(*found.values())
    assert used == set(rows.Why.__members__)
    assert all(path.startswith("/") and path.endswith("/") for path in whose_rows.BEYOND)


@pytest.mark.pure
def test_a_key_that_is_taken_tells_nothing_of_another_organisation():
    """The database says "taken" also of rows that it hides: a key must begin with something that is one's own."""
    kept = {one.model for one in row_security.kept_apart()}

    def is_own(field):
        return isinstance(field, models.ForeignKey) and field.related_model in kept

    loose = set()
    for model in kept:
        for field in model._meta.local_fields:
            if field.unique and not field.primary_key and not is_own(field):
                loose.add(f"{model._meta.label}.{field.name}")
        for constraint in model._meta.constraints:
            if isinstance(constraint, models.UniqueConstraint):
                fields = [model._meta.get_field(name) for name in constraint.fields]
                if not any(is_own(one) or one.name in row_security.BY_COLUMN.values() for one in fields):
                    loose.add(f"{model._meta.label}: {constraint.name}")
    assert loose == set(TELLS_NOTHING)


@pytest.fixture
def apart(db, settings, monkeypatch):
    """Two organisations with a circle each, on a database that keeps them apart; the owner steps back."""
    settings.ROW_SECURITY = True
    rows.follow(connection)
    monkeypatch.setitem(connection.settings_dict, "DISABLE_SERVER_SIDE_CURSORS", True)
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")
    tests.rows.make_role(connection)
    row_security.apply(connection, role=tests.rows.ROLE)
    with connection.cursor() as cursor:
        cursor.execute(f"SET ROLE {tests.rows.ROLE}")
    yield make_circle(), make_circle()
    connection.execute_wrappers[:] = [one for one in connection.execute_wrappers if one is not rows.carry]


@pytest.mark.requirement("SEC-11")
@pytest.mark.postgres
@pytest.mark.threat(row="T12")
def test_a_query_without_its_filter_finds_the_rows_of_one_organisation(apart):
    (ours, facilitator), (theirs, _other) = apart
    with rows.of([ours.organisation_id]):
        assert set(Circle.objects.all()) == {ours}
        assert set(Organisation.objects.all()) == {ours.organisation}
        assert set(Membership.objects.values_list("circle", flat=True)) == {ours.id}
        assert not Meeting.objects.filter(circle=theirs).exists()
        assert not RoleAssignment.objects.filter(organisation=theirs.organisation_id).exists()
        assert Circle.objects.filter(id=theirs.id).update(name="Taken over") == 0
        assert Membership.objects.filter(circle=theirs).delete()[0] == 0
    assert organisations_of(facilitator, at=clock.now()) == {ours.organisation_id}
    with rows.everything(rows.Why.COMMAND):
        assert {ours, theirs} <= set(Circle.objects.all())


@pytest.mark.postgres
def test_whoever_says_nothing_finds_nothing(apart):
    (ours, _facilitator), _theirs = apart
    with rows.of([]):
        counts = {one.label: one.model.objects.count() for one in row_security.kept_apart()}
        assert counts.pop("people.RoleAssignment") == RoleAssignment.objects.filter(organisation=None).count()
        assert set(counts.values()) == {0}
    with rows.of([ours.organisation_id]):
        assert Circle.objects.count() == 1


@pytest.mark.postgres
def test_nothing_is_written_into_another_organisation_not_even_a_taken_name(apart):
    (ours, facilitator), (theirs, _other) = apart
    name = theirs.workplace.name
    with rows.of([ours.organisation_id]):
        for wrong in (
            lambda: Workplace.objects.create(organisation_id=theirs.organisation_id, name="New"),
            lambda: Workplace.objects.create(organisation_id=theirs.organisation_id, name=name),
            lambda: Membership.objects.create(circle_id=theirs.id, person=facilitator, role="participant"),
            lambda: Circle.objects.filter(id=ours.id).update(organisation=theirs.organisation_id),
        ):
            with pytest.raises(DatabaseError) as refused, transaction.atomic():
                wrong()
            assert "row-level security" in str(refused.value)
            assert not isinstance(refused.value, IntegrityError)
        assert Workplace.objects.create(organisation_id=ours.organisation_id, name="New").name == "New"


@pytest.mark.postgres
def test_notes_are_four_tables_away_from_their_organisation_and_kept_apart(apart):
    (ours, facilitator), (theirs, _other) = apart
    with rows.everything(rows.Why.COMMAND):
        for circle in (ours, theirs):
            meeting = Meeting.objects.create(circle=circle, number=9, starts_at=clock.now(), method="x")
            step = Step.objects.create(meeting=meeting, position=0, key="w", kind="write", minutes=5)
            round_ = Round.objects.create(step=step, began_at=clock.now())
            Note.objects.create(
                round=round_, text=circle.name, lang="nb", position=1, receipt_hash=circle.id.bytes
            )
    with rows.of([theirs.organisation_id]):
        assert [note.round.step.meeting.circle_id for note in Note.objects.all()] == [theirs.id]
    with rows.of(organisations_of(facilitator, at=clock.now())):
        assert [note.round.step.meeting.circle_id for note in Note.objects.all()] == [ours.id]


@pytest.mark.postgres
def test_the_chain_of_another_organisation_can_be_added_to_and_not_read(apart):
    (ours, _facilitator), (theirs, _other) = apart
    with rows.of([ours.organisation_id]), transaction.atomic():
        audit.record(
            chain=theirs.organisation_id, acting=None, verb="card.hidden", target=new_id(), at=clock.now()
        )
        assert not AuditEvent.objects.filter(chain=theirs.organisation_id).exists()
    with rows.everything(rows.Why.COMMAND):
        assert audit.verify(chain=theirs.organisation_id).breaks == ()
        with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
            AuditEvent.objects.all().delete()


@pytest.mark.postgres
def test_pages_tell_the_database_whose_rows_they_need(apart, settings):
    """Without the middleware that says so, a member's own page is not there: what is forgotten fails closed."""
    (ours, facilitator), (theirs, _other) = apart
    client = Client()
    sign_in(client, facilitator)
    with rows.of([]):
        assert client.get(f"/circles/{ours.id}/").status_code == 200
        assert client.get(f"/circles/{theirs.id}/").status_code == 404
        assert client.get("/circles/").content.count(str(ours.id).encode()) > 0
        from django.conf import settings

        settings.MIDDLEWARE = [one for one in settings.MIDDLEWARE if not one.endswith("WhoseRows")]
        forgetful = Client()
        forgetful.cookies = client.cookies
        assert forgetful.get(f"/circles/{ours.id}/").status_code == 404


# One of each kind of way in: signed in, by a phone's seat, by an address on paper, by a link in a mail, by nothing.
PAGES = [
    "circles/",
    "circles/<uuid:circle_id>/",
    "leader/",
    "representative/",
    "administration/<uuid:organisation_id>/people/",
    "meetings/<uuid:meeting_id>/lead/",
    "meetings/<uuid:meeting_id>/recap/",
    "m/<uuid:meeting_id>/",
    "room/<str:address>/",
    "b/<slug:address>",
    "c/<slug:address>/",
    "i/<slug:address>/",
    "t/<slug:address>/",
    "link/answer/<str:token>/",
    "link/calendar/<str:secret>.ics",
    "me/data/",
    "network/cards/",
    "recommendations/",
]


@pytest.mark.postgres
def test_every_role_s_main_pages_are_as_they_are_without_it(apart):
    world = matrix.make_world()
    for role in matrix.ROLES:
        world.client(role)
    with rows.of([]):
        found = {
            page: {role: matrix.ask(world, page, "get", role) for role in matrix.ROLES} for page in PAGES
        }
    assert found == {page: matrix.expected(page, "get") for page in PAGES}
    assert {200, 302, 404} <= {status for by_role in found.values() for status in by_role.values()}


@pytest.mark.postgres
def test_a_role_that_ends_takes_its_organisation_with_it_at_the_next_request(apart):
    (ours, _facilitator), (theirs, person) = apart
    give_role(person, Role.LEADER, workplace=ours.workplace)
    at = clock.now()
    assert organisations_of(person, at=at) == {ours.organisation_id, theirs.organisation_id}
    RoleAssignment.objects.filter(person=person, workplace=ours.workplace).update(valid_to=at)
    assert organisations_of(person, at=at) == {theirs.organisation_id}


@pytest.mark.postgres
def test_a_superuser_or_the_owner_of_the_tables_is_not_taken_for_the_application(db):
    with tests.rows.as_owner(), connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        owner = cursor.fetchone()[0]
    assert "superuser" in row_security.unfit(connection, role=owner)
    assert "There is no role" in row_security.unfit(connection, role="nobody_here")


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_a_connection_that_is_given_back_remembers_nothing(settings):
    """Outside a transaction too, where each statement commits by itself: the word ends with the statement."""
    (ours, _one), (theirs, _two) = make_circle(), make_circle()
    settings.ROW_SECURITY = True
    was_on = rows.carry in connection.execute_wrappers
    with tests.rows.as_owner():
        tests.rows.make_role(connection)
        row_security.apply(connection, role=tests.rows.ROLE)
    rows.follow(connection)
    raw: psycopg.Connection = connection.connection
    try:
        raw.execute(f"SET ROLE {tests.rows.ROLE}")
        with rows.of([ours.organisation_id]):
            assert set(Circle.objects.all()) == {ours}
            with transaction.atomic():
                assert set(Circle.objects.all()) == {ours}
                assert raw.execute("SELECT count(*) FROM circles_circle").fetchone() == (1,)
        assert raw.execute("SELECT count(*) FROM circles_circle").fetchone() == (0,)
        with rows.of([theirs.organisation_id]):
            assert set(Circle.objects.all()) == {theirs}
        raw.execute("BEGIN")
        assert raw.execute("SELECT count(*) FROM circles_circle").fetchone() == (0,)
        raw.execute("COMMIT")
        assert (
            Circle.objects.count() == 2
        )  # the operator who tests: everything, said again with each statement
    finally:
        if not was_on:
            connection.execute_wrappers.remove(rows.carry)
            raw.execute("RESET ROLE")
            with rows.everything(rows.Why.COMMAND):
                row_security.remove(connection)


@pytest.mark.pure
def test_addresses_without_signing_in_name_whose_they_are():
    """Each of these finds its organisation from the address, and a wrong address finds none."""
    assert set(OPENED_BY) == {"m", "room", "b", "i", "c", "t", "r", "link", "privacy"}
