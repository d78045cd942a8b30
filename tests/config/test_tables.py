"""Django's admin: off, then hidden, then closed without a fresh second step, and then a few tables to read."""

import re
import time

import pytest
from allauth.account.internal.flows.login import AUTHENTICATION_METHODS_SESSION_KEY
from django.apps import apps
from django.core.exceptions import ImproperlyConfigured
from django.urls import reverse

from sirkel.config.register.gather import declared, register
from sirkel.config.tables.settings import path_of
from sirkel.kernel import audit
from sirkel.kernel.models import AuditEvent
from sirkel.kernel.register import Tie
from sirkel.people.enums import Role
from sirkel.people.models import Network, Organisation, Programme
from tests.factories.factors import add_app
from tests.factories.meetings import sign_in
from tests.factories.thread import make_reader
from tests.people.unit.test_roles import House

pytestmark = pytest.mark.django_db
WORD = "skjult-vei-1234"
HERE = f"/{WORD}/"
READABLE = {
    "kernel.AuditHead",
    "kernel.Schedule",
    "kernel.WorkerBeat",
    "people.Network",
    "people.Organisation",
    "people.Programme",
    "people.RoleAssignment",
    "people.Unit",
    "people.UnitPlacement",
    "people.Workplace",
}
INLINE = re.compile(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=|javascript:", re.IGNORECASE)


@pytest.fixture
def house():
    found = House()
    found.unit()
    network = Network.objects.create(name="Nettverk")
    programme = Programme.objects.create(name="2025", network=network)
    Organisation.objects.filter(id=found.organisation.id).update(programme=programme)
    return found


@pytest.fixture
def opened(settings):
    settings.ADMIN_PATH = WORD
    settings.INSTALLED_APPS = [*settings.INSTALLED_APPS, "django.contrib.admin.apps.SimpleAdminConfig"]
    settings.ROOT_URLCONF = "tests.config.tables_urls"


@pytest.fixture
def keeper(client, house, opened):
    sign_in(client, house.administrator)
    add_app(client)
    return client


def site():
    from tests.config.tables_urls import urlpatterns

    return urlpatterns[-1].url_patterns[0].callback.__wrapped__.__self__


def pages(client, *tables):
    """The list of tables, some of the tables, and the first row of each."""
    lists = [f"{HERE}{table}/" for table in tables]
    rows = [re.search(rf'href="({one}[^"/]+/change/)', client.get(one).content.decode())[1] for one in lists]
    return [HERE, *lists, *rows]


def test_it_is_off_unless_somebody_asks_for_it(client, house):
    assert not apps.is_installed("django.contrib.admin")
    sign_in(client, house.administrator)
    add_app(client)
    for guess in (HERE, "/admin/", "/admin/login/"):
        assert client.get(guess).status_code == 404


@pytest.mark.requirement("SEC-29")
def test_whoever_guesses_the_path_finds_nothing(client, house, opened):
    """SEC-29, SEC-11: a stranger, a leader and the administrator of one organisation of two see what stands nowhere."""
    sign_in(client, house.administrator)
    add_app(client)
    found = [
        *pages(client, "people/network"),
        f"{HERE}people/network/add/",
        f"{HERE}login/",
        f"{HERE}logout/",
        f"{HERE}jsi18n/",
        f"{HERE}password_change/",
    ]
    House()
    strangers = [client, client.__class__(), client.__class__()]
    sign_in(
        strangers[2], make_reader(Role.LEADER, organisation=house.organisation, workplace=house.workplace)
    )
    for stranger in strangers:
        for path in found:
            assert stranger.get(path).status_code == 404, path
            assert stranger.post(path, {"name": "x"}).status_code == 404, path


@pytest.mark.requirement("SEC-29")
def test_without_a_second_step_just_now_it_asks_for_one(client, house, opened):
    """SEC-03, SEC-20: not even the one who keeps the installation gets in with a code by mail alone."""
    sign_in(client, house.administrator)
    assert client.get(HERE).headers["Location"] == reverse("mfa_index")
    add_app(client)
    assert client.get(HERE).status_code == 200
    session = client.session
    for record in session[AUTHENTICATION_METHODS_SESSION_KEY]:
        record["at"] = time.time() - 11 * 60
    session.save()
    for path in (HERE, f"{HERE}people/organisation/"):
        assert client.get(path).headers["Location"].startswith(f"{reverse('account_reauthenticate')}?next=")
    assert client.post(f"{HERE}people/network/").status_code == 302


def test_only_these_tables_can_be_read_and_none_says_who_wrote_what(keeper):
    """SEC-29: no research, no vault, no note, no answer, no session, nobody's mail and no person."""
    keeper.get(HERE)
    registered = {one._meta.label for one in site()._registry}
    assert registered == READABLE
    ties = {}
    for field, data_class in declared(register()):
        ties.setdefault(field.rpartition(".")[0], set()).add(data_class.tie)
    by_label = {label.lower(): label for label in READABLE}
    of_people = {
        label
        for name, label in by_label.items()
        for model, found in ties.items()
        if model.lower() == name and found - {Tie.NOBODY}
    }
    assert of_people == {"people.RoleAssignment", "kernel.AuditHead", "kernel.Schedule", "kernel.WorkerBeat"}
    shown = {name for one in site()._registry.values() for name in (*one.list_display, *(one.fields or ()))}
    assert not shown & {"person", "actor", "target", "email", "facts", "args_kwargs"}


def test_roles_stand_there_without_their_people_and_cannot_be_asked_for_them(keeper, house):
    role = house.give(Role.LEADER, workplace=house.workplace)
    table = f"{HERE}people/roleassignment/"
    for page in (table, f"{table}{role.id}/change/"):
        words = keeper.get(page).content.decode()
        assert str(house.workplace) in words
        assert not re.search(r"\bLiv\b", words)
        assert "liv@" not in words
        assert str(role.person_id) not in words
    for asked in ("person__email__startswith=l", f"person={role.person_id}", "person__email=liv@example.org"):
        assert keeper.get(f"{table}?{asked}").status_code in {302, 400}, asked


def test_nothing_can_be_added_changed_or_deleted_but_two_names(keeper, house):
    before = list(Organisation.objects.values_list("id", "name"))
    for table in ("people/organisation", "people/workplace", "people/roleassignment", "kernel/schedule"):
        assert keeper.get(f"{HERE}{table}/add/").status_code == 403
        assert keeper.post(f"{HERE}{table}/add/", {"name": "x"}).status_code == 403
    row = f"{HERE}people/organisation/{house.organisation.id}"
    assert keeper.post(f"{row}/change/", {"name": "x"}).status_code == 403
    assert keeper.post(f"{row}/delete/", {"post": "yes"}).status_code == 403
    assert keeper.get(f"{row}/history/").status_code == 404
    act = {"action": "delete_selected", "_selected_action": str(house.organisation.id)}
    keeper.post(f"{HERE}people/organisation/", act)
    assert list(Organisation.objects.values_list("id", "name")) == before
    programme = Programme.objects.get()
    network = programme.network
    assert keeper.post(f"{HERE}people/network/{network.id}/delete/", {"post": "yes"}).status_code == 403
    changed = keeper.post(f"{HERE}people/programme/{programme.id}/change/", {"name": "2026", "network": "x"})
    assert changed.status_code == 302
    programme.refresh_from_db()
    assert (programme.name, programme.network) == ("2026", network)
    last = AuditEvent.objects.filter(chain=audit.NOBODY).order_by("sequence").last()
    assert (last.verb, last.target, last.facts) == ("programme.renamed", programme.id, {})


def test_every_page_lives_with_the_policy_that_allows_nothing_inline(keeper, house):
    """T14: Django's own pages bring their scripts and styles as files."""
    house.give(Role.LEADER, workplace=house.workplace)
    for path in pages(keeper, "people/programme", "people/roleassignment"):
        answer = keeper.get(path)
        assert answer.status_code == 200
        assert "script-src 'self'" in answer.headers["Content-Security-Policy"]
        assert "unsafe" not in answer.headers["Content-Security-Policy"]
        assert INLINE.search(answer.content.decode()) is None, path


@pytest.mark.pure
def test_a_path_that_is_guessed_at_once_is_refused():
    assert path_of("") == ""
    assert path_of(f"/{WORD}/") == WORD
    for weak in ("admin", "tables", "a" * 11, "a/" * 8, "a" * 65, "med mellomrom her"):
        with pytest.raises(ImproperlyConfigured):
            path_of(weak)
