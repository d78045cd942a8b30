"""The first start of a real installation: with the printed code, once, and never again."""

import pytest
from django.core.management import CommandError, call_command

from sirkel.kernel import audit, clock
from sirkel.kernel.errors import NotFound, Refused
from sirkel.people.domain import setting_up
from sirkel.people.enums import Role
from sirkel.people.models import Network, Organisation, Person, RoleAssignment, SetUpCode
from tests.factories.meetings import make_workplace

pytestmark = pytest.mark.django_db
SENT = {
    "network": "Nordisk nettverk",
    "programme": "2025–2027",
    "organisation": "Prøve kommune",
    "area": "AX",
    "email": "Hilde@example.org",
    "first_name": "Hilde",
    "family_name": "Prøve",
    "language": "sv",
}


def test_the_first_page_leads_there_and_afterwards_it_is_gone(client):
    code = setting_up.new_code()
    assert client.get("/").headers["Location"] == "/set-up/"
    assert client.get("/set-up/").status_code == 200
    done = client.post("/set-up/", SENT | {"code": code.lower().replace("-", " ")})
    assert done.headers["Location"] == "/accounts/login/"
    organisation = Organisation.objects.get()
    assert (organisation.area, organisation.programme.network.name) == ("AX", "Nordisk nettverk")
    role = RoleAssignment.objects.get()
    assert (role.role, role.organisation, role.person.email) == (
        Role.ADMINISTRATOR,
        organisation,
        "hilde@example.org",
    )
    assert audit.verify(chain=organisation.id).rows == 2
    for method in (client.get, client.post):
        assert method("/set-up/", SENT | {"code": code}).status_code == 404
    assert client.get("/").status_code == 200
    assert setting_up.new_code() is None


def test_without_the_code_a_stranger_gets_nothing(client):
    setting_up.new_code()
    for wrong in ("AAAA-AAAA-AAAA-AAAA", "x", "Å" * 16):
        answer = client.post("/set-up/", SENT | {"code": wrong})
        assert answer.status_code == 422
        assert "not the code that the server printed" in answer.content.decode()
    assert not Person.objects.exists()
    assert not Network.objects.exists()


def test_many_wrong_codes_have_to_wait_even_for_the_right_one(client):
    code = setting_up.new_code()
    for _try in range(10):
        client.post("/set-up/", SENT | {"code": "wrong"})
    answer = client.post("/set-up/", SENT | {"code": code})
    assert "many wrong tries" in answer.content.decode()
    assert not Organisation.objects.exists()


def test_an_empty_house_that_printed_no_code_has_no_set_up(client):
    assert client.get("/set-up/").status_code == 404
    assert client.get("/").status_code == 200


def test_a_new_code_ends_the_old_one_and_only_its_hash_is_kept():
    old, new = setting_up.new_code(), setting_up.new_code()
    row = SetUpCode.objects.get()
    assert new.replace("-", "").encode() not in bytes(row.code_hash)
    form = setting_up.SetUpPlan("N", "", "O", "NO", setting_up.Newcomer("a@example.org", "A"))
    with pytest.raises(Refused):
        setting_up.set_up(code=old, plan=form, address="", at=clock.now())
    setting_up.set_up(code=new, plan=form, address="", at=clock.now())
    with pytest.raises(NotFound):
        setting_up.set_up(code=new, plan=form, address="", at=clock.now())


def test_what_is_wrong_in_the_form_does_not_use_up_the_code(client):
    code = setting_up.new_code()
    assert client.post("/set-up/", SENT | {"code": code, "organisation": " "}).status_code == 422
    assert client.post("/set-up/", SENT | {"code": code}).status_code == 302


@pytest.mark.parametrize("what", ["demo", "organisation", "person"])
def test_where_anybody_is_no_code_is_made(capsys, settings, what):
    """PD-28's other side: a demo is never set up, and neither is what somebody uses."""
    if what == "demo":
        settings.DEMO = True
    elif what == "organisation":
        make_workplace()
    else:
        Person.objects.create_user("liv@example.org", first_name="Liv")
    call_command("set_up_code")
    assert capsys.readouterr().out == ""
    assert not SetUpCode.objects.exists()


def test_whoever_runs_the_server_adds_further_organisations():
    call_command("add_organisation", "Elvenes kommune", "NO", "liv@example.org", "Liv", "--language", "nn")
    role = RoleAssignment.objects.get()
    assert (role.organisation.name, role.person.language) == ("Elvenes kommune", "nn")
    assert audit.verify(chain=role.organisation_id).rows == 2
    with pytest.raises(CommandError):
        call_command("add_organisation", "Elvenes kommune", "NO", "no address", "Liv")
    assert Organisation.objects.count() == 1
