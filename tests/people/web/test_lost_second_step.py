"""Somebody lost phone and codes: two administrators let them in again after a day, and nobody is locked out by it."""

from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.core import mail
from django.core.cache import cache
from django.db import IntegrityError, transaction
from django.test import Client

from sirkel.kernel import clock
from sirkel.kernel.errors import NotFound
from sirkel.kernel.models import AuditEvent
from sirkel.people.domain import factor_resets, outbox
from sirkel.people.enums import Role
from sirkel.people.models import ApiKey, FactorReset, Mail, MailSettings
from tests.api.programs import new_key
from tests.factories.factors import SECOND, add_app, app_code, first_step
from tests.factories.meetings import make_circle, sign_in
from tests.factories.thread import make_person, make_reader

pytestmark = pytest.mark.django_db
DAY = timedelta(hours=24)


@pytest.fixture
def house(settings):
    """A facilitator with an app, who signed out; two administrators; and the page about the facilitator's second step."""

    class House:
        pass

    found = House()
    circle, found.marit = make_circle()
    MailSettings.objects.create(person=found.marit, quiet_from="00:00", quiet_to="00:00")
    found.organisation = circle.organisation
    found.first, found.second = (
        make_reader(Role.ADMINISTRATOR, organisation=circle.organisation) for _n in (1, 2)
    )
    found.page = f"/administration/{circle.organisation_id}/people/{found.marit.id}/second-step/"
    found.phone = Client()
    settings.SECOND_FACTOR = "required"
    first_step(found.phone, found.marit.email)
    found.secret = add_app(found.phone)
    settings.SECOND_FACTOR = "off"  # the administrators of this test need none
    sent()  # that the app was added
    mail.outbox.clear()
    return found


def press(person, house, do):
    client = Client()
    sign_in(client, person)
    return client.post(house.page, {"do": do}).status_code


def both_agree(house):
    assert press(house.first, house, "ask") == 302
    assert press(house.second, house, "confirm") == 302


def sent(at=None):
    mail.outbox.clear()
    with clock.frozen(at or clock.now()):
        outbox.deliver()
    return [(one.to, one.subject) for one in mail.outbox]


def verbs(house):
    rows = AuditEvent.objects.filter(chain=house.organisation.id, verb__startswith="factor.reset")
    return list(rows.order_by("sequence").values_list("verb", flat=True))


def test_a_day_after_the_second_yes_they_are_let_in_by_mail_and_choose_a_new_one(house, settings):
    both_agree(house)
    now = clock.now()
    for person in (house.marit, house.first):
        new_key(person)
    assert factor_resets.carry_out(at=now + DAY - timedelta(minutes=1)) == 0
    assert house.phone.get("/me/security/").status_code == 200
    assert factor_resets.carry_out(at=now + DAY + timedelta(minutes=1)) == 1
    assert not Authenticator.objects.filter(user=house.marit).exists()
    assert house.phone.get("/me/security/").status_code == 302, "signed out everywhere"
    assert [one.person for one in ApiKey.objects.all()] == [house.first], "no program of theirs goes on"
    told = Mail.objects.filter(person=house.marit, key__startswith="changed:key_ended:")
    assert told.count() == 1, "and they are told"
    settings.SECOND_FACTOR = "required"
    again = Client()
    cache.clear()
    first_step(again, house.marit.email)
    add_app(again)
    assert again.get("/circles/").status_code == 200
    assert verbs(house) == ["factor.reset_asked", "factor.reset_confirmed", "factor.reset_done"]
    assert factor_resets.carry_out(at=now + 3 * DAY) == 0


def test_they_are_told_by_mail_when_it_is_asked_and_when_it_is_done(house):
    assert press(house.first, house, "ask") == 302
    asked = sent()
    assert [to for to, _subject in asked] == [[house.marit.email]]
    assert house.first.email not in mail.outbox[0].body
    assert press(house.second, house, "confirm") == 302
    then = clock.now() + DAY
    factor_resets.carry_out(at=then)
    done = sent(then)
    assert [to for to, _subject in done] == [[house.marit.email]]
    assert asked[0][1] != done[0][1]


def test_whoever_still_has_it_stops_it_by_signing_in(house, settings):
    both_agree(house)
    settings.SECOND_FACTOR = "required"
    Authenticator.objects.filter(type="totp").update(
        data={**Authenticator.objects.get(type="totp").data, "last_counter": 0}
    )
    owner = Client()
    cache.clear()
    first_step(owner, house.marit.email)
    assert FactorReset.objects.exists(), "the code by mail alone stops nothing"
    owner.post(SECOND, {"code": app_code(house.secret)})
    assert not FactorReset.objects.exists()
    assert factor_resets.carry_out(at=clock.now() + 2 * DAY) == 0
    assert Authenticator.objects.filter(user=house.marit).exists()
    assert verbs(house)[-1] == "factor.reset_stopped"
    assert sent() == [], "nothing is left to warn of"


def test_one_administrator_alone_takes_nothing_away(house):
    assert press(house.first, house, "ask") == 302
    assert press(house.first, house, "confirm") == 403
    assert press(house.first, house, "ask") == 409
    assert factor_resets.carry_out(at=clock.now() + 2 * DAY) == 0
    assert Authenticator.objects.filter(user=house.marit).exists()
    assert factor_resets.carry_out(at=clock.now() + timedelta(days=8)) == 0
    assert not FactorReset.objects.exists(), "what nobody agreed to lapses after a week"


def test_either_administrator_can_leave_it_as_it_is(house):
    both_agree(house)
    assert press(house.first, house, "drop") == 302
    assert press(house.first, house, "drop") == 409
    assert factor_resets.carry_out(at=clock.now() + 2 * DAY) == 0
    assert Authenticator.objects.filter(user=house.marit).exists()


def test_nobody_does_it_for_themselves_or_for_people_of_others(house):
    at = clock.now()
    here = {"organisation_id": house.organisation.id, "at": at}
    assert press(house.marit, house, "ask") == 404
    own = house.page.replace(str(house.marit.id), str(house.first.id))
    client = Client()
    sign_in(client, house.first)
    assert client.post(own, {"do": "ask"}).status_code == 403
    assert client.post(house.page, {"do": "nonsense"}).status_code == 400
    none = house.page.replace(str(house.marit.id), str(house.second.id))
    assert client.post(none, {"do": "ask"}).status_code == 400, "no second step, nothing to take away"
    with pytest.raises(NotFound):
        factor_resets.ask(acting=make_person(), person_id=house.marit.id, **here)
    house.marit.roles.update(valid_to=at)
    with pytest.raises(NotFound):
        factor_resets.ask(acting=house.first, person_id=house.marit.id, **here)


@pytest.mark.parametrize("who", ["first", "marit"])
def test_the_database_itself_refuses_one_person_in_two_places(house, who):
    assert press(house.first, house, "ask") == 302
    rows = FactorReset.objects.all()
    with pytest.raises(IntegrityError), transaction.atomic():
        rows.update(confirmed_by=getattr(house, who).id, confirmed_at=clock.now())
    assert rows.update(confirmed_by=house.second.id, confirmed_at=clock.now()) == 1
    with pytest.raises(IntegrityError), transaction.atomic():
        rows.update(asked_by=house.marit.id)


def test_the_second_administrator_finds_it_on_the_overview(house):
    press(house.first, house, "ask")
    client = Client()
    sign_in(client, house.second)
    assert house.page in client.get(f"/administration/{house.organisation.id}/").content.decode()
    assert 'value="confirm"' in client.get(house.page).content.decode()
